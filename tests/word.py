"""Paragraphs and tables of a simple HTML file → a Word document with really merged cells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from docx import Document
from docx.table import Table
from lxml import etree, html


def docx_from(source: Path, target: Path) -> Path:
    """Write the `<p>` and `<table>` elements of a file as .docx, in order."""
    document = Document()
    for element in html.fragments_fromstring(source.read_text("utf-8"), no_leading_text=True):
        if element.tag == "table":
            _add_table(document.add_table(rows=0, cols=_width(element)), element)
        else:
            document.add_paragraph(element.text_content())
    document.save(str(target))
    return target


def _width(table: etree._Element) -> int:
    return sum(int(cell.get("colspan", "1")) for cell in table.findall(".//tr")[0])


def _add_table(table: Table, element: etree._Element) -> None:
    rows = element.findall(".//tr")
    for _ in rows:
        table.add_row()
    if any(len(row) > 2 for row in rows):
        table.style = "Table Grid"
    for cell, row, column, height, width in _places(rows):
        place = table.cell(row, column)
        if height * width > 1:
            place = place.merge(table.cell(row + height - 1, column + width - 1))
        place.text = "\n".join(p.text_content() for p in cell.findall("p")) or cell.text_content()


def _places(rows: list[etree._Element]) -> Iterator[tuple[etree._Element, int, int, int, int]]:
    """Each cell with its first row and column and how many of each it covers."""
    taken: set[tuple[int, int]] = set()
    for row, element in enumerate(rows):
        column = 0
        for cell in element:
            while (row, column) in taken:
                column += 1
            height, width = int(cell.get("rowspan", "1")), int(cell.get("colspan", "1"))
            taken |= {(row + i, column + j) for i in range(height) for j in range(width)}
            yield cell, row, column, height, width
            column += width
