"""The header of a scanned table: words that nearly name a column are read as its name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from ingest.clean import fold

_NUMBERS = ("tt", "stt")
_TERMS = {
    fold(term): term
    for term in (
        "chỉ tiêu", "mục tiêu", "nhiệm vụ", "nội dung", "đơn vị", "cơ quan", "chủ trì", "phối hợp", "thực hiện",
        "thời gian", "hoàn thành", "tiến độ", "ghi chú", "cấp trình", "kinh phí",
    )
}  # fmt: skip
_ROMAN = re.compile(r"[IVX]+")


def header_of(row: Sequence[str]) -> list[str]:
    """The cells of a row at the top of a table on its page, those of a header set right: «ET», «Chỉ tiên» → «TT», «Chỉ
    tiêu». Whether it is one its first cell tells, and that others name columns."""
    first = fold(row[0]).strip(" .") if row else ""
    near = any(Levenshtein.distance(first, name, score_cutoff=1) <= 1 for name in _NUMBERS)
    if not near or _ROMAN.fullmatch(row[0]):
        return list(row)
    named = [_with_terms(cell) for cell in row[1:]]
    if sum(any(term in fold(cell) for term in _TERMS) for cell in named) < 2:
        return list(row)
    return [row[0] if first in _NUMBERS else "TT", *named]


def _with_terms(cell: str) -> str:
    words = cell.split()
    for at, pair in enumerate(pairwise(words[:])):
        said = fold(" ".join(pair))
        term = next((t for t in _TERMS if Levenshtein.distance(said, t, score_cutoff=1) == 1), "")
        if term and said not in _TERMS:
            words[at : at + 2] = _as_printed(_TERMS[term], pair).split()
    return " ".join(words)


def _as_printed(term: str, pair: tuple[str, str]) -> str:
    """In capitals, with a capital, or in small letters as what was read."""
    if all(word.isupper() for word in pair):
        return term.upper()
    return term.capitalize() if pair[0][:1].isupper() else term
