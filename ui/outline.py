"""The outline of a plan: its sections, and the groups of its tables, as a tree and as nested lists of links."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from textwrap import shorten
from typing import TypeAlias

from ingest.model import Clause, ClauseKind, Rank, Section

_LONGEST = 110  # characters of an entry
_UNFOLDED = 60  # entries up to which the second level is open
_LAYERS = 2  # sections without a title are listed down to this depth; below they are plain paragraphs
_ITEMS = frozenset({Rank.LETTER, Rank.PAREN, Rank.SMALL_ROMAN, Rank.BULLET})

Link: TypeAlias = Callable[[Clause], str]


@dataclass(slots=True)
class Node:
    """One entry: the clause that opens the section, its words, the rows of tables within, its subsections."""

    clause: Clause
    text: str
    rows: int = 0
    children: list[Node] = field(default_factory=list)


def outline(clauses: Iterable[Clause]) -> list[Node]:
    """The sections of a plan in its order, nested as they are in the plan."""
    roots: list[Node] = []
    seen: dict[tuple[Section, ...], Node] = {}
    for clause in clauses:
        above: Node | None = None
        for depth in range(1, len(clause.section) + 1):
            path = clause.section[:depth]
            node = seen.get(path)
            if node is None and (text := _title(path, clause)):
                node = seen[path] = Node(clause, text)
                (above.children if above else roots).append(node)
            above = node or above
            if node and clause.kind is ClauseKind.ROW:
                node.rows += 1
    return roots


def _title(path: Sequence[Section], clause: Clause) -> str:
    """The words of a section's entry; empty where it is no more than a numbered paragraph."""
    last = path[-1]
    if last.title:
        return shorten(last.text, _LONGEST, placeholder="…")
    if last.rank in _ITEMS or len(path) > _LAYERS:
        return ""
    return shorten(clause.text if len(clause.section) == len(path) else last.number, _LONGEST, placeholder="…")


def size(nodes: Iterable[Node]) -> int:
    """Number of entries in a tree."""
    return sum(1 + size(node.children) for node in nodes)


def outline_html(nodes: Sequence[Node], link: Link) -> str:
    """Nested lists; `link` gives the attributes of the link to a clause (`href`, `data-to`), escaped."""
    return _list(nodes, link, "kh-tree", unfolded=size(nodes) <= _UNFOLDED)


def _list(nodes: Sequence[Node], link: Link, name: str, *, unfolded: bool) -> str:
    items = "".join(_entry(node, link, unfolded=unfolded) for node in nodes)
    return f'<ol class="{name}">{items}</ol>' if items else ""


def _entry(node: Node, link: Link, *, unfolded: bool) -> str:
    text, rows = escape(node.text), f" <small>{node.rows} dòng</small>" if node.rows else ""
    inner = f"<a {link(node.clause)}>{text}{rows}</a>"
    if node.children:
        state, below = " open" if unfolded else "", _list(node.children, link, "kh-branch", unfolded=False)
        inner += f'<details{state}><summary aria-label="Các mục con của {text}"></summary>{below}</details>'
    return f"<li>{inner}</li>"
