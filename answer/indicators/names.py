"""What a name of an indicator says, made comparable: its words in one spelling, and the marks that tell it from others.

Marks are words of which a name cannot hold two meanings at once («thành thị» or «nông thôn»), ages («dưới 5 tuổi») and
other numbers («14 loại vắc xin»). Two names with contradicting marks are never one indicator.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from answer.abbreviations import expand
from answer.words import FUNCTION_WORDS
from index.text import fold_token, normalise

_AGE = re.compile(
    r"(?:(?P<side>dưới|trên|đủ|từ)\s+)?(?P<first>[0-9]+)(?:\s*(?:-|đến(?: dưới)?)\s*(?P<second>[0-9]+))?\s*"
    r"(?P<month>tháng\s+)?tuổi(?P<up>\s+trở lên)?"
)
_COUNT = re.compile(r"(?<![\w.,])[0-9]+(?:[.,][0-9]+)*(?![\w.,]*[0-9])")
_YEAR = re.compile(r"(?:so với )?năm (?:19|20)[0-9]{2}|(?:19|20)[0-9]{2}(?:\s*-\s*(?:19|20)[0-9]{2})?")
_PER = re.compile(r"(?:/|\btrên)\s*[0-9.]+\s*(?:người dân|dân|người)\b")
_WORD = re.compile(r"[^\W_]+")
_REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class Name:
    """A name made comparable: folded words, and a set of marks for each contrast, ages and numbers last."""

    words: frozenset[str]
    light: frozenset[str]
    marks: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Contrast:
    """Terms that exclude each other; one of the `neutral` is as good as none."""

    terms: tuple[tuple[str, re.Pattern[str]], ...]
    neutral: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Rules:
    same: tuple[tuple[re.Pattern[str], str], ...]
    masked: re.Pattern[str]
    light: frozenset[str]
    contrasts: tuple[Contrast, ...]


def contrasts() -> tuple[Contrast, ...]:
    """The contrasts, in the order of `Name.marks`."""
    return _rules().contrasts


@lru_cache(maxsize=_REMEMBERED)
def name_of(text: str) -> Name:
    """Read a name as printed."""
    rules = _rules()
    said = normalise(expand(text)[0])
    for pattern, canonical in rules.same:
        said = pattern.sub(canonical, said)
    bare = _YEAR.sub(" ", _PER.sub(" ", said))
    words = {fold_token(word.lstrip("0") or word if word.isdigit() else word) for word in _WORD.findall(bare)}
    light = frozenset(word for word in words if word in rules.light or word in FUNCTION_WORDS)
    plain = rules.masked.sub(lambda match: "_" * len(match[0]), bare)
    marks = [frozenset(t for t, pattern in c.terms if pattern.search(plain if " " not in t else bare))
             for c in rules.contrasts]  # fmt: skip
    return Name(frozenset(words), light, (*marks, _ages(bare), _numbers(bare)))


def _ages(text: str) -> frozenset[str]:
    """«dưới 36 tháng tuổi» → «<36m», «từ 3 đến 5 tuổi» → «3-5»."""
    found = set()
    for match in _AGE.finditer(text):
        numbers = [str(int(n)) for n in (match["first"], match["second"]) if n and len(n) < 5]
        side = "" if match["second"] else {"dưới": "<", "trên": ">"}.get(match["side"] or "", "")
        found.add(f"{side or ('>' if match['up'] else '')}{'-'.join(numbers)}{'m' if match['month'] else ''}")
    return frozenset(found)


def _numbers(text: str) -> frozenset[str]:
    return frozenset(match[0] for match in _COUNT.finditer(_AGE.sub(" ", text)))


def _phrase(phrase: str) -> str:
    return rf"(?<!\w){re.escape(phrase)}(?!\w)"


def _any(phrases: Iterable[str]) -> re.Pattern[str]:
    ordered = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return re.compile("|".join(map(_phrase, ordered)))


@cache
def _rules() -> _Rules:
    told = tomllib.loads(resources.files("answer").joinpath("data/indicators.toml").read_text("utf-8"))
    same = tuple((_any(variants), canonical) for canonical, variants in told["same"].items())
    found = []
    for contrast in told["contrasts"]:
        terms = tuple((term, re.compile(_phrase(term))) for term in contrast["terms"])
        found.append(Contrast(terms, frozenset(contrast.get("neutral", []))))
    light = frozenset(fold_token(word) for word in told["light"])
    return _Rules(same, _any(told["masked"]), light, tuple(found))
