"""Part of the matrix: of some provinces, one group, one year, only what differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from answer.indicators.matrix import Matrix
from answer.indicators.model import Shared
from answer.indicators.values import Value
from answer.places import provinces_of, recognised_province
from ingest.clean import fold
from ingest.errors import QuestionError
from ingest.model import Document

UNGROUPED = "Nêu trong lời văn"  # rows that no plan has in a table


@dataclass(frozen=True, slots=True)
class Choice:
    """What is to be shown: all of it where nothing is chosen."""

    group: str = ""
    year: int | None = None
    provinces: tuple[str, ...] = ()
    differing: bool = False


@dataclass(frozen=True, slots=True)
class Selection:
    """What is shown: the plans, their columns (plan id and year), the rows of several plans, and the others by plan."""

    documents: tuple[Document, ...]
    columns: tuple[tuple[str, int | None], ...]
    rows: tuple[Shared, ...]
    alone: Mapping[str, tuple[Shared, ...]]

    @property
    def names(self) -> dict[str, str]:
        """Plan id → how it is named: its province, with the number where a province has several plans."""
        provinces = [d.province for d in self.documents]
        return {
            d.id: d.province if d.province and provinces.count(d.province) == 1 else f"{d.province} {d.number}".strip()
            for d in self.documents
        }


def groups_of(matrix: Matrix) -> list[str]:
    """The names of the groups, in the order of the matrix, the one of sentences last."""
    found = dict.fromkeys(row.group for row in matrix.rows if row.group)
    return [*found, *([UNGROUPED] if any(not row.group for row in matrix.rows) else [])]


def years_of(matrix: Matrix) -> list[int]:
    """The years for which any plan sets a value."""
    return sorted({year for row in matrix.rows for i in row.indicators for year in i.shown_years if year is not None})


def select(matrix: Matrix, choice: Choice) -> Selection:
    """The part of the matrix that is chosen.

    Raises:
        QuestionError: no such province, group or year; the message tells those there are.
    """
    documents = _documents(matrix, choice.provinces)
    group = _group(matrix, choice.group) if choice.group else None
    if choice.year is not None and choice.year not in years_of(matrix):
        there = ", ".join(map(str, years_of(matrix))) or "không có năm nào"
        raise QuestionError(f"Không có chỉ tiêu nào cho năm {choice.year}.", f"Các năm có trong kế hoạch: {there}.")
    kept = {d.id for d in documents}
    rows = [_restricted(row, kept) for row in matrix.rows if group is None or (row.group or UNGROUPED) == group]
    rows = [row for row in rows if row.indicators and (choice.year is None or _tells(row, choice.year))]
    alone: dict[str, list[Shared]] = {d.id: [] for d in documents}
    if len(documents) > 1:
        for row in rows:
            if len(row.indicators) == 1:
                alone[row.main.document.id].append(row)
        rows = [row for row in rows if len(row.indicators) > 1]
    if choice.differing:
        rows, alone = [row for row in rows if differs(row, choice.year)], {}
    columns = _columns(documents, [*rows, *(r for found in alone.values() for r in found)], choice.year)
    return Selection(documents, columns, tuple(rows), {d: tuple(found) for d, found in alone.items() if found})


def differs(row: Shared, year: int | None = None) -> bool:
    """Whether two plans set different values for one year."""
    years = {y for i in row.indicators for y in i.shown_years if y is not None and year in (None, y)}
    return any(_apart(a.value(y), b.value(y)) for y in sorted(years) for a, b in combinations(row.indicators, 2))


def _apart(a: Value | None, b: Value | None) -> bool:
    if a is None or b is None or a.blank or b.blank:
        return False
    if a.amount is None or b.amount is None:
        return fold(a.text) != fold(b.text)
    return a.bounds != b.bounds


def _tells(row: Shared, year: int) -> bool:
    return any((value := i.value(year)) is not None and not value.blank for i in row.indicators)


def _restricted(row: Shared, kept: set[str]) -> Shared:
    members = tuple(i for i in row.indicators if i.document.id in kept)
    links = tuple(link for link in row.links if {link.left, link.right} <= kept)
    return replace(row, indicators=members, links=links)


def _columns(
    documents: Sequence[Document], rows: Sequence[Shared], year: int | None
) -> tuple[tuple[str, int | None], ...]:
    found = []
    for document in documents:
        members = [indicator for row in rows if (indicator := row.of(document.id))]
        years = {y for i in members for y in i.shown_years if year is None or y == year}
        found += [(document.id, y) for y in sorted(years, key=lambda y: y or 9999)]
    return tuple(found)


def _documents(matrix: Matrix, provinces: Sequence[str]) -> tuple[Document, ...]:
    """The plans of these provinces, or of those that went into them.

    Raises:
        QuestionError: a province is none, or no plan of it sets an indicator.
    """
    there = {d.province for d in matrix.documents if d.province}
    wanted = {own for typed in provinces for own in provinces_of(recognised_province(typed, there))}
    return tuple(d for d in matrix.documents if not provinces or d.province in wanted)


def _group(matrix: Matrix, typed: str) -> str:
    """The group of this name, or the only one that holds the words typed."""
    groups = groups_of(matrix)
    wanted = fold(typed).strip()
    found = [g for g in groups if fold(g) == wanted] or [g for g in groups if wanted and wanted in fold(g)]
    if len(found) != 1:
        said = f"Có nhiều nhóm chỉ tiêu khớp với «{typed}»." if found else f"Không có nhóm chỉ tiêu «{typed}»."
        raise QuestionError(said, f"Các nhóm: {'; '.join(found or groups)}.")
    return found[0]
