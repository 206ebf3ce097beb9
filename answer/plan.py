"""What one plan says to a question: an answer, a silence with its reason, or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from answer.asking import Asking
from answer.cells import is_blank_cell
from answer.cited import cited, of_issuer
from answer.confidence import Model, Signals, signals
from answer.draft import Draft
from answer.evidence import Evidence
from answer.extract import around, of_date
from answer.find import Finder, Found
from answer.intent import Intent
from answer.metadata import metadata_answer
from answer.reading import NOTHING, Bag
from answer.shelf import Shelf
from answer.topic import MIN_TOPIC, beside_agencies, coverage, full_coverage
from answer.words import FUNCTION_WORDS, CorpusWords
from ingest.clean import fold
from ingest.model import Clause, ClauseKind, Document, Relation

NAMED_TOPIC = 8.0  # weight from which a question for a basis, or about an agency, names a topic of its own
_MOST = 0.6  # share of the topic, by weight
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

    def __init__(self, shelf: Shelf, finder: Finder, words: CorpusWords, model: Model, count: int) -> None:
        """`count`: clauses of the index."""
        self._shelf = shelf
        self._finder = finder
        self._words = words
        self._model = model
        self._count = count

    def answer_standing(self, draft: Draft, document: Document, relations: Sequence[Relation], asking: Asking) -> None:
        """Add the words in which a plan tells what it replaces or amends."""
        told = self._shelf.of(document.id).told
        for relation in relations:
            clause, start = told.get(relation, (None, 0))
            if clause is not None and asking.restrict.allows_content(clause):
                draft.answer_from_header(document, clause, (start, start + len(relation.quote)), "metadata")

    def answer(self, draft: Draft, document: Document, asking: Asking) -> None:
        """Add what one plan says."""
        question, own = asking.understood, asking.own[document.id]
        if question.intent is Intent.METADATA:
            self._from_header(draft, document, asking)
            return
        if question.asked.person:
            return  # of persons plans name the one who signs
        found = self._finder.best(own, question, asking.topic)
        if question.intent is Intent.BASIS and self._basis(draft, document, asking, found):
            return
        sure = self._confidence(found.evidence, own, asking.rival(document.id), asking) if found else 0.0
        former = asking.former
        if former and not (found and _bears_on_topic(found.evidence, asking)):
            if former.split:
                return  # nothing of the topic, nothing that may belong
            found = None
        if found is not None and sure >= self._model.threshold:
            draft.answer(document, found, question.intent.value, sure, former)
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

    def _from_header(self, draft: Draft, document: Document, asking: Asking) -> None:
        facts = self._shelf.of(document.id)
        found = metadata_answer(asking.understood, document, facts.header, facts.body)
        if found is not None and asking.restrict.allows_content(found[0]):
            clause, start, end = found
            draft.answer_from_header(document, clause, (start, end), "metadata")

    def _basis(self, draft: Draft, document: Document, asking: Asking, found: Found | None) -> bool:
        """What the plan as a whole rests on: of the documents (of the kind asked) that its preamble names, the one that
        stands among most words of the question; not where a clause of the plan cites one among more of them."""
        named = list(self._preamble_documents(document, asking))
        if found is not None and not asking.understood.cited.number and asking.topic.weight >= NAMED_TOPIC:
            text = found.evidence.hit.clause.text
            own = coverage(Bag.of(around(text, found.span.start, found.span.end)), asking.topic)
            named = [s for s in named if asking.understood.cited.kind and s[0] >= own]
        if not named:
            return False
        _, _, clause, span = max(named, key=lambda s: (s[0], -s[1]))
        draft.answer_from_header(document, clause, span, "basis")
        return True

    def _preamble_documents(
        self, document: Document, asking: Asking
    ) -> Iterator[tuple[float, int, Clause, tuple[int, int]]]:
        """Coverage around, number, clause and offsets of each document that the preamble or the title names."""
        question, number, facts = asking.understood, 0, self._shelf.of(document.id)
        for clause in filter(asking.restrict.allows_content, (*facts.body, *facts.header)):
            if (clause.section or clause.kind is ClauseKind.BULLET) and not question.cited.number:
                continue
            if question.cited.kind:
                spans = of_date(clause.text, cited(clause.text, question.cited), question)
            else:
                places = [
                    (clause.text.find(basis), len(basis)) for basis in of_issuer(document.basis, question.cited.issuer)
                ]
                spans = sorted((at, at + length) for at, length in places if at >= 0)
            for start, end in spans:
                number += 1
                beside = Bag.of(around(clause.text, start, end)) if question.cited.kind else NOTHING
                yield coverage(beside, asking.topic), number, clause, (start, end)


def _bears_on_topic(evidence: Evidence, asking: Asking) -> bool:
    """Whether a clause holds most of what the question names beside the agency: one that goes by several former names
    has that in the clauses of one of them."""
    beside = beside_agencies(asking.understood, asking.topic)
    said = [word for unit in beside.units for word in unit.forms[0] if fold(word) in FUNCTION_WORDS]
    beside = beside.without([*said, *map(fold, said)])
    if beside.weight < MIN_TOPIC:
        return True
    clause = evidence.hit.clause
    text = " ".join([*(section.title for section in clause.section), clause.text])
    return coverage(Bag.of(text), beside) > _MOST * full_coverage(beside)
