"""Ordinary Vietnamese beyond the plans: a word of it is not a typing error because the plans do not use it."""

from __future__ import annotations

import tomllib
from functools import cache, lru_cache
from importlib import resources

from index.text import normalise
from ingest.lexicon import is_listed


@lru_cache(maxsize=20_000)
def is_ordinary(phrase: str) -> bool:
    """Whether a syllable, or syllables one space apart, stand in a word of pyvi's list, however tones are placed."""
    return is_listed(normalise(phrase)) or is_listed(phrase)


@cache
def ordinary_words() -> frozenset[str]:
    """Words that are right beside almost any other: they join, ask and tell of everyday things."""
    table = tomllib.loads(resources.files("answer").joinpath("data/ordinary.toml").read_text("utf-8"))["ordinary"]
    return frozenset(normalise(word) for words in table.values() for word in str(words).split())
