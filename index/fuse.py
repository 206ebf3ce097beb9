"""How two lists of scores become one. Pure functions over arrays.

Scores of the two halves have different scales, so each is z-normalised over the candidates, weighted, and added: a
weighted sum keeps how far ahead a candidate is, which reciprocal rank fusion throws away.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from index.positions import Positions, Scores

DENSE_WEIGHT = 2.0
LEXICAL_WEIGHT = 1.0


@dataclass(frozen=True, slots=True)
class Weights:
    """What each half counts; a half of weight 0 is not searched at all."""

    dense: float = DENSE_WEIGHT
    lexical: float = LEXICAL_WEIGHT


BOTH = Weights()
DENSE_ONLY = Weights(1.0, 0.0)
LEXICAL_ONLY = Weights(0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Ranking:
    """Candidates, best first: positions, fused scores, and the two scores they came from (all of one length)."""

    positions: Positions
    scores: Scores
    dense: Scores
    lexical: Scores

    def top(self, k: int) -> Ranking:
        """The first k."""
        return Ranking(self.positions[:k], self.scores[:k], self.dense[:k], self.lexical[:k])


def z_normalise(scores: Scores) -> Scores:
    """(x - mean) / standard deviation; zeros where all are equal."""
    spread = float(scores.std()) if len(scores) else 0.0
    return (scores - scores.mean()) / spread if spread > 1e-9 else np.zeros(len(scores))


def fuse(positions: Positions, dense: Scores, lexical: Scores, weights: Weights) -> Ranking:
    """Rank candidates by the weighted sum of z-scores; ties by position, which is the order of clause ids.

    Args:
        positions: int64[n], distinct.
        dense: float64[n], cosines; ignored when their weight is 0.
        lexical: float64[n], BM25 scores; ignored when their weight is 0.
        weights: what each counts.
    """
    scores = np.zeros(len(positions))
    for values, weight in ((dense, weights.dense), (lexical, weights.lexical)):
        if weight:
            scores += weight * z_normalise(values)
    scores = np.round(scores, 9)  # equal clauses must tie whatever the order of a sum
    order = np.lexsort((positions, -scores))
    return Ranking(positions[order], scores[order], dense[order], lexical[order])
