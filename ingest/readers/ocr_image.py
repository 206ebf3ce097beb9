"""Pictures of pages: upright, and where ink stands. Pixels are grey, 0 black to 255 white."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from ingest.readers.source import Mark

Grey = NDArray[np.uint8]
Ink = NDArray[np.bool_]

DPI = 360.0  # what tesseract reads best: .992 of the words of a scan at 200 dpi, at 300 .979
_BLUR = 0.18  # points: the grain between the dots of a scanner, not the strokes of letters

_MAX_SKEW = 5.0  # degrees to either side; a page that lies worse was not fed by a scanner
_ENOUGH_INK = 200  # points; fewer tell no direction
_POINTS = 60_000  # points that are looked at
_COARSE, _FINE = 0.25, 0.03  # degrees
_GRAIN = 2.0  # standard deviations of the paper
_FLAT = 40.0  # levels between paper and ink; below it a page is left as it is


@dataclass(frozen=True, slots=True)
class Picture:
    """A page, from 1 of so many, as a picture of so many pixels an inch."""

    number: int
    grey: Grey
    dpi: float
    of: int = 1


def ink_of(grey: Grey) -> Ink:
    """Where a page is printed: darker than the threshold that parts its two kinds of pixels best (Otsu)."""
    counts = np.bincount(grey.ravel(), minlength=256).astype(np.float64)
    below = counts.cumsum()
    total, weighted = below[-1], (counts * np.arange(256)).cumsum()
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = (weighted[-1] * below / total - weighted) ** 2 / (below * (total - below))
    threshold = int(np.argmax(np.nan_to_num(spread, posinf=0.0)))
    return grey <= min(threshold, 200)


def evened(grey: Grey, dpi: float) -> Grey:
    """A page with white paper and black letters: the grain of paper and scanner taken out."""
    grey = np.asarray(Image.fromarray(grey).filter(ImageFilter.GaussianBlur(_BLUR * dpi / 72)))
    ink = ink_of(grey)
    sample, where = grey[::4, ::4], ink[::4, ::4]
    if not where.any() or where.all():
        return grey
    paper, black = sample[~where], float(np.median(sample[where]))
    white = float(np.median(paper)) - _GRAIN * float(np.std(paper[paper >= np.median(paper)]))
    if white - black < _FLAT:
        return grey
    stretched = (grey.astype(np.float32) - black) * (255 / (white - black))
    return stretched.clip(0, 255).astype(np.uint8)


def skew_of(ink: Ink) -> float:
    """By how many degrees the lines of a page fall to the right; 0 where the page does not tell.

    Lines that lie level put the ink of a page into few rows of pixels: the angle at which they do that most is it.
    """
    places = np.argwhere(ink)
    if len(places) < _ENOUGH_INK:
        return 0.0
    ys, xs = places[:: max(1, len(places) // _POINTS)].T.astype(np.float32)
    wide = np.arange(-_MAX_SKEW, _MAX_SKEW + _COARSE, _COARSE)
    best = max(wide, key=lambda angle: _level(ys, xs, angle))
    near = np.arange(best - _COARSE, best + _COARSE + _FINE, _FINE)
    return float(max(near, key=lambda angle: (_level(ys, xs, angle), -abs(angle))))


def _level(ys: NDArray[np.float32], xs: NDArray[np.float32], angle: float) -> float:
    """How sharply the rows of ink stand apart when the page is turned back by an angle."""
    rows = (ys - xs * math.tan(math.radians(angle))).astype(np.int64)
    counts = np.bincount(rows - rows.min())
    return float((np.diff(counts).astype(np.float64) ** 2).sum())


def turned(grey: Grey, angle: float) -> Grey:
    """A page turned by some degrees counterclockwise, of the same size."""
    if abs(angle) < _FINE:
        return grey
    return np.asarray(Image.fromarray(grey).rotate(angle, Image.Resampling.BICUBIC, fillcolor=255))


def turned_back(mark: Mark, angle: float, width: float, height: float, turns: int = 0) -> Mark:
    """Where a box of a page that was turned stands on the page as it came.

    Args:
        mark: the box, in points, as all of these.
        angle: degrees counterclockwise by which the page was turned last.
        width: of the turned page.
        height: as `width`.
        turns: quarters counterclockwise by which it was turned before.
    """
    if not angle and not turns:
        return mark
    sine, cosine = math.sin(math.radians(angle)), math.cos(math.radians(angle))
    corners = [(x - width / 2, y - height / 2) for x in (mark.x0, mark.x1) for y in (mark.top, mark.bottom)]
    corners = [(x * cosine - y * sine + width / 2, x * sine + y * cosine + height / 2) for x, y in corners]
    for _ in range(turns):
        corners = [(height - y, x) for x, y in corners]
        width, height = height, width
    xs, ys = zip(*corners, strict=True)
    return Mark(mark.page, *(round(v, 1) for v in (min(xs), min(ys), max(xs), max(ys))))


def runs(filled: Sequence[bool] | NDArray[np.bool_], gap: int) -> list[tuple[int, int]]:
    """Stretches (first, behind the last) that are filled, those less than `gap` apart as one."""
    at = np.flatnonzero(np.asarray(filled))
    if not len(at):
        return []
    cuts = np.flatnonzero(np.diff(at) > gap)
    firsts, lasts = [at[0], *at[cuts + 1]], [*at[cuts], at[-1]]
    return [(int(a), int(b) + 1) for a, b in zip(firsts, lasts, strict=True)]
