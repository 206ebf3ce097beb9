"""Names as a user types them: provinces, and the nearest names where there is none such."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from ingest.clean import fold
from ingest.errors import QuestionError
from ingest.provinces import canonical_province, province_names
from ingest.reorganisation import reorganisation

_SUGGESTED = 3
_PART_WORTH = 0.95
_LIKE = 60.0  # of 100; less like it than this, a name is not worth offering


def known_province(typed: str) -> str:
    """The canonical name of a province in any spelling.

    Raises:
        QuestionError: there is no such province; the remedy offers the nearest names.
    """
    name = canonical_province(typed)
    if name is None:
        near = [near for near, _ in nearest_names(typed, province_names())]
        raise QuestionError(f"Không nhận ra tỉnh «{typed}».", offer(near, "Viết đủ tên tỉnh, ví dụ: Đồng Tháp."))
    return name


def recognised_province(typed: str, have: Collection[str]) -> str:
    """The province that was typed; of it, or of one that went into it, the plans must be (`have`: their provinces).

    Raises:
        QuestionError: it is no province, or none that the plans are of.
    """
    name = canonical_province(typed)
    stock = f"Kho có kế hoạch của: {', '.join(sorted(have))}."
    if name is None:
        near = [near for near, _ in nearest_names(typed, province_names())]
        raise QuestionError(f"Không nhận ra tỉnh «{typed}».", offer(near, stock))
    if not set(provinces_of(name)) & set(have):
        raise QuestionError(f"Kho chưa có kế hoạch nào của {name}.", stock)
    return name


def provinces_of(name: str) -> tuple[str, ...]:
    """A province and those that went into it."""
    return reorganisation().provinces.get(name, (name,))


def nearest_names(typed: str, names: Iterable[str]) -> list[tuple[str, float]]:
    """The names that look most like what was typed, best first, with a likeness of 0 to 100; ties by name."""
    words = bare(typed)
    scored = [(name, _likeness(words, bare(name))) for name in sorted(names)]
    return sorted((item for item in scored if item[1] >= _LIKE), key=lambda x: (-x[1], x[0]))[:_SUGGESTED]


def _likeness(typed: str, name: str) -> float:
    """Of 0 to 100. What was typed may be a part of the name, never the other way about."""
    from rapidfuzz import fuzz  # 30 ms, and most names are known as typed

    part = _PART_WORTH * fuzz.partial_ratio(typed, name) if len(typed) < len(name) else 0.0
    return max(fuzz.ratio(typed, name), part)


def bare(text: str) -> str:
    """The words of a name, folded, in single spaces."""
    return " ".join(re.findall(r"\w+", fold(text)))


def offer(names: Sequence[str], otherwise: str) -> str:
    """A remedy that offers names, where there are any, before what may be done otherwise."""
    return f"Có phải: {'; '.join(names)}? {otherwise}" if names else otherwise
