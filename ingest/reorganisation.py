"""What agencies and provinces that plans name have become since 2025: dated data, which never rewrites a plan."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from importlib import resources
from pathlib import Path

from ingest.changes import Change, Reorganisation, parse_changes
from ingest.errors import InputError
from ingest.settings import Settings

__all__ = ["Change", "Reorganisation", "day", "predecessors", "reorganisation", "shares", "successors", "told"]

OWN_FILE = "reorganisation.toml"  # of an administrator, beside the index


def successors(former: str) -> tuple[Change, ...]:
    """Who has the functions of a unit now, in the order of the data; () when it goes on, or ended without successor."""
    return tuple(change for change in reorganisation().former.get(former, ()) if change.today)


def predecessors(today: str) -> tuple[Change, ...]:
    """Units whose functions today's unit has now; never the unit itself."""
    return reorganisation().today.get(today, ())


def told(printed: str, province: str = "") -> str:
    """One sentence for a card: what became of a name that a plan prints; "" when nothing changed.

    Where the functions were split every successor is named.

    Args:
        printed: canonical name of an agency or a province.
        province: that of the plan; where no source tells of it, the sentence says what it rests on.
    """
    changes = reorganisation().former.get(printed, ())
    if not changes:
        return ""
    first = changes[0]
    since, sources = day(first.since), "; ".join(_sources(changes, province))
    if first.kind == "province":
        return f"Kế hoạch của {printed}; từ {since} thuộc {first.unit} {first.today} ({sources})."
    if not first.today:
        return (
            f"Kế hoạch ghi {printed}; đơn vị này kết thúc từ {since}, không có đơn vị cùng loại thay thế ({sources})."
        )
    if len(changes) == 1 and not first.function:
        return f"Kế hoạch ghi {printed}; từ {since} chức năng thuộc {first.today} ({sources})."
    return f"Kế hoạch ghi {printed}; từ {since} chức năng chia cho {shares(changes)}. Nguồn: {sources}."


def shares(changes: Iterable[Change]) -> str:
    """«Sở Y tế (trẻ em, …); Sở Giáo dục và Đào tạo (giáo dục nghề nghiệp)»."""
    return "; ".join(f"{c.today} ({c.function})" if c.function else c.today for c in changes)


def is_split(former: str) -> bool:
    """Whether the functions of a unit went to several, or but a part of them to one."""
    changes = successors(former)
    return len({change.today for change in changes}) > 1 or any(change.function for change in changes)


def day(when: date) -> str:
    """«01/3/2025», as officials write it."""
    return f"{when.day:02d}/{when.month}/{when.year}"


def _sources(changes: Iterable[Change], province: str) -> list[str]:
    """Sources without repetition; then, of changes that none of them tells of for this province, what they rest on."""
    listed = tuple(changes)
    notes = [c.note for c in listed if c.note and province and province not in c.provinces]
    return list(dict.fromkeys([c.source for c in listed] + notes))


def reorganisation() -> Reorganisation:
    """The data in force, read once: an administrator's own file, or else the packaged one.

    Raises:
        InputError: an administrator's file is missing or broken; names the file, the row and the remedy.
    """
    return _in_force(os.environ.get("KEHOACH_REORGANISATION", ""), os.environ.get("KEHOACH_HOME", ""))


@lru_cache(maxsize=4)
def _in_force(named: str, home: str) -> Reorganisation:
    settings = Settings.from_environment({"KEHOACH_REORGANISATION": named, "KEHOACH_HOME": home})
    own = settings.reorganisation or settings.home / OWN_FILE
    try:
        return parse_changes(own.read_text("utf-8-sig"), str(own))
    except (FileNotFoundError, NotADirectoryError) as error:
        if settings.reorganisation is None:
            return _packaged()
        raise _unreadable(own) from error
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(own) from error


def _packaged() -> Reorganisation:
    return parse_changes(resources.files("ingest").joinpath(f"data/{OWN_FILE}").read_text("utf-8"), OWN_FILE)


def _unreadable(file: Path) -> InputError:
    return InputError(
        f"Không đọc được tệp sắp xếp đơn vị «{file}».",
        "Kiểm tra đường dẫn (KEHOACH_REORGANISATION), quyền đọc và mã UTF-8, hoặc xóa tệp để dùng danh mục có sẵn.",
    )
