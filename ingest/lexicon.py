"""Ordinary Vietnamese: the list of words that pyvi segments by.

It is read as a file: importing pyvi's tokenizer takes a second.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

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
def is_listed(phrase: str) -> bool:
    """Whether a syllable, or syllables one space apart, stand in a word of the list, however tones are placed."""
    spelled = phrase.lower()
    return any(f" {form} " in _text() for form in dict.fromkeys((spelled, _old_style(spelled))))


def _old_style(phrase: str) -> str:
    return " ".join(_placed_as_before(word) for word in phrase.split())


def _placed_as_before(word: str) -> str:
    ending = _OLD_STYLE.get(word[-2:])
    return word if ending is None or word.startswith("q") else word[:-2] + ending
