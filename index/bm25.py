"""BM25 as Lucene has it (Robertson and Zaragoza, "The probabilistic relevance framework: BM25 and beyond", 2009, with
the inverse document frequency of Lucene): what each feature weighs in each text that has it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.columns import Column, Listed, Row, Times, weights
from index.postings import NONE, Postings, portions

_K1, _B = 1.2, 0.75  # Lucene's defaults
_COMMON = 8  # a feature that one text in so many has is a row
_STEPS = 4  # of the typical length, to the double


def typical(mean: float) -> float:
    """The length that texts are held against: their mean, rounded to the nearest quarter power of two.

    A new plan moves the mean, but hardly ever this: what an engine of several machines holds of the texts stays right.
    """
    return float(2.0 ** (round(_STEPS * math.log2(mean)) / _STEPS)) if mean > 0 else 1.0


def saturated(times: NDArray[np.integer], lengths: NDArray[np.integer], length: float) -> NDArray[np.float64]:
    """What a feature that stands so many times in a text of so many features counts, before how rare it is; `length` is
    the typical one."""
    counted: NDArray[np.float64] = times / (times + norms(lengths, length))
    return counted


def norms(lengths: NDArray[np.integer], length: float) -> NDArray[np.float64]:
    """float64[n]: what texts of so many features are long, beside the times that a feature stands in them."""
    return np.asarray(_K1 * (1 - _B + _B * lengths.astype(np.float64) / length))


def rarity(count: int, texts_of: NDArray[np.int64]) -> NDArray[np.float64]:
    """What features count that stand in so many of `count` texts."""
    inverse: NDArray[np.float64] = np.log(1 + (count - texts_of + 0.5) / (texts_of + 0.5))
    return inverse


@dataclass(frozen=True, slots=True)
class Columns:
    """What each feature weighs in each text.

    Feature i weighs `rarities[i]` (float32) where nothing else stands, and nowhere more than `peaks[i]` (float32).
    Those that very many texts have are rows of `common` (unsigned[c, n]), feature i the one of number `rows[i]`: how
    often each text has them. `norms` (float32[n]) are the texts' lengths as BM25 counts them.
    """

    postings: Postings
    rarities: NDArray[np.float32]
    norms: NDArray[np.float32]
    peaks: NDArray[np.float32]
    common: Times
    rows: Mapping[int, int]

    @classmethod
    def of(cls, postings: Postings) -> Columns:
        """Weigh all features of texts."""
        rarities, lengths = _rarities(postings), _norms(postings)
        peaks = np.zeros(len(rarities), np.float32)
        for first, behind in portions(postings.starts):
            entries = slice(postings.starts[first], postings.starts[behind])
            counts = np.diff(postings.starts[first : behind + 1])
            found = weights(postings.times[entries], lengths[postings.positions[entries]], 1.0)
            peaks[first:behind] = np.maximum.reduceat(found, np.cumsum(counts) - counts) * rarities[first:behind]
        rows = _common(postings)
        return cls(postings, rarities, lengths, peaks, _filled(postings, rows), rows)

    @classmethod
    def load(cls, postings: Postings, folder: Path) -> Columns:
        """With what `save` wrote; that stays on disk until it is used (mmap).

        Raises:
            OSError, ValueError: the files are missing, or not of these texts.
        """
        # Still mapped, but plain arrays: slicing a memmap costs more than the sums of a short question.
        peaks, common = (np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in _SAVED)
        rows = _common(postings)
        wanted = (len(postings.words),), (len(rows), postings.count)
        if (peaks.shape, common.shape) != wanted:
            raise ValueError(f"{folder}: {peaks.shape} and {common.shape}, not {wanted}")
        return cls(postings, _rarities(postings), _norms(postings), peaks, common, rows)

    @classmethod
    def bare(cls, postings: Postings) -> Columns:
        """Of postings without texts: there is nothing to weigh."""
        nothing = np.empty(0, np.float32)
        return cls(postings, nothing, nothing, nothing, NONE.times, {})

    def save(self, folder: Path) -> None:
        """Write what takes longer to count of the postings than to read."""
        for name in _SAVED:
            np.save(folder / f"{name}.npy", getattr(self, name))

    def column(self, number: int) -> Column:
        """What one feature weighs."""
        told = self.norms, float(self.rarities[number]), float(self.peaks[number])
        row = self.rows.get(number)
        if row is not None:
            return Row(self.common[row], *told)
        own = slice(self.postings.starts[number], self.postings.starts[number + 1])
        return Listed(self.postings.positions[own], self.postings.times[own], *told)


_SAVED = ("peaks", "common")


def _rarities(postings: Postings) -> NDArray[np.float32]:
    return rarity(postings.count, np.diff(postings.starts)).astype(np.float32)


def _norms(postings: Postings) -> NDArray[np.float32]:
    return norms(postings.lengths, typical(postings.mean_length())).astype(np.float32)


def _common(postings: Postings) -> dict[int, int]:
    """The numbers of the features that are rows → which."""
    found = np.flatnonzero(_COMMON * np.diff(postings.starts) >= postings.count)
    return dict(zip(found.tolist(), range(len(found)), strict=True))


def _filled(postings: Postings, rows: Mapping[int, int]) -> Times:
    common = np.zeros((len(rows), postings.count), postings.times.dtype)
    for number, row in rows.items():
        own = slice(postings.starts[number], postings.starts[number + 1])
        common[row, postings.positions[own]] = postings.times[own]
    return common
