"""The clauses that may answer a question: the best of each plan that is asked, and the best of all others.

In a small stock every plan is searched by itself. In one of thousands the question is searched once, and put to the
plans that hold the best clauses: the rest would be asked in vain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from answer.asking import Request
from answer.everyday import printed_words
from answer.question import Understood, topic_words
from index.hit import Hit, Query
from index.search import Searcher
from ingest.model import Document

MANY = 64  # plans up to which each is asked
NEAREST = 24  # plans that are asked of more: nobody reads a hundred answers
POOL = 20  # hits of a plan that the second stage sees; with 40 it answers no better
_FEW = 8  # plans that may hold all the best of a large stock between them
RIVALS = 15  # hits of all plans that are not asked: only their best is held against the answer
_WIDE = 400  # hits among which the nearest plans are looked for


class PlanHits:
    """Searches the plans of an index; threads may share it."""

    def __init__(self, searcher: Searcher, documents: Sequence[Document]) -> None:
        self._searcher = searcher
        self._documents = documents

    def nearest(self, request: Request, vector: NDArray[np.float32]) -> tuple[Request, list[list[Hit]]]:
        """A request, put to the nearest plans alone where it is about very many, with `each` of these."""
        one_province = len({document.province for document in request.documents}) == 1
        if len(request.documents) <= (NEAREST if one_province else MANY):
            return request, self.each(request, vector)
        restrict = replace(request.restrict, documents=frozenset(d.id for d in request.documents))
        (found,) = self._searcher.search_across(_query(request.understood), [restrict], _WIDE, vector)
        by_plan: dict[str, list[Hit]] = {}
        for hit in found:
            if hit.document.id in by_plan or len(by_plan) < NEAREST:
                by_plan.setdefault(hit.document.id, []).append(hit)
        documents = [d for d in request.documents if d.id in by_plan]
        note = f"hỏi {len(documents)} kế hoạch gần câu hỏi nhất trong {len(request.documents)} kế hoạch"
        understood = replace(request.understood, narrowed=note)
        own = [by_plan[document.id][:POOL] for document in documents]
        return replace(request, understood=understood, documents=documents), own

    def each(self, request: Request, vector: NDArray[np.float32]) -> list[list[Hit]]:
        """The best clauses of each plan that is asked, in the order of its documents, then of all others together."""
        query = _query(request.understood)
        asked = [frozenset({document.id}) for document in request.documents]
        filters = [replace(request.restrict, documents=ids) for ids in asked]
        if len(self._documents) > MANY:
            pool = POOL + RIVALS if len(asked) <= _FEW else POOL
            found = self._searcher.search_across(query, [*filters, request.restrict], pool, vector) if asked else []
            return [*(hits[:POOL] for hits in found[:-1]), _of_others(found[-1], request)] if asked else []
        others = frozenset(document.id for document in self._documents).difference(*asked)
        if asked and others:
            filters.append(replace(request.restrict, documents=others))
        found = self._searcher.search_across(query, filters, POOL, vector)
        found[len(asked) :] = [hits[:RIVALS] for hits in found[len(asked) :]]
        return found


def _of_others(hits: Sequence[Hit], request: Request) -> list[Hit]:
    """Of the best clauses of the whole stock those that are of no plan asked: enough where plans are many."""
    asked = {document.id for document in request.documents}
    return [hit for hit in hits if hit.document.id not in asked][:RIVALS]


def _query(understood: Understood) -> Query:
    """The question as typed for meaning; for words, also what plans print for its everyday expressions."""
    printed = [word for run in topic_words(understood.topic) for word in printed_words(run)]
    return Query(understood.topic, " ".join([understood.topic, *printed]))
