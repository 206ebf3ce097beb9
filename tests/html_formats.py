"""Any plan as a web page: its paragraphs, its tables with merged cells, and a portal's furniture around them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby
from pathlib import Path

from ingest.clean import repair, strip_markup
from ingest.model import Clause, Parsed, Row
from ingest.tables.columns import is_tt

HEAD = """<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{title}</title>
<style>.menu li {{ display: inline }}</style><script>var text = "<p>Không phải văn bản</p>";</script></head><body>
<header id="top"><a href="/">CỔNG THÔNG TIN ĐIỆN TỬ</a>
<form><input value="Tìm"><button>Tìm kiếm</button></form></header>
<div class="menu main-menu"><ul><li><a href="/">Trang chủ</a></li><li><a href="/vb">Văn bản</a></li></ul></div>
<div class="wrap"><div class="breadcrumb"><a href="/">Trang chủ</a> › <a href="/vb">Văn bản chỉ đạo</a></div>
<div class="left"><h3>Chuyên mục</h3>
<ul><li><a href="/1">Tin trong tỉnh</a></li><li><a href="/2">Lịch họp</a></li></ul></div>
<div class="detail"><h1><a href="/vb/1">{title}</a></h1>
<table class="props">{box}</table><div class="vb-content">
"""
TAIL = """</div>
<div class="share-box"><a href="https://facebook.example/s">Chia sẻ</a> <span>Lượt xem: 1204</span></div>
<h3>Văn bản liên quan</h3>
<ul class="list"><li><a href="/vb/2">Kế hoạch 9/KH-UBND năm 2023 về cải cách hành chính</a></li>
<li><a href="/vb/3">Quyết định 77/QĐ-UBND năm 2022 về phân bổ vốn</a></li></ul></div></div>
<div id="footer"><p>Bản quyền thuộc Cổng thông tin điện tử. Điện thoại: 0200 000 000</p></div></body></html>
"""
CHROME = (
    "Trang chủ", "Chuyên mục", "Lịch họp", "Tìm kiếm", "Chia sẻ", "Lượt xem", "Văn bản liên quan", "9/KH-UBND năm",
    "77/QĐ-UBND", "Bản quyền", "Không phải văn bản", "CỔNG THÔNG TIN", "Số ký hiệu",
)  # fmt: skip
_CARRIED = None


def html_of(parsed: Parsed, target: Path) -> None:
    """Write a plan as a page to `target`: paragraphs, one real table for each table, header from `row.columns`."""
    document = parsed.document
    facts = {"Số ký hiệu": document.number, "Người ký": document.signer, "Cơ quan ban hành": document.province}
    box = "".join(f"<tr><td>{name}</td><td>{escape(value)}</td></tr>" for name, value in facts.items() if value)
    body = "\n".join(part if isinstance(part, str) else _table(part) for part in parts_of(parsed))
    title = escape(f"{document.kind} {document.number}")
    target.write_text(HEAD.format(title=title, box=box) + body + TAIL, encoding="utf-8")


def paragraphs_of(parsed: Parsed) -> list[str]:
    """The lines that stand outside of tables, repaired: what must be read back in this order."""
    return [part.removeprefix("<p>").removesuffix("</p>") for part in parts_of(parsed, str) if isinstance(part, str)]


def tables_of(parsed: Parsed) -> list[list[Row]]:
    """The rows of each table."""
    return [part for part in parts_of(parsed) if not isinstance(part, str)]


def parts_of(parsed: Parsed, as_text: type[str] | None = None) -> list[str | list[Row]]:
    """Paragraphs (as `<p>`, escaped unless `as_text`) and tables in order, without what the source's own site added."""
    spans = _spans(parsed)
    own = {n for c in parsed.clauses if c.kind.value != "header" for n in range(c.place.first, c.place.last + 1)}
    own |= {n for f in parsed.document.facts if f.field != "metadata" for n in range(f.place.first, f.place.last + 1)}
    parts: list[str | list[Row]] = []
    for number, raw in enumerate(parsed.lines, start=1):
        span = next((s for s in spans if s[0] <= number <= s[1]), None)
        if span is not None:
            if span[0] == number:
                parts.append(span[2])
        elif number in own and (text := repair(strip_markup(raw))):
            parts.append(f"<p>{text if as_text else escape(text)}</p>")
    return parts


def _spans(parsed: Parsed) -> list[tuple[int, int, list[Row]]]:
    """First and last line of each table, from its header on, and its rows."""
    rows = [(c, c.row) for c in parsed.clauses if c.row is not None]
    spans = []
    for _, found in groupby(rows, key=lambda pair: pair[1].table):
        table = list(found)
        first = _header_line(parsed.lines, table[0][0])
        spans.append((first, max(clause.place.last for clause, _ in table), [row for _, row in table]))
    return spans


def _header_line(lines: Sequence[str], clause: Clause) -> int:
    number = clause.place.first
    while number > 1 and not is_tt(strip_markup(lines[number - 1].strip("|\u00a0 ")).split("|")[0]):
        number -= 1
    return number


def grid_rows(rows: Sequence[Row]) -> list[tuple[str, list[str | None]]]:
    """Printed rows: («», cells) of a data row, None where a cell is merged with the one above; (group, cells) of a
    group row, whose cells are those that the rows below share with it."""
    roles = list(dict.fromkeys(role for row in rows for role in row.columns if role != "tt"))
    printed: list[tuple[str, list[str | None]]] = []
    values: list[str] = []
    open_groups: list[str] = []
    for row in rows:
        cells = [row.cells.get(role, "") for role in roles]
        groups = row.group.split(" > ") if row.group else []
        shared = next((i for i, (a, b) in enumerate(zip(groups, open_groups, strict=False)) if a != b), None)
        fresh = groups[min(len(groups), len(open_groups)) if shared is None else shared :]
        open_groups = groups
        for group in fresh:
            values = [text if role in row.inherited else "" for role, text in zip(roles, cells, strict=True)]
            printed.append((group, [*values]))
        carried = [
            role in row.inherited and bool(values) and values[i] == cells[i] and bool(cells[i])
            for i, role in enumerate(roles)
        ]
        values = cells
        printed.append(("", [row.tt, *(_CARRIED if c else text for c, text in zip(carried, cells, strict=True))]))
    return printed


def _table(rows: list[Row]) -> str:
    roles = list(dict.fromkeys(role for row in rows for role in row.columns if role != "tt"))
    headers = [next(row.columns[role] for row in rows if role in row.columns) for role in roles]
    head = "".join(f"<th>{escape(text)}</th>" for text in ("TT", *headers))
    printed = grid_rows(rows)
    made = []
    for index, (group, cells) in enumerate(printed):
        if group:
            made.append(_group_row(printed, index))
            continue
        made.append("".join(_cell(text, _depth(printed, index, c)) for c, text in enumerate(cells) if text is not None))
    lines = "\n".join(f"<tr>{row}</tr>" for row in made)
    return f'<table border="1"><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>'


def _group_row(printed: Sequence[tuple[str, list[str | None]]], index: int) -> str:
    """The group's name over all columns, or up to the first cell that the rows below are merged with."""
    group, cells = printed[index]
    merged = [c for c in range(1, len(cells) + 1) if _depth(printed, index, c) > 1]
    first = merged[0] if merged else len(cells) + 1
    row = f'<td colspan="{first}"><b>{escape(group)}</b></td>'
    return row + "".join(_cell(cells[c - 1] or "", _depth(printed, index, c)) for c in range(first, len(cells) + 1))


def _depth(printed: Sequence[tuple[str, list[str | None]]], index: int, column: int) -> int:
    depth = 1
    while index + depth < len(printed) and not printed[index + depth][0] and printed[index + depth][1][column] is None:
        depth += 1
    return depth


def _cell(text: str, depth: int) -> str:
    span = f' rowspan="{depth}"' if depth > 1 else ""
    return f"<td{span}>{escape(text) or '&nbsp;'}</td>"
