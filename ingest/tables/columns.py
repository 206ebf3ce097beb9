"""A table's header: which column plays which role."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ingest.clean import fold

TT = "tt"
CONTENT_ROLES = ("indicator", "task")
AGENCY_ROLES = ("lead", "coordinating")
# Cells of these columns are merged over several rows when one agency or one date holds for all of them; a missing
# number or unit, in contrast, is blank.
MERGED_ROLES = frozenset({"lead", "coordinating", "submit_to", "time"})

_TT = re.compile(r"^(?:tt|stt|so tt|so thu tu|#)\.?$")
_YEAR = re.compile(r"\b(20\d\d)\b")
_ACTUAL = re.compile(r"^(?:ket qua|uoc|thuc hien|th\\b|hien trang|da dat|so lieu)")
_VALUE_SPAN = re.compile(r"^(?:cac )?(?:muc tieu|chi tieu|ke hoach|lo trinh|giai doan|chi tieu ke hoach|muc phan dau)")
_AGENCY_SPAN = re.compile(
    r"^(?:phan cong|to chuc thuc hien|trach nhiem|don vi thuc hien|co quan thuc hien|don vi, co quan)"
)
_ROLE_WORDS = (
    ("note", re.compile(r"ghi chu")),
    ("unit", re.compile(r"^(?:don vi(?: tinh| do)?|dvt|d\.v\.t)$")),
    ("time", re.compile(r"thoi gian|tien do|thoi han|han hoan thanh|hoan thanh|^han\b")),
    ("submit_to", re.compile(r"cap trinh|cap (?:co )?tham quyen|co quan trinh|^trinh\b|cap ban hanh|cap phe duyet")),
    ("lead", re.compile(r"chu tri")),
    ("coordinating", re.compile(r"phoi hop")),
    (
        "lead",
        re.compile(
            r"(?:co quan|don vi|so,? nganh|to chuc)[^,]*(?:thuc hien|theo doi|tham muu|chiu trach nhiem)|^phan cong|"
            r"^nguoi thuc hien|^chu dau tu"
        ),
    ),
    ("indicator", re.compile(r"chi tieu|chi so")),
    ("task", re.compile(r"nhiem vu|noi dung|cong viec|de an|hoat dong|chuong trinh|ten van ban|giai phap|san pham")),
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its role (or the printed header where the role is unknown) and its printed header."""

    role: str
    header: str


def is_tt(text: str) -> bool:
    """Whether a header cell is that of the row numbers: «TT», «STT», «Số TT»."""
    return bool(_TT.match(fold(text).strip()))


def columns_of(header: Sequence[str]) -> list[Column]:
    """Header cells in reading order, one or two levels → columns from left to right, the TT column first.

    A spanning cell («Mục tiêu», «Phân công đơn vị thực hiện») is replaced by its children («Đến năm 2025»,
    «Chủ trì»), wherever in the reading order the children stand.
    """
    cells = [_Header(text) for text in header]
    cells = _spread(cells, [c for c in cells if c.year and not c.actual], lambda c: c.value_span)
    agencies = [c for c in cells if c.role in AGENCY_ROLES and not c.agency_span]
    if any(c.role == "lead" for c in agencies):  # else «Đơn vị thực hiện» beside «Đơn vị phối hợp» is the lead itself
        cells = _spread(cells, agencies, lambda c: c.agency_span)
    return _named([c for c in cells if not c.tt])


class _Header:
    """A header cell with what its words say."""

    def __init__(self, text: str) -> None:
        self.text = text
        folded = fold(text).strip()
        years = _YEAR.findall(folded)
        self.tt = is_tt(text)
        self.actual = bool(_ACTUAL.match(folded))
        self.year = years[0] if len(set(years)) == 1 else ""
        self.value_span = bool(_VALUE_SPAN.match(folded)) and not self.year
        self.agency_span = bool(_AGENCY_SPAN.match(folded))
        self.role = next((role for role, pattern in _ROLE_WORDS if pattern.search(folded)), "")


def _spread(cells: list[_Header], children: list[_Header], is_span: Callable[[_Header], bool]) -> list[_Header]:
    """Put the children in the place of the span above them; nothing changes where there is no span or no child."""
    content = next((i for i, c in enumerate(cells) if not c.tt), 0)
    spans = [i for i, c in enumerate(cells) if i > content and is_span(c) and c not in children]
    if not spans or not children:
        return cells
    span = spans[0]
    rest_before = [c for c in cells[:span] if c not in children]
    rest_after = [c for c in cells[span + 1 :] if c not in children]
    return rest_before + children + rest_after


def _named(cells: list[_Header]) -> list[Column]:
    has_values = any(c.year for c in cells) or any(c.role == "unit" for c in cells)
    columns = [Column(TT, "TT")]
    used = {TT}
    for index, cell in enumerate(cells):
        role = _role(cell, index, has_values)
        if not role or role in used:
            role = cell.text
        while role in used:
            role += "*"  # two columns with the same printed header: both are kept
        used.add(role)
        columns.append(Column(role, cell.text))
    return columns


def _role(cell: _Header, index: int, has_values: bool) -> str:
    if index == 0:
        return "indicator" if has_values or cell.role == "indicator" else "task"
    if cell.year and not cell.actual and cell.role in ("", "indicator", "task"):
        return f"target_{cell.year}"
    if cell.actual or cell.role in CONTENT_ROLES:
        return ""
    return cell.role
