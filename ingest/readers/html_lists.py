"""The numbers and bullets that a browser would print before the items of a list."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from ingest.numbering import marker_of

# One level of list is told from the next by its symbol, as plans do.
_BULLETS = ("- ", "+ ", "* ")
_STYLE = re.compile(
    r"list-style(?:-type)?\s*:[^;]*?\b(none|decimal|(?:lower|upper)-(?:alpha|latin|roman)|disc|circle|square)"
)
_KINDS = {
    "lower-alpha": "a", "lower-latin": "a", "upper-alpha": "A", "upper-latin": "A", "lower-roman": "i",
    "upper-roman": "I", "decimal": "1", "none": "none", "disc": "-", "circle": "-", "square": "-",
}  # fmt: skip
_INTEGER = re.compile(r"\s*([+-]?\d{1,9})")
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


@dataclass(slots=True)
class _List:
    ordered: bool
    kind: str
    next: int
    step: int
    level: int


class Lists:
    """The lists that are open; `marker` is what stands before the item that begins."""

    def __init__(self) -> None:
        self._open: list[_List] = []

    def start(self, element: etree._Element) -> None:
        """A list begins."""
        ordered = element.tag == "ol"
        backwards = ordered and element.get("reversed") is not None
        first = len(element.findall("li")) if backwards else 1
        kind = _kind(element) or ("1" if ordered else "-")
        level = sum(not outer.ordered for outer in self._open)
        self._open.append(_List(ordered, kind, _integer(element.get("start"), first), -1 if backwards else 1, level))

    def end(self) -> None:
        """The innermost list ends."""
        if self._open:
            self._open.pop()

    def marker(self, item: etree._Element) -> str:
        """«1. », «- »: what a browser prints before an item; letters get the bracket that plans close them with."""
        if not self._open:
            return _BULLETS[0]
        inner = self._open[-1]
        kind = _kind(item) or inner.kind
        if not inner.ordered:
            return "" if kind == "none" else _BULLETS[min(inner.level, len(_BULLETS) - 1)]
        value = _integer(item.get("value"), inner.next)
        inner.next = value + inner.step
        return _number(value, kind)


def marked(marker: str, text: str) -> str:
    """An item with its marker; one that brings a marker of its own keeps only that: pages number by hand in lists."""
    if not marker:
        return text
    own = marker_of(text)
    doubled = own is not None and (own.number[0] in "-+*•" or marker[0] in "-+*")
    return text if doubled else marker + text


def _kind(element: etree._Element) -> str:
    found = _STYLE.search((element.get("style") or "").lower())
    if found:
        return _KINDS[found[1]]
    kind = (element.get("type") or "").strip()
    return kind if kind in ("1", "a", "A", "i", "I") else ""


def _integer(text: str | None, default: int) -> int:
    match = _INTEGER.match(text or "")
    return int(match[1]) if match else default


def _number(value: int, kind: str) -> str:
    match kind:
        case "none":
            return ""
        case "a" | "A" if value > 0:
            letters = _letters(value)
            return f"{letters}) " if kind == "a" else f"{letters.upper()}. "
        case "i" | "I" if 0 < value < 4000:
            roman = _roman(value)
            return f"{roman}. " if kind == "i" else f"{roman.upper()}. "
        case "-":
            return _BULLETS[0]
        case _:
            return f"{value}. "


def _letters(value: int) -> str:
    found = ""
    while value:
        value, rest = divmod(value - 1, 26)
        found = chr(ord("a") + rest) + found
    return found


def _roman(value: int) -> str:
    found = ""
    for size, digits in _ROMAN:
        count, value = divmod(value, size)
        found += digits * count
    return found
