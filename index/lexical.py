"""BM25 over the features of `index.features`. bm25s weighs them (its own tokenizer drops «5» and is never used); a
question only adds up columns of what it weighed, without what importing it and scipy costs a command."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.dense import Positions, Scores

FOLDER = "lexical"
_COUNT, _VOCABULARY = "count.json", "vocabulary.json"
_K1, _B = 1.2, 0.75  # Lucene's defaults; bm25s' own k1 is 1.5


@dataclass(frozen=True, slots=True)
class Columns:
    """BM25 of each feature in each text that has it: those of feature i are `weights[starts[i]:starts[i + 1]]`
    (float32), of the texts at `positions` there (int32)."""

    weights: NDArray[np.float32]
    positions: NDArray[np.int32]
    starts: NDArray[np.int64]

    @classmethod
    def load(cls, folder: Path) -> Columns:
        """Read what `save` wrote; it stays on disk until it is used (mmap).

        Raises:
            OSError, ValueError: the files are not what `save` wrote.
        """
        # Still mapped, but plain arrays: slicing a memmap costs more than the sums of a short question.
        return cls(*(np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in cls.__slots__))

    def save(self, folder: Path) -> None:
        """Write the arrays into a folder."""
        for name in self.__slots__:
            np.save(folder / f"{name}.npy", getattr(self, name))


_NO_COLUMNS = Columns(np.zeros(0, np.float32), np.zeros(0, np.int32), np.zeros(1, np.int64))


class LexicalIndex:
    """Scores of `count` texts by position. `vocabulary` numbers the features."""

    def __init__(self, vocabulary: Mapping[str, int], columns: Columns, count: int) -> None:
        self._vocabulary = vocabulary
        self._columns = columns
        self.count = count

    @classmethod
    def build(cls, features: Sequence[Sequence[str]]) -> LexicalIndex:
        """An index of one list of features a text."""
        # Numbered in order of appearance: bm25s would number a set, and the files would differ from run to run.
        vocabulary: dict[str, int] = {}
        ids = [[vocabulary.setdefault(f, len(vocabulary)) for f in text] for text in features]
        # Where no text gave a feature BM25 has no average length.
        return cls(vocabulary, _weigh(ids, vocabulary) if vocabulary else _NO_COLUMNS, len(features))

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

    def scores(self, features: Sequence[str]) -> Scores:
        """BM25 score of every text, float64[count], to 6 decimals; 0 where no feature is shared."""
        found = np.zeros(self.count, dtype=np.float32)
        weights, positions, starts = self._columns.weights, self._columns.positions, self._columns.starts
        for feature in features:
            number = self._vocabulary.get(feature)
            if number is not None:
                column = slice(starts[number], starts[number + 1])
                found[positions[column]] += weights[column]  # a text stands once in a column
        exact: Scores = found.astype(np.float64)
        return exact.round(6)


def _weigh(ids: Sequence[Sequence[int]], vocabulary: dict[str, int]) -> Columns:
    import bm25s  # with scipy; only what builds an index needs it

    bm25 = bm25s.BM25(k1=_K1, b=_B, method="lucene")
    bm25.index((ids, dict(vocabulary)), show_progress=False)  # it adds the empty word to what it is given
    found = (np.asarray(bm25.scores[name]) for name in ("data", "indices", "indptr"))
    return Columns(*(a.astype(kind) for a, kind in zip(found, (np.float32, np.int32, np.int64), strict=True)))


def best(scores: Scores, positions: Positions | None, k: int) -> Positions:
    """Positions of the k best scores above 0 among `positions` (None: all), ties by position."""
    allowed = np.arange(len(scores), dtype=np.int64) if positions is None else np.sort(positions)
    matching = allowed[scores[allowed] > 0]
    return matching[np.argsort(-scores[matching], kind="stable")[:k]]
