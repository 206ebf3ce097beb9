"""What a page shows around its text: page numbers, and headers and footers that other pages repeat."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ingest.clean import fold
from ingest.readers.pdf_text import Printed, joined

_BAND = 0.11  # of the height of the page, at its top and at its bottom
_DEEP = 3  # rows of a header or footer at most
_NUMBER = re.compile(r"^(?:trang |page )?[-–—\s]*(?P<n>\d{1,4})[-–—\s]*(?:/\s*\d{1,4})?$")
_REPEATED = 3  # pages, or half of a short document's

Row = list[Printed]


def without_furniture(pages: Sequence[Sequence[Row]], heights: Sequence[float]) -> list[list[Row]]:
    """The rows of every page without those that stand around the text.

    Args:
        pages: rows outside tables, from top to bottom.
        heights: of the pages, in points.
    """
    bands = [_band(rows, height) for rows, height in zip(pages, heights, strict=True)]
    shift = Counter(n - page for page, band in enumerate(bands, 1) for row in band if (n := _number(row)) is not None)
    counts = Counter(key for band in bands for key in {_key(row) for row in band})
    enough = max(2, min(_REPEATED, (len(pages) + 1) // 2))
    kept = []
    for page, (rows, band) in enumerate(zip(pages, bands, strict=True), 1):
        gone = set()
        for row in band:
            number = _number(row)
            numbered = number is not None and (number == page or shift[number - page] > 1)
            stray = (
                len(text := joined(row).text) == 1 and text.isalpha()
            )  # of a line of the next page, cut off by a frame
            if numbered or stray or (number is None and counts[_key(row)] >= enough):
                gone.add(id(row))
        kept.append([row for row in rows if id(row) not in gone])
    return kept


def _band(rows: Sequence[Row], height: float) -> list[Row]:
    """The first and last rows, as far as they stand at the edge of the page."""
    ends = [*rows[:_DEEP], *rows[-_DEEP:]]
    edge = [r for r in ends if r[0].bottom < _BAND * height or r[0].top > (1 - _BAND) * height]
    return list({id(row): row for row in edge}.values())


def _number(row: Row) -> int | None:
    match = _NUMBER.match(fold(joined(row).text))
    return int(match["n"]) if match else None


def _key(row: Row) -> tuple[str, int]:
    line = joined(row)
    return re.sub(r"\d+", "#", fold(line.text)), round(line.top / 6)
