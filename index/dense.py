"""Search by inner product (FAISS). Vectors of unit length: the product is the cosine.

Exact while that is quick: all vectors up to `_MANY`, and under a filter whatever it leaves up to `_NARROW`. A graph
index (HNSW) under a narrow filter misses most true neighbours. Beyond, an inverted file over vectors of a byte a number
names candidates, and the vectors themselves, which stay on disk until they are looked at, tell their cosines.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from index.positions import Positions, Runs, Scores

FILE = "dense.faiss"
VECTORS = "vectors.npy"
_MANY = 100_000  # vectors from which not all are compared
_NARROW = 60_000  # that a filter leaves, up to which all of them are
_TRAINED = 64  # vectors a list by which the lists are chosen
_PROBED = 32  # one list of so many is looked at

Vectors = NDArray[np.float32]
Selector = Any  # FAISS' own


class DenseIndex:
    """Vectors by position, float32[n, d]. Searching may be shared by threads; nothing is ever added."""

    def __init__(self, vectors: Vectors, index: Any) -> None:  # noqa: ANN401 (faiss has no types)
        self._vectors = vectors
        self._index = index

    @classmethod
    def build(cls, vectors: Vectors) -> DenseIndex:
        """An index of float32[n, d] rows of unit length."""
        rows = np.ascontiguousarray(vectors, dtype=np.float32)
        index = _lists(rows) if len(rows) > _MANY else faiss.IndexFlatIP(rows.shape[1])
        index.add(rows)
        return cls(rows, index)

    def save(self, folder: Path) -> None:
        """Write the index into a folder.

        Raises:
            OSError: it could not be written.
        """
        try:
            faiss.write_index(self._index, str(folder / FILE))
        except RuntimeError as error:
            raise OSError(f"FAISS: {error}") from error
        if not _is_flat(self._index):
            np.save(folder / VECTORS, self._vectors)

    @classmethod
    def load(cls, folder: Path) -> DenseIndex:
        """Read what `save` wrote.

        Raises:
            RuntimeError: FAISS cannot read the file.
            OSError, ValueError: the vectors are missing or not as many.
        """
        index = faiss.read_index(str(folder / FILE))
        if _is_flat(index):
            return cls(_inside(index), index)
        vectors = np.load(folder / VECTORS, mmap_mode="r")
        if vectors.shape != (index.ntotal, index.d):
            raise ValueError(f"{folder / VECTORS}: {vectors.shape}, not {(index.ntotal, index.d)}")
        return cls(np.asarray(vectors), index)

    @property
    def count(self) -> int:
        """How many vectors."""
        return len(self._vectors)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._vectors.shape[1])

    def search(self, query: NDArray[np.float32], positions: Positions | None, k: int) -> Positions:
        """Positions of the k nearest of float32[d] among `positions` (ascending; None: all), nearest first where
        something is left out. An empty set finds nothing."""
        allowed = self.count if positions is None else len(positions)
        if allowed == 0 or k < 1:
            return np.empty(0, dtype=np.int64)
        if k >= allowed:  # everything allowed is a candidate: nothing to search
            return np.arange(allowed, dtype=np.int64) if positions is None else positions
        if positions is None:
            return self._nearest(query, k)
        if allowed <= _NARROW or _is_flat(self._index):
            return self._nearest_within(query, positions, k)
        return self._nearest(query, k, _among(positions, self.count), self.count / allowed)

    def _nearest(self, query: Vectors, k: int, selector: Selector | None = None, thinned: float = 1.0) -> Positions:
        """As FAISS finds them. `thinned`: of so many vectors the selector leaves one."""
        if _is_flat(self._index):
            _, found = self._index.search(query[None, :], k)
        else:
            lists = self._index.nlist
            probed = min(lists, max(1, round(lists / _PROBED * thinned)))
            told = faiss.SearchParametersIVF(nprobe=probed, sel=selector)  # type: ignore[call-arg]  # stub lags
            _, found = self._index.search(query[None, :], k, params=told)
        return np.asarray(found[0][found[0] >= 0], dtype=np.int64)

    def _nearest_within(self, query: NDArray[np.float32], positions: Positions, k: int) -> Positions:
        runs = Runs.of(positions)
        stretches = zip(runs.firsts.tolist(), runs.behinds.tolist(), strict=True)
        products = np.concatenate([self._vectors[first:behind] @ query for first, behind in stretches])
        near = np.argpartition(-products, k - 1)[:k]
        return positions[near[np.lexsort((near, -products[near]))]]

    def scores(self, query: NDArray[np.float32], positions: Positions) -> Scores:
        """Cosine of float32[d] with the vectors at `positions`, float64[n], to 6 decimals.

        Rounded because the last bits of a sum depend on where the row stands in memory: equal texts must tie.
        """
        products = self._vectors[positions].astype(np.float64) @ query.astype(np.float64)
        return np.round(products, 6)


def _lists(vectors: Vectors) -> Any:  # noqa: ANN401
    """An empty inverted file, trained on vectors evenly spread: some 2 sqrt(n) lists, a byte a number."""
    lists = 1 << round(np.log2(2 * np.sqrt(len(vectors))))
    index = faiss.index_factory(vectors.shape[1], f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
    sample = vectors[:: max(1, len(vectors) // (lists * _TRAINED))]
    index.train(np.ascontiguousarray(sample))
    return index


def _among(positions: Positions, count: int) -> Any:  # noqa: ANN401
    """What lets FAISS find only these of so many vectors."""
    bits = np.packbits(np.bincount(positions, minlength=count).astype(bool), bitorder="little")
    return faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg, arg-type]  # the stub tells of the class in C++


def _is_flat(index: Any) -> bool:  # noqa: ANN401
    return isinstance(index, faiss.IndexFlat)


def _inside(index: Any) -> Vectors:  # noqa: ANN401
    """The vectors that a flat index holds, where they are."""
    count, dimension = int(index.ntotal), int(index.d)
    flat = faiss.rev_swig_ptr(index.get_xb(), count * dimension) if count else np.empty(0, dtype=np.float32)
    return np.asarray(flat, dtype=np.float32).reshape(count, dimension)
