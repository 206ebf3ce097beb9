"""Abbreviations that a plan makes itself: «Bảo hiểm xã hội (BHXH)», «… (sau đây gọi tắt là HĐND)»."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from ingest.clean import fold, nfc

_TOLD = r"(?:(?:sau\s+đây\s+)?(?:được\s+)?(?:gọi|viết)\s+(?:tắt|chung)(?:\s+là)?\s*:?\s*)"
_SHORT = re.compile(rf"\(\s*(?P<told>{_TOLD})?[“«\"]?(?P<short>[A-ZĐ][A-Za-zĐđ&-]{{1,11}})[”»\"]?\s*\)")
_BREAK = re.compile(r"[()\n;:.,“”«»\"]")
_PART = re.compile(r"[A-ZĐ][a-zđ]*")
_WORD = re.compile(r"[^\W\d_]+")
_REACH = 160  # characters before the bracket in which the long form stands
_LONGEST = 10  # words that an abbreviation stands for at most
_JOINING = frozenset(("va", "cua", "cac", "trong", "ve"))


def definitions(text: str) -> list[tuple[str, str]]:
    """Abbreviations that a text defines: (short, long), both as printed.

    The long form is the words before the bracket that begin with the short form's letters. Where the text says «viết
    tắt» the letters need not fit: then it is what stands there from the last capitalised beginning of a name on.
    """
    text = nfc(text) if "(" in text else ""
    found = []
    for match in _SHORT.finditer(text):
        short = re.sub(r"[&-]", "", match["short"])
        parts = [fold(part) for part in _PART.findall(short)]
        if sum(c.isupper() for c in short) < 2:
            continue  # «(sau đây gọi tắt là Trung tâm)» is a word, no abbreviation
        before = text[max(0, match.start() - _REACH) : match.start()].rstrip(' ,”»"')
        words = _WORD.findall(_BREAK.split(before)[-1])
        long = _by_initials(words, parts) or (_capitalised(words) if match["told"] else None)
        if long:
            found.append((short, long))
    return found


def _by_initials(words: list[str], parts: list[str]) -> str | None:
    """The last words that begin with the parts in order; joining words («và») may have no part of their own."""
    at, left = len(words), list(parts)
    while left and at:
        at -= 1
        word = fold(words[at])
        if word.startswith(left[-1]):
            left.pop()
        elif word not in _JOINING or len(left) == len(parts):
            return None
    return None if left else " ".join(words[at:])


def _capitalised(words: list[str]) -> str | None:
    """The words from the first capitalised one on, if they can be one name."""
    first = next((at for at, word in enumerate(words) if word[0].isupper()), None)
    return None if first is None or len(words) - first > _LONGEST else " ".join(words[first:])


def agreed(found: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Abbreviation → long form in lower case; one that stands for different things in different places is left out."""
    meanings: defaultdict[str, set[str]] = defaultdict(set)
    for short, long in found:
        meanings[short].add(long.lower())
    return {short: longs.pop() for short, longs in sorted(meanings.items()) if len(longs) == 1}
