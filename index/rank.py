"""Both searches over the parts of an index, fused. Pure: no database, no filter language, no clauses."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.dense import Positions, Scores
from index.features import query_features
from index.fuse import Ranking, Weights, fuse
from index.generation import Parts
from index.lexical import best

# Candidates taken from each half before fusion. Constant for every ordinary k, so that asking for more hits only
# lengthens the list: z-scores depend on the candidates.
OVERFETCH = 300


def lexical_scores(parts: Parts, words: str, weights: Weights) -> Scores:
    """float64[n]: BM25 of every text for a question; zeros where that half is off."""
    if not weights.lexical:
        return np.zeros(len(parts.rows))
    return parts.lexical.scores(query_features(words, parts.compounds))


def rank(
    parts: Parts, vector: NDArray[np.float32], scores: Scores, allowed: Positions | None, k: int, weights: Weights
) -> Ranking:
    """Texts for a question, best first: at least the k best.

    Args:
        parts: what is searched.
        vector: float32[d], the question's, of unit length.
        scores: `lexical_scores` of the question.
        allowed: positions that may be found; None: all.
        k: how many are wanted.
        weights: what each half counts; a half of weight 0 is not searched.
    """
    pool = max(OVERFETCH, k)
    found: set[int] = set()
    if weights.lexical:
        found.update(best(scores, allowed, pool).tolist())
    if weights.dense:
        found.update(parts.dense.search(vector, allowed, pool).tolist())
    candidates = np.array(sorted(found), dtype=np.int64)
    return fuse(candidates, parts.dense.scores(vector, candidates), scores[candidates], weights)
