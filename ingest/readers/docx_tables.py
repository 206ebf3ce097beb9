"""A `w:tbl` → cells with the rows and columns that they cover."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml.etree import _Element as Element

from ingest.readers.docx_xml import contents, descend, number, switched, value, w
from ingest.readers.layout import is_data_table

MAX_COLUMNS = 63  # Word's own limit


@dataclass(slots=True)
class Cell:
    """A cell: its content, first row and column (from 0), and how many of each it covers."""

    blocks: list[Block]
    row: int
    column: int
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of a table in reading order, each once."""

    cells: tuple[Cell, ...]

    @property
    def is_data(self) -> bool:
        """Whether it is more than a means to lay out the page. Tables inside its cells speak for themselves."""
        rows: dict[int, list[str]] = {}
        for cell in self.cells:
            rows.setdefault(cell.row, []).append(" ".join(b for b in cell.blocks if isinstance(b, str)))
        return is_data_table(list(rows.values()))


Block = str | Table  # a paragraph as printed, or a table


def lines_of(blocks: list[Block]) -> Iterator[str]:
    """All paragraphs, those of tables inside among them, in order."""
    for block in blocks:
        if isinstance(block, str):
            yield block
        else:
            for cell in block.cells:
                yield from lines_of(cell.blocks)


def read_table(element: Element, read_blocks: Callable[[Element], list[Block]]) -> Table:
    """Resolve the merges of a `w:tbl`. Cells are read in order; what a merged cell covers is not read, as Word does
    not print it; deleted and hidden rows are left out."""
    cells: list[Cell] = []
    above: dict[int, Cell] = {}
    rows = [row for row in contents(element) if row.tag == w("tr") and not _is_gone(row)]
    for at, row in enumerate(rows):
        below: dict[int, Cell] = {}
        column = number(descend(row, "trPr", "gridBefore"), 0, 0, MAX_COLUMNS)
        previous: Cell | None = None
        for part in contents(row):
            properties = descend(part, "tcPr")
            if part.tag != w("tc") or descend(properties, "cellDel") is not None:
                continue
            span = number(descend(properties, "gridSpan"), 1, 1, MAX_COLUMNS)
            upper = above.get(column)
            if _continues(properties, "hMerge") and previous is not None:
                previous.columns += span if previous.row == at else 0
            elif _continues(properties, "vMerge") and upper is not None:
                upper.rows = at - upper.row + 1
                previous = below[column] = upper
            else:
                previous = below[column] = Cell(read_blocks(part), at, column, 1, span)
                cells.append(previous)
            column += span
        above = below
    return Table(tuple(cells))


def _is_gone(row: Element) -> bool:
    properties = descend(row, "trPr")
    return descend(properties, "del") is not None or bool(switched(descend(properties, "hidden")))


def _continues(properties: Element | None, name: str) -> bool:
    merge = descend(properties, name)
    return merge is not None and value(merge) != "restart"
