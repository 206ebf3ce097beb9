"""SQLite: documents, clauses, vectors. The truth, of which a generation is derived.

One connection a `Store`, one lock around each use: threads may share a store. Two processes may open the same file
(WAL): readers do not wait for a writer.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from types import TracebackType

from index.codec import (
    DOCUMENT_COLUMNS,
    clause_columns,
    clause_from,
    coverage_from,
    coverage_json,
    document_columns,
    document_from,
    dump,
    fingerprint,
    printed_columns,
    printed_from,
)
from index.schema import FAILURES, PATIENCE, connect, damaged, refused
from ingest.errors import IndexStateError
from ingest.model import Clause, Document, Parsed, Printed

DATABASE = "kehoach.db"
# All of a document but its lines, which are most of it.
_ENTRY = ", ".join(["key", "state", "fingerprint", *DOCUMENT_COLUMNS])


class State(StrEnum):
    """Where a document stands on its way in and out; see `schema`."""

    STAGED = "staged"
    LIVE = "live"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Entry:
    """A stored document: its row key (never reused), its state, the fingerprint of what was understood of it."""

    key: int
    state: State
    fingerprint: str
    document: Document


class Store:
    """The database of one home."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.path = path
        self._connection = connection
        self._lock = threading.RLock()

    @classmethod
    def open(cls, home: Path, *, create: bool = True, patience: float = PATIENCE) -> Store:
        """Open `home/kehoach.db`; `create` makes directory and tables when there are none.

        `patience`: seconds to wait for another who writes.

        Raises:
            IndexStateError: there is none (with `create` off), or it cannot be read.
        """
        path = home / DATABASE
        if not create and not _is_file(path):
            raise no_index(home)
        try:
            home.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise IndexStateError(
                f"Không tạo được thư mục chỉ mục {home}: {error.strerror}.",
                "Đặt KEHOACH_HOME tới một thư mục ghi được.",
            ) from error
        return cls(connect(path, patience), path)

    def __enter__(self) -> Store:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of the writes within, or none."""
        with self._lock:
            self.run("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                if self._connection.in_transaction:  # SQLite itself rolls back when the disk is full
                    self._connection.execute("ROLLBACK")
                raise
            self.run("COMMIT")

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        """All rows of a query.

        Raises:
            IndexStateError: the file is damaged.
        """
        with self._lock:
            cursor = self.run(sql, *values)
            try:
                return cursor.fetchall()
            except FAILURES as error:  # a damaged page may be met after the first row
                raise refused(self.path, error) from error

    def run(self, sql: str, *values: object) -> sqlite3.Cursor:
        """Run one statement, within `transaction`.

        Raises:
            IndexStateError: the file is damaged.
        """
        try:
            return self._connection.execute(sql, values)
        except FAILURES as error:
            if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError):
                raise
            raise refused(self.path, error) from error

    @contextmanager
    def decoding(self) -> Iterator[None]:
        """SQLite keeps no checksums: what a damaged page says may be no value of ours."""
        try:
            yield
        except (ValueError, TypeError, KeyError) as error:
            raise damaged(self.path, error) from error

    # Documents

    def entries(self, *states: State) -> list[Entry]:
        """The documents in these states (all when none is named), oldest first."""
        wanted = dump([s.value for s in states or State])
        found = self.rows(
            f"SELECT {_ENTRY} FROM documents WHERE state IN (SELECT value FROM json_each(?)) ORDER BY key",  # noqa: S608
            wanted,
        )
        with self.decoding():
            return [_entry(row) for row in found]

    def stage(self, parsed: Parsed, reader: str = "") -> int:
        """Insert a document with its clauses as `staged`; its row key. `reader`: the version of what read it."""
        columns = document_columns(parsed.document)
        columns |= {"state": State.STAGED.value, "fingerprint": fingerprint(parsed), "reader": reader}
        columns |= {"coverage": coverage_json(parsed.coverage), "lines": dump(parsed.lines)}
        with self.transaction():
            key = self._insert("documents", columns)
            if parsed.printed:
                self._insert("printed", {"document_key": key, **printed_columns(parsed.printed)})
                if original := parsed.printed.original:
                    self.run("INSERT OR IGNORE INTO originals VALUES (?, ?)", parsed.document.digest, original)
            for clause in parsed.clauses:
                clause_key = self._insert("clauses", {"document_key": key, **clause_columns(clause)})
                for name, role in sorted({(a.name, a.role.value) for a in clause.agencies}):
                    self._insert("clause_agencies", {"clause_key": clause_key, "name": name, "role": role})
        return key

    def _insert(self, table: str, columns: Mapping[str, object]) -> int:
        names, marks = ", ".join(columns), ", ".join("?" * len(columns))
        cursor = self.run(f"INSERT INTO {table} ({names}) VALUES ({marks})", *columns.values())  # noqa: S608 (own names)
        return int(cursor.lastrowid or 0)

    def set_states(self, live: Iterable[int], kept: Iterable[int]) -> None:
        """Make the documents `live` live, those only in `kept` retired, and delete every other, in one transaction."""
        alive = sorted(live)
        retired = sorted(set(kept) - set(alive))
        with self.transaction():
            self.run(
                "UPDATE documents SET state = 'retired' WHERE key IN (SELECT value FROM json_each(?))", dump(retired)
            )
            keep = dump([*alive, *retired])
            self.run("DELETE FROM documents WHERE key NOT IN (SELECT value FROM json_each(?))", keep)
            self.run("UPDATE documents SET state = 'live' WHERE key IN (SELECT value FROM json_each(?))", dump(alive))
            self.run("DELETE FROM originals WHERE digest NOT IN (SELECT digest FROM documents)")

    def read_by(self, reader: str) -> list[int]:
        """The row keys of the documents that this version read."""
        return [row[0] for row in self.rows("SELECT key FROM documents WHERE reader = ?", reader)]

    def set_reader(self, keys: Iterable[int], reader: str) -> None:
        """Say that this version reads these documents as they are stored."""
        with self.transaction():
            self.run(
                "UPDATE documents SET reader = ? WHERE key IN (SELECT value FROM json_each(?))",
                reader, dump(sorted(keys)),
            )  # fmt: skip

    def parsed(self, key: int, *, whole: bool = True) -> Parsed:
        """Everything stored of a document, equal to what was staged; without the file of its pages if not `whole`."""
        (row,) = self.rows("SELECT * FROM documents WHERE key = ?", key)
        clauses = tuple(self.clauses(key))
        with self.decoding():
            coverage = coverage_from(row["coverage"])
            lines = tuple(json.loads(row["lines"]))
            document, printed = document_from(dict(row)), self.printed(key)
            if printed and whole:
                printed = replace(printed, original=self.original(document.digest))
            return Parsed(document, clauses, coverage, lines, printed)

    def printed(self, document_key: int) -> Printed | None:
        """The pages of a document, where it has any, without the file itself."""
        found = self.rows("SELECT * FROM printed WHERE document_key = ?", document_key)
        with self.decoding():
            return printed_from(dict(found[0]), b"") if found else None

    def original(self, digest: str) -> bytes:
        """The file of a document that has pages; empty when it is gone."""
        found = self.rows("SELECT data FROM originals WHERE digest = ?", digest)
        return bytes(found[0][0]) if found else b""

    def clauses(self, document_key: int) -> list[Clause]:
        """The clauses of a document in their order."""
        found = self.rows("SELECT * FROM clauses WHERE document_key = ? ORDER BY ordinal, key", document_key)
        with self.decoding():
            return [clause_from(dict(row)) for row in found]

    def clauses_of(self, document_keys: Iterable[int]) -> list[tuple[int, int, Clause]]:
        """(clause key, document key, clause) of these documents, in the order of clause ids."""
        sql = "SELECT * FROM clauses WHERE document_key IN (SELECT value FROM json_each(?)) ORDER BY id"
        found = self.rows(sql, dump(sorted(document_keys)))
        with self.decoding():
            return [(row["key"], row["document_key"], clause_from(dict(row))) for row in found]

    def clause_keys(self, document_key: int) -> list[int]:
        """The row keys of the clauses of a document, in the order of their ids."""
        return [row[0] for row in self.rows("SELECT key FROM clauses WHERE document_key = ? ORDER BY id", document_key)]

    def clauses_by_key(self, clause_keys: Iterable[int]) -> dict[int, tuple[int, Clause]]:
        """Clause key → (document key, clause); keys that are gone are left out."""
        found = self.rows(
            "SELECT * FROM clauses WHERE key IN (SELECT value FROM json_each(?))", dump(list(clause_keys))
        )
        with self.decoding():
            return {row["key"]: (row["document_key"], clause_from(dict(row))) for row in found}

    def lines(self, document_key: int) -> tuple[str, ...]:
        """The decoded source of a document, line by line; empty when the document is gone."""
        found = self.rows("SELECT lines FROM documents WHERE key = ?", document_key)
        with self.decoding():
            return tuple(json.loads(found[0][0])) if found else ()

    # Settings and health

    def setting(self, name: str, default: str = "") -> str:
        """A stored setting."""
        found = self.rows("SELECT value FROM settings WHERE name = ?", name)
        return str(found[0][0]) if found else default

    def set_setting(self, name: str, value: str) -> None:
        """Store a setting."""
        with self.transaction():
            self.run("INSERT OR REPLACE INTO settings VALUES (?, ?)", name, value)

    def check(self) -> list[str]:
        """What SQLite's own check finds wrong, and documents that are no longer what was stored; empty when sound."""
        wrong = [str(row[0]) for row in self.rows("PRAGMA integrity_check") if row[0] != "ok"]
        changed = [e.document for e in self.entries() if fingerprint(self.parsed(e.key)) != e.fingerprint]
        return wrong + [f"văn bản {document.number or document.source} đã bị thay đổi" for document in changed]


def no_index(home: Path) -> IndexStateError:
    """The error for a home without an index."""
    return IndexStateError(f"Chưa có chỉ mục trong {home}.", "Chạy `kehoach ingest corpus/` để tạo chỉ mục.")


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError as error:  # not «there is none»: another user's home, for instance
        raise IndexStateError(
            f"Không mở được thư mục chỉ mục {path.parent}: {error.strerror}.",
            "Cấp quyền đọc cho thư mục này, hoặc đặt KEHOACH_HOME tới thư mục của bạn.",
        ) from error


def _entry(row: sqlite3.Row) -> Entry:
    return Entry(row["key"], State(row["state"]), row["fingerprint"], document_from(dict(row)))
