"""BM25 as Lucene has it, of features counted text by text, group after group: no list of all of them is ever made."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.matches import Column

_K1, _B = 1.2, 0.75  # Lucene's defaults
_STEPS = 4  # of the typical length, to the double

Numbers = NDArray[np.int64]


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
    def load(cls, folder: Path) -> Columns:
        """Read what `save` wrote; it stays on disk until it is used (mmap).

        Raises:
            OSError, ValueError: the files are not what `save` wrote.
        """
        # Still mapped, but plain arrays: slicing a memmap costs more than the sums of a short question.
        return cls(*(np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in cls.__slots__))

    def column(self, number: int) -> Column:
        """What one feature weighs."""
        own = slice(self.starts[number], self.starts[number + 1])
        return Column(self.weights[own], self.positions[own], float(self.peaks[number]))

    @classmethod
    def uncounted(cls, folder: Path) -> Columns:
        """Only the starts of the columns; raises as `load`."""
        starts, nothing = np.asarray(np.load(folder / "starts.npy", mmap_mode="r")), np.empty(0, np.float32)
        return cls(nothing, np.empty(0, np.int32), starts, nothing)

    def save(self, folder: Path) -> None:
        """Write the arrays into a folder."""
        for name in self.__slots__:
            np.save(folder / f"{name}.npy", getattr(self, name))


@dataclass(frozen=True, slots=True)
class _Group:
    """Features of some texts, ordered by feature, then text: `times` feature `features[i]` in text `texts[i]`."""

    features: NDArray[np.int32]
    texts: NDArray[np.int32]
    times: NDArray[np.int32]


class Weigher:
    """Takes the features of texts and gives their weights. The order in which features are met does not matter."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._groups: list[_Group] = []
        self._lengths: list[Numbers] = []
        self._count = 0

    def number(self, feature: str) -> int:
        """What stands for a feature in `add`."""
        return self._numbers.setdefault(feature, len(self._numbers))

    def add(self, count: int, texts: Numbers, features: Numbers) -> None:
        """The next `count` texts: feature `features[i]` stands in text `texts[i]` of them, as often as it is named."""
        found, times = np.unique(features * count + texts, return_counts=True)
        feature, text = np.divmod(found, max(count, 1))
        small = (feature.astype(np.int32), (text + self._count).astype(np.int32), times.astype(np.int32))
        self._groups.append(_Group(*small))
        self._lengths.append(np.bincount(texts, minlength=count))
        self._count += count

    def length(self) -> float:
        """The typical length of the texts, in features."""
        lengths = np.concatenate([np.zeros(0, np.int64), *self._lengths])
        return typical(float(lengths.mean()) if len(lengths) else 0.0)

    def weighed(self) -> tuple[Sequence[str], Columns, int]:
        """The features, sorted; their weights; the count of texts. Empties the weigher."""
        words = sorted(self._numbers)
        place = np.empty(len(words), dtype=np.int64)
        place[[self._numbers[word] for word in words]] = np.arange(len(words))
        texts_of = np.zeros(len(words), dtype=np.int64)
        for group in self._groups:
            texts_of += np.bincount(place[group.features], minlength=len(words))
        starts = np.concatenate([[0], np.cumsum(texts_of)]).astype(np.int64)
        return words, self._columns(place, texts_of, starts), self._count

    def _columns(self, place: Numbers, texts_of: Numbers, starts: Numbers) -> Columns:
        inverse, length = rarity(self._count, texts_of), self.length()
        lengths = np.concatenate([np.zeros(0, np.int64), *self._lengths])
        weights, positions = np.empty(starts[-1], np.float32), np.empty(starts[-1], np.int32)
        peaks = np.zeros(len(place), np.float32)
        free = starts[:-1].copy()
        while self._groups:
            group = self._groups.pop(0)
            feature, times = place[group.features], group.times
            # Within a group those of one feature stand together: each goes behind the one before it.
            first = np.flatnonzero(np.diff(feature, prepend=-1))
            run = np.diff(first, append=len(feature))
            target = free[feature] + np.arange(len(feature)) - np.repeat(first, run)
            positions[target] = group.texts
            weights[target] = inverse[feature] * saturated(times, lengths[group.texts], length)
            free[feature[first]] += run
            if len(first):
                own = feature[first]
                peaks[own] = np.maximum(peaks[own], np.maximum.reduceat(weights[target], first))
        return Columns(weights, positions, starts, peaks)
