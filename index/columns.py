"""What one feature of a question weighs in texts (BM25: `index.bm25`), counted from how often it stands there, and only
where it is asked for.

A feature is kept as the list of the texts that have it; one that very many have also as a row over all texts, which is
shorter then, is added up without going to and fro in memory, and is looked up without searching.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.positions import Positions, Runs

Sums = NDArray[np.float32]
Times = NDArray[np.unsignedinteger]

_EASY = 8  # texts of a row that are added up in the time in which one entry of a list is
_DEAR = 16  # entries of a list that are added up in the time in which one text is looked up in it
_NEAR = 6  # texts of a row, the same
_AT_ONCE = 1 << 16  # texts of a row whose weights fit the processor's own memory


@dataclass(frozen=True, slots=True)
class Some:
    """Some texts: their positions, ascending, their `norms` (float32), and the stretches that they make: those from
    `bounds[0, i]` to before `bounds[1, i]` are counted through from `bounds[0, i] + shifts[i]`."""

    positions: Positions
    norms: Sums
    bounds: NDArray[np.int32]
    shifts: Positions

    @classmethod
    def of(cls, positions: Positions, norms: Sums) -> Some:
        """Of distinct positions in ascending order; `norms` of all texts."""
        runs = Runs.of(positions)
        # In the type of the positions of lists: else all of a list would be converted, for each column and filter.
        bounds = np.array((runs.firsts, runs.behinds), dtype=np.int32)
        return cls(positions, norms[positions], bounds, runs.offsets - runs.firsts)


class Column(Protocol):
    """What one feature weighs in texts, float32; nowhere more than `peak`."""

    @property
    def peak(self) -> float:
        """See the class."""
        ...

    @property
    def work(self) -> int:
        """What adding it to the sums of all texts takes, in entries of a list."""
        ...

    def add(self, sums: Sums) -> None:
        """Add it to the sums of all texts."""
        ...

    def add_near(self, sums: Sums, near: Positions) -> None:
        """Add it to the sums at `near` (ascending); those of other texts may be changed, too."""
        ...

    def add_within(self, sums: Sums, some: Some) -> None:
        """Add it to sums that are of these texts alone."""
        ...


@dataclass(frozen=True, slots=True)
class Listed:
    """A feature by the texts that have it, at least one: that at `positions[i]` (int32, ascending) `times[i]` often.

    `norms` (float32) are what all texts are long, as BM25 counts it, `rarity` how much the feature counts.
    """

    positions: NDArray[np.int32]
    times: Times
    norms: Sums
    rarity: float
    peak: float

    @property
    def work(self) -> int:
        """See `Column`."""
        return len(self.positions)

    def add(self, sums: Sums) -> None:
        """See `Column`."""
        _add(sums, self.positions.astype(np.intp), self.times, self.norms, self.rarity)

    def add_near(self, sums: Sums, near: Positions) -> None:
        """See `Column`."""
        if len(self.positions) < _DEAR * len(near):
            self.add(sums)
        else:
            sums[near] += self._at(near, self.norms[near])

    def add_within(self, sums: Sums, some: Some) -> None:
        """See `Column`."""
        if len(some.positions) < 2 * len(some.shifts):
            sums += self._at(some.positions, some.norms)
            return
        first, behind = np.searchsorted(self.positions, some.bounds)
        places = Runs(first, behind).positions()
        target = self.positions[places] + np.repeat(some.shifts, behind - first)
        _add(sums, np.asarray(target, dtype=np.intp), self.times[places], some.norms, self.rarity)

    def _at(self, wanted: Positions, norms: Sums) -> Sums:
        """float32[n]: what it weighs in texts given in ascending order, of these norms; 0 where it does not stand."""
        found = np.searchsorted(self.positions, wanted.astype(np.int32))
        found[found == len(self.positions)] = 0
        counted = weights(self.times[found], norms, self.rarity)
        return np.where(self.positions[found] == wanted, counted, np.float32(0))


@dataclass(frozen=True, slots=True)
class Row:
    """A feature over all texts: `times[t]` it stands in text t, mostly more than 0; the rest as of `Listed`."""

    times: Times
    norms: Sums
    rarity: float
    peak: float

    @property
    def work(self) -> int:
        """See `Column`."""
        return len(self.times) // _EASY

    def add(self, sums: Sums) -> None:
        """See `Column`."""
        for start in range(0, len(sums), _AT_ONCE):
            own = slice(start, start + _AT_ONCE)
            sums[own] += weights(self.times[own], self.norms[own], self.rarity)

    def add_near(self, sums: Sums, near: Positions) -> None:
        """See `Column`."""
        if len(self.times) < _NEAR * len(near):
            self.add(sums)
        else:
            sums[near] += weights(self.times[near], self.norms[near], self.rarity)

    def add_within(self, sums: Sums, some: Some) -> None:
        """See `Column`."""
        sums += weights(self.times[some.positions], some.norms, self.rarity)


def rows_first(columns: Sequence[Column]) -> list[Column]:
    """The order in which columns are added up wherever it is done, so that sums are the same to the last bit."""
    return sorted(columns, key=lambda column: isinstance(column, Listed))


def add_up(columns: Sequence[Column], sums: Sums) -> None:
    """Add columns to the sums of all texts: as one after the other in the order of `rows_first`, but the lists, which
    are many and short, at once."""
    listed = [column for column in columns if isinstance(column, Listed)]
    for column in columns:
        if not isinstance(column, Listed):
            column.add(sums)
    if listed:
        places = np.concatenate([column.positions for column in listed]).astype(np.intp)
        times = np.concatenate([column.times for column in listed])
        rarities = np.array([column.rarity for column in listed], dtype=np.float32)
        _add(sums, places, times, listed[0].norms, np.repeat(rarities, [column.work for column in listed]))


def weights(times: Times, norms: Sums, rarity: float | Sums) -> Sums:
    """float32[n]: `rarity` · times / (times + norms); BM25 of a feature (or n of them) in texts of these norms."""
    counted = times.astype(np.float32)
    counted /= counted + norms
    counted *= np.float32(rarity) if isinstance(rarity, float) else rarity
    return counted


def _add(sums: Sums, places: NDArray[np.intp], times: Times, norms: Sums, rarity: float | Sums) -> None:
    """Add the weights of a feature that stands `times[i]` in the text at `places[i]`; `norms` as `sums`."""
    np.add.at(sums, places, weights(times, norms.take(places), rarity))  # twice as quick as adding what was fetched
