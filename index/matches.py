"""BM25 of texts for one question: sums of columns of weights, of which only those are added up that can matter.

The best are found as by MaxScore (Turtle and Flood, "Query evaluation: strategies and optimizations", 1995): rare words
weigh most and have short columns, so these are added first. Once k texts have more than what is left could bring a text
together, no new text can come among them, and the long columns of common words are only looked up for those that are
near.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from index.columns import Column, Some, Sums, add_up, rows_first
from index.positions import Positions, Scores

_ROUNDING = 2e-6  # scores that differ less than they are rounded to are ties
_SLACK = 1e-3  # more than sums of a hundred float32 in another order can differ by
_MANY = 1 << 19  # entries of columns above which not all are added up
_FEW = 4_096  # texts below which it does not pay to count out who still matters


class Matches(Protocol):
    """The texts that share something with a question."""

    def scores(self, positions: Positions) -> Scores:
        """float64[n], to 6 decimals, of texts in ascending order; 0 where no feature is shared."""
        ...

    def best(self, allowed: Positions | None, k: int) -> Positions:
        """Positions of the k best scores above 0 among `allowed` (ascending; None: all), ties by position."""
        ...

    def within(self, sets: Sequence[Positions]) -> Matches:
        """The same for whom no other positions than these will ever be asked for; each set is in ascending order."""
        ...


def matches(columns: Sequence[Column], norms: Sums) -> Matches:
    """What finds the best of texts of these norms (float32[n])."""
    if sum(column.work for column in columns) > _MANY:
        return Pruned(rows_first(columns), norms)
    sums = np.zeros(len(norms), dtype=np.float32)
    add_up(columns, sums)
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

    def within(self, sets: Sequence[Positions]) -> Matches:
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

    def within(self, sets: Sequence[Positions]) -> Matches:
        """See `Matches`."""
        return self

    def _of(self, positions: Positions) -> Sums:
        return self._sums[np.searchsorted(self._allowed, positions)]


class Pruned:
    """See the module."""

    def __init__(self, columns: Sequence[Column], norms: Sums) -> None:
        self._columns = columns
        self._norms = norms

    def scores(self, positions: Positions) -> Scores:
        """See `Matches`."""
        return self.within([positions]).scores(positions)

    def best(self, allowed: Positions | None, k: int) -> Positions:
        """See `Matches`."""
        return _first(self._near(k), self, k) if allowed is None else self.within([allowed]).best(allowed, k)

    def within(self, sets: Sequence[Positions]) -> Within:
        """See `Matches`."""
        allowed = sets[0] if len(sets) == 1 else np.unique(np.concatenate(sets))
        some = Some.of(allowed, self._norms)
        sums = np.zeros(len(allowed), dtype=np.float32)
        for column in self._columns if len(allowed) else ():
            column.add_within(sums, some)
        return Within(allowed, sums)

    def _near(self, k: int) -> Positions:
        """Ascending positions among which the k best of all are."""
        sums = np.zeros(len(self._norms), dtype=np.float32)
        columns = sorted(self._columns, key=lambda column: -column.peak)
        left = whole = sum(column.peak for column in columns)
        added, looked = 0, _FEW
        for at, column in enumerate(columns):
            if added > looked and left < whole - left:  # else no text can have enough
                looked = 2 * added
                border = _border(sums[sums > 0], k) - left - _SLACK
                if border > 0:
                    return self._looked_up(columns[at:], np.flatnonzero(sums > border), sums, left, k)
            column.add(sums)
            left -= column.peak
            added += column.work
        return _above(sums, k)

    def _looked_up(self, columns: Sequence[Column], near: Positions, sums: Sums, left: float, k: int) -> Positions:
        """Those of `near` that may be among the k best when the columns that are left are added to their sums."""
        for column in columns:
            column.add_near(sums, near)
            left -= column.peak
            if len(near) > _FEW:
                near = near[sums[near] > _border(sums[near], k) - left - _SLACK]
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
