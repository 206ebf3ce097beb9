"""The short answer inside a clause: always a contiguous span of the clause's own text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from answer.asked import Asked, When
from answer.cited import cited
from answer.evidence import speaks_of
from answer.intent import Intent
from answer.question import Understood
from answer.reading import Bag
from answer.spans import Date, Offsets, counts, of_unit, dates, has_measure, phrases, reaches, sentences
from answer.topic import Topic, coverage
from answer.window import NO_OPENERS, SHORT, Openers, best_window
from ingest.model import AgencyMention, Clause, ClauseKind, Role, Row

_NEAR = 30
_BESIDE = 16
_BESIDE_WORTH = 0.3
_BEHIND = 12
_AROUND = 100  # characters beside a cited document or a date that say what it is for
_BETWEEN = 60  # characters between the documents of one enumeration
_ENUMERATED = 5  # characters between the dates of one enumeration
_COUNTED, _OF_PERIOD, _OF_KIND = 0.3, 0.3, 0.4  # what form adds to the share of the topic that a span covers
_BLANK = frozenset({"", "-", "–", "…"})
_YEAR = re.compile(r"\b(20\d\d)\b(?!\s*/)")
_HEAD = re.compile(r"\b(?:tỷ|tỉ) (?:lệ|suất|số|trọng)\b|\bsố\b|\bchỉ số\b|\bdiện tích\b", re.IGNORECASE)
_STOP = re.compile(r"[.;]\s")
_JOINT = re.compile(r"^(?:[\s,;:]|và|cùng|với)*$")
_WITH = re.compile(
    r"phối hợp(?:, hướng dẫn)?(?: chặt chẽ| tốt)?(?: với| cùng)?\s+(?P<who>(?:các |những |một số )?(?:cơ quan|đơn vị|sở|ban|ngành|tổ chức|"
    r"chính quyền|địa phương|đoàn thể|doanh nghiệp|bộ|ủy ban|hội|trung tâm|trường|công an|bảo hiểm|mặt trận|viện|ngân hàng)"
    r"\b[^.;:|]*?)(?=\s*(?:$|[.;:|]|,?\s(?:trong việc|trong công tác|để|nhằm|tổ chức|triển khai|thực hiện|xây dựng|"
    r"tham mưu|hướng dẫn|rà soát|chủ động|đẩy mạnh|tăng cường|kiểm tra|theo dõi|đề xuất|nâng cao|tuyên truyền|làm tốt|"
    r"tiếp tục|quản lý|giám sát|đôn đốc|lồng ghép|nghiên cứu|hỗ trợ|tiếp nhận|vận động|phát triển|quy hoạch)\b))",
    re.IGNORECASE,
)
# Cells that say what a row is about; the others are answers only where their column is asked for.
_CONTENT = ("task", "indicator")


@dataclass(frozen=True, slots=True)
class Span:
    """An answer: character offsets in a clause's text, and whether it has the form that the question wants."""

    start: int
    end: int
    fits: bool = True


def extract(clause: Clause, question: Understood, topic: Topic, openers: Openers = NO_OPENERS) -> Span | None:
    """The span that answers the question, or None where the clause does not say."""
    intent, asked = question.intent, question.asked
    if asked.column and clause.row:
        return cell_span(clause, asked.column)
    if intent in (Intent.LEAD, Intent.COORDINATING):
        return _agency(clause, Role(intent.value), intent.value)
    if intent is Intent.TARGET or (intent is Intent.FUNDING and asked.measured):
        return _target(clause, question, topic, openers)
    if intent is Intent.DEADLINE:
        return _deadline(clause, topic, asked)
    if intent is Intent.BASIS and question.cited_kind:
        return _cited(clause, question, topic)
    return _told(clause, _task_topic(question, topic) if intent is Intent.TASKS else topic, asked, openers)


def _task_topic(question: Understood, topic: Topic) -> Topic:
    """What a question for tasks names beside the agency, whose name says nothing of where its tasks stand."""
    return topic.without(word for name in question.agencies for word in Bag.of(name).words)


def _told(clause: Clause, topic: Topic, asked: Asked, openers: Openers) -> Span | None:
    """The sentence, or the part of it, that answers; of a row, of what the row is about."""
    if clause.kind is ClauseKind.HEADING:
        return None
    found = best_window(clause.text, _sentences(clause), topic, asked, openers)
    return Span(*found) if found else None


def _cited(clause: Clause, question: Understood, topic: Topic) -> Span | None:
    """The document of the kind asked that stands among most words of the topic, of equals the first; with those that
    follow it where several are asked for."""
    spans = cited(clause.text, question.cited_kind or "", question.cited_issuer)
    spans = of_date(clause.text, spans, question)
    if not spans:
        return None
    covered = [coverage(Bag.of(around(clause.text, start, end)), topic) for start, end in spans]
    best = covered.index(max(covered))
    end = spans[best][1]
    for start, further in spans[best + 1 :] if question.asked.several else ():
        if start - end > _BETWEEN:
            break
        end = further
    return Span(spans[best][0], end)


def of_date(text: str, spans: Sequence[Offsets], question: Understood) -> list[Offsets]:
    """Asked «… ra ngày nào»: only the citations that tell the date."""
    if question.asked.when is None:
        return list(spans)
    return [(start, end) for start, end in spans if dates(text[start:end], cited=True)]


def around(text: str, start: int, end: int) -> str:
    """A stretch of a text with what stands beside it."""
    return text[max(0, start - _AROUND) : end + _AROUND]


def _sentences(clause: Clause) -> list[Offsets]:
    """Sentences of a clause; of a row those of the cells that say what it is about."""
    if clause.row is None:
        return sentences(clause.text)
    roles = [role for role in clause.row.cells if role in _CONTENT] or list(clause.row.cells)
    cells = [span for role in roles if (span := cell_span(clause, role)) is not None]
    return [(c.start + a, c.start + b) for c in cells for a, b in sentences(clause.text[c.start : c.end])]


def cell_span(clause: Clause, role: str) -> Span | None:
    """Where a cell stands in the text of its row; None where the row has no such cell or prints nothing in it."""
    row = clause.row
    if row is None or row.cells.get(role, "") in _BLANK:
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
    span = _mention_span(clause.text, [a for a in clause.agencies if a.role is role])
    if span is None and role is Role.LEAD:  # who is charged to advise on a thing answers for it
        span = _mention_span(clause.text, [a for a in clause.agencies if a.role is Role.ADVISING])
    return (_together(clause.text, span) or span) if role is Role.COORDINATING else span


def _together(text: str, span: Span | None) -> Span | None:
    """Who stands behind «phối hợp với», agencies by name or not, up to what they do together."""
    for found in _WITH.finditer(text):
        start, end = found.span("who")
        if end - start <= SHORT and (span is None or start <= span.start < end):
            return Span(start, end)
    return None


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


def _target(clause: Clause, question: Understood, topic: Topic, openers: Openers) -> Span | None:
    asked = question.asked
    if clause.row is not None and asked.of_unit and not of_unit(clause.text, asked.measured):
        return None
    if clause.row is not None:
        return _counted_cell(clause, asked) or _target_cell(clause.row, clause, question.year)
    if not speaks_of(clause, question.year):
        return None
    if not asked.quantity and asked.worded:
        return _told(clause, topic, asked, openers)
    found = _of_year(reaches(clause.text), clause.text, question.year)
    if not found:
        return None if asked.quantity else _told(clause, topic, asked, openers)
    start, end = _fittest(clause.text, found, topic, asked)
    fits = counts(clause.text[start:end], asked.measured) or not asked.measured
    if asked.of_unit and not fits:
        return None  # asked «bao nhiêu tỷ đồng», no number of hectares is an answer
    return Span(*_narrowed(clause.text, start, end, asked), fits)


def _counted_cell(clause: Clause, asked: Asked) -> Span | None:
    """«Nông thôn (tối thiểu 60 lít/người/ngày)» asked for «mấy lít»: the measure in the words of the row itself."""
    if not asked.measured or clause.row is None or asked.measured[0] in ("%", "phan"):
        return None
    for role in _CONTENT:
        cell = cell_span(clause, role)
        if cell is not None and counts(clause.text[cell.start : cell.end], asked.measured):
            return cell
    return None


def _fittest(text: str, found: Sequence[tuple[int, int, int]], topic: Topic, asked: Asked) -> Offsets:
    """The measure that covers most of the topic, counts what is asked, and names the period asked; of equals the first.

    It is judged as far as it reaches, and told so where that is short.
    """

    def fitness(span: tuple[int, int, int]) -> tuple[float, int]:
        start, end, reach = span
        named = tuple(int(year) for year in _YEAR.findall(text[start:end]))
        fit = coverage(Bag.of(f"{_subject(text, found, start, end)} {text[start:reach]}"), topic)
        fit += _COUNTED * counts(text[start:end], asked.measured)
        return fit + _OF_PERIOD * (bool(asked.years) and named == asked.years), -start

    start, end, reach = max(found, key=fitness)
    return start, reach if reach - start <= SHORT else end


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
    roles = [role for role in roles if row.cells[role] not in _BLANK]
    if not roles:
        return None
    first, last = cell_span(clause, roles[0]), cell_span(clause, roles[-1])
    if first is None or last is None or len(roles) == 1:
        return first
    label = len(f"{row.columns.get(roles[0], roles[0])}: ")
    return Span(first.start - label, last.end)  # «Đến năm 2025: 30 | Đến năm 2030: 35»


def _subject(text: str, found: Sequence[tuple[int, int, int]], start: int, end: int) -> str:
    """«tỷ lệ đi học cấp tiểu học đạt 99,5%, cấp trung học cơ sở đạt 95%»: the second is a share of the same."""
    if _HEAD.search(text[start:end]):
        return ""
    before = [
        text[a:b] for a, b, _ in found if b < start and not _STOP.search(text[b:start]) and _HEAD.search(text[a:b])
    ]
    return before[-1] if before else ""


def _of_year(found: Sequence[tuple[int, int, int]], text: str, year: int | None) -> list[tuple[int, int, int]]:
    """Without the measures that name other years than the one asked («giai đoạn 2021 - 2030» asked for 2025)."""
    kept = []
    for start, end, reach in found:
        years = {int(y) for y in _YEAR.findall(text[start:end])}
        if year is None or not years or year in years:
            kept.append((start, end, reach))
    return kept


def _deadline(clause: Clause, topic: Topic, asked: Asked) -> Span | None:
    if clause.row is not None and "time" in clause.row.columns:
        return cell_span(clause, "time")
    found = dates(clause.text)
    if not found:
        return None
    best = max(found, key=lambda date: (_date_fitness(clause.text, date, topic, asked), -date.start))
    end = best.end
    for date in found if asked.several else ():
        if date.when is best.when and 0 < date.start - end <= _ENUMERATED:
            end = date.end
    return Span(best.start, end, is_of(best, asked))


def _date_fitness(text: str, date: Date, topic: Topic, asked: Asked) -> float:
    """What is said before a date tells what it is the date of: the nearer, the more."""
    sentence = next((a for a, b in sentences(text) if a <= date.start < b), 0)
    starts = (max(sentence, date.start - _NEAR), max(sentence, date.start - _AROUND), sentence)
    near = sum(coverage(Bag.of(text[start : date.end + _BEHIND]), topic) for start in starts) / len(starts)
    before = Bag.of(text[max(sentence, date.start - _BESIDE) : date.start]).words
    beside = sum(word in before for word in asked.beside) / len(asked.beside) if asked.beside else 0.0
    return near + _OF_KIND * _likeness(date, asked) + _BESIDE_WORTH * beside


_MAY_BE = {
    When.DAY: {When.DAY},
    When.MONTH: {When.MONTH, When.DAY},
    When.YEAR: {When.YEAR, When.PERIOD},
    When.PERIOD: {When.PERIOD},
    When.CYCLE: {When.CYCLE},
}


def is_of(date: Date, asked: Asked) -> bool:
    """Whether a date may be what is asked for."""
    return _likeness(date, asked) > 0


def _likeness(date: Date, asked: Asked) -> float:
    """1 for the form of date that is asked for, 0.5 for one that holds it; «khi nào» takes any but «hằng năm»."""
    if asked.when is None:
        return float(date.when is not When.CYCLE)
    return 1.0 if date.when is asked.when else 0.5 * (date.when in _MAY_BE[asked.when])


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
