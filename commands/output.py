"""Printing: plain lines on standard output, progress and errors on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:  # the index takes half a second, and `kehoach --help` needs none of it
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
    """One line on standard output; document text is printed as it is, never read as markup.

    A file name or a question may hold bytes that are no Unicode (lone surrogates): they are printed as `\\udc80`.
    """
    sys.stdout.write(_printable(text) + "\n")


def complain(message: str, remedy: str = "") -> None:
    """An error and what to do, on standard error; never wrapped, so that a path can be copied from it."""
    sys.stderr.write(_printable(f"Lỗi: {message}\n" + (f"  → {remedy}\n" if remedy else "")))


def _printable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


@contextmanager
def progress_bar() -> Iterator[ProgressCallback]:
    """A bar a stage, with counts, while the block runs; silent where standard error is no terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        tasks: dict[str, object] = {}

        def update(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = progress.add_task(_STAGES.get(stage, stage), total=total)
            progress.update(tasks[stage], completed=done, total=total)  # type: ignore[arg-type]

        yield update
