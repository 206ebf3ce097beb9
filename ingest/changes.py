"""The list of renamed units, read from TOML and checked: an administrator may have written it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ingest.agencies import find_agencies
from ingest.errors import InputError
from ingest.provinces import province_names

_REQUIRED = {
    "agency": ("former", "today", "since", "until", "source"),
    "ended": ("former", "since", "until", "source"),
    "province": ("today", "former", "since", "until", "source"),
}
_OPTIONAL = {"agency": ("function", "note", "provinces"), "ended": ("note",), "province": ("unit", "note")}
_LISTS = {"agency": ("provinces",), "ended": (), "province": ("former",)}


@dataclass(frozen=True, slots=True)
class Change:
    """One unit that became another.

    `kind` is «agency» or «province»; `former` and `today` are canonical names, `today` empty where a unit ended without
    a successor of its kind. `function` is the part of the former's functions that went there, empty when all of them.
    `since` is the first day of today's unit, `until` the last of the former. `provinces` are those for which a source
    of their own tells so; in any other `note` applies. `unit` is what today's province is called.
    """

    kind: str
    former: str
    today: str
    function: str
    since: date
    until: date
    source: str
    note: str
    provinces: tuple[str, ...]
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Reorganisation:
    """All changes, by either name, in the order of the file; `provinces` maps each of today's to what it was made of,
    itself included where it goes on."""

    former: Mapping[str, tuple[Change, ...]]
    today: Mapping[str, tuple[Change, ...]]
    provinces: Mapping[str, tuple[str, ...]]


def parse_changes(text: str, file: str) -> Reorganisation:
    """Read the whole list; `file` is named in errors.

    Raises:
        InputError: no TOML, a field that is missing, unknown or of another type, a name that is no agency or province.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _broken(file, "", f"không phải TOML hợp lệ ({error})", "Sửa dòng được nêu") from error
    for name in data:
        if name not in (*_REQUIRED, "unchanged"):
            raise _broken(
                file, "", f"không có phần «{name}»", "Chỉ dùng [[agency]], [[ended]], [[province]], unchanged"
            )
    changes = [change for kind in _REQUIRED for change in _changes(data, kind, file)]
    provinces = {row["today"]: tuple(row["former"]) for row in data.get("province", ())}
    provinces |= {name: (name,) for name in _unchanged(data.get("unchanged", []), file)}
    return Reorganisation(_by(changes, "former"), _by(changes, "today"), provinces)


def _by(changes: Iterable[Change], name: str) -> dict[str, tuple[Change, ...]]:
    found: dict[str, tuple[Change, ...]] = {}
    for change in changes:
        key = getattr(change, name)
        if key:
            found[key] = (*found.get(key, ()), change)
    return found


def _unchanged(names: object, file: str) -> list[str]:
    if not isinstance(names, list) or any(name not in province_names() for name in names):
        raise _broken(file, "unchanged", "phải là danh sách tên tỉnh", "Ghi tên như trong danh mục có sẵn")
    return names


def _changes(data: Mapping[str, Any], kind: str, file: str) -> Iterator[Change]:
    """Checked rows of one kind; a province row holds a change for each former province with another name."""
    rows = data.get(kind, [])
    if not isinstance(rows, list):
        raise _broken(file, kind, "phải là các dòng", f"Mở mỗi dòng bằng [[{kind}]]")
    seen: set[tuple[str, str, str]] = set()
    for number, row in enumerate(rows, start=1):
        where = f"[[{kind}]] thứ {number}"
        _check_fields(row, kind, file, where)
        _check_names(row, kind, file, where)
        names = row["former"] if kind == "province" else [row["former"]]
        for former in names:
            # A former province belongs to one of today; an agency's function is said once.
            key = (former, "", "") if kind == "province" else (former, row.get("today", ""), row.get("function", ""))
            if key in seen:
                raise _broken(file, where, f"«{former}» đã có ở dòng trước", "Xóa dòng trùng")
            seen.add(key)
            if former != row.get("today"):
                yield _change(row, kind, former)


def _change(row: Mapping[str, Any], kind: str, former: str) -> Change:
    return Change(
        kind="province" if kind == "province" else "agency",
        former=former,
        today=row.get("today", ""),
        function=row.get("function", ""),
        since=row["since"],
        until=row["until"],
        source=row["source"],
        note=row.get("note", ""),
        provinces=tuple(row.get("provinces", ())),
        unit=row.get("unit", "tỉnh") if kind == "province" else "",
    )


def _check_fields(row: object, kind: str, file: str, where: str) -> None:
    if not isinstance(row, dict):
        raise _broken(file, where, "không phải một dòng dữ liệu", f"Mở mỗi dòng bằng [[{kind}]]")
    for name in row:
        if name not in (*_REQUIRED[kind], *_OPTIONAL[kind]):
            allowed = ", ".join((*_REQUIRED[kind], *_OPTIONAL[kind]))
            raise _broken(file, where, f"không có trường «{name}»", f"Các trường: {allowed}")
    for name in _REQUIRED[kind]:
        if not row.get(name):
            raise _broken(file, where, f"thiếu «{name}»", f"Thêm trường «{name}»")
    for name, value in row.items():
        _check_value(name, value, name in _LISTS[kind], file, where)
    if row["until"] >= row["since"]:
        raise _broken(file, where, "«until» phải trước «since»", "Sửa hai ngày, ví dụ 2025-02-28 và 2025-03-01")


def _check_value(name: str, value: object, is_list: bool, file: str, where: str) -> None:
    if name in ("since", "until"):
        if type(value) is not date:
            raise _broken(file, where, f"«{name}» không phải một ngày", "Ghi ngày không có dấu nháy, ví dụ 2025-03-01")
    elif is_list:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise _broken(file, where, f"«{name}» phải là danh sách tên", f'Ví dụ: {name} = ["Bắc Kạn", "Thái Nguyên"]')
    elif not isinstance(value, str):
        raise _broken(file, where, f"«{name}» phải là chuỗi", f'Ví dụ: {name} = "…"')


def _check_names(row: Mapping[str, Any], kind: str, file: str, where: str) -> None:
    """Names must be those that plans are read with, or no clause would ever be found by them."""
    provinces = [*row.get("provinces", ())]
    if kind == "province":
        provinces += [row["today"], *row["former"]]
    else:
        for name in (row["former"], row.get("today", "")):
            if name and [span.name for span in find_agencies(name)] != [name]:
                raise _broken(file, where, f"không nhận ra cơ quan «{name}»", "Ghi tên đầy đủ, không viết tắt")
        if row["former"] == row.get("today"):
            raise _broken(file, where, f"«{row['former']}» kế tục chính mình", "Xóa dòng này")
    for name in provinces:
        if name not in province_names():
            raise _broken(file, where, f"không nhận ra tỉnh «{name}»", "Ghi tên như trong danh mục có sẵn")


def _broken(file: str, where: str, what: str, remedy: str) -> InputError:
    place = f", {where}" if where else ""
    return InputError(
        f"Tệp sắp xếp đơn vị «{file}»{place}: {what}.", f"{remedy}, hoặc xóa tệp để dùng danh mục có sẵn."
    )
