"""Words that were read from a picture → glyphs, placed by the baseline of their line and sized by its letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from ingest.readers.ocr_program import Word
from ingest.readers.ocr_repair import head_of, in_small, parted
from ingest.readers.pdf_text import Glyph

# Widths of letters in a face with serifs, in thousandths of its size: the height of a word tells less, for it may bear
# marks above and below.
_WIDTHS = {
    **dict.fromkeys("abdghknopquvxyđ0123456789–$", 500), **dict.fromkeys("cez“”\"", 444), **dict.fromkeys("fr-()", 333),
    **dict.fromkeys("ijlt/:;", 278), **dict.fromkeys(".,", 250), **dict.fromkeys("VDGHKNOQUXYAĐ", 722), "I": 333,
    **dict.fromkeys("BCRELTZ", 640), **dict.fromkeys("FPS", 556), "J": 389, "M": 889, "W": 944, "m": 778, "w": 722,
    "s": 389, "%": 833,
}  # fmt: skip
_WIDTH = 500
_BELOW = re.compile(r"[gpqyjQ,;()\[\]{}/|\\@$_]")  # these reach below the baseline
_DESCENT = 0.21  # of the size
_BESIDE = 0.04  # of the size: what is white at both sides of a letter
_THIN = 0.01  # points
_SAME = 0.18  # of the size of a page's text: lines that differ less are set in it
_FEW = 8  # letters that tell no size

# Of scans of 9 pages: half of the misread words and 5 in 1000 of the others are below the first, and 3 of 4 misread
# numbers and 6 in 100 of the others below the second.
_DOUBT = 85.0  # of 100: words that are less sure may be misread
_NUMBER_DOUBT = 92.0


@dataclass(frozen=True, slots=True)
class Line:
    """A line of words, in pixels from a corner of the page, which area it stands in, and whether that is a table's."""

    words: tuple[Word, ...]
    left: int
    top: int
    area: int
    in_table: bool


def glyphs_of(lines: Sequence[Line], dpi: float) -> Iterator[Glyph]:
    """A glyph for each word, and one for each space between two."""
    unit = 72 / dpi
    sizes = [_size(line, unit) for line in lines]
    letters = [size for line, size in zip(lines, sizes, strict=True) for _ in range(_letters(line)) if size]
    usual = median(letters) if letters else 12.0
    for line, found in zip(lines, sizes, strict=True):
        size = usual if not found or abs(found - usual) < _SAME * usual else found
        baseline = _baseline(line, size, unit)
        end = None
        texts = in_small([word.text for word in line.words])
        for word, read in zip(line.words, texts, strict=True):
            x0 = (line.left + word.x0) * unit - _BESIDE * size
            x1 = (line.left + word.x1) * unit + _BESIDE * size
            if end is not None:
                yield Glyph(" ", x0 - _THIN, x0, baseline, size, block=line.area)
            doubtful = is_doubtful(word, line.in_table)
            text = parted(head_of(read) if end is None and not line.in_table else read)
            yield Glyph(text, x0, x1, baseline, size, doubtful=doubtful, block=line.area)
            end = x1


def is_doubtful(word: Word, in_table: bool) -> bool:
    """Whether a word may be misread: any number of a table, and what tesseract is not sure of."""
    if any(c.isdigit() for c in word.text):
        return in_table or word.sure < _NUMBER_DOUBT
    return word.sure < _DOUBT


def _letters(line: Line) -> int:
    return sum(len(word.text) for word in line.words)


def _size(line: Line, unit: float) -> float:
    """In points; 0 where the line is too short to tell."""
    if _letters(line) < _FEW:
        return 0.0
    return median((word.x1 - word.x0) * unit * 1000 / _advance(word.text) for word in line.words for _ in word.text)


def _advance(text: str) -> int:
    return sum(_WIDTHS.get(_plain(c), _WIDTH) for c in text)


def _plain(letter: str) -> str:
    return unicodedata.normalize("NFD", letter)[0]


def _baseline(line: Line, size: float, unit: float) -> float:
    level = [word.bottom for word in line.words if not _reaches_below(word.text)]
    if level:
        return (line.top + median(level)) * unit
    return (line.top + median(word.bottom for word in line.words)) * unit - _DESCENT * size


def _reaches_below(text: str) -> bool:
    return bool(_BELOW.search(text)) or "\u0323" in unicodedata.normalize("NFD", text)
