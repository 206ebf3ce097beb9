"""Parts of an index that no home holds: a public set, a baseline, passages cut otherwise."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.counts import WordCounts
from index.dense import DenseIndex
from index.features import NO_COMPOUNDS, Compounds
from index.fuse import Weights
from index.generation import Parts
from index.lexical import LexicalIndex
from index.positions import Positions
from index.rank import rank


def parts_of(
    vectors: NDArray[np.float32], lexical: LexicalIndex | None = None, compounds: Compounds = NO_COMPOUNDS
) -> Parts:
    """Parts in memory: float32[n, d] vectors, and BM25 over the same n texts (None: over nothing)."""
    count = len(vectors)
    words = lexical or LexicalIndex.build([[]] * count)
    counts = WordCounts.of(())
    return Parts(np.arange(count, dtype=np.int64), DenseIndex.build(vectors), words, compounds, counts, ())


def best_positions(
    parts: Parts, vector: NDArray[np.float32], words: str, allowed: Positions | None, k: int, weights: Weights
) -> list[int]:
    """Positions of the k best texts for a question, best first; arguments as of `index.rank.rank`."""
    ranking = rank(parts, vector, words, allowed, k, weights)
    return [int(position) for position in ranking.top(k).positions]
