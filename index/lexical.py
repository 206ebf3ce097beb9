"""BM25 over the features of `index.features`: a question only adds up columns of weights (`index.bm25`)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from index.bm25 import Columns, Weigher
from index.matches import Matches, matches

FOLDER = "lexical"
# Files that only matching needs.
MATCHED = frozenset({f"{FOLDER}/{name}.npy" for name in ("weights", "positions", "peaks")})
_COUNT, _VOCABULARY = "count.json", "vocabulary.json"


class LexicalIndex:
    """Scores of `count` texts by position. `vocabulary` numbers the features; `length` is the typical one of a text."""

    def __init__(self, vocabulary: Mapping[str, int], columns: Columns, count: int, length: float) -> None:
        self._vocabulary = vocabulary
        self._columns = columns
        self.count = count
        self.length = length

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
        return cls({word: at for at, word in enumerate(words)}, columns, count, weigher.length())

    def save(self, folder: Path) -> None:
        """Write the index into a folder."""
        target = folder / FOLDER
        target.mkdir()
        (target / _COUNT).write_text(json.dumps({"count": self.count, "length": self.length}), encoding="utf-8")
        (target / _VOCABULARY).write_text(json.dumps(list(self._vocabulary), ensure_ascii=False), encoding="utf-8")
        self._columns.save(target)

    @classmethod
    def load(cls, folder: Path, *, whole: bool = True) -> LexicalIndex:
        """Read what `save` wrote; if not `whole`, only what says how often each feature occurs: nothing can be matched.

        Raises:
            OSError, ValueError, KeyError: the files are not what `save` wrote.
        """
        source = folder / FOLDER
        told = json.loads((source / _COUNT).read_text(encoding="utf-8"))
        words = json.loads((source / _VOCABULARY).read_text(encoding="utf-8"))
        columns = Columns.load(source) if whole else Columns.uncounted(source)
        if len(columns.starts) != len(words) + 1 or (len(columns.weights) != len(columns.positions)):
            raise ValueError(f"{source}: {len(words)} features, but columns for {len(columns.starts) - 1}")
        return cls(dict(zip(words, range(len(words)), strict=True)), columns, told["count"], told["length"])

    @property
    def features(self) -> Iterable[str]:
        """Every feature, sorted."""
        return self._vocabulary.keys()

    def frequency(self, feature: str) -> int:
        """In how many texts a feature stands."""
        number = self._vocabulary.get(feature)
        starts = self._columns.starts
        return 0 if number is None else int(starts[number + 1] - starts[number])

    def matches(self, features: Sequence[str]) -> Matches:
        """What texts share with a question."""
        numbers = (self._vocabulary.get(feature) for feature in features)
        return matches([self._columns.column(number) for number in numbers if number is not None], self.count)
