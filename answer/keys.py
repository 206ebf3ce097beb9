"""Telex and VNI keys that an input method left as they were typed: «nhaf owr», «nha2 o73» → «nhà ở»."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_ACUTE, _GRAVE, _HOOK, _TILDE, _DOT = "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"
_HAT, _BREVE, _HORN, _BAR = "\u0302", "\u0306", "\u031b", "\u0335"
_TONES = frozenset((_ACUTE, _GRAVE, _HOOK, _TILDE, _DOT))
_TELEX_TONES = {"s": _ACUTE, "f": _GRAVE, "r": _HOOK, "x": _TILDE, "j": _DOT}
_VNI = {"1": _ACUTE, "2": _GRAVE, "3": _HOOK, "4": _TILDE, "5": _DOT, "6": _HAT, "7": _HORN, "8": _BREVE, "9": _BAR}
_TAKES = {_HAT: "aeo", _HORN: "ou", _BREVE: "a", _BAR: "d"}
_VOWELS = frozenset("aeiouy")
_KEYED = re.compile(r"[a-z]+[a-z1-9]*")


@lru_cache(maxsize=20_000)
def spell_out(word: str) -> str:
    """A word as its letters without tone, then the tone.

    Two spellings that differ by one slip of a finger differ by one character here, wherever the tone was put.
    """
    parts = unicodedata.normalize("NFD", word.lower())
    tone = [part for part in parts if part in _TONES]
    return _composed(part for part in parts if part not in _TONES) + "".join(tone[-1:])


def _composed(parts: Iterable[str]) -> str:
    return unicodedata.normalize("NFC", "".join(parts)).replace("d" + _BAR, "đ")


def from_keys(typed: str) -> str | None:
    """What Telex or VNI keys spell, as `spell_out` writes it; None where they spell nothing or add nothing."""
    word = typed.lower()
    if not _KEYED.fullmatch(word):
        return None
    letters: list[str] = []
    tone = ""
    for key in word:
        mark = _tone_of(key, letters)
        if mark:
            tone = mark
        elif not _mark(letters, key):
            letters.append(key)
    spelled = _composed(letters) + tone
    return None if spelled == word or any(c.isdigit() for c in spelled) else spelled


def _tone_of(key: str, letters: list[str]) -> str:
    """The tone that a key sets: only behind a vowel, so that «s», «r», «x» may also begin a word."""
    if not any(letter[0] in _VOWELS for letter in letters):
        return ""
    mark = _VNI.get(key, _TELEX_TONES.get(key, ""))
    return mark if mark in _TONES else ""


def _mark(letters: list[str], key: str) -> bool:
    """Put a mark on the last letter that can take it: «uow» → «ươ», «aa» → «â», «dd» → «đ»."""
    if key in _VNI:
        return _VNI[key] in _TAKES and _put(letters, _VNI[key])
    if key == "w":
        return _put(letters, _HORN) or _put(letters, _BREVE)
    if key == "d":
        return letters[:1] == ["d"] and _put(letters, _BAR)
    return key in "aeo" and _put(letters, _HAT, key)


def _put(letters: list[str], mark: str, only: str = "") -> bool:
    """Mark the last letter that takes the mark (or of one kind `only`); the horn goes on both of «uo»."""
    for at in range(len(letters) - 1, -1, -1):
        if letters[at] in tuple(only or _TAKES[mark]):
            letters[at] += mark
            if mark == _HORN and at and letters[at - 1 : at + 1] == ["u", "o" + _HORN]:
                letters[at - 1] += mark
            return True
    return False
