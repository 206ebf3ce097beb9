"""The short answer inside a clause: always a contiguous span of the clause's own text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from answer.cited import cited
from answer.evidence import Topic, coverage, speaks_of
from answer.intent import Intent
from answer.question import Understood
from answer.reading import Bag
from answer.spans import dates, measures, sentences
from ingest.model import AgencyMention, Clause, Role, Row

_AROUND = 100  # characters beside a cited document that say what it is for
_BLANK = frozenset({"", "-", "–", "…"})
_YEAR = re.compile(r"\b(20\d\d)\b(?!\s*/)")
_JOINT = re.compile(r"^(?:[\s,;]|và|cùng|với)*$")


@dataclass(frozen=True, slots=True)
class Span:
    """An answer: character offsets in a clause's text."""

    start: int
    end: int


def extract(clause: Clause, question: Understood, topic: Topic) -> Span | None:
    """The span that answers the question, or None where the clause does not say."""
    intent = question.intent
    if intent in (Intent.LEAD, Intent.COORDINATING):
        return _agency(clause, Role(intent.value), intent.value)
    if intent is Intent.TARGET:
        return _target(clause, question, topic)
    if intent is Intent.DEADLINE:
        return _deadline(clause, topic)
    if intent is Intent.BASIS and question.cited_kind:
        return _cited(clause, question.cited_kind, topic)
    return _best(_sentences(clause), clause.text, topic)


def _cited(clause: Clause, kind: str, topic: Topic) -> Span | None:
    """The document of a kind that stands among most words of the topic; of equals the first."""
    spans = cited(clause.text, kind)
    if not spans:
        return None
    around = [coverage(Bag.of(clause.text[max(0, a - _AROUND) : b + _AROUND]), topic) for a, b in spans]
    start, end = spans[around.index(max(around))]
    return Span(start, end)


def _sentences(clause: Clause) -> list[tuple[int, int]]:
    """Sentences of a clause; of a row those of its cells, without the columns' names."""
    if clause.row is None:
        return sentences(clause.text)
    cells = [span for role in clause.row.cells if (span := cell_span(clause, role)) is not None]
    return [(c.start + a, c.start + b) for c in cells for a, b in sentences(clause.text[c.start : c.end])]


def cell_span(clause: Clause, role: str) -> Span | None:
    """Where a cell stands in the text of its row; None where the row has no such cell."""
    row = clause.row
    if row is None or role not in row.cells:
        return None
    start = _cell_start(row, role)
    return Span(start, start + len(row.cells[role]))


def _cell_start(row: Row, role: str) -> int:
    """Offset of a cell in `ingest.clauses.row_text`: the pieces before it, joined by « | »."""
    position = len(f"TT: {row.tt} | ") if row.tt else 0
    for name, text in row.cells.items():
        label = len(f"{row.columns.get(name, name)}: ")
        if name == role:
            return position + label
        position += label + len(text) + len(" | ")
    raise KeyError(role)


def _agency(clause: Clause, role: Role, cell: str) -> Span | None:
    span = cell_span(clause, cell)
    if span is not None or clause.row is not None:
        return span
    return _mention_span(clause.text, [a for a in clause.agencies if a.role is role])


def _mention_span(text: str, mentions: Sequence[AgencyMention]) -> Span | None:
    """The enumeration of agencies that opens with the first mention printed in the text itself."""
    found: Span | None = None
    for mention in mentions:
        at = text.find(mention.quote, found.end if found else 0)
        if at < 0:
            continue
        if found is None:
            found = Span(at, at + len(mention.quote))
        elif _JOINT.match(text[found.end : at]):
            found = Span(found.start, at + len(mention.quote))
    return found


def _target(clause: Clause, question: Understood, topic: Topic) -> Span | None:
    if clause.row is None:
        if not speaks_of(clause, question.year):
            return None
        spans = _of_year(measures(clause.text), clause.text, question.year)
        return _best(spans, clause.text, topic) if spans else None
    roles = [r for r in clause.row.cells if r.startswith("target_")]
    if question.year:
        roles = [r for r in roles if r == f"target_{question.year}"]
    roles = [r for r in roles if clause.row.cells[r] not in _BLANK]
    if not roles:
        return None
    if len(roles) == 1:
        return cell_span(clause, roles[0])
    first, last = cell_span(clause, roles[0]), cell_span(clause, roles[-1])
    if first is None or last is None:
        return None
    label = len(f"{clause.row.columns.get(roles[0], roles[0])}: ")
    return Span(first.start - label, last.end)  # «Đến năm 2025: 30 | Đến năm 2030: 35»


def _of_year(spans: Sequence[tuple[int, int]], text: str, year: int | None) -> list[tuple[int, int]]:
    """Without the measures that name other years than the one asked («giai đoạn 2021 - 2030» asked for 2025)."""
    kept = []
    for start, end in spans:
        years = {int(y) for y in _YEAR.findall(text[start:end])}
        if year is None or not years or year in years:
            kept.append((start, end))
    return kept


def _deadline(clause: Clause, topic: Topic) -> Span | None:
    span = cell_span(clause, "time")
    if span is not None or clause.row is not None:
        return span
    found = dates(clause.text)
    if not found:
        return None
    best = _best(sentences(clause.text), clause.text, topic)
    inside = [d for d in found if best is not None and best.start <= d[0] < best.end]
    chosen = inside or found
    start, end = chosen[0][0], chosen[-1][1]
    if end - start > 120:  # dates far apart belong to different things
        start, end = chosen[0]
    return Span(start, end)


def _best(spans: Sequence[tuple[int, int]], text: str, topic: Topic) -> Span | None:
    """The span that covers most of the topic; of equals the first."""
    if not spans:
        return None
    scored = [(coverage(Bag.of(text[a:b]), topic), -a, a, b) for a, b in spans]
    _, _, start, end = max(scored)
    return Span(start, end)


def is_blank_cell(clause: Clause, question: Understood) -> bool:
    """Whether the row has the cell that is asked for, but prints «-» or nothing in it."""
    if clause.row is None or question.intent is not Intent.TARGET:
        return False
    cells = clause.row.cells
    if question.year:
        column = f"target_{question.year}"
        return column in clause.row.columns and cells.get(column, "") in _BLANK
    values = [text for role, text in cells.items() if role.startswith("target_")]
    return bool(values) and all(text in _BLANK for text in values)
