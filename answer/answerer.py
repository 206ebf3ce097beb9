"""From a question to its result: understand, search each plan, find the answer, or abstain."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from answer.confidence import Model, Signals, fitted, signals
from answer.draft import Draft
from answer.everyday import printed_words
from answer.evidence import STEPS, Evidence, Steps, rank
from answer.extract import is_blank_cell
from answer.find import Finder
from answer.intent import Intent
from answer.metadata import metadata_answer
from answer.question import Understood, topic_words, understand
from answer.reading import Readings
from answer.result import Citation, Result
from answer.topic import Topic
from answer.words import FUNCTION_WORDS, CorpusWords
from index.filter import Filter
from index.search import Query, Searcher
from ingest.clean import fold
from ingest.errors import QuestionError
from ingest.model import ClauseKind, Document
from ingest.provinces import canonical_province

POOL = 40  # hits of a plan that the second stage sees
MIN_TOPIC = 1.5  # weight of the topic words below which a question names nothing to look for

_NAMED_TOPIC = 8.0  # weight from which a question for a basis names a topic of its own

# Kinds of question that may be about a plan as a whole and need no topic of their own.
_ABOUT_THE_PLAN = (Intent.METADATA, Intent.FUNDING, Intent.BASIS)

_NO_TOPIC = "Câu hỏi chưa nêu nội dung cần tìm. Hãy viết thêm, ví dụ: ai chủ trì nhà ở xã hội?"
NOT_FOUND = "Không tìm thấy nội dung này trong các kế hoạch đã nạp."
_SILENT_REASON = "Kế hoạch có nội dung gần với câu hỏi nhưng không trả lời trực tiếp."
_SILENT_REASONS = {
    Intent.LEAD: "Kế hoạch có nói đến nội dung này nhưng không nêu cơ quan chủ trì.",
    Intent.COORDINATING: "Kế hoạch có nói đến nội dung này nhưng không nêu cơ quan phối hợp.",
    Intent.TARGET: "Kế hoạch có nói đến nội dung này nhưng không nêu con số được hỏi.",
    Intent.DEADLINE: "Kế hoạch có nói đến nội dung này nhưng không nêu thời hạn.",
}
_BLANK_REASON = "Bảng có dòng này nhưng ô được hỏi để trống hoặc ghi «-»: kế hoạch không đưa ra con số."


@dataclass(frozen=True, slots=True)
class _Ranked:
    """Ranked clauses of each plan that is asked, by its id, and of all others together."""

    own: dict[str, list[Evidence]]
    rest: list[Evidence]

    def rival(self, document_id: str) -> Evidence | None:
        """The best clause of all other plans."""
        tops = [ranked[0] for key, ranked in self.own.items() if ranked and key != document_id] + self.rest[:1]
        return max(tops, key=lambda e: (e.score, e.hit.clause.id), default=None)


@dataclass(frozen=True, slots=True)
class _Asking:
    """A question on its way."""

    understood: Understood
    topic: Topic
    ranked: _Ranked


class Answerer:
    """Answers questions over an opened index. Threads may share it.

    `steps` weighs the parts of the second stage; `words` is a model of the corpus' words already built.
    """

    def __init__(
        self, searcher: Searcher, steps: Steps = STEPS, words: CorpusWords | None = None, model: Model | None = None
    ) -> None:
        clauses = searcher.clauses()
        self._searcher = searcher
        self._steps = steps
        self._model = model or fitted()
        self.documents = searcher.documents()
        self._words = words or CorpusWords(clause.text for clause in clauses)
        self._finder = Finder(clauses)
        self._readings = Readings(len(clauses))
        self._preambles = {
            d.id: [c for c in clauses if c.document_id == d.id and not c.section and c.kind is ClauseKind.PARAGRAPH]
            for d in self.documents
        }
        self._bodies = {
            d.id: [c for c in clauses if c.document_id == d.id and c.kind in (ClauseKind.PARAGRAPH, ClauseKind.BULLET)]
            for d in self.documents
        }
        self._headers = {
            d.id: [c for c in clauses if c.document_id == d.id and c.kind is ClauseKind.HEADER] for d in self.documents
        }

    def ask(self, question: str, province: str | None = None, keep: frozenset[str] = frozenset()) -> Result:
        """Answer one question; `province` restricts it as if the question named it, `keep` is left as typed.

        Raises:
            QuestionError: the question is empty, or `province` is no province.
        """
        started = time.perf_counter()
        understood = self._understand(question, province, keep)
        documents, reason = self._scope(understood)
        topic = Topic.of(understood, self._words)
        empty = topic.weight < MIN_TOPIC or FUNCTION_WORDS.issuperset(understood.terms)
        if empty and understood.intent not in _ABOUT_THE_PLAN:
            documents, reason = [], _NO_TOPIC
        ranked = self._rank(understood, topic, documents)
        asking = _Asking(understood, topic, ranked)
        draft = Draft()
        for document in documents:
            self._answer(draft, document, asking)
        further = self._further(ranked, draft.citations)
        result = draft.finish(question, understood, further, reason + self._elsewhere(draft, asking))
        return replace(result, took_ms=(time.perf_counter() - started) * 1000)

    def signals(self, question: str, province: str | None = None) -> Iterator[tuple[Document, Signals]]:
        """What speaks for the answer of each plan that is asked and holds one in its ranked clauses; for fitting."""
        understood = self._understand(question, province, frozenset())
        topic = Topic.of(understood, self._words)
        documents, _ = self._scope(understood)
        asking = _Asking(understood, topic, self._rank(understood, topic, documents))
        for document in documents if understood.intent is not Intent.METADATA else ():
            own = asking.ranked.own[document.id]
            found = self._finder.best(own, understood, topic)
            if found is not None:
                yield document, self._signals(found.evidence, own, asking.ranked.rival(document.id), asking)

    def _understand(self, question: str, province: str | None, keep: frozenset[str]) -> Understood:
        if not question.strip():
            raise QuestionError("Câu hỏi trống.", "Gõ câu hỏi, ví dụ: ai chủ trì nhà ở xã hội?")
        understood = understand(question, self._words, keep)
        if province is None:
            return understood
        name = canonical_province(province)
        if name is None:
            raise QuestionError(f"Không nhận ra tỉnh «{province}».", "Viết đủ tên tỉnh, ví dụ: Đồng Tháp.")
        return replace(understood, provinces=(name,))

    def _scope(self, understood: Understood) -> tuple[list[Document], str]:
        """Plans that the question is about, and why there is none."""
        documents = self.documents
        if understood.provinces:
            documents = [d for d in documents if d.province in understood.provinces]
            if not documents:
                return [], f"Kho chưa có kế hoạch nào của {', '.join(understood.provinces)}."
        if understood.number is None:
            return documents, NOT_FOUND
        numbered = [d for d in documents if d.number.split("/")[0] == understood.number]
        return numbered, NOT_FOUND if numbered else f"Kho chưa có văn bản số {understood.number}."

    def _rank(self, understood: Understood, topic: Topic, documents: Sequence[Document]) -> _Ranked:
        asked = [frozenset({d.id}) for d in documents]
        others = frozenset(d.id for d in self.documents).difference(*asked)
        filters = [Filter(documents=ids) for ids in (*asked, others) if ids and asked]
        found = self._searcher.search_across(_query(understood), filters, POOL)
        judged = [rank(hits, understood, topic, self._readings, self._steps) for hits in found]
        own = {d.id: evidence for d, evidence in zip(documents, judged, strict=False)}
        return _Ranked(own, judged[len(documents)] if len(judged) > len(documents) else [])

    def _answer(self, draft: Draft, document: Document, asking: _Asking) -> None:
        """Add what one plan says: an answer, a silence, or nothing."""
        question, evidence = asking.understood, asking.ranked.own[document.id]
        if question.intent is Intent.METADATA:
            self._answer_metadata(draft, document, question)
            return
        found = self._finder.best(evidence, question, asking.topic)
        own_basis = question.intent is Intent.BASIS and (found is None or asking.topic.weight < _NAMED_TOPIC)
        if own_basis and self._answer_basis(draft, document, question.cited_kind):
            return
        rival = asking.ranked.rival(document.id)
        sure = self._confidence(found.evidence, evidence, rival, asking) if found else 0.0
        if found is not None and sure >= self._model.threshold:
            draft.answer(document, found, question.intent.value, sure)
        elif evidence and self._confidence(evidence[0], evidence, rival, asking) >= self._model.threshold:
            clause = evidence[0].hit.clause
            blank = is_blank_cell(clause, question)
            reason = _BLANK_REASON if blank else _SILENT_REASONS.get(question.intent, _SILENT_REASON)
            draft.silence(document, clause, evidence[0].score, reason)

    def _confidence(self, chosen: Evidence, own: Sequence[Evidence], rival: Evidence | None, asking: _Asking) -> float:
        return self._model.confidence(self._signals(chosen, own, rival, asking))

    def _signals(self, chosen: Evidence, own: Sequence[Evidence], rival: Evidence | None, asking: _Asking) -> Signals:
        count = self._readings.count
        return signals(chosen, own, rival, asking.understood, asking.topic, self._words, count)

    def _elsewhere(self, draft: Draft, asking: _Asking) -> str:
        """Which plan that was not asked does answer, where none of those asked does."""
        rest = asking.ranked.rest
        found = self._finder.best(rest, asking.understood, asking.topic) if rest and not draft.answers else None
        if found is None:
            return ""
        tops = [own[0] for own in asking.ranked.own.values() if own]
        rival = max(tops, key=lambda e: e.score, default=None)
        if self._confidence(found.evidence, rest, rival, asking) < self._model.threshold:
            return ""
        document = found.evidence.hit.document
        return f" Kế hoạch của {document.province or document.number} có nêu nội dung này."

    def _answer_metadata(self, draft: Draft, document: Document, understood: Understood) -> None:
        found = metadata_answer(understood, document, self._headers[document.id], self._bodies[document.id])
        if found is not None:
            clause, start, end = found
            draft.answer_from_header(document, clause, (start, end), "metadata")

    def _answer_basis(self, draft: Draft, document: Document, kind: str | None) -> bool:
        """What the plan as a whole rests on: the first document (of a kind) that its preamble names."""
        named = [basis for basis in document.basis if kind is None or fold(basis).startswith(kind)]
        for clause in self._preambles[document.id]:
            for basis in named:
                at = clause.text.find(basis)
                if at >= 0:
                    draft.answer_from_header(document, clause, (at, at + len(basis)), "basis")
                    return True
        return False

    def _further(self, ranked: _Ranked, known: Sequence[Citation]) -> list[Citation]:
        """Evidence that nothing cites yet."""
        cited = {citation.clause.id for citation in known}
        pool = [e for own in ranked.own.values() for e in own if e.hit.clause.id not in cited]
        return [Citation(e.hit.clause, e.hit.document, e.score) for e in pool]


def _query(understood: Understood) -> Query:
    """The question as typed for meaning; for words, also what plans print for its everyday expressions."""
    printed = [word for run in topic_words(understood.topic) for word in printed_words(run)]
    return Query(understood.topic, " ".join([understood.topic, *printed]))
