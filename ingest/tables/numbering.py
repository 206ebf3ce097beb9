"""Which cells of a flattened table are row numbers: those that continue the numbering and are followed by words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.clean import words
from ingest.tables.cells import CellKind, kind_of, row_number
from ingest.tables.decode import Cell

GROUP_STYLES = ("capital", "roman", "subroman")


@dataclass(frozen=True, slots=True)
class Marker:
    """A row number at `index` in the cell stream."""

    index: int
    style: str
    value: tuple[int, ...]
    text: str


class _Expected:
    """The numbering so far, and whether a number continues it."""

    def __init__(self) -> None:
        self.last: dict[str, tuple[int, ...]] = {}
        self.after_group = True

    def accepts(self, style: str, value: tuple[int, ...]) -> bool:
        last = self.last.get(style)
        if style == "subroman":
            roman = self.last.get("roman")
            return roman is not None and value[0] == roman[0] and value[1] == (last[1] + 1 if last else 1)
        if style in GROUP_STYLES:
            return value[0] == (last[0] + 1 if last else 1)
        if style == "arabic":
            restart = value[0] == 1 and self.after_group
            return restart or value[0] == (last[0] + 1 if last else 1)
        return self._accepts_decimal(value, last)

    def _accepts_decimal(self, value: tuple[int, ...], last: tuple[int, ...] | None) -> bool:
        parent = self.last.get("arabic")
        if len(value) == 2 and value[1] == 1 and (parent is None or value[0] == parent[0] or value[0] == parent[0] + 1):
            return True
        if last is None:
            return False
        if len(value) > len(last):
            return value[:-1] == last and value[-1] == 1
        head, tail = value[:-1], value[-1]
        return head == last[: len(head)] and tail == last[len(head)] + 1

    def take(self, style: str, value: tuple[int, ...]) -> None:
        self.last[style] = value
        self.after_group = style in GROUP_STYLES
        # Arabic rows may run on through groups (1…92) or restart in each, so they are not forgotten there.
        below = {"capital": ("roman", "subroman", "decimal"), "roman": ("subroman", "decimal")}
        for finer in below.get(style, ("decimal",) if style == "arabic" else ()):
            self.last.pop(finer, None)


def find_markers(cells: Sequence[Cell], has_values: bool = False, units: bool = False) -> list[Marker]:
    """Row numbers in order. A number that is only a value («100») does not continue the numbering, or is not
    followed by the words of a row; a gap of up to three in the numbering is forgiven before a long text. In a table
    with `has_values` an agency behind a number is the cell next to a value, never a row's content, unless the rows are
    of `units`."""
    markers: list[Marker] = []
    expected = _Expected()
    for index, cell in enumerate(cells):
        number = row_number(cell.text)
        if number is None or not _words_follow(cells, index, has_values, number[0], units):
            continue
        style, value = number
        if expected.accepts(style, value) or _forgiven(expected, style, value, cells, index):
            expected.take(style, value)
            markers.append(Marker(index, style, value, cell.text.strip()))
    return markers


def _words_follow(cells: Sequence[Cell], index: int, has_values: bool, style: str, units: bool) -> bool:
    if index + 1 >= len(cells):
        return False
    text = cells[index + 1].text
    kind = kind_of(text)
    if kind in (CellKind.TEXT, CellKind.TIME):
        return any(c.isalpha() for c in text)
    if style in GROUP_STYLES and kind is CellKind.UNIT and text[:1].isupper() and len(text) > 2:
        return True  # a group may be called «Huyện», «Trường học»
    if kind not in (CellKind.AGENCY, CellKind.INVOLVED):
        return False
    return units or (words(text) > 6 and not has_values)


def _forgiven(expected: _Expected, style: str, value: tuple[int, ...], cells: Sequence[Cell], index: int) -> bool:
    last = expected.last.get(style)
    if last is None or len(last) != len(value) or last[:-1] != value[:-1] or words(cells[index + 1].text) < 5:
        return False
    return 1 < value[-1] - last[-1] <= 3
