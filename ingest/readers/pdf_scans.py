"""Which pages of a PDF file are pictures: scans, with or without a layer of text that the scanner made."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from ingest.readers.pdf_tables import Box
from ingest.readers.pdf_text import Glyph, printed_rows

_FEW = 20  # letters: a page number, a stamp
_SOME = 0.1  # of a page without text that pictures cover, where they are more than a letterhead's emblem
_STROKES = 200  # curves of a page whose letters are drawn
_SCAN = 0.6  # of the page that a scan covers at least; pictures in a text cover less
_LAYER = 300  # letters; the stamp of a digital signature on a scan has up to 200
# Of the words of a page, those that bear a Vietnamese mark and are built as a syllable: .71 to .95 on 193 pages of four
# plans; .19 to .23 where a program for English read them, 0 without marks.
_VIETNAMESE = 0.45
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnpqrstvx])?[aăâeêioôơuưy]{1,3}(?:ch|ng|nh|[cmnpt])?"
)
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")


def is_scanned(glyphs: Sequence[Glyph], images: Sequence[Box], strokes: int, width: float, height: float) -> bool:
    """Whether a page is to be recognised from its picture.

    Args:
        glyphs: of its text.
        images: boxes of its pictures.
        strokes: curves that are drawn on it.
        width: of the page, in points.
        height: as `width`.
    """
    letters = sum(not glyph.text.isspace() for glyph in glyphs)
    if letters < _FEW:
        return sum(_share(box, width, height) for box in images) >= _SOME or strokes >= _STROKES
    if not any(_share(box, width, height) >= _SCAN for box in images) and _in_strips(images, width, height) < _SCAN:
        return False
    return letters < _LAYER or not is_vietnamese(glyphs)


def _share(box: Box, width: float, height: float) -> float:
    x0, top, x1, bottom = box
    across = min(x1, width) - max(x0, 0.0)
    down = min(bottom, height) - max(top, 0.0)
    return max(0.0, across) * max(0.0, down) / (width * height) if width * height else 0.0


def _in_strips(images: Sequence[Box], width: float, height: float) -> float:
    """What pictures cover together: some scanners cut a page into strips."""
    return sum(_share(box, width, height) for box in images if box[2] - box[0] >= _SCAN * width)


def is_vietnamese(glyphs: Sequence[Glyph]) -> bool:
    """Whether a text is Vietnamese with its marks, not what a program for another language read."""
    text = " ".join(part.text for row in printed_rows(glyphs, 1) for part in row)
    return marked_share(text) >= _VIETNAMESE


def marked_share(text: str) -> float:
    """Of the words of a text, the share that bear a Vietnamese mark and are built as a syllable."""
    words = re.findall(r"[^\W\d_]+\S*", unicodedata.normalize("NFC", text))
    return sum(map(_is_marked, words)) / len(words) if words else 0.0


def _is_marked(word: str) -> bool:
    plain = word.lower().strip(".,;:!?()[]“”\"'/-–")
    bare = unicodedata.normalize("NFC", _TONES.sub("", unicodedata.normalize("NFD", plain)))
    return not plain.isascii() and bool(_SYLLABLE.fullmatch(bare))
