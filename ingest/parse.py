"""A file → `Parsed`: reader, regions, header, outline, tables, clauses, and the proof that no line was lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ingest.blocks import read_blocks, split_closing
from ingest.clauses import ClauseList, add_header, add_items, add_notes, add_table, renumbered
from ingest.clean import fold, is_upper
from ingest.errors import CoverageError, SourceError
from ingest.facts import period_of
from ingest.files import check_suffix
from ingest.head import Header
from ingest.header import read_header
from ingest.model import Clause, ClauseKind, Coverage, Document, Line, Parsed, Printed, Rank, Section
from ingest.numbering import marker_of
from ingest.outline import Outline
from ingest.readers.child import Progress
from ingest.readers.limits import Limits
from ingest.readers.open import read_source, source_of
from ingest.readers.source import Grid, Source
from ingest.regions import Appendix, Regions, split_regions
from ingest.relations import relations_of
from ingest.settings import Settings
from ingest.tables.find import Table, is_pipe, read_table, starts_table
from ingest.tables.grid import read_grid
from ingest.tables.pipe import read_pipe

Grids = Mapping[int, Grid]  # real tables by their first line


def parse_file(path: Path, settings: Settings) -> Parsed:
    """Read one plan of a path.

    Raises:
        SourceError: the file cannot be read, or holds nothing to cite.
        CoverageError: a line was lost; a defect of this package.
    """
    return parse_source(read_source(path, settings.max_bytes, limits=_limits(settings)))


def parse_bytes(data: bytes, path: Path, settings: Settings, progress: Progress | None = None) -> Parsed:
    """Read one plan that is in memory; `path` only names it. `progress` is told (pages done, pages in all).

    Raises:
        SourceError: unknown suffix, too large, or as `parse_file`.
        CoverageError: a line was lost; a defect of this package.
    """
    check_suffix(path)
    return parse_source(source_of(data, path, settings.max_bytes, progress, _limits(settings)))


def _limits(settings: Settings) -> Limits:
    return Limits(settings.max_seconds, settings.max_pages, settings.max_memory)


def parse_source(source: Source) -> Parsed:
    """Structure of a decoded file."""
    regions = split_regions(source.lines, {number for grid in source.grids for number in grid.lines})
    header = read_header(regions, " ".join(line.text for line in regions.body))
    clauses = ClauseList(source.digest[:12], {number: marks[0].page for number, marks in source.marks.items()})
    discarded = dict(regions.discarded)
    add_header(clauses, header.facts)
    grids = {grid.lines[0]: grid for grid in source.grids if grid.lines}
    discarded |= _add_body(clauses, regions, header, grids)
    for appendix in regions.appendices:
        discarded |= _add_appendix(clauses, appendix, header.warnings, grids)
    result = renumbered(_with_doubts(clauses, source.doubts))
    if not any(c.kind is not ClauseKind.HEADER for c in result):
        raise SourceError(f"Tệp «{source.path}» không có nội dung nào để trích dẫn.", "Kiểm tra lại tệp nguồn.")
    coverage = _coverage(source, result, clauses.lines, header, discarded)
    lines = tuple(line.raw for line in source.lines)
    return Parsed(_document(source, header, result), result, coverage, lines, _printed(source))


def _with_doubts(clauses: ClauseList, doubts: Mapping[int, tuple[str, ...]]) -> list[Clause]:
    """The clauses with those of their lines' doubtful words that their text holds."""
    if not doubts:
        return clauses.clauses
    found = []
    for clause in clauses.clauses:
        words = dict.fromkeys(word for line in clauses.lines[clause.id] for word in doubts.get(line, ()))
        found.append(replace(clause, doubts=tuple(word for word in words if word in clause.text)))
    return found


def _printed(source: Source) -> Printed | None:
    if not source.original:
        return None
    return Printed("pdf" if source.format == "pdf" else "image", source.original, source.marks, source.doubts)


def _add_body(clauses: ClauseList, regions: Regions, header: Header, grids: Grids) -> dict[int, str]:
    """Preamble, sections with their tables, closing formula, and what stands beside the signature. Returns discards."""
    add_items(clauses, Outline().add(read_blocks(header.preamble)))
    discarded = _add_closed(clauses, regions.body, (), header.warnings, grids)
    add_items(clauses, Outline().add(read_blocks(header.leftover)))
    return discarded


def _add_closed(
    clauses: ClauseList, lines: Sequence[Line], base: tuple[Section, ...], warnings: list[str], grids: Grids
) -> dict[int, str]:
    """Sections with their tables, then the closing formula, which belongs to none of them."""
    _, closing = split_closing(read_blocks(lines))
    end = closing[0].lines[0].number if closing else 1 << 60
    discarded = _add_contents(clauses, [line for line in lines if line.number < end], base, warnings, grids)
    add_items(clauses, Outline(base).add(closing))
    return discarded


def _add_appendix(clauses: ClauseList, appendix: Appendix, warnings: list[str], grids: Grids) -> dict[int, str]:
    """Title, then tables and text in the order in which they stand. Returns discarded lines."""
    lines = appendix.lines
    start = _content_start(lines, grids)
    title_lines = [line for line in lines[:start] if line.text]
    titles = [line for line in title_lines if not line.text.startswith("(")]
    title = " ".join(filter(None, [appendix.title, *(line.text for line in titles)]))
    base: tuple[Section, ...] = (Section(Rank.APPENDIX, appendix.number, title),) if appendix.number or title else ()
    head = [line for line in [appendix.head, *title_lines] if line is not None]
    if head:
        clauses.add(ClauseKind.HEADING, base, " ".join(x.text for x in head), [x.number for x in head])
    add = _add_closed if appendix.attached else _add_contents
    return add(clauses, lines[start:], base, warnings, grids)


def _content_start(lines: Sequence[Line], grids: Grids) -> int:
    """Where the title of an appendix ends: at a table, at a numbered line, or at a paragraph behind the title."""
    seen_title = False
    for index, line in enumerate(lines):
        if not line.text:
            continue
        if line.number in grids or starts_table(lines, index) or marker_of(line.text) is not None:
            return index
        bracketed = line.text.startswith("(")
        if seen_title and not bracketed and not is_upper(line.text) and not line.text[:1].islower():
            return index
        seen_title = seen_title or not bracketed
    return len(lines)


def _add_contents(
    clauses: ClauseList, lines: Sequence[Line], base: tuple[Section, ...], warnings: list[str], grids: Grids
) -> dict[int, str]:
    discarded: dict[int, str] = {}
    index = text_from = 0
    outline = Outline(base, bare=True)
    while index < len(lines):
        if lines[index].number not in grids and not _looks_like_table(lines, index):
            index += 1
            continue
        _add_text(clauses, outline, lines[text_from:index])
        text_from = index
        table = _table_at(lines, index, outline, grids)
        if table is None or not _is_whole(table, lines[index : table.end]):
            warnings.append(f"không dựng được bảng từ dòng {lines[index].number}; giữ nguyên dạng văn bản")
            index += 1
            continue
        path = outline.path()
        add_table(clauses, table, path, path[-1].text if path else "")
        discarded |= table.discarded
        index = text_from = table.end
    _add_text(clauses, outline, lines[text_from:])
    return discarded


def _looks_like_table(lines: Sequence[Line], index: int) -> bool:
    """A Markdown rule without a header above it is no table."""
    return bool(lines[index].text.strip("|:- ")) and starts_table(lines, index)


def _table_at(lines: Sequence[Line], index: int, outline: Outline, grids: Grids) -> Table | None:
    """The table whose first line this is: a real one, or one that is printed cell by cell."""
    grid = grids.get(lines[index].number)
    if grid is None and is_pipe(lines[index]):
        return read_pipe(lines, index)
    if grid is None:
        return read_table(lines[: _table_stop(lines, index, outline)], index)
    end = index + len(grid.lines)
    if [line.number for line in lines[index:end]] != list(grid.lines):
        return None  # cut by the end of the body, or out of order
    table = read_grid(grid, lines[index:end])
    if table is not None:
        table.end = end
    return table


def _table_stop(lines: Sequence[Line], start: int, outline: Outline) -> int:
    """Where the section behind a table of the body begins: at the number that follows an open section's."""
    for index in range(start + 1, len(lines)):
        marker = marker_of(lines[index].text)
        if marker is not None and marker.rank is not Rank.BULLET and outline.continues(marker):
            return index
    return len(lines)


def _is_whole(table: Table, lines: Sequence[Line]) -> bool:
    """Whether a table has a header and accounts for each of its lines: what only looks like a table may not."""
    cells = [cell.lines for cell in table.header] + [tuple(row.lines) for row in table.rows]
    held = {n for part in cells for n in part} | {line.number for line in table.notes}
    return bool(table.header) and {line.number for line in lines if line.text} <= held | set(table.discarded)


def _add_text(clauses: ClauseList, outline: Outline, lines: Sequence[Line]) -> None:
    filled = [line for line in lines if line.text]
    if filled and fold(filled[0].text).lstrip("(* ").startswith("ghi chu"):
        add_notes(clauses, filled, outline.base)
        return
    done = len(outline.items)
    add_items(clauses, outline.add(read_blocks(lines))[done:])


def _document(source: Source, header: Header, clauses: Sequence[Clause]) -> Document:
    return Document(
        id=source.digest[:12], number=header.number, kind=header.kind or "Kế hoạch", province=header.province,
        issued=header.issued, signer=header.signer, position=header.position, title=header.title,
        period=_period_of(clauses) or header.period, basis=header.basis, recipients=header.recipients,
        source=str(source.path), digest=source.digest, format=_format(source), facts=tuple(header.facts),
        warnings=tuple(header.warnings),
        relations=relations_of(header.number, header.issued, header.kind, header.facts, clauses),
    )  # fmt: skip


def _format(source: Source) -> str:
    """The format; «scan» for a PDF file of which pages had to be read as pictures."""
    return "scan" if source.format == "pdf" and source.doubts else source.format


def _period_of(clauses: Sequence[Clause]) -> str:
    """The period that a clause «Thời gian thực hiện: …» states."""
    for clause in clauses:
        if clause.section and fold(clause.section[-1].title).startswith("thoi gian thuc hien"):
            _, _, value = clause.text.partition(":")
            return period_of(value) or value.strip(" .")[:80]
    return ""


def _coverage(
    source: Source, clauses: Sequence[Clause], lines: dict[str, list[int]], header: Header, discarded: dict[int, str]
) -> Coverage:
    """Count what became of every non-blank line.

    Raises:
        CoverageError: a line is nowhere, or in two places.
    """
    owner: Counter[int] = Counter(discarded.keys())
    header_lines = set(header.lines)
    owner.update(header_lines)
    cited = [n for c in clauses if c.kind is not ClauseKind.HEADER for n in lines[c.id]]
    owner.update(set(cited))
    filled = {line.number for line in source.lines if line.text}
    lost = sorted(filled - set(owner))
    twice = sorted(n for n, count in owner.items() if count > 1)
    if lost or twice:
        raise CoverageError(f"{source.path}: dòng không thuộc phần nào: {lost[:10]}; dòng thuộc hai phần: {twice[:10]}")
    in_clauses = len(set(cited) & filled)
    return Coverage(in_clauses, len(header_lines & filled), dict(Counter(discarded.values())), len(filled))
