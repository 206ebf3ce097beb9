"""A real table → the rows that a flattened one gives.

The format tells the place of every cell, so that no column is guessed. What is left to be found: how far the header
goes, which rows are groups, which belong to the numbered row above, and what a merged cell says to each row that it
covers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.clean import fold
from ingest.model import Line
from ingest.readers.source import Grid, GridCell
from ingest.tables.cells import row_number
from ingest.tables.columns import Column, is_tt, leaf_columns
from ingest.tables.decode import Cell
from ingest.tables.find import NOTE, Table
from ingest.tables.levels import with_spans
from ingest.tables.merge import repeat_ditto, split_combined
from ingest.tables.numbering import Marker
from ingest.tables.rows import DraftRow, grouped

_LEADING = re.compile(r"^\(?(?P<n>[IVXL]{1,6}(?:\.\d{1,2})?|[A-HĐ]|\d{1,3}(?:\.\d{1,3})*)\s*[.):/-]\s*(?P<t>\S.*)$")
_UNNUMBERED = (0, 0)  # value of a group row without a number; its style is that of the finest group
_MAX_HEADER = 4  # rows


@dataclass(frozen=True, slots=True)
class _Shape:
    """The covered places of a grid, and which columns hold what."""

    at: dict[tuple[int, int], GridCell]
    height: int
    width: int
    number: int | None  # column of the row numbers
    columns: dict[int, Column]  # grid column → what it is; without the row numbers

    @property
    def content(self) -> str:
        """Role of the first column beside the numbers: what a row is about."""
        return next(iter(self.columns.values())).role

    def row(self, index: int) -> list[GridCell]:
        """Cells that cover a row, each once, from left to right."""
        return list(dict.fromkeys(self.at[index, c] for c in range(self.width) if (index, c) in self.at))

    def own(self, index: int) -> list[GridCell]:
        """Cells that begin in a row."""
        return [cell for cell in self.row(index) if cell.row == index]


def read_grid(grid: Grid, lines: Sequence[Line]) -> Table | None:
    """As `grid_table`, and a cell that names lead and coordinating agencies becomes two."""
    table = grid_table(grid, lines)
    if table is not None:
        repeat_ditto(table.rows)
        split_combined(table.rows)
    return table


def grid_table(grid: Grid, lines: Sequence[Line]) -> Table | None:
    """The rows of a real table; None where it has no header or no row below it.

    Args:
        grid: the cells.
        lines: on which they stand, without others.
    """
    at = _covered(with_spans(grid))
    height, width = max((r for r, _ in at), default=-1) + 1, max((c for _, c in at), default=-1) + 1
    bare = _Shape(at, height, width, None, {})
    top = next((i for i in range(height) if len(_filled(bare.row(i))) > 1), height)  # above it stands a title
    bottom = _header_end(bare, top)
    if bottom >= height or width < 2:
        return None
    shape = _with_columns(bare, top, bottom)
    header = [Cell(cell.text, cell.lines) for i in range(bottom) for cell in bare.own(i) if cell.lines]
    table = Table([Column("tt", "TT"), *shape.columns.values()], header, [])
    body = list(_body(shape, top, bottom, table))
    below = _note_lines(shape, body)
    table.notes = [line for line in lines if line.number in below]
    noted = {line.number for line in table.notes}
    body = [i for i in body if not noted.intersection(n for cell in shape.own(i) for n in cell.lines)]
    table.rows = grouped(_segments(shape, body))
    return table


def _covered(grid: Grid) -> dict[tuple[int, int], GridCell]:
    """Place → cell; of two that claim a place the first has it."""
    at: dict[tuple[int, int], GridCell] = {}
    for cell in grid.cells:
        for row in range(cell.row, cell.row + cell.rows):
            for column in range(cell.column, cell.column + cell.columns):
                at.setdefault((row, column), cell)
    return at


def _filled(cells: Sequence[GridCell]) -> list[GridCell]:
    return [cell for cell in cells if cell.text]


def _header_end(shape: _Shape, top: int) -> int:
    """The first row below the header: behind the cells of its first row that reach down, and behind the names under a
    name that covers several columns."""
    if top >= shape.height:
        return top
    first = shape.own(top)
    end = top + max((cell.rows for cell in first), default=1)
    split = any(1 < cell.columns < shape.width and cell.rows == 1 and cell.text for cell in first)
    if end == top + 1 and split and not _is_body(shape, end):
        end += 1
    return end if end - top <= _MAX_HEADER else top + 1


def _is_body(shape: _Shape, index: int) -> bool:
    cells = shape.own(index) if index < shape.height else []
    return bool(cells) and row_number(cells[0].text) is not None


def _with_columns(bare: _Shape, top: int, bottom: int) -> _Shape:
    """Name the columns by the lowest header cell above each."""
    paths = {column: _path(bare, column, top, bottom) for column in range(bare.width)}
    number = next((column for column, path in paths.items() if is_tt(path[-1])), None)
    if number is None and _numbered(bare, bottom):
        number = 0
    named = [column for column in paths if column != number]
    columns = leaf_columns([paths[column] for column in named])
    return _Shape(bare.at, bare.height, bare.width, number, dict(zip(named, columns, strict=True)))


def _path(bare: _Shape, column: int, top: int, bottom: int) -> list[str]:
    """The header cells above a column, top down."""
    cells = list(dict.fromkeys(bare.at[i, column] for i in range(top, bottom) if (i, column) in bare.at))
    return [cell.text for cell in cells if cell.text] or [f"Cột {column + 1}"]


def _numbered(bare: _Shape, bottom: int) -> bool:
    """Whether the first column holds row numbers though its header does not say so."""
    first = [cell.text for i in range(bottom, bare.height) for cell in bare.own(i)[:1] if cell.column == 0]
    numbers = [text for text in first if row_number(text)]
    return len(numbers) >= 2 and len(numbers) >= 0.6 * len(first)


def _body(shape: _Shape, top: int, bottom: int, table: Table) -> Iterator[int]:
    """Rows below the header, without empty ones, column numbers and headers that a page break repeats."""
    header = [[fold(cell.text) for cell in shape.row(i)] for i in range(top, bottom)]
    index = bottom
    while index < shape.height:
        if [[fold(cell.text) for cell in shape.row(i)] for i in range(index, index + bottom - top)] == header:
            table.discarded.update(_discard(shape, range(index, index + bottom - top), "tiêu đề bảng lặp lại"))
            index += bottom - top
            continue
        if _counts_columns(shape, index):
            table.discarded.update(_discard(shape, range(index, index + 1), "hàng số thứ tự cột"))
        elif any(cell.lines for cell in shape.own(index)):
            yield index
        index += 1


def _discard(shape: _Shape, rows: range, reason: str) -> dict[int, str]:
    return {n: reason for i in rows for cell in shape.own(i) for n in cell.lines}


def _counts_columns(shape: _Shape, index: int) -> bool:
    """«(1) (2) (3) …» under the header; the first of them may be a letter («A», «B»)."""
    texts = [cell.text.strip("() .") for cell in shape.own(index)]
    numbers = [int(text) for text in texts if text.isdecimal()]
    alone = all(len(text) <= 2 for text in texts)
    return alone and len(numbers) >= 3 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _note_lines(shape: _Shape, body: Sequence[int]) -> set[int]:
    """Lines of the last rows from «Ghi chú» on, where each is one cell across the table."""
    single = len(body)
    while single and len(_filled(shape.row(body[single - 1]))) == 1:
        single -= 1
    for position in range(single, len(body)):
        if NOTE.match(fold(_filled(shape.row(body[position]))[0].text)):
            return {n for i in body[position:] for cell in shape.own(i) for n in cell.lines}
    return set()


def _segments(shape: _Shape, body: Sequence[int]) -> list[tuple[Marker | None, list[DraftRow]]]:
    """Numbered rows and groups, each with the rows without a number behind it."""
    segments: list[tuple[Marker | None, list[DraftRow]]] = []
    for index in body:
        marker, row = _row(shape, index)
        if marker is None and segments:
            above = segments[-1][1][0].tt if segments[-1][1] else ""
            row.parent = above or None
            segments[-1][1].append(row)
        else:
            segments.append((marker, [row]))
    return segments


def _row(shape: _Shape, index: int) -> tuple[Marker | None, DraftRow]:
    own = shape.own(index)
    row = DraftRow("", None, lines=[n for cell in own for n in cell.lines])
    for column in shape.columns:
        _fill(shape, row, index, column)
    across = _across(shape, index)
    if across:
        return _group(shape, row, across)
    printed = next((cell for cell in own if cell.column == shape.number), None)
    number = row_number(printed.text) if printed else None
    if printed and number:
        row.tt = printed.text.strip().rstrip(".)").lstrip("(")
        return Marker(index, *number, printed.text.strip()), row
    if printed and printed.text:  # «a)», «-»: a part of the row above; what is printed is kept
        row.cells[shape.content] = f"{printed.text} {row.cells.get(shape.content, '')}".strip()
    return None, row


def _across(shape: _Shape, index: int) -> GridCell | None:
    """The cell of a group's title: across the table, or across number and content («6. Giáo dục | | Sở …»)."""
    filled = _filled(shape.row(index))
    if len(filled) == 1 and filled[0].columns >= max(2, shape.width - 1):
        return filled[0]
    first = filled[0] if filled else None
    joined = first is not None and first.column == shape.number and first.columns > 1
    return first if joined else None


def _group(shape: _Shape, row: DraftRow, cell: GridCell) -> tuple[Marker, DraftRow]:
    """«II. Y tế», or a title without a number."""
    match = _LEADING.match(cell.text)
    number = row_number(match["n"]) if match else None
    title = match["t"] if match and number else cell.text
    row.cells = {shape.content: title} | {role: text for role, text in row.cells.items() if role != shape.content}
    if match and number:
        row.tt = match["n"]
        return Marker(cell.row, *number, match["n"]), row
    return Marker(cell.row, "subroman", _UNNUMBERED, ""), row


def _fill(shape: _Shape, row: DraftRow, index: int, column: int) -> None:
    """Give a row what the cell in a column says; a merged cell says it to every row and column that it covers, but
    what a row is about only says so once, however wide it is printed."""
    cell = shape.at.get((index, column))
    if cell is None or not cell.text or cell.column == shape.number:
        return
    first = next(c for c in range(cell.column, cell.column + cell.columns) if c in shape.columns)
    role = shape.columns[column].role
    if column != first and shape.columns[first].role == shape.content:
        return
    row.cells[role] = cell.text
    if cell.row < index or column != first:
        row.inherited.append(role)
