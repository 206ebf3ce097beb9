"""The assignment of the greatest sum, against trying all of them."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from answer.indicators.assign import assign

LEAST = 0.55


@st.composite
def matrices(draw: st.DrawFn) -> np.ndarray:
    height, width = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    cells = st.integers(0, 100).map(lambda n: n / 100)
    rows = draw(st.lists(st.lists(cells, min_size=width, max_size=width), min_size=height, max_size=height))
    return np.array(rows, dtype=np.float32)


def best_sum(scores: np.ndarray) -> float:
    kept = np.where(scores >= LEAST, scores, 0)
    if kept.shape[0] > kept.shape[1]:
        kept = kept.T
    columns = range(kept.shape[1])
    return max(sum(kept[row, column] for row, column in enumerate(p)) for p in permutations(columns, kept.shape[0]))


@given(matrices())
def test_the_sum_is_the_greatest_and_nobody_is_taken_twice(scores: np.ndarray) -> None:
    rows, columns = assign(scores, LEAST)
    assert len(set(rows)) == len(rows)
    assert len(set(columns)) == len(columns)
    assert rows == sorted(rows)
    assert all(scores[row, column] >= LEAST for row, column in zip(rows, columns, strict=True))
    assert sum(scores[rows, columns]) == pytest.approx(best_sum(scores), abs=1e-5)


def test_two_that_want_the_same_share() -> None:
    scores = np.array([[0.9, 0.8, 0], [0.85, 0, 0.6]], dtype=np.float32)
    assert assign(scores, LEAST) == ([0, 1], [1, 0])
    assert assign(np.zeros((2, 3), dtype=np.float32), LEAST) == ([], [])


def test_a_large_island_takes_no_time() -> None:
    scores = np.random.default_rng(7).uniform(LEAST, 1, (100, 110)).astype(np.float32)
    rows, columns = assign(scores, LEAST)
    assert (len(rows), len(set(columns))) == (100, 100)
