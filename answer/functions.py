"""Which part of an agency's functions a clause is about, where the functions were split."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

from ingest.agencies import find_agencies
from ingest.clean import fold

_WORD = re.compile(r"[^\W_]+")
REST = "các việc còn lại"
_EXCEPT = re.compile(r",?\s*\btrừ\b.*$")


def part_named(function: str, text: str) -> str:
    """The first part of a function («lao động, việc làm») that a text is about; "" when it names none, unless all that
    is left over is part of the function too.

    Names of agencies are no sign of it: «Sở Lao động - Thương binh và Xã hội» stands in tasks of every kind.
    """
    for span in reversed(find_agencies(text)):
        text = f"{text[: span.start]} {text[span.end :]}"
    words = f" {' '.join(_WORD.findall(fold(text)))} "
    for part, signs in _parts(function):
        if any(f" {sign} " in words for sign in signs):
            return part
    return REST if REST in function else ""


@cache
def _parts(function: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Parts of a function with the folded words that tell of them."""
    rest = _EXCEPT.sub("", function)
    found: list[tuple[int, str, tuple[str, ...]]] = []
    for part, signs in sorted(_table().items(), key=lambda item: -len(item[0])):
        at = rest.find(part)
        if at >= 0:
            found.append((at, part, tuple(fold(sign) for sign in signs)))
            rest = rest.replace(part, " " * len(part))
    rest = rest.replace(REST, " " * len(REST))
    for match in re.finditer(r"[^,\s][^,]*", rest):
        own = match.group().strip()
        found.append((match.start(), own, (fold(own),)))
    return tuple((part, signs) for _, part, signs in sorted(found))


@cache
def _table() -> dict[str, list[str]]:
    return tomllib.loads(resources.files("answer").joinpath("data/functions.toml").read_text("utf-8"))
