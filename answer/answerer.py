"""From a question to its result: understand, search each plan, find the answer, or abstain."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from answer.asking import Asking, Request
from answer.cited import CitedAsked
from answer.confidence import Model, Signals, fitted
from answer.draft import Draft
from answer.evidence import STEPS, Evidence, Steps, rank
from answer.find import Finder
from answer.formers import Formers
from answer.hits import PlanHits
from answer.intent import Intent
from answer.places import known_province
from answer.plan import PlanAnswers
from answer.question import Understood, understand
from answer.reading import Readings
from answer.renamed import Former, asked_of_former, former_agencies, with_notes
from answer.result import Citation, PerPlan, Result, told_elsewhere
from answer.scope import asks_of_cited_plan, plans_in_scope, plans_that_tell
from answer.shelf import Shelf
from answer.standing import newer_than
from answer.topic import MIN_TOPIC, Topic
from answer.window import openers_of
from answer.words import FUNCTION_WORDS, CorpusWords
from index.filter import EVERYTHING, Filter
from index.hit import Hit, Query
from index.search import Searcher
from ingest.errors import QuestionError
from ingest.model import Document
from ingest.reorganisation import reorganisation

_NAMED = 0.8  # share of a topic that a row must hold to be what the topic names
_SAMPLED = 200  # plans whose sentences tell how sentences open
CHUNK = 64  # questions that are encoded together

# Kinds of question that may be about a plan as a whole and need no topic of their own.
_ABOUT_THE_PLAN = (Intent.METADATA, Intent.FUNDING, Intent.BASIS)

_NO_TOPIC = "Câu hỏi chưa nêu nội dung cần tìm. Hãy viết thêm, ví dụ: ai chủ trì nhà ở xã hội?"
NOT_STATED = "Không quy định trong kế hoạch."

Vector = NDArray[np.float32]


class Answerer:
    """Answers questions over an opened index. Threads may share it.

    `steps` weighs the parts of the second stage, `model` judges how sure an answer is; `words` is a model of the
    corpus' words already built.
    """

    def __init__(
        self,
        searcher: Searcher,
        steps: Steps = STEPS,
        words: CorpusWords | None = None,
        model: Model | None = None,
    ) -> None:
        self._searcher = searcher
        self._steps = steps
        self.documents = searcher.documents()
        self._words = words or CorpusWords(searcher.texts(), searcher.generation.parts.counts)
        self._readings = Readings(searcher.count)
        shelf = Shelf(searcher.excerpts, self.documents)
        finder = Finder(shelf, openers_of(searcher.texts(rows=False, plans=_SAMPLED)))
        self._plans = PlanAnswers(shelf, finder, self._words, model or fitted(), searcher.count)
        self._formers = Formers(searcher.agencies_by_plan())
        self._hits = PlanHits(searcher, self.documents)
        self._newer = {d.id: newer_than(d) for d in self.documents if d.later}
        reorganisation()  # a broken list is told before anything is answered

    def ask(
        self,
        question: str,
        province: str | None = None,
        keep: frozenset[str] = frozenset(),
        restrict: Filter = EVERYTHING,
    ) -> Result:
        """Answer one question.

        Args:
            question: as typed.
            province: restricts it as if the question named it.
            keep: words, or what was typed of corrections (`Understood.corrections`), to be left as typed.
            restrict: what may answer it.

        Raises:
            QuestionError: the question is empty, or `province` is no province.
        """
        (result,) = self.ask_all([(question, province)], keep, restrict)
        return result

    def ask_all(
        self,
        items: Sequence[tuple[str, str | None]],
        keep: frozenset[str] = frozenset(),
        restrict: Filter = EVERYTHING,
    ) -> Iterator[Result]:
        """Answer many questions, each with its province or None, in their order: as `ask` would, but encoded together.

        Raises:
            QuestionError: as `ask`, before anything of the question's chunk is answered.
        """
        restricted = [(question, (province,) if province is not None else ()) for question, province in items]
        for request, vector, shared in self._requests(restricted, keep, restrict):
            started = time.perf_counter()
            result = self._result(request, vector)
            yield replace(result, took_ms=(shared + time.perf_counter() - started) * 1000)

    def ask_each(
        self, items: Sequence[tuple[str, Sequence[str]]], keep: frozenset[str] = frozenset()
    ) -> Iterator[PerPlan]:
        """Put many questions, each with the provinces that it is restricted to (none: all), to every plan by itself.

        Raises:
            QuestionError: as `ask_all`.
        """
        for request, vector, shared in self._requests(items, keep):
            started = time.perf_counter()
            settled, asking = self._settled(request, vector, each=True)
            again: dict[Former, Asking] = {}
            told = tuple(
                (document, self._told(settled, asking, [document], NOT_STATED, again)) for document in settled.documents
            )
            took = (shared + time.perf_counter() - started) * 1000
            yield PerPlan(settled.question, settled.understood, told, settled.reason, took)

    def signals(self, question: str, province: str | None = None) -> Iterator[tuple[Document, Signals]]:
        """What speaks for the answer of each plan that is asked and holds one in its ranked clauses; for fitting."""
        request = self._request(question, (province,) if province is not None else (), frozenset(), EVERYTHING)
        asking = self._asking(request, self._encode([request])[0])
        for document in request.documents:
            found = self._plans.signals(document, asking)
            if found is not None:
                yield document, found

    def _requests(
        self, items: Sequence[tuple[str, Sequence[str]]], keep: frozenset[str], restrict: Filter = EVERYTHING
    ) -> Iterator[tuple[Request, Vector, float]]:
        """Each question understood, with its vector and its part, in seconds, of what its chunk took for that."""
        for at in range(0, len(items), CHUNK):
            started = time.perf_counter()
            chunk = items[at : at + CHUNK]
            requests = [self._request(question, provinces, keep, restrict) for question, provinces in chunk]
            vectors = self._encode(requests)
            shared = (time.perf_counter() - started) / len(requests)
            for request, vector in zip(requests, vectors, strict=True):
                yield request, vector, shared

    def _request(self, question: str, provinces: Sequence[str], keep: frozenset[str], restrict: Filter) -> Request:
        question = question.encode("utf-8", "replace").decode("utf-8")  # a terminal's bytes may be lone surrogates
        understood = self._understand(question, provinces, keep)
        documents, reason = plans_in_scope(understood, self.documents, restrict, self._searcher.cites)
        relations = None
        if understood.standing is not None:
            documents, reason, relations = plans_that_tell(understood, self.documents, restrict)
        elif asks_of_cited_plan(understood, documents):
            # What plans cite tells its date («kế hoạch 5872 ban hành ngày nào»), never who signed it.
            documents = documents if understood.asked.when else []
            understood = replace(
                understood, intent=Intent.BASIS, cited=CitedAsked("ke hoach", "", understood.number or "")
            )
        topic = Topic.of(understood, self._words)
        empty = topic.weight < MIN_TOPIC or FUNCTION_WORDS.issuperset(understood.terms)
        if empty and understood.intent not in _ABOUT_THE_PLAN:
            documents, reason = [], _NO_TOPIC
        formers = former_agencies(understood)
        asked = documents if formers else ()
        unnamed = frozenset(d.id for d in asked if self._formers.prints_only_former(d, formers))
        return Request(question, understood, topic, documents, reason, formers, unnamed, restrict, relations)

    def _understand(self, question: str, provinces: Sequence[str], keep: frozenset[str]) -> Understood:
        if not question.strip():
            raise QuestionError("Câu hỏi trống.", "Gõ câu hỏi, ví dụ: ai chủ trì nhà ở xã hội?")
        names = tuple(dict.fromkeys(map(known_province, provinces)))
        understood = understand(question, self._words, keep)
        return replace(understood, provinces=names) if names else understood

    def _encode(self, requests: Sequence[Request]) -> Vector:
        """float32[n, d]; what is put to no plan is not encoded."""
        return self._searcher.encode([Query(r.understood.topic if r.documents else "") for r in requests])

    def _result(self, request: Request, vector: Vector) -> Result:
        request, asking = self._settled(request, vector)
        result = self._told(request, asking, request.documents, request.reason, {})
        if result.answers:
            return result
        other = self._plans.elsewhere(asking)
        reason = result.reason if result.silent else f"{request.reason} {told_elsewhere(other)}".rstrip()
        return replace(result, reason=reason, elsewhere=other)

    def _settled(self, request: Request, vector: Vector, *, each: bool = False) -> tuple[Request, Asking]:
        """A request with its ranked clauses. One that only names a thing («tuổi thọ trung bình») asks for its target
        where a plan sets one.

        `each`: it is put to every plan, however many these are.
        """
        request, hits = (request, self._hits.each(request, vector)) if each else self._hits.nearest(request, vector)
        asking = self._ranked(request, hits)
        tops = [own[0] for own in asking.own.values() if own]
        if not request.understood.named or not any(map(_sets_target, tops)):
            return request, asking
        request = replace(request, understood=replace(request.understood, intent=Intent.TARGET))
        return request, self._ranked(request, hits)

    def _told(
        self,
        request: Request,
        asking: Asking,
        documents: Sequence[Document],
        reason: str,
        again: dict[Former, Asking],
    ) -> Result:
        """What these of a request's plans say, with their own citations; what the others say is held against it.

        `again` remembers, for one question, its ranked clauses under each former name.
        """
        draft = Draft(newer=self._newer)
        for document in documents:
            if request.relations is not None:
                self._plans.answer_standing(draft, document, request.relations[document.id], asking)
            elif document.id not in request.unnamed:
                self._plans.answer(draft, document, asking)
        formers = list(self._ask_formers(request, documents, draft, again))
        named = replace(asking, own={d.id: asking.own[d.id] for d in documents if d.id not in request.unnamed})
        draft.later = _clauses(formers) - _clauses([named])
        understood = with_notes(request.understood, documents, [a.former for a in formers if a.former])
        return draft.finish(request.question, understood, _further([named, *formers], draft.citations), reason)

    def _ask_formers(
        self, request: Request, documents: Sequence[Document], draft: Draft, again: dict[Former, Asking]
    ) -> Iterator[Asking]:
        """Put the question to the plans of before a change under the names they print."""
        for former in request.formers:
            asked = [d for d in documents if self._formers.is_asked(former, d, request, draft)]
            if asked:
                if former not in again:
                    again[former] = self._asking_of_former(request, former)
                asking = replace(again[former], own={d.id: again[former].own[d.id] for d in asked})
                for document in asked:
                    self._plans.answer(draft, document, again[former])
                yield asking

    def _asking_of_former(self, request: Request, former: Former) -> Asking:
        """The question under a former name, with the ranked clauses of all plans that print it."""
        understood = asked_of_former(request.understood, former)
        documents = [d for d in request.documents if self._formers.prints(d, former)]
        topic = Topic.of(understood, self._words)
        again = Request(request.question, understood, topic, documents, "", restrict=request.restrict)
        return replace(self._asking(again, self._encode([again])[0]), former=former)

    def _asking(self, request: Request, vector: Vector) -> Asking:
        return self._ranked(request, self._hits.each(request, vector))

    def _ranked(self, request: Request, found: Sequence[Sequence[Hit]]) -> Asking:
        """Order what `PlanHits` found by what it holds against the question."""
        ranked = [rank(hits, request.understood, request.topic, self._readings, self._steps) for hits in found]
        own = {document.id: evidence for document, evidence in zip(request.documents, ranked, strict=False)}
        rest = ranked[-1] if len(ranked) > len(own) else []
        return Asking(request.understood, request.topic, own, rest, restrict=request.restrict)


def _sets_target(evidence: Evidence) -> bool:
    """Whether a clause is a row with targets that holds nearly all of the topic."""
    row = evidence.hit.clause.row
    return row is not None and evidence.coverage >= _NAMED and any(role.startswith("target_") for role in row.cells)


def _clauses(askings: Sequence[Asking]) -> set[str]:
    return {e.hit.clause.id for asking in askings for own in asking.own.values() for e in own}


def _further(askings: Sequence[Asking], known: Sequence[Citation]) -> list[Citation]:
    """Evidence of the plans asked that nothing cites yet."""
    cited = {citation.clause.id for citation in known}
    pool: dict[str, Citation] = {}
    for asking in askings:
        for e in (e for own in asking.own.values() for e in own if e.hit.clause.id not in cited):
            pool.setdefault(e.hit.clause.id, Citation(e.hit.clause, e.hit.document, e.score))
    return list(pool.values())
