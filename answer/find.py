"""The best answer of one plan: which clause is evidence, where the answer stands in it, what else says the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from answer.cells import Span, is_blank_cell
from answer.deadline import is_of
from answer.evidence import Evidence
from answer.extract import extract
from answer.intent import Intent
from answer.question import Understood
from answer.shelf import Shelf
from answer.spans import dates
from answer.topic import Topic
from answer.window import Openers
from ingest.model import Clause, ClauseKind, Role

AGREEING = 0.8  # share of the best clause's coverage at which another clause supports the same answer
FITTING = 2.0  # what the wanted form of an answer counts, in units of the rank score
LOOKED_AT = 20  # clauses of a plan, best first, that are searched for an answer
_SHORT = frozenset({Intent.LEAD, Intent.COORDINATING, Intent.TARGET, Intent.DEADLINE})
SUPPORTING = 4  # further clauses cited for the same answer


@dataclass(frozen=True, slots=True)
class Found:
    """An answer in a clause, or in the agency heading above it (`heading`)."""

    evidence: Evidence
    span: Span
    heading: Clause | None = None
    supporting: tuple[Found, ...] = ()

    @property
    def text(self) -> str:
        """The answer's words."""
        source = self.heading.text if self.heading else self.evidence.hit.clause.text
        return source[self.span.start : self.span.end]


def _preference(found: Found) -> float:
    """Rank score; an answer of the form that is asked for («bao nhiêu căn»: a number of «căn») is worth a detour."""
    return found.evidence.score + (FITTING if found.span.fits else 0.0)


def _charged(evidence: Sequence[Evidence], question: Understood) -> Sequence[Evidence]:
    """Asked for an agency's tasks: the clauses that charge it with something."""
    if question.intent is not Intent.TASKS or not question.agencies:
        return evidence
    return [e for e in evidence if e.answerable and e.hit.clause.kind is not ClauseKind.HEADING]


def _agrees(evidence: Evidence, best: Found) -> bool:
    """Whether a clause speaks of the topic in so nearly the same words that it can support the best one."""
    return evidence.coverage >= max(0.5, AGREEING * best.evidence.coverage)


class Finder:
    """Looks for answers in ranked clauses, with the headings above and the rows around them; read-only.

    `openers`: how sentences of the corpus open.
    """

    def __init__(self, shelf: Shelf, openers: Openers) -> None:
        self._shelf = shelf
        self._openers = openers

    def best(self, evidence: Sequence[Evidence], question: Understood, topic: Topic) -> Found | None:
        """The best clause that holds an answer, with others that say the same; None where none does."""
        evidence = _charged(evidence, question)
        best: Found | None = None
        for item in evidence[:LOOKED_AT]:
            if best is not None and item.score + FITTING <= _preference(best):
                break
            if not item.coverage:
                continue  # no word in common
            if best is None and is_blank_cell(item.hit.clause, question):
                return None  # the row that is asked for prints «-»: another row's figure is no answer
            found = self._locate(item, question, topic)
            if found is not None and (best is None or _preference(found) > _preference(best)):
                best = found
        if best is None:
            return None
        best = self._of_parent(best, evidence, question, topic) or best
        return replace(best, supporting=self._supporting(best, evidence, question, topic))

    def _of_parent(self, best: Found, evidence: Sequence[Evidence], question: Understood, topic: Topic) -> Found | None:
        """The figure of the row that a sub-row belongs to, where the sub-row's own words were not asked for: «tham gia
        bảo hiểm xã hội» is no «bắt buộc»."""
        row = best.evidence.hit.clause.row
        if row is None or not row.parent or question.intent is not Intent.TARGET:
            return None
        parent = self._row(best.evidence.hit.clause, row.parent)
        for item in evidence:
            if parent is not None and item.hit.clause.id == parent.id and item.coverage >= best.evidence.coverage:
                return self._locate(item, question, topic)
        return None

    def _supporting(
        self, best: Found, evidence: Sequence[Evidence], question: Understood, topic: Topic
    ) -> tuple[Found, ...]:
        """Other clauses on the topic with the same short answer. A sentence is seldom printed twice."""
        if question.intent not in _SHORT:
            return ()
        others = [e for e in evidence[:LOOKED_AT] if e is not best.evidence and _agrees(e, best)]
        found = (self._locate(item, question, topic) for item in others)
        return tuple(f for f in found if f is not None and f.text == best.text)[:SUPPORTING]

    def _locate(self, item: Evidence, question: Understood, topic: Topic) -> Found | None:
        """The answer in a clause, in the row that a sub-row belongs to, or in the agency heading above."""
        span = extract(item.hit.clause, question, topic, self._openers)
        if question.intent is Intent.DEADLINE and (span is None or not span.fits):
            above = self._date_in_heading(item, question)  # «hằng tháng» is no answer to «năm nào»
            return above or (Found(item, span) if span else None)
        if span is not None:
            return Found(item, span)
        if question.intent is not Intent.LEAD or question.asked.sent:
            return None
        if item.hit.clause.row:
            return self._in_parent_row(item, question, topic)
        return self._in_heading(item)

    def _in_parent_row(self, item: Evidence, question: Understood, topic: Topic) -> Found | None:
        clause = item.hit.clause
        if clause.row is None or clause.row.parent is None:
            return None
        parent = self._row(clause, clause.row.parent)
        span = extract(parent, question, topic, self._openers) if parent else None
        if parent is None or span is None:
            return None
        return Found(replace(item, hit=replace(item.hit, clause=parent)), span)

    def _row(self, beside: Clause, number: str) -> Clause | None:
        """The row of this number in the same table."""
        return self._shelf.of(beside.document_id).row(beside.section, number)

    def _date_in_heading(self, item: Evidence, question: Understood) -> Found | None:
        """«1. Mục tiêu đến năm 2030» above the bullet: the innermost heading with a date says when."""
        for heading in self._above(item.hit.clause):
            found = [date for date in dates(heading.text) if is_of(date, question.asked)]
            if found:
                return Found(item, Span(found[-1].start, found[-1].end), heading)
        return None

    def _above(self, clause: Clause) -> Iterator[Clause]:
        """Headings that a clause stands under, innermost first."""
        headings = self._shelf.of(clause.document_id).headings
        for depth in range(len(clause.section), 0, -1):
            heading = headings.get(clause.section[:depth])
            if heading is not None and heading.id != clause.id:
                yield heading

    def _in_heading(self, item: Evidence) -> Found | None:
        """«7. Sở Xây dựng» above the bullet: the heading's agency leads."""
        clause = item.hit.clause
        leads = [a for a in clause.agencies if a.role is Role.LEAD]
        for heading in self._above(clause):
            for lead in leads:
                at = heading.text.find(lead.quote)
                if at >= 0:
                    return Found(item, Span(at, at + len(lead.quote)), heading)
        return None
