"""A table over several pages → one: the repeated header dropped, a row and a merged cell that the break cuts joined."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz.fuzz import ratio

from ingest.clean import fold, is_open
from ingest.readers.pdf_paragraphs import has_room, starts_item
from ingest.readers.pdf_tables import Cell, Sheet
from ingest.tables.cells import could_be_value, row_number

_SAME = 4.0  # points
_ALIKE = 85.0  # of 100
_MAX_HEADER = 4  # rows
_NARROW = 60.0  # points: in such a column every line looks full
_NUMBERED = 0.95  # of the rows have a number, where a row without one is the rest of a cut row
_JOINT = re.compile(r"(?:[,–-]|\b(?:và|với|của|các|về|cho|theo|tại|trong|do|để|là|hoặc|từ|đến|có|được))$")


def is_continued(above: Sheet, below: Sheet) -> bool:
    """Whether a table at the top of a page may be the rest of that at the end of the page before: it has the same
    edges, and no header of its own."""
    if abs(above.x0 - below.x0) > _SAME or abs(above.x1 - below.x1) > _SAME:
        return False
    if repeated(above, below):
        return True
    top = below.row(0)
    own_header = top and fold(top[0].text).strip(" .") in ("tt", "stt", "so tt")
    return not own_header and any(cell.matches(c) for cell in top for c in above.cells)


def repeated(above: Sheet, below: Sheet) -> int:
    """How many rows at the top of a page repeat the header."""
    count = 0
    while count < min(_MAX_HEADER, above.height, below.height) and _is_same(_said(above, count), _said(below, count)):
        count += 1
    return count if count and sum(bool(text) for text in _said(above, 0)) >= 2 else 0


def _is_same(above: Sequence[str], below: Sequence[str]) -> bool:
    """Whether two rows say the same; a scan is not read the same twice."""
    if len(above) != len(below):
        return False
    return ratio(" ".join(above), " ".join(below)) >= _ALIKE


def _said(sheet: Sheet, row: int) -> list[str]:
    return [fold(cell.text) for cell in sheet.row(row)]


def stitched(above: Sheet, below: Sheet) -> Sheet:
    """The two parts as one table."""
    skip = repeated(above, below)
    while skip and any(cell.row < skip < cell.end for cell in below.cells):
        skip -= 1
    end = above.height
    pairs = [(_over(above, cell, end), cell) for cell in below.row(skip)]
    split = _is_cut(above, pairs)
    shift = end - skip - split
    cells = {id(cell): cell for cell in above.cells}
    done = set()
    for old, new in pairs:
        if old is not None and (split or _is_one(above, old, new)):
            rows = old.rows + new.rows - split
            cells[id(old)] = replace(old, rows=rows, lines=old.lines + new.lines)
            done.add(id(new))
    rest = [replace(c, row=c.row + shift) for c in below.cells if c.row >= skip and id(c) not in done]
    return Sheet([*cells.values(), *rest], above.top, below.bottom, [*above.pages, *below.pages])


def _over(above: Sheet, cell: Cell, end: int) -> Cell | None:
    """The cell that ends at the break right above another."""
    return next((c for c in above.cells if c.end == end and c.matches(cell)), None)


def _is_cut(above: Sheet, pairs: Sequence[tuple[Cell | None, Cell]]) -> bool:
    """Whether the break cuts a row: every cell below goes on with the one above or is empty."""
    filled = [(old, new) for old, new in pairs if new.lines]
    if not filled or any(old is None for old, _ in pairs):
        return False
    if any(old is None or not old.lines for old, _ in filled):
        return False
    if any(old is not None and could_be_value(old.text) and could_be_value(new.text) for old, new in filled[1:]):
        return False  # «50» above «320»: a sum, no break goes through a number
    first = pairs[0][1]
    numbered = _share_numbered(above)
    if numbered > 0.5 and first.lines:
        return False
    if any(old is not None and _goes_on(old, new) for old, new in filled):
        return True
    return numbered >= _NUMBERED and not first.lines


def _share_numbered(sheet: Sheet) -> float:
    """Of the rows with more than one cell, the share whose first cell is a number."""
    rows = [row for i in range(sheet.height) if len(row := sheet.row(i)) > 1][1:]
    return sum(row_number(row[0].text) is not None for row in rows) / len(rows) if rows else 0.0


def _goes_on(old: Cell, new: Cell) -> bool:
    """Whether the text of a cell goes on in another: in mid-sentence, on a line that had no room left."""
    last, line = old.lines[-1], new.lines[0]
    if not is_open(last.text) and not last.text.endswith("-"):
        return False
    margin = max(1.0, min(x.x0 for x in old.lines) - old.x0)
    centred = abs((last.x0 + last.x1) - (old.x0 + old.x1)) < 4 and last.x0 - old.x0 > margin + 3
    if has_room(last, line, old.x0 + margin, old.x1 - min(margin, 8.0), centred=centred):
        return False
    if starts_item(line.text):
        return False
    lower = line.text[:1].islower() or bool(_JOINT.search(last.text))
    return lower or (old.x1 - old.x0 > _NARROW and not line.text[:1].isupper())


def _is_one(above: Sheet, old: Cell, new: Cell) -> bool:
    """Whether a merged cell was cut between two rows."""
    if not old.lines:
        return not new.lines and (old.rows > 1 and new.rows > 1)
    if new.lines:
        return (old.rows > 1 or new.rows > 1) and _goes_on(old, new)
    if old.rows > 1 or new.rows > 1:
        return True
    column = [c for c in above.cells if c.matches(old) and c is not old]
    return any(c.rows > 1 for c in column) and all(c.lines for c in column)
