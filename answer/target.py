"""The measure that answers: a cell of the year asked, or the part of a sentence with the right number."""

from __future__ import annotations

import re
from collections.abc import Sequence

from answer.asked import Asked
from answer.cells import Span, cell_span, is_blank
from answer.evidence import speaks_of
from answer.question import Understood
from answer.reading import Bag
from answer.spans import Offsets, Reach, counts, has_measure, of_unit, phrases, reaches
from answer.topic import Topic, coverage
from answer.window import SHORT
from ingest.model import CONTENT, Clause, Row

_COUNTED, _OF_PERIOD = 0.3, 0.3  # what form adds to the share of the topic that a measure covers
_BESIDE = 3  # characters between measures of one enumeration
_YEAR = re.compile(r"\b(20\d\d)\b(?!\s*/)")
_HEAD = re.compile(r"\b(?:tỷ|tỉ) (?:lệ|suất|số|trọng)\b|\bsố\b|\bchỉ số\b|\bdiện tích\b", re.IGNORECASE)
_RATIO = re.compile(r"\d\s*(?:%|phần trăm|‰)|\d[^,;]*/\s*(?:\d|[a-zđ])", re.IGNORECASE)
_STOP = re.compile(r"[.;]\s")


def measure(clause: Clause, question: Understood, topic: Topic) -> Span | None:
    """The measure of a clause that answers; None where it holds none of the year and the unit that are asked for."""
    asked = question.asked
    if clause.row is not None and asked.of_unit and not of_unit(clause.text, asked.measured):
        return None
    if clause.row is not None:
        return _counted_cell(clause, asked) or _target_cell(clause.row, clause, question.year)
    if not speaks_of(clause, question.year):
        return None
    found = _of_year(reaches(clause.text), clause.text, question.year)
    if asked.ratio:
        found = [reach for reach in found if _RATIO.search(clause.text[reach[0] : reach[1]])]
    if not found:
        return None
    start, end = _fittest(clause.text, found, topic, asked)
    if asked.quantities:
        start, end = _with_neighbours(clause.text, found, (start, end), topic)
    fits = counts(clause.text[start:end], asked.measured) or not asked.measured
    if asked.of_unit and not fits:
        return None  # asked «bao nhiêu tỷ đồng», no number of hectares is an answer
    return Span(*_narrowed(clause.text, start, end, asked), fits)


def _counted_cell(clause: Clause, asked: Asked) -> Span | None:
    """«Nông thôn (tối thiểu 60 lít/người/ngày)» asked for «mấy lít»: the measure in the words of the row itself."""
    if not asked.measured or clause.row is None or asked.measured[0] in ("%", "phan"):
        return None
    for role in CONTENT:
        cell = cell_span(clause, role)
        if cell is not None and counts(clause.text[cell.start : cell.end], asked.measured):
            return cell
    return None


def _fittest(text: str, found: Sequence[Reach], topic: Topic, asked: Asked) -> Offsets:
    """The measure that covers most of the topic, counts what is asked, and names the period asked; of equals the first.

    It is judged as far as it reaches, and told so where that is short.
    """

    def fitness(span: Reach) -> tuple[float, int]:
        start, end, reach = span
        named = tuple(int(year) for year in _YEAR.findall(text[start:end]))
        fit = coverage(Bag.of(f"{_subject(text, found, start, end)} {text[start:reach]}"), topic)
        fit += _COUNTED * counts(text[start:end], asked.measured)
        return fit + _OF_PERIOD * (bool(asked.years) and named == asked.years), -start

    start, end, reach = max(found, key=fitness)
    return start, reach if reach - start <= SHORT else end


def _with_neighbours(text: str, found: Sequence[Reach], best: Offsets, topic: Topic) -> Offsets:
    """The measure with those beside it that name more of the topic, as far as a short answer goes."""
    start, end = best
    ahead = [(a, b) for a, b, _ in found if a >= end]
    behind = [(a, b) for a, b, _ in reversed(found) if b <= start]
    for a, b in (*ahead, *behind):
        wider = (min(start, a), max(end, b))
        gap = text[end:a] if a >= end else text[b:start]
        if wider[1] - wider[0] > SHORT or len(gap) > _BESIDE:
            continue
        if coverage(Bag.of(text[slice(*wider)]), topic) > coverage(Bag.of(text[start:end]), topic):
            start, end = wider
    return start, end


def _narrowed(text: str, start: int, end: int, asked: Asked) -> Offsets:
    """Of a long measure the phrase with its number, and as many phrases before it as a short answer holds."""
    if end - start <= SHORT:
        return start, end
    parts = phrases(text, start, end)
    with_number = [n for n, (a, b) in enumerate(parts) if has_measure(text[a:b])]
    if not with_number:
        return start, end
    counted = [n for n in with_number if counts(text[slice(*parts[n])], asked.measured)]
    last = (counted or with_number)[-1]
    begins = [a for a, _ in parts[: last + 1] if parts[last][1] - a <= SHORT]
    return (begins[0] if begins else parts[last][0]), parts[last][1]


def _target_cell(row: Row, clause: Clause, year: int | None) -> Span | None:
    roles = [role for role in row.cells if role.startswith("target_")]
    if year:
        roles = [role for role in roles if role == f"target_{year}"]
    roles = [role for role in roles if not is_blank(row.cells[role])]
    if not roles:
        return None
    first, last = cell_span(clause, roles[0]), cell_span(clause, roles[-1])
    if first is None or last is None or len(roles) == 1:
        return first
    label = len(f"{row.columns.get(roles[0], roles[0])}: ")
    return Span(first.start - label, last.end)  # «Đến năm 2025: 30 | Đến năm 2030: 35»


def _subject(text: str, found: Sequence[Reach], start: int, end: int) -> str:
    """«tỷ lệ đi học cấp tiểu học đạt 99,5%, cấp trung học cơ sở đạt 95%»: the second is a share of the same."""
    if _HEAD.search(text[start:end]):
        return ""
    before = [
        text[a:b] for a, b, _ in found if b < start and not _STOP.search(text[b:start]) and _HEAD.search(text[a:b])
    ]
    return before[-1] if before else ""


def _of_year(found: Sequence[Reach], text: str, year: int | None) -> list[Reach]:
    """Without the measures that name other years than the one asked («giai đoạn 2021 - 2030» asked for 2025)."""
    kept = []
    for start, end, reach in found:
        years = {int(y) for y in _YEAR.findall(text[start:end])}
        if year is None or not years or year in years:
            kept.append((start, end, reach))
    return kept
