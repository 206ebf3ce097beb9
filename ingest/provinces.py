"""Names of provinces: any spelling → the canonical name."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

from ingest.clean import fold


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    data = tomllib.loads(resources.files("ingest").joinpath("data/provinces.toml").read_text("utf-8"))
    pairs = [(name, name) for name in data["names"]]
    pairs += [(form, name) for name, forms in data["forms"].items() for form in forms]
    pairs += [(place, "") for place in data["other"]["places"]]
    return tuple((_pattern(form), name) for form, name in sorted(pairs, key=lambda p: (-len(p[0]), p)))


def _pattern(form: str) -> re.Pattern[str]:
    parts = re.findall(r"\w+", fold(form))
    return re.compile(r"(?<!\w)" + r"[\s.\-]*".join(parts) + r"(?!\w)")


def find_provinces(text: str) -> list[tuple[str, int, int]]:
    """Provinces named in a text, in order: (canonical name, start, end). Longer forms win over shorter ones."""
    folded = fold(text)
    found: list[tuple[str, int, int]] = []
    for pattern, name in _patterns():
        for match in pattern.finditer(folded):
            if not any(start < match.end() and match.start() < end for _, start, end in found):
                found.append((name, match.start(), match.end()))
    return sorted((item for item in found if item[0]), key=lambda item: item[1])


def canonical_province(text: str) -> str | None:
    """The province that a whole string names («tinh dong thap», «TP. Hải Phòng»), or None."""
    bare = re.sub(r"^(?:ubnd|uy ban nhan dan)?\s*(?:tinh|thanh pho|tp\.?)?\s*", "", fold(text.strip()))
    for name, start, end in find_provinces(bare):
        if start == 0 and end == len(bare):
            return name
    return None
