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
_ACTUAL = re.compile(
    r"^(?:ket qua|uoc|thuc hien|th\b|hien trang|hien co|da dat|so lieu|(?:nam |gia tri )?(?:goc|co so)\b|da thuc hien)"
)
_BARE_YEAR = re.compile(r"^(?:nam )?20\d\d$")
_MONEY = re.compile(r"^(?:tong )?(?:nhu cau )?(?:kinh phi|von\b|nguon von|ngan sach|du toan|chi phi|tong muc dau tu)")
# «Số hộ giảm năm 2025» measures something; «Tỷ lệ năm 2025», «Mục tiêu đến năm 2025» only say when
_MEASURE = re.compile(
    r"^(?:so (?!lieu)\w|t[yi] le (?!nam\b|den\b)\w|dien tich|tong\b|dan so|nhu cau|gia tri|san luong|"
    r"muc (?:ho tro|dong\b))"
)
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
    cells = _spread_behind_note([_Header(text) for text in header])
    cells = _spread(cells, [c for c in cells if c.year and not c.actual], lambda c: c.value_span)
    agencies = [c for c in cells if c.role in AGENCY_ROLES and not c.agency_span]
    if any(c.role == "lead" for c in agencies):  # else «Đơn vị thực hiện» beside «Đơn vị phối hợp» is the lead itself
        cells = _spread(cells, agencies, lambda c: c.agency_span)
    return _named([c for c in cells if not c.tt])


def leaf_columns(paths: Sequence[Sequence[str]]) -> list[Column]:
    """The header cells above each column of a real table, top down, the TT column left out → columns, likewise.

    A column is called by its lowest cell; by all of them where that says too little («2025» below «Thực hiện»,
    «Diện tích» below «Kế hoạch năm 2025»), or where several are called the same («Hải đảo» below «2021» and «2024»).
    """
    leaves = [path[-1] for path in paths]
    return _named([_leaf(path, leaves.count(path[-1]) > 1) for path in paths])[1:]


def _leaf(path: Sequence[str], again: bool) -> _Header:
    above = [fold(text) for text in path[:-1]]
    said_above = any(pattern.match(text) for pattern in (_ACTUAL, _MONEY, _MEASURE) for text in above)
    if again or (said_above and _YEAR.search(path[-1])):
        return _Header(" ".join(path), path[-1])
    if not re.search(r"[^\W\d_]{2}", path[-1]):
        return _Header(" ".join(path[-2:]), path[-1])
    leaf = _Header(path[-1])
    dated = max((at for at, text in enumerate(above) if _YEAR.search(text)), default=None)
    if dated is None or _YEAR.search(path[-1]) or leaf.role not in ("", *CONTENT_ROLES):
        return leaf
    header = _Header(" ".join(path[dated:]))
    header.measure = not leaf.value_span and not leaf.role  # «Sản lượng» below a year is no target of its own
    return header


class _Header:
    """A header cell with what its words say."""

    def __init__(self, text: str, leaf: str = "") -> None:
        self.text = text
        folded = fold(text).strip()
        years = _YEAR.findall(leaf) or _YEAR.findall(folded)
        self.tt = is_tt(text)
        self.actual = bool(_ACTUAL.match(folded))
        self.year = years[0] if len(set(years)) == 1 else ""
        self.money = bool(_MONEY.match(folded))
        self.measure = self.money or bool(_MEASURE.match(folded))
        self.value_span = bool(_VALUE_SPAN.match(folded)) and not self.year
        self.agency_span = bool(_AGENCY_SPAN.match(folded))
        self.role = next((role for role, pattern in _ROLE_WORDS if pattern.search(folded)), "")
        self.names_lead = "chu tri" in folded
        if self.measure and self.role in ("time", "submit_to", *AGENCY_ROLES):
            self.role = ""  # «Số căn hoàn thành» is no time, «Số đơn vị thực hiện» no agency


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


def _spread_behind_note(cells: list[_Header]) -> list[_Header]:
    """«Ghi chú» is the last column: what is printed behind it stands below columns before it. Where it repeats itself,
    below as many of the last ones; else below the last that names a year."""
    note = next((i for i, c in enumerate(cells) if c.role == "note"), len(cells))
    children = cells[note + 1 :]
    if not children or any(c.role in (*AGENCY_ROLES, "time", "unit") or c.year for c in children):
        return cells
    texts = [c.text for c in children]
    times = next((n for n in (4, 3, 2) if len(texts) % n == 0 and texts == texts[: len(texts) // n] * n), 1)
    dated = [i for i, c in enumerate(cells[:note]) if c.year]
    spans = dated[-1:] if times == 1 else list(range(note - times, note))
    if not spans or spans[0] < 2:
        return cells
    below = texts[: len(texts) // times]
    spread = [[_Header(f"{c.text} {t}", c.text) for t in below] if i in spans else [c] for i, c in enumerate(cells)]
    return [c for part in spread[: note + 1] for c in part]


def _named(cells: list[_Header]) -> list[Column]:
    bare = [c for c in cells if c.year and _BARE_YEAR.match(fold(c.text))]
    dated = _is_funding(cells) or (bool(bare) and _is_schedule(cells))
    has_values = any(c.year and not dated for c in cells) or any(c.role == "unit" for c in cells)
    if any(c.role == "lead" and c.names_lead for c in cells):
        for cell in cells:  # «Chủ đầu tư», «Đơn vị thực hiện» lead only where nobody is called so
            cell.role = cell.role if cell.role != "lead" or cell.names_lead else ""
    columns = [Column(TT, "TT")]
    used = {TT}
    for index, cell in enumerate(cells):
        role = _role(cell, index, has_values, dated)
        if not role or role in used:
            role = cell.text
        while role in used:
            role += "*"  # two columns with the same printed header: both are kept
        used.add(role)
        columns.append(Column(role, cell.text))
    return columns


def _is_funding(cells: list[_Header]) -> bool:
    """A table of money by year. A table of indicators names units."""
    named = [c for c in cells if c.text]
    money = bool(named) and (any(c.money for c in named[1:]) or fold(named[0].text).startswith("nguon"))
    return money and not any(c.role in ("unit", "indicator") for c in named)


def _is_schedule(cells: list[_Header]) -> bool:
    """A table of tasks whose columns of bare years are ticked."""
    roles = {c.role for c in cells}
    return "task" in roles and bool(roles & {"lead", "coordinating"}) and not roles & {"unit", "indicator"}


def _role(cell: _Header, index: int, has_values: bool, dated: bool) -> str:
    if index == 0:
        return "indicator" if has_values or cell.role == "indicator" else "task"
    if cell.year and not (cell.actual or cell.measure or dated) and cell.role in ("", "indicator", "task"):
        return f"target_{cell.year}"
    if cell.actual or cell.role in CONTENT_ROLES:
        return ""
    return cell.role
