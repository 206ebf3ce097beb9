"""BM25 over the features of `index.features` (bm25s; its own tokenizer drops «5» and is never used)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import bm25s
import numpy as np

from index.dense import Positions, Scores

FOLDER = "lexical"
_COUNT = "count.json"
_K1, _B = 1.2, 0.75  # Lucene's defaults; bm25s' own k1 is 1.5


class LexicalIndex:
    """Scores of texts by position. `bm25` is None when no text gave a feature: BM25 has no average length then."""

    def __init__(self, bm25: bm25s.BM25 | None, count: int) -> None:
        self._bm25 = bm25
        self.count = count

    @classmethod
    def build(cls, features: Sequence[Sequence[str]]) -> LexicalIndex:
        """An index of one list of features a text."""
        # Numbered in order of appearance: bm25s would number a set, and the files would differ from run to run.
        vocabulary: dict[str, int] = {}
        ids = [[vocabulary.setdefault(f, len(vocabulary)) for f in text] for text in features]
        if not vocabulary:
            return cls(None, len(features))
        bm25 = bm25s.BM25(k1=_K1, b=_B, method="lucene")
        bm25.index((ids, vocabulary), show_progress=False)
        return cls(bm25, len(features))

    def save(self, folder: Path) -> None:
        """Write the index into a folder."""
        target = folder / FOLDER
        target.mkdir()
        (target / _COUNT).write_text(json.dumps({"count": self.count, "empty": self._bm25 is None}), encoding="utf-8")
        if self._bm25 is not None:
            self._bm25.save(target, show_progress=False)

    @classmethod
    def load(cls, folder: Path) -> LexicalIndex:
        """Read what `save` wrote; the scores stay on disk until they are used (mmap).

        Raises:
            OSError, ValueError, KeyError: the files are not what `save` wrote.
        """
        source = folder / FOLDER
        told = json.loads((source / _COUNT).read_text(encoding="utf-8"))
        if told["empty"]:
            return cls(None, told["count"])
        bm25 = bm25s.BM25.load(source, mmap=True, show_progress=False)
        # Still mapped, but plain arrays: slicing a memmap costs more than the sums of a short question.
        bm25.scores |= {name: np.asarray(bm25.scores[name]) for name in ("data", "indices", "indptr")}
        return cls(bm25, told["count"])

    def scores(self, features: Sequence[str]) -> Scores:
        """BM25 score of every text, float64[count], to 6 decimals; 0 where no feature is shared."""
        if self._bm25 is None:
            return np.zeros(self.count)
        known = [v for f in features if (v := self._bm25.vocab_dict.get(f)) is not None]
        if not known:
            return np.zeros(self.count)
        found = np.asarray(self._bm25.get_scores_from_ids(known), dtype=np.float64)
        return np.round(found, 6)


def best(scores: Scores, positions: Positions | None, k: int) -> Positions:
    """Positions of the k best scores above 0 among `positions` (None: all), ties by position."""
    allowed = np.arange(len(scores), dtype=np.int64) if positions is None else np.sort(positions)
    matching = allowed[scores[allowed] > 0]
    return matching[np.argsort(-scores[matching], kind="stable")[:k]]
