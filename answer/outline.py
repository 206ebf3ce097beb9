"""The outline of a plan: its sections, and the groups of its tables, as a tree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from textwrap import shorten

from ingest.model import Clause, ClauseKind, Rank, Section

_LONGEST = 110  # characters of an entry
_LAYERS = 2  # sections without a title are listed down to this depth; below they are plain paragraphs
_ITEMS = frozenset({Rank.LETTER, Rank.PAREN, Rank.SMALL_ROMAN, Rank.BULLET})


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
