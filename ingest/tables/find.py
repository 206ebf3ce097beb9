"""Find a table among lines, read its header, drop what page breaks repeat, and build its rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.clean import fold
from ingest.model import Line
from ingest.tables.cells import row_number
from ingest.tables.columns import Column, columns_of, is_tt
from ingest.tables.decode import Cell
from ingest.tables.merge import inherit, join_cut_cells, join_cut_rows, repeat_ditto, split_combined
from ingest.tables.numbering import find_markers
from ingest.tables.rows import DraftRow, build_rows

NOTE = re.compile(r"^[(*\s]*ghi chu\s*(?:[:)]|$)|^\(\*+\)|^\*{1,3}\s?\)?\s?ghi chu")
_END = re.compile(r"^(?:TM|KT|TL|TUQ|Q)\.\s|^(?:Nơi nhận|NƠI NHẬN)\b")
BAR = "|"  # a line of its own between the cells of a table that was copied from a page; `raw` of a line without text
RULE = re.compile(r"^\|?[\s|:=-]+\|?$")
_MAX_HEADER = 24


@dataclass(slots=True)
class Table:
    """A table with its rows; line numbers by what became of them."""

    columns: list[Column]
    header: list[Cell]
    rows: list[DraftRow]
    notes: list[Line] = field(default_factory=list)
    discarded: dict[int, str] = field(default_factory=dict)
    end: int = 0  # index behind the last line that belongs to the table


def is_pipe(line: Line) -> bool:
    """Whether a line is a row of a Markdown table."""
    return line.text.startswith("|") and line.text.count("|") >= 3


def is_rule(text: str) -> bool:
    """«|---|:-:|», the line below the header of a Markdown table."""
    return bool(RULE.match(text)) and "-" in text and "|" in text


def starts_table(lines: Sequence[Line], index: int) -> bool:
    """Whether a table's header starts here: a pipe row, or «TT» followed by at least two header cells and a number."""
    if is_pipe(lines[index]):
        below = [x.text for x in lines[index + 1 : index + 3]]
        headed = is_tt(lines[index].text.split("|")[1]) and bool(below) and is_pipe(lines[index + 1])
        return not RULE.match(lines[index].text) and (headed or any(is_rule(text) for text in below))
    if not is_tt(lines[index].text):
        return False
    following = [line.text for line in lines[index + 1 : index + 4 * _MAX_HEADER] if line.text][:_MAX_HEADER]
    return any(row_number(text) for text in following[2:])


def read_table(lines: Sequence[Line], start: int) -> Table:
    """Read the table whose header starts at `start`, up to a closing block or the end of the lines."""
    end = next((i for i in range(start, len(lines)) if _END.match(lines[i].text)), len(lines))
    region = lines[start:end]
    explicit = sum(_explicit_empty(line) for line in region) >= 3
    cells = _cells(region, explicit)
    size, numbers = _header_size(cells)
    table = Table(columns_of([c.text for c in cells[:size]]), cells[:size], [])
    table.discarded.update({n: "hàng số thứ tự cột" for c in cells[size : size + numbers] for n in c.lines})
    body, notes_from = _split_notes(cells[size + numbers :])
    body = _without_repeats(body, [c.text for c in cells[:size]], table)
    table.rows = build_rows(_trimmed(body), table.columns, explicit)
    table.notes = [line for line in region if line.text and line.number >= notes_from]
    join_cut_rows(table.rows)
    if not explicit:
        join_cut_cells(table.rows)
        inherit(table.rows, [column.role for column in table.columns])
    repeat_ditto(table.rows)
    split_combined(table.rows)
    table.end = end
    return table


def _cells(region: Sequence[Line], explicit: bool) -> list[Cell]:
    """Cells of a flattened table: one a line; where blank lines or bars stand between cells, adjacent lines are one
    cell."""
    cells: list[Cell] = []
    adjacent: list[bool] = []
    previous: Line | None = None
    for line in region:
        if line.text or (explicit and _explicit_empty(line)):
            cells.append(Cell(line.text, (line.number,)))
            adjacent.append(previous is not None and previous.number == line.number - 1)
            previous = line
    barred = any(line.raw == BAR and not line.text for line in region)
    if not barred and sum(adjacent) > 0.2 * len(adjacent):
        return cells
    joined: list[Cell] = []
    for cell, goes_on in zip(cells, adjacent, strict=True):
        if goes_on and cell.text and joined[-1].text:
            joined[-1] = Cell(f"{joined[-1].text} {cell.text}", joined[-1].lines + cell.lines)
        else:
            joined.append(cell)
    return joined


def _explicit_empty(line: Line) -> bool:
    return not line.text and "\u00a0" in line.raw


def _header_size(cells: Sequence[Cell]) -> tuple[int, int]:
    """Number of header cells, and of column-number cells («(1) (2) (3) …») behind them."""
    for index in range(2, min(len(cells), _MAX_HEADER)):
        if row_number(cells[index].text) is None:
            continue
        run = _number_run(cells, index)
        return (index, run) if run >= 3 else (index, 0)
    return min(len(cells), 1), 0


def _number_run(cells: Sequence[Cell], start: int) -> int:
    """Length of a run 1, 2, 3 … of numbers."""
    length = 0
    while start + length < len(cells):
        number = row_number(cells[start + length].text)
        if number is None or number != ("arabic", (length + 1,)):
            break
        length += 1
    return length


def _split_notes(cells: list[Cell]) -> tuple[list[Cell], int]:
    """Cells before «Ghi chú:», and the line on which the notes start."""
    for index, cell in enumerate(cells):
        if not NOTE.match(fold(cell.text)):
            continue
        in_header = any(is_tt(c.text) for c in cells[max(0, index - _MAX_HEADER) : index])
        if not in_header and not find_markers(cells[index:]):
            return cells[:index], cell.lines[0]
    return cells, 1 << 60


def _without_repeats(cells: list[Cell], header: Sequence[str], table: Table) -> list[Cell]:
    """Drop headers repeated at page breaks, the column numbers under them, and a page number before them."""
    wanted = [fold(text) for text in header]
    kept: list[Cell] = []
    index = 0
    while index < len(cells):
        size = len(wanted)
        if [fold(c.text) for c in cells[index : index + size]] != wanted:
            kept.append(cells[index])
            index += 1
            continue
        while kept and not kept[-1].text:
            kept.pop()
        if kept and kept[-1].text.isdigit():
            table.discarded[kept.pop().lines[0]] = "số trang"
        run = _number_run(cells, index + size)
        stop = index + size + (run if run >= 3 else 0)
        table.discarded.update({n: "tiêu đề bảng lặp lại" for c in cells[index:stop] for n in c.lines})
        index = stop
    return kept


def _trimmed(cells: list[Cell]) -> list[Cell]:
    """Empty cells behind the last row are spacing of the page, not cells."""
    end = len(cells)
    while end and not cells[end - 1].text:
        end -= 1
    return cells[:end]
