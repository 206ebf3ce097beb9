"""What a cell's text can be: number of a row, value, unit, agency, time, plain words."""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache

from ingest.agencies import find_agencies, is_agency_list
from ingest.clean import fold, words

_NUMBER = re.compile(r"^\(?(?:(?P<decimal>\d{1,3}(?:\.\d{1,3}){1,3})|(?P<arabic>\d{1,3}))[.)]?$")
_ROMAN = re.compile(r"^(?P<roman>[IVXL]{1,6})[.)]?$")
_SUBROMAN = re.compile(r"^(?P<roman>[IVXL]{1,6})\.(?P<n>\d{1,2})[.)]?$")
_CAPITAL = re.compile(r"^(?P<capital>[A-HĐ])[.)]?$")
_VALUE = re.compile(
    r"^(?:(?:khoang|tren|duoi|it nhat|toi thieu|toi da|dat|tu|gan|hon)\s+)*[<>≤≥=~±]{0,2}\s*=?\s*\d[\d.,]*"
    r"(?:\s*(?:-|den|/)\s*[<>≤≥=]{0,2}\s*\d[\d.,]*)?\s*%?(?:\s|$|[(/])"
)
_UNITS = frozenset(
    {
        "%", "%/nam", "lan", "muc do", "nguoi", "can", "can ho", "tuoi", "nam", "giuong", "ho", "xa", "huyen", "truong",
        "ty dong", "trieu dong", "nghin dong", "dong", "km", "km2", "ha", "m2", "m3", "tan", "kg", "bac si", "luot",
        "luot nguoi", "lop", "co so", "nha", "phong", "mo hinh", "du an", "ty le", "diem", "chi so", "doanh nghiep",
        "lao dong", "hoc sinh", "tre", "tre em", "thon", "hop tac xa", "bo", "thang", "ngay", "usd", "trieu usd",
    }
)  # fmt: skip
_TIME = re.compile(
    r"^(?:hang nam|hang quy|hang thang|thuong xuyen|giai doan\b|(?:trong |den |truoc |sau )?nam 20\d\d|quy [ivx1-4]+\b|"
    r"thang \d|(?:trong|truoc|den|sau|tu) (?:ngay|thang|quy|nam)\b|theo (?:ke hoach|quy dinh|yeu cau|tien do)|dinh ky|"
    r"hang tuan|20\d\d(?:\s*-\s*20\d\d)?$|\d{1,2}/\d{1,2}/20\d\d|\d{1,2}/20\d\d|khi co\b|lien tuc|nam hoc)"
)
_ROLE_LABEL = re.compile(r"^\W*(?:co quan |don vi )?(?:chu tri|phoi hop)\s*:")
_INVOLVED = re.compile(r"^(?:cac |nhung )?(?:so|co quan|don vi|ban|nganh)[^.]{0,45}?\blien quan\b")


class CellKind(Enum):
    """The shape of a cell's text."""

    EMPTY = "empty"
    DASH = "dash"
    VALUE = "value"
    UNIT = "unit"
    INVOLVED = "involved"  # «Các sở, ban, ngành liên quan; …»
    AGENCY = "agency"
    TIME = "time"
    TEXT = "text"


@lru_cache(maxsize=8192)  # the decoder asks for every cell in every column
def kind_of(text: str) -> CellKind:
    """Shape of one cell. Times win over values: «2025», «2024 - 2030» are read as either by `could_be_value`."""
    folded = fold(text).strip()
    if not folded:
        return CellKind.EMPTY
    if folded in {"-", "--", "x", "…", "...", "/"}:
        return CellKind.DASH
    if is_unit(folded):
        return CellKind.UNIT
    if _TIME.match(folded):
        return CellKind.TIME
    if _VALUE.match(folded):
        return CellKind.VALUE
    if _INVOLVED.match(folded):
        return CellKind.INVOLVED
    if _ROLE_LABEL.match(folded):
        return CellKind.AGENCY
    if words(text) <= 60 and is_agency_list(text) and not _is_sentence(text):
        return CellKind.AGENCY
    return CellKind.TEXT


def _is_sentence(text: str) -> bool:
    """An agency followed by what it shall do is a task, not an agency cell; «Sở A chủ trì …» in short is one."""
    if words(text) <= 20 and re.search(r"\b(?:chu tri|phoi hop)\b", fold(text)):
        return False
    spans = find_agencies(text)
    covered = sum(span.end - span.start for span in spans)
    return covered < 0.35 * len(text) and words(text) > 8


def is_unit(folded: str) -> bool:
    """A unit of measure: «%», «m2 sàn/người», «Triệu đồng/người/năm»."""
    bare = folded.strip(" ().")
    if bare in _UNITS:
        return True
    parts = [part.strip() for part in bare.split("/")]
    return len(parts) > 1 and parts[0] in _UNITS | {"m2 san", "giuong benh"} and all(len(p.split()) <= 3 for p in parts)


def could_be_value(text: str) -> bool:
    """A number, range or year, alone or with a short remark: «>= 2», «100 (duy trì)», «Khoảng 12.500»."""
    return bool(_VALUE.match(fold(text).strip()))


def row_number(text: str) -> tuple[str, tuple[int, ...]] | None:
    """A row number's style (`capital`, `roman`, `subroman`, `arabic`, `decimal`) and value, or None.

    «IX» → ("roman", (9,)), «III.2» → ("subroman", (3, 2)), «5.10» → ("decimal", (5, 10)), «7.» → ("arabic", (7,)).
    """
    text = text.strip()
    if match := _NUMBER.match(text):
        if match["decimal"]:
            return "decimal", tuple(int(part) for part in match["decimal"].split("."))
        return "arabic", (int(match["arabic"]),)
    if match := _ROMAN.match(text):
        return "roman", (roman_value(match["roman"]),)
    if match := _SUBROMAN.match(text):
        return "subroman", (roman_value(match["roman"]), int(match["n"]))
    if match := _CAPITAL.match(text):
        return "capital", ("ABCDĐEFGH".index(match["capital"]) + 1,)
    return None


def roman_value(text: str) -> int:
    """Value of a Roman numeral: «XIV» → 14."""
    digits = [{"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}[c] for c in text]
    return sum(-d if d < following else d for d, following in zip(digits, [*digits[1:], 0], strict=True))
