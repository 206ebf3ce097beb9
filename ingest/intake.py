"""Files on their way in, from a directory or uploaded: each read by itself, so that a bad one keeps no other back."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.errors import CoverageError, SourceError
from ingest.files import plan_files
from ingest.model import Clause, ClauseKind, Coverage, Parsed, Rank
from ingest.parse import parse_bytes, parse_file
from ingest.settings import Settings

_UPLOADED = "tai-len"
_ITEMS = (Rank.LETTER, Rank.PAREN, Rank.BULLET)
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """One file: what was read, or why it was not."""

    path: Path
    parsed: Parsed | None
    error: SourceError | CoverageError | None


def read_path(path: Path, settings: Settings) -> list[FileOutcome]:
    """The plan of a path, or the plans below it; a path that cannot be used is an outcome too."""
    try:
        files = plan_files(path)
    except SourceError as error:
        return [FileOutcome(path, None, error)]
    # A relative path means another file in another directory; the index knows a plan by its path.
    return [_read(Path(os.path.abspath(file)), settings) for file in files]  # noqa: PTH100 (resolve follows links)


def _read(file: Path, settings: Settings) -> FileOutcome:
    try:
        return FileOutcome(file, parse_file(file, settings), None)
    except (SourceError, CoverageError) as error:
        return FileOutcome(file, None, error)


def read_upload(name: str, data: bytes, settings: Settings) -> FileOutcome:
    """A file that came from a browser. Nothing is written; its name, which is anybody's, is never used as a path.

    The source that the index knows it by holds the digest of the content: two offices may both call a file
    «ke-hoach.txt», and the plan of one must not take the place of the other's.
    """
    path = Path(clean_name(name))
    try:
        parsed = parse_bytes(data, path, settings)
    except (SourceError, CoverageError) as error:
        return FileOutcome(path, None, error)
    source = f"{_UPLOADED}/{parsed.document.id}/{path.name}"
    return FileOutcome(path, replace(parsed, document=replace(parsed.document, source=source)), None)


def clean_name(name: str) -> str:
    """The last part of a name from outside, without what no file name shows (controls, marks of direction)."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c)[0] != "C")
    stem, dot, suffix = shown.strip(" .").rpartition(".")
    if not dot:
        stem, suffix = suffix, ""
    stem = stem.strip() or "khong-ten"
    return f"{stem[: _LONGEST_NAME - len(dot + suffix[:20])]}{dot}{suffix[:20]}"


def row_counts(clauses: Sequence[Clause]) -> dict[str, int]:
    """Rows of each table, by the appendix they stand in."""
    counts: dict[str, int] = {}
    for clause in clauses:
        if clause.kind is ClauseKind.ROW:
            name = clause.section[0].number if clause.section else "bảng"
            counts[name] = counts.get(name, 0) + 1
    return counts


def rows_told(clauses: Sequence[Clause]) -> str:
    """«Phụ lục I: 119 dòng; bảng: 3 dòng»; "" for a plan without tables."""
    return "; ".join(f"{name}: {count} dòng" for name, count in row_counts(clauses).items())


def sections_told(clauses: Sequence[Clause]) -> list[str]:
    """The outermost headings in their order, each once: «I. MỤC TIÊU», «Phụ lục I …»."""
    tops = (clause.section[0] for clause in clauses if clause.section and clause.kind is not ClauseKind.HEADER)
    return [section.text for section in dict.fromkeys(tops) if section.rank not in _ITEMS]


def coverage_told(coverage: Coverage) -> str:
    """What became of the lines of a file."""
    discarded = "; ".join(f"{reason} {count}" for reason, count in sorted(coverage.discarded.items()))
    return (
        f"{coverage.total} dòng: {coverage.in_clauses} trong điều khoản, {coverage.in_header} ở phần đầu và phần ký, "
        f"{sum(coverage.discarded.values())} bỏ qua{f' ({discarded})' if discarded else ''}"
    )
