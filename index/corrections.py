"""Corrections of headers in the database: they outlive the document, so that the same file is corrected again."""

from __future__ import annotations

from datetime import UTC, datetime

from index.store import Store
from ingest.corrections import value_of
from ingest.model import Correction, Document


class Corrections:
    """The corrections that a `Store` keeps, by the digest of the file."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, document: Document) -> list[Correction]:
        """Those of this very file. Of a new version under the same path, those whose value is still read as it was
        then."""
        found = self._rows("digest", document.digest)
        if found:
            return found
        before = self._rows("source", document.source)
        return [c for c in before if value_of(document, c.field) == c.read]

    def _rows(self, column: str, value: str) -> list[Correction]:
        sql = f"SELECT field, read, value FROM corrections WHERE {column} = ? ORDER BY made, field"  # noqa: S608
        latest = {
            row["field"]: Correction(row["field"], row["read"], row["value"]) for row in self._store.rows(sql, value)
        }
        return list(latest.values())

    def save(self, document: Document, who: str) -> None:
        """Make the corrections of a document those of its file, in place of those it had."""
        made = datetime.now(UTC).isoformat(timespec="microseconds")
        with self._store.transaction():
            self._store.run("DELETE FROM corrections WHERE digest = ?", document.digest)
            for c in document.corrections:
                self._store.run(
                    "INSERT INTO corrections VALUES (?, ?, ?, ?, ?, ?, ?)",
                    document.digest, document.source, c.field, c.read, c.value, who, made,
                )  # fmt: skip
