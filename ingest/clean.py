"""Unicode and spacing repair of single lines, and the folding that every matcher of the package uses."""

from __future__ import annotations

import re
import unicodedata

_ODD_SPACES = re.compile(r"[\u00a0\u2000-\u200a\u202f\u205f\u3000\t\f\v]")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad\x00-\x08\x0e-\x1f\x7f]")
_HASHES = re.compile(r"^\s{0,3}#{1,6}\s+")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*]+?)(?<=[^\s*])\*(?![\w*])")
_LOOSE_STRONG = re.compile(r"(?<!\S)\*\*\s*|\s*\*\*(?!\S)")

# «n gày», «v à»: extraction split the onset from its rime. A lone consonant is no Vietnamese word, so the two are
# joined when together they spell a syllable and the onset stands alone between spaces.
_ONSET_SPLIT = re.compile(
    r"(?<![\w.)/-])([bcdđghklmnpqrstvx]) ((?:h|g|gh|r|u)?[aăâeêioôơuưyáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợ"
    r"úùủũụứừửữựýỳỷỹỵ]{1,3}(?:ch|ng|nh|[cmnpt])?)(?![\w)])"
)
# «68/NQ-   CP», «54 /KH-UBND», «80- CTr/TU»: the parts of a document number belong together.
_NUMBER_SLASH = re.compile(r"(?<=\d) ?/ ?(?=[A-ZĐ]{2,}[a-z]?[-/])")
_NUMBER_HYPHEN = re.compile(r"(?<=[0-9A-ZĐ]) ?- ?(?=(?:[A-ZĐ]{2,}[a-z]?/[A-ZĐ]{2}))")
_CODE_HYPHEN = re.compile(r"(?<=/)([A-ZĐ]{2,4}) ?- ?(?=(?:CP|TTg|TW|TU|UBND|HĐND|UB|BTTTT|[A-ZĐ]{3,})\b)")
_SQUARE_METRE = re.compile(r"\bm ([23])(?=\s|$|/)")


def nfc(text: str) -> str:
    """Invisible characters dropped, then canonical composition: one may stand between a letter and its mark."""
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text))


def fold(text: str) -> str:
    """Lower case without diacritics, one character out for each NFC character in, so that offsets stay valid."""
    return text.translate(_FOLDED)


class _Folding(dict[int, str]):
    """Code point → folded character, found once: folding is on the path of every question."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_character(chr(code))
        return folded


def alphabetical(text: str) -> tuple[str, str]:
    """Key to sort names by: diacritics count only between names that are alike without them."""
    return fold(text), text


def _fold_character(character: str) -> str:
    if character in "đĐ":
        return "d"
    if character in "–—−‐‑":
        return "-"
    base = unicodedata.normalize("NFD", character)[0].lower()
    return base if len(base) == 1 else character


_FOLDED = _Folding()


def repair(text: str) -> str:
    """NFC, one space for any run of spaces, and the splits that extraction leaves inside words and numbers.

    What is displayed and quoted is this text: nothing is added, no letter is changed.
    """
    text = _ODD_SPACES.sub(" ", nfc(text))
    text = re.sub(r" {2,}", " ", text).strip()
    text = _ONSET_SPLIT.sub(r"\1\2", text)
    text = _NUMBER_SLASH.sub("/", text)
    text = _NUMBER_HYPHEN.sub("-", text)
    text = _CODE_HYPHEN.sub(r"\1-", text)
    return _SQUARE_METRE.sub(r"m\1", text)


def strip_markup(text: str) -> str:
    """Markdown's marks removed: heading hashes, strong and emphasis. A leading «* » stays: it is a bullet."""
    text = _HASHES.sub("", text)
    text = _STRONG.sub(r"\2", text)
    text = _LOOSE_STRONG.sub("", text)
    return _EMPHASIS.sub(r"\1", text).replace("\\", "")


def words(text: str) -> int:
    """Number of space-separated words."""
    return len(text.split())


def is_upper(text: str) -> bool:
    """Whether a line is set in capitals (at least nine of ten letters; document codes such as «CTr» allowed)."""
    letters = [c for c in text if c.isalpha()]
    return len(letters) >= 2 and sum(c.isupper() for c in letters) >= 0.9 * len(letters)


def is_open(text: str) -> bool:
    """Whether a text stops in mid-sentence: no closing punctuation."""
    return bool(text) and text.rstrip()[-1:] not in '.;:!?…”"'
