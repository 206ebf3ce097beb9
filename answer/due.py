"""When a clause is due: the printed date, period or rhythm as days that sort.

A period is due at its end, «hằng năm» on the last day of each year, «trước ngày 30/11» that very day. What is no date
(«Thường xuyên», «Sau khi được phê duyệt») is kept as printed.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from answer.asked import When
from answer.cells import is_blank, target_year
from answer.spans import Date, dates
from ingest.clean import fold
from ingest.model import Clause, Row

YEAR = 12  # months
_BARE_YEAR = re.compile(r"(?<![\d/.])20\d\d(?![\d/.])")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_QUARTER = re.compile(r"\bquy\s+(iv|iii|ii|i|[1-4])\b")
_MONTH = re.compile(r"\bthang\s+(\d{1,2})\b")
_DAY = re.compile(r"\b(?:ngay\s+)?(\d{1,2})(?:\s*va\s*(\d{1,2}))?(?:/(\d{1,2})|\s+thang\s+(\d{1,2}))?")
_RHYTHMS = (
    (re.compile(r"\b(?:hang|moi)\s+nam\b"), YEAR),
    (re.compile(r"\b0?6\s+thang\b|\bnua nam\b"), 6),
    (re.compile(r"\b(?:hang|moi)\s+quy\b|\b0?3\s+thang\b"), 3),
    (re.compile(r"\b(?:hang|moi)\s+thang\b"), 1),
)
# In a sentence, what a date stands behind tells a deadline from the name of a programme or the day of an event.
_BY = re.compile(r"^(?:trong|truoc|vao|cham nhat|sau|tu|ke tu|het|cuoi)\b")
_NAMED = re.compile(
    r"\b(?:chuong trinh|chien luoc|de an|du an|ke hoach|quy hoach|nghi quyet|nghi dinh|quyet dinh|chi thi|ket luan|"
    r"van de|tam nhin|muc tieu quoc gia)\b[^,;.:()]*$|\btam nhin\s*$"
)
_OPENS = re.compile(r"(?:^|[.;:(]|[-+•]\s)\W*(?:\w{1,3}[.)]\s*)?$")
_REPORTED = re.compile(r"\b(?:bao cao|so ket|tong ket|danh gia)\b[^.;,]{0,40}$")


@dataclass(frozen=True, slots=True)
class Deadline:
    """`text` as printed; first and last day (None: open or unknown). Where it comes again, every `every` months, `last`
    is the first time that it is due, and after `until` it does not."""

    text: str
    first: date | None = None
    last: date | None = None
    every: int | None = None
    until: date | None = None

    @property
    def yearly(self) -> bool:
        """Whether it comes again each year."""
        return self.every == YEAR


def deadlines(clause: Clause, since: date) -> tuple[Deadline, ...]:
    """When a clause is due: of a row its time cell, else the years of its targets; else dates in the words.

    `since` is the day of the plan: rhythms begin with it, and a sentence's dates before it are no deadlines.
    """
    row = clause.row
    if row is None:
        return _of_sentence(clause.text, since)
    if time := row.cells.get("time", "").strip():
        return _of_cell(time, since)
    return _of_targets(row) or _of_sentence(row.cells.get("task", row.cells.get("indicator", "")), since)


def due(deadline: Deadline, today: date) -> date | None:
    """The next day on which it is due, today included; None when that is past or unknown."""
    last = deadline.last
    if last is None or deadline.every is None:
        return last if last is not None and last >= today else None
    passed = (today.year - last.year) * YEAR + today.month - last.month
    turn = max(0, passed // deadline.every)
    while (found := _months_later(last, turn * deadline.every)) < today:
        turn += 1
    return found if deadline.until is None or found <= deadline.until else None


def _of_targets(row: Row) -> tuple[Deadline, ...]:
    """A target is due at the end of its column's year; «-» sets none."""
    found = []
    for role, text in row.cells.items():
        if (year := target_year(role)) and not is_blank(text):
            found.append(Deadline(row.columns.get(role, str(year)), None, date(year, 12, 31)))
    return tuple(found)


def _of_cell(text: str, since: date) -> tuple[Deadline, ...]:
    """All dates of a time cell; the cell as printed where it holds none. A year may stand there alone."""
    found = [read for d in dates(text) for read in _read(text, d, since)]
    taken = [(d.start, d.end) for d in dates(text)]
    for match in _BARE_YEAR.finditer(text):
        if not any(start <= match.start() < end for start, end in taken):
            year = int(match.group())
            found.append(Deadline(match.group(), date(year, 1, 1), date(year, 12, 31)))
    dated = _without_echo([d for d in found if d.last or d.first])
    if len(dated) == 1:
        return (Deadline(text, dated[0].first, dated[0].last, dated[0].every),)
    return tuple(dated) or (Deadline(text),)


def _of_sentence(text: str, since: date) -> tuple[Deadline, ...]:
    """Dates of a text that say by when; a rhythm only where it opens a sentence or goes with a report."""
    folded = fold(text)
    found = [read for d in dates(text) if _is_deadline(d, folded) for read in _read(text, d, since)]
    return tuple(_without_echo([d for d in found if d.last is None or d.every or d.last >= since]))


def _is_deadline(found: Date, folded: str) -> bool:
    before, own = folded[: found.start], folded[found.start : found.end]
    if found.when is When.CYCLE:
        return own.startswith("dinh ky") or bool(_OPENS.search(before) or _REPORTED.search(before))
    if _BY.match(own) and not re.search(r"\btam nhin\s*$", before):
        return True
    if found.when in (When.DAY, When.MONTH):
        return own.startswith(("den", "quy")) or "hang nam" in own or "hang thang" in own
    return not _NAMED.search(before)


def _without_echo(found: list[Deadline]) -> list[Deadline]:
    """«Định kỳ 06 tháng (trước ngày 30/6)»: the rhythm only introduces the day, and says nothing more."""
    days = [d for d in found if d.every and not _is_rhythm(d)]
    kept = [d for d in found if not (days and _is_rhythm(d))]
    return list(dict.fromkeys(kept))


def _is_rhythm(deadline: Deadline) -> bool:
    """Whether it names no day: «hằng năm», «thường xuyên»."""
    return not re.search(r"\d/|\bngay\b|\bthang \d", fold(deadline.text)) and not _BARE_YEAR.search(deadline.text)


def _read(text: str, found: Date, since: date) -> tuple[Deadline, ...]:
    """One date of a text as days; nothing when the calendar has no such day. «Ngày 10 và 25 hằng tháng» are two."""
    printed = text[found.start : found.end].strip()
    folded = fold(printed)
    years = [int(year) for year in re.findall(r"\b20\d\d\b", folded)]
    every = _rhythm(folded)
    try:
        if found.when is When.CYCLE:
            return (
                Deadline(printed, None, _next(_month_end(since.year, every), every, since) if every else None, every),
            )
        if found.when is When.DAY:
            return _of_day(printed, folded, years, every, since)
        if found.when is When.MONTH:
            return _of_month(printed, folded, years or _only_year(text), since)
    except ValueError:
        return ()
    first, last = date(years[0], 1, 1), date(years[-1], 12, 31)
    if found.when is When.YEAR:
        first, last = _part_of_year(fold(text[max(0, found.start - 9) : found.end]), years[0])
    return (_bounded(Deadline(printed, first, last, every), folded),)


def _rhythm(folded: str) -> int | None:
    return next((months for pattern, months in _RHYTHMS if pattern.search(folded)), None)


def _only_year(text: str) -> list[int]:
    """The year that a text names elsewhere: «tháng 6 và tháng 12 năm 2025»."""
    return [int(year) for year in dict.fromkeys(_BARE_YEAR.findall(text))][:1]


def _of_day(printed: str, folded: str, years: list[int], every: int | None, since: date) -> tuple[Deadline, ...]:
    match = _DAY.search(re.sub(r"\bnam 20\d\d|/20\d\d", "", folded))
    if match is None:
        return ()
    month = match[3] or match[4]
    if month is None and every == 1:
        days = [int(day) for day in (match[1], match[2]) if day]
        return tuple(Deadline(printed, None, _next(date(since.year, 1, day), 1, since), 1) for day in days)
    if month is None:
        return (Deadline(printed),)
    if years:
        return (_bounded(Deadline(printed, None, date(years[0], int(month), int(match[1]))), folded),)
    day = _next(date(since.year, int(month), int(match[1])), YEAR, since)
    return (_bounded(Deadline(printed, None, day, YEAR), folded),)


def _of_month(printed: str, folded: str, years: list[int], since: date) -> tuple[Deadline, ...]:
    quarter, month = _QUARTER.search(folded), _MONTH.search(folded)
    if quarter:
        number = _ROMAN.get(quarter[1]) or int(quarter[1])
        start, end = number * 3 - 2, number * 3
    elif month:
        start = end = int(month[1])
    else:
        return ()
    year = years[0] if years else since.year
    first, last = date(year, start, 1), _month_end(year, end)
    if years:
        return (_bounded(Deadline(printed, first, last), folded),)
    return (Deadline(printed, None, _next(last, YEAR, since), YEAR),)


def _part_of_year(folded: str, year: int) -> tuple[date, date]:
    first = date(year, 1, 1)
    if re.search(r"\b(?:giua|6 thang dau|sau thang dau)\b", folded):
        return first, date(year, 6, 30)
    return (first, date(year, 3, 31)) if "dau nam" in folded else (first, date(year, 12, 31))


def _bounded(deadline: Deadline, folded: str) -> Deadline:
    """«sau», «từ» open the end; «trước năm 2025» ends with the year before, «đến» says nothing of the beginning."""
    text, first, last, every = deadline.text, deadline.first, deadline.last, deadline.every
    if folded.startswith("sau") and last is not None:
        return Deadline(text, last + timedelta(days=1), None)
    if re.match(r"ke tu\b|tu (?!.*(?:-|den))", folded):
        return Deadline(text, first or last)
    if folded.startswith("truoc") and first is not None:
        return Deadline(text, None, first - timedelta(days=1), every)
    return Deadline(text, None, last, every) if folded.startswith("den") else deadline


def _next(day: date, every: int | None, since: date) -> date:
    """The first time not before the plan itself."""
    return due(Deadline("", None, day, every), since) or day


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * YEAR + day.month - 1 + months, YEAR)
    at_end = months % YEAR and day.day == monthrange(day.year, day.month)[1]
    length = monthrange(year, month + 1)[1]
    return date(year, month + 1, length if at_end else min(day.day, length))


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])
