"""A page as a picture → the areas that are read each for itself: cells of tables, and blocks of text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges

from ingest.readers.ocr_image import Ink, runs
from ingest.readers.ocr_rules import Rule
from ingest.readers.pdf_tables import Box

_NEAR = 4.0  # points: how far ruling lines that meet may stand apart
_FAINT = 2  # pixels of ink in a row or column that are dust
_GUTTER = 10.0  # points that part two blocks side by side
_MARK = 4.5  # points: rows of ink that are lower are marks above or below letters, or dashes
_LEADING = 3.5  # points between a mark and its line at most
_DEPTH = 4  # blocks in blocks
_SPECK = 3.0  # points: smaller areas are dust
_THIN, _DASH = 2.5, (2.0, 12.0)  # points: height and width of a dash
_MOST_RULES = 3_000  # ruling lines on a page; more are a picture, a drawing, or a page made to take time


@dataclass(frozen=True, slots=True)
class Area:
    """A part of a page in pixels, ends excluded."""

    x0: int
    top: int
    x1: int
    bottom: int


def tables_of(across: Sequence[Rule], down: Sequence[Rule], dpi: float) -> list[tuple[Box, ...]]:
    """The boxes of the cells of each ruled table, in points, by the rules that the reader of PDF files goes by."""
    if len(across) + len(down) > _MOST_RULES:
        return []
    unit = 72 / dpi
    edges = [_edge(r.x0, (r.top + r.bottom) / 2, r.x1, (r.top + r.bottom) / 2, "h", unit) for r in across]
    edges += [_edge((r.x0 + r.x1) / 2, r.top, (r.x0 + r.x1) / 2, r.bottom, "v", unit) for r in down]
    merged = merge_edges(edges, _NEAR, _NEAR, _NEAR, _NEAR)
    meeting = edges_to_intersections(merged, _NEAR, _NEAR)
    found = cells_to_tables(intersections_to_cells(meeting))
    return [tuple((float(a), float(b), float(c), float(d)) for a, b, c, d in cells) for cells in found]


def _edge(x0: float, top: float, x1: float, bottom: float, way: str, unit: float) -> dict[str, object]:
    x0, top, x1, bottom = x0 * unit, top * unit, x1 * unit, bottom * unit
    box = {"x0": x0, "x1": x1, "top": top, "bottom": bottom, "doctop": top, "width": x1 - x0, "height": bottom - top}
    return {**box, "orientation": way, "object_type": "line"}


def cell_areas(tables: Sequence[Sequence[Box]], ink: Ink, dpi: float) -> list[Area]:
    """The printed cells. `ink` is that of the page without its ruling lines."""
    unit = dpi / 72
    made = []
    for x0, top, x1, bottom in (box for table in tables for box in table):
        area = Area(*(max(0, round(v * unit)) for v in (x0, top, x1, bottom)))
        if trimmed := _trimmed(area, ink, dpi):
            made.append(trimmed)
    return made


def block_areas(tables: Sequence[Sequence[Box]], ink: Ink, dpi: float) -> list[Area]:
    """Blocks of text outside the tables, none of which stands beside another within its own area."""
    unit = dpi / 72
    rest = ink.copy()
    for x0, top, x1, bottom in (box for table in tables for box in table):
        rest[max(0, round(top * unit)) : round(bottom * unit), max(0, round(x0 * unit)) : round(x1 * unit)] = False
    bands = sorted((min(b[1] for b in t), max(b[3] for b in t)) for t in tables)
    made: list[Area] = []
    above = 0
    for top, bottom in [*bands, (ink.shape[0] / unit, 0.0)]:
        made += _blocks(Area(0, above, ink.shape[1], round(top * unit)), rest, dpi, _DEPTH)
        above = max(above, round(bottom * unit))
    return made


def _blocks(area: Area, ink: Ink, dpi: float, depth: int) -> list[Area]:
    """Lines one below the other as one area, until a line stands in two columns."""
    unit = dpi / 72
    made: list[Area] = []
    open_: Area | None = None
    for first, last in _lines(ink[area.top : area.bottom, area.x0 : area.x1].sum(axis=1) > _FAINT, unit):
        strip = Area(area.x0, area.top + first, area.x1, area.top + last)
        columns = _columns(strip, ink, dpi) if depth else [strip]
        if len(columns) > 1:
            made += [open_] if open_ else []
            open_ = None
            made += [block for column in columns for block in _blocks(column, ink, dpi, depth - 1)]
        else:
            open_ = Area(area.x0, open_.top if open_ else strip.top, area.x1, strip.bottom)
    made += [open_] if open_ else []
    return [found for block in made if (found := _trimmed(block, ink, dpi))]


def _lines(rows: Ink, unit: float) -> list[tuple[int, int]]:
    """Rows of ink, those that are too low for letters as part of the nearer neighbour."""
    made: list[tuple[int, int]] = []
    for first, last in runs(rows, 0):
        if made and first - made[-1][1] < _LEADING * unit:
            low = min(last - first, made[-1][1] - made[-1][0]) < _MARK * unit
            if low:
                made[-1] = (made[-1][0], last)
                continue
        made.append((first, last))
    return made


def _columns(strip: Area, ink: Ink, dpi: float) -> list[Area]:
    filled = np.asarray(ink[strip.top : strip.bottom, strip.x0 : strip.x1].any(axis=0))
    found = runs(filled, round(_GUTTER * dpi / 72))
    return [Area(strip.x0 + a, strip.top, strip.x0 + b, strip.bottom) for a, b in found]


def is_dash(area: Area, dpi: float) -> bool:
    """Whether all that is printed in a cell is a dash, which alone is read as nothing."""
    across, down = (area.x1 - area.x0) * 72 / dpi, (area.bottom - area.top) * 72 / dpi
    return down < _THIN and _DASH[0] < across < _DASH[1]


def _trimmed(area: Area, ink: Ink, dpi: float) -> Area | None:
    """The part of an area that is printed; None where it is dust."""
    part = ink[area.top : area.bottom, area.x0 : area.x1]
    rows = runs(np.asarray(part.any(axis=1)), part.shape[0])
    columns = runs(np.asarray(part.any(axis=0)), part.shape[1])
    speck = _SPECK * dpi / 72
    if not rows or not columns or (rows[0][1] - rows[0][0] < speck and columns[0][1] - columns[0][0] < speck):
        return None
    return Area(area.x0 + columns[0][0], area.top + rows[0][0], area.x0 + columns[0][1], area.top + rows[0][1])
