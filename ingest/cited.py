"""Numbers of documents in folded text («ke hoach so 12/kh-ubnd ngay 05/3/2025»): where they stand, whose they are, and
lists of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ingest.clean import fold
from ingest.facts import parse_date

# Documents that a province makes, and those that only others make.
KIND = (
    r"(?:ke hoach|quyet dinh|nghi quyet|chi thi|chuong trinh hanh dong|chuong trinh|de an|cong van|thong bao|phuong an|"
    r"huong dan|quy dinh|quy che|van ban)"
)
ANY_KIND = rf"\b(?:{KIND}|nghi dinh|thong tu|luat|phap lenh|ket luan)\b"
# «12/KH-UBND», «12/2020/QĐ-UBND», «05-KH/TU», «1234/UBND-KGVX»
_NUMBER = r"\d{1,6}\s?(?:/\s?(?:\d{4}\s?/\s?)?|-\s?)[a-z]{2,5}(?:\s?[-/]\s?[a-z][a-z&.]*[a-z])+"
_DATE = r"\s?,?\s(?:ban hanh |ky )?ngay (?:\d{1,2} thang \d{1,2} nam \d{4}|\d{1,2}[/.-]\d{1,2}[/.-]\d{4})"
NUMBERED = re.compile(rf"(?:\b{ANY_KIND}\s)?(?:\bso ?:? ?)?(?<![\w/])(?P<n>{_NUMBER})(?!\w)(?P<date>{_DATE})?")
# What parts the items of a list: «Kế hoạch số …, Kế hoạch số … và số …», «1. Quyết định số …; 2. …»
_NEXT = re.compile(r"(?:[,;:]|\bva)\s*(?:cac\s)?(?:(?:\d{1,2}[.)]|[a-z]\)|[-+])\s*)?$")
_FAR = 500  # characters of a document's title that may part it from the next of a list
_KIND_CODES = frozenset({"kh", "qd", "nq", "ct", "ctr", "da", "tb", "hd", "bc", "cv", "pa", "qc", "ttr", "kl", "qdi"})
_CENTRAL = frozenset({"ttg", "cp", "tw", "nd", "tt", "ttlt", "vpcp"})


@dataclass(frozen=True, slots=True)
class Numbered:
    """A document's number in a text as printed, its date where it is told, and where both stand."""

    number: str
    issued: date | None
    start: int
    end: int


def first_numbered(text: str, start: int = 0) -> Numbered | None:
    """The first number behind a place."""
    return next(_numbers(text, start), None)


def opening_number(text: str) -> Numbered | None:
    """The number that a text opens with, behind an item's own number or dash."""
    lead = re.match(r"\W*(?:(?:\d{1,2}[.)]|[a-z]\)|[-+•])\s*)?", fold(text))
    found = first_numbered(text)
    return found if found and lead and found.start <= lead.end() else None


def listed(text: str, first: Numbered) -> list[Numbered]:
    """A document with those that are listed behind it; not those that the titles of these name."""
    found, end, strange = [first], first.end, False
    for item in _numbers(text, first.end):
        between = fold(text[end : item.start])
        if len(between) > _FAR:
            break
        if _NEXT.search(between) and (not strange or ";" in between):
            found.append(item)
            end, strange = item.end, False
        else:
            strange = True
    return found


def _numbers(text: str, start: int) -> Iterator[Numbered]:
    for match in NUMBERED.finditer(fold(text), start):
        number = re.sub(r"\s", "", text[slice(*match.span("n"))])
        issued = parse_date(text[slice(*match.span("date"))].replace(".", "/")) if match["date"] else None
        yield Numbered(number, issued, *match.span())


def normalised(number: str) -> str:
    """A number however it is spelled: «12 / kh – UBND» is «12/KH-UBND»."""
    return re.sub(r"\s", "", fold(number))


def same_issuer(own: str, other: str) -> bool:
    """Whether two numbers end as those of one body do; a document without a number is of no central body."""
    theirs = _issuer(other)
    return bool(_issuer(own) & theirs) if own else not theirs & _CENTRAL


def _issuer(number: str) -> frozenset[str]:
    parts: Sequence[str] = re.findall(r"[a-z]+", normalised(number))
    return frozenset("ubnd" if part == "ub" else part for part in parts if part not in _KIND_CODES)
