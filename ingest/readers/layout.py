"""Which tables of a format hold data, and which only put text side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.clean import fold, words
from ingest.tables.columns import AGENCY_ROLES, CONTENT_ROLES, MERGED_ROLES, columns_of, is_tt

_ROLES = MERGED_ROLES | {*AGENCY_ROLES, *CONTENT_ROLES, "unit", "note"}
_HEADER_ROWS = 3  # a title may stand above the header, and the header may have two levels
_HEADER_WORDS = 12  # a header cell names a column; a longer text tells something
_DATA_ROWS = _DATA_COLUMNS = 3
# The letterhead, and the recipients beside the signature: whatever else the cells look like
_LAYOUT = re.compile(r"^(?:cong hoa xa hoi chu nghia\b|\*?noi nhan\s*:|tm\. )")
# What columns_of takes any first column for, and gives no later one: the words that open such a header
_CONTENT = re.compile(r"^(?:ten |cac )?(?:nhiem vu|noi dung|cong viec|de an|hoat dong|chuong trinh|giai phap|chi tieu)")


def is_data_table(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a table is one of rows and columns, not one that lays out the page.

    Args:
        rows: the texts of the cells of each row; a merged cell once, in the row in which it starts.
    """
    filled = [cells for row in rows if (cells := [cell.strip() for cell in row if cell.strip()])]
    if any(_LAYOUT.match(fold(cell)) for cells in filled[:_HEADER_ROWS] for cell in cells):
        return False
    if any(_is_header(cells) for cells in filled[:_HEADER_ROWS]):
        return True
    return sum(len(cells) >= _DATA_COLUMNS for cells in filled) >= _DATA_ROWS


def _is_header(cells: Sequence[str]) -> bool:
    if len(cells) < 2:
        return False
    return any(map(is_tt, cells)) or sum(map(_names_column, cells)) >= 2


def _names_column(cell: str) -> bool:
    if words(cell) > _HEADER_WORDS or cell.endswith((".", ";", ":")):
        return False
    return bool(_CONTENT.match(fold(cell))) or columns_of(["TT", "", cell])[-1].role in _ROLES
