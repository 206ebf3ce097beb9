"""Files that a command writes a table to: `--xlsx F`, `--csv F`, `--docx F`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from export.table import Table
from export.write import check, write
from ingest.errors import InputError


def targets(xlsx: Path | None, csv: Path | None, docx: Path | None) -> list[Path]:
    """The files asked for, each of which can be written.

    Raises:
        InputError: a file's name does not end as its option says.
        OutputError: a file cannot be written.
    """
    named = [(file, suffix) for file, suffix in ((xlsx, ".xlsx"), (csv, ".csv"), (docx, ".docx")) if file is not None]
    for file, suffix in named:
        if file.suffix.lower() != suffix:
            raise InputError(f"Tùy chọn --{suffix[1:]} không ghi được tệp «{file}».", f"Đặt tên tệp có đuôi {suffix}.")
        check(file)
    return [file for file, _ in named]


def write_all(table: Callable[[], Table], files: Sequence[Path]) -> None:
    """Write one table to each file; it is not made where there is none.

    Raises:
        OutputError: a file cannot be written.
    """
    if files:
        made = table()
        for file in files:
            write(made, file)
