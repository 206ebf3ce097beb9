"""What answering knows of each plan beside its ranked clauses: read when a question first needs it, then kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache

from index.excerpts import Excerpts
from ingest.model import Clause, ClauseKind, Document, Relation, Section

_KEPT = 512  # plans


class PlanFacts:
    """Clauses of a plan by what they are. Threads may share it; whatever is read raises as `Excerpts`."""

    def __init__(self, document: Document, plan: Excerpts) -> None:
        self._document = document
        self._plan = plan

    @cached_property
    def header(self) -> tuple[Clause, ...]:
        """Those of its letterhead and signature."""
        return self._plan.of_kinds([ClauseKind.HEADER])

    @cached_property
    def body(self) -> tuple[Clause, ...]:
        """Those of its running text."""
        return self._plan.of_kinds([ClauseKind.PARAGRAPH, ClauseKind.BULLET])

    @cached_property
    def headings(self) -> Mapping[tuple[Section, ...], Clause]:
        """The first heading of each section."""
        found: dict[tuple[Section, ...], Clause] = {}
        for clause in self._plan.of_kinds([ClauseKind.HEADING]):
            found.setdefault(clause.section, clause)
        return found

    def row(self, section: tuple[Section, ...], number: str) -> Clause | None:
        """The table row of this number in a section."""
        found = [clause for clause in self._plan.rows(number) if clause.section == section]
        return found[-1] if found and number else None

    @cached_property
    def told(self) -> Mapping[Relation, tuple[Clause, int]]:
        """Where it tells of an earlier plan: the clause, and where in it the quote begins."""
        found = {relation: self._where_told(relation) for relation in self._document.relations}
        return {relation: place for relation, place in found.items() if place is not None}

    def _where_told(self, relation: Relation) -> tuple[Clause, int] | None:
        here = self._plan.over(relation.place.first)
        return next(((c, c.text.find(relation.quote)) for c in here if relation.quote in c.text), None)


class Shelf:
    """The facts of the plans of one index, by document id. Threads may share it; `read` opens a plan."""

    def __init__(self, read: Callable[[str], Excerpts], documents: Sequence[Document]) -> None:
        by_id = {document.id: document for document in documents}
        self.of: Callable[[str], PlanFacts] = lru_cache(maxsize=_KEPT)(lambda key: PlanFacts(by_id[key], read(key)))
