"""Indicators in tables: a row with values for years, a sub-row named with its parent."""

from __future__ import annotations

import re
from collections.abc import Mapping

from answer.cells import cell_span, target_year
from answer.indicators.model import Offsets, Statement
from answer.indicators.values import Value, parse, says_nothing
from index.text import normalise
from ingest.model import Clause, Document, Row

# In the spelling of `index.text.normalise`: marks tell «số» from «sở».
HEAD = (
    r"(?:tỉ (?:lệ|suất|số|trọng)|chỉ số|tổng số|số lượng|(?<!dân )(?<!thiểu )số\b|diện tích|tuổi thọ|thu nhập|tốc độ|"
    r"năng suất|quy mô|mật độ|mức (?:giảm|tăng|độ|sinh|sống|lương|thu))"
)
_OPENING = re.compile(rf"^(?:(?:phấn đấu|xây dựng|đảm bảo|bảo đảm|duy trì)\s+)*{HEAD}")
_GROUP_NUMBER = re.compile(r"^\s*(?:[IVXLC]+|\d+(?:\.\d+)*|[A-Za-zĐđ])\s*[.)]\s*")


def row_statement(clause: Clause, document: Document) -> Statement | None:
    """What an indicator row states; None of a row that is none."""
    row = clause.row
    if row is None or not row.cells.get("indicator", "").strip():
        return None
    name, unit = row.cells["indicator"].strip(), row.cells.get("unit", "").strip()
    unit = "" if says_nothing(unit) else unit
    values: dict[int | None, Value] = {}
    spans: dict[int | None, Offsets] = {}
    for role, year in target_years(row).items():
        values[year] = parse(row.cells[role], unit)
        if (span := cell_span(clause, role)) is not None:
            spans[year] = (span.start, span.end)
    own = cell_span(clause, "indicator")
    quote = (own.start, own.end) if own else (0, len(clause.text))
    context = " ".join(_GROUP_NUMBER.sub("", part) for part in row.group.split(" > "))
    parent = row.parent_text if row.parent is not None or row.parent_text else ""
    return Statement(name, _reading(name, parent), clause, document, values, spans, quote, unit, parent, context)


def target_years(row: Row) -> Mapping[str, int]:
    """Role of a target column → its year, of those columns in which the row prints anything."""
    found = {}
    for role, text in row.cells.items():
        if text.strip() and (year := target_year(role)):
            found[role] = year
    return found


def _reading(name: str, parent: str) -> str:
    """A name that tells by itself what is measured («Số bác sĩ») stands alone; «Thành thị» needs its parent."""
    return name if not parent or _OPENING.match(normalise(name)) else f"{parent}: {name}"
