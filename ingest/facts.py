"""Dates, periods and cited documents in a header's text."""

from __future__ import annotations

import re
from datetime import date

from ingest.clean import fold

LONG_DATE = re.compile(r"ngày\s*(?P<d>\d{1,2})\s*tháng\s*(?P<m>\d{1,2})\s*năm\s*(?P<y>\d{4})", re.IGNORECASE)
_SHORT_DATE = re.compile(r"\b(?P<d>\d{1,2})[/-](?P<m>\d{1,2})[/-](?P<y>\d{4})\b")
_PERIOD = re.compile(r"giai đoạn\s+(?:từ\s+)?(?:năm\s+)?(\d{4})\s*(?:-|–|đến)\s*(?:năm\s+)?(\d{4})", re.IGNORECASE)
_UNTIL = re.compile(r"đến (?:hết )?năm\s+(\d{4})", re.IGNORECASE)
_YEAR = re.compile(r"\bnăm\s+(20\d{2})\b", re.IGNORECASE)
# A document cited by its number: kind, number, date.
CITED_DOCUMENT = re.compile(
    r"(?P<kind>Nghị quyết|Quyết định|Chương trình hành động|Chương trình|Kế hoạch|Kết luận|Chỉ thị|Công văn|Tờ trình|"
    r"Nghị định|Thông tư|Luật|Đề án|Thông báo|Quy định|Pháp lệnh)(?P<n>\s+(?:[Ss]ố\s+)?\d+[\w/.-]*[A-ZĐ][\w&-]*)"
    r"(?P<d>,?\s+ngày\s+(?:\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4}|\d{1,2}/\d{1,2}/\d{4}))?"
)
LAW = re.compile(r"(?P<law>(?:Bộ )?Luật [A-ZĐ][^;.,]{4,120}?)(?=\s+(?:ngày|năm|số)\b|[;.,]|$)")


def basis_documents(text: str) -> tuple[str, ...]:
    """Documents that a preamble names, in order, each once: «Nghị quyết số 42-NQ/TW ngày 24/11/2023»."""
    found: dict[str, tuple[int, str]] = {}
    for match in CITED_DOCUMENT.finditer(text):
        key = re.sub(r"\W", "", fold(match["n"])).removeprefix("so")
        printed = match.group().strip(" ,")
        if key not in found or len(printed) > len(found[key][1]):
            found[key] = (found.get(key, (match.start(), ""))[0], printed)
    for match in LAW.finditer(text):
        found.setdefault(fold(match["law"]), (match.start(), match["law"].strip()))
    return tuple(printed for _, printed in sorted(found.values()))


def parse_date(text: str) -> date | None:
    """The first date of a text: «ngày 05 tháng 6 năm 2024» or «05/6/2024»."""
    for pattern in (LONG_DATE, _SHORT_DATE):
        for match in pattern.finditer(text):
            try:
                return date(int(match["y"]), int(match["m"]), int(match["d"]))
            except ValueError:
                continue
    return None


def period_of(title: str, issued: date | None = None) -> str:
    """«2021-2025», «đến năm 2030» or a single year, from a title; empty where it names none.

    Of two periods the last: a title first names what it carries out («… Nghị quyết … giai đoạn 2012 - 2020»). One that
    was over before the plan was `issued` is never its own.
    """
    periods = [m for m in _PERIOD.finditer(title) if issued is None or int(m[2]) >= issued.year]
    if periods:
        return f"{periods[-1][1]}-{periods[-1][2]}"
    if match := _UNTIL.search(title):
        return f"đến năm {match[1]}"
    years = [
        m[1] for m in _YEAR.finditer(title) if not re.search(r"tháng\s+\d+\s*$", title[: m.start()], re.IGNORECASE)
    ]
    return years[0] if len(set(years)) == 1 else ""
