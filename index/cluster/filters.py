"""A filter in the language of the engine. What comes from outside stands in it as a quoted text and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from index.filter import Filter


def expression(restrict: Filter) -> str | None:
    """The expression of a filter, "" where it restricts nothing; None where it allows nothing: an empty list."""
    lists = (restrict.provinces, restrict.documents, restrict.kinds, restrict.agencies)
    if any(allowed is not None and not allowed for allowed in lists):
        return None
    parts = [
        f"{field} in {_listed(allowed)}"
        for field, allowed in (
            ("province", restrict.provinces),
            ("document", restrict.documents),
            ("kind", [kind.value for kind in restrict.kinds] if restrict.kinds else None),
        )
        if allowed
    ]
    if restrict.agencies:
        parts.append(f"array_contains_any(agencies, {_listed(restrict.agencies)})")
    return " and ".join(parts)


def among(keys: Sequence[int], expression: str = "") -> str:
    """The expression for the rows of these keys, and of another expression."""
    listed = f"key in [{', '.join(map(str, keys))}]"
    return f"{expression} and {listed}" if expression else listed


def between(first: int, end: int) -> str:
    """The expression for the rows from one key up to, but not with, another."""
    return f"key >= {int(first)} and key < {int(end)}"


def _listed(texts: Iterable[str]) -> str:
    return f"[{', '.join(json.dumps(text, ensure_ascii=False) for text in sorted(texts))}]"
