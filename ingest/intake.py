"""Files on their way in, from a directory or uploaded: each read by itself, so that a bad one keeps no other back."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from ingest.errors import CoverageError, SourceError
from ingest.files import plan_files
from ingest.model import Clause, ClauseKind, Coverage, Parsed, Rank
from ingest.parse import parse_bytes
from ingest.readers.child import Progress
from ingest.readers.text import read_bytes
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


class Kept(Protocol):
    """What reading a file would give, where that is known already."""

    def __call__(self, path: Path, digest: str) -> Parsed | None:
        """The reading of a file of this name whose content has this sha256; None where it has to be read."""


class Reading(Protocol):
    """Told how far the reading of files is: after each file, and after each page of one that has pages."""

    def __call__(self, done: int, total: int, name: str, page: int, pages: int) -> None:
        """`done` of `total` files are read. Of the next, `name`, the first `page` of `pages` are; 0 of 0 at its start.
        Behind the last file the name is empty."""


def nothing_kept(path: Path, digest: str) -> None:
    """A `Kept` that knows no file."""


def untold(done: int, total: int, name: str, page: int, pages: int) -> None:
    """A `Reading` that says nothing."""


def read_paths(
    paths: Iterable[Path], settings: Settings, kept: Kept = nothing_kept, told: Reading = untold
) -> list[FileOutcome]:
    """The plans of these paths and those below them, each once; a path that cannot be used is an outcome too."""
    found: dict[Path, SourceError | None] = {}
    for path in paths:
        try:
            # A relative path means another file in another directory; the index knows a plan by its path.
            found |= {Path(os.path.abspath(file)): None for file in plan_files(path)}  # noqa: PTH100 (no links followed)
        except SourceError as error:
            found[path] = error
    outcomes = []
    for done, (path, fault) in enumerate(found.items()):
        told(done, len(found), path.name, 0, 0)
        pages = partial(told, done, len(found), path.name)
        outcomes.append(FileOutcome(path, None, fault) if fault else _read(path, settings, kept, pages))
    told(len(found), len(found), "", 0, 0)
    return outcomes


def _read(file: Path, settings: Settings, kept: Kept, progress: Progress) -> FileOutcome:
    try:
        data = read_bytes(file, settings.max_bytes)
        parsed = kept(file, sha256(data).hexdigest()) or parse_bytes(data, file, settings, progress)
    except (SourceError, CoverageError) as error:
        return FileOutcome(file, None, error)
    return FileOutcome(file, parsed, None)


def read_upload(
    name: str, data: bytes, settings: Settings, kept: Kept = nothing_kept, progress: Progress | None = None
) -> FileOutcome:
    """A file that came from a browser. Nothing is written; its name, which is anybody's, is never used as a path.
    `progress` is told (pages done, pages in all).

    The source that the index knows it by holds the digest of the content: two offices may both call a file
    «ke-hoach.txt», and the plan of one must not take the place of the other's.
    """
    path = Path(clean_name(name))
    try:
        parsed = kept(path, sha256(data).hexdigest()) or parse_bytes(data, path, settings, progress)
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
