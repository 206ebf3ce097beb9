"""BM25 of texts for one question: sums of columns of weights, of which only those are added up that can matter.

The best are found as by MaxScore (Turtle and Flood, "Query evaluation: strategies and optimizations", 1995): rare words
weigh most and have short columns, so these are added first. Once k texts have more than what is left could bring a text
together (`_LIKELY`: half of what it could at most), no new text is expected among them, and the long columns of common
words are only looked up for those that are near.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.positions import Positions, Runs, Scores

_ROUNDING = 2e-6  # scores that differ less than they are rounded to are ties
_SLACK = 1e-4  # more than sums of float32 in another order can differ by
# Of all that the columns left over could bring together a text gets less: no text has every common word, each as often
# and in as few words as the one that has most of it. `benchmarks/growth.py` tells what is missed by it.
_LIKELY = 0.5
_MANY = 1 << 19  # entries of columns above which not all are added up
_CHEAP = 16  # entries that are added up in the time in which one is looked up
_FEW = 4_096  # texts below which it does not pay to count out who still matters

Sums = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Column:
    """What one feature weighs (float32, each at most `peak`), and in which texts (int32, ascending)."""

    weights: Sums
    positions: NDArray[np.int32]
    peak: float

    def at(self, wanted: Positions) -> Sums:
        """float32[n]: what it weighs in texts given in ascending order; 0 where it does not stand."""
        found = np.searchsorted(self.positions, wanted.astype(np.int32))
        found[found == len(self.positions)] = 0
        there = self.positions[found] == wanted
        return np.where(there, self.weights[found], np.float32(0))

    def within(self, bounds: NDArray[np.int32], shifts: Positions) -> tuple[Positions, Sums]:
        """Where among the texts of some stretches it stands, and its weights there. Texts `bounds[0, i]` to before
        `bounds[1, i]` are counted through from `bounds[0, i] + shifts[i]`."""
        # In the type of the positions: else all of these would be converted, for each column and filter.
        first, behind = np.searchsorted(self.positions, bounds)
        places = Runs(first, behind).positions()
        moved = self.positions[places] + np.repeat(shifts, behind - first)
        return np.asarray(moved, dtype=np.int64), self.weights[places]


class Matches(Protocol):
    """The texts that share something with a question."""

    def scores(self, positions: Positions) -> Scores:
        """float64[n], to 6 decimals, of texts in ascending order; 0 where no feature is shared."""
        ...

    def best(self, allowed: Positions | None, k: int) -> Positions:
        """Positions of the k best scores above 0 among `allowed` (ascending; None: all), ties by position."""
        ...

    def within(self, allowed: Positions) -> Matches:
        """The same for whom no other positions than these (ascending) will ever be asked for."""
        ...


def matches(columns: Sequence[Column], count: int) -> Matches:
    """What finds the best of `count` texts; `columns` in the order of the features of a question."""
    if sum(len(column.positions) for column in columns) > _MANY:
        return Pruned(columns, count)
    sums = np.zeros(count, dtype=np.float32)
    for column in columns:
        sums[column.positions] += column.weights  # a text stands once in a column
    return Summed(sums)


class Summed:
    """All columns added up, once for all filters: of few texts that is quickest."""

    def __init__(self, sums: Sums) -> None:
        self._sums = sums

    def scores(self, positions: Positions) -> Scores:
        """See `Matches`."""
        exact: Scores = self._sums[positions].astype(np.float64)
        return exact.round(6)

    def best(self, allowed: Positions | None, k: int) -> Positions:
        """See `Matches`."""
        sums = self._sums if allowed is None else self._sums[allowed]
        near = _above(sums, k)
        return _first(near if allowed is None else allowed[near], self, k)

    def within(self, allowed: Positions) -> Matches:
        """See `Matches`."""
        return self


class Within:
    """All columns added up, for some texts alone."""

    def __init__(self, allowed: Positions, sums: Sums) -> None:
        self._allowed = allowed
        self._sums = sums

    def scores(self, positions: Positions) -> Scores:
        """See `Matches`."""
        exact: Scores = self._of(positions).astype(np.float64)
        return exact.round(6)

    def best(self, allowed: Positions | None, k: int) -> Positions:
        """See `Matches`; all are those that it is of."""
        among = self._allowed if allowed is None else allowed
        return _first(among[_above(self._of(among), k)], self, k)

    def within(self, allowed: Positions) -> Matches:
        """See `Matches`."""
        return self

    def _of(self, positions: Positions) -> Sums:
        return self._sums[np.searchsorted(self._allowed, positions)]


class Pruned:
    """See the module."""

    def __init__(self, columns: Sequence[Column], count: int) -> None:
        self._columns = [column for column in columns if len(column.positions)]
        self._count = count

    def scores(self, positions: Positions) -> Scores:
        """See `Matches`."""
        sums = np.zeros(len(positions), dtype=np.float32)
        for column in self._columns if len(positions) else ():
            sums += column.at(positions)
        exact: Scores = sums.astype(np.float64)
        return exact.round(6)

    def best(self, allowed: Positions | None, k: int) -> Positions:
        """See `Matches`."""
        return _first(self._near(k), self, k) if allowed is None else self.within(allowed).best(allowed, k)

    def within(self, allowed: Positions) -> Within:
        """See `Matches`."""
        runs = Runs.of(allowed)
        bounds, shifts = np.array((runs.firsts, runs.behinds), dtype=np.int32), runs.offsets - runs.firsts
        sums = np.zeros(len(allowed), dtype=np.float32)
        for column in self._columns:
            places, weights = column.within(bounds, shifts)
            sums[places] += weights  # a text stands once in a column
        return Within(allowed, sums)

    def _near(self, k: int) -> Positions:
        """Ascending positions among which the k best of all are."""
        sums = np.zeros(self._count, dtype=np.float32)
        columns = sorted(self._columns, key=lambda column: -column.peak)
        left = sum(column.peak for column in columns)
        added, looked = 0, _FEW
        for at, column in enumerate(columns):
            if added > looked:
                looked = 4 * added
                border, more = _border(sums[sums > 0], k), _LIKELY * left + _SLACK
                if border > more:
                    return self._looked_up(columns[at:], np.flatnonzero(sums > border - more), sums, left, k)
            sums[column.positions] += column.weights
            left -= column.peak
            added += len(column.positions)
        return _above(sums, k)

    def _looked_up(self, columns: Sequence[Column], near: Positions, sums: Sums, left: float, k: int) -> Positions:
        """Those of `near` that may be among the k best when the columns that are left are added to their sums."""
        for column in columns:
            if len(column.positions) < _CHEAP * len(near):
                sums[column.positions] += column.weights
            else:
                sums[near] += column.at(near)
            left -= column.peak
            if len(near) > _FEW:
                near = near[sums[near] > _border(sums[near], k) - _LIKELY * left - _SLACK]
        return near[_above(sums[near], k)]


def _first(near: Positions, matches: Matches, k: int) -> Positions:
    """The k best of these positions, ties in their order."""
    return near[np.argsort(-matches.scores(near), kind="stable")[:k]]


def _border(sums: Sums, k: int) -> float:
    """The k-th largest; 0 where there are fewer."""
    return float(np.partition(sums, -k)[-k]) if 0 < k <= len(sums) else 0.0


def _above(sums: Sums, k: int) -> Positions:
    """Where the k largest are that are above 0, with those that are as large but for rounding."""
    if k < 1:
        return np.empty(0, dtype=np.int64)
    return np.flatnonzero(sums > max(_border(sums, k) - _ROUNDING - _SLACK, 0.0))
