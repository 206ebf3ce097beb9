"""What a line break in a paragraph stands for: a space, nothing (a word that was too long for its column), a hyphen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.readers.pdf_text import Printed

_SPACE = 0.28  # of the size: a space, with what is uncertain about it
_FULL = 0.6  # of the size: a line with less room is full
_SYLLABLE = 7  # letters
_PRINTED = 0.1  # of the lines end with a space, where the program that made the file prints them at all
_HYPHENATED = re.compile(r"(?:^|\s)[a-z]{3,}-$")
_CLOSES = re.compile(r"[,;:)\]]")
_YEAR = re.compile(r"(?:19|20)\d\d\b")
_LAST, _FIRST = re.compile(r"(?:[^\W\d_]+|\d+)$"), re.compile(r"[^\W\d_]+|\d+")


@dataclass(frozen=True, slots=True)
class Usage:
    """Whether a file prints the space at which it breaks a line, and the words (casefolded) inside its lines."""

    spaces: bool = False
    words: frozenset[str] = frozenset()


UNKNOWN = Usage()


def usage_of(lines: Iterable[Printed]) -> Usage:
    """What the lines of a document tell."""
    words: set[str] = set()
    count = spaced = 0
    for line in lines:
        count += 1
        spaced += line.spaced
        words.update(word.strip(".,;:()").casefold() for word in line.text.split(" ")[1:-1])
    return Usage(spaced > _PRINTED * count, frozenset(words))


def linked(lines: Sequence[Printed], right: float, usage: Usage) -> str:
    """The lines of a paragraph as one text; `right` is the edge of their column in points."""
    text = lines[0].text
    for last, line in pairwise(lines):
        text = f"{text} {line.text}" if last.spaced else glue(text, line.text, cut=_is_cut(last, line, right, usage))
    return text


def _is_cut(last: Printed, line: Printed, right: float, usage: Usage) -> bool:
    """Whether a line broke off in a word. Only a word that no line holds is broken, so it stands alone on its line."""
    if " " in last.text:
        return False
    end, start = _LAST.search(last.text), _FIRST.match(line.text)
    if end is None or start is None:
        return usage.spaces and bool(_CLOSES.match(line.text))
    room = right - last.x1
    if usage.spaces and room > _SPACE * last.size:
        # A space had its place and is not there. Behind a break by hand there would be room for a letter.
        return room < line.head / len(line.text.split(" ", 1)[0]) + 0.25 * line.size
    if room > _FULL * last.size or end[0].isdigit() != start[0].isdigit():
        return False
    if end[0].isdigit():
        return not (_YEAR.match(last.text) and _YEAR.match(line.text))
    known = (end[0] + start[0]).casefold() in usage.words and not (
        end[0].casefold() in usage.words and start[0].casefold() in usage.words
    )
    return known or (len(end[0]) > _SYLLABLE and start[0][0].islower())


def glue(text: str, rest: str, *, cut: bool = False) -> str:
    """What is printed on two lines, as one text. `cut`: in the middle of a word."""
    if cut:
        return text + rest
    if text.endswith("\u00ad") or (_HYPHENATED.search(text) and re.match(r"[a-z]{2,}", rest)):
        return text[:-1] + rest
    compound = text.endswith(("-", "/")) and text[-2:-1].isalnum() and rest[:1].isalnum()
    return text + rest if compound else f"{text} {rest}"
