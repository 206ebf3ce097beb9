"""The lines of a letterhead, known by their words, and letterheads that are laid out as a Markdown table."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.clean import fold, repair, strip_markup, words
from ingest.model import Line
from ingest.signature import CLOSING

LETTERHEAD = re.compile(
    r"^(?:(?:(?:uy|hoi dong) ?(?:ban )?nhan dan|ubnd|hdnd)\b.{0,40}(?<![:.;,])$|"
    r"cong hoa xa hoi chu nghia|doc lap\s*-\s*tu do|"
    r"so\s*:|so\s+\d+\s*[-/]\s*[a-z]|"
    r"(?:tinh|thanh pho|tp\.?)\s+[a-z -]{3,30}$|[a-z .-]{2,30},\s*ngay\s(?:.{0,12}\bthang\b|\d{1,2}/\d{1,2}/\d{4})|"
    r"du thao\b.{0,20}$)"
)
# What a copied page broke in the middle: «Số:», «Lào Cai, ngày», «ngày 21 tháng», «ỦY»
_CUT = re.compile(
    r"^(?:so\s*:|[a-z .-]{2,30},\s*ngay(?:\s+\d{1,2}(?:\s+thang(?:\s+\d{1,2}(?:\s+nam)?)?)?)?|uy|uy ban|cong|cong hoa|"
    r"cong hoa xa hoi(?: chu nghia(?: viet)?)?)$"
)
_LAYOUT = re.compile(r"^(?:cong hoa xa hoi chu nghia\b|noi nhan\s*:|(?:tm|kt|tl|tuq)\. )")


def is_letterhead(text: str) -> bool:
    """Whether a line is one of a letterhead: «TỈNH CÀ MAU», «Độc lập - Tự do - Hạnh phúc», «Số: …», place and date."""
    folded = fold(text)
    return bool(LETTERHEAD.match(folded)) and words(text) <= 14 and not CLOSING.match(folded)


def is_cut(text: str) -> bool:
    """Whether a line of a letterhead goes on in the next one: «Số:», «Lào Cai, ngày», «CỘNG HÒA XÃ HỘI»."""
    return bool(_CUT.match(fold(text)))


def spread_layout(lines: Sequence[Line]) -> tuple[list[Line], list[int]]:
    """Lines in which the cells of a Markdown table that lays out letterhead or signature stand one below the other,
    each with the number of its row; and the numbers of rows without words."""
    spread: list[Line] = []
    empty: list[int] = []
    index = 0
    while index < len(lines):
        end = index
        while end < len(lines) and lines[end].text.startswith("|"):
            end += 1
        parts = [_cells(line) for line in lines[index:end]]
        if not any(_LAYOUT.match(fold(part.text)) for row in parts for part in row):
            spread += lines[index : max(end, index + 1)]
        else:
            empty += [line.number for line, row in zip(lines[index:end], parts, strict=True) if not row]
            spread += [part for row in parts for part in row]
        index = max(end, index + 1)
    return spread, empty


def _cells(line: Line) -> list[Line]:
    texts = [text for cell in line.text.strip("| ").split("|") for text in re.split(r"<br\s*/?>", cell)]
    shown = [repair(strip_markup(text.strip())) for text in texts]
    return [Line(line.number, text, line.raw) for text in shown if text.strip("-:*_ ")]
