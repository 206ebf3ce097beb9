"""From a question to its result: understand, search each plan, find the answer, or abstain."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from answer.evidence import STEPS, Evidence, Steps, Topic, rank
from answer.extract import is_blank_cell
from answer.find import Finder, Found, is_relevant
from answer.intent import Intent
from answer.metadata import metadata_answer
from answer.question import Understood, understand
from answer.reading import Readings
from answer.result import Answer, Citation, Result, Silence
from answer.words import FUNCTION_WORDS, CorpusWords
from index.filter import Filter
from index.search import Query, Searcher
from ingest.clean import fold
from ingest.errors import QuestionError
from ingest.model import ClauseKind, Document
from ingest.provinces import canonical_province

POOL = 40  # hits of a plan that the second stage sees
CITATIONS = 10  # at least so many are shown where the corpus has them
METADATA_CONFIDENCE = 0.95
METADATA_SCORE = 100.0  # above any rank score: the header is where such an answer stands
MIN_TOPIC = 1.5  # weight of the topic words below which a question names nothing to look for
CHUNK = 64  # questions that are encoded together
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
class _Asked:
    """A question understood: the plans it is put to, and why none of them answers when none does."""

    question: str
    understood: Understood
    topic: Topic
    documents: list[Document]
    reason: str


@dataclass(slots=True)
class _Draft:
    """A result being put together: answers point into `citations`."""

    citations: list[Citation] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    silent: list[Silence] = field(default_factory=list)

    def cite(self, citation: Citation) -> int:
        """Add a citation and return its index."""
        self.citations.append(citation)
        return len(self.citations) - 1


class Answerer:
    """Answers questions over an opened index. Threads may share it.

    `steps` weighs the parts of the second stage; `words` is a model of the corpus' words already built.
    """

    def __init__(self, searcher: Searcher, steps: Steps = STEPS, words: CorpusWords | None = None) -> None:
        clauses = searcher.clauses()
        self._searcher = searcher
        self._steps = steps
        self.documents = searcher.documents()
        self._words = words or CorpusWords(clause.text for clause in clauses)
        self._finder = Finder(clauses)
        self._readings = Readings(len(clauses))
        self._preambles = {
            d.id: [c for c in clauses if c.document_id == d.id and not c.section and c.kind is ClauseKind.PARAGRAPH]
            for d in self.documents
        }
        self._headers = {
            d.id: [c for c in clauses if c.document_id == d.id and c.kind is ClauseKind.HEADER] for d in self.documents
        }

    def ask(self, question: str, province: str | None = None) -> Result:
        """Answer one question; `province` restricts it as if the question named it.

        Raises:
            QuestionError: the question is empty, or `province` is no province.
        """
        (result,) = self.ask_all([(question, province)])
        return result

    def ask_all(self, items: Sequence[tuple[str, str | None]]) -> Iterator[Result]:
        """Answer many questions, each with its province or None, in their order: as `ask` would, but encoded together.

        Raises:
            QuestionError: as `ask`, before anything of the question's chunk is answered.
        """
        for at in range(0, len(items), CHUNK):
            started = time.perf_counter()
            asked = [self._asked(*item) for item in items[at : at + CHUNK]]
            vectors = self._searcher.encode([Query(one.understood.topic if one.documents else "") for one in asked])
            shared = (time.perf_counter() - started) / len(asked)
            for one, vector in zip(asked, vectors, strict=True):
                started = time.perf_counter()
                result = self._result(one, vector)
                yield replace(result, took_ms=(shared + time.perf_counter() - started) * 1000)

    def _asked(self, question: str, province: str | None) -> _Asked:
        question = question.encode("utf-8", "replace").decode("utf-8")  # a terminal's bytes may be lone surrogates
        understood = self._understand(question, province)
        documents, reason = self._scope(understood)
        topic = Topic.of(understood, self._words)
        empty = topic.weight < MIN_TOPIC or FUNCTION_WORDS.issuperset(understood.terms)
        if empty and understood.intent not in _ABOUT_THE_PLAN:
            documents, reason = [], _NO_TOPIC
        return _Asked(question, understood, topic, documents, reason)

    def _result(self, asked: _Asked, vector: NDArray[np.float32]) -> Result:
        evidence, draft = self._evidence(asked, vector), _Draft()
        for document in asked.documents:
            self._answer(draft, document, asked, evidence[document.id])
        return self._finish(asked, draft, evidence)

    def _understand(self, question: str, province: str | None) -> Understood:
        if not question.strip():
            raise QuestionError("Câu hỏi trống.", "Gõ câu hỏi, ví dụ: ai chủ trì nhà ở xã hội?")
        understood = understand(question, self._words)
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

    def _evidence(self, asked: _Asked, vector: NDArray[np.float32]) -> dict[str, list[Evidence]]:
        """Ranked clauses of each plan."""
        understood = asked.understood
        filters = [Filter(documents=frozenset({d.id})) for d in asked.documents]
        found = self._searcher.search_across(Query(understood.topic), filters, POOL, vector)
        judged = (rank(hits, understood, asked.topic, self._readings, self._steps) for hits in found)
        return {d.id: evidence for d, evidence in zip(asked.documents, judged, strict=True)}

    def _answer(self, draft: _Draft, document: Document, asked: _Asked, evidence: Sequence[Evidence]) -> None:
        """Add what one plan says: an answer, a silence, or nothing."""
        understood = asked.understood
        if understood.intent is Intent.METADATA:
            self._answer_metadata(draft, document, understood)
            return
        found = self._finder.best(evidence, understood, asked.topic)
        own_basis = understood.intent is Intent.BASIS and (found is None or asked.topic.weight < _NAMED_TOPIC)
        if own_basis and self._answer_basis(draft, document, understood.cited_kind):
            return
        if found is not None:
            numbers = tuple(draft.cite(_citation(f, document)) for f in (found, *found.supporting))
            kind = understood.intent.value
            draft.answers.append(
                Answer(document.province, document.number, found.text, kind, numbers, found.confidence)
            )
        elif evidence and is_relevant(evidence[0]):
            nearest = evidence[0]
            number = draft.cite(Citation(nearest.hit.clause, document, nearest.score))
            blank = is_blank_cell(nearest.hit.clause, understood)
            reason = _BLANK_REASON if blank else _SILENT_REASONS.get(understood.intent, _SILENT_REASON)
            draft.silent.append(Silence(document.province, document.number, reason, (number,)))

    def _answer_metadata(self, draft: _Draft, document: Document, understood: Understood) -> None:
        found = metadata_answer(understood, document, self._headers[document.id])
        if found is None:
            return
        clause, start, end = found
        number = draft.cite(Citation(clause, document, METADATA_SCORE, quote=(start, end)))
        text = clause.text[start:end]
        draft.answers.append(
            Answer(document.province, document.number, text, "metadata", (number,), METADATA_CONFIDENCE)
        )

    def _answer_basis(self, draft: _Draft, document: Document, kind: str | None) -> bool:
        """What the plan as a whole rests on: the first document (of a kind) that its preamble names."""
        named = [basis for basis in document.basis if kind is None or fold(basis).startswith(kind)]
        for clause in self._preambles[document.id]:
            for basis in named:
                at = clause.text.find(basis)
                if at >= 0:
                    span = (at, at + len(basis))
                    number = draft.cite(Citation(clause, document, METADATA_SCORE, quote=span))
                    draft.answers.append(
                        Answer(document.province, document.number, basis, "basis", (number,), METADATA_CONFIDENCE)
                    )
                    return True
        return False

    def _finish(self, asked: _Asked, draft: _Draft, evidence: dict[str, list[Evidence]]) -> Result:
        """Put all evidence into one ranking, best first, and let the answers point into it."""
        citations = draft.citations + self._further(evidence, draft.citations)
        order = sorted(range(len(citations)), key=lambda n: (-citations[n].score, citations[n].clause.id, n))
        cited = {n for answer in draft.answers for n in answer.citations}
        cited |= {n for silence in draft.silent for n in silence.citations}
        kept = [n for rank, n in enumerate(order) if rank < CITATIONS or n in cited]
        place = {old: new for new, old in enumerate(kept)}
        answers = [replace(a, citations=tuple(place[n] for n in a.citations)) for a in draft.answers]
        silent = [replace(s, citations=tuple(place[n] for n in s.citations)) for s in draft.silent]
        return Result(
            question=asked.question,
            understood=asked.understood,
            answers=tuple(sorted(answers, key=lambda a: (-a.confidence, a.province, a.number))),
            silent=tuple(silent),
            citations=tuple(citations[n] for n in kept),
            reason=None if answers else (silent[0].reason if silent else asked.reason),
            took_ms=0.0,
        )

    def _further(self, evidence: dict[str, list[Evidence]], known: Sequence[Citation]) -> list[Citation]:
        """Evidence that nothing cites yet."""
        cited = {citation.clause.id for citation in known}
        documents = {document.id: document for document in self.documents}
        pool = [e for ranked in evidence.values() for e in ranked if e.hit.clause.id not in cited]
        return [Citation(e.hit.clause, documents[e.hit.clause.document_id], e.score) for e in pool]


def _citation(found: Found, document: Document) -> Citation:
    """Offsets are in the citation's text, which begins with the heading where the answer was read from it."""
    item = found.evidence
    return Citation(item.hit.clause, document, item.score, found.heading, (found.span.start, found.span.end))
