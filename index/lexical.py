"""BM25 over the features of `index.features`: a question only adds up columns of weights (`index.bm25`)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.bm25 import Columns, Weigher
from index.dense import Positions, Scores

FOLDER = "lexical"
_ROUNDING = 2e-6
_COUNT, _VOCABULARY = "count.json", "vocabulary.json"


class LexicalIndex:
    """Scores of `count` texts by position. `vocabulary` numbers the features."""

    def __init__(self, vocabulary: Mapping[str, int], columns: Columns, count: int) -> None:
        self._vocabulary = vocabulary
        self._columns = columns
        self.count = count

    @classmethod
    def build(cls, features: Sequence[Sequence[str]]) -> LexicalIndex:
        """An index of one list of features a text."""
        weigher = Weigher()
        numbers = [weigher.number(feature) for text in features for feature in text]
        texts = np.repeat(np.arange(len(features)), [len(text) for text in features])
        weigher.add(len(features), texts, np.array(numbers, dtype=np.int64))
        return cls.of(weigher)

    @classmethod
    def of(cls, weigher: Weigher) -> LexicalIndex:
        """An index of what a weigher was given."""
        words, columns, count = weigher.weighed()
        return cls({word: at for at, word in enumerate(words)}, columns, count)

    def save(self, folder: Path) -> None:
        """Write the index into a folder."""
        target = folder / FOLDER
        target.mkdir()
        (target / _COUNT).write_text(json.dumps({"count": self.count}), encoding="utf-8")
        (target / _VOCABULARY).write_text(json.dumps(list(self._vocabulary), ensure_ascii=False), encoding="utf-8")
        self._columns.save(target)

    @classmethod
    def load(cls, folder: Path) -> LexicalIndex:
        """Read what `save` wrote.

        Raises:
            OSError, ValueError, KeyError: the files are not what `save` wrote.
        """
        source = folder / FOLDER
        told = json.loads((source / _COUNT).read_text(encoding="utf-8"))
        words = json.loads((source / _VOCABULARY).read_text(encoding="utf-8"))
        columns = Columns.load(source)
        if len(columns.starts) != len(words) + 1 or len(columns.weights) != len(columns.positions):
            raise ValueError(f"{source}: {len(words)} features, but columns for {len(columns.starts) - 1}")
        return cls(dict(zip(words, range(len(words)), strict=True)), columns, told["count"])

    def matches(self, features: Sequence[str]) -> Matches:
        """What texts share with a question."""
        found = np.zeros(self.count, dtype=np.float32)
        weights, positions, starts = self._columns.weights, self._columns.positions, self._columns.starts
        for feature in features:
            number = self._vocabulary.get(feature)
            if number is not None:
                column = slice(starts[number], starts[number + 1])
                found[positions[column]] += weights[column]  # a text stands once in a column
        return Matches(found)


class Matches:
    """BM25 of every text for one question."""

    def __init__(self, sums: NDArray[np.float32]) -> None:
        self._sums = sums

    def scores(self, positions: Positions) -> Scores:
        """float64[n], to 6 decimals; 0 where no feature is shared."""
        exact: Scores = self._sums[positions].astype(np.float64)
        return exact.round(6)

    def best(self, positions: Positions | None, k: int) -> Positions:
        """Positions of the k best scores above 0 among `positions` (ascending; None: all), ties by position."""
        sums = self._sums if positions is None else self._sums[positions]
        if k < 1 or not len(sums):
            return np.empty(0, dtype=np.int64)
        # Scores that differ less than they are rounded to are ties: none of these may be lost at the border.
        border = np.partition(sums, -k)[-k] - _ROUNDING if len(sums) > k else 0.0
        near = np.flatnonzero(sums > max(border, 0.0))
        matching = near if positions is None else positions[near]
        return matching[np.argsort(-self.scores(matching), kind="stable")[:k]]
