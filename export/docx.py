"""A table as .docx, ready to be put into a report: A4 lengthwise, in the letters of Nghị định 30/2020/NĐ-CP.

Where a row was taken from is told as in a footnote: a raised number in the row, and each distinct label once below.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import datetime, time
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Row as DocxRow

from export.table import Line, Table
from export.text import PROGRAM, SOURCE, clean, heading, notes, number_format, one_line
from export.widths import fit

if TYPE_CHECKING:
    from docx.document import Document as Docx
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.styles.style import ParagraphStyle
    from docx.table import Table as DocxTable

FONT, LANGUAGE, GREY = "Times New Roman", "vi-VN", "E7E6E6"
STYLE = "Bảng"  # of the paragraphs in cells
BODY, TABLE = 13, 12
# Margins: left, so that it can be bound, 30 mm; right 15 mm; top and bottom 20 mm.
HEIGHT, WIDTH, LEFT, RIGHT, EDGE = 210.0, 297.0, 30.0, 15.0, 20.0
# Size of the letters in points and room beside a cell's text in mm, left and right together, as columns increase.
_STEPS = ((TABLE, 3.8), (11, 3.8), (10, 2.4), (9, 2.0), (8, 1.6))
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
        paragraph.paragraph_format.keep_with_next = True
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
        [one_line(name), *(clean(cell.text) for cell in cells)]
        for name, *cells in zip(table.columns, *(line.cells for line in table.lines), strict=True)
    ]
    size, padding, widths = _sizes(texts)
    _add_style(document, size)
    made = document.add_table(rows=2, cols=len(table.columns), style="Table Grid")
    made.autofit = False
    _set_padding(made, padding)
    for row in made.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width, cell.paragraphs[0].style = Mm(width), STYLE
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Mm(width)
    header, model = made.rows
    _mark(header, "w:tblHeader", "w:cantSplit")
    for cell, column_texts in zip(header.cells, texts, strict=True):
        cell.paragraphs[0].add_run(column_texts[0]).bold = True
        cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
        cell._tc.get_or_add_tcPr().append(_element("w:shd", val="clear", color="auto", fill=GREY))
    for line in table.lines:
        row = deepcopy(model._tr)  # many times faster than to make each anew
        made._tbl.append(row)
        _fill_row(DocxRow(row, made), line, labels)
    made._tbl.remove(model._tr)


def _sizes(texts: Sequence[Sequence[str]]) -> tuple[int, float, list[float]]:
    """Size of the letters in points, room beside a cell's text and the columns' widths in mm.

    The largest letters with which every column can be read; where there are too many columns, long words are broken.
    """
    full = WIDTH - LEFT - RIGHT
    for size, padding in _STEPS:
        room, letter = full - padding * len(texts), _LETTER * size
        widths = [width * letter for width in fit(texts, room / letter)]
        if sum(widths) <= room * 1.001:
            break
    scale = min(1.0, room / sum(widths))
    return size, padding, [width * scale + padding for width in widths]


def _fill_row(row: DocxRow, line: Line, labels: Mapping[str, int]) -> None:
    marks = sorted({labels[label] for label in map(one_line, line.sources) if label})
    marked = next((at for at, cell in enumerate(line.cells) if any(map(str.isalpha, cell.text))), 0)
    if max(len(cell.text) for cell in line.cells) <= _UNSPLIT:
        _mark(row, "w:cantSplit")
    for at, (made, cell) in enumerate(zip(row.cells, line.cells, strict=True)):
        paragraph = made.paragraphs[0]
        paragraph.add_run(clean(cell.text))
        if number_format(cell) is not None:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        if at == marked and marks:
            paragraph.add_run("".join(f"({n})" for n in marks)).font.superscript = True


def _mark(row: DocxRow, *tags: str) -> None:
    for tag in tags:
        row._tr.get_or_add_trPr().append(OxmlElement(tag))


def _set_padding(table: DocxTable, padding: float) -> None:
    margins = _element("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(_element(f"w:{side}", w=str(Mm(padding / 2).twips), type="dxa"))
    properties = table._tbl.tblPr
    look = properties.find(qn("w:tblLook"))  # the standard has it last
    properties.append(margins) if look is None else look.addprevious(margins)


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


def _add_style(document: Docx, size: int) -> None:
    style: Any = document.styles.add_style(STYLE, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style, style.font.size = document.styles["Normal"], Pt(size)
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(2)


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
