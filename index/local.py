"""The engine of one machine: both halves of a generation, in this process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from index.engine import Candidates, Probe
from index.filter import EVERYTHING, Filter, selection
from index.fuse import Weights
from index.generation import Generation, Parts
from index.matches import Matches
from index.positions import Positions, Scores
from index.rank import candidates
from index.store import Store

_REMEMBERED = 256  # filters


class Selector:
    """Filter → the positions of a generation that it allows, ascending; None where it restricts nothing."""

    def __init__(self, store: Store, generation: Generation) -> None:
        self._store = store
        self._generation = generation
        self._resolved: Callable[[Filter], Positions] = lru_cache(maxsize=_REMEMBERED)(self._resolve)

    def __call__(self, restrict: Filter) -> Positions | None:
        """See the class."""
        return None if restrict == EVERYTHING else self._resolved(restrict)

    def _resolve(self, restrict: Filter) -> Positions:
        sql, values = selection(restrict, self._generation.document_keys)
        return self._generation.positions([row[0] for row in self._store.rows(sql, *values)])


class LocalEngine:
    """Searches the parts of an opened generation; `allowed` gives the positions that a filter allows (None: all)."""

    def __init__(self, parts: Parts, allowed: Callable[[Filter], Positions | None]) -> None:
        self._parts = parts
        self._allowed = allowed

    def candidates(self, probe: Probe, restricts: Sequence[Filter], pool: int, weights: Weights) -> list[Candidates]:
        """See `index.engine.Engine`; the words of the question are looked up once for all filters."""
        matches = self._parts.lexical.matches(probe.features if weights.lexical else ())
        return [self._under(restrict, probe.vector, matches, pool, weights) for restrict in restricts]

    def _under(
        self, restrict: Filter, vector: NDArray[np.float32], matches: Matches, pool: int, weights: Weights
    ) -> Candidates:
        return candidates(self._parts, vector, matches, self._allowed(restrict), pool, weights)

    def cosines(self, vector: NDArray[np.float32], positions: Positions) -> Scores:
        """See `index.engine.Engine`."""
        return self._parts.dense.scores(vector, positions)

    def close(self) -> None:
        """Nothing: files are mapped, and go with the parts."""
