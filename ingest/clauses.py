"""Items of the outline and rows of the tables → clauses with stable ids."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ingest.clean import fold
from ingest.model import Clause, ClauseKind, HeaderFact, Line, Place, Rank, Row, Section
from ingest.outline import Item
from ingest.roles import row_agencies, text_agencies
from ingest.tables.columns import TT, Column
from ingest.tables.find import Table
from ingest.tables.rows import DraftRow


@dataclass(slots=True)
class ClauseList:
    """Collects the clauses of one document in order and keeps their ids unique."""

    document_id: str
    pages: Mapping[int, int] = field(default_factory=dict)  # of source lines, where the format has pages
    clauses: list[Clause] = field(default_factory=list)
    lines: dict[str, list[int]] = field(default_factory=dict)
    _ids: set[str] = field(default_factory=set)
    _counts: dict[str, int] = field(default_factory=dict)  # last number behind an id: long tables repeat theirs

    def add(
        self,
        kind: ClauseKind,
        section: tuple[Section, ...],
        text: str,
        lines: Sequence[int],
        tail: str = "",
        **more: object,
    ) -> None:
        """Append a clause. `tail` is the last part of its path: bullet number, row number, header field."""
        path = "/".join([*(_slug(s) for s in section), *([tail] if tail else [])]) or "p"
        identifier = self._unique(f"{self.document_id}/{path}")
        place = Place(min(lines), max(lines), self.pages.get(min(lines)))
        clause = Clause(identifier, self.document_id, len(self.clauses), kind, section, text, place, **more)  # type: ignore[arg-type]
        self.clauses.append(clause)
        self.lines[identifier] = list(lines)

    def _unique(self, identifier: str) -> str:
        candidate, count = identifier, self._counts.get(identifier, 1)
        while candidate in self._ids:
            count += 1
            candidate = f"{identifier}~{count}"
        self._counts[identifier] = count
        self._ids.add(candidate)
        return candidate


def _slug(section: Section) -> str:
    """Path element of a section: its number in plain ASCII, or its bullet and first words."""
    number = re.sub(r"[^a-z0-9.]+", "", fold(section.number)).strip(".")
    if section.rank is Rank.LETTER and section.number[:1] == "đ":
        number = "dd"
    if number and section.rank is not Rank.BULLET:
        return f"{section.rank.value[:3]}-{number}"
    return f"{section.rank.value[:3]}-{'-'.join(re.findall(r'[a-z0-9]+', fold(section.title))[:6])}"


def add_header(clauses: ClauseList, facts: Iterable[HeaderFact]) -> None:
    """Header facts as clauses of kind `header`, so that they are searched, cited and opened like any other."""
    for fact in facts:
        lines = [fact.place.first, fact.place.last]
        clauses.add(ClauseKind.HEADER, (), fact.text, lines, f"header-{fact.field}")


def add_items(clauses: ClauseList, items: Iterable[Item]) -> None:
    """Items of an outline, with the agencies that each names or stands under."""
    for item in items:
        agencies = text_agencies(item.text, item.kind, item.section)
        tail = f"b{item.bullet}" if item.bullet else "" if item.section and _is_own(item) else "p"
        clauses.add(item.kind, item.section, item.text, item.lines, tail, bullet=item.bullet, agencies=agencies)


def _is_own(item: Item) -> bool:
    """Whether the last section of the path is the item itself."""
    return item.text.startswith(item.section[-1].number)


def add_table(clauses: ClauseList, table: Table, base: tuple[Section, ...], title: str) -> None:
    """Header line, group headings and rows of a table; its notes."""
    header = " | ".join(cell.text for cell in table.header if cell.text)
    clauses.add(ClauseKind.HEADING, base, header, [n for cell in table.header for n in cell.lines], "columns")
    parent: DraftRow | None = None
    for draft in table.rows:
        if draft.is_group:
            _add_group(clauses, draft, base, table.columns)
            continue
        parent = draft if draft.tt else parent if draft.parent else None
        _add_row(clauses, draft, base, title, table.columns, None if draft.tt else parent)
    add_notes(clauses, table.notes, base)


def _group_sections(groups: Sequence[DraftRow]) -> tuple[Section, ...]:
    return tuple(Section(Rank.GROUP, f"{g.tt}." if g.tt else "", g.content) for g in groups)


def _add_group(clauses: ClauseList, draft: DraftRow, base: tuple[Section, ...], columns: Sequence[Column]) -> None:
    section = base + _group_sections((*draft.groups, draft))
    row = Row("", "", draft.tt, None, dict(draft.cells))
    text = draft.title if len(draft.cells) <= 1 else f"{draft.title} | {_cells_text(draft.cells, columns, skip=1)}"
    clauses.add(ClauseKind.HEADING, section, text, draft.lines, agencies=row_agencies(row))


def _add_row(
    clauses: ClauseList,
    draft: DraftRow,
    base: tuple[Section, ...],
    title: str,
    columns: Sequence[Column],
    parent: DraftRow | None,
) -> None:
    cells = _ordered(draft.cells, columns)
    names = {column.role: column.header for column in columns if column.role != TT}
    names |= {role: header for role, header in _SPLIT_NAMES.items() if role in cells and role not in names}
    group = " > ".join(g.title for g in draft.groups)
    said_above = parent.content if parent else ""
    row = Row(title, group, draft.tt, draft.parent, cells, tuple(draft.inherited), names, said_above)
    above = row_agencies(Row("", "", parent.tt, None, parent.cells)) if parent else ()
    tail = f"r{draft.tt}" if draft.tt else f"s{draft.parent or ''}"
    section = base + _group_sections(draft.groups)
    clauses.add(ClauseKind.ROW, section, row_text(row), draft.lines, tail, row=row, agencies=row_agencies(row, above))


_SPLIT_NAMES = {"lead": "Chủ trì", "coordinating": "Phối hợp"}


def row_text(row: Row) -> str:
    """Every cell with its column's name: «TT: 80 | Chỉ tiêu: … | Đến năm 2030: Khoảng 12.500»."""
    number = [f"TT: {row.tt}"] if row.tt else []
    return " | ".join(number + [f"{row.columns.get(role, role)}: {text}" for role, text in row.cells.items()])


def _cells_text(cells: dict[str, str], columns: Sequence[Column], skip: int = 0) -> str:
    names = {column.role: column.header for column in columns}
    ordered = list(_ordered(cells, columns).items())[skip:]
    return " | ".join(f"{names.get(role, role)}: {text}" for role, text in ordered)


def _ordered(cells: dict[str, str], columns: Sequence[Column]) -> dict[str, str]:
    """Cells in column order; cells that were split off a combined column last."""
    known = [column.role for column in columns if column.role in cells]
    return {role: cells[role] for role in [*known, *(r for r in cells if r not in known)]}


def add_notes(clauses: ClauseList, notes: Sequence[Line], base: tuple[Section, ...]) -> None:
    """Notes under a table, one a line; a bare «Ghi chú:» is their heading."""
    for count, line in enumerate(notes, start=1):
        bare = re.fullmatch(r"\W*ghi chu\W*", fold(line.text)) is not None
        kind = ClauseKind.HEADING if bare else ClauseKind.NOTE
        clauses.add(kind, base, line.text, [line.number], f"n{count}")


def renumbered(clauses: Sequence[Clause]) -> tuple[Clause, ...]:
    """Clauses in source order with consecutive ordinals."""
    ordered = sorted(clauses, key=lambda clause: (clause.place.first, clause.ordinal))
    return tuple(replace(clause, ordinal=index) for index, clause in enumerate(ordered))
