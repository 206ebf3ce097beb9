"""A PDF file → its pages: glyphs, cell boxes and sizes. All that touches pdfplumber is here.

What the library raises on damaged files is of many kinds; each is named in `FAULTS`, and none of our code runs where
they are caught.
"""

from __future__ import annotations

import io
import struct
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError
from pdfminer.psexceptions import PSException
from pdfplumber.page import Page
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from ingest.errors import SourceError
from ingest.readers.ocr_image import DPI, Picture
from ingest.readers.pdf_limits import damaged, locked, too_big, too_long, too_slow
from ingest.readers.pdf_render import Renderer
from ingest.readers.pdf_scans import is_scanned
from ingest.readers.pdf_tables import Box
from ingest.readers.pdf_text import Glyph

FAULTS = (
    PSException, PdfminerException, MalformedPDFException, ArithmeticError, AssertionError, AttributeError,
    LookupError, MemoryError, NotImplementedError, OSError, RecursionError, TypeError, ValueError, EOFError,
    struct.error, zlib.error,
)  # fmt: skip
_MAX_RULES = 20_000  # ruling lines on a page; a dense table of 40 columns and 100 rows has some 8000
_SHORT = 6.0  # points: the thickness of a rule is less
_NEAR = 2.0  # points

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PageContent:
    """A page: from 1 of so many, in points, the boxes of the cells of each ruled table, and whether it was
    recognised from a picture."""

    number: int
    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    tables: tuple[tuple[Box, ...], ...]
    of: int = 1
    scanned: bool = False
    skew: float = 0.0  # degrees counterclockwise by which it was turned before it was read
    turns: int = 0  # quarters counterclockwise by which it was turned before that; its size is that of the turned page


def read_pages(data: bytes, path: Path, max_pages: int, seconds: float) -> Iterator[PageContent | Picture]:
    """The pages in order; those that are scanned as pictures.

    Args:
        data: the file.
        path: its name.
        max_pages: that it may have.
        seconds: that its text may take; pictures are recognised in their own time.

    Raises:
        SourceError: damaged, with a password, too many pages, too slow.
    """
    if not data.strip():
        raise SourceError(f"Tệp «{path}» trống.", "Tải hoặc sao chép lại tệp.")
    start = time.monotonic()
    pdf = _guarded(lambda: pdfplumber.open(io.BytesIO(data)), path)
    pages = _guarded(lambda: pdf.pages, path)
    if not pages:
        raise damaged(path)
    if len(pages) > max_pages:
        raise too_long(path, len(pages), max_pages)
    taken = time.monotonic() - start
    pictures: Renderer | None = None
    for page in pages:
        start = time.monotonic()
        if taken > seconds:
            raise too_slow(path, seconds)
        content, scanned = _guarded(lambda page=page: _content(page, len(pages)), path)  # type: ignore[misc]
        page.close()
        taken += time.monotonic() - start
        if scanned:
            pictures = pictures or Renderer(data, path)
            yield Picture(content.number, *pictures.grey(content.number, DPI), len(pages))
        else:
            yield content


def _guarded(read: Callable[[], T], path: Path) -> T:
    try:
        return read()
    except FAULTS as error:
        cause = error.args[0] if error.args and isinstance(error.args[0], Exception) else error
        if isinstance(cause, PDFEncryptionError):
            raise locked(path) from error
        if isinstance(cause, MemoryError):
            raise too_big(path) from error
        raise damaged(path) from error


def _content(page: Page, pages: int) -> tuple[PageContent, bool]:
    """What a page holds, and whether it is a picture."""
    glyphs = [_glyph(char, page) for char in page.chars if char["upright"]]
    rules = len(page.rects) + len(page.lines) + len(page.curves)
    tables: list[tuple[Box, ...]] = []
    width, height = float(page.width), float(page.height)
    images = [_moved((i["x0"], i["top"], i["x1"], i["bottom"]), page) for i in page.images]
    if is_scanned(glyphs, images, len(page.curves), width, height):
        return PageContent(page.page_number, width, height, (), (), pages), True
    if 0 < rules <= _MAX_RULES:
        settings = {"explicit_horizontal_lines": _open_ends(page)}
        tables = [tuple(_moved(box, page) for box in table.cells) for table in page.find_tables(settings)]
    return PageContent(page.page_number, width, height, tuple(glyphs), tuple(tables), pages), False


def _open_ends(page: Page) -> list[float]:
    """Where the upright rules of a table end at the top or bottom of a page without a level one: a browser cuts a row
    there and draws none."""
    upright, level = ([e for e in page.edges if e["orientation"] == way] for way in "vh")
    upright = [e for e in upright if e["height"] > _SHORT]
    found = []
    for end, outermost in (("top", min), ("bottom", max)):
        y = outermost((float(e[end]) for e in upright), default=0.0)
        columns = [e["x0"] for e in upright if abs(e[end] - y) < _NEAR]
        across = [e for e in level if abs(e["top"] - y) < 2 * _NEAR and e["width"] > _SHORT]
        closed = across and min(e["x0"] for e in across) < min(columns) + _SHORT
        closed = closed and max(e["x1"] for e in across) > max(columns) - _SHORT
        if columns and max(columns) - min(columns) > _SHORT and not closed:
            found.append(y)
    return found


def _glyph(char: dict[str, Any], page: Page) -> Glyph:
    """`y0` of a glyph is below its baseline by the font's descent, which fallback fonts do not share."""
    left, baseline = float(page.mediabox[0]), float(page.height) - float(char["matrix"][5])
    bold = "bold" in str(char["fontname"]).lower()
    return Glyph(
        str(char["text"]), float(char["x0"]) - left, float(char["x1"]) - left, baseline, float(char["size"]), bold
    )


def _moved(box: Box, page: Page) -> Box:
    """A box with the page's top left corner as its origin, wherever the file has its own."""
    left, top = float(page.mediabox[0]), float(page.mediabox[1])
    return box[0] - left, box[1] - top, box[2] - left, box[3] - top
