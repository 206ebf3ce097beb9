"""The cells of a table → its groups, rows and sub-rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ingest.clean import fold
from ingest.tables.columns import CONTENT_ROLES, Column
from ingest.tables.decode import Cell, Placed, place
from ingest.tables.numbering import GROUP_STYLES, Marker, find_markers

_UNITS = re.compile(r"^(?:ten )?(?:don vi(?! tinh)|co quan|dia phuong|huyen|xa\b|phuong|truong|co so|to chuc)")
_TOTAL = re.compile(r"^(?:tong(?: cong| so|:|$)|cong(?: [ivx\d]+|:|$)|toan (?:tinh|huyen|thanh pho)$)")


@dataclass(slots=True)
class DraftRow:
    """A row on its way: cells by role, the lines they stand on, the group path it belongs to."""

    tt: str
    parent: str | None
    groups: tuple[DraftRow, ...] = ()
    cells: dict[str, str] = field(default_factory=dict)
    lines: list[int] = field(default_factory=list)
    inherited: list[str] = field(default_factory=list)
    is_group: bool = False
    depth: int = 0

    @property
    def content(self) -> str:
        """The text of the first column: an indicator, a task, or a group's title."""
        return next((self.cells[role] for role in CONTENT_ROLES if role in self.cells), "")

    @property
    def title(self) -> str:
        """A group as printed: «IX. Nhà ở»."""
        return f"{self.tt}. {self.content}" if self.tt else self.content


def build_rows(cells: Sequence[Cell], columns: Sequence[Column], explicit: bool) -> list[DraftRow]:
    """Rows in order, groups among them (`is_group`). Cells before the first number are taken as an unnumbered row."""
    units = len(columns) > 1 and bool(_UNITS.match(fold(columns[1].header)))
    has_values = any(c.role == "unit" or c.role.startswith("target_") for c in columns)
    markers = find_markers(cells, has_values, units)
    segments: list[tuple[Marker | None, list[DraftRow]]] = []
    if not markers or markers[0].index > 0:
        end = markers[0].index if markers else len(cells)
        segments.append((None, _segment(None, cells[:end], columns, explicit)))
    for number, marker in enumerate(markers):
        end = markers[number + 1].index if number + 1 < len(markers) else len(cells)
        segments.append((marker, _segment(marker, cells[marker.index : end], columns, explicit)))
    return grouped(segments)


def grouped(segments: Sequence[tuple[Marker | None, list[DraftRow]]]) -> list[DraftRow]:
    """Rows under the group rows that enclose them.

    Args:
        segments: of each row number (None before the first) its row and the sub-rows without a number behind it.
    """
    markers = [marker for marker, _ in segments if marker]
    groups = _group_numbers(markers)
    rows: list[DraftRow] = []
    path: list[DraftRow] = []
    number = -1
    for marker, segment in segments:
        if marker:
            number += 1
            path = [group for group in path if _encloses(group, marker)]
            for row in segment:
                row.groups = tuple(path)
            if segment and _is_group(marker, number in groups, segment[0]):
                _make_group(segment, marker)
                path.append(segment[0])
            elif segment and _sums_up(marker, markers[number + 1 : number + 2]):
                segment[0].depth = _depth(marker)
                path.append(segment[0])
        rows += segment
    _free_totals(rows)
    return rows


def _free_totals(rows: Sequence[DraftRow]) -> None:
    """«Tổng cộng» belongs to no numbered row, and at the end of a table to no group."""
    last = max((at for at, row in enumerate(rows) if row.tt), default=-1)
    for at, row in enumerate(rows):
        if not row.tt and not row.is_group and _TOTAL.match(fold(row.content)):
            row.parent = None
            row.groups = () if at > last else row.groups


def _segment(marker: Marker | None, cells: Sequence[Cell], columns: Sequence[Column], explicit: bool) -> list[DraftRow]:
    """One numbered row and its sub-rows."""
    number = cells[0] if marker else None
    placed = place(cells[1:] if marker else cells, columns, explicit)
    tt = marker.text.rstrip(".)").lstrip("(") if marker else ""
    rows = [DraftRow(tt if r == 0 else "", tt if r and tt else None) for r in range(_count(placed))]
    if number is not None and rows:
        rows[0].lines += number.lines
    for item in placed:
        _write(rows[item.row], columns[item.column].role, item.cell)
    return [row for row in rows if row.cells or row.tt]


def _count(placed: Sequence[Placed]) -> int:
    return max((item.row for item in placed), default=0) + 1


def _write(row: DraftRow, role: str, cell: Cell) -> None:
    row.lines += cell.lines
    before = row.cells.get(role)
    if not cell.text or cell.text == before:
        return  # an explicit empty cell, or a cell that was printed twice
    row.cells[role] = f"{before} {cell.text}" if before else cell.text


def _group_numbers(markers: Sequence[Marker]) -> set[int]:
    """Arabic and decimal numbers that have children («2.» before «2.1»), and their siblings: all are groups."""
    parents: set[int] = set()
    for index, (marker, following) in enumerate(pairwise(markers)):
        if following.style == "decimal" and following.value[:-1] == marker.value:
            parents.add(index)
    families = {_family(markers, index) for index in parents}
    return {i for i, m in enumerate(markers) if m.style in ("arabic", "decimal") and _family(markers, i) in families}


def _family(markers: Sequence[Marker], index: int) -> tuple[int, str, tuple[int, ...]]:
    """Siblings share the enclosing group row, the style and all but the last part of the number."""
    marker = markers[index]
    enclosing = next((i for i in range(index, -1, -1) if markers[i].style in GROUP_STYLES), -1)
    return enclosing, marker.style, marker.value[:-1]


def _is_group(marker: Marker, has_children: bool, row: DraftRow) -> bool:
    """A group row holds a title and at most the agencies of all its rows."""
    if marker.style not in GROUP_STYLES and not has_children:
        return False
    return all(role in ("lead", "coordinating", *CONTENT_ROLES) for role in row.cells)


def _sums_up(marker: Marker, following: Sequence[Marker]) -> bool:
    """Whether a row that says more than a group does («I | Ngân sách tỉnh | 200») still encloses the rows behind it: a
    finer number follows."""
    return marker.style in GROUP_STYLES and any(_depth(marker) < _depth(below) for below in following)


def _depth(marker: Marker) -> int:
    """How deep a number stands, whatever group it is in."""
    return GROUP_STYLES.index(marker.style) if marker.style in GROUP_STYLES else len(GROUP_STYLES) + len(marker.value)


def _make_group(segment: list[DraftRow], marker: Marker) -> None:
    head = segment[0]
    head.is_group = True
    head.depth = _depth(marker)
    for row in segment[1:]:  # rows without a number directly under a group are no sub-rows
        row.parent = None
        row.groups = (*head.groups, head)


def _encloses(group: DraftRow, marker: Marker) -> bool:
    """Whether a group row stays open at the next number."""
    return group.depth < _depth(marker)
