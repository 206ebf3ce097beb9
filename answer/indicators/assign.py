"""The one-to-one assignment of the greatest sum.

What is too unlike to be assigned is left out first; the rest falls apart into small islands, each solved by the
Hungarian method. (`scipy.optimize` does the same and takes a second to import, as long as all the rest together.)
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from answer.indicators.score import Matrix


def assign(scores: Matrix, least: float) -> tuple[list[int], list[int]]:
    """Rows and their columns, by row, whose scores have the greatest sum, without any below `least` (above 0)."""
    kept = scores >= least
    only = kept & (kept.sum(axis=1) == 1)[:, None] & (kept.sum(axis=0) == 1)[None, :]  # nothing to weigh up
    chosen: list[tuple[int, int]] = [(row, column) for row, column in np.argwhere(only).tolist()]
    for rows, columns in _islands(kept & ~only):
        part = np.where(scores[np.ix_(rows, columns)] >= least, scores[np.ix_(rows, columns)], 0)
        flipped = len(rows) > len(columns)
        found = _hungarian((part.T if flipped else part).tolist())
        pairs = ((b, a) if flipped else (a, b) for a, b in enumerate(found))
        chosen += [(rows[a], columns[b]) for a, b in pairs if part[a, b] > 0]
    chosen.sort()
    return [row for row, _ in chosen], [column for _, column in chosen]


def _islands(kept: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> list[tuple[list[int], list[int]]]:
    """Rows and columns that hang together, each in order."""
    of_row: dict[int, list[int]] = {}
    of_column: dict[int, list[int]] = {}
    for row, column in np.argwhere(kept).tolist():
        of_row.setdefault(row, []).append(column)
        of_column.setdefault(column, []).append(row)
    found, seen = [], set[int]()
    for first in of_row:
        if first in seen:
            continue
        rows, columns, waiting = {first}, set[int](), [first]
        while waiting:
            for column in of_row[waiting.pop()]:
                if column not in columns:
                    columns.add(column)
                    new = [row for row in of_column[column] if row not in rows]
                    rows.update(new)
                    waiting += new
        seen |= rows
        found.append((sorted(rows), sorted(columns)))
    return found


def _hungarian(scores: Sequence[Sequence[float]]) -> list[int]:
    """The column of each row for the greatest sum; there are at least as many columns as rows.

    Shortest augmenting paths with potentials, O(rows² · columns). Index 0 is a column that is none.
    """
    height, width = len(scores), len(scores[0])
    row_potential, column_potential = [0.0] * (height + 1), [0.0] * (width + 1)
    row_of = [0] * (width + 1)
    for row in range(1, height + 1):
        row_of[0], column = row, 0
        slack, way, used = [float("inf")] * (width + 1), [0] * (width + 1), [False] * (width + 1)
        while row_of[column]:
            used[column] = True
            here, nearest, step = row_of[column], 0, float("inf")
            for other in range(1, width + 1):
                if used[other]:
                    continue
                cost = -scores[here - 1][other - 1] - row_potential[here] - column_potential[other]
                if cost < slack[other]:
                    slack[other], way[other] = cost, column
                if slack[other] < step:
                    step, nearest = slack[other], other
            for other in range(width + 1):
                if used[other]:
                    row_potential[row_of[other]] += step
                    column_potential[other] -= step
                else:
                    slack[other] -= step
            column = nearest
        while column:
            row_of[column] = row_of[way[column]]
            column = way[column]
    found = [0] * height
    for column, row in enumerate(row_of):
        if column and row:
            found[row - 1] = column - 1
    return found
