"""Both searches over the parts of an index. Pure: no database, no filter language, no clauses."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.engine import OVERFETCH, Candidates
from index.features import query_features
from index.fuse import Ranking, Weights, fuse
from index.generation import Parts
from index.matches import Matches
from index.positions import Positions


def candidates(
    parts: Parts, vector: NDArray[np.float32], matches: Matches, allowed: Positions | None, pool: int, weights: Weights
) -> Candidates:
    """The best of each half.

    Args:
        parts: what is searched.
        vector: float32[d], the question's, of unit length.
        matches: what the question's words find.
        allowed: positions that may be found, ascending; None: all.
        pool: how many of each half.
        weights: what each half counts; one of weight 0 is not searched.
    """
    found: list[Positions] = []
    if weights.lexical:
        found.append(matches.best(allowed, pool))
    if weights.dense:
        found.append(parts.dense.search(vector, allowed, pool))
    positions = np.unique(np.concatenate(found)) if found else np.empty(0, dtype=np.int64)
    return Candidates(positions, parts.dense.scores(vector, positions), matches.scores(positions))


def rank(
    parts: Parts, vector: NDArray[np.float32], words: str, allowed: Positions | None, k: int, weights: Weights
) -> Ranking:
    """Texts for a question, best first: at least the k best. Arguments as of `candidates`, `words` the question's."""
    features = query_features(words, parts.compounds) if weights.lexical else ()
    found = candidates(parts, vector, parts.lexical.matches(features), allowed, max(OVERFETCH, k), weights)
    return fuse(found.positions, found.dense, found.lexical, weights)
