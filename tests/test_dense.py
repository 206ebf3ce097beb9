"""The dense half of many vectors: an inverted file names candidates, the vectors themselves tell their cosines."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index import dense
from index.dense import VECTORS, DenseIndex

COUNT, DIMENSION = 6_000, 32


@pytest.fixture(scope="module")
def vectors() -> np.ndarray:
    """Vectors in 60 bundles, as texts have them."""
    dice = np.random.default_rng(1)
    middles = dice.standard_normal((60, DIMENSION))
    made = middles[dice.integers(0, 60, COUNT)] + 0.6 * dice.standard_normal((COUNT, DIMENSION))
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def index(vectors: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DenseIndex:
    monkeypatch.setattr(dense, "_MANY", 1_000)
    monkeypatch.setattr(dense, "_NARROW", 500)
    monkeypatch.setattr(dense, "_PROBED", 8)
    DenseIndex.build(vectors).save(tmp_path)
    return DenseIndex.load(tmp_path)


def exact(vectors: np.ndarray, query: np.ndarray, positions: np.ndarray, k: int) -> list[int]:
    products = vectors[positions] @ query
    return [int(at) for at in positions[np.argsort(-products, kind="stable")[:k]]]


def recall(index: DenseIndex, vectors: np.ndarray, positions: np.ndarray | None) -> float:
    """Of the ten nearest, the share among 100 candidates, over 50 questions."""
    everything = np.arange(COUNT) if positions is None else positions
    found = []
    for query in vectors[::120]:
        pool = index.search(query, positions, 100)
        assert len(pool) == 100
        assert set(pool.tolist()) <= set(everything.tolist())
        found.append(len(set(exact(vectors, query, everything, 10)) & set(pool.tolist())) / 10)
    return float(np.mean(found))


def test_many_vectors_lose_few_neighbours(index: DenseIndex, vectors: np.ndarray) -> None:
    assert recall(index, vectors, None) >= 0.98


def test_under_a_narrow_filter_the_search_is_exact(index: DenseIndex, vectors: np.ndarray) -> None:
    narrow = np.concatenate([np.arange(40, 200), np.arange(3_000, 3_200)])
    query = vectors[7]
    assert index.search(query, narrow, 20).tolist() == exact(vectors, query, narrow, 20)


def test_a_broad_filter_finds_only_what_it_leaves(index: DenseIndex, vectors: np.ndarray) -> None:
    assert recall(index, vectors, np.arange(0, COUNT, 4)) >= 0.98
    assert index.search(vectors[0], np.arange(50), 60).tolist() == list(range(50))
    assert index.search(vectors[0], np.arange(0), 60).tolist() == []


def test_cosines_are_those_of_the_vectors(index: DenseIndex, vectors: np.ndarray) -> None:
    at = np.array([5, 17, 4_999])
    np.testing.assert_allclose(index.scores(vectors[17], at), vectors[at] @ vectors[17], atol=1e-6)
    assert index.scores(vectors[17], at)[1] == 1.0
    assert (index.count, index.dimension) == (COUNT, DIMENSION)


def test_vectors_of_another_index_are_refused(index: DenseIndex, vectors: np.ndarray, tmp_path: Path) -> None:
    np.save(tmp_path / VECTORS, vectors[1:])
    with pytest.raises(ValueError, match="vectors"):
        DenseIndex.load(tmp_path)


def moved_by(inserted: np.ndarray, count: int) -> np.ndarray:
    """Where those of `count` vectors stand that were there before others came to these places."""
    return np.setdiff1d(np.arange(count), inserted)


@pytest.mark.parametrize("there", [900, 5_000], ids=["from few to many", "to lists that stay"])
def test_vectors_are_put_between_others(index: DenseIndex, vectors: np.ndarray, there: int, tmp_path: Path) -> None:
    # Keys are those of a database: with gaps, not in the order of positions.
    keys = np.random.default_rng(2).permutation(3 * COUNT)[:COUNT].astype(np.int64)
    came = np.sort(np.random.default_rng(3).choice(COUNT, COUNT - there, replace=False))
    before = moved_by(came, COUNT)
    built = DenseIndex.build(vectors[before], keys[before]).grown(before, vectors[came], came, keys)
    (tmp_path / "more").mkdir()
    built.save(tmp_path / "more")
    grown = DenseIndex.load(tmp_path / "more", keys)
    assert recall(grown, vectors, None) >= 0.98
    assert recall(grown, vectors, np.arange(0, COUNT, 4)) >= 0.98
    every = np.arange(COUNT)
    assert (grown.scores(vectors[17], every) == index.scores(vectors[17], every)).all()


def test_vectors_that_went_are_not_found(index: DenseIndex, vectors: np.ndarray) -> None:
    stay = np.arange(0, COUNT, 2)
    moved = np.where(np.arange(COUNT) % 2, -1, np.arange(COUNT) // 2)
    none = np.empty(0, dtype=np.int64)
    fewer = index.grown(moved, vectors[:0], none, stay)
    assert fewer.count == len(stay)
    # Fewer vectors need fewer lists: these were made anew.
    assert recall(index.grown(np.arange(COUNT), vectors[:0], none, np.arange(COUNT)), vectors, None) >= 0.98
    found = fewer.search(vectors[4], None, 50)
    assert set(exact(vectors[stay], vectors[4], np.arange(len(stay)), 10)) <= set(found.tolist())


def test_an_index_of_few_vectors_stays_exact(vectors: np.ndarray) -> None:
    small = DenseIndex.build(vectors[:50]).grown(np.arange(50), vectors[50:60], np.arange(50, 60), np.arange(60))
    assert small.search(vectors[55], None, 5).tolist() == exact(vectors, vectors[55], np.arange(60), 5)
