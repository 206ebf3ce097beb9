"""The best texts for a question by BM25: what is left out of the sums must change nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import matches as module
from index.matches import Column, Pruned, Summed, matches
from index.positions import Positions, Runs

SCORES = np.array([1.0, 2.0, 1.0, 0.0, 2.0], dtype=np.float32)


def positions(*values: int) -> Positions:
    return np.array(values, dtype=np.int64)


def column(weights: np.ndarray) -> Column:
    """What a feature weighs in all texts; 0: it does not stand there."""
    there = np.flatnonzero(weights)
    found = weights[there].astype(np.float32)
    return Column(found, there.astype(np.int32), float(found.max(initial=0.0)))


@pytest.mark.parametrize("found", [Summed(SCORES), Pruned([column(SCORES)], len(SCORES))])
def test_best_breaks_ties_by_position_and_leaves_out_what_does_not_match(found: Summed | Pruned) -> None:
    assert found.best(None, 3).tolist() == [1, 4, 0]
    assert found.best(positions(0, 2, 3, 4), 9).tolist() == [4, 0, 2]
    assert found.best(positions(0, 2, 3, 4), 2).tolist() == [4, 0]
    assert found.best(positions(), 9).tolist() == []
    assert found.best(None, 0).tolist() == []
    assert found.scores(positions(1, 3)).tolist() == [2.0, 0.0]


def test_what_some_filters_leave_is_added_up_once_for_all() -> None:
    pruned = Pruned([column(SCORES)], len(SCORES))
    for of_some in (pruned.within(positions(0, 2, 4)), Summed(SCORES).within(positions(0, 2, 4))):
        assert of_some.within(positions(0, 2)).best(positions(0, 2, 4), 2).tolist() == [4, 0]
        assert of_some.best(positions(0, 2), 9).tolist() == [0, 2]
        assert of_some.scores(positions(2, 4)).tolist() == [1.0, 2.0]
    assert pruned.within(positions()).best(None, 3).tolist() == []


def test_no_feature_known_finds_nothing() -> None:
    for found in (Summed(np.zeros(4, dtype=np.float32)), Pruned([], 4)):
        assert found.best(None, 3).tolist() == []
        assert found.scores(positions(0, 2)).tolist() == [0.0, 0.0]


def test_scores_that_round_alike_are_ties_at_the_border_too() -> None:
    close = np.array([1.0, 1.0 + 1.2e-7, 1.0 + 2.4e-7], dtype=np.float32)
    assert Summed(close).best(None, 1).tolist() == Pruned([column(close)], 3).best(None, 1).tolist() == [0]


def test_few_entries_are_added_up_and_many_pruned(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(matches([column(SCORES)], 5), Summed)
    monkeypatch.setattr(module, "_MANY", 3)
    assert isinstance(matches([column(SCORES)], 5), Pruned)


def questions(seed: int, texts: int, features: int) -> list[Column]:
    """Columns as a plan's words make them: rare words weigh much, common ones little; some are asked twice."""
    dice = np.random.default_rng(seed)
    found = []
    for _ in range(features):
        share = dice.uniform(0.001, 1.0) ** 3
        weights = np.where(dice.random(texts) < share, -np.log(share) * dice.uniform(0.2, 1.0, texts), 0.0)
        found.append(column(np.round(weights, 1 if dice.random() < 0.5 else 6)))  # coarse ones make ties
    return found + found[:2]


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    texts=st.integers(1, 3_000),
    features=st.integers(1, 12),
    k=st.integers(1, 400),
    share=st.floats(0.0, 1.0),
)
def test_what_is_pruned_is_what_a_whole_sum_gives(seed: int, texts: int, features: int, k: int, share: float) -> None:
    columns = questions(seed, texts, features)
    whole = np.zeros(texts, dtype=np.float32)
    for one in columns:
        whole[one.positions] += one.weights
    exact, pruned = Summed(whole), Pruned(columns, texts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_FEW", 8)  # so that a small stock is pruned at all
        patch.setattr(module, "_LIKELY", 1.0)  # nothing is left to chance
        allowed = np.flatnonzero(np.random.default_rng(seed).random(texts) < share)
        assert pruned.best(None, k).tolist() == exact.best(None, k).tolist()
        assert pruned.best(allowed, k).tolist() == exact.best(allowed, k).tolist()
    order = np.lexsort((np.arange(texts), -exact.scores(np.arange(texts))))
    assert exact.best(None, k).tolist() == [at for at in order[:k].tolist() if whole[at] > 0]
    assert pruned.scores(allowed).tolist() == exact.scores(allowed).tolist()


def test_what_is_left_out_as_unlikely_is_hardly_ever_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_FEW", 8)
    missed = 0
    for seed in range(20):
        columns = questions(seed, 5_000, 40)
        found = Pruned(columns, 5_000).best(None, 100).tolist()
        monkeypatch.setattr(module, "_LIKELY", 1.0)
        missed += len(set(Pruned(columns, 5_000).best(None, 100).tolist()[:10]) - set(found))
        monkeypatch.setattr(module, "_LIKELY", 0.5)
    assert missed <= 2  # of 200


def test_pruning_looks_at_few_of_the_common_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """A word that stands everywhere is looked up for the texts that matter, its column is not added up."""
    texts = 200_000
    dice = np.random.default_rng(1)
    rare, common = np.zeros(texts), np.full(texts, 0.01)
    rare[dice.choice(texts, 5_000, replace=False)] = dice.uniform(5, 9, 5_000)
    looked: list[int] = []
    plain = Column.at
    monkeypatch.setattr(Column, "at", lambda self, wanted: looked.append(len(wanted)) or plain(self, wanted))
    Pruned([column(common), column(rare)], texts).best(None, 100)
    assert looked
    assert max(looked) < 300


def test_runs_are_the_stretches_of_positions() -> None:
    runs = Runs.of(positions(2, 3, 4, 9, 11, 12))
    assert (runs.firsts.tolist(), runs.behinds.tolist()) == ([2, 9, 11], [5, 10, 13])
    assert runs.offsets.tolist() == [0, 3, 4]
    assert runs.positions().tolist() == [2, 3, 4, 9, 11, 12]
    assert Runs.of(positions()).positions().tolist() == []
