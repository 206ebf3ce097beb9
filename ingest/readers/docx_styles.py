"""Styles of a Word document: what a paragraph or a run takes from its style and from the styles that is based on."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml.etree import _Element as Element

from ingest.readers.docx_xml import descend, switched, value, w

_MAX_CHAIN = 32  # Word itself allows eleven; a chain may also run in a circle
_CONTENTS = re.compile(r"toc (?:\d|heading)", re.IGNORECASE)
FLAGS = ("vanish", "caps")


@dataclass(frozen=True, slots=True)
class Style:
    """One style. `num` and `level` name its list («» where it says nothing), `flags` what it switches."""

    id: str
    name: str
    parent: str
    num: str
    level: str
    align: str
    flags: tuple[bool | None, ...]


class Styles:
    """All styles of a document, by id."""

    def __init__(self, root: Element | None) -> None:
        self._styles: dict[str, Style] = {}
        self._chains: dict[str, tuple[Style, ...]] = {}
        self._default = ""
        for element in root.iterfind(w("style")) if root is not None else ():
            style = _style(element)
            self._styles[style.id] = style
            if value(element, "type") == "paragraph" and value(element, "default") in ("1", "true", "on"):
                self._default = style.id

    def of_paragraph(self, paragraph: Element) -> tuple[Style, ...]:
        """The style of a paragraph, then those that it is based on."""
        return self.chain(value(descend(paragraph, "pPr", "pStyle")) or self._default)

    def chain(self, style_id: str) -> tuple[Style, ...]:
        """A style, then those that it is based on; empty for an unknown one."""
        if style_id not in self._chains:
            chain: list[Style] = []
            style = self._styles.get(style_id)
            while style is not None and style not in chain and len(chain) < _MAX_CHAIN:
                chain.append(style)
                style = self._styles.get(style.parent)
            self._chains[style_id] = tuple(chain)
        return self._chains[style_id]

    def flag(self, properties: Element | None, inherited: tuple[Style, ...], name: str) -> bool:
        """Whether a run with these properties, in a paragraph of these styles, is switched to `name` of `FLAGS`."""
        at = FLAGS.index(name)
        if properties is None:
            return _first(inherited, at)
        direct = switched(properties.find(w(name)))
        if direct is not None:
            return direct
        own = self.chain(value(properties.find(w("rStyle"))))
        return _first((*own, *inherited), at)


def _first(styles: tuple[Style, ...], at: int) -> bool:
    return next((flag for style in styles if (flag := style.flags[at]) is not None), False)


def is_contents(styles: tuple[Style, ...]) -> bool:
    """Whether a paragraph is an entry of a table of contents: it repeats a heading, with a page number."""
    return any(_CONTENTS.match(style.name) for style in styles[:1])


def alignment(paragraph: Element, styles: tuple[Style, ...]) -> str:
    """«center», «both», … of a paragraph."""
    direct = value(descend(paragraph, "pPr", "jc"))
    return direct or next((style.align for style in styles if style.align), "")


def _style(element: Element) -> Style:
    num = descend(element, "pPr", "numPr")
    return Style(
        id=value(element, "styleId"),
        name=value(descend(element, "name")),
        parent=value(descend(element, "basedOn")),
        num=value(descend(num, "numId")),
        level=value(descend(num, "ilvl")),
        align=value(descend(element, "pPr", "jc")),
        flags=tuple(switched(descend(element, "rPr", name)) for name in FLAGS),
    )
