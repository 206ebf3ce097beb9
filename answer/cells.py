"""Where the answer stands: spans of a clause's text, and the cells of a row in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from answer.intent import Intent
from answer.question import Understood
from ingest.model import Clause, Row

_BLANK = re.compile(r"[\s\-–—.…/]*")
_TARGET = re.compile(r"target_(\d{4})")


def is_blank(text: str) -> bool:
    """Whether a cell says nothing: empty, or «-», «…»."""
    return _BLANK.fullmatch(text) is not None


def target_year(role: str) -> int | None:
    """The year of a column of targets; None of any other column."""
    match = _TARGET.fullmatch(role)
    return int(match[1]) if match else None


@dataclass(frozen=True, slots=True)
class Span:
    """An answer: character offsets in a clause's text, and whether it has the form that the question wants."""

    start: int
    end: int
    fits: bool = True


def cell_span(clause: Clause, role: str) -> Span | None:
    """Where a cell stands in the text of its row; None where the row has no such cell or prints nothing in it."""
    row = clause.row
    if row is None or is_blank(row.cells.get(role, "")):
        return None
    start = _cell_start(row, role)
    return Span(start, start + len(row.cells[role]))


def _cell_start(row: Row, role: str) -> int:
    """Offset of a cell in `ingest.clauses.row_text`: the pieces before it, joined by « | »."""
    position = len(f"TT: {row.tt} | ") if row.tt else 0
    for name, text in row.cells.items():
        label = len(f"{row.columns.get(name, name)}: ")
        if name == role:
            return position + label
        position += label + len(text) + len(" | ")
    raise KeyError(role)


def is_blank_cell(clause: Clause, question: Understood) -> bool:
    """Whether the row has the cell that is asked for, but prints «-» or nothing in it."""
    if clause.row is None or question.intent is not Intent.TARGET:
        return False
    cells = clause.row.cells
    if question.year:
        column = f"target_{question.year}"
        return column in clause.row.columns and is_blank(cells.get(column, ""))
    values = [text for role, text in cells.items() if role.startswith("target_")]
    return bool(values) and all(map(is_blank, values))
