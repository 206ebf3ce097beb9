"""What answering knows of each plan beside its ranked clauses: read when a question first needs it, then kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ingest.model import Clause, ClauseKind, Document, Relation, Section

_KEPT = 512  # plans; of one with 250 clauses a megabyte


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """Clauses of a plan by what they are: those of its header, those of its running text, headings by section, numbered
    rows by section and number; and where it tells of an earlier plan: the clause, and where in it the quote begins."""

    header: tuple[Clause, ...]
    body: tuple[Clause, ...]
    headings: Mapping[tuple[Section, ...], Clause]
    rows: Mapping[tuple[tuple[Section, ...], str], Clause]
    told: Mapping[Relation, tuple[Clause, int]]


class Shelf:
    """The facts of the plans of one index, by document id. Threads may share it; `read` gives a plan's clauses."""

    def __init__(self, read: Callable[[str], Sequence[Clause]], documents: Sequence[Document]) -> None:
        by_id = {document.id: document for document in documents}
        self.of: Callable[[str], PlanFacts] = lru_cache(maxsize=_KEPT)(lambda key: facts_of(by_id[key], read(key)))


def facts_of(document: Document, clauses: Sequence[Clause]) -> PlanFacts:
    """The facts of a plan."""
    headings: dict[tuple[Section, ...], Clause] = {}
    for clause in clauses:
        if clause.kind is ClauseKind.HEADING:
            headings.setdefault(clause.section, clause)
    return PlanFacts(
        header=tuple(c for c in clauses if c.kind is ClauseKind.HEADER),
        body=tuple(c for c in clauses if c.kind in (ClauseKind.PARAGRAPH, ClauseKind.BULLET)),
        headings=headings,
        rows={(c.section, c.row.tt): c for c in clauses if c.row and c.row.tt and c.kind is not ClauseKind.HEADING},
        told={r: found for r in document.relations if (found := _where_told(r, clauses)) is not None},
    )


def _where_told(relation: Relation, clauses: Sequence[Clause]) -> tuple[Clause, int] | None:
    here = (c for c in clauses if c.place.first <= relation.place.first <= c.place.last)
    return next(((c, c.text.find(relation.quote)) for c in here if relation.quote in c.text), None)
