"""BM25 over the features of `index.features`: a question only adds up columns of weights (`index.columns`)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from index.bm25 import Columns, typical
from index.matches import Matches, matches
from index.postings import Counting, Numbers, Postings, merged

FOLDER = "lexical"
# Files that only matching and adding texts need.
MATCHED = frozenset({f"{FOLDER}/{name}.npy" for name in ("positions", "peaks", "common", "times", "lengths")})
_COUNT, _VOCABULARY = "count.json", "vocabulary.json"


class LexicalIndex:
    """Scores of `count` texts by position; `length` is the typical one of a text, in features."""

    def __init__(self, columns: Columns, count: int, length: float) -> None:
        self._columns = columns
        self._postings = columns.postings
        self._vocabulary = dict(zip(self._postings.words, range(len(self._postings.words)), strict=True))
        self.count = count
        self.length = length

    @classmethod
    def build(cls, features: Sequence[Sequence[str]]) -> LexicalIndex:
        """An index of one list of features a text."""
        counting = Counting()
        numbers = [counting.number(feature) for text in features for feature in text]
        texts = np.repeat(np.arange(len(features)), [len(text) for text in features])
        counting.add(len(features), texts, np.array(numbers, dtype=np.int64))
        return cls.of(counting.counted())

    @classmethod
    def of(cls, postings: Postings) -> LexicalIndex:
        """An index of what was counted."""
        return cls(Columns.of(postings), postings.count, typical(postings.mean_length()))

    def grown(self, moved: Numbers, fresh: Postings, places: Numbers) -> LexicalIndex:
        """An index that also holds the texts of `fresh`; arguments as of `postings.merged`."""
        return self.of(merged(self._postings, moved, fresh, places))

    def save(self, folder: Path) -> None:
        """Write the index into a folder."""
        target = folder / FOLDER
        target.mkdir()
        (target / _COUNT).write_text(json.dumps({"count": self.count, "length": self.length}), encoding="utf-8")
        words = json.dumps(list(self._postings.words), ensure_ascii=False)
        (target / _VOCABULARY).write_text(words, encoding="utf-8")
        self._postings.save(target)
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
        if whole:
            columns = Columns.load(Postings.load(words, source), source)
        else:
            columns = Columns.bare(Postings.bare(words, source))
        return cls(columns, told["count"], told["length"])

    @property
    def features(self) -> Iterable[str]:
        """Every feature, sorted."""
        return self._postings.words

    def holds(self, part: str) -> bool:
        """Whether some feature has this in it."""
        return any(part in word for word in self._postings.words)

    def frequency(self, feature: str) -> int:
        """In how many texts a feature stands."""
        number = self._vocabulary.get(feature)
        starts = self._postings.starts
        return 0 if number is None else int(starts[number + 1] - starts[number])

    def matches(self, features: Sequence[str]) -> Matches:
        """What texts share with a question."""
        numbers = (self._vocabulary.get(feature) for feature in features)
        return matches([self._columns.column(number) for number in numbers if number is not None], self._columns.norms)
