"""Elements that a site puts around a document, known by tag, role or class; and the one that holds the document."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lxml import etree

from ingest.readers.html_blocks import Block

_TAGS = frozenset({"nav", "aside", "header", "footer", "dialog", "menu", "marquee"})
_ROLES = frozenset(
    {"navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alert", "menu", "menubar", "toolbar"}
)
_WORDS = frozenset({
    "menu", "submenu", "nav", "navbar", "navigation", "breadcrumb", "breadcrumbs", "sidebar", "share", "sharing",
    "shared", "social", "addthis", "related", "relates", "lienquan", "comment", "comments", "binhluan", "footer",
    "header", "banner", "banners", "advert", "adv", "ads", "toolbar", "pagination", "paging", "pager", "tags",
    "rating", "vote", "login", "popup", "modal", "toc", "search", "copyright", "newsletter", "subscribe",
    "tinlienquan", "tinkhac", "weather", "visitor", "counter", "topbar", "skip", "hidden-text",
})  # fmt: skip
_CLASSES = frozenset(
    {"hidden", "hide", "sr-only", "visually-hidden", "screen-reader-text", "ng-hide", "noprint", "no-print"}
)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_SHARE = 0.3  # of a page's text: an element that holds so much is no furniture, whatever its class
_MOST = 0.95


@dataclass(slots=True)
class _Mass:
    """What stands in an element: letters outside of links, blocks that only a document has, blocks that acquit it."""

    letters: int = 0
    signs: int = 0
    holders: int = 0

    def add(self, other: _Mass) -> None:
        self.letters += other.letters
        self.signs += other.signs
        self.holders += other.holders


def set_apart(blocks: Sequence[Block], is_sign: Callable[[Block], bool], holds: Callable[[Block], bool]) -> list[Block]:
    """The blocks that stand in no menu, footer, list of related documents or other furniture."""
    masses = _masses(blocks, is_sign, holds)
    total = sum(_letters(block) for block in blocks)
    known: dict[etree._Element, bool] = {}

    def furniture(element: etree._Element) -> bool:
        mass = masses[element]
        return mass.holders == 0 and mass.letters < _SHARE * total and _is_named(element)

    return [block for block in blocks if not _any_above(block.element, furniture, known)]


def document_root(blocks: Sequence[Block], is_sign: Callable[[Block], bool]) -> etree._Element | None:
    """The smallest element that holds every sign of the document and nearly all of the text; None without a sign."""
    masses = _masses(blocks, is_sign, is_sign)
    tops = [element for element in masses if element.getparent() is None]
    if not tops or not masses[tops[0]].signs:
        return None
    node = tops[0]
    whole = masses[node]
    while True:
        heaviest = max(
            (child for child in node if child in masses), key=lambda child: masses[child].letters, default=None
        )
        if heaviest is None or masses[heaviest].signs < whole.signs or masses[heaviest].letters < _MOST * whole.letters:
            return node
        node = heaviest


def is_inside(blocks: Sequence[Block], root: etree._Element) -> list[Block]:
    """The blocks that stand in `root`."""
    known: dict[etree._Element, bool] = {}
    return [block for block in blocks if _any_above(block.element, lambda element: element is root, known)]


def _masses(
    blocks: Sequence[Block], is_sign: Callable[[Block], bool], holds: Callable[[Block], bool]
) -> dict[etree._Element, _Mass]:
    """The mass of every element that holds a block, each added to its parent once."""
    masses: dict[etree._Element, _Mass] = defaultdict(_Mass)
    for block in blocks:
        masses[block.element].add(_Mass(_letters(block), int(is_sign(block)), int(holds(block))))
    depths: dict[etree._Element, int] = {}
    for element in list(masses):
        _depth(element, depths)
    for element in sorted(depths, key=lambda element: depths[element], reverse=True):
        parent = element.getparent()
        if parent is not None:
            masses[parent].add(masses[element])
    return masses


def _depth(element: etree._Element, depths: dict[etree._Element, int]) -> int:
    chain = []
    node: etree._Element | None = element
    while node is not None and node not in depths:
        chain.append(node)
        node = node.getparent()
    depth = depths[node] if node is not None else -1
    for node in reversed(chain):
        depth += 1
        depths[node] = depth
    return depth


def _any_above(
    element: etree._Element, test: Callable[[etree._Element], bool], known: dict[etree._Element, bool]
) -> bool:
    """Whether an element or one above it passes a test. `known` holds what was found before."""
    chain = []
    node: etree._Element | None = element
    found = False
    while node is not None:
        if node in known:
            found = known[node]
            break
        chain.append(node)
        if test(node):
            found = True
            break
        node = node.getparent()
    for node in chain:
        known[node] = found
    return found


def _letters(block: Block) -> int:
    return max(0, len(block.text) - block.linked)


def _is_named(element: etree._Element) -> bool:
    """Whether its tag, role, class or id says that an element is furniture."""
    if element.tag in ("html", "body", "p", "td", "li"):
        return element.tag in ("td", "li") and _is_classed(element)
    return element.tag in _TAGS or element.get("role") in _ROLES or _is_classed(element)


def _is_classed(element: etree._Element) -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    if not names.strip():
        return False
    if _CLASSES & set((element.get("class") or "").lower().split()):
        return True
    return any(word.lower() in _WORDS for word in _WORD.findall(names))
