"""A file → `Parsed`: reader, regions, header, outline, tables, clauses, and the proof that no line was lost."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from ingest.clauses import ClauseList, add_header, add_items, add_notes, add_table, renumbered
from ingest.clean import fold, is_upper
from ingest.errors import CoverageError, SourceError
from ingest.facts import period_of
from ingest.header import Header, read_header
from ingest.model import Clause, ClauseKind, Coverage, Document, Line, Parsed, Rank, Section
from ingest.numbering import marker_of
from ingest.outline import Outline, read_blocks, split_closing
from ingest.readers.text import SUFFIXES, Source, read_text, source_of, too_large
from ingest.regions import Appendix, Regions, split_regions
from ingest.settings import Settings
from ingest.tables.find import Table, read_table, starts_table


def plan_files(path: Path) -> list[Path]:
    """The plan itself, or every readable plan below a directory, sorted.

    Raises:
        SourceError: missing path, unknown suffix, no ordinary file, or a directory without a plan.
    """
    mode = _mode(path)
    if stat.S_ISDIR(mode):
        return _plans_below(path)
    _check_suffix(path)
    if not stat.S_ISREG(mode):
        raise SourceError(f"«{path}» không phải là tệp thông thường.", "Chỉ ra một tệp văn bản hoặc một thư mục.")
    return [path]


def _check_suffix(path: Path) -> None:
    if path.suffix.lower() not in SUFFIXES:
        raise SourceError(
            f"Chưa đọc được định dạng «{path.suffix or path.name}» (tệp «{path}»).",
            f"Các định dạng đọc được: {', '.join(SUFFIXES)}. Hãy lưu kế hoạch dưới một trong các dạng này.",
        )


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode
    except PermissionError as error:
        raise SourceError(f"Không có quyền mở «{path}».", "Cấp quyền đọc cho thư mục chứa nó rồi chạy lại.") from error
    except OSError as error:  # also a link that leads to itself, a name that is too long
        raise SourceError(f"Không có tệp hoặc thư mục «{path}».", "Kiểm tra lại đường dẫn.") from error


def _plans_below(folder: Path) -> list[Path]:
    """Links to directories are not followed, so a loop of links ends. Names with a leading dot are left out."""

    def refuse(error: OSError) -> None:
        raise SourceError(
            f"Không mở được thư mục «{error.filename}»: {error.strerror}.", "Cấp quyền đọc cho thư mục rồi chạy lại."
        ) from error

    below = [Path(at, name) for at, _, names in os.walk(folder, onerror=refuse) for name in names]
    files = sorted(p for p in below if p.suffix.lower() in SUFFIXES and p.name[0] != "." and p.is_file())
    if not files:
        raise SourceError(
            f"Thư mục «{folder}» không có kế hoạch nào.", f"Đặt tệp {', '.join(SUFFIXES)} vào thư mục rồi chạy lại."
        )
    return files


def parse_file(path: Path, settings: Settings) -> Parsed:
    """Read one plan.

    Raises:
        SourceError: the file cannot be read as Unicode text, or holds nothing to cite.
        CoverageError: a line was lost; a defect of this package.
    """
    return parse_source(read_text(path, settings.max_bytes))


def parse_bytes(data: bytes, path: Path, settings: Settings) -> Parsed:
    """Read one plan that is in memory; `path` only names it, its suffix tells the format.

    Raises:
        SourceError: unknown suffix, too large, or as `parse_file`.
        CoverageError: a line was lost; a defect of this package.
    """
    _check_suffix(path)
    if len(data) > settings.max_bytes:
        raise too_large(path, len(data), settings.max_bytes)
    return parse_source(source_of(data, path))


def parse_source(source: Source) -> Parsed:
    """Structure of a decoded file."""
    regions = split_regions(source.lines)
    header = read_header(regions, " ".join(line.text for line in regions.body))
    clauses = ClauseList(source.digest[:12])
    discarded = dict(regions.discarded)
    add_header(clauses, header.facts)
    discarded |= _add_body(clauses, regions, header)
    for appendix in regions.appendices:
        discarded |= _add_appendix(clauses, appendix, header.warnings)
    result = renumbered(clauses.clauses)
    if not any(c.kind is not ClauseKind.HEADER for c in result):
        raise SourceError(f"Tệp «{source.path}» không có nội dung nào để trích dẫn.", "Kiểm tra lại tệp nguồn.")
    coverage = _coverage(source, result, clauses.lines, header, discarded)
    return Parsed(_document(source, header, result), result, coverage, tuple(line.raw for line in source.lines))


def _add_body(clauses: ClauseList, regions: Regions, header: Header) -> dict[int, str]:
    """Preamble, sections with their tables, closing formula, and what stands beside the signature. Returns discards."""
    add_items(clauses, Outline().add(read_blocks(header.preamble)))
    _, closing = split_closing(read_blocks(regions.body))
    end = closing[0].lines[0].number if closing else 1 << 60
    body = [line for line in regions.body if line.number < end]
    discarded = _add_contents(clauses, body, (), header.warnings)
    add_items(clauses, Outline().add(closing))
    add_items(clauses, Outline().add(read_blocks(header.leftover)))
    return discarded


def _add_appendix(clauses: ClauseList, appendix: Appendix, warnings: list[str]) -> dict[int, str]:
    """Title, then tables and text in the order in which they stand. Returns discarded lines."""
    lines = appendix.lines
    start = _content_start(lines)
    title_lines = [line for line in lines[:start] if line.text]
    titles = [line for line in title_lines if not line.text.startswith("(")]
    title = " ".join(filter(None, [appendix.title, *(line.text for line in titles)]))
    base: tuple[Section, ...] = (Section(Rank.APPENDIX, appendix.number, title),) if appendix.number or title else ()
    head = [line for line in [appendix.head, *title_lines] if line is not None]
    if head:
        clauses.add(ClauseKind.HEADING, base, " ".join(x.text for x in head), [x.number for x in head])
    return _add_contents(clauses, lines[start:], base, warnings)


def _content_start(lines: Sequence[Line]) -> int:
    """Where the title of an appendix ends: at a table, at a numbered line, or at a paragraph behind the title."""
    seen_title = False
    for index, line in enumerate(lines):
        if not line.text:
            continue
        if starts_table(lines, index) or marker_of(line.text) is not None:
            return index
        bracketed = line.text.startswith("(")
        if seen_title and not bracketed and not is_upper(line.text) and not line.text[:1].islower():
            return index
        seen_title = seen_title or not bracketed
    return len(lines)


def _add_contents(
    clauses: ClauseList, lines: Sequence[Line], base: tuple[Section, ...], warnings: list[str]
) -> dict[int, str]:
    discarded: dict[int, str] = {}
    index = text_from = 0
    outline = Outline(base)
    while index < len(lines):
        if not lines[index].text.strip("|:- ") or not starts_table(lines, index):
            index += 1  # a Markdown rule without a header above it is no table either
            continue
        _add_text(clauses, outline, lines[text_from:index])
        text_from = index
        table = read_table(lines[: _table_stop(lines, index, outline)], index)
        if not _is_whole(table, lines[index : table.end]):
            warnings.append(f"không dựng được bảng từ dòng {lines[index].number}; giữ nguyên dạng văn bản")
            index += 1
            continue
        path = outline.path()
        add_table(clauses, table, path, path[-1].text if path else "")
        discarded |= table.discarded
        index = text_from = table.end
    _add_text(clauses, outline, lines[text_from:])
    return discarded


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
        source=str(source.path), digest=source.digest, format=source.format, facts=tuple(header.facts),
        warnings=tuple(header.warnings),
    )  # fmt: skip


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
