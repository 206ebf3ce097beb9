"""Abbreviations of officials, and those that plans define, written out."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

from answer.corrections import Correction, fixed_spans
from answer.lexicon import is_ordinary
from ingest.clean import fold

# «143/KH-UBND», «31-CTr/TU»: the letters belong to the number.
DOCUMENT_NUMBER = re.compile(r"(?<!\d)\d+(?:/\d{4})?\s?[-/]\s?[A-Za-zĐđ][\w&/-]*")
_ALWAYS = frozenset({"NQ", "QĐ", "KH"})  # nothing else in any case
_JOINED, _JOINER = re.compile(r"\w+(?:[-&.]\w+)*"), re.compile(r"[-&.]")
_TELLING = 3  # letters from which an abbreviation of a plan is no ordinary word

_Abbreviation = tuple[str, str, str, bool]  # key, letters to match, long form, whether capitals count


@cache
def _curated() -> dict[str, str]:
    text = resources.files("answer").joinpath("data/abbreviations.toml").read_text("utf-8")
    return {str(short): str(long) for short, long in tomllib.loads(text)["abbreviations"].items()}


def _key(short: str) -> str:
    """The letters alone: «KT-XH» is looked for as «ktxh»."""
    return _JOINER.sub("", fold(short).lower())


@cache
def _abbreviations() -> tuple[_Abbreviation, ...]:
    """The longest first. What has fewer letters than `_TELLING` is read only in capitals: «cc» may be anything."""
    ordered = sorted(_curated().items(), key=lambda item: (-len(item[0]), item[0]))
    tell = [(short, long, len(short) < _TELLING and short not in _ALWAYS) for short, long in ordered]
    return tuple((_key(short), short if typed else fold(short), long, typed) for short, long, typed in tell)


def _defined(defined: Mapping[str, str]) -> Iterator[_Abbreviation]:
    """Abbreviations that plans define, but for those known. What could be a word is read only in capitals."""
    for short, long in defined.items():
        if fold(short) not in _known():
            as_typed = len(short) < _TELLING or is_ordinary(fold(short))
            yield _key(short), short if as_typed else fold(short), long, as_typed


@cache
def _known() -> frozenset[str]:
    return frozenset(map(fold, _curated()))


@cache
def _spelled(short: str) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)" + r"[-&.]?".join(short) + r"(?!\w)")


def expand(
    text: str, defined: Mapping[str, str] = MappingProxyType({}), keep: frozenset[str] = frozenset()
) -> tuple[str, list[Correction]]:
    """Write abbreviations out: those of officials, then those that the plans themselves define.

    Returns the text and a correction for each that was written out.
    """
    corrections: list[Correction] = []
    folded = fold(text)
    present = _present(folded)
    for key, letters, long, as_typed in (*_abbreviations(), *_defined(defined)):
        if key not in present:  # a hundred patterns, of which a text holds one or two
            continue
        found = list(_spelled(letters).finditer(text if as_typed else folded))
        fixed = _fixed(text, keep) if found else []
        for match in reversed(found):
            start, end = match.span()
            if any(first <= start < last for first, last in fixed):
                continue
            corrections.append(Correction(text[start:end], long, "abbreviation"))
            text = text[:start] + long + text[end:]
            folded = ""
        folded = folded or fold(text)
    return text, corrections


def _present(folded: str) -> set[str]:
    """The letters of each word, and of each part of one that is joined."""
    found: set[str] = set()
    for word in _JOINED.findall(folded.lower()):
        if word.isalnum():
            found.add(word)
        else:
            found.update((_JOINER.sub("", word), *_JOINER.split(word)))
    return found


def _fixed(text: str, keep: frozenset[str]) -> list[tuple[int, int]]:
    return [*(number.span() for number in DOCUMENT_NUMBER.finditer(text)), *fixed_spans(text, keep)]
