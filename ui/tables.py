"""A table of a plan as a table: header in one or two levels, group rows across, rows, cells of merged cells marked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import TypeAlias

from ingest.model import Clause, Rank
from ingest.tables.columns import AGENCY_ROLES, CONTENT_ROLES, TT, is_tt
from ui import markup
from ui.find_in import WHOLE, is_columns
from ui.inked import Inked

Frame: TypeAlias = Callable[[Clause], tuple[str, str]]
_WIDTHS = {"time": "kh-mid", "submit_to": "kh-mid", "note": "kh-mid", "unit": "kh-thin"}
_WIDTHS |= dict.fromkeys(CONTENT_ROLES, "kh-broad") | dict.fromkeys(AGENCY_ROLES, "kh-mid")


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns from left to right: role and printed name; `header` is the clause that prints them."""

    roles: tuple[str, ...]
    names: tuple[str, ...]
    header: Clause | None


def table_html(run: Sequence[Clause], inked: Inked, frame: Frame) -> str:
    """The clauses of one table, which scrolls in a box of its own where it is too wide.

    Args:
        run: the header's clause where there is one, group headings and rows.
        inked: what is set off.
        frame: attributes of a clause's element (id, state) and its link to itself, both HTML.
    """
    columns = _columns(run)
    title = next((clause.row.table for clause in run if clause.row), "")
    name = escape(" ".join(title.split()))
    body = "".join(
        _row(clause, columns, inked, frame) if clause.row else _group(clause, columns, inked, frame)
        for clause in run
        if clause is not columns.header
    )
    return (
        f'<div class="kh-table-box" tabindex="0" role="region" aria-label="Bảng {name}"><table class="kh-table">'
        f"{_head(columns, inked, frame)}<tbody>{body}</tbody></table></div>"
    )


def _columns(run: Sequence[Clause]) -> _Columns:
    names: dict[str, str] = {}
    for clause in run:
        if clause.row:
            names |= {role: name for role, name in clause.row.columns.items() if role not in names}
            names |= {role: markup.column_name(clause.row, role) for role in clause.row.cells if role not in names}
    header = run[0] if is_columns(run[0]) else None
    printed = [name for name in header.text.split(" | ") if is_tt(name)] if header else []
    if header and not names:  # a header without rows
        names = {name: name for name in header.text.split(" | ") if name not in printed}
    if printed or any(clause.row and clause.row.tt for clause in run):
        names = {TT: printed[0] if printed else "TT"} | names
    return _Columns(tuple(names), tuple(names.values()), header)


def _head(columns: _Columns, inked: Inked, frame: Frame) -> str:
    header = columns.header
    if header is None:
        cells = "".join(
            _th(name, role, "") for role, name in zip(columns.roles, map(escape, columns.names), strict=True)
        )
        return f"<thead><tr>{cells}</tr></thead>"
    attributes, link = frame(header)
    here = _across(inked.here(header.id), columns)
    levels = [
        "".join(
            _th(inked.set_in(header.id, text, text), role, _span("colspan", across) + _span("rowspan", down))
            for text, role, across, down in level
        )
        for level in _levels(columns, header.text.split(" | "))
    ]
    first = levels[0].replace("</th>", f"{link}</th>", 1)
    rows = "".join(f"<tr{attributes if n == 0 else ''}>{cells}</tr>" for n, cells in enumerate([first, *levels[1:]]))
    return f"<thead>{here}{rows}</thead>"


_Cell: TypeAlias = tuple[str, str, int, int]  # text, role, columns, rows


def _levels(columns: _Columns, printed: Sequence[str]) -> list[list[_Cell]]:
    """The header as it is printed: names of columns, and above some of them what spans them."""
    leaves = list(zip(columns.roles, columns.names, strict=True))
    spans = [name for name in printed if name not in columns.names]
    if not spans:
        return [[(name, role, 1, 1) for role, name in leaves]]
    for size in range(1, len(printed)):  # the second level is printed after the first
        first, second = printed[:-size], printed[-size:]
        under = {columns.names.index(name) for name in second if name not in spans}
        if len(under) == size and _fits(columns.names, first, under):
            return _two_levels(leaves, spans, under)
    return _above_all(leaves, spans)


def _fits(names: Sequence[str], first: Sequence[str], under: set[int]) -> bool:
    """Whether the first level and the columns under its spans make up all columns, in their order."""
    at = 0
    for name in first:
        if name not in names:
            while at in under:
                at += 1
        elif at >= len(names) or names[at] != name:
            return False
        else:
            at += 1
    return at == len(names)


def _two_levels(leaves: Sequence[tuple[str, str]], spans: Sequence[str], under: set[int]) -> list[list[_Cell]]:
    runs = [[at for _, at in run] for _, run in groupby(enumerate(sorted(under)), key=lambda p: p[1] - p[0])]
    if len(runs) != len(spans):  # two spans side by side: one over the values, one over the agencies
        runs = [list(own) for run in runs for _, own in groupby(run, key=lambda at: _family(leaves[at][0]))]
    if len(runs) != len(spans):
        return _above_all(leaves, spans)
    over = {run[0]: (text, "", len(run), 1) for run, text in zip(runs, spans, strict=True)}
    first = [
        over.get(at, (name, role, 1, 2)) for at, (role, name) in enumerate(leaves) if at in over or at not in under
    ]
    return [first, [(leaves[at][1], leaves[at][0], 1, 1) for at in sorted(under)]]


def _above_all(leaves: Sequence[tuple[str, str]], spans: Sequence[str]) -> list[list[_Cell]]:
    """Which span is above which columns is not known."""
    return [[(" · ".join(spans), "", len(leaves), 1)], [(name, role, 1, 1) for role, name in leaves]]


def _family(role: str) -> str:
    return "agency" if role in AGENCY_ROLES else "value" if role.startswith("target_") else ""


def _span(name: str, count: int) -> str:
    return f' {name}="{count}"' if count > 1 else ""


def _th(inner: str, role: str, extra: str) -> str:
    width = "kh-tt" if role == TT else _WIDTHS.get(role, "")
    return f'<th scope="col" class="{width}"{extra}>{inner}</th>'


def _across(inner: str, columns: _Columns) -> str:
    return f'<tr class="kh-here-row"><td colspan="{len(columns.roles)}">{inner}</td></tr>' if inner else ""


def _group(clause: Clause, columns: _Columns, inked: Inked, frame: Frame) -> str:
    """A group row, its text across all columns."""
    attributes, link = frame(clause)
    text = inked.set_in(clause.id, WHOLE, clause.text)
    depth = min(3, sum(section.rank is Rank.GROUP for section in clause.section))
    inner = f'<span class="kh-stay">{text}</span>{link}'
    cell = f'<th scope="colgroup" colspan="{len(columns.roles)}" class="kh-group-{depth}">{inner}</th>'
    return f"{_across(inked.here(clause.id), columns)}<tr{attributes}>{cell}</tr>"


def _row(clause: Clause, columns: _Columns, inked: Inked, frame: Frame) -> str:
    row = clause.row
    if row is None:
        return ""
    attributes, link = frame(clause)
    cells = []
    for at, role in enumerate(columns.roles):
        if role == TT:
            inner, name = inked.set_in(clause.id, "tt", row.tt), "kh-tt"
        else:
            inner, name = inked.set_in(clause.id, role, row.cells.get(role, "")), _WIDTHS.get(role, "")
        if role in row.inherited:
            inner, name = f'{inner} <span class="kh-merged">(ô gộp)</span>', f"{name} kh-inherited"
        if role in CONTENT_ROLES and not row.tt and row.parent:
            name += " kh-sub"
        cells.append(f'<td class="{name.strip()}">{inner}{link if at == 0 else ""}</td>')
    return f"{_across(inked.here(clause.id), columns)}<tr{attributes}>{''.join(cells)}</tr>"
