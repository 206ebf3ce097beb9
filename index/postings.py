"""Which features stand in which texts, and how often: counted plan by plan, and put together with what was counted
before, so that a new plan does not make the others be counted again."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]

_TOGETHER = 1 << 22  # entries that are worked on at once: some 150 MB


@dataclass(frozen=True, slots=True)
class Postings:
    """`words[i]` (sorted, each in some text) stands in the texts `positions[starts[i]:starts[i + 1]]` (int32,
    ascending), `times[…]` (unsigned) often; text t has `lengths[t]` (int32) features."""

    words: Sequence[str]
    starts: Numbers
    positions: NDArray[np.int32]
    times: NDArray[np.unsignedinteger]
    lengths: NDArray[np.int32]

    @property
    def count(self) -> int:
        """How many texts."""
        return len(self.lengths)

    def mean_length(self) -> float:
        """Of the texts, in features; 0.0 where there is none."""
        return float(np.sum(self.lengths, dtype=np.int64)) / self.count if self.count else 0.0

    @classmethod
    def load(cls, words: Sequence[str], folder: Path) -> Postings:
        """What `save` wrote of these words; it stays on disk until it is used (mmap).

        Raises:
            OSError, ValueError: the files are missing, or do not fit together.
        """
        told = cls(words, *(np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in _SAVED))
        if len(told.starts) != len(words) + 1 or not len(told.positions) == len(told.times) == told.starts[-1]:
            raise ValueError(f"{folder}: {len(words)} words, {len(told.positions)} entries, {len(told.times)} counted")
        return told

    @classmethod
    def bare(cls, words: Sequence[str], folder: Path) -> Postings:
        """The same without its texts: only how many there are for each word."""
        starts = np.asarray(np.load(folder / "starts.npy", mmap_mode="r"))
        if len(starts) != len(words) + 1:
            raise ValueError(f"{folder}: {len(words)} words, but columns for {len(starts) - 1}")
        return cls(words, starts, NONE.positions, NONE.times, NONE.lengths)

    def save(self, folder: Path) -> None:
        """Write all but the words."""
        for name in _SAVED:
            np.save(folder / f"{name}.npy", getattr(self, name))


_SAVED = ("starts", "positions", "times", "lengths")
_SHORT = np.empty(0, np.int32)
NONE = Postings([], np.zeros(1, np.int64), _SHORT, np.empty(0, np.uint8), _SHORT)


@dataclass(frozen=True, slots=True)
class _Group:
    """Features of some texts, ordered by feature, then text: `times` feature `features[i]` in text `texts[i]`."""

    features: NDArray[np.int32]
    texts: NDArray[np.int32]
    times: NDArray[np.int32]


class Counting:
    """Takes the features of texts, group after group: no list of all of them is ever made. The order in which features
    are met does not matter."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._groups: list[_Group] = []
        self._lengths: list[Numbers] = [np.zeros(0, np.int64)]
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

    def counted(self) -> Postings:
        """What was added. Empties the counting."""
        words = sorted(self._numbers)
        place = np.empty(len(words), dtype=np.int64)
        place[[self._numbers[word] for word in words]] = np.arange(len(words))
        texts_of = np.zeros(len(words), dtype=np.int64)
        for group in self._groups:
            texts_of += np.bincount(place[group.features], minlength=len(words))
        starts = np.concatenate([[0], np.cumsum(texts_of)]).astype(np.int64)
        positions, times = np.empty(starts[-1], np.int32), np.empty(starts[-1], np.int32)
        free = starts[:-1].copy()
        while self._groups:
            group = self._groups.pop(0)
            feature = place[group.features]
            # Within a group those of one feature stand together: each goes behind the one before it.
            first = np.flatnonzero(np.diff(feature, prepend=-1))
            run = np.diff(first, append=len(feature))
            target = free[feature] + np.arange(len(feature)) - np.repeat(first, run)
            positions[target], times[target] = group.texts, group.times
            free[feature[first]] += run
        return Postings(words, starts, positions, _smallest(times), np.concatenate(self._lengths).astype(np.int32))


def merged(base: Postings, moved: Numbers, fresh: Postings, places: Numbers) -> Postings:
    """One of two: text t of `base` goes to `moved[t]` (ascending; -1: left out), text t of `fresh` to `places[t]`
    (ascending). Equal to what counting all of the texts would give."""
    words, of_base, of_fresh = _together(base.words, fresh.words)
    kept = np.flatnonzero(moved >= 0)
    lengths = np.empty(len(kept) + len(places), np.int32)
    lengths[moved[kept]], lengths[places] = base.lengths[kept], fresh.lengths
    most = np.zeros(len(words) + 1, np.int64)
    most[of_base + 1] = np.diff(base.starts)
    most[of_fresh + 1] += np.diff(fresh.starts)
    texts_of = np.zeros(len(words), np.int64)
    to_base, to_fresh = moved.astype(np.int32), places.astype(np.int32)
    found = []
    for first, behind in portions(np.cumsum(most)):
        own = _Portion.of(base, of_base, first, behind, to_base)
        new = _Portion.of(fresh, of_fresh, first, behind, to_fresh)
        texts_of[first:behind] = own.counts + new.counts
        found.append(own.with_others(new))
    there = texts_of > 0
    left = words if there.all() else [word for word, some in zip(words, there.tolist(), strict=True) if some]
    starts = np.concatenate([[0], np.cumsum(texts_of[there])]).astype(np.int64)
    positions = np.concatenate([NONE.positions, *(part for part, _ in found)])
    return Postings(left, starts, positions, np.concatenate([NONE.times, *(part for _, part in found)]), lengths)


@dataclass(frozen=True, slots=True)
class _Portion:
    """The entries of some features: in how many texts each stands, in which, how often."""

    counts: Numbers
    texts: NDArray[np.int32]
    times: NDArray[np.unsignedinteger]

    @classmethod
    def of(cls, postings: Postings, words: Numbers, first: int, behind: int, moved: NDArray[np.int32]) -> _Portion:
        """Those of `postings` whose features, called `words[i]` here, are from `first` to before `behind`; its texts
        are called `moved[t]`, and those below 0 are left out."""
        start, end = np.searchsorted(words, (first, behind))
        entries = slice(postings.starts[start], postings.starts[end])
        counts = np.zeros(behind - first, np.int64)
        counts[words[start:end] - first] = np.diff(postings.starts[start : end + 1])
        texts, times = moved[postings.positions[entries]], postings.times[entries]
        stays = texts >= 0
        if not stays.all():
            features = np.repeat(np.arange(len(counts)), counts)[stays]
            counts, texts, times = np.bincount(features, minlength=len(counts)), texts[stays], times[stays]
        return cls(counts, texts, times)

    def with_others(self, new: _Portion) -> tuple[NDArray[np.int32], NDArray[np.unsignedinteger]]:
        """Texts and times of both, ordered by feature, then text."""
        own, theirs = np.cumsum(self.counts) - self.counts, np.cumsum(new.counts) - new.counts
        at = np.repeat(own, new.counts)
        for feature in np.flatnonzero(new.counts * self.counts).tolist():
            among = self.texts[own[feature] : own[feature] + self.counts[feature]]
            some = slice(theirs[feature], theirs[feature] + new.counts[feature])
            at[some] += np.searchsorted(among, new.texts[some])
        kind = np.result_type(self.times, new.times)
        times = np.insert(self.times.astype(kind), at, new.times)
        return np.insert(self.texts, at, new.texts), _smallest(times)


def portions(starts: Numbers, most: int = _TOGETHER) -> Iterator[tuple[int, int]]:
    """Features i to j, j left out, that have `most` entries together, or one that has more."""
    first, end = 0, len(starts) - 1
    while first < end:
        behind = int(np.searchsorted(starts, starts[first] + most, side="right")) - 1
        behind = min(end, max(behind, first + 1))
        yield first, behind
        first = behind


def _together(words: Sequence[str], others: Sequence[str]) -> tuple[Sequence[str], Numbers, Numbers]:
    """Both, sorted, each word once, and where those of the first and of the second stand among them."""
    at = np.array([bisect_left(words, word) for word in others], dtype=np.int64)
    pairs = zip(at.tolist(), others, strict=True)
    new = np.array([place == len(words) or words[place] != word for place, word in pairs], dtype=bool)
    every = sorted(
        [*words, *(others[number] for number in np.flatnonzero(new).tolist())]
    )  # two runs: as quick as to merge them
    own = np.arange(len(words), dtype=np.int64)
    return every, own + np.searchsorted(at[new], own, side="right"), at + np.cumsum(new) - new


def _smallest(times: NDArray[np.integer]) -> NDArray[np.unsignedinteger]:
    """In as few bytes as hold them: hardly ever more than one."""
    return times.astype(np.min_scalar_type(int(times.max(initial=0))))
