"""Cells in columns of numbers that were not read as numbers, read again with nothing but digits and signs to choose
from: «g7», «Sh)», «va» in a column of percentages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from ingest.readers.ocr_areas import Area
from ingest.readers.ocr_image import Grey
from ingest.readers.ocr_program import Word, read_numbers
from ingest.readers.pdf_tables import Box

_SIZES = (0.5, 0.65, 0.8)  # of the picture: most numbers that were misread are read right when they are smaller
_NUMBER = re.compile(r"[<>≤≥=~]{0,2}\s?\d[\d.,]*(?:\s?[-/]\s?\d[\d.,]*)?\s?%?")
_UNITS = ("%", "-")
_LONGEST = 6  # signs, without blanks
_FEWEST = 2  # numbers that make a column one of numbers
_DOUBT = 85.0  # of 100: numbers that are less sure are read again
_ENOUGH = 85.0  # what is no number is read as one with 0 to 40, or not at all
_SAME = 3.0  # points: edges nearer than this are one


def read_again(
    columns: Sequence[Sequence[int]], cells: Sequence[Sequence[Word]], pictures: Sequence[Grey], dpi: float, path: Path
) -> dict[int, list[Word]]:
    """New words of cells, by position.

    Args:
        columns: the positions of the cells of each column.
        cells: the words of each cell, as they were read.
        pictures: of the cells.
        dpi: of the pictures.
        path: names the file.

    Raises:
        SourceError: tesseract takes too long or fails.
    """
    wanted = [column[at] for column in columns for at in suspects([cells[n] for n in column])]
    small = [_scaled(pictures[at], size) for at in wanted for size in _SIZES]
    found = read_numbers(small, dpi * _SIZES[0], path)
    made = {}
    for number, at in enumerate(wanted):
        readings = found[number * len(_SIZES) : (number + 1) * len(_SIZES)]
        sure, best = max((_sure(words), at_size) for at_size, words in enumerate(readings))
        if is_settled(readings) and sure >= _sure(cells[at]):
            made[at] = _at_full_size(readings[best], _SIZES[best])
    return made


def is_settled(readings: Sequence[Sequence[Word]]) -> bool:
    """Whether one reading of a cell is sure and a number, and no other that is sure differs."""
    sure = [words for words in readings if words and _sure(words) >= _ENOUGH]
    return bool(sure) and _is_number(sure[0]) and len({_tight(words) for words in sure}) == 1


def columns_of(tables: Sequence[Sequence[Box]], areas: Sequence[Area], dpi: float) -> list[list[int]]:
    """Positions in `areas` of what is printed in the cells of each column of each table, from top to bottom."""
    unit = 72 / dpi
    made = []
    for table in tables:
        columns: list[tuple[float, float, list[int]]] = []
        for x0, top, x1, bottom in sorted(table, key=lambda box: box[1]):
            inside = (at for at, area in enumerate(areas) if _holds((x0, top, x1, bottom), area, unit))
            column = next((c for c in columns if abs(c[0] - x0) < _SAME and abs(c[1] - x1) < _SAME), None)
            if column is None:
                columns.append(column := (x0, x1, []))
            column[2].extend(inside)
        made += [places for *_, places in columns]
    return made


def _holds(box: Box, area: Area, unit: float) -> bool:
    x, y = (area.x0 + area.x1) / 2 * unit, (area.top + area.bottom) / 2 * unit
    return box[0] <= x < box[2] and box[1] <= y < box[3]


def suspects(cells: Sequence[Sequence[Word]]) -> list[int]:
    """Positions of the cells of a column that are nearly numbers, or numbers that are not sure, where most others of
    the column are numbers or units."""
    printed = [at for at, words in enumerate(cells) if words]
    numbers = [at for at in printed if _is_number(cells[at])]
    fitting = len(numbers) + sum(_tight(cells[at]) in _UNITS for at in printed)
    found = []
    for at in printed:
        own = at in numbers
        others = len(printed) - 1
        if len(numbers) - own < _FEWEST or 2 * (fitting - own) <= others or _tight(cells[at]) in _UNITS:
            continue
        if len({word.line for word in cells[at]}) == 1 and len(_tight(cells[at])) <= _LONGEST:
            found += [at] if not own or _sure(cells[at]) < _DOUBT else []
    return found


def _is_number(words: Sequence[Word]) -> bool:
    return bool(_NUMBER.fullmatch(" ".join(word.text for word in words)))


def _tight(words: Sequence[Word]) -> str:
    return "".join(word.text for word in words)


def _sure(words: Sequence[Word]) -> float:
    return min((word.sure for word in words), default=0.0)


def _scaled(picture: Grey, size: float) -> Grey:
    height, width = (max(1, round(side * size)) for side in picture.shape)
    return np.asarray(Image.fromarray(picture).resize((width, height), Image.Resampling.BICUBIC))


def _at_full_size(words: Sequence[Word], size: float) -> list[Word]:
    def full(v: int) -> int:
        return round(v / size)

    return [replace(w, x0=full(w.x0), top=full(w.top), x1=full(w.x1), bottom=full(w.bottom)) for w in words]
