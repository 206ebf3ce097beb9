"""Metrics against numbers that can be worked out on paper, and against another library's."""

from __future__ import annotations

from collections.abc import Sequence
from math import log2
from typing import TYPE_CHECKING

import numpy as np
import pytest

from eval.metrics import RETRIEVAL, auroc, interval, randomisation, retrieval
from index.dense import DenseIndex

if TYPE_CHECKING:
    import torch

# Five documents a…e, three questions.
#   one:   relevant a;       ranking a b c d e   → first at once
#   two:   relevant b, d;    ranking c b a d e   → at 2 and 4
#   three: relevant a, d, e; ranking e           → one of three, the rest not returned
RELEVANT = {"one": {"a"}, "two": {"b", "d"}, "three": {"a", "d", "e"}}
RANKINGS = {"one": list("abcde"), "two": list("cbade"), "three": ["e"]}

# A gain at rank r is divided by log2(r + 1): 1 at 1, 0.6309 at 2, 0.5 at 3, 0.4307 at 4.
#   two:   (0.6309 + 0.4307) / (1 + 0.6309)    = 0.6509
#   three:  1 / (1 + 0.6309 + 0.5)             = 0.4693
BY_HAND = {
    "one": {"hit@1": 1, "hit@5": 1, "recall@5": 1, "recall@10": 1, "mrr@10": 1, "ndcg@10": 1},
    "two": {"hit@1": 0, "hit@5": 1, "recall@5": 1, "recall@10": 1, "mrr@10": 0.5, "ndcg@10": 0.6509},
    "three": {"hit@1": 1, "hit@5": 1, "recall@5": 1 / 3, "recall@10": 1 / 3, "mrr@10": 1, "ndcg@10": 0.4693},
}


@pytest.mark.parametrize("question", RANKINGS)
def test_metrics_are_those_worked_out_by_hand(question: str) -> None:
    found = retrieval(RANKINGS, RELEVANT)[question]
    assert found == pytest.approx(BY_HAND[question], abs=5e-5)
    assert tuple(found) == RETRIEVAL


def test_cut_offs_are_where_their_names_say() -> None:
    ids = [f"d{at:02}" for at in range(1, 13)]
    found = retrieval(dict.fromkeys(("seventh", "eleventh"), ids), {"seventh": {"d07"}, "eleventh": {"d11"}})
    assert found["seventh"] == pytest.approx(
        {"hit@1": 0, "hit@5": 0, "recall@5": 0, "recall@10": 1, "mrr@10": 1 / 7, "ndcg@10": 1 / log2(8)}
    )
    assert set(found["eleventh"].values()) == {0.0}


@pytest.mark.parametrize("ids", [["a", "b"], ["b", "a"]])
def test_the_order_given_decides_not_the_order_of_ids(ids: list[str]) -> None:
    assert retrieval({"q": ids}, {"q": {ids[0]}})["q"]["mrr@10"] == 1.0
    assert retrieval({"q": ids}, {"q": {ids[1]}})["q"]["mrr@10"] == 0.5


def test_an_id_that_comes_again_counts_where_it_came_first() -> None:
    found = retrieval({"q": ["a", "a", "b", "a"]}, {"q": {"a", "b"}})["q"]
    assert (found["hit@1"], found["ndcg@10"]) == (1.0, 1.0)


def test_nothing_found_scores_nothing() -> None:
    found = retrieval(
        {"empty": [], "unjudged": ["a"], "good": ["a"]}, {"empty": {"a"}, "unjudged": set(), "good": {"a"}}
    )
    assert set(found["empty"].values()) == set(found["unjudged"].values()) == {0.0}
    assert set(found["good"].values()) == {1.0}


class _Stub:
    """What the evaluator asks of a model, answered from a table."""

    def __init__(self, vectors: dict[str, Sequence[float]]) -> None:
        self._vectors = vectors

    def encode_query(self, sentences: Sequence[str], **_: object) -> torch.Tensor:
        import torch

        return torch.tensor([list(self._vectors[s]) for s in sentences])

    encode_document = encode_query


def test_agrees_with_the_evaluator_of_sentence_transformers() -> None:
    """Random unit vectors, eight questions, twenty-four documents: same rankings, same figures."""
    from sentence_transformers.sentence_transformer.evaluation import InformationRetrievalEvaluator
    from sentence_transformers.util import cos_sim

    random = np.random.default_rng(5)
    raw = random.normal(size=(32, 6))
    vectors = (raw / np.linalg.norm(raw, axis=1, keepdims=True)).astype(np.float32)
    queries = {f"q{at}": f"question {at}" for at in range(8)}
    corpus = {f"d{at:02}": f"document {at}" for at in range(24)}
    relevant = {q: {str(d) for d in random.choice(list(corpus), size=1 + at % 3)} for at, q in enumerate(queries)}
    table = dict(zip([*queries.values(), *corpus.values()], vectors.tolist(), strict=True))
    evaluator = InformationRetrievalEvaluator(queries, corpus, relevant, score_functions={"cosine": cos_sim})
    theirs = evaluator.compute_all_metrics(_Stub(table))["cosine"]

    index = DenseIndex.build(vectors[8:])
    ids = list(corpus)
    rankings = {q: [ids[p] for p in index.search(vectors[at], None, 10)] for at, q in enumerate(queries)}
    ours = retrieval(rankings, relevant)
    mean = {m: float(np.mean([scores[m] for scores in ours.values()])) for m in RETRIEVAL}
    assert mean == pytest.approx(
        {
            "hit@1": theirs["accuracy@k"][1],
            "hit@5": theirs["accuracy@k"][5],
            "recall@5": theirs["recall@k"][5],
            "recall@10": theirs["recall@k"][10],
            "mrr@10": theirs["mrr@k"][10],
            "ndcg@10": theirs["ndcg@k"][10],
        }
    )
    assert 0 < mean["mrr@10"] < 1


def test_bootstrap_interval_is_the_same_every_time_and_as_wide_as_theory_says() -> None:
    values = [0.0, 1.0] * 50
    mean, low, high = interval(values)
    assert interval(values) == (mean, low, high)
    # Standard error of a proportion of one half over 100: 0.05; 95 % lie within 1.96 of them.
    assert (mean, low, high) == pytest.approx((0.5, 0.5 - 0.098, 0.5 + 0.098), abs=0.012)
    assert interval([0.7] * 9) == pytest.approx((0.7, 0.7, 0.7))
    assert interval([]) == (0.0, 0.0, 0.0)


def test_randomisation_on_cases_that_can_be_counted() -> None:
    same = [0.0, 0.5, 1.0]
    assert randomisation(same, same) == 1.0
    # Three wins of one: of the eight ways to set the signs two are as extreme.
    assert randomisation([0, 0, 0], [1, 1, 1]) == pytest.approx(2 / 8, abs=0.02)
    # One win, one loss of the same size: every arrangement is at least as extreme as a difference of nothing.
    assert randomisation([0, 1], [1, 0]) == 1.0
    # Twenty wins: two of 2^20 arrangements, which 10,000 draws do not find; the observed one is counted.
    assert randomisation([0] * 20, [1] * 20) == pytest.approx(1 / 10_001)


def test_randomisation_has_no_direction() -> None:
    first, second = [0.1, 0.4, 0.3, 0.9, 0.5], [0.2, 0.4, 0.8, 0.7, 0.9]
    assert randomisation(first, second) == randomisation(second, first)


def test_auroc_by_hand() -> None:
    # 0.9 beats both; 0.4 ties with one and beats the other: (1 + 1 + 0.5 + 1) / 4.
    assert auroc([0.9, 0.4], [0.4, 0.1]) == 0.875
    assert auroc([1.0], [0.0]) == 1.0
    assert auroc([0.0], [1.0]) == 0.0
    assert auroc([], [0.3]) == auroc([0.3], []) == 0.5
