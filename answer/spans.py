"""Spans inside a clause's text: sentences, measures, dates. All are (start, end) character offsets."""

from __future__ import annotations

import re

from ingest.clean import fold

Offsets = tuple[int, int]

_SENTENCE_END = re.compile(r"(?<=[.;!?])\s+(?=[^a-zà-ỹ]|[-+•])|(?<=;)\s+|\s\|\s")
_MARKER = re.compile(r"^(?:[-+•*]|\(?\w{1,4}[.)])\s+")
_MEASURE_SPLIT = re.compile(r";\s*|\.\s+|,\s+(?=[^\d]|\d)|:\s+|\s\|\s")
_DATE = re.compile(
    r"(?:(?:trong|truoc|den|tu|vao|cham nhat|sau)\s+)?(?:het\s+)?(?:"
    r"ngay\s+\d{1,2}(?:\s+va\s+\d{1,2})?(?:/\d{1,2}(?:/\d{4})?|\s+thang\s+\d{1,2}(?:\s+nam\s+\d{4})?)?|"
    r"\d{1,2}/\d{1,2}(?:/\d{4})?|thang\s+\d{1,2}(?:/\d{4}|\s+nam\s+\d{4})?|quy\s+[ivx\d]+(?:[/\s]+(?:nam\s+)?\d{4})?|"
    r"giai doan\s+\d{4}\s*-\s*\d{4}|nam\s+\d{4})"
    r"(?:\s+(?:hang|moi)\s+(?:nam|thang|quy)|\s+va hang nam)?|\b(?:dinh ky\s+)?(?:hang nam|hang quy|hang thang|"
    r"thuong xuyen)\b"
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


def sentences(text: str) -> list[Offsets]:
    """Sentences and semicolon clauses, without the bullet or number that opens the text."""
    return _pieces(text, _SENTENCE_END)


def measures(text: str) -> list[Offsets]:
    """Parts that hold a number of their own: what stands between commas, semicolons and full stops.

    A comma inside a number («99,5%») splits nothing. A part without a number is joined to the next one: its subject.
    """
    joined: list[Offsets] = []
    pending: int | None = None
    for start, end in _pieces(text, _MEASURE_SPLIT):
        begin = start if pending is None else pending
        if not re.search(r"\d", _NO_MEASURE.sub(" ", text[start:end])):
            pending = begin if end - begin < 120 and text[end : end + 1] == "," else None
            continue
        joined.append((begin, end))
        pending = None
    return joined


def dates(text: str) -> list[Offsets]:
    """Dates and periods that say when; the dates of cited documents are left out."""
    folded = fold(text)
    found = []
    for match in _DATE.finditer(folded):
        if _CITED.search(folded[: match.start()]):
            continue
        found.append((match.start(), match.end()))
    return found


def _pieces(text: str, splitter: re.Pattern[str]) -> list[Offsets]:
    bounds = [0]
    for match in splitter.finditer(text):
        bounds += [match.start(), match.end()]
    bounds.append(len(text))
    pieces = []
    for start, end in zip(bounds[::2], bounds[1::2], strict=True):
        if start == 0 and (marker := _MARKER.match(text)):
            start = marker.end()
        piece = text[start:end].rstrip(" .;,")
        if piece.strip():
            lead = len(piece) - len(piece.lstrip())
            pieces.append((start + lead, start + len(piece)))
    return pieces
