"""Exact search by inner product (FAISS, flat). Vectors of unit length: the product is the cosine.

Flat, since a filter goes before the search: a graph index (HNSW) under a narrow filter misses most true neighbours.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from index.positions import Positions, Scores

FILE = "dense.faiss"


class DenseIndex:
    """Vectors by position. Searching may be shared by threads; nothing is ever added."""

    def __init__(self, index: Any) -> None:  # noqa: ANN401 (faiss has no types)
        self._index = index
        count, dimension = int(index.ntotal), int(index.d)
        flat = faiss.rev_swig_ptr(index.get_xb(), count * dimension) if count else np.empty(0, dtype=np.float32)
        self._vectors: NDArray[np.float32] = flat.reshape(count, dimension)

    @classmethod
    def build(cls, vectors: NDArray[np.float32]) -> DenseIndex:
        """An index of float32[n, d] rows of unit length."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index)

    def save(self, folder: Path) -> None:
        """Write the index into a folder.

        Raises:
            OSError: it could not be written.
        """
        try:
            faiss.write_index(self._index, str(folder / FILE))
        except RuntimeError as error:
            raise OSError(f"FAISS: {error}") from error

    @classmethod
    def load(cls, folder: Path) -> DenseIndex:
        """Read what `save` wrote.

        Raises:
            RuntimeError: FAISS cannot read the file.
        """
        return cls(faiss.read_index(str(folder / FILE)))

    @property
    def count(self) -> int:
        """How many vectors."""
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._index.d)

    def search(self, query: NDArray[np.float32], positions: Positions | None, k: int) -> Positions:
        """Positions of the k nearest of float32[d] among `positions` (None: all); an empty set finds nothing."""
        allowed = self.count if positions is None else len(positions)
        if allowed == 0 or k < 1:
            return np.empty(0, dtype=np.int64)
        if k >= allowed:  # everything allowed is a candidate: nothing to search
            return np.arange(allowed, dtype=np.int64) if positions is None else positions
        if positions is None:
            _, found = self._index.search(query[None, :], k)
        else:
            selector = faiss.IDSelectorBatch(positions)
            _, found = self._index.search(query[None, :], k, params=faiss.SearchParameters(sel=selector))  # type: ignore[call-arg]  # stub lags
        return np.asarray(found[0][found[0] >= 0], dtype=np.int64)

    def scores(self, query: NDArray[np.float32], positions: Positions) -> Scores:
        """Cosine of float32[d] with the vectors at `positions`, float64[n], to 6 decimals.

        Rounded because the last bits of a sum depend on where the row stands in memory: equal texts must tie.
        """
        products = self._vectors[positions].astype(np.float64) @ query.astype(np.float64)
        return np.round(products, 6)
