"""Second stage: what a clause holds against what the question asks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from answer.intent import Intent
from answer.question import Understood
from answer.reading import Reading, Readings
from answer.spans import counts
from answer.topic import Topic, coverage, held
from answer.weights import stored
from index.hit import Hit
from ingest.clean import fold
from ingest.model import Clause, ClauseKind, Role


@dataclass(frozen=True, slots=True)
class Steps:
    """What each part of the second stage counts, in units of the fused score's standard deviation; 0: it is off.

    `coverage`: of a clause that covers the whole topic. `answerable`: of one that holds the kind of thing asked for.
    `row`: of a table row besides, which says one thing and names who is charged with it.
    """

    coverage: float
    answerable: float
    row: float


STEPS = Steps(**stored()["steps"])

_NUMBER = re.compile(r"\d")
_DATE = re.compile(
    r"\btruoc (?:ngay|thang)|\b\d{1,2}/\d{1,2}\b|\bngay \d|\bthang \d|\bnam 20\d\d|\bgiai doan 20|\bhang (?:nam|quy|"
    r"thang)|"
    r"\bdinh ky|\bthuong xuyen"
)
_MONEY = re.compile(r"\bkinh phi|\bngan sach|\bnguon von|\bty dong|\btrieu dong|\bvon\b")
_BASIS = re.compile(r"\bso \d+|\bluat\b|\d/(?:qd|nq|nd|kh|ct)")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A clause found, with its rank score, how much of the question's topic it covers (0…1, by word weight), which
    units of the topic it holds, and whether it holds what is asked for."""

    hit: Hit
    score: float
    coverage: float
    held: tuple[bool, ...]
    answerable: bool


def rank(
    hits: Sequence[Hit], question: Understood, topic: Topic, readings: Readings, steps: Steps = STEPS
) -> list[Evidence]:
    """Order hits by fused score, coverage of the topic words, and fitness for the kind of question."""
    judged = [_judge(hit, question, topic, readings, steps) for hit in hits]
    return sorted(judged, key=lambda e: (-e.score, e.hit.clause.id))


def _judge(hit: Hit, question: Understood, topic: Topic, readings: Readings, steps: Steps) -> Evidence:
    reading = readings.of(hit.clause)
    there = held(reading.bag, topic)
    covered = coverage(reading.bag, topic, there)
    fits = answers(hit.clause, reading, question)
    score = hit.score + steps.coverage * covered + (steps.answerable if fits else 0.0)
    if fits and hit.clause.kind is ClauseKind.ROW:
        score += steps.row
    return Evidence(hit, score, covered, there, fits)


def answers(clause: Clause, reading: Reading, question: Understood) -> bool:
    """Whether a clause holds the kind of thing that is asked for."""
    intent, cells = question.intent, clause.row.cells if clause.row else {}
    if intent in (Intent.LEAD, Intent.COORDINATING):
        if question.asked.sent:
            return any(a.role is Role.REPORTING_TO for a in clause.agencies)
        charged = {Role.LEAD, Role.ADVISING} if intent is Intent.LEAD else {Role.COORDINATING}
        return intent.value in cells or any(a.role in charged for a in clause.agencies)
    if intent is Intent.TARGET:
        wanted = f"target_{question.year}" if question.year else "target_"
        if cells:
            return any(role.startswith(wanted) for role in cells)
        if question.asked.measured and not counts(clause.text, question.asked.measured):
            return False
        return bool(_NUMBER.search(clause.text)) and speaks_of(clause, question.year)
    if intent is Intent.DEADLINE:
        if question.recipients and not sent_to(clause, question.recipients):
            return False
        return "time" in cells or (not cells and bool(_DATE.search(reading.folded)))
    if intent is Intent.FUNDING:
        return bool(_MONEY.search(fold(" ".join([clause.text, *(s.title for s in clause.section)]))))
    if intent is Intent.BASIS:
        return bool(_BASIS.search(reading.folded)) and (not clause.section or len(question.terms) > 3)
    if intent is Intent.METADATA:
        return clause.kind is ClauseKind.HEADER
    if intent is Intent.TASKS:
        roles = (Role.COORDINATING,) if question.asked.together else (Role.LEAD, Role.ADVISING, Role.COORDINATING)
        return any(a.role in roles and a.name in question.agencies for a in clause.agencies)
    return clause.kind is not ClauseKind.HEADING


def sent_to(clause: Clause, recipients: Sequence[str]) -> bool:
    """Whether a clause says that something goes to one of these agencies; the one it stands under does not send to
    itself."""
    return any(a.name in recipients and a.role is Role.REPORTING_TO for a in clause.agencies)


_YEARS = re.compile(r"\b(20\d\d)\b(?!\s*/)")
_CITED_YEAR = re.compile(r"(?:/|thang \d{1,2} nam )20\d\d|/20\d\d|\d/\d{4}/")


def speaks_of(clause: Clause, year: int | None, period: str = "") -> bool:
    """Whether a clause can speak of a year: the year stands in it or in a heading above it, or no year does.

    The innermost text that names a year decides; the years of cited documents do not count. Where neither clause nor
    heading names one, a plan for 2021-2025 (`period`) does not speak of 2030.
    """
    if year is None:
        return True
    for text in (clause.text, *(section.title for section in reversed(clause.section))):
        years = years_in(text)
        if years:
            return year in years
    within = years_in(period)
    return not within or year <= max(within)


@lru_cache(maxsize=20_000)  # the texts of a corpus come again with every question
def years_in(text: str) -> frozenset[int]:
    """The years that a text names, without those of cited documents and dates of issue."""
    return frozenset(int(y) for y in _YEARS.findall(_CITED_YEAR.sub(" ", fold(text))))
