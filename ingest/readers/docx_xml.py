"""WordprocessingML: tag names, attribute values, and children as they stand once every change is accepted."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from lxml.etree import _Element as Element

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

_WRAPPERS = frozenset(f"{{{NAMESPACE}}}{name}" for name in ("ins", "moveTo", "customXml", "smartTag", "sdtContent"))
_DROPPED = frozenset(f"{{{NAMESPACE}}}{name}" for name in ("del", "moveFrom"))


@cache
def w(name: str) -> str:
    """The full tag or attribute name of `w:name`."""
    return f"{{{NAMESPACE}}}{name}"


_VAL, _SDT, _ALTERNATIVES = w("val"), w("sdt"), f"{COMPATIBILITY}AlternateContent"


def value(element: Element | None, attribute: str = "val") -> str:
    """An attribute of an element that may be missing, «» where there is none."""
    return "" if element is None else str(element.get(w(attribute), ""))


def number(element: Element | None, default: int, least: int, most: int, attribute: str = "val") -> int:
    """An integer attribute held between `least` and `most`; `default` where it is missing or no number."""
    try:
        return max(least, min(most, int(value(element, attribute))))
    except ValueError:  # also a run of digits that is too long to be read
        return default


def switched(element: Element | None) -> bool | None:
    """A property that is on or off; None where it says nothing. It is on where it stands without a value."""
    return None if element is None else element.get(_VAL, "true") not in ("0", "false", "off")


def descend(element: Element | None, *names: str) -> Element | None:
    """The first descendant along a path of `w:` names."""
    for name in names:
        if element is None:
            return None
        element = element.find(w(name))
    return element


def contents(element: Element) -> Iterator[Element]:
    """Children, through content controls and inserted parts, without deleted ones and generated tables of contents."""
    for child in element:
        if child.tag == _SDT:
            gallery = descend(child, "sdtPr", "docPartObj", "docPartGallery")
            inner = None if value(gallery) == "Table of Contents" else descend(child, "sdtContent")
            if inner is not None:
                yield from contents(inner)
        elif child.tag == _ALTERNATIVES:
            chosen = alternative(child)
            if chosen is not None:
                yield from contents(chosen)
        elif child.tag in _WRAPPERS:
            yield from contents(child)
        elif child.tag not in _DROPPED:
            yield child


def alternative(element: Element) -> Element | None:
    """Of `mc:AlternateContent` the choice; the fallback says the same again for old programs."""
    for name in ("Choice", "Fallback"):
        found: Element | None = element.find(COMPATIBILITY + name)
        if found is not None:
            return found
    return None
