"""What was misread, set right where it stands: the header and the numbers of a table, numbers at the head of a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingest.model import Line
from ingest.readers.ocr_header import header_of
from ingest.readers.ocr_repair import renumbered, renumbered_column
from ingest.readers.pdf_tables import Sheet
from ingest.readers.source import Flow
from ingest.tables.columns import is_tt

_SAME = 3.0  # points


def number_sheets(pages: Sequence[list[Sheet]]) -> None:
    """Set the headers and the numbers of the first column of scanned tables right, before their pages are joined.

    Args:
        pages: the tables of each scanned page; changed in place.
    """
    sheets = [sheet for page in pages for sheet in page]
    for sheet in sheets:
        _name_columns(sheet)
    places = [(sheet, at) for sheet in sheets for at in _first_column(sheet)]
    changed = renumbered_column([sheet.cells[at].lines[0].text for sheet, at in places])
    for number, text in changed.items():
        sheet, at = places[number]
        cell = sheet.cells[at]
        first = replace(cell.lines[0], text=text, doubts=(*cell.lines[0].doubts, text.split()[0]))
        sheet.cells[at] = replace(cell, lines=(first, *cell.lines[1:]))


def _name_columns(sheet: Sheet) -> None:
    """Set the cells of a header right; what is set right becomes one line."""
    places = sorted(
        (at for at, c in enumerate(sheet.cells) if c.row == 0 and c.lines), key=lambda at: sheet.cells[at].x0
    )
    read = [sheet.cells[at].text for at in places]
    for at, old, new in zip(places, read, header_of(read), strict=True):
        if new != old:
            cell = sheet.cells[at]
            whole = replace(cell.lines[0], text=new, doubts=tuple(new.split()), bottom=cell.lines[-1].bottom)
            sheet.cells[at] = replace(cell, lines=(whole,))


def _first_column(sheet: Sheet) -> list[int]:
    """Its printed cells from top to bottom, by position, without those that name the column."""
    found = [at for at, c in enumerate(sheet.cells) if c.x0 - sheet.x0 < _SAME and c.lines]
    return sorted((at for at in found if not is_tt(sheet.cells[at].text)), key=lambda at: sheet.cells[at].row)


def put_in_order(flow: Flow, scanned: set[int]) -> None:
    """Numbers of headings and items that were misread. What was set right stays in doubt."""
    inside = {number for grid in flow.grids for number in grid.lines}
    outside = [n for n, marks in flow.marks.items() if n not in inside and marks[0].page in scanned]
    for at, text in renumbered([flow.lines[n - 1].text for n in outside]).items():
        number = outside[at]
        flow.lines[number - 1] = Line(number, text, text)
        flow.doubts[number] = (*flow.doubts.get(number, ()), text.split()[0])
