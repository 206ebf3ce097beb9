"""Which files are plans: those that are named, and those that lie below a directory."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from ingest.errors import SourceError
from ingest.readers.form import SUFFIXES


def plan_files(path: Path) -> list[Path]:
    """The plan itself, or every readable plan below a directory, sorted.

    Raises:
        SourceError: missing path, unknown suffix, no ordinary file, or a directory without a plan.
    """
    mode = _mode(path)
    if stat.S_ISDIR(mode):
        return _plans_below(path)
    check_suffix(path)
    if not stat.S_ISREG(mode):
        raise SourceError(f"«{path}» không phải là tệp thông thường.", "Chỉ ra một tệp văn bản hoặc một thư mục.")
    return [path]


def check_suffix(path: Path) -> None:
    """
    Raises:
        SourceError: the name says that the file is of a kind that is not read.
    """
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
