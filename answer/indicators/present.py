"""The matrix as JSON and as a table to export: the same content as on the screen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from answer.cite import document_name
from answer.indicators.model import Indicator, Shared, Statement
from answer.indicators.select import UNGROUPED, Choice, Selection
from answer.indicators.values import Value
from answer.standing import standing
from export.table import Cell, Line, Table

TITLE = "Ma trận chỉ tiêu giữa các tỉnh"
DOUBTFUL = "cần xem lại"
_BARE = re.compile(r"-?[0-9][0-9.,]*\s?%?")
_NO_YEAR = "không nêu năm"


def matrix_json(selection: Selection) -> dict[str, Any]:
    """`{"provinces", "years", "indicators": [row], "unmatched": {province: [row]}}`; see `_row_json`."""
    names = selection.names
    return {
        "provinces": [{"province": d.province, "number": d.number, "name": names[d.id]} for d in selection.documents],
        "years": sorted({year for _, year in selection.columns if year is not None}),
        "indicators": [_row_json(row, names) for row in selection.rows],
        "unmatched": {
            names[d.id]: [_row_json(row, names) for row in selection.alone.get(d.id, ())] for d in selection.documents
        },
    }


def _row_json(row: Shared, names: dict[str, str]) -> dict[str, Any]:
    """A row: `name, group, unit, confidence, doubtful, cells` by province."""
    return {
        "name": full_name(row.main.main),
        "group": row.group or UNGROUPED,
        "unit": next((i.unit for i in row.indicators if i.unit), ""),
        "confidence": round(row.confidence, 2),
        "doubtful": row.doubtful,
        "cells": {names[i.document.id]: _cell_json(i, row) for i in row.indicators},
    }


def _cell_json(indicator: Indicator, row: Shared) -> dict[str, Any]:
    """What a plan says: `values` by year («» where no year is told), `also` what it says elsewhere, the citations."""
    link = row.link(indicator.document.id)
    shown = {year: indicator.stated(year) for year in indicator.shown_years}
    return {
        "name": indicator.main.name,
        "parent": indicator.main.parent,
        "number": indicator.document.number,
        "standing": standing(indicator.document) or None,
        "confidence": round(link.confidence, 2) if link else None,
        "doubtful": bool(link and link.doubtful),
        "values": {str(year or ""): _value_json(*stated[0]) for year, stated in shown.items()},
        "also": [
            {"year": year} | _value_json(value, statement)
            for year, stated in shown.items()
            for value, statement in stated[1:]
            if not value.blank and value.bounds != stated[0][0].bounds
        ],
        "citations": [_citation_json(statement) for statement in indicator.statements],
    }


def _value_json(value: Value, statement: Statement) -> dict[str, Any]:
    told = {"text": value.text, "comparison": value.comparison, "low": value.low, "high": value.high}
    return told | {"unit": value.unit, "clause_id": statement.clause.id}


def _citation_json(statement: Statement) -> dict[str, Any]:
    citation = statement.citation(None)
    return {
        "clause_id": citation.clause.id,
        "label": citation.label,
        "lines": list(citation.lines),
        "text": citation.text,
        "quote": list(statement.quote),
    }


def full_name(statement: Statement) -> str:
    """As printed; a sub-row behind the row it belongs to: «Tỷ lệ nhà ở kiên cố: Thành thị»."""
    return statement.reading[:1].upper() + statement.reading[1:]


def matrix_table(selection: Selection, choice: Choice, made: date) -> Table:
    """The matrix as a table: a row an indicator, a column a plan and year; numbers as numbers."""
    names = selection.names
    heads = [f"{names[document]} {year or _NO_YEAR}" for document, year in selection.columns]
    alone = [row for d in selection.documents for row in selection.alone.get(d.id, ())]
    return Table(
        TITLE,
        chosen(choice),
        made,
        ("Nhóm", "Chỉ tiêu", "Đơn vị", *heads, "Độ tin cậy", "Ghi chú"),
        tuple(_line(row, selection, names) for row in (*selection.rows, *alone)),
        tuple(_notes(selection)),
    )


def chosen(choice: Choice) -> str:
    """What is shown, in words: «nhóm Nhà ở; năm 2030; chỉ các chỉ tiêu khác nhau»."""
    told = [f"nhóm {choice.group}" if choice.group else "", f"năm {choice.year}" if choice.year else ""]
    told += [", ".join(choice.provinces), "chỉ các chỉ tiêu khác nhau" if choice.differing else ""]
    return "; ".join(filter(None, told)) or "tất cả các chỉ tiêu"


def _line(row: Shared, selection: Selection, names: dict[str, str]) -> Line:
    cells = [Cell(row.group or UNGROUPED), Cell(full_name(row.main.main))]
    cells.append(Cell(next((i.unit for i in row.indicators if i.unit), "")))
    for document, year in selection.columns:
        indicator = row.of(document)
        cells.append(_value_cell(indicator.value(year) if indicator else None))
    alone = len(row.indicators) == 1 and len(selection.documents) > 1
    sure = round(row.confidence, 2)
    cells.append(Cell("" if len(row.indicators) == 1 else f"{sure:.2f}".replace(".", ","), None if alone else sure))
    remark = f"chỉ có ở {names[row.main.document.id]}" if alone else DOUBTFUL if row.doubtful else ""
    labels = dict.fromkeys(s.citation(None).label for i in row.indicators for s in i.statements)
    return Line((*cells, Cell(remark)), tuple(labels))


def _value_cell(value: Value | None) -> Cell:
    if value is None:
        return Cell("")
    bare = _BARE.fullmatch(value.text) and not value.comparison and value.low == value.high
    return Cell(value.text, value.low if bare else None)


def _notes(selection: Selection) -> Iterator[str]:
    if any(row.doubtful for row in selection.rows):
        yield f"Ghi chú «{DOUBTFUL}»: các tỉnh viết khác nhau, cần đối chiếu nguồn trước khi so sánh."
    if selection.alone:
        yield "Chỉ tiêu «chỉ có ở …» không tìm thấy ở kế hoạch của các tỉnh khác."
    yield from standings(selection)


def standings(selection: Selection) -> Iterator[str]:
    """What became of the plans that are shown, a sentence each: «Kế hoạch số … : Văn bản này đã được thay thế …»."""
    for document in selection.documents:
        if told := standing(document):
            yield f"{document_name(document)}: {told}"
