"""A `<table>` → where each of its cells stands, spans resolved as browsers do."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from lxml import etree

MAX_COLUMNS = 1000  # as browsers bound a colspan
MAX_STEPS = 2_000_000  # cells of rows above looked at: 10,000 rows below 200 cells that all reach to the end
_SPAN = re.compile(r"\s*\+?(\d{1,9})")
_SECTIONS = {"thead": 0, "tbody": 1, "tfoot": 2}


@dataclass(slots=True)
class Cell:
    """A cell: its first row and column (from 0) and how many of each it covers."""

    element: etree._Element
    row: int
    column: int
    rows: int
    columns: int


@dataclass(slots=True)
class Table:
    """A table's cells in reading order, and its captions. `wide`: it has more columns, or more cells over many rows,
    than any that holds data; the places of its cells are not told."""

    cells: list[Cell] = field(default_factory=list)
    captions: list[etree._Element] = field(default_factory=list)
    wide: bool = False


def grid_of(table: etree._Element) -> Table:
    """Place the cells of a table, head first and foot last wherever they stand in the source.

    A span ends where its section ends, or where another cell stands. Columns and rows in which no cell begins are
    taken out: a span over the width of the page, «colspan=100», is then as wide as the table.
    """
    made = Table()
    groups: list[tuple[int, list[list[etree._Element]]]] = []
    for section, rows in _sections(table, made):
        groups.append((section, rows))
    row = 0
    for _, rows in sorted(groups, key=lambda group: group[0]):
        made.wide = made.wide or not _place(rows, row, made.cells)
        if made.wide:
            made.cells += [Cell(cell, row, 0, 1, 1) for line in rows for cell in line]
        row += len(rows)
    _compress(made.cells)
    return made


def _sections(table: etree._Element, made: Table) -> Iterator[tuple[int, list[list[etree._Element]]]]:
    """Row groups of a table; rows and cells that stand in none, or in a stray <form>, are put into one."""
    loose: list[list[etree._Element]] = []
    stack = [iter(table)]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
        elif child.tag in _SECTIONS:
            if loose:
                yield 1, loose
                loose = []
            yield _SECTIONS[child.tag], _rows(child)
        elif child.tag == "tr":
            loose.append(_cells(child))
        elif child.tag in ("td", "th"):
            loose.append([child])
        elif child.tag == "caption":
            made.captions.append(child)
        elif child.tag != "table":
            stack.append(iter(child))
    if loose:
        yield 1, loose


def _rows(section: etree._Element) -> list[list[etree._Element]]:
    return [_cells(row) for row in _children(section, ("tr",))]


def _cells(row: etree._Element) -> list[etree._Element]:
    return list(_children(row, ("td", "th")))


def _children(parent: etree._Element, tags: tuple[str, ...]) -> Iterator[etree._Element]:
    """Children with one of the tags, also inside of what has no place there (a <form> between rows)."""
    stack = [iter(parent)]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
        elif child.tag in tags:
            yield child
        elif child.tag not in ("table", "tr", "td", "th"):
            stack.append(iter(child))


def _place(rows: list[list[etree._Element]], first: int, cells: list[Cell]) -> bool:
    """Place one section's rows, the first of which is row `first` of the table; False where there is too much
    to place."""
    placed: list[Cell] = []
    steps = 0
    end = first + len(rows)
    held: list[Cell] = []  # cells from above that reach into the row, from left to right
    for number, row in enumerate(rows, start=first):
        held = [cell for cell in held if cell.row + cell.rows > number]
        steps += len(held)
        if steps > MAX_STEPS:
            return False
        column = at = 0
        added: list[Cell] = []
        for element in row:
            while at < len(held) and held[at].column <= column:
                column = max(column, held[at].column + held[at].columns)
                at += 1
            if column >= MAX_COLUMNS:
                return False
            right = held[at].column if at < len(held) else MAX_COLUMNS
            columns = max(1, min(_span(element, "colspan") or 1, right - column))
            down = _span(element, "rowspan")
            rest = end - number
            cell = Cell(element, number, column, min(down, rest) if down else rest, columns)
            added.append(cell)
            column += columns
        placed += added
        held = sorted([*held, *(cell for cell in added if cell.rows > 1)], key=lambda cell: cell.column)
    cells += placed
    return True


def _span(element: etree._Element, name: str) -> int:
    """A span as written; 1 where it is none, 0 («to the end») only of rows."""
    match = _SPAN.match(element.get(name) or "")
    return min(int(match[1]), 65_534) if match else 1


def _compress(cells: list[Cell]) -> None:
    """Number rows and columns anew by those in which a cell begins."""
    columns = _ranks({cell.column for cell in cells})
    rows = _ranks({cell.row for cell in cells})
    for cell in cells:
        right = columns(cell.column + cell.columns)
        below = rows(cell.row + cell.rows)
        cell.column, cell.row = columns(cell.column), rows(cell.row)
        cell.columns, cell.rows = right - cell.column, below - cell.row


def _ranks(starts: set[int]) -> Callable[[int], int]:
    """Place → how many of `starts` are before it."""
    return partial(bisect_left, sorted(starts))


def strays_of(table: etree._Element) -> Iterator[str | etree._Element]:
    """Text and tables that stand in a table but in none of its cells: a browser shows them before it."""
    stack = [(table, iter(table))]
    if table.text:
        yield table.text
    while stack:
        parent, children = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            if parent is not table and parent.tail:
                yield parent.tail
        elif child.tag in ("td", "th", "caption", "table"):
            if child.tag == "table":
                yield child
            if child.tail:
                yield child.tail
        elif child.tag not in ("script", "style", "template"):
            if child.text:
                yield child.text
            stack.append((child, iter(child)))
