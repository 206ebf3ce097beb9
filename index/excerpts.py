"""Clauses of one plan, only those that are asked for: to make a clause of its row takes longer than to find it."""

from __future__ import annotations

from collections.abc import Callable, Collection

from index.codec import clause_from, dump
from index.store import Store
from ingest.errors import IndexStateError
from ingest.model import Clause, ClauseKind


class Excerpts:
    """Reads from the database; threads may share it.

    Its methods raise `IndexStateError`, as `gone` makes it, when the plan is no longer there.
    """

    def __init__(self, store: Store, key: int, gone: Callable[[], IndexStateError]) -> None:
        """`key`: the plan's row key."""
        self._store = store
        self._key = key
        self._gone = gone

    def of_kinds(self, kinds: Collection[ClauseKind]) -> tuple[Clause, ...]:
        """Those of some kinds, in the order of the plan."""
        return self._where("kind IN (SELECT value FROM json_each(?))", dump(sorted(kinds)))

    def rows(self, number: str) -> tuple[Clause, ...]:
        """The table rows with this printed number, in whatever table, in the order of the plan."""
        told = ClauseKind.HEADING.value
        return self._where("row IS NOT NULL AND kind != ? AND json_extract(row, '$.tt') = ?", told, number)

    def over(self, line: int) -> tuple[Clause, ...]:
        """Those that a line of the source belongs to."""
        return self._where("first <= ? AND last >= ?", line, line)

    def _where(self, condition: str, *values: object) -> tuple[Clause, ...]:
        sql = f"SELECT * FROM clauses WHERE document_key = ? AND {condition} ORDER BY ordinal, key"  # noqa: S608
        found = self._store.rows(sql, self._key, *values)
        if not found and not self._store.rows("SELECT 1 FROM documents WHERE key = ?", self._key):
            raise self._gone()
        with self._store.decoding():
            return tuple(clause_from(dict(row)) for row in found)
