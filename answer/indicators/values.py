"""A printed value as numbers: «dưới 7,5%», «95 - 100%», «Khoảng 12.500», «>= 2». The print is always kept.

Numbers are Vietnamese: «98,5» has a decimal comma, «12.500» thousands. Offsets are into the text as given (NFC).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from answer.cells import is_blank
from ingest.clean import fold

_SCALES = {"nghin": 1e3, "ngan": 1e3, "trieu": 1e6, "ty": 1e9, "ti": 1e9}
_DIGITS = 15  # more are no number of anything, and no float holds them

_NUMBER = r"(?:[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?|[0-9]+(?:[.,][0-9]+)?)"
_SIGNS = {">=": ">=", "=>": ">=", "≥": ">=", "<=": "<=", "=<": "<=", "≤": "<=", ">": ">", "<": "<", "~": "~", "≈": "~"}
_WORDS = {
    ">=": "it nhat|toi thieu|khong duoi|khong thap hon|khong it hon|khong nho hon|thap nhat",
    "<=": "khong qua|khong vuot qua|khong cao hon|khong lon hon|khong tren|toi da|nhieu nhat|cao nhat",
    "<": "duoi|nho hon|thap hon|it hon|chua den|chua toi",
    ">": "hon|tren|lon hon|cao hon|vuot",
    "~": "khoang|gan|xap xi|uoc",
}
_COMPARED = {word: sign for sign, words in _WORDS.items() for word in words.split("|")} | _SIGNS
_LINK = r"(?:\s+(?:dat|la|con|co|o|muc|khoang|duoc|tu)\b)*\s*"
_COMPARISON = "|".join(
    [*(rf"\b{w}\b" for w in sorted(_COMPARED, key=len, reverse=True) if w[0].isalpha()), ">=|=>|<=|=<|[≥≤><~≈]"]
)
_COUNTED = (
    r"m[2²3³](?:\s+san)?|km[2²]?|kg|kwh|mw|ha|hecta|met vuong|met|m|lit|tan|usd|dong|can ho|can|ho|luot nguoi|"
    r"luot|nguoi|lao dong|thang tuoi|tuoi|nam|thang|tuan|ngay|gio|phut|buoi|lan|giuong|xa|huyen|diem phan tram|diem"
)
_UNIT = (
    r"\s?[%‰](?:\s?/\s?(?:nam|quy|thang))?|\s+phan tram|"
    rf"\s*(?:(?:nghin|ngan|trieu|ty|ti)\s+)?(?:{_COUNTED})(?!\w)(?:\s?/\s?[a-z0-9]+(?:\s(?=dan\b)dan)?)*|"
    r"\s+(?:nghin|ngan|trieu|ty|ti)(?!\w)"
)
_JOINT = r"\s*(?:-|~|den|toi)\s*"
_VALUE = re.compile(
    rf"(?:(?P<sign>{_COMPARISON}){_LINK})?(?:\b(?P<since>tu)\s+)?"
    rf"(?<![\w.,/-])(?P<low>(?<!\S)-(?={_NUMBER}\s*%?$)|)(?P<first>{_NUMBER})"
    rf"(?:(?P<between>{_UNIT})?{_JOINT}(?P<second>{_NUMBER})(?![\w/]))?"
    rf"(?P<unit>{_UNIT})?(?P<behind>\s+tro (?:len|xuong))?"
)
# «từ 5% xuống còn 3%»: the first is where it started.
_START = re.compile(rf"\btu\s+{_NUMBER}(?:{_UNIT})?\s+(?:xuong|len)(?:\s+con)?(?=\s)")
# Digits that measure nothing: dates, years, numbers of documents, ordinals.
_YEARS = r"(?:19|20)[0-9]{2}(?![0-9.,]*[0-9%])"
_OTHER = re.compile(
    rf"\b(?:nam|giai doan|thoi ky|nien do|tam nhin|den|tu|truoc|sau|het|cuoi|dau)\s+{_YEARS}(?:\s*-\s*{_YEARS})?|"
    rf"(?<![\w.,]){_YEARS}\s*(?:-|den(?: nam)?)\s*{_YEARS}|(?<![\w.,/]){_YEARS}(?!\s*(?:{_UNIT}|[a-z]))|"
    r"\b(?:ngay|thang|quy)\s+[0-9]{1,2}(?:\s+va\s+[0-9]{1,2})?(?:[/-][0-9]{1,4}){0,2}\b|"
    r"(?<![\d.,])[0-9]{1,2}/[0-9]{1,2}(?:/[0-9]{4})?(?![\d%])|"
    r"\b(?:dieu|khoan|diem|muc do|cap do|cap|bac|khoa|phu luc|bieu|loai|lop|ca|tiet|chuong|hang|nhom|lan thu|thu|"
    r"trung uong|quoc lo|phan|tap|bang)\s+[0-9]+(?![\d.,]*[0-9]*\s?%)(?![.,][0-9])|"
    r"(?<!tong )(?<!dan )\bso\s+[0-9]+(?=\s*(?:[-/,.;)]|$|ngay\b|cua\b))"
)
_DOCUMENT = re.compile(r"(?<![\w.,])\d+(?:/\d{4})?\s?[-/]\s?[A-ZĐ][A-Za-zĐđ]+[\w&/-]*")
_BRACKETS = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, slots=True)
class Value:
    """A value as printed, and its bounds: both of a number or a range, one of «dưới 3», none where it is no number.

    `comparison` is «», «<», «<=», «>», «>=» or «~» (about); `unit` is printed beside the number, or in the column.
    """

    text: str
    comparison: str = ""
    low: float | None = None
    high: float | None = None
    unit: str = ""

    @property
    def blank(self) -> bool:
        """Whether the cell says nothing: empty, or «-»."""
        return says_nothing(self.text)

    @property
    def amount(self) -> float | None:
        """One number to sort and to draw by: the middle of a range, the bound of «dưới 3», «triệu» multiplied."""
        known = [bound for bound in (self.low, self.high) if bound is not None]
        return sum(known) / len(known) * _scale(self.unit) if known else None

    @property
    def bounds(self) -> tuple[str, float | None, float | None]:
        """What two values must share to say the same."""
        low, high = (None if bound is None else bound * _scale(self.unit) for bound in (self.low, self.high))
        return self.comparison, low, high


@dataclass(frozen=True, slots=True)
class Found:
    """A value in running text: where its comparison begins, its number, its unit, and where all of it ends."""

    value: Value
    start: int
    number: int
    unit: int
    end: int


def says_nothing(text: str) -> bool:
    """Whether a cell of values holds none: blank, or but a cross that marks its row."""
    return is_blank(text) or fold(text) == "x"


def parse(text: str, unit: str = "") -> Value:
    """The value of a cell whose column or row counts in `unit`; numbers in brackets are remarks («100 (duy trì)»).

    A blank cell, words, and a cell of several values are no number. Never fails.
    """
    printed = text.strip()
    folded = fold(printed)
    if says_nothing(printed):
        return Value(printed, unit=unit)
    if re.fullmatch(r"[0-9]{4}", folded):  # a count, though it looks like a year
        return Value(printed, "", float(folded), float(folded), unit)
    bare = _BRACKETS.sub(lambda match: " " * len(match[0]), printed)
    bare = re.sub(r"(?<=[0-9])[ \u00a0\u202f](?=[0-9]{3}(?![0-9]))", ".", bare) if _spaced(folded) else bare
    found = find(bare)
    if len(found) != 1:
        return Value(printed, unit=unit)
    value = found[0].value
    return Value(printed, value.comparison, value.low, value.high, value.unit or unit)


def find(text: str) -> list[Found]:
    """The values in a text, in order; years, dates, ordinals and numbers of documents are none."""
    folded = fold(text)
    if len(folded) != len(text):
        return []  # offsets would lie; NFC text keeps its length
    masked = _masked(text, folded)
    found = []
    for match in _VALUE.finditer(masked):
        value = _value(match, text)
        if value is not None:
            end = len(text[: match.end()].rstrip())
            unit = match.start("unit") if match["unit"] else end
            found.append(Found(value, match.start(), match.start("first"), unit, end))
    return found


def unit_key(unit: str) -> str:
    """A unit in one spelling: «m² sàn/ người» is «m2san/nguoi», «Căn» «canho»; life is counted in «tuổi» or «năm»."""
    key = re.sub(r"\s", "", fold(unit).replace("²", "2").replace("³", "3"))
    return {"can": "canho", "phantram": "%", "nam": "tuoi"}.get(key, key)


def _spaced(folded: str) -> bool:
    return re.fullmatch(r"\D*[0-9]{1,3}(?: [0-9]{3})+\D*", folded) is not None


def _masked(text: str, folded: str) -> str:
    """Folded text in which digits that measure nothing are blotted out, each by a letter."""
    for pattern, source in ((_DOCUMENT, text), (_OTHER, folded), (_START, folded)):
        for match in pattern.finditer(source):
            blot = re.sub(r"[0-9]", "_", folded[match.start() : match.end()])
            folded = folded[: match.start()] + blot + folded[match.end() :]
    return folded


def _value(match: re.Match[str], text: str) -> Value | None:
    first = _number(match["first"])
    second = _number(match["second"]) if match["second"] else None
    behind = text[match.end() : match.end() + 1]
    if first is None or (match["second"] and second is None) or (behind.isalnum() and not match["unit"]):
        return None  # «5G», «3D»
    if match["low"]:
        first = -first
    sign = _COMPARED.get(match["sign"] or "", "")
    if match["behind"]:
        sign = ">=" if match["behind"].endswith("len") else "<="
    unit = text[match.start("unit") : match.end("unit")].strip() if match["unit"] else ""
    printed = text[match.start() : match.end()].strip()
    if second is not None:
        return Value(printed, sign if sign == "~" else "", min(first, second), max(first, second), unit)
    low = None if sign in ("<", "<=") else first
    high = None if sign in (">", ">=") else first
    return Value(printed, sign, low, high, unit)


def _number(printed: str) -> float | None:
    if sum(c.isdigit() for c in printed) > _DIGITS:
        return None
    whole, comma, decimals = printed.partition(",")
    if re.fullmatch(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+", whole):
        whole = whole.replace(".", "")
    return float(f"{whole}.{decimals}" if comma else whole)


def _scale(unit: str) -> float:
    return _SCALES.get(fold(unit).split(" ")[0], 1.0)
