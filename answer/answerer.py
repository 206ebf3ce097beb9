"""From a question to its result: understand, search each province, choose, extract, or abstain."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from answer.evidence import Evidence, rank
from answer.extract import Span, extract, is_blank_cell
from answer.intent import Intent
from answer.metadata import metadata_answer
from answer.question import Understood, understand
from answer.result import Answer, Citation, Result, Silence
from answer.words import CorpusWords
from index.filter import Filter
from index.search import Query, Searcher
from ingest.errors import QuestionError
from ingest.model import Clause, ClauseKind, Document, Role
from ingest.provinces import canonical_province

POOL = 60  # hits of a province that the second stage sees
CITATIONS = 10  # at least so many are shown where the corpus has them
THRESHOLD = 0.55  # coverage of the topic below which a clause is no evidence
DENSE_RESCUE = 0.885  # cosine at which a paraphrase counts as evidence without the same words
MIN_CONFIDENCE = 0.5  # an answer below is not given
AGREEING = 0.8  # share of the best evidence's score at which another clause supports the same answer


@dataclass(frozen=True, slots=True)
class _Found:
    """The best answer of one document."""

    evidence: Evidence
    span: Span
    heading: Clause | None
    supporting: tuple[Evidence, ...] = ()


class Answerer:
    """Answers questions over an opened index. Threads may share it."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self.documents = searcher.documents()
        self._words = CorpusWords(clause.text for clause in searcher.clauses())
        self._headings = {
            (c.document_id, c.section): c for c in searcher.clauses() if c.kind is ClauseKind.HEADING and not c.row
        }
        self._parents = {(c.document_id, c.section, c.row.tt): c for c in searcher.clauses() if c.row and c.row.tt}

    def ask(self, question: str, province: str | None = None) -> Result:
        """Answer one question; `province` restricts it as if the question named it.

        Raises:
            QuestionError: the question is empty, or `province` is no province.
        """
        started = time.perf_counter()
        understood = self._understand(question, province)
        documents, reason = self._scope(understood)
        if not documents:
            return self._nothing(question, understood, [], reason, started)
        by_document = self._evidence(understood, documents)
        result = self._compose(question, understood, documents, by_document)
        return replace(result, took_ms=(time.perf_counter() - started) * 1000)

    def _understand(self, question: str, province: str | None) -> Understood:
        if not question.strip():
            raise QuestionError("Câu hỏi trống.", "Gõ câu hỏi, ví dụ: ai chủ trì nhà ở xã hội?")
        understood = understand(question, self._words)
        if province is None:
            return understood
        name = canonical_province(province)
        if name is None:
            raise QuestionError(f"Không nhận ra tỉnh «{province}».", 'Viết đủ tên tỉnh, ví dụ: --province "Đồng Tháp".')
        return replace(understood, provinces=(name,))

    def _scope(self, understood: Understood) -> tuple[list[Document], str]:
        """Documents that the question is about, or why there is none."""
        documents = self.documents
        if understood.provinces:
            documents = [d for d in documents if d.province in understood.provinces]
            if not documents:
                names = ", ".join(understood.provinces)
                return [], f"Kho chưa có kế hoạch nào của {names}."
        if understood.number:
            numbered = [d for d in documents if d.number.split("/")[0] == understood.number]
            return numbered or documents, ""
        return documents, ""

    def _evidence(self, understood: Understood, documents: Sequence[Document]) -> dict[str, list[Evidence]]:
        """Ranked evidence of each document."""
        query = Query(understood.topic, " ".join(understood.terms) if not understood.topic else understood.topic)
        filters = [Filter(documents=frozenset({d.id})) for d in documents]
        found = self._searcher.search_across(query, filters, POOL)
        return {d.id: rank(hits, understood, self._words) for d, hits in zip(documents, found, strict=True)}

    def _compose(
        self,
        question: str,
        understood: Understood,
        documents: Sequence[Document],
        by_document: dict[str, list[Evidence]],
    ) -> Result:
        citations: list[Citation] = []
        answers: list[Answer] = []
        silent: list[Silence] = []
        for document in documents:
            evidence = by_document[document.id]
            if understood.intent is Intent.METADATA:
                self._answer_metadata(understood, document, citations, answers)
                continue
            found = self._find(evidence, understood)
            if found is not None:
                answers.append(self._answer(found, document, understood, citations))
            elif evidence and self._relevant(evidence[0]):
                silent.append(self._silence(evidence, understood, document, citations))
        return self._finish(question, understood, citations, answers, silent, by_document)

    def _answer_metadata(
        self, understood: Understood, document: Document, citations: list[Citation], answers: list[Answer]
    ) -> None:
        headers = [c for c in self._searcher.clauses(document.id) if c.kind is ClauseKind.HEADER]
        found = metadata_answer(understood, document, headers)
        if found is None:
            return
        clause, start, end = found
        citations.append(Citation(clause, document, 1.0, quote=(start, end)))
        text = clause.text[start:end]
        answers.append(Answer(document.province, document.number, text, "metadata", (len(citations) - 1,), 0.95))

    def _relevant(self, evidence: Evidence) -> bool:
        return evidence.coverage >= THRESHOLD or evidence.hit.dense >= DENSE_RESCUE

    def _find(self, evidence: Sequence[Evidence], understood: Understood) -> _Found | None:
        """The best clause that is relevant and holds an answer."""
        best: _Found | None = None
        supporting: list[Evidence] = []
        for item in evidence[:20]:
            if not self._relevant(item):
                continue
            located = self._locate(item, understood)
            if located is None:
                continue
            if best is None:
                best = located if _confidence(located) >= MIN_CONFIDENCE else None
            elif self._says_the_same(best, located) and item.coverage >= AGREEING * best.evidence.coverage:
                supporting.append(item)
        return replace(best, supporting=tuple(supporting[:4])) if best else None

    def _locate(self, item: Evidence, understood: Understood) -> _Found | None:
        """The answer in a clause, in its parent row, or in the agency heading above it."""
        clause = item.hit.clause
        span = extract(clause, understood, self._words)
        if span is not None:
            return _Found(item, span, None)
        if understood.intent is not Intent.LEAD:
            return None
        if clause.row and clause.row.parent:
            parent = self._parents.get((clause.document_id, clause.section, clause.row.parent))
            inherited = extract(parent, understood, self._words) if parent else None
            if parent and inherited:
                return _Found(replace(item, hit=replace(item.hit, clause=parent)), inherited, None)
            return None
        return self._from_heading(item)

    def _from_heading(self, item: Evidence) -> _Found | None:
        """«7. Sở Xây dựng» above the bullet: the heading's agency leads."""
        clause = item.hit.clause
        leads = [a for a in clause.agencies if a.role is Role.LEAD]
        for depth in range(len(clause.section), 0, -1):
            heading = self._headings.get((clause.document_id, clause.section[:depth]))
            if heading is None or heading.id == clause.id:
                continue
            for lead in leads:
                at = heading.text.find(lead.quote)
                if at >= 0:
                    return _Found(item, Span(at, at + len(lead.quote)), heading)
        return None

    def _says_the_same(self, best: _Found, other: _Found) -> bool:
        return _text_of(best) == _text_of(other)

    def _answer(self, found: _Found, document: Document, understood: Understood, citations: list[Citation]) -> Answer:
        item = found.evidence
        citations.append(
            Citation(item.hit.clause, document, item.score, found.heading, (found.span.start, found.span.end))
        )
        numbers = [len(citations) - 1]
        for support in found.supporting:
            located = self._locate(support, understood)
            if located is None:
                continue
            quote = (located.span.start, located.span.end)
            citations.append(Citation(support.hit.clause, document, support.score, located.heading, quote))
            numbers.append(len(citations) - 1)
        kind = understood.intent.value
        return Answer(document.province, document.number, _text_of(found), kind, tuple(numbers), _confidence(found))

    def _silence(
        self, evidence: Sequence[Evidence], understood: Understood, document: Document, citations: list[Citation]
    ) -> Silence:
        nearest = evidence[0]
        citations.append(Citation(nearest.hit.clause, document, nearest.score))
        blank = is_blank_cell(nearest.hit.clause, understood)
        reason = _BLANK_REASON if blank else _SILENT_REASONS.get(understood.intent, _SILENT_REASON)
        return Silence(document.province, document.number, reason, (len(citations) - 1,))

    def _finish(
        self,
        question: str,
        understood: Understood,
        citations: list[Citation],
        answers: list[Answer],
        silent: list[Silence],
        by_document: dict[str, list[Evidence]],
    ) -> Result:
        """Order everything by rank and renumber the citations, best first."""
        rest = _remaining(by_document, citations, self._searcher)
        cited = {n for a in answers for n in a.citations}
        order = sorted(
            range(len(citations)), key=lambda n: (n not in cited, -citations[n].score, citations[n].clause.id)
        )
        place = {old: new for new, old in enumerate(order)}
        listed = [citations[n] for n in order] + rest[: max(0, CITATIONS - len(citations))]
        renumbered = [replace(a, citations=tuple(place[n] for n in a.citations)) for a in answers]
        quiet = [replace(s, citations=tuple(place[n] for n in s.citations)) for s in silent]
        renumbered.sort(key=lambda a: (-a.confidence, a.province, a.number))
        reason = None if answers else (quiet[0].reason if quiet else NOT_FOUND)
        return Result(question, understood, tuple(renumbered), tuple(quiet), tuple(listed), reason, 0.0)

    def _nothing(
        self, question: str, understood: Understood, citations: list[Citation], reason: str, started: float
    ) -> Result:
        took = (time.perf_counter() - started) * 1000
        return Result(question, understood, (), (), tuple(citations), reason, took)


NOT_FOUND = "Không tìm thấy nội dung này trong các kế hoạch đã nạp."
_SILENT_REASON = "Kế hoạch có nội dung gần với câu hỏi nhưng không trả lời trực tiếp."
_SILENT_REASONS = {
    Intent.LEAD: "Kế hoạch có nói đến nội dung này nhưng không nêu cơ quan chủ trì.",
    Intent.COORDINATING: "Kế hoạch có nói đến nội dung này nhưng không nêu cơ quan phối hợp.",
    Intent.TARGET: "Kế hoạch có nói đến nội dung này nhưng không nêu con số được hỏi.",
    Intent.DEADLINE: "Kế hoạch có nói đến nội dung này nhưng không nêu thời hạn.",
}
_BLANK_REASON = "Bảng có dòng này nhưng ô được hỏi để trống hoặc ghi «-»: kế hoạch không đưa ra con số."


def _confidence(found: _Found) -> float:
    """How much of the topic the clause covers, times how sure the extraction is."""
    return min(0.99, (0.35 + 0.6 * found.evidence.coverage) * found.span.certainty)


def _text_of(found: _Found) -> str:
    source = found.heading.text if found.heading else found.evidence.hit.clause.text
    return source[found.span.start : found.span.end]


def _remaining(
    by_document: dict[str, list[Evidence]], citations: Sequence[Citation], searcher: Searcher
) -> list[Citation]:
    """Further evidence, best first, that no answer cites."""
    known = {citation.clause.id for citation in citations}
    documents = {document.id: document for document in searcher.documents()}
    pool = [e for evidence in by_document.values() for e in evidence if e.hit.clause.id not in known]
    pool.sort(key=lambda e: (-e.score, e.hit.clause.id))
    return [Citation(e.hit.clause, documents[e.hit.clause.document_id], e.score) for e in pool]
