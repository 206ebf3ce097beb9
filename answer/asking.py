"""A question on its way: what was understood, the plans it is put to, and their ranked clauses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from answer.evidence import Evidence
from answer.question import Understood
from answer.renamed import Former
from answer.topic import Topic
from index.filter import EVERYTHING, Filter
from ingest.model import Document, Relation


@dataclass(frozen=True, slots=True)
class Request:
    """A question understood, the plans it is put to, and why none of them answers when none does.

    `formers` are the predecessors of agencies that it names; the plans of `unnamed` (ids) print only their names.
    `restrict` is what may answer within those plans. `relations` answer one that asks for a document's standing: what
    each plan (by id) says of that.
    """

    question: str
    understood: Understood
    topic: Topic
    documents: list[Document]
    reason: str
    formers: tuple[Former, ...] = ()
    unnamed: frozenset[str] = frozenset()
    restrict: Filter = EVERYTHING
    relations: Mapping[str, tuple[Relation, ...]] | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """A question with the ranked clauses of each plan that is asked (`own`, by document id) and of all others.

    `former` is the predecessor under whose name it is asked.
    """

    understood: Understood
    topic: Topic
    own: dict[str, list[Evidence]]
    rest: list[Evidence]
    former: Former | None = None
    restrict: Filter = EVERYTHING

    def rival(self, document_id: str) -> Evidence | None:
        """The best clause of all other plans than this one; None where there is no other."""
        tops = [ranked[0] for key, ranked in self.own.items() if ranked and key != document_id] + self.rest[:1]
        return max(tops, key=lambda e: (e.score, e.hit.clause.id), default=None)
