"""Printing: plain lines on standard output, progress and errors on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from index.build import Progress as ProgressCallback

console = Console(stderr=True)

_STAGES = {
    "store": "Ghi văn bản",
    "embed": "Mã hóa đoạn văn",
    "words": "Tách từ",
    "index": "Dựng chỉ mục",
    "ask": "Hỏi",
}


def say(text: str) -> None:
    """One line on standard output; document text is printed as it is, never read as markup."""
    sys.stdout.write(text + "\n")


@contextmanager
def progress_bar() -> Iterator[ProgressCallback]:
    """A bar a stage, with counts, while the block runs; silent where standard error is no terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        tasks: dict[str, object] = {}

        def update(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = progress.add_task(_STAGES.get(stage, stage), total=total)
            progress.update(tasks[stage], completed=done, total=total)  # type: ignore[arg-type]

        yield update
