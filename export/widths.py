"""Widths of columns, in characters, by what stands in them."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, sqrt

_LONGEST_WORD = 20  # a longer one is broken


def fit(columns: Sequence[Sequence[str]], room: float) -> list[float]:
    """Widths of the columns that hold these texts, `room` in sum where they do not need less.

    A column that needs little gets what it needs; the others share the rest by the root of what they hold, so that a
    long text becomes broad and not only high. None is narrower than its longest word, so the sum may exceed the room.
    """
    least = [max([3, *(min(len(w), _LONGEST_WORD) for text in texts for w in text.split())]) for texts in columns]
    natural = [
        max([floor, *(len(line) for text in texts for line in text.split("\n"))])
        for floor, texts in zip(least, columns, strict=True)
    ]
    weight = [sqrt(_typical(texts)) for texts in columns]
    widths = [0.0] * len(columns)
    open_ = set(range(len(columns)))
    while open_:
        unit = (room - sum(widths)) / sum(weight[at] for at in open_)
        wanted = {at: min(max(unit * weight[at], least[at]), natural[at]) for at in open_}
        excess = sum(wanted.values()) - unit * sum(weight[at] for at in open_)
        # Too much in sum: only those that cannot be narrower are settled, the others get less; and the reverse.
        settled = {at for at in open_ if (wanted[at] - unit * weight[at]) * excess > 0} or open_
        for at in settled:
            widths[at] = float(wanted[at])
        open_ = open_ - settled
    return widths


def _typical(texts: Sequence[str]) -> float:
    """Quadratic mean of the lengths: one long text among short ones counts, but does not rule."""
    return max(1.0, sqrt(sum(len(text) ** 2 for text in texts) / max(1, len(texts))))


def lines_needed(text: str, width: float) -> int:
    """How many lines a text takes at a width; on the safe side, for words are not broken."""
    return sum(max(1, ceil(len(line) * 1.1 / width)) for line in text.split("\n"))
