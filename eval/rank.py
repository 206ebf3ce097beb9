"""The search over parts that no home holds: a public set, a baseline, an index built otherwise.

The same pieces in the same order as `index.search.Searcher`; a test holds the two against each other.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.dense import DenseIndex, Positions
from index.features import NO_COMPOUNDS, Compounds, query_features
from index.fuse import Weights, fuse
from index.generation import Parts
from index.lexical import LexicalIndex, best
from index.search import OVERFETCH


def parts_of(
    vectors: NDArray[np.float32], lexical: LexicalIndex | None = None, compounds: Compounds = NO_COMPOUNDS
) -> Parts:
    """Parts in memory: float32[n, d] vectors, and BM25 over the same n texts (None: over nothing)."""
    count = len(vectors)
    words = lexical or LexicalIndex(None, count)
    return Parts(np.arange(count, dtype=np.int64), DenseIndex.build(vectors), words, compounds, ())


def best_positions(
    parts: Parts, vector: NDArray[np.float32], words: str, allowed: Positions | None, k: int, weights: Weights
) -> list[int]:
    """Positions of the k best texts for a question, best first.

    Args:
        parts: what is searched.
        vector: float32[d], the question's, of unit length.
        words: the question for BM25.
        allowed: positions that may be found; None: all.
        k: how many.
        weights: what each half counts; a half of weight 0 is not searched.
    """
    pool = max(OVERFETCH, k)
    scores = np.zeros(len(parts.rows))
    found = [np.empty(0, dtype=np.int64)]
    if weights.lexical:
        scores = parts.lexical.scores(query_features(words, parts.compounds))
        found.append(best(scores, allowed, pool))
    if weights.dense:
        found.append(parts.dense.search(vector, allowed, pool))
    candidates = np.unique(np.concatenate(found))
    ranking = fuse(candidates, parts.dense.scores(vector, candidates), scores[candidates], weights)
    return [int(position) for position in ranking.top(k).positions]
