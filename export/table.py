"""A table to be exported: the same content as on the screen, whatever file it goes into."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_NUMBER = re.compile(r"-?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?", re.ASCII)
_POINTED = re.compile(r"-?\d+\.\d{1,2}", re.ASCII)  # «98.5»: no thousands have fewer than three digits


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell prints; `number` where the printed text is nothing but that number («98,5», «12.500», «98,5%»)."""

    text: str
    number: float | None = None


def cell_of(text: str) -> Cell:
    """A cell with its number where the text is nothing but one or a percentage, as Vietnamese plans write it."""
    plain = text.strip().removesuffix("%").rstrip()
    if _NUMBER.fullmatch(plain) and len(plain) <= 15:
        return Cell(text, float(plain.replace(".", "").replace(",", ".")))
    return Cell(text, float(plain) if _POINTED.fullmatch(plain) and len(plain) <= 15 else None)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of cells, one a column, and the labels of the places that they were taken from."""

    cells: tuple[Cell, ...]
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its heading.

    `title` says what it is («So sánh giữa các tỉnh»), `asked` what was asked or filtered, as typed; `made` is the day.
    `notes` stand below it.
    """

    title: str
    asked: str
    made: date
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()
