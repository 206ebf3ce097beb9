"""A table as .csv, for pandas, R or Power BI; in Excel the .xlsx is the better one.

A plain rectangle as such programs expect it: the first line names the columns, each further line is a row, no heading
and no notes. What was asked and when is not repeated in every row; the .xlsx and .docx tell it.

- UTF-8 with a byte order mark, for without it Excel shows Vietnamese letters as rubbish; commas, `\\r\\n` (RFC 4180).
- A number is written as programs read it, «12.500,5» as 12500.5; with a sign («98,5%») it stays as it is printed.
- Labels of the sources stand in the last column, parted by « | ».
- Text that a spreadsheet would take for a formula («=1+1», «+1», «@x») has an apostrophe put before it.
"""

from __future__ import annotations

import csv
import io

from export.table import Cell, Table
from export.text import clean, column_names, looks_like_formula, number_format, one_line


def content(table: Table) -> bytes:
    """The file's bytes; the same for the same table."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(map(_guarded, column_names(table)))
    for line in table.lines:
        cells = [_field(cell) for _, cell in zip(table.columns, line.cells, strict=True)]
        writer.writerow([*cells, _guarded(" | ".join(map(one_line, line.sources)))])
    return stream.getvalue().encode("utf-8-sig")


def _field(cell: Cell) -> str:
    form = number_format(cell)
    if form is None or cell.number is None or form.endswith('"'):
        return _guarded(clean(cell.text))
    return f"{cell.number:.{len(form.partition('.')[2])}f}"


def _guarded(text: str) -> str:
    return f"'{text}" if looks_like_formula(text) else text
