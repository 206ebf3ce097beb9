"""A table as .xlsx: a real Excel table under a heading, ready to be sorted, filtered and printed."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import TYPE_CHECKING

import xlsxwriter
from xlsxwriter.utility import xl_range

from export.table import Cell, Table
from export.text import PROGRAM, clean, column_names, cut, heading, looks_like_formula, notes, number_format, one_line
from export.widths import fit, lines_needed

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

MAX_TEXT = 32_767  # of a cell, in UTF-16 units
MAX_SHEET_NAME = 31
FONT, SIZE, TITLE_SIZE = "Times New Roman", 11, 14
GREY = "#E7E6E6"
ROOM = 145.0  # characters: the breadth of A4 lengthwise
_NARROW = 30.0  # a first column up to this width stays in sight when one scrolls to the right
# Excel counts a column's width in digits of its own font, 5.25 points each. A letter of a plan takes 4.4 at 11 points
# (measured over the corpus: 0.40 of the size, 0.44 in the broadest twentieth of lines).
_LETTER = 0.9
_MARGIN = 1.5
_BUTTON = 3  # characters that the filter's button takes in the header
_LINE_HEIGHT = 1.36  # of the letters' size
_MAX_HEIGHT = 409.0  # points; Excel has no higher row
_A4 = 9


def content(table: Table) -> bytes:
    """The file's bytes; the same for the same table."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False}) as book:
        day = datetime.combine(table.made, time.min)
        book.set_properties({"title": heading(table)[0], "author": PROGRAM, "created": day})
        _Sheet(book, table).fill()
    return stream.getvalue()


def sheet_name(title: str) -> str:
    """A name that Excel accepts: at most 31 characters, none of `[]:*?/\\`, no quote at its ends, not «History»."""
    name = cut(" ".join(re.sub(r"[\[\]:*?/\\]", " ", one_line(title)).split()), MAX_SHEET_NAME).strip("' ")
    return "Bảng" if not name or name.lower() == "history" else name


@dataclass(slots=True)
class _Sheet:
    """The one sheet of a book, from its heading down to the notes."""

    book: xlsxwriter.Workbook
    table: Table
    sheet: Worksheet = field(init=False)
    formats: dict[tuple[str, bool], Format] = field(init=False, default_factory=dict)

    def fill(self) -> None:
        self.sheet = self.book.add_worksheet(sheet_name(self.table.title))
        names, rows = column_names(self.table), self._rows()
        widths = self._set_widths(names, rows)
        above, below = heading(self.table), notes(self.table)
        for at, text in enumerate(above):
            self._write_across(at, text, widths, {"bold": True, "font_size": TITLE_SIZE} if at == 0 else {})
        top = len(above) + 1
        self._write_table(top, names, rows)
        self._set_heights(top, [[Cell(f"{name} {'x' * _BUTTON}") for name in names], *rows], widths)
        bottom = top + max(1, len(rows))
        for at, text in enumerate(below, bottom + 2):
            self._write_across(at, text, widths, {"italic": True})
        self._set_page(top, bottom + 1 + len(below) if below else bottom, widths)

    def _rows(self) -> list[list[Cell]]:
        return [
            [
                *(cell for _, cell in zip(self.table.columns, line.cells, strict=True)),
                Cell("\n".join(map(one_line, line.sources))),
            ]
            for line in self.table.lines
        ]

    def _set_widths(self, names: list[str], rows: list[list[Cell]]) -> list[float]:
        button = "x" * _BUTTON
        columns = [
            [f"{name}\u00a0{button}", *(clean(row[at].text) for row in rows)] for at, name in enumerate(names)
        ]  # the button stands beside the last word of the name
        widths = [round(width * _LETTER + _MARGIN, 2) for width in fit(columns, ROOM)]
        for at, width in enumerate(widths):
            self.sheet.set_column(at, at, width)
        return widths

    def _write_table(self, top: int, names: list[str], rows: list[list[Cell]]) -> None:
        look = {"bold": True, "align": "center", "valign": "vcenter", "text_wrap": True, "border": 1, "bg_color": GREY}
        header = self._format(look)
        options = {
            "name": "BangDuLieu",
            "style": "Table Style Light 15",  # thin lines around every cell, a printed page needs no colour
            "columns": [{"header": name, "header_format": header} for name in names],
        }
        last = top + max(1, len(rows))
        self.sheet.add_table(top, 0, last, len(names) - 1, options)
        for at, row in enumerate(rows, top + 1):
            for column, cell in enumerate(row):
                self._write_cell(at, column, cell)
        self.sheet.ignore_errors({"number_stored_as_text": xl_range(top + 1, 0, last, len(names) - 1)})

    def _set_heights(self, top: int, rows: list[list[Cell]], widths: list[float]) -> None:
        """Excel fits the heights itself when it opens a file, other programs do not."""
        for at, row in enumerate(rows, top):
            needed = (_lines(clean(cell.text), width) for cell, width in zip(row, widths, strict=True))
            self.sheet.set_row(at, _height(max(needed), SIZE))

    def _write_cell(self, row: int, column: int, cell: Cell) -> None:
        """Never `write`, which guesses: a text that looks like a formula must stay a text, even after an edit."""
        form, text = number_format(cell), cut(clean(cell.text), MAX_TEXT)
        if form is not None:
            self.sheet.write_number(row, column, cell.number, self._cell_format(form, quoted=False))
        elif text:
            self.sheet.write_string(row, column, text, self._cell_format("@", quoted=looks_like_formula(text)))
        else:
            self.sheet.write_blank(row, column, None, self._cell_format("@", quoted=False))

    def _cell_format(self, form: str, quoted: bool) -> Format:
        if (form, quoted) not in self.formats:
            kind = {"text_wrap": True} if form == "@" else {"num_format": form, "align": "right", "indent": 1}
            self.formats[form, quoted] = self._format(kind | {"valign": "top", "border": 1, "quote_prefix": quoted})
        return self.formats[form, quoted]

    def _format(self, properties: dict[str, object]) -> Format:
        return self.book.add_format({"font_name": FONT, "font_size": SIZE} | properties)

    def _write_across(self, row: int, text: str, widths: list[float], properties: dict[str, object]) -> None:
        """A line over the whole width. Excel does not fit the height of merged cells: it is set here."""
        look = self._format({"text_wrap": True, "valign": "top"} | properties)
        if len(widths) > 1:
            self.sheet.merge_range(row, 0, row, len(widths) - 1, "", look)  # with a text it would guess
        text = cut(text, MAX_TEXT)
        self.sheet.write_string(row, 0, text, look)
        size = TITLE_SIZE if row == 0 else SIZE
        self.sheet.set_row(row, _height(_lines(text, sum(widths), size), size))

    def _set_page(self, top: int, last: int, widths: list[float]) -> None:
        self.sheet.freeze_panes(top + 1, 1 if widths[0] <= _NARROW and len(widths) > 2 else 0)
        self.sheet.set_landscape()
        self.sheet.set_paper(_A4)
        self.sheet.set_margins(left=0.6, right=0.5, top=0.6, bottom=0.7)  # inches
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(top)
        self.sheet.print_area(0, 0, last, len(widths) - 1)
        self.sheet.set_footer(f'&C&"{FONT}"&11&P/&N')


def _lines(text: str, width: float, size: int = SIZE) -> int:
    return lines_needed(text, (width - _MARGIN / 2) / _LETTER * SIZE / size)


def _height(lines: int, size: int) -> float:
    return min(_MAX_HEIGHT, round(size * _LINE_HEIGHT * lines + 2, 2))
