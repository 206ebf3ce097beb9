"""The ruling lines of a page that is a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from ingest.readers.ocr_image import Ink

_GAPS = 0.06  # of a ruling line that may be missing: dust, a bad print
_SURE_DOWN = 32.0  # points: two rows of a table
_CLOSE, _BARE = 4, 0.12  # pixels beside a stroke, and the share of them that is ink beside a letter
_LOW = 8.0  # points: the height of the lowest row
_MIN_ACROSS, _MIN_DOWN = 18.0, 15.0  # points: shorter strokes are letters
_MAX_THICK = 4.0  # points: thicker ones are boxes, stamps, the dark edge of a copy


@dataclass(frozen=True, slots=True)
class Rule:
    """A ruling line, in pixels: its box, ends excluded."""

    x0: int
    top: int
    x1: int
    bottom: int


def rules_of(ink: Ink, dpi: float) -> tuple[list[Rule], list[Rule], Ink]:
    """The ruling lines across and down a page, and their ink. They are sought in a picture of half the size."""
    height, width = (side // 2 * 2 for side in ink.shape)
    half = np.asarray(ink[:height, :width].reshape(height // 2, 2, width // 2, 2).any(axis=(1, 3)))
    unit = dpi / 144
    thick = max(2, round(_MAX_THICK * unit))
    across, flat = _strokes(half, round(_MIN_ACROSS * unit), thick)
    down, steep = _strokes(half.T, round(_MIN_DOWN * unit), thick, round(_SURE_DOWN * unit))
    down, steep = _without_letters(down, steep, across, half.T, unit)
    mask = np.zeros_like(ink)
    mask[:height, :width] = (flat | steep.T).repeat(2, axis=0).repeat(2, axis=1)
    level = [Rule(2 * r.x0, 2 * r.top, 2 * r.x1, 2 * r.bottom) for r in across]
    return level, [Rule(2 * r.top, 2 * r.x0, 2 * r.bottom, 2 * r.x1) for r in down], mask


def _strokes(ink: Ink, length: int, thick: int, alone: int = 0) -> tuple[list[Rule], Ink]:
    """Strokes across: ink that goes on for `length` pixels, a pixel up or down allowed; and their pixels. Those shorter
    than `alone` only in line with another: a letter may fill a low row from rule to rule."""
    if ink.shape[1] <= length:
        return [], np.zeros_like(ink)
    near = ink.copy()
    near[1:] |= ink[:-1]
    near[:-1] |= ink[1:]
    long = _opened(near, length)
    boxes = [box for box in _boxes(long) if box.bottom - box.top <= thick + 2]  # of which 2 were added above and below
    mask = np.zeros_like(ink)
    kept = [box for box in boxes if box.x1 - box.x0 >= alone or (_has_fellow(box, boxes, alone) and _is_bare(box, ink))]
    for box in kept:
        mask[box.top : box.bottom, box.x0 : box.x1] = long[box.top : box.bottom, box.x0 : box.x1]
    return kept, mask


def _without_letters(
    rules: Sequence[Rule], mask: Ink, others: Sequence[Rule], ink: Ink, unit: float
) -> tuple[list[Rule], Ink]:
    """Rules without what is a letter of a low row that stands in their line: above or below it the row is
    white, and beside it is more of it.

    Args:
        rules: across `ink`.
        mask: their pixels.
        others: those of the other direction, as they lie in `ink` turned.
        ink: the page.
        unit: pixels in a point.
    """
    made: list[Rule] = []
    mask = mask.copy()
    for rule in rules:
        start = rule.x0
        for first, last in _low_rows(rule, others, unit):
            row = ink[max(0, rule.top - 1) : rule.bottom + 1, first + _CLOSE : last - _CLOSE]
            if not row.any(axis=0).all() and not _is_bare(replace(rule, x0=first, x1=last), ink):
                mask[rule.top : rule.bottom, first:last] = False
                made += [replace(rule, x0=start, x1=first)] if start < first else []
                start = last
        made += [replace(rule, x0=start)] if start < rule.x1 else []
    return made, mask


def _low_rows(rule: Rule, others: Sequence[Rule], unit: float) -> list[tuple[int, int]]:
    """Where the low rows start and end that a rule goes through or ends in."""
    middle = (rule.top + rule.bottom) // 2
    places = sorted((r.top + r.bottom) // 2 for r in others if r.x0 <= middle <= r.x1)
    rows = [(a, b) for a, b in pairwise(places) if _LOW * unit <= b - a < _SURE_DOWN * unit]
    return [(a, b) for a, b in rows if a < rule.x1 - _CLOSE and b > rule.x0 + _CLOSE]


def _has_fellow(box: Rule, boxes: Sequence[Rule], alone: int) -> bool:
    """Whether a longer stroke, or two others, go on in the line of one."""
    middle = (box.top + box.bottom) / 2
    fellows = [b for b in boxes if b is not box and b.top - 2 <= middle <= b.bottom + 2]
    return len(fellows) > 1 or any(b.x1 - b.x0 >= alone for b in fellows)


def _is_bare(box: Rule, ink: Ink) -> bool:
    """Whether next to nothing is printed close beside a stroke: the rest of a letter would be."""
    inner = slice(box.x0 + _CLOSE, max(box.x0 + _CLOSE + 1, box.x1 - _CLOSE))  # without the rules that it meets
    beside = (
        ink[max(0, box.top - _CLOSE) : max(0, box.top - 1), inner],
        ink[box.bottom + 1 : box.bottom + _CLOSE, inner],
    )
    return all(side.mean() < _BARE for side in beside if side.size)


def _opened(ink: Ink, length: int) -> Ink:
    """The pixels in some stretch of so many that are nearly all ink."""
    sums = np.zeros((ink.shape[0], ink.shape[1] + 1), dtype=np.int16)
    np.cumsum(ink, axis=1, out=sums[:, 1:])
    full = sums[:, length:] - sums[:, :-length] >= (1 - _GAPS) * length
    started = np.zeros((ink.shape[0], ink.shape[1] + 1), dtype=np.int16)
    started[:, : full.shape[1]] += full
    started[:, length : length + full.shape[1]] -= full
    covered: Ink = started[:, :-1].cumsum(axis=1, dtype=np.int16) > 0
    return covered


def _boxes(mask: Ink) -> list[Rule]:
    """Boxes of what hangs together from row to row."""
    padded = np.zeros((mask.shape[0], mask.shape[1] + 2), dtype=np.int8)
    padded[:, 1:-1] = mask
    change = np.diff(padded, axis=1)
    rows, starts = np.nonzero(change == 1)
    ends = np.nonzero(change == -1)[1]
    done: list[Rule] = []
    open_: list[Rule] = []
    current = -1
    fresh: list[Rule] = []
    for row, x0, x1 in zip(rows.tolist(), starts.tolist(), ends.tolist(), strict=True):
        if row != current:
            done += open_
            open_ = fresh
            if row != current + 1:
                done += open_
                open_ = []
            fresh, current = [], row
        box = Rule(x0, row, x1, row + 1)
        for other in [o for o in open_ if o.x0 < x1 and o.x1 > x0]:
            open_.remove(other)
            box = _both(box, other)
        for other in [o for o in fresh if o.x0 < box.x1 and o.x1 > box.x0 and o.top < row]:
            fresh.remove(other)
            box = _both(box, other)
        fresh.append(box)
    return [*done, *open_, *fresh]


def _both(a: Rule, b: Rule) -> Rule:
    return Rule(min(a.x0, b.x0), min(a.top, b.top), max(a.x1, b.x1), max(a.bottom, b.bottom))
