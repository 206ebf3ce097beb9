"""Which column each cell of a flattened row belongs to.

A flattened table prints one cell a line and may leave out empty and merged cells, so a cell's column is not its
position. The best path through the columns is found by dynamic programming (Viterbi): every cell scores how well its
text fits a column's role, moving right over skipped columns costs a little, writing on in the same column costs
unless the text shows that it continues, and going back to the content column opens a sub-row without a number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.clean import fold, is_open, words
from ingest.tables.cells import CellKind, could_be_value, kind_of
from ingest.tables.columns import AGENCY_ROLES, CONTENT_ROLES, Column

_SKIP = 0.3  # a column without a cell, where the layout leaves empty cells out
_SKIP_EXPLICIT = 4.0  # the same where it prints them
_CONTINUE = 0.5  # a cell that reads on from the one before
_APPEND = 5.0  # a second cell in a column for no visible reason
_REPEAT = 0.2  # the same text printed twice
_SUBROW = 4.0  # a sub-row in a table of values
_SUBROW_TASKS = 7.0  # a sub-row in a table of tasks, where unnumbered rows are rare
_FORBIDDEN = -1e9
_YEAR = re.compile(r"\b20\d\d\b")


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed cell and the source lines it stands on."""

    text: str
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell with the row (0 for the numbered row, 1… for its sub-rows) and column it was assigned to."""

    cell: Cell
    row: int
    column: int


def place(cells: Sequence[Cell], columns: Sequence[Column], explicit: bool) -> list[Placed]:
    """Assign the cells that follow a row number to columns 1…n-1 and to sub-rows.

    `explicit` says that the layout prints empty cells. Cells of a sub-row's empty number column are dropped.
    """
    if not cells:
        return []
    has_values = any(c.role == "unit" or c.role.startswith("target_") for c in columns)
    grid = _Grid(tuple(columns), explicit, _SUBROW if has_values else _SUBROW_TASKS)
    scores = [[grid.start(cells[0], column) for column in range(len(columns))]]
    back: list[list[int]] = []
    for before, cell in pairwise(cells):
        current, origin = _step(grid, scores[-1], before, cell)
        scores.append(current)
        back.append(origin)
    return _trace(grid, cells, _path(scores, back))


def _step(grid: _Grid, before: list[float], last: Cell, cell: Cell) -> tuple[list[float], list[int]]:
    current, origin = [], []
    for column in range(len(grid.columns)):
        options = [score + grid.move(source, column, last, cell) for source, score in enumerate(before)]
        best = max(range(len(options)), key=lambda i: (options[i], -i))
        current.append(options[best] + grid.fit(cell, column))
        origin.append(best)
    return current, origin


def _path(scores: list[list[float]], back: list[list[int]]) -> list[int]:
    """The best column of every cell."""
    column = max(range(len(scores[-1])), key=lambda i: (scores[-1][i], -i))
    path = [column]
    for origin in reversed(back):
        column = origin[column]
        path.append(column)
    return path[::-1]


def _trace(grid: _Grid, cells: Sequence[Cell], path: list[int]) -> list[Placed]:
    placed, row, previous = [], 0, 0
    for index, (cell, column) in enumerate(zip(cells, path, strict=True)):
        again = column == previous and index > 0 and grid.opens_subrow(column, cells[index - 1], cell)
        row += column < previous or again
        previous = column
        if column:
            placed.append(Placed(cell, row, column))
    return placed


@dataclass(frozen=True, slots=True)
class _Grid:
    columns: tuple[Column, ...]
    explicit: bool
    subrow: float

    def start(self, cell: Cell, column: int) -> float:
        """Score of the first cell after the row number."""
        return _FORBIDDEN if column == 0 else self._skipped(0, column) + self.fit(cell, column)

    def move(self, source: int, target: int, last: Cell, cell: Cell) -> float:
        """Cost (negative) of going from one cell's column to the next cell's."""
        if target > source:
            return self._skipped(source, target)
        if target == source:
            return -self.again(target, last, cell) if target else _FORBIDDEN
        if self.explicit:  # a sub-row starts with its empty number cell
            return -1.0 if target == 0 else _FORBIDDEN
        return -self.subrow if target == 1 else _FORBIDDEN

    def again(self, column: int, last: Cell, cell: Cell) -> float:
        """Cost of a second cell in one column; in the content column it may be a sub-row below a bare title."""
        joint = _joint(last.text, cell.text)
        return min(joint, self.subrow) if self.opens_subrow(column, last, cell) else joint

    def opens_subrow(self, column: int, last: Cell, cell: Cell) -> bool:
        """Whether a second cell in the content column is the content of a sub-row."""
        return column == 1 and not self.explicit and _joint(last.text, cell.text) > self.subrow

    def is_value(self, column: int) -> bool:
        """A column of numbers: a target, or any other column whose header names a year («Thực hiện 2023»)."""
        role = self.columns[column].role
        return role.startswith("target_") or (role == self.columns[column].header and bool(_YEAR.search(role)))

    def _skipped(self, source: int, target: int) -> float:
        cost = _SKIP_EXPLICIT if self.explicit else _SKIP
        skipped_content = source == 0 and target > 1
        return -cost * (target - source - 1) - (5.0 if skipped_content else 0.0)

    def fit(self, cell: Cell, column: int) -> float:
        """How well a text fits a column."""
        kind = kind_of(cell.text)
        if column == 0:
            return 0.0 if kind is CellKind.EMPTY and self.explicit else _FORBIDDEN
        role = self.columns[column].role
        if role in CONTENT_ROLES or column == 1:
            return _fit_content(cell.text, kind)
        if kind is CellKind.EMPTY:
            return 0.0
        if self.is_value(column):
            return _fit_target(cell.text, kind)
        if role == "unit":
            return _fit_unit(cell.text, kind)
        if role in AGENCY_ROLES:
            return _fit_agency(kind, role, cell.text)
        return _fit_other(cell.text, kind, role)


def _joint(last: str, text: str) -> float:
    """Cost of a second cell in the same column."""
    if last == text and words(text) >= 2:
        return _REPEAT
    listed = last[:1] in "-+•" and text[:1] in "-+•" and min(len(last), len(text)) > 1
    if listed or (text[:1].islower() and is_open(last)):
        return _CONTINUE
    return _APPEND


def _fit_content(text: str, kind: CellKind) -> float:
    if kind in (CellKind.EMPTY, CellKind.DASH, CellKind.INVOLVED):
        return -6.0
    length = words(text)
    if length >= 8:
        return 3.0
    if kind is CellKind.TEXT:
        return 2.0 if length >= 3 else 0.0
    return {CellKind.VALUE: -4.0, CellKind.UNIT: -2.0, CellKind.AGENCY: -2.5, CellKind.TIME: -3.0}[kind]


def _fit_unit(text: str, kind: CellKind) -> float:
    if kind is CellKind.TEXT:
        return 0.5 if words(text) <= 3 else -4.0
    return {CellKind.UNIT: 3.0, CellKind.DASH: 0.0}.get(kind, -4.0)


def _fit_target(text: str, kind: CellKind) -> float:
    if kind is CellKind.VALUE or could_be_value(text):
        return 3.0
    if kind is CellKind.TEXT:
        return -1.0 if words(text) <= 8 else -4.0
    return {CellKind.DASH: 2.0, CellKind.UNIT: -2.0}.get(kind, -4.0)


def _fit_agency(kind: CellKind, role: str, text: str) -> float:
    if kind is CellKind.INVOLVED:
        return 4.0 if role == "coordinating" else 1.0
    if kind is CellKind.AGENCY:
        return 3.0
    if kind is CellKind.TEXT:
        # «các huyện, thành phố.»: the rest of a cell that a page break cut
        return 0.5 if text[:1].islower() and words(text) <= 12 and role == "coordinating" else -2.0
    return 0.0 if kind is CellKind.DASH else -4.0


def _fit_other(text: str, kind: CellKind, role: str) -> float:
    """Time, note, submitting level, and columns whose header names no known role."""
    if role == "time":
        if kind is CellKind.TIME or could_be_value(text):
            return 4.0
        return -4.0 if kind in (CellKind.AGENCY, CellKind.INVOLVED) else (-0.5 if words(text) <= 12 else -3.0)
    if role == "submit_to":
        return 3.0 if kind is CellKind.AGENCY or fold(text).startswith(("ubnd", "hdnd", "tinh uy", "uy ban")) else -1.0
    return -1.0 if kind in (CellKind.AGENCY, CellKind.INVOLVED, CellKind.TIME) else 0.0
