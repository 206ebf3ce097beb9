"""Vietnamese text for search: one spelling (`normalise`), no diacritics (`fold`), words (`tokens`, `segment`).

Nothing here is shown to a user: display keeps the source's own text. Raise `TEXT_VERSION` whenever the output of
a function of this module, of `features` or of `passage` changes: an index of another version is rebuilt, not mixed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from index.syllables import join_syllables

TEXT_VERSION = 3

_TONES = "\u0300\u0301\u0309\u0303\u0323"
_LETTER = r"[^\W\d_]"
_END = rf"(?!{_LETTER})"
_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\r\n\f\v"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
# U+00D0/U+00F0 is the Icelandic eth, which old fonts and keyboards put where đ should be.
_PLAIN = str.maketrans(
    dict.fromkeys(_SPACES, " ") | dict.fromkeys(_DASHES, "-") | {"²": "2", "³": "3", "\u00d0": "Đ", "\u00f0": "đ"}
)
_WORD = re.compile(r"\w+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")


def _toned(vowel: str, tone: str) -> str:
    return unicodedata.normalize("NFC", vowel + tone)


_FORWARD = {f"{a}{_toned(b, t)}": f"{_toned(a, t)}{b}" for a, b in ("oa", "oe", "uy") for t in _TONES}
_BACKWARD = {new: old for old, new in _FORWARD.items()}
_OLD_STYLE = re.compile(rf"(?:o[{''.join(_toned(v, t) for v in 'ae' for t in _TONES)}]"
                        rf"|(?<!q)u[{''.join(_toned('y', t) for t in _TONES)}]){_END}")  # fmt: skip
_MISPLACED = re.compile(rf"(?:[{''.join(_toned('o', t) for t in _TONES)}][ae]"
                        rf"|(?<!q)[{''.join(_toned('u', t) for t in _TONES)}]y)(?={_LETTER})")  # fmt: skip
_Y_TO_I = {_toned("y", t): _toned("i", t) for t in ("", *_TONES)}
_Y_SYLLABLE = re.compile(rf"(?<!{_LETTER})([hklmst]|qu)([{''.join(_Y_TO_I)}]){_END}")


def plain(text: str) -> str:
    """NFC with one kind of space and one kind of hyphen, case kept; zero-width characters are dropped."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFC", text)).translate(_PLAIN)


def normalise(text: str) -> str:
    """One spelling for every way to write the same words: the form in which texts are compared.

    NFC, lower case, tone on the first vowel of open `oa, oe, uy` («hoá» → «hóa», «uỷ» → «ủy»; not after `q`, not
    before a final: «hoàn», «quý»), `i` for a lone `y` («sỹ» → «sĩ»), plain spaces and hyphens, «m²» → «m2». Text
    that is NFC and free of zero-width characters keeps its length, so positions carry over.
    """
    return _spelled(plain(text).lower())


def spelled_words(text: str) -> list[str]:
    """The runs of letters and digits of `normalise(text)`. Each is spelled once: a corpus has few different ones."""
    return [_spelled_word(word) for word in _WORD.findall(plain(text).lower())]


@lru_cache(maxsize=65536)
def _spelled_word(word: str) -> str:
    return _spelled(word)


def _spelled(lowered: str) -> str:
    placed = _OLD_STYLE.sub(lambda m: _FORWARD[m[0]], lowered)
    placed = _MISPLACED.sub(lambda m: _BACKWARD[m[0]], placed)
    return _Y_SYLLABLE.sub(lambda m: m[1] + _Y_TO_I[m[2]], placed)


def fold(text: str) -> str:
    """Text without diacritics, case kept. `đ` does not decompose, so it is mapped by hand."""
    marks_off = "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn")
    return marks_off.translate({0x111: "d", 0x110: "D", 0xF0: "d", 0xD0: "D"})


@lru_cache(maxsize=65536)
def fold_token(token: str) -> str:
    """`fold` of one token, remembered: a corpus has few different syllables."""
    return fold(token)


_NUM = r"\d+(?:[.,]\d+)*"
_CODE = r"[a-zđ]{1,8}\d{0,2}"
_ISSUER = r"(?:ubnd|hđnd|hdnd|cp|ttg|tw|tư|tu|qh\d{0,2}|b[a-zđ]{1,7})"
_KIND = r"(?:kh|qđ|qd|nq|nđ|nd|ct|ctr|tt|ttr|kl|tb|bc|cv|hd|tw|cp)"
_STOP = r"(?![^\W_])"
# A hyphen with spaces around it belongs to a number only before a known issuer («68/NQ-   CP»).
_TAIL = rf"(?:[-/]{_CODE}|\s{{0,4}}[-/]\s{{0,4}}{_ISSUER})"
DOCUMENT_NUMBER = (
    rf"\d+[a-z]?\s?/\s?(?:\d{{4}}\s?/\s?)?{_CODE}{_TAIL}+{_STOP}"
    rf"|\d+\s?/\s?\d{{4}}\s?/\s?{_CODE}{_STOP}"
    rf"|\d+\s?-\s?{_CODE}\s?/\s?{_ISSUER}{_STOP}"
    rf"|\d+/{_KIND}{_STOP}"
)
DATE = r"(?<!\d)(?:\d{1,2}\s?/\s?\d{1,2}\s?/\s?\d{4}|\d{1,2}-\d{1,2}-\d{4}|\d{1,2}/\d{4}|\d{1,2}/\d{1,2})(?![\d/])"
RANGE = rf"{_NUM}(?:\s?-\s?{_NUM})+"
_TOKEN = re.compile(
    rf"(?P<number>{DOCUMENT_NUMBER})"
    r"|(?P<written>(?:ng[àa]y\s+\d{1,2}\s+)?th[áa]ng\s+\d{1,2}\s+n[ăa]m\s+\d{4})"
    rf"|(?P<date>{DATE})"
    rf"|(?P<measure>(?:{RANGE}|{_NUM})(?:\s?%|[a-z]{{1,3}}\d?{_STOP}))"
    rf"|(?P<range>{RANGE})"
    rf"|(?P<plain>{_NUM})"
    rf"|(?P<abbreviation>{_LETTER}+(?:-{_LETTER}+)*(?:&{_LETTER}+)+)"
    rf"|(?P<hyphenated>{_LETTER}+(?:-[^\W_]+)+)"
    r"|(?P<word>[^\W_]+)"
)


@dataclass(frozen=True, slots=True)
class Unit:
    """One place of a text: the `main` tokens that stand next to their neighbours, and `also`, other ways to it."""

    main: tuple[str, ...]
    also: tuple[str, ...] = ()


def units(text: str) -> Iterator[Unit]:
    """The tokens of a text in order, grouped by the place they came from."""
    for match in _TOKEN.finditer(normalise(text)):
        yield _unit(match.lastgroup or "word", match[0])


@lru_cache(maxsize=65536)
def _unit(kind: str, raw: str) -> Unit:
    """Remembered: a corpus has few different tokens."""
    whole = re.sub(r"\s+", "", raw)
    digits = re.findall(r"\d+", raw)
    match kind:
        case "number":
            return Unit((whole,), (digits[0],))
        case "written":
            return Unit(tuple(raw.split()), ("/".join(str(int(d)) for d in digits),))
        case "date":
            return Unit(("/".join(str(int(d)) for d in digits),))
        case "measure":
            bare = re.match(rf"{_NUM}(?:-{_NUM})*", whole)
            return Unit((whole,), (bare[0],) if bare else ())
        case "abbreviation":
            return Unit((whole,), (re.sub(r"[&-]", "", whole),))
        case "hyphenated":
            return Unit(tuple(whole.split("-")), (whole,))
    return Unit((whole,))


def tokens(text: str) -> list[str]:
    """The normalised tokens of a text, in order, one-character tokens included.

    Document numbers («143/kh-ubnd», followed by their leading «143»), dates (without leading zeros: «5/6/2024»;
    «ngày 5 tháng 6 năm 2024» adds the same), percentages and measures («99,5%», followed by «99,5») and ranges
    («2024-2030», also printed «2024 - 2030») stay whole. Words with a hyphen give their parts and themselves.
    """
    return [token for unit in units(text) for token in (*unit.main, *unit.also)]


_NAME = r"(?:[A-ZĐÀ-ỸƠƯ][a-zà-ỹđơư]+)"
_PROTECTED = re.compile(
    rf"(?P<keep>\b(?i:{DOCUMENT_NUMBER})|{DATE}|{RANGE}%?|\b[A-ZĐ]+(?:[&-][A-ZĐ]+)+\b)"
    rf"|(?P<name>\b{_NAME}(?: {_NAME})? - {_NAME}(?: {_NAME})?\b|(?i:bà rịa ?- ?vũng tàu))"
)


def segment(text: str) -> str:
    """Text with the syllables of a compound joined by «_» (pyvi); case kept.

    Document numbers, dates, ranges, abbreviations («GD&ĐT») and names with a hyphen
    («Bà_Rịa_-_Vũng_Tàu») are protected: pyvi splits them.
    """
    source, parts, at = plain(text), [], 0
    for match in _PROTECTED.finditer(source):
        parts.append(join_syllables(source[at : match.start()]).strip())
        kept = re.sub(r"\s+", "_" if match["name"] else "", match[0])
        parts.append(re.sub(r"(?<=[^_])-(?=[^_])", "_-_", kept) if match["name"] else kept)
        at = match.end()
    parts.append(join_syllables(source[at:]).strip())
    return " ".join(part for part in parts if part)
