"""What may be found, decided before anything is searched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.codec import dump
from ingest.model import Clause, ClauseKind


@dataclass(frozen=True, slots=True)
class Filter:
    """What may be found. None restricts nothing; an empty set finds nothing. Restrictions hold together.

    `documents` are document ids; `agencies` canonical names, in whatever role.
    """

    provinces: frozenset[str] | None = None
    documents: frozenset[str] | None = None
    kinds: frozenset[ClauseKind] | None = None
    agencies: frozenset[str] | None = None

    def allows_content(self, clause: Clause) -> bool:
        """Whether a clause of an allowed plan is of an allowed kind and names an allowed agency."""
        if self.kinds is not None and clause.kind not in self.kinds:
            return False
        return self.agencies is None or any(agency.name in self.agencies for agency in clause.agencies)


EVERYTHING = Filter()

_LISTED = "IN (SELECT value FROM json_each(?))"  # one parameter for any number of values


def selection(restrict: Filter, document_keys: Sequence[int]) -> tuple[str, list[str]]:
    """SQL for the row keys of the clauses that a filter allows within these documents, and its parameters.

    Joined with AND; a restriction that lists nothing lists no row, so an empty set finds nothing.
    """
    wheres, values = [f"c.document_key {_LISTED}"], [dump(list(document_keys))]
    for column, allowed in (
        ("d.province", restrict.provinces),
        ("d.id", restrict.documents),
        ("c.kind", restrict.kinds),
        ("a.name", restrict.agencies),
    ):
        if allowed is not None:
            wheres.append(f"{column} {_LISTED}")
            values.append(dump(sorted(allowed)))
    agencies = "JOIN clause_agencies a ON a.clause_key = c.key" if restrict.agencies is not None else ""
    sql = (
        f"SELECT DISTINCT c.key FROM clauses c JOIN documents d ON d.key = c.document_key {agencies} "  # noqa: S608
        f"WHERE {' AND '.join(wheres)}"
    )
    return sql, values
