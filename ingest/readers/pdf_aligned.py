"""Tables without ruling lines: columns that are told apart by the white space between them.

A table is looked for below a row that begins with «TT» or «STT», and only where rows with consecutive numbers follow.
Its columns are divided by the strips that no word of these rows touches; it ends at a line that runs across them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ingest.readers.pdf_columns import merge_rows
from ingest.readers.pdf_tables import Cell, Sheet
from ingest.readers.pdf_text import Printed, split_at
from ingest.tables.cells import row_number
from ingest.tables.columns import is_tt

Row = list[Printed]
Span = tuple[float, float]
_STRIP = 4.0  # points of white space between two columns at least
_SPACES = 1.5  # of the usual space between two words: a column in which every cell begins with «Sở» is one
_WIDE = 12.0  # points: a strip that a line of the table may not cross
_TELLING = 7.0  # points
_SAMPLE = 12  # printed lines, by which spaces are measured
_HEADER = 8  # printed lines of a header
_COLUMNS = 3
_GAP = 1.25  # of the usual pitch: rows of the table that are further apart than the lines of a cell


@dataclass(frozen=True, slots=True)
class Columns:
    """Of a table: left edge of every column and the right edge of the last, in points, and the printed lines of its
    header."""

    edges: tuple[float, ...]
    header: int


def aligned_tables(
    rows: Sequence[Row], page: int, before: Columns | None = None
) -> tuple[list[Row], list[Sheet], Columns | None]:
    """The rows of a page that stand in no such table, the tables, and the columns of the last, where it ends the page.

    Args:
        rows: of the page, from top to bottom.
        page: from 1.
        before: columns of the table that the page before ended with: it may go on here.
    """
    if before is None and not any(is_tt(_first_word(row)) for row in rows):
        return list(rows), [], None
    rows = merge_rows(rows)
    rest: list[Row] = []
    sheets: list[Sheet] = []
    at, columns = 0, before
    while at < len(rows):
        table = _table(rows, at, page, before if at == 0 else None)
        if table is None:
            rest.append(rows[at])
            columns = None
            at += 1
        else:
            at, sheet, columns = table
            sheets.append(sheet)
    return rest, sheets, columns


def _first_word(row: Row) -> str:
    text = row[0].text
    return text[:5] if text[:5].casefold() == "số tt" else text.split(" ", 1)[0]


def _least(rows: Sequence[Row]) -> float:
    """Points between two columns at least."""
    spaces = [start - end for row in rows for part in row for end, start in part.gaps]
    return max(_STRIP, _SPACES * median(spaces)) if spaces else _STRIP


def _table(rows: Sequence[Row], at: int, page: int, before: Columns | None) -> tuple[int, Sheet, Columns] | None:
    """From a row that begins with «TT» on, or where the table of the page before goes on: the row behind the table,
    the table, and its columns."""
    body = _body(rows, at, before)
    if body is None:
        return None
    least = _least(rows[at : at + _SAMPLE])
    strips, end = _extent(rows, body, at, before, least)
    end = _without_heading(rows, body, end, strips)
    numbered = [i for i in range(body, end) if _number(rows[i]) and rows[i][0].x0 < strips[0][0]]
    if len(strips) + 1 < _COLUMNS or len(numbered) < (1 if before else 2):
        return None
    starts = sorted({at, body, *_starts(rows, body, end, numbered)})
    columns = before or _columns(rows[at:end], strips, body - at)
    inner = [(a + b) / 2 for a, b in strips]
    cells = [
        cell
        for number, (start, stop) in enumerate(zip(starts, [*starts[1:], end], strict=True))
        for cell in _cells(rows[start:stop], number, inner, columns.edges)
    ]
    return end, Sheet(cells, rows[at][0].top, rows[end - 1][0].bottom, [page]), columns


def _body(rows: Sequence[Row], at: int, before: Columns | None) -> int | None:
    """The first line below the header, or where the rest of a table begins; None where neither does."""
    if not is_tt(_first_word(rows[at])):
        return at if before else None
    if before:
        return at + before.header if at + before.header < len(rows) else None
    below = range(at + 1, min(len(rows), at + _HEADER))
    return next((i for i in below if _number(rows[i]) in ("1", "I", "A")), None)


def _columns(rows: Sequence[Row], strips: Sequence[Span], header: int) -> Columns:
    left, right = min(row[0].x0 for row in rows), max(row[-1].x1 for row in rows)
    return Columns((left - 1, *(b - 1 for _, b in strips), right + 2 * _WIDE), header)


def _number(row: Row) -> str:
    """The row number that a row begins with, else «»."""
    word = row[0].text.split(" ", 1)[0]
    return word.strip("().") if row_number(word) else ""


def _words(row: Row) -> list[Span]:
    """Left and right edge of every word."""
    found = []
    for part in row:
        starts = [part.x0, *(start for _, start in part.gaps)]
        ends = [*(end for end, _ in part.gaps), part.x1]
        found += list(zip(starts, ends, strict=True))
    return found


def _free(words: Iterable[Span], least: float) -> list[Span]:
    """The strips that no word touches."""
    strips: list[Span] = []
    reach = None
    for start, end in sorted(words):
        if reach is not None and start - reach >= least:
            strips.append((reach, start))
        reach = end if reach is None else max(reach, end)
    return strips


def _extent(rows: Sequence[Row], first: int, at: int, before: Columns | None, least: float) -> tuple[list[Span], int]:
    """The strips between the columns, and the row behind the table."""
    words = _words(rows[at])[:1] if at < first else []
    strips = _free([*words, *_words(rows[first])], least)
    if before:
        strips = [(x - max(least, _TELLING), x + 1) for x in before.edges[1:-1]]
    end = first
    while end < len(rows):
        own = _words(rows[end])
        if end > first and is_tt(_first_word(rows[end])):
            break
        if _crosses(own, strips, least) or (not before and len(_free([*words, *own], least)) + 1 < _COLUMNS):
            break
        words += own
        strips = strips if before else _free(words, least)
        end += 1
    for row in rows[at:first]:  # names of columns are wider than numbers; one that stands over two is left out
        with_names = _free([*words, *_words(row)], least)
        if len(with_names) == len(strips) and not before:
            words, strips = [*words, *_words(row)], with_names
    return strips, end


def _without_heading(rows: Sequence[Row], first: int, end: int, strips: Sequence[Span]) -> int:
    """Behind the last row of the table: a numbered line below it that fills no third column is a heading."""
    inner = [(a + b) / 2 for a, b in strips]
    filled = [len({_column(p, inner) for part in rows[i] for p in _cut(part, inner)}) for i in range(first, end)]
    last = max((i for i, count in enumerate(filled, first) if count >= _COLUMNS), default=first)
    return next((i for i in range(last + 1, end) if rows[i][0].x0 < strips[0][0]), end)


def _column(piece: Printed, inner: Sequence[float]) -> int:
    return sum((piece.x0 + piece.x1) / 2 > x for x in inner)


def _crosses(words: Sequence[Span], strips: Sequence[Span], least: float) -> bool:
    """Whether a line runs over the first strip or over a wide one: a word stands in it."""
    held = [s for s in strips if any(a < s[1] - _STRIP / 2 and b > s[0] + _STRIP / 2 for a, b in words)]
    whole = [s for s in held if _width_left(s, words) < min(least, s[1] - s[0])]
    telling = [s for s in whole if s[1] - s[0] >= _TELLING]  # a narrower one may be the space between two words
    return any(s is strips[0] or s[1] - s[0] >= _WIDE for s in whole) or len(telling) > 1


def _width_left(strip: Span, words: Sequence[Span]) -> float:
    """How much of a strip the words leave free."""
    inside = sorted((max(a, strip[0]), min(b, strip[1])) for a, b in words if a < strip[1] and b > strip[0])
    marks = [(strip[0], strip[0]), *inside, (strip[1], strip[1])]
    return max(b[0] - a[1] for a, b in pairwise(marks))


def _starts(rows: Sequence[Row], first: int, end: int, numbered: Sequence[int]) -> list[int]:
    """Where the rows of the table begin: at wide gaps, where these part all numbered rows; else at the numbers."""
    pitches = [(rows[i][0].bottom - rows[i - 1][0].bottom) for i in range(first + 1, end)]
    usual = min((p for p in pitches if p > 0), default=0.0)
    gaps = [i for i in range(first + 1, end) if rows[i][0].bottom - rows[i - 1][0].bottom > _GAP * usual]
    parted = all(any(a < gap <= b for gap in gaps) for a, b in pairwise(numbered))
    return [first, *gaps] if parted and gaps else list(numbered)


def _cells(rows: Sequence[Row], number: int, inner: Sequence[float], edges: Sequence[float]) -> list[Cell]:
    """The cells of a row of the table, the empty ones too."""
    held: list[list[Printed]] = [[] for _ in edges[1:]]
    for row in rows:
        for part in row:
            for piece in _cut(part, inner):
                held[_column(piece, inner)].append(piece)
    return [Cell(number, 1, x0, x1, tuple(lines)) for lines, (x0, x1) in zip(held, pairwise(edges), strict=True)]


def _cut(part: Printed, edges: Sequence[float]) -> list[Printed]:
    """A printed line in the pieces that stand in one column each."""
    for at, (end, start) in enumerate(part.gaps):
        if any(end - 1 < edge < start + 1 for edge in edges):
            left, rest = split_at(part, at)
            return [left, *_cut(rest, edges)]
    return [part]
