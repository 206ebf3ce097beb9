"""`kehoach compare --indicators`: the same indicator in several plans, side by side."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from answer.agency import documents_of
from answer.indicators.matrix import matrix_of
from answer.indicators.model import Indicator, Shared
from answer.indicators.present import DOUBTFUL, full_name, matrix_json, matrix_table, standings
from answer.indicators.select import UNGROUPED, Choice, Selection, select
from commands.files import write_all
from commands.output import say
from index.search import Searcher
from ingest.settings import Settings

__all__ = ["Choice", "indicators"]


def indicators(settings: Settings, choice: Choice, as_json: bool, files: Sequence[Path]) -> int:
    """Print the matrix, and write it to `files`, which were found fit for it.

    Raises:
        IndexStateError: no plan in the index.
        QuestionError: no such province, group or year.
        OutputError: a file cannot be written.
    """
    with Searcher.open(settings.home, settings.encoder, where=settings.engine) as searcher:
        documents_of(searcher)
        selection = select(matrix_of(searcher), choice)
    write_all(lambda: matrix_table(selection, choice, date.today()), files)
    say(json.dumps(matrix_json(selection), ensure_ascii=False)) if as_json else _print(selection, choice)
    return 0


def _print(selection: Selection, choice: Choice) -> None:
    if not selection.rows and not selection.alone:
        chosen = choice != Choice()
        say("Không có chỉ tiêu nào khớp với điều đã chọn." if chosen else "Các kế hoạch đã nạp không có chỉ tiêu nào.")
        return
    for told in standings(selection):
        say(f"Lưu ý: {told}")
    names, group = selection.names, ""
    for row in selection.rows:
        if (row.group or UNGROUPED) != group:
            group = row.group or UNGROUPED
            say(f"\n{group.upper()}")
        _print_row(row, names, selection)
    for document, rows in selection.alone.items():
        say(f"\nCHỈ CÓ Ở {names[document].upper()} ({len(rows)})")
        for row in rows:
            _print_row(row, names, selection)


def _print_row(row: Shared, names: dict[str, str], selection: Selection) -> None:
    doubt = f"  [{DOUBTFUL}: {row.confidence:.2f}]".replace(".", ",") if row.doubtful else ""
    unit = next((i.unit for i in row.indicators if i.unit), "")
    say(f"- {full_name(row.main.main)}" + (f" ({unit})" if unit else "") + doubt)
    for indicator in filter(None, map(row.of, names)):
        say(f"    {names[indicator.document.id]}: {_values(indicator, selection)}")


def _values(indicator: Indicator, selection: Selection) -> str:
    years = [year for document, year in selection.columns if document == indicator.document.id]
    told = [(year, value) for year in years if (value := indicator.value(year)) is not None]
    return "; ".join(f"{year}: {value.text}" if year else value.text for year, value in told) or "—"
