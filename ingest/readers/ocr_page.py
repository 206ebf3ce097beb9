"""A picture of a page → its words and the boxes of its tables, as the reader of PDF files has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ingest.readers.ocr_areas import Area, block_areas, cell_areas, is_dash, tables_of
from ingest.readers.ocr_glyphs import Line, glyphs_of
from ingest.readers.ocr_image import Grey, Ink, Picture, evened, ink_of, skew_of, turned
from ingest.readers.ocr_numbers import columns_of, read_again
from ingest.readers.ocr_program import Word, read_words
from ingest.readers.ocr_rules import rules_of
from ingest.readers.ocr_turns import is_convincing, standing, sure_letters, upright_turns
from ingest.readers.pdf_pages import PageContent

_PAD = 30  # white pixels around what is read: letters at an edge are misread
_MARK = 0.5  # height of a mark, of the letters below it with theirs
_INTO = 0.3  # of its height by which it reaches into these at least
_HALO = 1  # pixels beside a ruling line that are grey from it


@dataclass(frozen=True, slots=True)
class _Reading:
    """What was read of a page that was turned by so many quarters."""

    content: PageContent
    words: tuple[Word, ...]


def page_of(picture: Picture, path: Path, turns: int = 0) -> PageContent:
    """What is printed on a page, however it lies; `path` names the file.

    Args:
        picture: of the page.
        path: of the file.
        turns: quarters counterclockwise by which it probably has to be turned.

    Raises:
        SourceError: tesseract takes too long or fails.
    """
    even = evened(picture.grey, picture.dpi)
    first = _reading(picture, even, turns, path)
    if is_convincing(first.words):
        return first.content
    better = upright_turns(even, picture.dpi, path)
    if better is None or better == turns:
        return first.content
    second = _reading(picture, even, better, path)
    return max(first, second, key=lambda reading: sure_letters(reading.words)).content


def lines_of(words: Sequence[Word]) -> list[list[Word]]:
    """The words of an area line by line, without the marks of a line's letters where these were read as a line."""
    by_number: dict[tuple[int, int, int], list[Word]] = {}
    for word in words:
        by_number.setdefault(word.line, []).append(word)
    lines = list(by_number.values())
    return [line for line, below in zip(lines, [*lines[1:], None], strict=False) if not _is_marks_of(line, below)]


def _reading(picture: Picture, even: Grey, turns: int, path: Path) -> _Reading:
    dpi = picture.dpi
    even = standing(even, turns)
    skew = skew_of(ink_of(even))
    grey = turned(even, skew)
    across, down, ruled = rules_of(ink_of(grey), dpi)
    grey = _without(grey, ruled)
    ink = _without_dust(ink_of(grey))
    tables = tables_of(across, down, dpi)
    cells, blocks = cell_areas(tables, ink, dpi), block_areas(tables, ink, dpi)
    areas = [*cells, *blocks]
    pictures = [_cut(grey, area) for area in areas]
    found = read_words(pictures, dpi, path)
    for at, words in read_again(columns_of(tables, areas[: len(cells)], dpi), found, pictures, dpi, path).items():
        found[at] = words
    lines = []
    for at, (area, words) in enumerate(zip(areas, found, strict=True)):
        words = words or ([_dash(area)] if at < len(cells) and is_dash(area, dpi) else [])
        lines += [Line(tuple(line), area.x0 - _PAD, area.top - _PAD, at, at < len(cells)) for line in lines_of(words)]
    height, width = (side * 72 / dpi for side in grey.shape)
    glyphs = tuple(glyphs_of(lines, dpi))
    content = PageContent(picture.number, width, height, glyphs, tuple(tables), picture.of, True, skew, turns)
    return _Reading(content, tuple(word for words in found for word in words))


def _dash(area: Area) -> Word:
    width, height = area.x1 - area.x0, area.bottom - area.top
    return Word("-", _PAD, _PAD, _PAD + width, _PAD + 3 * height, (1, 1, 1), 100.0)  # to the baseline


def _is_marks_of(line: Sequence[Word], below: Sequence[Word] | None) -> bool:
    """Whether what was read as a line are marks above letters: low, and reaching into the line below."""
    if below is None:
        return False
    bottom, height = max(word.bottom for word in line), max(word.bottom - word.top for word in line)
    top, letters = min(word.top for word in below), max(word.bottom - word.top for word in below)
    return height <= _MARK * letters and bottom - top >= _INTO * height


def _without(grey: Grey, ruled: Ink) -> Grey:
    """A page without its ruling lines: they are read as letters."""
    near = ruled.copy()
    for _ in range(_HALO):
        wide = near.copy()
        wide[1:] |= near[:-1]
        wide[:-1] |= near[1:]
        near = wide.copy()
        near[:, 1:] |= wide[:, :-1]
        near[:, :-1] |= wide[:, 1:]
    return np.where(near, np.uint8(255), grey).astype(np.uint8)


def _without_dust(ink: Ink) -> Ink:
    """Ink without single specks, which would close the gap between two columns."""
    count = ink.astype(np.int8)
    rows = count.copy()
    rows[1:] += count[:-1]
    rows[:-1] += count[1:]
    around = rows.copy()
    around[:, 1:] += rows[:, :-1]
    around[:, :-1] += rows[:, 1:]
    clean: Ink = ink & (around >= 4)
    return clean


def _cut(grey: Grey, area: Area) -> Grey:
    return np.pad(grey[area.top : area.bottom, area.x0 : area.x1], _PAD, constant_values=255)
