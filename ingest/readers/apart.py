"""A file read in a process of its own → `Source`.

That process ends when it takes too much time or memory: a few kilobytes can unpack to gigabytes, one page can hold more
instructions than anybody waits for, and a web page below every count can still take a minute. It costs 0.2 s a file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ingest.model import Line
from ingest.readers.child import Progress, run
from ingest.readers.limits import Limits
from ingest.readers.source import Flow, Grid, GridCell, Mark, Source


def read_apart(
    data: bytes, path: Path, form: str, limits: Limits | None = None, progress: Progress | None = None
) -> Source:
    """The content of a file; `path` only names it. `progress` is told after each page, where the format has pages.

    Args:
        form: one that `child_main` reads: «docx», «html», «pdf», «image».

    Raises:
        SourceError: what the reader refuses, or the file is beyond a limit.
    """
    limits = limits or Limits()
    arguments = [form, str(path), str(limits.pages), str(limits.seconds), str(limits.memory)]
    told = run("ingest.readers.child_main", arguments, data, path, limits.seconds, progress)
    return _source(told, path, data, form)


def _source(told: dict[str, Any], path: Path, data: bytes, form: str) -> Source:
    lines = [Line(number, text, raw) for number, (text, raw) in enumerate(told["lines"], 1)]
    grids = [Grid(tuple(GridCell(t, tuple(n), *place) for t, n, *place in cells)) for cells in told["grids"]]
    marks = {number: tuple(Mark(*mark) for mark in found) for number, found in told["marks"]}
    doubts = {number: tuple(words) for number, words in told["doubts"]}
    return Flow(lines, grids, marks, doubts).source(path, data, form)
