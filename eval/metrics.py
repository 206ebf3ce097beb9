"""Retrieval metrics from ir-measures, and the resampling that says how far a mean can be trusted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

Ranking = Sequence[str]  # ids, best first
RETRIEVAL = ("hit@1", "hit@5", "recall@5", "recall@10", "mrr@10", "ndcg@10")
_RESAMPLES = 2_000
_PERMUTATIONS = 10_000


def retrieval(rankings: Mapping[str, Ranking], relevant: Mapping[str, set[str]]) -> dict[str, dict[str, float]]:
    """Metrics of every question, by ir-measures (trec_eval's definitions); binary relevance.

    A ranking's order is what counts: its scores are replaced by falling whole numbers, so that ties, which trec_eval
    would break by id from the end of the alphabet, cannot reorder it. An id that comes again counts where it came
    first. A question without a ranking scores 0.
    """
    import ir_measures
    from ir_measures import RR, R, Success, nDCG

    names = dict(zip(RETRIEVAL, (Success @ 1, Success @ 5, R @ 5, R @ 10, RR @ 10, nDCG @ 10), strict=True))
    qrels = {q: dict.fromkeys(ids, 1) for q, ids in relevant.items() if ids}
    unique = {q: list(dict.fromkeys(ids)) for q, ids in rankings.items()}
    run = {q: {doc: float(len(ids) - i) for i, doc in enumerate(ids)} for q, ids in unique.items() if ids}
    scores: dict[str, dict[str, float]] = {q: dict.fromkeys(RETRIEVAL, 0.0) for q in rankings}
    printed = {str(measure): name for name, measure in names.items()}
    for item in ir_measures.iter_calc(list(names.values()), qrels, run):
        if item.query_id in scores:
            scores[item.query_id][printed[str(item.measure)]] = float(item.value)
    return scores


def interval(values: Sequence[float], seed: int = 0) -> tuple[float, float, float]:
    """Mean and its 95 % percentile bootstrap interval over questions (Efron 1979); (0, 0, 0) of nothing."""
    if not values:
        return 0.0, 0.0, 0.0
    sample = np.asarray(values, dtype=float)
    picks = np.random.default_rng(seed).integers(0, len(sample), (_RESAMPLES, len(sample)))
    low, high = np.percentile(sample[picks].mean(axis=1), [2.5, 97.5])
    return float(sample.mean()), float(low), float(high)


def randomisation(first: Sequence[float], second: Sequence[float], seed: int = 0) -> float:
    """Two-sided p value of the paired randomisation test on the mean difference (Smucker et al. 2007).

    Signs of the paired differences are flipped at random; the observed arrangement counts as one of them.
    """
    difference = np.asarray(second, dtype=float) - np.asarray(first, dtype=float)
    if not difference.any():
        return 1.0
    signs = np.random.default_rng(seed).choice((-1.0, 1.0), (_PERMUTATIONS, len(difference)))
    extreme = np.abs((signs * difference).mean(axis=1)) >= abs(difference.mean()) - 1e-12
    return float((extreme.sum() + 1) / (_PERMUTATIONS + 1))


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Chance that a positive scores above a negative, ties half (Mann-Whitney U / n·m); 0.5 of nothing."""
    if not positive or not negative:
        return 0.5
    above = np.asarray(positive)[:, None] - np.asarray(negative)[None, :]
    return float(((above > 0) + 0.5 * (above == 0)).mean())
