"""Positions of clauses in an index, and sets of them that lie side by side: the clauses of a plan stand together, so
that a province is some stretches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Positions = NDArray[np.int64]
Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Runs:
    """Stretches in ascending order, apart from each other: int64[n], the first position of each, and the one behind
    its last."""

    firsts: Positions
    behinds: Positions

    @classmethod
    def of(cls, positions: Positions) -> Runs:
        """The stretches that distinct positions in ascending order make."""
        if not len(positions):
            return cls(np.empty(0, np.int64), np.empty(0, np.int64))
        ends = np.flatnonzero(np.diff(positions) != 1)
        return cls(positions[np.concatenate([[0], ends + 1])], positions[np.concatenate([ends, [-1]])] + 1)

    @property
    def offsets(self) -> Positions:
        """int64[n]: how many positions lie in the stretches before each."""
        lengths = self.behinds - self.firsts
        return np.asarray(np.cumsum(lengths) - lengths, dtype=np.int64)

    def positions(self) -> Positions:
        """All positions, ascending."""
        lengths = self.behinds - self.firsts
        return np.arange(int(lengths.sum())) + np.repeat(self.firsts - self.offsets, lengths)
