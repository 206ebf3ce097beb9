"""What one plan says to a question: an answer, a silence with its reason, or nothing."""

from __future__ import annotations

from collections.abc import Sequence

from answer.asking import Asking
from answer.confidence import Model, Signals, signals
from answer.draft import Draft
from answer.evidence import Evidence
from answer.extract import is_blank_cell
from answer.find import Finder
from answer.intent import Intent
from answer.metadata import metadata_answer
from answer.question import Understood
from answer.words import CorpusWords
from ingest.clean import fold
from ingest.model import Clause, ClauseKind, Document

_NAMED_TOPIC = 8.0  # weight from which a question for a basis names a topic of its own
_SILENT_REASON = "Kế hoạch có nội dung gần với câu hỏi nhưng không trả lời trực tiếp."
_SILENT_REASONS = {
    Intent.LEAD: "Kế hoạch có nói đến nội dung này nhưng không nêu cơ quan chủ trì.",
    Intent.COORDINATING: "Kế hoạch có nói đến nội dung này nhưng không nêu cơ quan phối hợp.",
    Intent.TARGET: "Kế hoạch có nói đến nội dung này nhưng không nêu con số được hỏi.",
    Intent.DEADLINE: "Kế hoạch có nói đến nội dung này nhưng không nêu thời hạn.",
}
_BLANK_REASON = "Bảng có dòng này nhưng ô được hỏi để trống hoặc ghi «-»: kế hoạch không đưa ra con số."


class PlanAnswers:
    """Answers out of the plans of one index; read-only, threads may share it."""

    def __init__(
        self, clauses: Sequence[Clause], documents: Sequence[Document], words: CorpusWords, model: Model
    ) -> None:
        self._finder = Finder(clauses)
        self._words = words
        self._model = model
        self._count = len(clauses)
        by_document: dict[str, list[Clause]] = {d.id: [] for d in documents}
        for clause in clauses:
            by_document[clause.document_id].append(clause)
        self._headers = {key: [c for c in own if c.kind is ClauseKind.HEADER] for key, own in by_document.items()}
        self._bodies = {
            key: [c for c in own if c.kind in (ClauseKind.PARAGRAPH, ClauseKind.BULLET)]
            for key, own in by_document.items()
        }

    def answer(self, draft: Draft, document: Document, asking: Asking) -> None:
        """Add what one plan says."""
        question, own = asking.understood, asking.own[document.id]
        if question.intent is Intent.METADATA:
            self._from_header(draft, document, question)
            return
        found = self._finder.best(own, question, asking.topic)
        about_plan = question.intent is Intent.BASIS and (found is None or asking.topic.weight < _NAMED_TOPIC)
        if about_plan and self._basis(draft, document, question.cited_kind):
            return
        sure = self._confidence(found.evidence, own, asking.rival(document.id), asking) if found else 0.0
        if found is not None and sure >= self._model.threshold:
            draft.answer(document, found, question.intent.value, sure)
        elif own and self._confidence(own[0], own, asking.rival(document.id), asking) >= self._model.threshold:
            clause = own[0].hit.clause
            blank = is_blank_cell(clause, question)
            reason = _BLANK_REASON if blank else _SILENT_REASONS.get(question.intent, _SILENT_REASON)
            draft.silence(document, clause, own[0].score, reason)

    def elsewhere(self, asking: Asking) -> str:
        """Province (or number) of the plan that was not asked and does answer; empty where none does."""
        found = self._finder.best(asking.rest, asking.understood, asking.topic) if asking.rest else None
        if found is None or asking.understood.intent is Intent.METADATA:
            return ""
        tops = [own[0] for own in asking.own.values() if own]
        rival = max(tops, key=lambda e: (e.score, e.hit.clause.id), default=None)
        if self._confidence(found.evidence, asking.rest, rival, asking) < self._model.threshold:
            return ""
        document = found.evidence.hit.document
        return document.province or document.number

    def signals(self, document: Document, asking: Asking) -> Signals | None:
        """What speaks for the answer that a plan would give; None where it would give none from its ranked clauses."""
        if asking.understood.intent is Intent.METADATA:
            return None
        own = asking.own[document.id]
        found = self._finder.best(own, asking.understood, asking.topic)
        return self._signals(found.evidence, own, asking.rival(document.id), asking) if found else None

    def _confidence(self, chosen: Evidence, own: Sequence[Evidence], rival: Evidence | None, asking: Asking) -> float:
        return self._model.confidence(self._signals(chosen, own, rival, asking))

    def _signals(self, chosen: Evidence, own: Sequence[Evidence], rival: Evidence | None, asking: Asking) -> Signals:
        return signals(chosen, own, rival, asking.understood, asking.topic, self._words, self._count)

    def _from_header(self, draft: Draft, document: Document, question: Understood) -> None:
        found = metadata_answer(question, document, self._headers[document.id], self._bodies[document.id])
        if found is not None:
            clause, start, end = found
            draft.answer_from_header(document, clause, (start, end), "metadata")

    def _basis(self, draft: Draft, document: Document, kind: str | None) -> bool:
        """What the plan as a whole rests on: the first document (of a kind) that its preamble names."""
        named = [basis for basis in document.basis if kind is None or fold(basis).startswith(kind)]
        for clause in self._bodies[document.id]:
            for basis in named if not clause.section and clause.kind is ClauseKind.PARAGRAPH else ():
                at = clause.text.find(basis)
                if at >= 0:
                    draft.answer_from_header(document, clause, (at, at + len(basis)), "basis")
                    return True
        return False
