"""Questions to the database that concern all clauses of some documents: no clause is made of a row for these."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.codec import dump
from index.store import Store
from ingest.model import ClauseKind

_LISTED = "IN (SELECT value FROM json_each(?))"


def texts_of(store: Store, documents: Sequence[int], *, rows: bool = True, plans: int | None = None) -> Iterator[str]:
    """The texts of the clauses of documents, given by their keys, one document after another.

    Args:
        store: the database.
        documents: their keys.
        rows: whether those of table rows are wanted.
        plans: of so many documents at most, evenly spread; None: of all.
    """
    step = 1 if plans is None else max(1, len(documents) // plans)
    which = "" if rows else " AND row IS NULL"
    for key in documents[::step]:
        sql = f"SELECT text FROM clauses WHERE document_key = ?{which} ORDER BY ordinal, key"  # noqa: S608
        for found in store.rows(sql, key):
            yield found[0]


def agencies_of(store: Store, documents: Sequence[int]) -> dict[int, set[str]]:
    """Document key → names of the agencies that its clauses name; documents that name none are left out."""
    sql = (
        "SELECT DISTINCT c.document_key, a.name FROM clause_agencies a JOIN clauses c ON c.key = a.clause_key "  # noqa: S608
        f"WHERE c.document_key {_LISTED}"
    )
    found: dict[int, set[str]] = {}
    for key, name in store.rows(sql, dump(list(documents))):
        found.setdefault(int(key), set()).add(str(name))
    return found


def is_cited(store: Store, documents: Sequence[int], number: str) -> bool:
    """Whether paragraphs or bullets of documents cite a plan of this number («143/KH-UBND», «143 - KH»)."""
    pattern = re.compile(rf"(?<!\d){re.escape(number)}\s*[-/]\s*KH\b", re.IGNORECASE)
    kinds = dump([ClauseKind.PARAGRAPH.value, ClauseKind.BULLET.value])
    sql = f"SELECT text FROM clauses WHERE instr(text, ?) AND kind {_LISTED} AND document_key {_LISTED}"  # noqa: S608
    return any(pattern.search(row[0]) for row in store.rows(sql, number, kinds, dump(list(documents))))


def sizes_of(store: Store) -> dict[int, int]:
    """Document key → how many clauses it has."""
    rows = store.rows("SELECT document_key, COUNT(*) FROM clauses GROUP BY document_key")
    return {int(key): int(count) for key, count in rows}
