"""Pages that lie on their side or upside down: by how many quarters they are turned to stand upright.

What tesseract reads of a page that lies wrong it is not sure of: of 100 it is 15 to 50 then, and 85 to 97 where the
page stands. Only pages that it was not sure of are looked at again.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ingest.readers.ocr_image import Grey, ink_of
from ingest.readers.ocr_program import Word, read_words

TURNS = 4
_CONVINCING = 70.0  # of 100: how sure a reading is of its letters at least
_SURE = 75.0  # words that are taken as read, of 100; of a page that lies wrong next to none
_FEW = 8  # letters that tell no direction
_SIDE = 160.0  # points: the part of a page that is tried
_STEP = 8  # parts of that side by which it is moved
_FAINT = 300  # edges of letters in that part: fewer are some words, or none


def is_convincing(words: Sequence[Word]) -> bool:
    """Whether a page was read as it stands; where next to nothing is printed there is no other way to read it."""
    letters = sum(len(word.text) for word in words)
    return letters < _FEW or sum(word.sure * len(word.text) for word in words) >= _CONVINCING * letters


def sure_letters(words: Sequence[Word]) -> int:
    """How many letters were read that are hardly misread: by it two readings of a page are compared."""
    return sum(len(word.text) for word in words if word.sure >= _SURE)


def standing(grey: Grey, turns: int) -> Grey:
    """A page turned by so many quarters counterclockwise."""
    return np.ascontiguousarray(np.rot90(grey, turns)) if turns else grey


def upright_turns(grey: Grey, dpi: float, path: Path) -> int | None:
    """By how many quarters counterclockwise a page is to be turned, tried on the part of it that is printed most; None
    where it does not tell.

    Raises:
        SourceError: tesseract takes too long or fails; `path` names the file.
    """
    part = most_printed(grey, dpi)
    if part is None:
        return None
    found = [sure_letters(words) for words in read_words([standing(part, k) for k in range(TURNS)], dpi, path)]
    return found.index(max(found)) if max(found) >= _FEW else None


def most_printed(grey: Grey, dpi: float) -> Grey | None:
    """The square with most edges of letters, which a black margin has not; None where it has next to none."""
    ink = ink_of(grey)[::2, ::2]
    edges = np.zeros(ink.shape, dtype=np.int32)
    edges[1:] += ink[1:] != ink[:-1]
    edges[:, 1:] += ink[:, 1:] != ink[:, :-1]
    sums = np.pad(edges.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    side = round(_SIDE * dpi / 144)
    high, wide = min(side, ink.shape[0]), min(side, ink.shape[1])
    ys = np.arange(0, ink.shape[0] - high + 1, max(1, high // _STEP))
    xs = np.arange(0, ink.shape[1] - wide + 1, max(1, wide // _STEP))
    held = sums[ys + high][:, xs + wide] - sums[ys + high][:, xs] - sums[ys][:, xs + wide] + sums[ys][:, xs]
    row, column = divmod(int(held.argmax()), len(xs))
    if held[row, column] < _FAINT:
        return None
    top, left = 2 * int(ys[row]), 2 * int(xs[column])
    return grey[top : top + 2 * high, left : left + 2 * wide]
