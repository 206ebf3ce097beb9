"""Vectors of clauses as the engine holds them, kept once they were fetched: a row is never changed under its key."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from index.positions import Positions

_REMEMBERED = 20_000  # vectors; 30 MB of 384 dimensions
Matrix = NDArray[np.float32]


class Vectors:
    """Vectors by position. `fetch` brings those of some positions. Threads may share it."""

    def __init__(self, fetch: Callable[[Sequence[int]], Mapping[int, Matrix]], dimension: int) -> None:
        self._fetch = fetch
        self._dimension = dimension
        self._known: dict[int, Matrix] = {}
        self._kept: tuple[Positions, Matrix] | None = None

    def of(self, positions: Positions) -> Matrix:
        """float32[n, d]; raises what `fetch` raises."""
        if not len(positions):
            return np.empty((0, self._dimension), dtype=np.float32)
        if len(self._known) > _REMEMBERED:
            self._known = {}
        known = self._known  # another thread may begin anew meanwhile
        wanted = positions.tolist()
        if missing := [at for at in wanted if at not in known]:
            known.update(self._fetch(missing))
        return np.stack([known[at] for at in wanted])

    def kept(self, positions: Positions) -> Matrix:
        """The same; kept as a whole for whoever asks for the same array again."""
        if self._kept is None or self._kept[0] is not positions:
            self._kept = positions, np.concatenate([self.of(some) for some in np.array_split(positions, 4)])
        return self._kept[1]
