"""The outline of a plan as nested lists of links."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import TypeAlias

from answer.outline import Node, size
from ingest.model import Clause

_UNFOLDED = 60  # entries up to which the second level is open

Link: TypeAlias = Callable[[Clause], str]


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
