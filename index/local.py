"""The engine of one machine: both halves of a generation, in this process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from index.cosines import cosines
from index.engine import Candidates, Probe
from index.filter import EVERYTHING, Filter, selection
from index.fuse import Weights
from index.generation import Generation, Parts
from index.positions import Positions, Runs, Scores
from index.rank import candidates
from index.store import Store
from index.whole import sizes_of

_REMEMBERED = 256  # filters


class Selector:
    """Filter → the positions of a generation that it allows, ascending; None where it restricts nothing."""

    def __init__(self, store: Store, generation: Generation) -> None:
        self._store = store
        self._generation = generation
        self._resolved: Callable[[Filter], Positions | None] = lru_cache(maxsize=_REMEMBERED)(self._resolve)

    def __call__(self, restrict: Filter) -> Positions | None:
        """See the class."""
        return None if restrict == EVERYTHING else self._resolved(restrict)

    def _resolve(self, restrict: Filter) -> Positions | None:
        found = self._listed(restrict)
        return None if len(found) == len(self._generation.parts.rows) else found

    def _listed(self, restrict: Filter) -> Positions:
        if restrict.kinds is None and restrict.agencies is None:
            return self._of_documents(restrict)
        sql, values = selection(restrict, self._generation.document_keys)
        return self._generation.positions([row[0] for row in self._store.rows(sql, *values)])

    def _of_documents(self, restrict: Filter) -> Positions:
        """Those of whole documents, without asking the database for each clause."""
        allowed = [
            span
            for document_id, province, span in self._spans
            if (restrict.documents is None or document_id in restrict.documents)
            and (restrict.provinces is None or province in restrict.provinces)
        ]
        firsts, behinds = np.array(allowed, dtype=np.int64).reshape(-1, 2).T
        return Runs(firsts, behinds).positions()

    @cached_property
    def _spans(self) -> list[tuple[str, str, tuple[int, int]]]:
        """Id and province of each document, and where its clauses stand: the first position, the one behind the last.

        Positions are in the order of the ids of clauses, which begin with their document's.
        """
        keys = set(self._generation.document_keys)
        counts = sizes_of(self._store)
        found, first = [], 0
        for entry in sorted(self._store.entries(), key=lambda e: e.document.id):
            if entry.key in keys:
                behind = first + counts.get(entry.key, 0)
                found.append((entry.document.id, entry.document.province, (first, behind)))
                first = behind
        return found


class LocalEngine:
    """Searches the parts of an opened generation; `allowed` gives the positions that a filter allows (None: all)."""

    def __init__(self, parts: Parts, allowed: Callable[[Filter], Positions | None]) -> None:
        self._parts = parts
        self._allowed = allowed
        self._kept: tuple[Positions, NDArray[np.float64]] | None = None
        _calm()

    def candidates(self, probe: Probe, restricts: Sequence[Filter], pool: int, weights: Weights) -> list[Candidates]:
        """See `index.engine.Engine`; the words of the question are looked up once for all filters."""
        matches = self._parts.lexical.matches(probe.features if weights.lexical else ())
        allowed = [self._allowed(restrict) for restrict in restricts]
        narrow = [positions for positions in allowed if positions is not None]
        within = matches.within(narrow) if narrow else matches
        return [
            candidates(self._parts, probe.vector, matches if each is None else within, each, pool, weights)
            for each in allowed
        ]

    def cosines(self, vector: NDArray[np.float32], positions: Positions) -> Scores:
        """See `index.engine.Engine`; the vectors are kept for whoever asks for the same array again."""
        kept = self._kept
        if kept is None or kept[0] is not positions:
            kept = self._kept = positions, self._parts.dense.vectors(positions).astype(np.float64)
        return cosines(kept[1], vector)

    def close(self) -> None:
        """Nothing: files are mapped or held open, and go with the parts."""


@cache
def _calm() -> None:
    """Threads of BLAS wait busily for more once they have worked, and so keep the encoder's off the cores: this process
    has none from now on."""
    threadpool_limits(1, "blas")
