"""Merged cells: a value printed once for several rows is given to each of them, and the row says so."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.clean import is_open
from ingest.tables.columns import AGENCY_ROLES, CONTENT_ROLES, MERGED_ROLES
from ingest.tables.rows import DraftRow

_BOTH = re.compile(
    r"^\W*(?:cơ quan |đơn vị )?chủ trì\s*:\s*(?P<lead>.+?)[\s;.,+•–-]*"
    r"(?:cơ quan |đơn vị )?phối hợp\s*:\s*(?P<other>.+?)\s*$",
    re.IGNORECASE | re.DOTALL,
)
_LEAD_ONLY = re.compile(r"^\W*(?:cơ quan |đơn vị )?chủ trì\s*:\s*(?P<lead>.+?)\s*$", re.IGNORECASE | re.DOTALL)
# «Sở A (chủ trì), Sở B, Sở C (phối hợp)», «Sở A: chủ trì; Sở B: phối hợp»
_MARKED = re.compile(
    r"^\W*(?P<lead>[^():]+?)\s*(?:\(\s*chủ trì\s*\)|:\s*chủ trì)[\s;.,+•–-]*"
    r"(?P<other>[^():]+?)\s*(?:\(\s*phối hợp\s*\)|:\s*phối hợp)[\s;.,]*$",
    re.IGNORECASE,
)
# «Sở A chủ trì; Sở B, Sở C phối hợp» in short: behind the verb stands no task
_SAID = re.compile(
    r"^\W*(?P<lead>[^:;()]+?)\s+chủ trì\s*[;,]\s*(?P<other>[^:;()]+?)\s+phối hợp(?: thực hiện)?[\s;.,]*$", re.IGNORECASE
)
_DITTO = re.compile(r"^[\W_]*(?:nt|như trên)[\W_]*$|^(?:[\"”“″]|''|//)$", re.IGNORECASE)


def repeat_ditto(rows: Sequence[DraftRow]) -> None:
    """«-nt-», «như trên», «"» for an agency or a time says what the cell above it says."""
    for index, row in enumerate(rows):
        for role in [r for r in row.cells if r in MERGED_ROLES and _DITTO.match(row.cells[r])]:
            source = next((above for above in reversed(rows[:index]) if role in above.cells), None)
            if source is not None:
                row.cells[role] = source.cells[role]
                row.inherited.append(role)


def split_combined(rows: Sequence[DraftRow]) -> None:
    """A cell «Chủ trì: A; Phối hợp: B» becomes two cells, both inherited where the cell was."""
    for row in rows:
        for role in [r for r in row.cells if r in AGENCY_ROLES or r not in MERGED_ROLES]:
            text = row.cells[role]
            marked = (_MARKED.match(text) or _SAID.match(text)) if role not in CONTENT_ROLES else None
            if match := _BOTH.match(text) or marked:
                del row.cells[role]
                row.cells["lead"], row.cells["coordinating"] = match["lead"], match["other"]
                if role in row.inherited:
                    row.inherited += [r for r in AGENCY_ROLES if r not in row.inherited]
            elif role == "lead" and (match := _LEAD_ONLY.match(row.cells[role])):
                row.cells[role] = match["lead"]


def join_cut_rows(rows: list[DraftRow]) -> None:
    """A row without number whose content goes on in small letters is the rest of the row above, cut by a page break."""
    for index in range(len(rows) - 1, 0, -1):
        row, above = rows[index], rows[index - 1]
        if row.tt or row.is_group or above.is_group or not row.content[:1].islower() or not is_open(above.content):
            continue
        for role, text in row.cells.items():
            above.cells[role] = f"{above.cells[role]} {text}" if role in above.cells else text
        above.lines += row.lines
        del rows[index]


def join_cut_cells(rows: Sequence[DraftRow]) -> None:
    """An agency cell that a page break cut: its rest stands, in lower case, in the same column of a later row.

    The rest goes back to the cell it was cut from; the rows between and the row where the rest is printed inherit
    the whole.
    """
    for index, row in enumerate(rows):
        for role in AGENCY_ROLES:
            rest = row.cells.get(role, "")
            if not rest[:1].islower():
                continue
            source = _nearest(rows[:index], row, role)
            if source is not None and is_open(source.cells[role]):
                source.cells[role] = f"{source.cells[role]} {rest}"
                del row.cells[role]


def inherit(rows: Sequence[DraftRow], roles: Sequence[str]) -> None:
    """Give a row without an agency or time cell that of the nearest row above in the same group, else the group's."""
    for index, row in enumerate(rows):
        if row.is_group:
            continue
        for role in roles:
            if role in row.cells or role not in MERGED_ROLES:
                continue
            source = _nearest(rows[:index], row, role)
            if source is not None:
                row.cells[role] = source.cells[role]
                row.inherited.append(role)


def _nearest(above: Sequence[DraftRow], row: DraftRow, role: str) -> DraftRow | None:
    same_group = row.groups[-1] if row.groups else None
    for candidate in reversed(above):
        group = candidate.groups[-1] if candidate.groups else None
        if group is same_group and not candidate.is_group and role in candidate.cells:
            return candidate
    for group in reversed(row.groups):
        if role in group.cells:
            return group
    return None
