"""The ruled tables of one page: cells from the lines between them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ingest.readers.pdf_text import Glyph, Printed, printed_rows

_SAME = 3.0  # points: edges nearer than this are one
_RISE = 0.3  # of the size: the middle of a letter above its baseline

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its first row, how many rows, its left and right edge in points, and what is printed in it. Columns are
    numbered when all pages of the table are known."""

    row: int
    rows: int
    x0: float
    x1: float
    lines: tuple[Printed, ...] = ()

    @property
    def end(self) -> int:
        """The row behind its last."""
        return self.row + self.rows

    @property
    def text(self) -> str:
        """What is printed in it, line by line."""
        return " ".join(line.text for line in self.lines)

    def matches(self, other: Cell) -> bool:
        """Whether both stand between the same edges."""
        return abs(self.x0 - other.x0) <= _SAME and abs(self.x1 - other.x1) <= _SAME


@dataclass(slots=True)
class Sheet:
    """A table, or its part on one page. `top` and `bottom` are edges in points on its first and last page."""

    cells: list[Cell]
    top: float
    bottom: float
    pages: list[int] = field(default_factory=list)

    @property
    def height(self) -> int:
        """Number of rows."""
        return max((cell.end for cell in self.cells), default=0)

    @property
    def x0(self) -> float:
        """Its left edge."""
        return min(cell.x0 for cell in self.cells)

    @property
    def x1(self) -> float:
        """Its right edge."""
        return max(cell.x1 for cell in self.cells)

    def row(self, index: int) -> list[Cell]:
        """Cells that begin in a row, from left to right."""
        return sorted((c for c in self.cells if c.row == index), key=lambda c: c.x0)

    def placed(self) -> list[tuple[Cell, int, int, int, int]]:
        """Cells in reading order: (cell, row, column, rows, columns)."""
        edges = clustered([x for cell in self.cells for x in (cell.x0, cell.x1)])
        found = []
        for cell in sorted(self.cells, key=lambda c: (c.row, c.x0)):
            first, last = _nearest(edges, cell.x0), _nearest(edges, cell.x1)
            found.append((cell, cell.row, first, cell.rows, max(1, last - first)))
        return found


def clustered(values: Sequence[float]) -> list[float]:
    """Sorted values, those nearer than 3 points taken as one."""
    kept: list[float] = []
    for value in sorted(values):
        if not kept or value - kept[-1] > _SAME:
            kept.append(value)
    return kept


def _nearest(edges: Sequence[float], value: float) -> int:
    at = bisect_right(edges, value)
    return min((i for i in (at - 1, at) if 0 <= i < len(edges)), key=lambda i: abs(edges[i] - value))


def sheet_of(boxes: Sequence[Box], glyphs: Sequence[Glyph], page: int) -> tuple[Sheet, set[int]] | None:
    """A table of a page and which of the glyphs (by position) stand in it; None for a frame around one text.

    Args:
        boxes: of the cells, (x0, top, x1, bottom).
        glyphs: all of the page.
        page: from 1.
    """
    ys = clustered([y for box in boxes for y in (box[1], box[3])])
    xs = clustered([x for box in boxes for x in (box[0], box[2])])
    if len(boxes) < 2 or len(xs) < 3:
        return None
    places: dict[tuple[int, int], int] = {}
    cells = []
    for number, (x0, top, x1, bottom) in enumerate(boxes):
        first, last = _nearest(ys, top), _nearest(ys, bottom)
        cells.append(Cell(first, max(1, last - first), x0, x1))
        for row in range(first, max(first + 1, last)):
            for column in range(_nearest(xs, x0), max(_nearest(xs, x0) + 1, _nearest(xs, x1))):
                places.setdefault((row, column), number)
    inside: dict[int, list[Glyph]] = {}
    used = set()
    for at, glyph in enumerate(glyphs):
        row = bisect_right(ys, glyph.baseline - _RISE * glyph.size) - 1
        column = bisect_right(xs, (glyph.x0 + glyph.x1) / 2) - 1
        number_at = places.get((row, column))
        if number_at is not None:
            inside.setdefault(number_at, []).append(glyph)
            used.add(at)
    filled = [replace(cell, lines=_lines(inside.get(n, []), page)) for n, cell in enumerate(cells)]
    return Sheet(_without_empty_rows(filled), ys[0], ys[-1], [page]), used


def _lines(glyphs: Sequence[Glyph], page: int) -> tuple[Printed, ...]:
    return tuple(part for row in printed_rows(glyphs, page, whole=True) for part in row)


def _without_empty_rows(cells: Sequence[Cell]) -> list[Cell]:
    """Rows in which no cell begins (two rules that nearly touch) are taken out."""
    begun = sorted({cell.row for cell in cells})
    index = {row: at for at, row in enumerate(begun)}
    made = []
    for cell in cells:
        rows = sum(cell.row <= row < cell.end for row in begun)
        made.append(replace(cell, row=index[cell.row], rows=rows))
    return made
