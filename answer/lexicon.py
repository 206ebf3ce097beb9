"""Ordinary Vietnamese beyond the plans: a word of it is not a typing error because the plans do not use it.

The list is the one that pyvi segments by. It is read as a file: importing pyvi's tokenizer takes a second.
"""

from __future__ import annotations

import tomllib
from functools import cache, lru_cache
from importlib import resources
from importlib.util import find_spec
from pathlib import Path

from index.text import normalise

# Tone marks as older spelling places them, which is the list's own: «hoá», «thuỷ».
_OLD_STYLE = {
    new: old
    for news, olds in (("óa òa ỏa õa ọa", "oá oà oả oã oạ"), ("óe òe ỏe õe ọe", "oé oè oẻ oẽ oẹ"),
                       ("úy ùy ủy ũy ụy", "uý uỳ uỷ uỹ uỵ"))
    for new, old in zip(news.split(), olds.split(), strict=True)
}  # fmt: skip


@cache
def _text() -> str:
    """The list with a space around every word: a look-up is one search, where a set would take 0.1 s to build."""
    package = find_spec("pyvi")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("pyvi", name="pyvi")
    words = Path(package.origin).with_name("models").joinpath("words.txt").read_text("utf-8")
    return f" {words.lower()} ".replace("\n", " \n ")


@lru_cache(maxsize=20_000)
def is_ordinary(phrase: str) -> bool:
    """Whether a syllable, or syllables one space apart, stand in a word of the list, however tones are placed."""
    spelled = normalise(phrase)
    return any(f" {form} " in _text() for form in dict.fromkeys((spelled, phrase.lower(), _old_style(spelled))))


@cache
def ordinary_words() -> frozenset[str]:
    """Words that are right beside almost any other: they join, ask and tell of everyday things."""
    table = tomllib.loads(resources.files("answer").joinpath("data/ordinary.toml").read_text("utf-8"))["ordinary"]
    return frozenset(normalise(word) for words in table.values() for word in str(words).split())


def _old_style(phrase: str) -> str:
    return " ".join(_placed_as_before(word) for word in phrase.split())


def _placed_as_before(word: str) -> str:
    ending = _OLD_STYLE.get(word[-2:])
    return word if ending is None or word.startswith("q") else word[:-2] + ending
