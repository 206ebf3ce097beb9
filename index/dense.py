"""Search by inner product (FAISS). Vectors of unit length: the product is the cosine.

Exact while that is quick: all vectors up to `_MANY`, and under a filter whatever it leaves up to `_NARROW`. A graph
index (HNSW) under a narrow filter misses most true neighbours. Beyond, an inverted file over vectors of a byte a number
names candidates, and the vectors themselves, which stay on disk until they are looked at, tell their cosines.
"""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from index.cosines import cosines
from index.positions import Positions, Scores
from index.rows import Held, Rows, Stored, Vectors

_CORES = os.cpu_count() or 1
FILE = "dense.faiss"
VECTORS = "vectors.npy"
_MANY = 20_000  # vectors from which not all are compared: of more that takes longer than encoding the question
_NARROW = 20_000  # that a filter leaves, up to which all of them are
_TRAINED = 64  # vectors a list by which the lists are chosen
_PROBED = 8  # one list of so many is looked at

Keys = NDArray[np.int64]
Selector = Any  # FAISS' own


class DenseIndex:
    """Vectors by position, float32[n, d]. Searching may be shared by threads; nothing is ever changed.

    `keys`, int64[n], all different: by these an index of lists knows its vectors, whose positions move when others are
    put between them.
    """

    def __init__(self, rows: Rows, keys: Keys, index: Any) -> None:  # noqa: ANN401 (faiss has no types)
        self._rows = rows
        self._keys = keys
        self._index = index

    @cached_property
    def _order(self) -> Positions:
        """Positions in the order of their keys; only lists ask for it."""
        return np.argsort(self._keys)

    @classmethod
    def build(cls, vectors: Vectors, keys: Keys | None = None) -> DenseIndex:
        """An index of float32[n, d] rows of unit length; `keys`: their positions, unless told."""
        rows = np.ascontiguousarray(vectors, dtype=np.float32)
        named = np.arange(len(rows), dtype=np.int64) if keys is None else keys
        faiss.omp_set_num_threads(_CORES)
        if len(rows) <= _MANY:
            return cls(Held(rows), named, _flat(rows))
        index = _lists(rows)
        _add(index, rows, named)
        return cls(Held(rows), named, index)

    def grown(self, moved: Keys, fresh: Vectors, places: Keys, keys: Keys) -> DenseIndex:
        """An index that also holds `fresh`: the vector at t here stands at `moved[t]` there (-1: left out), fresh[t] at
        `places[t]`; `keys` name all. Lists are kept while they are as many as one would make now."""
        kept = moved >= 0
        rows = np.empty((len(keys), self.dimension), dtype=np.float32)
        rows[moved[kept]], rows[places] = self._rows.whole[kept], fresh
        if len(rows) <= _MANY or _is_flat(self._index) or self._index.nlist != _count_of_lists(len(rows)):
            return self.build(rows, keys)
        faiss.omp_set_num_threads(_CORES)
        index = faiss.clone_index(self._index)
        index.remove_ids(np.ascontiguousarray(self._keys[~kept]))  # type: ignore[arg-type]  # as of IDSelectorBatch
        _add(index, fresh, keys[places])
        return DenseIndex(Held(rows), keys, index)

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
            np.save(folder / VECTORS, self._rows.whole)

    @classmethod
    def load(cls, folder: Path, keys: Keys | None = None) -> DenseIndex:
        """Read what `save` wrote; `keys` as it was built with.

        Raises:
            RuntimeError: FAISS cannot read the file.
            OSError, ValueError: the vectors are missing or not as many as keys.
        """
        index = faiss.read_index(str(folder / FILE))
        rows: Rows = Held(_inside(index)) if _is_flat(index) else Stored(folder / VECTORS)
        shape = rows.whole.shape
        named = np.arange(shape[0], dtype=np.int64) if keys is None else keys
        if shape != (index.ntotal, index.d) or len(named) != shape[0]:
            raise ValueError(f"{folder}: {shape} vectors, not {(index.ntotal, index.d)}, {len(named)} keys")
        return cls(rows, named, index)

    @property
    def count(self) -> int:
        """How many vectors."""
        return len(self._rows.whole)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._rows.whole.shape[1])

    def vectors(self, positions: Positions) -> Vectors:
        """float32[n, d]: those at `positions`."""
        return self._rows.at(positions)

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
        return self._nearest(query, k, _among(self._keys[positions]), self.count / allowed)

    def _nearest(self, query: Vectors, k: int, selector: Selector | None = None, thinned: float = 1.0) -> Positions:
        """As FAISS finds them. `thinned`: of so many vectors the selector leaves one."""
        faiss.omp_set_num_threads(1)  # in this thread; others would wait busily, and the encoder for them
        if _is_flat(self._index):
            _, found = self._index.search(query[None, :], k)
            return np.asarray(found[0][found[0] >= 0], dtype=np.int64)
        lists = self._index.nlist
        probed = min(lists, max(1, round(lists / _PROBED * thinned)))
        told = faiss.SearchParametersIVF(nprobe=probed, sel=selector)  # type: ignore[call-arg]  # stub lags
        _, found = self._index.search(query[None, :], k, params=told)
        at = np.searchsorted(self._keys, found[0][found[0] >= 0], sorter=self._order)
        return np.asarray(self._order[at], dtype=np.int64)

    def _nearest_within(self, query: NDArray[np.float32], positions: Positions, k: int) -> Positions:
        products = np.concatenate([part @ query for part in self._rows.parts(positions)])
        near = np.argpartition(-products, k - 1)[:k]
        return positions[near[np.lexsort((near, -products[near]))]]

    def scores(self, query: NDArray[np.float32], positions: Positions) -> Scores:
        """Cosine of float32[d] with the vectors at `positions`, float64[n], to 6 decimals."""
        return cosines(self._rows.at(positions), query)


def _flat(vectors: Vectors) -> Any:  # noqa: ANN401
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    return index


def _count_of_lists(count: int) -> int:
    """For so many vectors: some 2 sqrt(n)."""
    return 1 << round(float(np.log2(2 * np.sqrt(count))))


def _lists(vectors: Vectors) -> Any:  # noqa: ANN401
    """An empty inverted file, trained on vectors evenly spread, a byte a number."""
    lists = _count_of_lists(len(vectors))
    index = faiss.index_factory(vectors.shape[1], f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
    sample = vectors[:: max(1, len(vectors) // (lists * _TRAINED))]
    index.train(np.ascontiguousarray(sample))
    return index


def _add(index: Any, vectors: Vectors, keys: Keys) -> None:  # noqa: ANN401
    """Some at a time, for FAISS makes the codes of all beside the vectors."""
    for start in range(0, len(vectors), _MANY):
        some = slice(start, start + _MANY)
        index.add_with_ids(np.ascontiguousarray(vectors[some]), np.ascontiguousarray(keys[some]))


def _among(keys: Keys) -> Any:  # noqa: ANN401
    """What lets FAISS find only vectors of these keys."""
    wanted = np.zeros(int(keys.max()) + 1, dtype=bool)
    wanted[keys] = True
    bits = np.packbits(wanted, bitorder="little")
    return faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg, arg-type]  # the stub tells of the class in C++


def _is_flat(index: Any) -> bool:  # noqa: ANN401
    return isinstance(index, faiss.IndexFlat)


def _inside(index: Any) -> Vectors:  # noqa: ANN401
    """The vectors that a flat index holds, where they are."""
    count, dimension = int(index.ntotal), int(index.d)
    flat = faiss.rev_swig_ptr(index.get_xb(), count * dimension) if count else np.empty(0, dtype=np.float32)
    return np.asarray(flat, dtype=np.float32).reshape(count, dimension)
