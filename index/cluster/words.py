"""Words as sparse vectors, so that their inner product is BM25 as `index.lexical` has it.

Of a clause the vector holds how much a feature counts by how often it stands there (`index.bm25.saturated`); how rare
it is stands in the vector of the question. So a new plan, which makes every word a little rarer or less so, changes no
row that is there. The typical length of a clause is held fast in steps, for the same end.

A feature is numbered by a hash of 32 bits. Two features of a stock that meet there would be taken for each other: of
those the first in the order of features keeps the number, the others are hashed again. Ten million features meet in
some ten thousand places.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.bm25 import rarity, saturated
from index.lexical import LexicalIndex

NOTHING = 2**32 - 2  # stands in a clause without features, since an engine refuses an empty vector; no feature has it
_SLOTS = NOTHING


@dataclass(frozen=True, slots=True)
class Sparse:
    """A sparse vector: numbers of features, ascending (int64[n]), and their weights (float32[n])."""

    numbers: NDArray[np.int64]
    weights: NDArray[np.float32]

    def as_dict(self) -> dict[int, float]:
        """As the client of the engine takes it."""
        return dict(zip(self.numbers.tolist(), self.weights.tolist(), strict=True))


class Numbers:
    """Feature → its number in a stock of these features. `slots`: how many numbers there are."""

    def __init__(self, features: Iterable[str], slots: int = _SLOTS) -> None:
        self._slots = slots
        self._again = _met(features, slots)

    def __call__(self, feature: str) -> int:
        """The number of a feature."""
        return self._again.get(feature, -1) if feature in self._again else _hashed(feature, 0, self._slots)


def _hashed(feature: str, turn: int, slots: int) -> int:
    digest = hashlib.blake2b(feature.encode("utf-8", "surrogatepass"), digest_size=8, salt=turn.to_bytes(8, "little"))
    return int.from_bytes(digest.digest(), "little") % slots


def _met(features: Iterable[str], slots: int) -> Mapping[str, int]:
    """The numbers of features whose first number another one has, which comes before them."""
    ordered = sorted(features)
    first = np.fromiter((_hashed(feature, 0, slots) for feature in ordered), np.int64, len(ordered))
    taken, at = np.unique(first, return_index=True)
    later = np.ones(len(ordered), dtype=bool)
    later[at] = False
    again: dict[str, int] = {}
    given: set[int] = set()
    for feature in (ordered[place] for place in np.flatnonzero(later)):
        turn = 1
        while _held(number := _hashed(feature, turn, slots), taken) or number in given:
            turn += 1
        again[feature] = number
        given.add(number)
    return again


def _held(number: int, taken: NDArray[np.int64]) -> bool:
    at = int(np.searchsorted(taken, number))
    return at < len(taken) and int(taken[at]) == number


def clause_vectors(count: int, texts: NDArray[np.int64], features: NDArray[np.int64], length: float) -> list[Sparse]:
    """The vectors of `count` texts of which text `texts[i]` has the feature of number `features[i]`, named as often as
    it stands there; `length` is the typical length of a text."""
    order = np.lexsort((features, texts))
    pairs = np.stack([texts[order], features[order]])
    first = np.flatnonzero(np.any(np.diff(pairs, axis=1, prepend=-1), axis=0))
    times = np.diff(first, append=pairs.shape[1])
    of, numbers = pairs[:, first]
    lengths = np.bincount(texts, minlength=count)
    weights = saturated(times, lengths[of], length).astype(np.float32)
    ends = np.searchsorted(of, np.arange(count + 1))
    return [_or_nothing(numbers[a:b], weights[a:b]) for a, b in pairwise(ends)]


def _or_nothing(numbers: NDArray[np.int64], weights: NDArray[np.float32]) -> Sparse:
    if len(numbers):
        return Sparse(numbers, weights)
    return Sparse(np.array([NOTHING], dtype=np.int64), np.ones(1, dtype=np.float32))


def question_vector(features: Sequence[str], lexical: LexicalIndex, number: Numbers) -> dict[int, float]:
    """The vector of a question with these features, empty where the stock has none of them."""
    asked = Counter(features)
    texts_of = np.array([lexical.frequency(feature) for feature in asked], dtype=np.int64)
    weights = rarity(lexical.count, texts_of) * np.array(list(asked.values()), dtype=np.float64)
    told = zip(asked, texts_of.tolist(), weights.tolist(), strict=True)
    return {number(feature): weight for feature, stands, weight in told if stands}
