"""What a search engine must do for the search behind it: find candidates under a filter and tell both of their scores.

Fusion, hits and answers lie behind this interface and are the same for every engine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.filter import Filter
from index.fuse import Weights
from index.positions import Positions, Scores

# Candidates taken from each half before fusion. Constant for every ordinary k, so that asking for more hits only
# lengthens the list: z-scores depend on the candidates.
OVERFETCH = 300


@dataclass(frozen=True, slots=True)
class Probe:
    """A question as an engine takes it: `vector` float32[d] of unit length, `features` those of `index.features`."""

    vector: NDArray[np.float32]
    features: Sequence[str]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Clauses that one half or both hold for good: distinct positions in ascending order, and both scores of each."""

    positions: Positions
    dense: Scores
    lexical: Scores


class Engine(Protocol):
    """Searches the clauses of one generation. Threads may share it.

    A position is a clause's place among the `rows` of the generation, in the order of clause ids.
    """

    def candidates(self, probe: Probe, restricts: Sequence[Filter], pool: int, weights: Weights) -> list[Candidates]:
        """Under each filter the `pool` best of each half whose weight is not 0, with both scores to 6 decimals; the
        score of a half of weight 0 is 0.

        Raises:
            EngineError: the engine cannot be reached.
        """
        ...

    def cosines(self, vector: NDArray[np.float32], positions: Positions) -> Scores:
        """float64[n]: the cosines of float32[d] with the clauses at these positions; raises as `candidates`."""
        ...

    def close(self) -> None:
        """Let go of what it holds."""
        ...
