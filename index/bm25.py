"""BM25 as Lucene has it (Robertson and Zaragoza, "The probabilistic relevance framework: BM25 and beyond", 2009, with
the inverse document frequency of Lucene): what each feature weighs in each text that has it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.matches import Column
from index.postings import Postings, portions

_K1, _B = 1.2, 0.75  # Lucene's defaults
_STEPS = 4  # of the typical length, to the double


def typical(mean: float) -> float:
    """The length that texts are held against: their mean, rounded to the nearest quarter power of two.

    A new plan moves the mean, but hardly ever this: what an engine of several machines holds of the texts stays right.
    """
    return float(2.0 ** (round(_STEPS * math.log2(mean)) / _STEPS)) if mean > 0 else 1.0


def saturated(times: NDArray[np.integer], lengths: NDArray[np.integer], length: float) -> NDArray[np.float64]:
    """What a feature that stands so many times in a text of so many features counts, before how rare it is; `length` is
    the typical one."""
    norm = _K1 * (1 - _B + _B * lengths.astype(np.float64) / length)
    counted: NDArray[np.float64] = times / (times + norm)
    return counted


def rarity(count: int, texts_of: NDArray[np.int64]) -> NDArray[np.float64]:
    """What features count that stand in so many of `count` texts."""
    inverse: NDArray[np.float64] = np.log(1 + (count - texts_of + 0.5) / (texts_of + 0.5))
    return inverse


@dataclass(frozen=True, slots=True)
class Columns:
    """BM25 of each feature in each text that has it: those of feature i are `weights[starts[i]:starts[i + 1]]`
    (float32), of the texts at `positions` there (int32, ascending); `peaks[i]` (float32) is the largest of them."""

    weights: NDArray[np.float32]
    positions: NDArray[np.int32]
    starts: NDArray[np.int64]
    peaks: NDArray[np.float32]

    @classmethod
    def of(cls, postings: Postings) -> Columns:
        """Weigh all features of texts."""
        inverse = rarity(postings.count, np.diff(postings.starts))
        length = typical(postings.mean_length())
        weights = np.empty(len(postings.positions), np.float32)
        peaks = np.zeros(len(inverse), np.float32)
        for first, behind in portions(postings.starts):
            entries = slice(postings.starts[first], postings.starts[behind])
            counts = np.diff(postings.starts[first : behind + 1])
            lengths = postings.lengths[postings.positions[entries]]
            norms = saturated(postings.times[entries].astype(np.int64), lengths, length)
            weights[entries] = np.repeat(inverse[first:behind], counts) * norms
            peaks[first:behind] = np.maximum.reduceat(weights[entries], np.cumsum(counts) - counts)
        return cls(weights, np.asarray(postings.positions), np.asarray(postings.starts), peaks)

    @classmethod
    def load(cls, folder: Path) -> Columns:
        """Read what `save` wrote; it stays on disk until it is used (mmap).

        Raises:
            OSError, ValueError: the files are not what `save` wrote.
        """
        # Still mapped, but plain arrays: slicing a memmap costs more than the sums of a short question.
        return cls(*(np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in cls.__slots__))

    @classmethod
    def uncounted(cls, folder: Path) -> Columns:
        """Only the starts of the columns; raises as `load`."""
        starts, nothing = np.asarray(np.load(folder / "starts.npy", mmap_mode="r")), np.empty(0, np.float32)
        return cls(nothing, np.empty(0, np.int32), starts, nothing)

    def save(self, folder: Path) -> None:
        """Write the arrays into a folder."""
        for name in self.__slots__:
            np.save(folder / f"{name}.npy", getattr(self, name))

    def column(self, number: int) -> Column:
        """What one feature weighs."""
        own = slice(self.starts[number], self.starts[number + 1])
        return Column(self.weights[own], self.positions[own], float(self.peaks[number]))
