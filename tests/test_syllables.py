"""Words are those of pyvi, to the letter."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyvi import ViTokenizer

from index.syllables import join_syllables
from ingest.files import plan_files
from ingest.parse import parse_file
from ingest.settings import Settings

PLANS = plan_files(Path(__file__).parent.parent / "corpus")


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_a_plan_has_the_words_that_pyvi_finds(path: Path) -> None:
    lines = parse_file(path, Settings()).lines
    joined = [join_syllables(line) for line in lines]
    assert joined == [ViTokenizer.tokenize(line) for line in lines]
    assert sum("_" in line for line in joined) > 50


SYLLABLES = st.sampled_from(
    ["nhà", "ở", "xã", "hội", "Sở", "Y", "TẾ", "2030", "5,5", "(", ".", "Tp.", "a_b", "ủy ban", "\n"]
)


@settings(deadline=None, max_examples=300)
@given(st.one_of(st.text(), st.lists(SYLLABLES).map(" ".join), st.lists(SYLLABLES).map("".join)))
def test_any_text_has_the_words_that_pyvi_finds(text: str) -> None:
    assert join_syllables(text) == ViTokenizer.tokenize(text)
