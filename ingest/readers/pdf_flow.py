"""The pages of a PDF file → paragraphs and tables in reading order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from ingest.errors import SourceError
from ingest.readers.image_pages import read_image_pages
from ingest.readers.layout import is_data_table
from ingest.readers.ocr_image import turned_back
from ingest.readers.ocr_order import number_sheets, put_in_order
from ingest.readers.ocr_pages import Report, recognised
from ingest.readers.ocr_words import mend_words
from ingest.readers.pdf_aligned import Columns, aligned_tables
from ingest.readers.pdf_breaks import Usage, usage_of
from ingest.readers.pdf_columns import Blocks, block_lines, in_blocks
from ingest.readers.pdf_furniture import without_furniture
from ingest.readers.pdf_limits import MAX_PAGES, SECONDS
from ingest.readers.pdf_pages import PageContent, read_pages
from ingest.readers.pdf_paragraphs import paragraphs, single
from ingest.readers.pdf_stitch import is_continued, stitched
from ingest.readers.pdf_tables import Cell, Sheet, sheet_of
from ingest.readers.pdf_text import Printed, cleaned, printed_rows
from ingest.readers.source import Flow, Mark, Marked

_FEW = 3  # lines that must share an edge for it to be a margin
_INDENTED = 45.0  # points from the left margin at which a line of the text begins at most
_BEYOND = 6.0  # points
_FOOTNOTE = re.compile(r"^(?:[⁰¹²³⁴⁵⁶⁷⁸⁹]+|\(?[\d*]{1,3}\)?)\s?\S")
_NOTE_SIZE = 0.87  # of the size of the text

Column = tuple[float, float, Usage]  # left and right edge in points, and what the document's lines tell
Item = Sheet | tuple[Printed, bool]  # a table, or a line and whether it is a paragraph of its own


@dataclass(slots=True)
class _Pages:
    """What was read: rows outside tables and tables of each page, the pages' sizes, and how they were turned."""

    rows: list[list[list[Printed]]] = field(default_factory=list)
    sheets: list[list[Sheet]] = field(default_factory=list)
    sizes: list[tuple[float, float]] = field(default_factory=list)
    scanned: set[int] = field(default_factory=set)
    skews: list[tuple[float, int]] = field(default_factory=list)


def flow_of(
    data: bytes, path: Path, max_pages: int = MAX_PAGES, seconds: float = SECONDS, report: Report | None = None
) -> Flow:
    """The text of a PDF file. `report` is called after each page.

    Raises:
        SourceError: damaged, with a password, too large, or scanned where tesseract is missing.
    """
    return _flow(recognised(read_pages(data, path, max_pages, seconds), path, report), path)


def image_flow(
    data: bytes, path: Path, max_pages: int = MAX_PAGES, seconds: float = SECONDS, report: Report | None = None
) -> Flow:
    """The text of a file of pictures (.png, .jpg, .tif). `report` is called after each page; `seconds` is not needed.

    Raises:
        SourceError: damaged, too large, or tesseract is missing.
    """
    return _flow(recognised(read_image_pages(data, path, max_pages), path, report), path)


def _flow(contents: Iterable[PageContent], path: Path) -> Flow:
    pages = _Pages()
    for page in contents:
        _add(pages, page)
    number_sheets([pages.sheets[number - 1] for number in sorted(pages.scanned)])
    _set_aside(pages)
    usage = usage_of(_printed(pages))
    margins = _margins(pages, usage)
    flow = Flow()
    run: list[tuple[Printed, bool]] = []
    for item in _stitched(_items(pages)):
        if isinstance(item, Sheet):
            _add_run(flow, run, margins)
            run = []
            _add_sheet(flow, item, usage)
        else:
            run.append(item)
    _add_run(flow, run, margins)
    if not flow.lines:
        raise SourceError(f"Tệp «{path}» không có chữ nào.", "Kiểm tra lại tệp; nạp bản có chữ (.docx, .pdf).")
    if pages.scanned:
        put_in_order(flow, pages.scanned)
        mend_words(flow, pages.scanned)
    flow.marks = {number: tuple(_turned_back(mark, pages) for mark in marks) for number, marks in flow.marks.items()}
    return flow


def _turned_back(mark: Mark, pages: _Pages) -> Mark:
    skew, turns = pages.skews[mark.page - 1]
    return turned_back(mark, skew, *pages.sizes[mark.page - 1], turns)


def _add(pages: _Pages, page: PageContent) -> None:
    glyphs = cleaned(page.glyphs)
    used: set[int] = set()
    sheets = []
    for boxes in page.tables:
        made = sheet_of(boxes, glyphs, page.number)
        if made and not used & made[1]:
            sheets.append(made[0])
            used |= made[1]
    pages.rows.append(printed_rows([g for at, g in enumerate(glyphs) if at not in used], page.number))
    pages.sheets.append(sheets)
    pages.sizes.append((page.width, page.height))
    pages.skews.append((page.skew, page.turns))
    pages.scanned |= {page.number} if page.scanned else set()


def _set_aside(pages: _Pages) -> None:
    """Take what stands around the text off the pages, and find the tables without rules; those of a scan are looked
    for in its picture."""
    pages.rows = without_furniture(pages.rows, [height for _, height in pages.sizes])
    columns: Columns | None = None
    for number, sheets in enumerate(pages.sheets, 1):
        if number in pages.scanned:
            continue
        rows, found, columns = aligned_tables(pages.rows[number - 1], number, None if sheets else columns)
        pages.rows[number - 1] = rows
        sheets += found


def _items(pages: _Pages) -> Iterator[Item]:
    opened: Blocks | None = None
    for rows, sheets in zip(pages.rows, pages.sheets, strict=True):
        rest = list(rows)
        for sheet in sorted(sheets, key=lambda s: s.top):
            above = [row for row in rest if row[0].top < sheet.top]
            lines, opened = in_blocks(above, opened)
            yield from lines
            yield from block_lines(opened) if opened else ()
            opened = None
            yield sheet
            rest = rest[len(above) :]
        lines, opened = in_blocks(rest, opened)
        yield from lines
    yield from block_lines(opened) if opened else ()


def _stitched(items: Iterator[Item]) -> Iterator[Item]:
    """Tables joined with those that follow them on the next page, with nothing between."""
    open_sheet: Sheet | None = None
    for item in items:
        if open_sheet is None:
            pass
        elif isinstance(item, Sheet) and item.pages[0] == open_sheet.pages[-1] + 1 and is_continued(open_sheet, item):
            open_sheet = stitched(open_sheet, item)
            continue
        else:
            yield open_sheet
            open_sheet = None
        if isinstance(item, Sheet):
            open_sheet = item
        else:
            yield item
    if open_sheet is not None:
        yield open_sheet


def _printed(pages: _Pages) -> Iterator[Printed]:
    """All lines, in tables and outside."""
    yield from (part for rows in pages.rows for row in rows for part in row)
    yield from (line for sheets in pages.sheets for sheet in sheets for cell in sheet.cells for line in cell.lines)


def _margins(pages: _Pages, usage: Usage) -> dict[int, Column]:
    """Left and right edge of the text of each page, found over all pages of its size."""
    found: dict[tuple[int, int], list[Printed]] = {}
    for rows, size in zip(pages.rows, pages.sizes, strict=True):
        lines = [part for row in rows for part in row]
        found.setdefault((round(size[0]), round(size[1])), []).extend(lines)
    ruled: dict[tuple[int, int], list[Sheet]] = {}
    for sheets, size in zip(pages.sheets, pages.sizes, strict=True):
        ruled.setdefault((round(size[0]), round(size[1])), []).extend(sheets)
    edges = {key: _edges(lines, ruled[key]) for key, lines in found.items()}
    return {at: (*edges[round(w), round(h)], usage) for at, (w, h) in enumerate(pages.sizes, 1)}


def _edges(lines: Sequence[Printed], sheets: Sequence[Sheet]) -> tuple[float, float]:
    """Of the lines, where some share one; else what lines and tables take up."""
    if not lines:
        return 0.0, 0.0
    lefts, rights = Counter(round(p.x0) for p in lines), Counter(round(p.x1) for p in lines)
    shared = [x for x in rights if rights[x] + rights[x - 1] >= _FEW]
    begun = [x for x in lefts if lefts[x] + lefts[x + 1] >= _FEW]
    left = min(begun) if begun else min([*lefts, *(sheet.x0 for sheet in sheets)])
    right = max(shared) if shared else max([*rights, *(sheet.x1 for sheet in sheets)])
    # Short lines end at one place by chance: no line of the text runs over a margin.
    longest = max((p.x1 for p in lines if abs(p.x0 - left) < _INDENTED), default=0.0)
    return float(left), float(max(right, round(longest)) if longest > right + _BEYOND else right)


def _add_run(flow: Flow, run: Sequence[tuple[Printed, bool]], margins: dict[int, Column]) -> None:
    """Lines between two tables. A footnote stands behind the paragraph that its page ends with."""
    size = median(line.size for line, _ in run) if run else 0.0
    notes, text = _footnotes(run, size)
    made: list[Marked] = []
    group: list[Printed] = []
    for line, alone in text:
        if alone or (group and margins[line.page] != margins[group[-1].page]):
            made += _joined(group, margins)
            group = []
        if alone:
            made.append(single(line))
        else:
            group.append(line)
    made += _joined(group, margins)
    waiting = _joined(notes, margins)
    for paragraph in made:
        while waiting and waiting[0].marks[0].page < paragraph.marks[0].page:
            note = waiting.pop(0)
            flow.paragraph(note.text, note.marks, note.doubts)
        flow.paragraph(paragraph.text, paragraph.marks, paragraph.doubts)
    for note in waiting:
        flow.paragraph(note.text, note.marks, note.doubts)


def _joined(lines: Sequence[Printed], margins: dict[int, Column]) -> list[Marked]:
    return paragraphs(lines, *margins[lines[0].page]) if lines else []


def _footnotes(run: Sequence[tuple[Printed, bool]], size: float) -> tuple[list[Printed], list[tuple[Printed, bool]]]:
    """Small lines at the end of a page, from a mark on; and all others."""
    pages: dict[int, list[tuple[Printed, bool]]] = {}
    for item in run:
        pages.setdefault(item[0].page, []).append(item)
    notes: list[Printed] = []
    for items in pages.values():
        at = len(items)
        while at and not items[at - 1][1] and items[at - 1][0].size < _NOTE_SIZE * size:
            at -= 1
        while at < len(items) and not _FOOTNOTE.match(items[at][0].text):
            at += 1
        notes += [line for line, _ in items[at:]]
    noted = {id(line) for line in notes}
    return notes, [item for item in run if id(item[0]) not in noted]


def _add_sheet(flow: Flow, sheet: Sheet, usage: Usage) -> None:
    placed = [(_cell_text(c, usage), row, column, tall, wide) for c, row, column, tall, wide in sheet.placed()]
    rows: dict[int, list[str]] = {}
    for texts, row, *_ in placed:
        rows.setdefault(row, []).append(" ".join(text.text for text in texts))
    if is_data_table([rows[row] for row in sorted(rows)]):
        flow.table(placed)
        return
    for paragraph in (text for texts, *_ in placed for text in texts):
        flow.paragraph(paragraph.text, paragraph.marks, paragraph.doubts)


def _cell_text(cell: Cell, usage: Usage) -> list[Marked]:
    """The paragraphs of a cell; its text keeps the same distance from both edges."""
    if not cell.lines:
        return []
    pad = min(8.0, max(1.0, min(line.x0 for line in cell.lines) - cell.x0))
    return paragraphs(cell.lines, cell.x0 + pad, cell.x1 - pad, usage)
