"""Where a table goes: the kind of file by its suffix, on disk in one step."""

from __future__ import annotations

import os
from pathlib import Path

from export.table import Table
from index.files import replace_bytes
from ingest.errors import InputError, OutputError

SUFFIXES = (".xlsx", ".csv", ".docx")


def content(table: Table, suffix: str) -> bytes:
    """Bytes of the file of this kind; the same for the same table.

    Raises:
        InputError: no such kind.
    """
    match suffix.lower():
        case ".xlsx":
            from export import xlsx

            return xlsx.content(table)
        case ".csv":
            from export import csv_file

            return csv_file.content(table)
        case ".docx":
            from export import docx

            return docx.content(table)
        case _:
            raise _unknown(suffix)


def write(table: Table, path: Path) -> None:
    """Write the table to a file; one that is there is replaced in one step, or stays as it is.

    Raises:
        InputError: the suffix names no kind of file.
        OutputError: the path cannot be written.
    """
    check(path)
    data = content(table, path.suffix)
    try:
        replace_bytes(path.resolve(), data)  # resolved: a link stays one
    except OSError as error:
        raise OutputError(
            f"Không ghi được tệp «{path}»: {error.strerror or error}.",
            "Kiểm tra dung lượng đĩa và quyền ghi vào thư mục, đóng tệp nếu đang mở, rồi chạy lại.",
        ) from error


def check(path: Path) -> None:
    """Refuse a path that cannot be written before time is spent on what to write.

    Raises:
        InputError: the suffix names no kind of file.
        OutputError: it is a folder, its folder is missing, or it may not be written.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise _unknown(path.suffix, path)
    try:
        if path.is_dir():
            raise OutputError(f"«{path}» là thư mục.", "Ghi thêm tên tệp, ví dụ: bang.xlsx.")
        if not path.parent.is_dir():
            raise OutputError(f"Không có thư mục «{path.parent}».", "Tạo thư mục đó hoặc chọn thư mục khác.")
        if path.exists() and not os.access(path, os.W_OK):
            raise OutputError(f"Tệp «{path}» không cho ghi.", "Chọn tên khác hoặc bỏ thuộc tính chỉ đọc của tệp.")
    except OSError as error:  # a name too long, a folder that may not be entered
        raise OutputError(
            f"Không ghi được tệp «{path}»: {error.strerror or error}.", "Chọn tên hoặc thư mục khác."
        ) from error


def _unknown(suffix: str, path: Path | None = None) -> InputError:
    what = f"Không xuất được ra «{path}»" if path else "Không xuất được"
    kind = f"chưa hỗ trợ đuôi «{suffix}»" if suffix else "tên tệp không có đuôi"
    return InputError(f"{what}: {kind}.", f"Đặt tên tệp có đuôi {', '.join(SUFFIXES[:-1])} hoặc {SUFFIXES[-1]}.")
