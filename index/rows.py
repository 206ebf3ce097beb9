"""The vectors of an index by position: in memory, or in a file from which those that are asked for are read.

A mapped file would count as memory of whoever looks at it, and with each vector the pages beside it: after some
hundred questions, nearly all of it.
"""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.positions import Positions, Runs
from ingest.errors import IndexStateError

Vectors = NDArray[np.float32]

_PIECE = 2_048  # vectors


class Rows(Protocol):
    """float32[n, d]. Threads may share it."""

    @property
    def whole(self) -> Vectors:
        """All of them; of a file, mapped."""
        ...

    def at(self, positions: Positions) -> Vectors:
        """float32[m, d]: those at `positions`."""
        ...

    def parts(self, positions: Positions) -> Iterator[Vectors]:
        """The same in pieces, one after the other."""
        ...


class Held:
    """Vectors in memory."""

    def __init__(self, whole: Vectors) -> None:
        self.whole = whole

    def at(self, positions: Positions) -> Vectors:
        """See `Rows`."""
        return self.whole[positions]

    def parts(self, positions: Positions) -> Iterator[Vectors]:
        """See `Rows`; nothing is copied."""
        runs = Runs.of(positions)
        for first, behind in zip(runs.firsts.tolist(), runs.behinds.tolist(), strict=True):
            yield self.whole[first:behind]


class Stored:
    """Vectors in a file that `np.save` wrote; it may be deleted meanwhile.

    Raises:
        OSError, ValueError: there is none, or it is not such a file.
    """

    def __init__(self, path: Path) -> None:
        mapped = np.load(path, mmap_mode="r")
        if mapped.ndim != 2 or mapped.dtype != np.float32:
            raise ValueError(f"{path}: {mapped.dtype}{mapped.shape}")
        self.whole: Vectors = np.asarray(mapped)
        self._path = path
        self._start = int(mapped.offset)
        self._file = os.open(path, os.O_RDONLY)
        weakref.finalize(self, os.close, self._file)

    def at(self, positions: Positions) -> Vectors:
        """See `Rows`.

        Raises:
            IndexStateError: the file was cut short meanwhile.
        """
        runs = Runs.of(positions)
        found = np.empty((len(positions), self.whole.shape[1]), dtype=np.float32)
        width, done = found.shape[1] * found.itemsize, 0
        into = found.reshape(-1).view(np.uint8).data
        for first, behind in zip(runs.firsts.tolist(), runs.behinds.tolist(), strict=True):
            size = (behind - first) * width
            if os.preadv(self._file, [into[done : done + size]], self._start + first * width) != size:
                raise IndexStateError(
                    f"Tệp {self._path} bị cắt ngắn khi đang dùng.",
                    "Chạy `kehoach doctor --repair`: dựng lại chỉ mục từ cơ sở dữ liệu.",
                )
            done += size
        return found

    def parts(self, positions: Positions) -> Iterator[Vectors]:
        """See `Rows`; each piece fits the processor's own memory."""
        for start in range(0, len(positions), _PIECE):
            yield self.at(positions[start : start + _PIECE])
