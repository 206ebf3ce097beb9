"""Names of provinces: any spelling → the canonical name."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any

from ingest.clean import fold


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(resources.files("ingest").joinpath("data/provinces.toml").read_text("utf-8"))


def province_names() -> tuple[str, ...]:
    """Every canonical name, those that ended in 2025 too."""
    return tuple(_data()["names"])


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str], str, str], ...]:
    """What a name begins with, folded, its pattern, its form, and the canonical name (empty: no province)."""
    data = _data()
    pairs = [(name, name) for name in data["names"]]
    pairs += [(form, name) for name, forms in data["forms"].items() for form in forms]
    pairs += [(place, "") for place in data["other"]["places"]]
    return tuple((parts[0], _pattern(parts), form, name) for form, name in pairs if (parts := _parts(form)))


def _parts(form: str) -> list[str]:
    return re.findall(r"\w+", fold(form))


def _pattern(parts: Sequence[str]) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)" + r"[\s.\-]*".join(parts) + r"(?!\w)")


def find_provinces(text: str) -> list[tuple[str, int, int]]:
    """Provinces named in a text, in order: (canonical name, start, end).

    Longer forms win over shorter ones, of equals the later: «viec lam dong nai» is no «Lâm Đồng».
    """
    folded = fold(text)
    places = [
        (-len(form), -match.start(), match.end(), name)
        for first, pattern, form, name in _patterns()
        if first in folded
        for match in pattern.finditer(folded)
        if _may_be(text[match.start() : match.end()], form)
    ]
    found: list[tuple[str, int, int]] = []
    for _, start, end, name in sorted(places):
        if not any(first < end and -start < last for _, first, last in found):
            found.append((name, -start, end))
    return sorted((item for item in found if item[0]), key=lambda item: item[1])


def _may_be(typed: str, form: str) -> bool:
    """Whether a stretch in small letters bears no other marks than the name: «làm Đồng» is no «Lâm Đồng»."""
    pairs = zip(re.findall(r"\w+", typed), re.findall(r"\w+", form), strict=False)
    return all(word != word.lower() or word in (fold(word), part.lower()) for word, part in pairs)


def canonical_province(text: str) -> str | None:
    """The province that a whole string names («tinh dong thap», «TP. Hải Phòng»), or None."""
    bare = re.sub(r"^(?:ubnd|uy ban nhan dan)?\s*(?:tinh|thanh pho|tp\.?)?\s*", "", fold(text.strip()))
    for name, start, end in find_provinces(bare):
        if start == 0 and end == len(bare):
            return name
    return None
