"""What the three kinds of file share: the words around the table, and text that none of them refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import isfinite

from export.table import Cell, Table

PROGRAM = "kehoach"
SOURCE = "Nguồn"
NO_LINES = "Không có dòng nào."
MAX_NAME = 240  # a column's name in Excel holds 255 characters, of which some are left for « (2)»

_FORBIDDEN = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # by XML 1.0
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # Excel reads «_x0041_» as «A»
# What starts a formula in Excel, LibreOffice and Google Sheets, where a file does not say what is text; full width too.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
_DASHES = re.compile(r"\s*-+\s*")


def clean(text: str) -> str:
    """The text without what XML forbids (control characters, lone surrogates), line ends as `\\n`."""
    return _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """Cleaned, with every run of white space as one space."""
    return " ".join(clean(text).split())


def column_names(table: Table) -> list[str]:
    """Names of the columns, «Nguồn» last: one line each, none empty, no two alike but for case."""
    names: list[str] = []
    taken: set[str] = set()
    for at, column in enumerate([*table.columns, SOURCE], 1):
        base = cut(_ESCAPE.sub("_ ", one_line(column)), MAX_NAME) or f"Cột {at}"
        name, times = base, 1
        while _key(name) in taken:
            times += 1
            name = f"{base} ({times})"
        taken.add(_key(name))
        names.append(name)
    return names


def _key(name: str) -> str:
    return name.lower().casefold()


def heading(table: Table) -> list[str]:
    """Lines above a table: the title, what was asked where something was, the day and the program."""
    lines = [one_line(table.title) or "Bảng tổng hợp"]
    if asked := one_line(table.asked):
        lines.append(f"Câu hỏi, bộ lọc: {asked}")
    return [*lines, f"Ngày {table.made:%d/%m/%Y}, lập bằng chương trình {PROGRAM}"]


def notes(table: Table) -> list[str]:
    """Lines below a table; one that has no row says so."""
    found = [one_line(note) for note in table.notes]
    return [*([] if table.lines else [NO_LINES]), *(note for note in found if note)]


def cut(text: str, limit: int) -> str:
    """At most `limit` UTF-16 units, as Excel counts, the last of them «…» where something was left out."""
    units = text.encode("utf-16-le")
    if len(units) <= 2 * limit:
        return text
    return units[: 2 * (limit - 1)].decode("utf-16-le", "ignore") + "…"


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet that guesses would take the text for a formula; dashes alone («-») are none."""
    return bool(_FORMULA.match(text)) and not _DASHES.fullmatch(text)


def number_format(cell: Cell) -> str | None:
    """Excel's format that shows the cell's number as it is printed («12.500» → `#,##0`); None for a cell of text.

    A percentage keeps its sign as a letter («98,5%» → `0.0"%"` over 98.5, not over 0.985): it sorts among bare ones
    whose column or row says the unit. A cell stays text where its number is not the whole of what is printed, or has
    more digits than Excel keeps.
    """
    if cell.number is None or not isfinite(cell.number):
        return None
    text = cell.text.strip()
    bare = text.removesuffix("%").rstrip()
    sign = f'"{text[len(bare) :]}"' if bare != text else ""
    return next((form + sign for value, form in _readings(bare) if value == cell.number), None)


def _readings(text: str) -> Iterator[tuple[float, str]]:
    """What a numeral may mean, the Vietnamese way first: «12.500» is 12500, then 12.5."""
    for group, point in (r"\.", ","), ("[ \u00a0\u202f]", ","), (",", r"\."):
        match = re.fullmatch(rf"([-−]?)(\d{{1,3}}(?:{group}\d{{3}})+|\d+)(?:{point}(\d+))?", text, re.ASCII)
        if match:
            whole, places = re.sub(r"\D", "", match[2]), match[3] or ""
            if len(whole + places) > 15:
                continue
            value = float(f"{'-' if match[1] else ''}{whole}.{places or 0}")
            form = "#,##0" if len(whole) < len(match[2]) else "0" * (len(whole) if whole.startswith("0") else 1)
            yield value, form + ("." + "0" * len(places) if places else "")
