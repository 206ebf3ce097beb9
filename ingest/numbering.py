"""The numbering at the head of a line: which style, which value, what follows it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ingest.model import Rank
from ingest.tables.cells import roman_value

ORDER = {rank: index for index, rank in enumerate(Rank)}

_LETTERS = "abcdđeghiklmnopqrstuvxy"
_ORDINALS = {
    "nhất": 1, "một": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8,
}  # fmt: skip
_UPPER = "A-ZĐÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"

# A title behind the number, or none: «Chương IV của Luật …» is the rest of a sentence.
_TITLE = rf"(?:\s*[.:–-]\s*(?P<t>.*)|\s+(?P<u>[{_UPPER}\W\d].+))?"
# «Mục 1» alone or before capitals: «Mục 3 Phụ lục này …» is a sentence.
_CAPITALS = rf"(?:\s+(?P<t>[{_UPPER}\W\d]+))?"
_CODE = r"[A-ZĐ]+[a-z]?/"  # «16-CT/TW» is a document
_COUNT = "[Mm]ột|MỘT|[Hh]ai|HAI|[Bb]a|BA|[Bb]ốn|BỐN|[Tt]ư|TƯ|[Nn]ăm|NĂM|[Mm]ở đầu|MỞ ĐẦU"

_STYLES: tuple[tuple[Rank, re.Pattern[str]], ...] = (
    (Rank.PART, re.compile(rf"^(?P<n>(?:Phần|PHẦN)\s+(?P<v>(?:thứ|THỨ)\s+\w+|{_COUNT}|[IVX]+|\d+)){_TITLE}$")),
    (Rank.CHAPTER, re.compile(rf"^(?P<n>(?:Chương|CHƯƠNG)\s+(?P<v>[IVXL]+|\d+)){_TITLE}$")),
    (Rank.ROMAN, re.compile(r"^(?P<n>(?:Mục|MỤC)\s+(?P<v>[IVX]+|\d+))\s*[.:]\s*(?P<t>.*)$")),
    (Rank.ROMAN, re.compile(rf"^(?P<n>(?:Mục|MỤC)\s+(?P<v>[IVX]+|\d+)){_CAPITALS}$")),
    (Rank.MINOR, re.compile(r"^(?P<n>(?:Tiểu mục|TIỂU MỤC)\s+(?P<v>[IVX]+|\d+))\s*[.:]\s*(?P<t>.*)$")),
    (Rank.MINOR, re.compile(rf"^(?P<n>(?:Tiểu mục|TIỂU MỤC)\s+(?P<v>[IVX]+|\d+)){_CAPITALS}$")),
    (Rank.ARTICLE, re.compile(r"^(?P<n>(?:Điều|ĐIỀU)\s+(?P<v>\d+[a-zđ]?)\s*[.:])\s*(?P<t>.*)$")),
    (Rank.ROMAN, re.compile(r"^(?P<n>(?P<v>[IVXL]{1,6})\s*[.)/:-])\s+(?P<t>\S.*)$")),
    (Rank.ROMAN, re.compile(rf"^(?P<n>(?P<v>[IVXL]{{1,6}})[.)/-])(?P<t>[{_UPPER}].*)$")),
    (Rank.DIVISION, re.compile(r"^(?P<n>(?P<v>[A-HĐ])\s*[.)/-])\s+(?P<t>\S.*)$")),
    (Rank.SUBDECIMAL, re.compile(r"^(?P<n>(?P<v>\d{1,2}\.\d{1,2}\.\d{1,2})[.)]?)\s+(?P<t>\S.*)$")),
    (Rank.DECIMAL, re.compile(r"^(?P<n>(?P<v>\d{1,2}\.\d{1,2})[.)]?)\s+(?P<t>\S.*)$")),
    (Rank.SUBDECIMAL, re.compile(rf"^(?P<n>(?P<v>\d{{1,2}}(?:\.\d{{1,2}}){{2}})\.?[/-])\s*(?P<t>[{_UPPER}].*)$")),
    (Rank.DECIMAL, re.compile(rf"^(?P<n>(?P<v>\d{{1,2}}\.\d{{1,2}})\.?[/-])\s*(?P<t>[{_UPPER}].*)$")),
    (Rank.ARABIC, re.compile(r"^(?P<n>(?:(?:Khoản|khoản)\s+)?(?P<v>\d{1,2})\s?[./])\s+(?P<t>\S.*)$")),
    (Rank.ARABIC, re.compile(rf"^(?P<n>(?P<v>\d{{1,2}})[.-])(?P<t>(?!{_CODE})[{_UPPER}].*)$")),
    (Rank.ARABIC, re.compile(rf"^(?P<n>(?P<v>\d{{1,2}})[-–])\s+(?P<t>[{_UPPER}].*)$")),
    (Rank.ARABIC, re.compile(r"^(?P<n>[IVXL]{1,6}\.(?P<v>\d{1,2})[.)]?)\s+(?P<t>\S.*)$")),
    (Rank.PAREN, re.compile(r"^(?P<n>\(?(?P<v>\d{1,2})\))\s*(?P<t>\S.*)$")),
    (Rank.SMALL_ROMAN, re.compile(r"^(?P<n>\((?P<v>[ivx]{1,5})\)|(?P<w>ii|iii|iv|vi{1,3}|ix)\))\s*(?P<t>\S.*)$")),
    (Rank.LETTER, re.compile(r"^(?P<n>\(?(?P<v>[a-zđ])\s?\))\s*(?P<t>\S.*)$")),
    (Rank.LETTER, re.compile(rf"^(?P<n>(?P<v>[a-zđ])[./])\s+(?P<t>[{_UPPER}“\"].*)$")),
    (Rank.PAREN, re.compile(r"^(?P<n>[a-zđ]\.?(?P<v>\d{1,2})\))\s*(?P<t>\S.*)$")),
    (Rank.PAREN, re.compile(rf"^(?P<n>[a-zđ]\.(?P<v>\d{{1,2}})\.?)\s+(?P<t>[{_UPPER}].*)$")),
    (Rank.BULLET, re.compile(r"^(?P<n>(?P<v>[-–—−+•●▪◦*·►➢✓❖]))\s*(?P<t>\S.*)$")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LineMarker:
    """A numbered or bulleted line: style, printed number, ordinal value (0 for bullets), the text behind it."""

    rank: Rank
    number: str
    value: int
    rest: str


@lru_cache(maxsize=32_768)  # every stage asks again for every line
def marker_of(text: str) -> LineMarker | None:
    """The marker of a line, or None. «- a) …» and «- 1. …» are list marks of a converter: the number counts."""
    for rank, pattern in _STYLES:
        match = pattern.match(text)
        if match is None:
            continue
        if rank is Rank.BULLET:
            return _bullet(match)
        parts = match.groupdict()
        title = parts["t"] or parts.get("u") or ""
        value = _value(rank, parts["v"] or parts["w"])
        return LineMarker(rank, re.sub(r"\s+(?=[.)/])", "", match["n"]), value, title.strip())
    return None


def _bullet(match: re.Match[str]) -> LineMarker:
    inner = marker_of(match["t"])
    if inner is not None and inner.rank is Rank.LETTER:
        return inner
    return LineMarker(Rank.BULLET, "-" if match["v"] in "–—−" else match["v"], 0, match["t"].strip())


def _value(rank: Rank, text: str) -> int:
    text = text.strip()
    if rank is Rank.LETTER:
        return _LETTERS.find(text) + 1
    if rank is Rank.SMALL_ROMAN:
        return roman_value(text.upper())
    if rank is Rank.DIVISION:
        return "ABCDĐEFGH".find(text) + 1
    last = text.split()[-1]
    if last.lower() in _ORDINALS:
        return _ORDINALS[last.lower()]
    if re.fullmatch(r"[IVXLC]+", last):
        return roman_value(last)
    digits = re.search(r"(\d+)\D*$", last)
    return int(digits[1]) if digits else 0
