"""Printing: plain lines on standard output, progress and errors on standard error."""

from __future__ import annotations

import getpass
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeElapsedColumn
from rich.text import Text

from ingest.errors import OutputError

if TYPE_CHECKING:  # the index takes half a second, and `kehoach --help` needs none of it
    from index.progress import Progress as ProgressCallback
    from ingest.intake import Reading

console = Console(stderr=True)


def say(text: str) -> None:
    """One line on standard output; document text is printed as it is, never read as markup.

    A file name or a question may hold bytes that are no Unicode (lone surrogates): they are printed as `\\udc80`.

    Raises:
        OutputError: it cannot be written.
    """
    with written():
        sys.stdout.write(_printable(text) + "\n")


def prepare_streams() -> None:
    """UTF-8 whatever the locale says, for the text is Vietnamese; a stream that was closed leads nowhere."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 (for good)
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")


def flush() -> None:
    """Write out what is still buffered, while it can be told that there is no room for it.

    Raises:
        OutputError: it cannot be written.
    """
    with suppress(BrokenPipeError), written():
        sys.stdout.flush()


@contextmanager
def written() -> Iterator[None]:
    """Turn a refusal of the file system into an error; a reader that stops early is none, and is passed on.

    Raises:
        OutputError: standard output cannot be written.
    """
    try:
        yield
    except OSError as error:
        _abandon(sys.stdout)
        if isinstance(error, BrokenPipeError):
            raise
        raise OutputError(
            f"Không ghi được kết quả ra đầu ra chuẩn: {error.strerror or error}.",
            "Kiểm tra dung lượng đĩa và tệp nhận kết quả rồi chạy lại `kehoach`.",
        ) from error


def _abandon(stream: TextIO) -> None:
    """Let a stream lead nowhere: at its end the interpreter tries again to write what is buffered."""
    with suppress(io.UnsupportedOperation):  # a test's stream is no file
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def complain(message: str, remedy: str = "", word: str = "Lỗi") -> None:
    """An error and what to do, on standard error; never wrapped, so that a path can be copied from it."""
    try:
        sys.stderr.write(_printable(f"{word}: {message}\n" + (f"  → {remedy}\n" if remedy else "")))
    except OSError:  # nowhere to say it; the exit code still does
        _abandon(sys.stderr)


def _printable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


@contextmanager
def progress_bar() -> Iterator[ProgressCallback]:
    """A bar a stage, with counts and speed, while the block runs; silent where standard error is no terminal."""
    from index.progress import STAGE_NAMES

    names = STAGE_NAMES | {"ask": "Hỏi"}
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), _Speed())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        tasks: dict[str, object] = {}

        def update(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = progress.add_task(names.get(stage, stage), total=total)
            progress.update(tasks[stage], completed=done, total=total)  # type: ignore[arg-type]

        yield update


class _Speed(ProgressColumn):
    """How many are done a second."""

    def render(self, task: Task) -> Text:
        """«21/giây»; nothing before there is a speed."""
        return Text(f"{task.speed:.0f}/giây" if task.speed else "")


@contextmanager
def reading_bar() -> Iterator[Reading]:
    """A bar of the files that are read, and the pages of the one that is being read, while the block runs."""
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=None)

        def update(done: int, total: int, name: str, page: int, pages: int) -> None:
            at = f", trang {page}/{pages}" if pages else ""
            shown = f"Đọc {_printable(name)}{at}" if name else ""
            progress.update(task, completed=done, total=total, description=shown)

        yield update


def user() -> str:
    """Who runs this command, for the history; «» where the system does not say."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a user id without a name
        return ""
