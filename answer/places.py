"""Provinces as a user names them, and the nearest names where there is no such province."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import process

from ingest.clean import fold
from ingest.errors import QuestionError
from ingest.provinces import canonical_province, province_names

_OFFERED = 3
_ALIKE = 65.0  # of 100, below which a name is not offered


def known_province(typed: str) -> str:
    """The canonical name of a province in any spelling.

    Raises:
        QuestionError: there is no such province; the remedy offers the nearest names.
    """
    name = canonical_province(typed)
    if name is None:
        offered = nearest(typed, province_names())
        remedy = f"Có phải: {', '.join(offered)}?" if offered else "Viết đủ tên tỉnh, ví dụ: Đồng Tháp."
        raise QuestionError(f"Không nhận ra tỉnh «{typed}».", remedy)
    return name


def nearest(typed: str, names: Iterable[str]) -> list[str]:
    """The names most like what was typed, best first, ties by name; none where nothing is like it."""
    folded = {name: fold(name) for name in sorted(names)}
    found = process.extract(fold(typed), folded, limit=len(folded), score_cutoff=_ALIKE)
    return [name for _, _, name in sorted(found, key=lambda hit: (-hit[1], hit[2]))][:_OFFERED]
