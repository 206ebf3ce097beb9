"""A header of two rows whose spans the format has lost: a name that covered several columns stands over the first of
them, beside it cells that are empty or repeat it."""

from __future__ import annotations

from ingest.readers.source import Grid, GridCell
from ingest.tables.cells import row_number


def with_spans(grid: Grid) -> Grid:
    """The same table with the spans of its first two rows, where they can be told; else as it is."""
    first, second = _row(grid, 0), _row(grid, 1)
    if not _is_two_levels(first, second):
        return grid
    cells: list[GridCell] = []
    column = 0
    while column < len(first):
        end = column + 1
        while end < len(first) and second[end].text and first[end].text in ("", first[column].text):
            end += 1
        below = second[column].text not in ("", first[column].text)
        over = first[column]
        lines = tuple(n for c in (first[column:end] if below else [over, second[column]]) for n in c.lines)
        cells.append(GridCell(over.text, tuple(dict.fromkeys(lines)), 0, column, 1 if below else 2, end - column))
        cells += second[column:end] if below else []
        column = end
    return Grid((*cells, *(cell for cell in grid.cells if cell.row > 1)))


def _row(grid: Grid, row: int) -> list[GridCell]:
    return sorted((cell for cell in grid.cells if cell.row == row), key=lambda cell: cell.column)


def _is_two_levels(first: list[GridCell], second: list[GridCell]) -> bool:
    """Whether the second row names columns below the gaps of the first, and says nothing new elsewhere."""
    cells = [*first, *second]
    if len(first) != len(second) or len(first) < 2 or any(cell.rows * cell.columns > 1 for cell in cells):
        return False
    if row_number(second[0].text) is not None:
        return False
    above, below = [cell.text for cell in first], [cell.text for cell in second]
    gaps = {c for c in range(1, len(above)) if above[c] in ("", above[c - 1])}
    added = {c for c, text in enumerate(below) if text and text != above[c]}
    return bool(gaps) and gaps <= added <= gaps | {c - 1 for c in gaps}
