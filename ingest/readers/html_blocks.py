"""A tree of elements → paragraphs and data tables in reading order, as a browser would show them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from ingest.numbering import marker_of
from ingest.readers.html_grid import Cell, grid_of, strays_of
from ingest.readers.html_lists import Lists, marked
from ingest.readers.html_metadata import is_label
from ingest.readers.layout import is_data_table

_SKIPPED = frozenset({
    "script", "style", "template", "noscript", "iframe", "object", "embed", "applet", "svg", "canvas", "audio",
    "video", "map", "input", "select", "option", "textarea", "button", "datalist", "meta", "link", "title", "base",
    "del", "xml",
})  # fmt: skip
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "dir", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
    "html", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "td", "th", "tr",
    "ul",
})  # fmt: skip
_LISTS = ("ol", "ul", "menu", "dir")
_HIDDEN = re.compile(r"display:none|visibility:hidden|mso-hide:all|content-visibility:hidden")
_BLOCK_STYLE = re.compile(r"display:(?:block|flex|grid|list-item|table)\b")
_KEPT_SPACE = re.compile(r"white-space:(?:pre|break-spaces)")
_SPACE = re.compile(r"[ \t\n\r\f]+")
_LINE_ENDS = re.compile(r"\r\n?|\f")
_AREA = re.compile(r"(?<![^\W\d_])(?:k|h|d|c|m)?m$", re.IGNORECASE)
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_OPENING = 500
_SYMBOL_BULLETS = "oOvqüØ§à"  # letters that Word's symbol fonts draw as bullets


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of text, how many of its characters lead to other pages, and the element that it stands in."""

    text: str
    linked: int
    element: etree._Element


@dataclass(frozen=True)
class DataTable:
    """A data table: of each cell (paragraphs, row, column, rows, columns), as `Flow.table` takes them."""

    cells: list[tuple[list[str], int, int, int, int]]
    linked: int
    element: etree._Element

    @cached_property
    def text(self) -> str:
        """All cells' text on one line."""
        return " ".join(text for paragraphs, *_ in self.cells for text in paragraphs)


Block = Paragraph | DataTable


def blocks_of(root: etree._Element, hidden: bool = False) -> list[Block]:
    """Everything that can be read on a page; with `hidden` also what it does not show until something is clicked."""
    return _Walk(hidden).run(root)


class _Walk:
    """One pass over a tree. Only tables are entered by recursion, which the depth of the tree bounds."""

    def __init__(self, hidden: bool) -> None:
        self._hidden = hidden
        self._blocks: list[Block] = []
        self._lines: list[list[tuple[str, bool]]] = [[]]  # of the paragraph in the making: (text, leads elsewhere)
        self._lists = Lists()
        self._marker = ""
        self._links = 0
        self._kept = 0

    def run(self, root: etree._Element) -> list[Block]:
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            if event == "start":
                if self._is_read_at_once(element) and element is not root:
                    walk.skip_subtree()
                else:
                    self._start(element)
            else:
                self._end(element, root)
        self._flush(root)
        return self._blocks

    def _is_read_at_once(self, element: etree._Element) -> bool:
        """Whether an element is left out, or was read as a whole."""
        style = _style(element)
        if element.tag in _SKIPPED or (not self._hidden and _is_hidden(element, style)):
            return True
        if element.tag == "table":
            self._flush(element.getparent())
            self._table(element)
            return True
        if "mso-list:ignore" in style:
            self._add(_word_marker("".join(element.itertext())))
            return True
        return element.tag == "sup" and self._raised("".join(element.itertext()).strip())

    def _start(self, element: etree._Element) -> None:
        if _is_block(element):
            self._flush(element.getparent() if element.getparent() is not None else element)
        if element.tag in _LISTS:
            self._lists.start(element)
        elif element.tag == "li":
            marker = self._lists.marker(element)
            self._marker = marker if self._marker[:1] in "-+*" else self._marker + marker
        elif element.tag == "br":
            self._lines.append([])
        self._links += _leads_elsewhere(element)
        self._kept += _keeps_space(element)
        self._add(element.text or "")

    def _end(self, element: etree._Element, root: etree._Element) -> None:
        if element.tag not in _SKIPPED and element.tag != "table":
            if _is_block(element):
                self._flush(element)
            if element.tag in _LISTS:
                self._lists.end()
            elif element.tag == "li":
                self._marker = ""
            self._links = max(0, self._links - _leads_elsewhere(element))
            self._kept = max(0, self._kept - _keeps_space(element))
        if element is not root:
            self._add(element.tail or "")

    def _add(self, text: str) -> None:
        if not text:
            return
        lines = _LINE_ENDS.sub("\n", text).split("\n") if self._kept else [_SPACE.sub(" ", text)]
        self._lines[-1].append((lines[0], self._links > 0))
        self._lines += [[(line, self._links > 0)] for line in lines[1:]]

    def _raised(self, text: str) -> bool:
        """Digits set high: those of «m²» are read as its 2, a note's number keeps apart from the word before it."""
        before = "".join(text for text, _ in self._lines[-1][-4:])
        if not (text.isascii() and text.isdigit() and before.strip()) or _AREA.search(before[-8:]):
            return False
        self._add(text.translate(_RAISED))
        return True

    def _flush(self, element: etree._Element) -> None:
        """End the paragraph."""
        if self._lines != [[]]:
            lines, self._lines = self._lines, [[]]
            for text, linked in _joined(lines):
                self._blocks.append(Paragraph(marked(self._marker, text), linked, element))
                self._marker = ""

    def _table(self, table: etree._Element) -> None:
        grid = grid_of(table)
        for stray in strays_of(table):
            if not isinstance(stray, str):
                self._table(stray)
            elif stray.strip():
                self._blocks.append(Paragraph(_SPACE.sub(" ", stray).strip(), 0, table))
        for caption in grid.captions:
            self._blocks += _Walk(self._hidden).run(caption)
        read = [(cell, self._cell(cell)) for cell in grid.cells]
        if grid.wide or not _holds_data(read):
            self._blocks += [block for _, blocks in read for block in blocks]
        elif any(blocks for _, blocks in read):
            cells = [([b.text for b in blocks], c.row, c.column, c.rows, c.columns) for c, blocks in read]
            linked = sum(block.linked for _, blocks in read for block in blocks)
            self._blocks.append(DataTable(cells, linked, table))

    def _cell(self, cell: Cell) -> list[Block]:
        style = _style(cell.element)
        row = cell.element.getparent()
        hidden = _is_hidden(cell.element, style) or _is_hidden(row, _style(row))
        if hidden and not self._hidden:
            return []
        if len(cell.element) or style:
            return _Walk(self._hidden).run(cell.element)
        text = _SPACE.sub(" ", cell.element.text or "").strip(" ")
        return [Paragraph(text, 0, cell.element)] if text.strip() else []


def _holds_data(cells: list[tuple[Cell, list[Block]]]) -> bool:
    """Whether a table is one of data: not a frame around another, nor the box of facts that a portal shows."""
    if any(isinstance(block, DataTable) for _, blocks in cells for block in blocks):
        return False
    rows: dict[int, list[str]] = {}
    for cell, blocks in cells:
        rows.setdefault(cell.row, []).append(_opening(blocks))
    labels = [sum(map(is_label, row)) for row in rows.values()]
    if sum(count > 0 for count in labels) >= 2:
        return False
    return is_data_table(list(rows.values()))


def _opening(blocks: Sequence[Block]) -> str:
    """How a cell begins: one may hold a whole page, and a page be nested in eighty cells."""
    text = ""
    for block in blocks:
        text = f"{text} {block.text[:_OPENING]}".strip()
        if len(text) >= _OPENING:
            break
    return text


def _joined(lines: list[list[tuple[str, bool]]]) -> list[tuple[str, int]]:
    """Lines between breaks → paragraphs with their linked characters. A break within a sentence is a space."""
    made: list[tuple[str, int]] = []
    blank = True
    for pieces in lines:
        text = _SPACE.sub(" ", "".join(text for text, _ in pieces)).strip(" ")
        linked = sum(len(text.strip()) for text, linked in pieces if linked)
        if text.strip():
            if made and not blank and _continues(made[-1][0], text):
                made[-1] = (f"{made[-1][0]} {text}", made[-1][1] + linked)
            else:
                made.append((text, linked))
        blank = not text.strip()
    return made


def _continues(before: str, text: str) -> bool:
    if marker_of(text) is not None or before[-1:] in ".;:!?":
        return False
    return text[:1].islower() or before[-1:] in ",-–"


def _word_marker(text: str) -> str:
    """The number or bullet that Word writes out before an item of its lists."""
    text = text.replace("\u00a0", " ").strip()
    bullet = len(text) == 1 and not text.isdigit() and (not text.isalnum() or text in _SYMBOL_BULLETS)
    return ("- " if bullet and text not in "+*-" else f"{text} ") if text else ""


def _style(element: etree._Element) -> str:
    style = element.get("style")
    return re.sub(r"\s+", "", style.lower()) if style else ""


def _is_hidden(element: etree._Element, style: str) -> bool:
    return (
        element.get("hidden") is not None
        or (element.get("aria-hidden") or "").strip().lower() == "true"
        or bool(_HIDDEN.search(style))
    )


def _is_block(element: etree._Element) -> bool:
    return element.tag in _BLOCKS or (element.tag in ("span", "a") and bool(_BLOCK_STYLE.search(_style(element))))


def _leads_elsewhere(element: etree._Element) -> bool:
    """Whether an element is a link to another page; notes and tables of contents lead to places of the same."""
    return element.tag == "a" and bool((element.get("href") or "").strip()) and not element.get("href").startswith("#")


def _keeps_space(element: etree._Element) -> bool:
    return element.tag in ("pre", "listing", "xmp") or bool(_KEPT_SPACE.search(_style(element)))
