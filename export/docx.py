"""A table as .docx, ready to be put into a report: A4 lengthwise, in the letters of Nghị định 30/2020/NĐ-CP.

Where a row was taken from is told as in a footnote: a raised number in the row, and each distinct label once below.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from export.table import Line, Table
from export.text import PROGRAM, SOURCE, clean, heading, notes, number_format, one_line
from export.widths import fit

if TYPE_CHECKING:
    from docx.document import Document as Docx
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.styles.style import ParagraphStyle
    from docx.table import _Cell as DocxCell
    from docx.table import _Row as DocxRow
    from docx.text.paragraph import Paragraph

FONT, LANGUAGE, GREY = "Times New Roman", "vi-VN", "E7E6E6"
BODY, SMALLEST = 13, 8
TABLE = 12  # and less where a table of many columns would not fit otherwise
# Margins: left, so that it can be bound, 30 mm; right 15 mm; top and bottom 20 mm.
HEIGHT, WIDTH, LEFT, RIGHT, EDGE = 210.0, 297.0, 30.0, 15.0, 20.0
_PADDING = 4.2  # mm in a cell, left and right together
_LETTER = 0.175  # mm that a letter takes for each point of its size, on average
_UNSPLIT = 400  # characters; a longer row may be parted by a page's end


def content(table: Table) -> bytes:
    """The file's bytes; the same for the same table."""
    document = Document()
    _set_properties(document, table)
    _set_page(document)
    _set_styles(document)
    title, *above = heading(table)
    document.add_heading(title, 1).alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text in above:
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run(text).italic = True
    labels = _labels(table)
    if table.columns:
        _add_table(document, table, labels)
    _add_list(document, "Ghi chú:", [f"- {note}" for note in notes(table)])
    _add_list(document, f"{SOURCE}:", [f"({n}) {label}" for label, n in labels.items()])
    stream = io.BytesIO()
    document.save(stream)
    return _settled(stream.getvalue())


def _labels(table: Table) -> dict[str, int]:
    """Every distinct label and its number, in the order of the rows."""
    found = dict.fromkeys(label for line in table.lines for label in map(one_line, line.sources) if label)
    return {label: n for n, label in enumerate(found, 1)}


def _add_table(document: Docx, table: Table, labels: Mapping[str, int]) -> None:
    texts = [
        [one_line(name), *(clean(line.cells[at].text) for line in table.lines)] for at, name in enumerate(table.columns)
    ]
    size, widths = _sizes(texts)
    made = document.add_table(rows=1 + len(table.lines), cols=len(table.columns), style="Table Grid")
    made.autofit = False
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Mm(width)
    header, *rows = made.rows
    _mark(header, "w:tblHeader")
    _mark(header, "w:cantSplit")
    for cell, column_texts, width in zip(header.cells, texts, widths, strict=True):
        paragraph = _fill(cell, column_texts[0], width, size, bold=True)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        cell._tc.get_or_add_tcPr().append(_element("w:shd", val="clear", color="auto", fill=GREY))
    for row, line in zip(rows, table.lines, strict=True):
        _fill_row(row, line, widths, size, labels)


def _sizes(texts: Sequence[Sequence[str]]) -> tuple[int, list[float]]:
    """Size of the letters in points and the columns' widths in mm: the largest with which every word fits."""
    full = WIDTH - LEFT - RIGHT
    room = full - _PADDING * len(texts)
    for size in range(TABLE, SMALLEST - 1, -1):
        letter = _LETTER * size
        widths = [width * letter for width in fit(texts, room / letter)]
        if sum(widths) <= room * 1.001:
            break
    else:  # many columns: long words are broken
        size = SMALLEST
    scale = min(1.0, room / sum(widths))
    padding = (full - sum(widths) * scale) / len(texts) if scale < 1 else _PADDING
    return size, [width * scale + padding for width in widths]


def _fill_row(row: DocxRow, line: Line, widths: Sequence[float], size: int, labels: Mapping[str, int]) -> None:
    marks = sorted({labels[label] for label in map(one_line, line.sources) if label})
    marked = next((at for at, cell in enumerate(line.cells) if any(map(str.isalpha, cell.text))), 0)
    if max(len(cell.text) for cell in line.cells) <= _UNSPLIT:
        _mark(row, "w:cantSplit")
    for at, (made, cell, width) in enumerate(zip(row.cells, line.cells, widths, strict=True)):
        paragraph = _fill(made, clean(cell.text), width, size)
        if number_format(cell) is not None:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        if at == marked and marks:
            run = paragraph.add_run("".join(f"({n})" for n in marks))
            run.font.superscript, run.font.size = True, Pt(size)


def _fill(cell: DocxCell, text: str, width: float, size: int, bold: bool = False) -> Paragraph:
    cell.width = Mm(width)
    paragraph: Paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    run = paragraph.add_run(text)
    run.bold, run.font.size = bold or None, Pt(size)
    return paragraph


def _mark(row: DocxRow, tag: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(tag))


def _add_list(document: Docx, name: str, items: Sequence[str]) -> None:
    if not items:
        return
    first = document.add_paragraph()
    first.paragraph_format.space_before, first.paragraph_format.keep_with_next = Pt(6), True
    first.add_run(name).bold = True
    for item in items:
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(2)
        paragraph.add_run(item).font.size = Pt(TABLE)


def _set_properties(document: Docx, table: Table) -> None:
    properties, day = document.core_properties, datetime.combine(table.made, time.min)
    properties.title, properties.author, properties.last_modified_by = heading(table)[0][:255], PROGRAM, PROGRAM
    properties.created = properties.modified = day
    properties.language, properties.comments, properties.revision = LANGUAGE, "", 1


def _set_page(document: Docx) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(WIDTH), Mm(HEIGHT)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    section.top_margin = section.bottom_margin = Mm(EDGE)
    section.different_first_page_header_footer = True  # the first page bears no number
    number = section.header.paragraphs[0]
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = _element("w:fldSimple", instr="PAGE")
    number._p.append(field)


def _set_styles(document: Docx) -> None:
    styles: Any = document.styles
    _set_letters(styles["Normal"], BODY)
    styles["Normal"].paragraph_format.space_after = Pt(4)
    _set_letters(styles["Heading 1"], BODY + 1)
    styles["Heading 1"].paragraph_format.space_before = Pt(0)
    styles["Heading 1"].paragraph_format.space_after = Pt(4)
    _set_letters(styles["Header"], BODY)
    for language in styles.element.iter(qn("w:lang")):
        for name in ("w:val", "w:eastAsia"):
            language.set(qn(name), LANGUAGE)


def _set_letters(style: ParagraphStyle, size: int) -> None:
    """Font, size and black; the theme's fonts would win over a name, so they are taken out."""
    style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(size), RGBColor(0, 0, 0)
    fonts = style.element.rPr.rFonts
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    for name in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{name}"), FONT)


def _element(tag: str, **attributes: str) -> BaseOxmlElement:
    element: BaseOxmlElement = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element


def _settled(data: bytes) -> bytes:
    """The same archive without the time of the day that its members bear."""
    stream = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as old, ZipFile(stream, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            member = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.compress_type = ZIP_DEFLATED
            new.writestr(member, old.read(name))
    return stream.getvalue()
