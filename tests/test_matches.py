"""The best texts for a question by BM25: what is left out of the sums must change nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import matches as module
from index.columns import Column, Listed, Row, Some, add_up, rows_first
from index.matches import Pruned, Summed, matches
from index.positions import Positions, Runs

SCORES = np.array([1.0, 2.0, 1.0, 0.0, 2.0], dtype=np.float32)


def positions(*values: int) -> Positions:
    return np.array(values, dtype=np.int64)


def column(times: np.ndarray, norms: np.ndarray, rarity: float = 1.0, *, row: bool = False) -> Column:
    """A feature that stands so often in each text, by the texts that have it or as a row over all."""
    counted, wide = times.astype(np.uint8), norms.astype(np.float32)
    peak = float(np.max(rarity * times / (times + norms), initial=0.0)) * (1 + 1e-6)
    there = np.flatnonzero(times).astype(np.int32)
    return Row(counted, wide, rarity, peak) if row else Listed(there, counted[there], wide, rarity, peak)


NORMS = np.array([1.5, 1.0, 1.5, 1.0, 1.0], dtype=np.float32)
# Weights of 1, 2, 1, 0, 2: once, or four times, of 2.5 in texts of length 1.5, 1.
TWICE = [column(np.array([1, 4, 1, 0, 4]), NORMS, 2.5, row=row) for row in (False, True)]
PRUNED = [Pruned([one], NORMS) for one in TWICE]


@pytest.mark.parametrize("found", [Summed(SCORES), *PRUNED])
def test_best_breaks_ties_by_position_and_leaves_out_what_does_not_match(found: Summed | Pruned) -> None:
    assert found.best(None, 3).tolist() == [1, 4, 0]
    assert found.best(positions(0, 2, 3, 4), 9).tolist() == [4, 0, 2]
    assert found.best(positions(0, 2, 3, 4), 2).tolist() == [4, 0]
    assert found.best(positions(), 9).tolist() == []
    assert found.best(None, 0).tolist() == []
    assert found.scores(positions(1, 3)).tolist() == [2.0, 0.0]


def test_what_some_filters_leave_is_added_up_once_for_all() -> None:
    for whole in (Summed(SCORES), *PRUNED):
        of_some = whole.within([positions(0, 4), positions(2, 4)])
        assert of_some.within([positions(0, 2)]).best(positions(0, 2, 4), 2).tolist() == [4, 0]
        assert of_some.best(positions(0, 2), 9).tolist() == [0, 2]
        assert of_some.scores(positions(2, 4)).tolist() == [1.0, 2.0]
        assert whole.within([positions()]).best(positions(), 3).tolist() == []


def test_no_feature_known_finds_nothing() -> None:
    for found in (Summed(np.zeros(4, dtype=np.float32)), Pruned([], np.ones(4, dtype=np.float32))):
        assert found.best(None, 3).tolist() == []
        assert found.scores(positions(0, 2)).tolist() == [0.0, 0.0]


def test_scores_that_round_alike_are_ties_at_the_border_too() -> None:
    close = np.array([1.0, 1.0 + 1.2e-7, 1.0 + 2.4e-7], dtype=np.float32)
    assert Summed(close).best(None, 1).tolist() == [0]
    norms = np.array([1.0, 1.0 - 2e-7, 1.0 - 4e-7], dtype=np.float32)
    for row in (False, True):
        assert Pruned([column(np.ones(3), norms, 2.0, row=row)], norms).best(None, 1).tolist() == [0]


def test_few_entries_are_added_up_and_many_pruned(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(matches(TWICE[:1], NORMS), Summed)
    monkeypatch.setattr(module, "_MANY", 3)
    assert isinstance(matches(TWICE[:1], NORMS), Pruned)


def asked(seed: int, texts: int, features: int) -> tuple[list[Column], np.ndarray, np.ndarray]:
    """Columns as a plan's words make them: rare words weigh much, common ones little; some are asked twice. With the
    norms of the texts, few of them different where that makes ties, and the sums in float64."""
    dice = np.random.default_rng(seed)
    norms = np.round(dice.uniform(0.3, 3.0, texts), 1 if dice.random() < 0.5 else 6).astype(np.float32)
    columns, sums = [], []
    for _ in range(features):
        share = dice.uniform(0.001, 1.0) ** 3
        times = np.where(dice.random(texts) < share, dice.integers(1, 4, texts), 0)
        times[dice.integers(texts)] = 1  # no feature stands nowhere
        rarity = float(np.log1p((1 - share) / share))
        columns.append(column(times, norms, rarity, row=dice.random() < share))
        sums.append(rarity * times / (times + norms.astype(np.float64)))
    return columns + columns[:2], norms, np.sum(sums + sums[:2], axis=0)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    texts=st.integers(1, 3_000),
    features=st.integers(1, 12),
    k=st.integers(1, 400),
    share=st.floats(0.0, 1.0),
)
def test_what_is_pruned_is_what_a_whole_sum_gives(seed: int, texts: int, features: int, k: int, share: float) -> None:
    columns, norms, sums = asked(seed, texts, features)
    whole = np.zeros(texts, dtype=np.float32)
    for one in columns:
        one.add(whole)
    np.testing.assert_allclose(whole, sums, rtol=1e-5)
    together, ordered = (np.zeros(texts, dtype=np.float32) for _ in range(2))
    add_up(columns, together)
    for one in rows_first(columns):
        one.add(ordered)
    assert (together == ordered).all()
    exact, pruned = Summed(whole), Pruned(columns, norms)
    allowed = np.flatnonzero(np.random.default_rng(seed).random(texts) < share)
    allowed = np.union1d(allowed, np.arange(texts // 3, texts // 2))  # scattered ones, and a stretch
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_FEW", 8)  # so that a small stock is pruned at all
        assert pruned.best(None, k).tolist() == exact.best(None, k).tolist()
        assert pruned.best(allowed, k).tolist() == exact.best(allowed, k).tolist()
    order = np.lexsort((np.arange(texts), -exact.scores(np.arange(texts))))
    assert exact.best(None, k).tolist() == [at for at in order[:k].tolist() if whole[at] > 0]
    assert pruned.scores(allowed).tolist() == exact.scores(allowed).tolist()
    within = pruned.within([allowed])
    assert within.best(allowed[::2], k).tolist() == exact.best(allowed[::2], k).tolist()


def test_a_row_is_added_block_by_block_as_a_list_is() -> None:
    texts = 150_000
    dice = np.random.default_rng(7)
    norms, times = dice.uniform(0.3, 3.0, texts).astype(np.float32), dice.integers(0, 3, texts)
    listed, row = (column(times, norms, 1.7, row=row) for row in (False, True))
    some = Some.of(np.sort(dice.choice(texts, 20_000, replace=False)), norms)
    sums = np.zeros((2, texts), dtype=np.float32), np.zeros((2, 20_000), dtype=np.float32)
    for at, one in enumerate((listed, row)):
        one.add(sums[0][at])
        one.add_within(sums[1][at], some)
    assert (sums[0][0] == sums[0][1]).all()
    assert (sums[1][0] == sums[1][1]).all()
    assert (sums[1][0] == sums[0][0][some.positions]).all()


@pytest.mark.parametrize("row", [False, True])
def test_pruning_looks_at_few_of_the_common_words(monkeypatch: pytest.MonkeyPatch, row: bool) -> None:
    """A word that stands everywhere is looked up for the texts that matter, its column is not added up."""
    texts = 200_000
    dice = np.random.default_rng(1)
    rare = np.zeros(texts, dtype=int)
    rare[dice.choice(texts, 5_000, replace=False)] = dice.integers(1, 9, 5_000)
    norms = dice.uniform(0.3, 3.0, texts).astype(np.float32)
    looked: list[int] = []
    for kind in (Listed, Row):
        plain = kind.add_near
        told = lambda self, sums, near, plain=plain: looked.append(len(near)) or plain(self, sums, near)  # noqa: E731
        monkeypatch.setattr(kind, "add_near", told)
    columns = [column(np.ones(texts), norms, 0.01, row=row), column(rare, norms, 9.0)]
    Pruned(columns, norms).best(None, 100)
    assert looked
    assert max(looked) < 300


def test_runs_are_the_stretches_of_positions() -> None:
    runs = Runs.of(positions(2, 3, 4, 9, 11, 12))
    assert (runs.firsts.tolist(), runs.behinds.tolist()) == ([2, 9, 11], [5, 10, 13])
    assert runs.offsets.tolist() == [0, 3, 4]
    assert runs.positions().tolist() == [2, 3, 4, 9, 11, 12]
    assert Runs.of(positions()).positions().tolist() == []
