"""A Markdown table → rows. Its cells have a place, so it is read as a real table is; but what it cannot say, that
cells are merged, it says by leaving them empty."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.agencies import find_agencies
from ingest.clean import repair, strip_markup
from ingest.model import Line
from ingest.readers.source import Grid, GridCell
from ingest.tables.cells import row_number
from ingest.tables.find import RULE, Table, is_pipe
from ingest.tables.grid import grid_table
from ingest.tables.merge import inherit, join_cut_cells, join_cut_rows, split_combined

_LONG, _NUMBER = 60, 8  # characters


def read_pipe(lines: Sequence[Line], start: int) -> Table | None:
    """The Markdown table whose header starts at `start`; None where it has no row below its header."""
    last = end = start
    while end < len(lines) and (is_pipe(lines[end]) or not lines[end].text):
        last = end if lines[end].text else last
        end += 1
    printed = [line for line in lines[start : last + 1] if line.text]
    rows = [line for line in printed if not RULE.match(line.text)]
    table = grid_table(_grid(rows), rows)
    if table is None:
        return None
    table.discarded.update({line.number: "đường kẻ" for line in printed if RULE.match(line.text)})
    join_cut_rows(table.rows)
    join_cut_cells(table.rows)
    inherit(table.rows, [column.role for column in table.columns])
    split_combined(table.rows)
    table.end = last + 1
    return table


def pipe_cells(line: Line) -> list[str]:
    """The texts of a row's cells; `<br>` is a space, `\\\\|` a bar."""
    inner = line.text.strip().removeprefix("|").removesuffix("|")
    parts = [re.sub(r"<br\s*/?>", " ", cell) for cell in re.split(r"(?<!\\)\|", inner)]
    return [repair(strip_markup(part.strip())) for part in parts]


def _grid(rows: Sequence[Line]) -> Grid:
    printed = [pipe_cells(line) for line in rows]
    width = len(printed[0]) if printed else 0
    looks = [_looks([row[column] for row in printed[1:] if len(row) == width]) for column in range(width)]
    cells = [
        GridCell(text, (line.number,), at, column)
        for at, line in enumerate(rows)
        for column, text in enumerate(_fitted(printed[at], looks))
    ]
    return Grid(tuple(cells))


def _look(text: str) -> tuple[float, ...]:
    """What a cell is like: a row number, empty, names an agency, holds a figure, how long it is."""
    number = row_number(text) is not None and len(text) <= _NUMBER
    return number, not text, bool(find_agencies(text)), bool(re.search(r"\d", text)), min(len(text) / _LONG, 1.0)


def _looks(texts: Sequence[str]) -> tuple[float, ...]:
    """The shares of the cells of a column that are like that."""
    found = [_look(text) for text in texts]
    return tuple(sum(column) / len(found) for column in zip(*found, strict=True))


def _fitted(cells: list[str], looks: Sequence[tuple[float, ...]]) -> list[str]:
    """A row with more cells than the table has columns holds a bar that is text: the cells that it parted are joined
    where the row is then most like the others."""
    spare = len(cells) - len(looks)
    if spare <= 0 or not all(looks):
        return cells
    choices = [
        [*cells[:at], " | ".join(cells[at : at + spare + 1]), *cells[at + spare + 1 :]] for at in range(len(looks))
    ]
    return min(choices, key=lambda row: sum(_unlike(text, look) for text, look in zip(row, looks, strict=True)))


def _unlike(text: str, look: Sequence[float]) -> float:
    return sum(abs(own - share) for own, share in zip(_look(text), look, strict=True))
