"""What was counted is put together with what is new: the outcome is that of counting everything at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import postings
from index.lexical import LexicalIndex
from index.postings import NONE, Counting, Postings, merged

WORDS = st.lists(st.sampled_from(["=a", "=b", "=c", "=d e", "~ă", "=z"]), max_size=7)


def counted(texts: list[list[str]]) -> Postings:
    counting = Counting()
    numbers = [counting.number(word) for text in texts for word in text]
    owners = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    counting.add(len(texts), owners, np.array(numbers, dtype=np.int64))
    return counting.counted()


def told(found: Postings) -> list[object]:
    arrays = (found.starts, found.positions, found.times, found.lengths)
    return [list(found.words), *((array.dtype.str, array.tolist()) for array in arrays)]


@settings(deadline=None)
@given(st.lists(st.tuples(WORDS, st.sampled_from(["stays", "goes", "comes"])), max_size=12), st.integers(1, 5))
def test_merged_is_counted_anew(texts: list[tuple[list[str], str]], together: int) -> None:
    base = [(words, fate) for words, fate in texts if fate != "comes"]
    left = [(words, fate) for words, fate in texts if fate != "goes"]
    at = iter([place for place, (_, fate) in enumerate(left) if fate == "stays"])
    moved = np.array([next(at) if fate == "stays" else -1 for _, fate in base], dtype=np.int64)
    places = np.array([place for place, (_, fate) in enumerate(left) if fate == "comes"], dtype=np.int64)
    fresh = counted([words for words, fate in texts if fate == "comes"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(postings, "_TOGETHER", together)
        patch.setattr(postings.portions, "__defaults__", (together,))
        found = merged(counted([words for words, _ in base]), moved, fresh, places)
    assert told(found) == told(counted([words for words, _ in left]))


def test_a_word_that_stands_very_often_is_counted_in_full() -> None:
    often = counted([["=a"] * 70_000, ["=b"]])
    assert often.times.tolist() == [70_000, 1]
    alone = merged(often, np.array([-1, 0]), NONE, np.empty(0, np.int64))
    assert told(alone) == told(counted([["=b"]]))


def test_texts_are_added_to_an_index_that_was_read(tmp_path: Path) -> None:
    LexicalIndex.build([["=a", "=b"], ["=c"]]).save(tmp_path)
    grown = LexicalIndex.load(tmp_path).grown(np.array([0, 2]), counted([["=b", "=b"]]), np.array([1]))
    whole = LexicalIndex.build([["=a", "=b"], ["=b", "=b"], ["=c"]])
    every = np.arange(3)
    for word in ("=a", "=b", "=c"):
        assert grown.matches([word]).scores(every).tolist() == whole.matches([word]).scores(every).tolist()
