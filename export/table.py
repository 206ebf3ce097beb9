"""A table to be exported: the same content as on the screen, whatever file it goes into."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell prints; `number` where the printed text is nothing but that number («98,5», «12.500»)."""

    text: str
    number: float | None = None


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
