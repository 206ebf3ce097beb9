"""Pieces of a clause's text: sentences, phrases, measures, dates. All are (start, end) character offsets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from answer.asked import When
from ingest.clean import fold

Offsets = tuple[int, int]
Reach = tuple[int, int, int]  # start and end of a measure, and how far it reaches

_SENTENCE_END = re.compile(r"(?<=[.;!?])\s+(?=[^a-zà-ỹ]|[-+•])|(?<=;)\s+|\s\|\s")
_PHRASE_END = re.compile(
    r"(?<=[.;:!?])\s+|,\s+(?!\d+\s*%?[,;])|\s\|\s|\s(?=\()|(?<=\))\s"
    r"|\s(?=(?:để|nhằm|thông qua|góp phần|tạo điều kiện|trong đó|bảo đảm|đảm bảo|nhất là|từ đó|qua đó|trên cơ sở|"
    r"đồng thời|đối với|theo quy định|gắn với|phù hợp với)\s)"
)
_SYMBOLS = {
    "met": "m(?:et|[2²])?",
    "lit": "l(?:it)?",
    "ha": "(?:ha|hec ?ta)",
    "ty": "(?:ty|ti)",
    "dong": "(?:dong|trieu|ty|ti)",
}
_SUBJECT = 120  # characters that the subject of a measure may have
_MARKER = re.compile(r"^(?:[-+•*]|\(?\w{1,4}[.)])\s+")
_MEASURE_SPLIT = re.compile(r";\s*|\.\s+|,\s+(?=[^\d]|\d)|:\s+|\s\|\s|\s\(|\)[\s,;.]")
_DAY = (
    r"ngay\s+\d{1,2}(?:\s+va\s+\d{1,2})?(?:/\d{1,2}(?:/\d{4})?|\s+thang\s+\d{1,2}(?:\s+nam\s+\d{4})?)?|"
    r"(?<![\d/])\d{1,2}/\d{1,2}(?:/\d{4})?(?!\d|/)"
)
_MONTH = r"thang\s+\d{1,2}(?:/\d{4}|\s+nam\s+\d{4})?(?!\d|/)|quy\s+[ivx\d]+(?:[/\s]+(?:nam\s+)?\d{4})?\b"
_PERIOD = (
    r"(?:(?:trong\s+)?(?:giai doan|thoi ky|nam)\s+|tu\s+(?:nam\s+)?)?\b20\d\d\s*(?:-|den\s+(?:het\s+)?nam)\s*20\d\d\b"
)
_YEAR = r"nam\s+20\d\d\b|(?<=den )20\d\d\b|(?<=tam nhin )20\d\d\b"
_OFTEN = (
    r"(?:dinh ky\s+)?(?:hang|moi)\s+(?:nam|quy|thang|tuan)|dinh ky\s+\d+\s+thang|\d+\s+thang\s*/\s*lan|thuong xuyen"
)
_BEFORE = r"(?:(?<![/-])(?:trong|truoc|den|tu|vao|cham nhat(?: la)?|sau|ke tu)\s+)?(?:(?:het|cuoi|dau|giua)\s+)?"
_DATE = re.compile(
    rf"{_BEFORE}(?:(?P<day>{_DAY})|(?P<month>{_MONTH})|(?P<period>{_PERIOD})|(?P<year>{_YEAR}))"
    rf"(?:\s+(?:hang|moi)\s+(?:nam|thang|quy)|\s+va hang nam)?|\b(?P<cycle>{_OFTEN})\b"
)
# Years, periods, dates and document numbers: digits that measure nothing.
_NO_MEASURE = re.compile(
    r"(?:giai đoạn|năm|tháng|ngày|quý|khóa|khoá|điều|khoản|số)\s+\d[\d/]*(?:\s*[-–]\s*\d{4})?|\b(?:19|"
    r"20)\d\d\b(?:\s*[-–]\s*(?:19|20)\d\d)?|"
    r"\d+(?:/\d+)*[/-][A-ZĐ][\w-]*|\b\d{1,2}/\d{1,2}(?:/\d{4})?\b",
    re.IGNORECASE,
)
# The number and date of a cited document are no deadline.
_CITED = re.compile(r"(?:/|-)[a-z]{2,}[\w-]*,?\s*$")


@dataclass(frozen=True, slots=True)
class Date:
    """A date, period or cycle, and which of them it is."""

    start: int
    end: int
    when: When


def sentences(text: str) -> list[Offsets]:
    """Sentences and semicolon clauses, without the bullet or number that opens the text."""
    return _pieces(text, _SENTENCE_END)


def phrases(text: str, start: int = 0, end: int | None = None) -> list[Offsets]:
    """Parts of a stretch of text between commas, colons, brackets and full stops."""
    return [(start + a, start + b) for a, b in _pieces(text[start:end], _PHRASE_END, marked=not start)]


def reaches(text: str) -> list[Reach]:
    """Measures, what stands between commas, semicolons and full stops with a number of its own: start, end, reach.

    A comma inside a number («99,5%») splits nothing. A part without a number is joined to the next one: its subject. A
    measure reaches over the parts behind it that have no number: they tell of the same («100% hộ gia đình chăm sóc trẻ
    em, phụ nữ mang thai, người cao tuổi được hưởng trợ cấp»).
    """
    found: list[Reach] = []
    pending: int | None = None
    for start, end in _pieces(text, _MEASURE_SPLIT):
        begin = start if pending is None else pending
        if has_measure(text[start:end]):
            found.append((begin, end, end))
            pending = None
            continue
        if found and text[found[-1][2] : start].strip() == ",":
            found[-1] = (found[-1][0], found[-1][1], end)
        pending = begin if end - begin < _SUBJECT and text[end : end + 1] == "," else None
    return found


def has_measure(text: str) -> bool:
    """Whether a text holds a number that counts something."""
    return re.search(r"\d", _countable(text)) is not None


def counts(text: str, thing: tuple[str, ...]) -> bool:
    """Whether a text holds a number of a thing: «2.500 căn», «95%» of («%»,) or («phan», «tram»)."""
    if not thing:
        return False
    folded = _countable(text)
    if thing[0] == "%" or thing[:2] == ("phan", "tram"):
        return re.search(r"\d\s*%|\d phan tram", folded) is not None
    return re.search(rf"\d\s*(?:[a-z]+\s+){{0,2}}?(?<!\bcan ){_unit(thing[0])}(?!\w)", folded) is not None


@lru_cache(maxsize=20_000)  # the texts of a corpus come again with every question
def _countable(text: str) -> str:
    """The text folded, without years, dates and numbers of documents."""
    return fold(_NO_MEASURE.sub(" ", text))


def of_unit(text: str, thing: tuple[str, ...]) -> bool:
    """Whether the words of a row name a unit: «%», «tỷ đồng»."""
    folded = fold(text)
    if thing[0] in ("%", "phan"):
        return "%" in folded or "phan tram" in folded
    if thing[0] == "dong":
        return re.search(r"\b(?:ty|ti|trieu|nghin|ngan) dong\b", folded) is not None
    return re.search(rf"\b{_unit(thing[0])}(?!\w)", folded) is not None


def _unit(word: str) -> str:
    """Pattern of a unit in words or as its symbol."""
    return _SYMBOLS.get(word, re.escape(word))


def dates(text: str, cited: bool = False) -> list[Date]:
    """Dates and periods that say when; the dates of cited documents only where they are asked for (`cited`)."""
    folded = fold(text)
    found = []
    for match in _DATE.finditer(folded):
        if (not cited and _CITED.search(folded[: match.start()])) or match.lastgroup is None:
            continue
        found.append(Date(match.start(), match.end(), When(match.lastgroup)))
    return found


def _pieces(text: str, splitter: re.Pattern[str], marked: bool = True) -> list[Offsets]:
    """What stands between the splitter's matches, without the marker that opens a `marked` text."""
    bounds = [0]
    for match in splitter.finditer(text):
        bounds += [match.start(), match.end()]
    bounds.append(len(text))
    pieces = []
    for start, end in zip(bounds[::2], bounds[1::2], strict=True):
        if marked and start == 0 and (marker := _MARKER.match(text)):
            start = marker.end()
        piece = text[start:end].rstrip(" .;,")
        if piece.strip():
            lead = len(piece) - len(piece.lstrip())
            pieces.append((start + lead, start + len(piece)))
    return pieces
