"""Widths of columns, in characters, by what stands in them."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, sqrt

_LONGEST_WORD = 20  # a longer one is broken
_READABLE = 32  # however long a text is, this width will do
_NARROWEST = 5  # «Năm» in bold
_BROAD = 1.3  # of a capital or a digit, in letters of the usual breadth
_SLENDER = 7  # characters of a line for one line: a text of 80 gets 24, and four lines


def fit(columns: Sequence[Sequence[str]], room: float) -> list[float]:
    """Widths of the columns that hold these texts, `room` in sum where they do not need less.

    A column that needs little gets what it needs; the others share the rest by the root of what they hold, so that a
    long text becomes broad and not only high. None is narrower than `least`, so the sum may exceed the room.
    """
    narrowest = [least(texts) for texts in columns]
    natural = [max(low, _longest_line(texts)) for low, texts in zip(narrowest, columns, strict=True)]
    weight = [sqrt(_typical(texts)) for texts in columns]
    widths = [0.0] * len(columns)
    open_ = set(range(len(columns)))
    while open_:
        unit = (room - sum(widths)) / sum(weight[at] for at in open_)
        wanted = {at: min(max(unit * weight[at], narrowest[at]), natural[at]) for at in open_}
        excess = sum(wanted.values()) - unit * sum(weight[at] for at in open_)
        # Too much in sum: only those that cannot be narrower are settled, the others get less; and the reverse.
        settled = {at for at in open_ if (wanted[at] - unit * weight[at]) * excess > 0} or open_
        for at in settled:
            widths[at] = wanted[at]
        open_ = open_ - settled
    return widths


def least(texts: Sequence[str]) -> float:
    """The narrowest width at which a column can be read: no word is broken, and a long text is no tower."""
    word = max([_NARROWEST, *(_breadth(word) for text in texts for word in text.split())])
    return max(min(word, float(_LONGEST_WORD)), min(_longest_line(texts), _READABLE, sqrt(_SLENDER * _typical(texts))))


def _breadth(word: str) -> float:
    """Room that a word takes, in letters of the usual breadth."""
    return sum(_BROAD if letter.isdigit() or letter.isupper() else 1.0 for letter in word)


def _longest_line(texts: Sequence[str]) -> float:
    return float(max((len(line) for text in texts for line in text.split("\n")), default=0))


def _typical(texts: Sequence[str]) -> float:
    """Quadratic mean of the lengths: one long text among short ones counts, but does not rule."""
    return max(1.0, sqrt(sum(len(text) ** 2 for text in texts) / max(1, len(texts))))


def lines_needed(text: str, width: float) -> int:
    """How many lines a text takes at a width in characters, broken between words, and in a word only where it must."""
    return sum(_lines(line, max(1.0, width)) for line in text.split("\n"))


def _lines(line: str, width: float) -> int:
    if len(line) <= width:
        return 1
    count, used = 1, 0.0
    for length in map(len, line.split(" ")):
        if used and used + 1 + length > width:
            count, used = count + 1, 0.0
        used += length + (1 if used else 0)
        if used > width:  # a word broader than the column
            further = ceil(used / width) - 1
            count, used = count + further, used - further * width
    return count
