"""Tables as .xlsx, .csv and .docx, read back by openpyxl, csv and python-docx."""

from __future__ import annotations

import ast
import csv
import io
import os
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet
from streamlit.testing.v1 import AppTest

from export.table import Cell, Line, Table
from export.text import clean, column_names, cut, looks_like_formula, number_format, one_line
from export.widths import fit, least, lines_needed
from export.write import SUFFIXES, check, content, write
from export.xlsx import MAX_TEXT, sheet_name
from ingest.errors import InputError, OutputError
from ui.download import buttons, file_name

HEATH = "khoản 7, mục V, Kế hoạch số 54/KH-UBND ngày 17/3/2024 của UBND tỉnh Thái Nguyên"
HOUSES = "TT 80, mục IX, Phụ lục I, Kế hoạch số 143/KH-UBND ngày 05/6/2024 của UBND tỉnh Bà Rịa - Vũng Tàu"
COMMAND = "=cmd|' /C calc'!A0"
LONG = "Phát triển nhà ở xã hội cho công nhân khu công nghiệp và người thu nhập thấp tại đô thị. " * 6
TABLE = Table(
    title="So sánh giữa các tỉnh",
    asked="tỷ lệ tham gia bảo hiểm y tế?",
    made=date(2026, 11, 5),
    columns=("Tỉnh", "Trả lời", "Số căn hộ", "Diễn giải"),
    lines=(
        Line((Cell("Thái Nguyên"), Cell("98,5", 98.5), Cell("12.500", 12500), Cell(LONG)), (HEATH,)),
        Line((Cell("Bà Rịa - Vũng Tàu"), Cell("trên 98%", 98), Cell("-5", -5), Cell(COMMAND)), (HOUSES, HEATH)),
        Line((Cell("Đồng Nai"), Cell("Không quy định trong kế hoạch"), Cell("-"), Cell("+1")), ()),
    ),
    notes=("Kế hoạch ghi tên cơ quan như khi ban hành.",),
)
TOP = 5  # of the header in the sheet: below title, question, date and an empty line

anything = st.text(st.characters(exclude_categories=()), max_size=60)
numbers = st.none() | st.floats() | st.integers(-(10**6), 10**6).map(float)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    columns = tuple(draw(st.lists(anything, max_size=4)))
    cell = st.builds(Cell, anything, numbers)
    line = st.builds(
        Line, st.tuples(*[cell] * len(columns)), st.lists(anything, max_size=3).map(tuple)
    )  # as many cells as columns
    lines = tuple(draw(st.lists(line, max_size=3)))
    return Table(draw(anything), draw(anything), date(2026, 1, 2), columns, lines, (draw(anything),))


def one_cell(text: str, number: float | None = None) -> Table:
    return Table("Bảng", "", date(2026, 1, 2), ("Cột",), (Line((Cell(text, number),)),))


def sheet(table: Table) -> Worksheet:
    return openpyxl.load_workbook(io.BytesIO(content(table, ".xlsx"))).active


def records(table: Table) -> list[list[str]]:
    text = content(table, ".csv").decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def document(table: Table) -> Document:
    return docx.Document(io.BytesIO(content(table, ".docx")))


# --- .xlsx


def test_sheet_has_a_heading_a_table_object_and_notes() -> None:
    made = sheet(TABLE)
    assert [made.cell(row, 1).value for row in range(1, 5)] == [
        "So sánh giữa các tỉnh",
        "Câu hỏi, bộ lọc: tỷ lệ tham gia bảo hiểm y tế?",
        "Ngày 05/11/2026, lập bằng chương trình kehoach",
        None,
    ]
    (table,) = made.tables.values()
    assert table.ref == "A5:E8"
    assert table.autoFilter.ref == "A5:E8"
    assert table.tableStyleInfo.name == "TableStyleLight15"
    assert [column.name for column in table.tableColumns] == ["Tỉnh", "Trả lời", "Số căn hộ", "Diễn giải", "Nguồn"]
    assert [cell.value for cell in made[TOP]] == ["Tỉnh", "Trả lời", "Số căn hộ", "Diễn giải", "Nguồn"]
    assert made.cell(10, 1).value == TABLE.notes[0]
    assert made.title == "So sánh giữa các tỉnh"


def test_numbers_are_numbers_and_look_as_printed() -> None:
    made = sheet(TABLE)
    share, homes = made.cell(6, 2), made.cell(6, 3)
    assert (share.value, share.data_type, share.number_format) == (98.5, "n", "0.0")
    assert (homes.value, homes.number_format) == (12500, "#,##0")
    assert made.cell(7, 3).value == -5
    assert made.cell(7, 2).value == "trên 98%"  # what is printed says more than its number
    assert made.cell(8, 3).value == "-"


@pytest.mark.parametrize(
    ("text", "number", "expected"),
    [
        ("98,5", 98.5, "0.0"),
        ("12.500", 12500, "#,##0"),
        ("12.500", 12.5, "0.000"),
        ("1.234.567,80", 1234567.8, "#,##0.00"),
        ("2030", 2030, "0"),
        ("05", 5, "00"),
        ("12 500", 12500, "#,##0"),
        ("−5", -5, "0"),
        ("98,5%", 98.5, '0.0"%"'),
        ("1.200 %", 1200, '#,##0" %"'),
        ("98,5%", 0.985, None),
        ("%", 0, None),
        ("98%%", 98, None),
        ("≥ 98", 98, None),
        ("28-30", 28, None),
        ("98,5", 99, None),
        ("+5", 5, None),
        ("5", None, None),
        ("", 0, None),
        ("9" * 16, float("9" * 16), None),
        ("nan", float("nan"), None),
        ("inf", float("inf"), None),
    ],
)
def test_number_format(text: str, number: float | None, expected: str | None) -> None:
    assert number_format(Cell(text, number)) == expected


@pytest.mark.parametrize("text", [COMMAND, "=1+1", "+1", "-5", "@SUM(A1)", "\tx", "{=1}", "http://x.vn", "01/02/2026"])
def test_text_that_looks_like_a_formula_is_text(text: str) -> None:
    made = sheet(replace(one_cell(text), columns=(text,), asked=text, title=text, notes=(text,)))
    cell = made.cell(TOP + 1, 1)
    assert (cell.value, cell.data_type) == (text, "s")
    assert cell.quotePrefix is looks_like_formula(text)
    assert {cell.data_type for row in made.iter_rows() for cell in row if cell.value is not None} == {"s"}


def test_sheet_is_fit_to_be_read_and_printed() -> None:
    made = sheet(TABLE)
    assert made.freeze_panes == "B6"
    widths = [made.column_dimensions[letter].width for letter in "ABCDE"]
    assert widths[3] > widths[0]
    assert all(4 <= width <= 80 for width in widths)
    assert sum(widths) < 150
    assert made.cell(6, 4).alignment.wrap_text
    assert made.row_dimensions[6].height > 3 * made.row_dimensions[8].height
    assert (made.page_setup.orientation, made.page_setup.paperSize) == ("landscape", 9)
    assert (made.page_setup.fitToWidth or 1, made.page_setup.fitToHeight) == (1, 0)  # one wide, any high
    assert made.sheet_properties.pageSetUpPr.fitToPage
    assert made.print_title_rows == "$5:$5"


def test_sources_stand_in_the_last_column() -> None:
    made = sheet(TABLE)
    assert [made.cell(row, 5).value for row in (6, 7, 8)] == [HEATH, f"{HOUSES}\n{HEATH}", None]


def test_names_of_columns_are_made_unique() -> None:
    names = ("Năm", "năm", "", " \n", "Nguồn", "Năm (2)", "_x0041_", "x" * 300, "x" * 300)
    table = Table("", "", date(2026, 1, 2), names, (Line(tuple(Cell(str(at)) for at in range(len(names)))),))
    found = column_names(table)
    assert found[:7] == ["Năm", "năm (2)", "Cột 3", "Cột 4", "Nguồn", "Năm (2) (2)", "_ x0041_"]
    assert found[-1] == "Nguồn (2)"
    assert len({name.casefold() for name in found}) == len(found)
    assert max(map(len, found)) <= 255
    made = sheet(table)
    (written,) = made.tables.values()
    assert [column.name for column in written.tableColumns] == [cell.value for cell in made[TOP - 1]] == found


def test_a_cell_too_long_for_excel_is_cut() -> None:
    text = sheet(one_cell("a" * (MAX_TEXT - 2) + "😀😀")).cell(TOP, 1).value
    assert len(text) == MAX_TEXT - 1  # half a sign beyond the basic plane is none
    assert text.endswith("a…")
    assert sheet(one_cell("ô" * MAX_TEXT)).cell(TOP, 1).value == "ô" * MAX_TEXT
    assert len(records(one_cell("ô" * 40_000))[1][0]) == 40_000


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("So sánh: 2025/2030 [mới]?", "So sánh 2025 2030 mới"),
        ("", "Bảng"),
        ("'*'", "Bảng"),
        ("History", "Bảng"),
        ("Nhiệm vụ của Sở Lao động - Thương binh và Xã hội", "Nhiệm vụ của Sở Lao động - Thư…"),
    ],
)
def test_sheet_name(title: str, expected: str) -> None:
    assert sheet_name(title) == expected
    assert len(expected) <= 31


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_table_without_rows_or_columns(suffix: str) -> None:
    for table in (replace(TABLE, lines=()), Table("", "", date(2026, 1, 2), (), ()), one_cell("")):
        assert content(table, suffix)
    assert sheet(replace(TABLE, lines=())).cell(8, 1).value == "Không có dòng nào."
    assert records(replace(TABLE, lines=())) == [[*TABLE.columns, "Nguồn"]]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_row_of_another_length_is_refused(suffix: str) -> None:
    with pytest.raises(ValueError, match="zip"):
        content(replace(TABLE, lines=(Line((Cell("a"),)),)), suffix)


# --- .csv


def test_csv_is_a_plain_rectangle() -> None:
    assert content(TABLE, ".csv").startswith(b"\xef\xbb\xbfT")
    assert records(TABLE) == [
        ["Tỉnh", "Trả lời", "Số căn hộ", "Diễn giải", "Nguồn"],
        ["Thái Nguyên", "98.5", "12500", LONG, HEATH],
        ["Bà Rịa - Vũng Tàu", "trên 98%", "-5", f"'{COMMAND}", f"{HOUSES} | {HEATH}"],
        ["Đồng Nai", "Không quy định trong kế hoạch", "-", "'+1", ""],
    ]


@pytest.mark.parametrize("text", [COMMAND, "-5", "+1", "@SUM", "\tx", "  =1", "＝1", "\n=1", "- Về giáo dục", "-1+A1"])
def test_csv_guards_what_looks_like_a_formula(text: str) -> None:
    table = replace(one_cell(text), columns=(text,), lines=(Line((Cell(text),), (text,)),))
    header, (cell, source) = records(table)
    assert cell == f"'{text}"
    assert header[0].startswith("'") or not looks_like_formula(one_line(text))
    assert source.startswith("'") or not looks_like_formula(one_line(text))


@pytest.mark.parametrize("text", ["-", " -- ", "a=b", "1-2", "–", ""])
def test_csv_leaves_other_text(text: str) -> None:
    assert records(one_cell(text))[1][0] == text


# --- .docx


def test_docx_is_a_page_of_a_report() -> None:
    made = document(TABLE)
    assert [paragraph.text for paragraph in made.paragraphs[:3]] == [
        "So sánh giữa các tỉnh",
        "Câu hỏi, bộ lọc: tỷ lệ tham gia bảo hiểm y tế?",
        "Ngày 05/11/2026, lập bằng chương trình kehoach",
    ]
    section = made.sections[0]
    assert section.orientation == WD_ORIENT.LANDSCAPE
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
    normal = made.styles["Normal"]
    assert (normal.font.name, normal.font.size.pt, made.styles["Bảng"].font.size.pt) == ("Times New Roman", 13, 12)
    languages = {element.get(qn("w:val")) for element in made.styles.element.iter(qn("w:lang"))}
    assert languages == {"vi-VN"}
    assert made.core_properties.created.date() == TABLE.made


def test_docx_table_repeats_its_header_and_marks_its_sources() -> None:
    made = document(TABLE)
    (table,) = made.tables
    assert table.style.name == "Table Grid"
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        list(TABLE.columns),
        ["Thái Nguyên(1)", "98,5", "12.500", LONG],
        ["Bà Rịa - Vũng Tàu(1)(2)", "trên 98%", "-5", COMMAND],
        ["Đồng Nai", "Không quy định trong kế hoạch", "-", "+1"],
    ]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    raised = [
        run.text for row in table.rows for cell in row.cells for run in cell.paragraphs[0].runs if run.font.superscript
    ]
    assert raised == ["(1)", "(1)(2)"]


def test_docx_lists_notes_and_each_source_once() -> None:
    texts = [paragraph.text for paragraph in document(TABLE).paragraphs[3:]]
    assert texts == ["Ghi chú:", f"- {TABLE.notes[0]}", "Nguồn:", f"(1) {HEATH}", f"(2) {HOUSES}"]


def test_docx_columns_fit_the_page_however_many_there_are() -> None:
    for count in (1, 5, 12, 25):
        line = Line(tuple(Cell(f"{at}.500 căn hộ") for at in range(count)))
        made = document(Table("Bảng", "", date(2026, 1, 2), tuple(map(str, range(count))), (line,) * 2))
        widths = [cell.width.mm for cell in made.tables[0].rows[1].cells]
        assert sum(widths) < 253  # 297 less the margins
        assert min(widths) > 7
        assert 8 <= made.styles["Bảng"].font.size.pt <= 12


# --- any text


@settings(max_examples=25, deadline=None)
@given(tables())
def test_whatever_the_text_the_files_open_and_hold_it(table: Table) -> None:
    rows = [[cell.value for cell in row] for row in sheet(table).iter_rows()]
    top = rows.index(column_names(table))
    for line, row in zip(table.lines, rows[top + 1 :], strict=False):
        for cell, value in zip(line.cells, row, strict=False):
            expected = cell.number if number_format(cell) else cut(clean(cell.text), MAX_TEXT) or None
            assert value == expected
    header, *found = records(table)
    assert len(header) == len(table.columns) + 1
    assert [len(row) for row in found] == [len(header)] * len(table.lines)
    made = document(table)
    assert len(made.tables[0].rows) == len(table.lines) + 1 if table.columns else not made.tables


@settings(max_examples=200, deadline=None)
@given(anything, st.integers(2, 70))
def test_cut_counts_as_excel_does(text: str, limit: int) -> None:
    text = clean(text)
    short = cut(text, limit)
    assert len(short.encode("utf-16-le")) <= 2 * limit
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))


@given(st.lists(st.lists(st.text("ab \n", max_size=80), max_size=4), min_size=1, max_size=8), st.integers(20, 200))
def test_widths_fill_the_room_and_hold_every_word(columns: list[list[str]], room: int) -> None:
    widths = fit(columns, room)
    for width, texts in zip(widths, columns, strict=True):
        assert width >= least(texts) - 1e-9
        assert all(width >= min(20, len(word)) for text in texts for word in text.split())
    assert sum(widths) <= max(room, sum(map(least, columns))) + 1e-6


def test_a_long_text_among_many_columns_is_no_tower() -> None:
    columns = [["Tỷ lệ lực lượng lao động trong độ tuổi tham gia bảo hiểm xã hội bắt buộc"], *[["1.250.000"]] * 20]
    assert fit(columns, 100)[0] > 20


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [("", 5, 1), ("nhà ở", 5, 1), ("nhà ở xã hội", 5, 3), ("a\n\nb", 5, 3), ("x" * 12, 5, 3), ("nhà " + "x" * 9, 5, 3)],
)
def test_lines_needed(text: str, width: float, lines: int) -> None:
    assert lines_needed(text, width) == lines


# --- files


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_same_table_same_bytes(suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first = content(TABLE, suffix)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    monkeypatch.setattr("time.localtime", lambda *_: datetime(2033, 5, 18).timetuple())
    assert content(TABLE, suffix) == first


@pytest.mark.parametrize("suffix", [*SUFFIXES, ".XLSX"])
def test_write_replaces_the_file(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"bảng so sánh{suffix}"
    path.write_text("cũ", encoding="utf-8")
    write(TABLE, path)
    assert path.read_bytes() == content(TABLE, suffix)
    assert list(tmp_path.iterdir()) == [path]
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~_umask()  # colleagues may read it


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_write_through_a_link_keeps_the_link(tmp_path: Path) -> None:
    link = tmp_path / "mới nhất.csv"
    link.symlink_to(tmp_path / "thật.csv")
    write(TABLE, link)
    assert link.is_symlink()
    assert (tmp_path / "thật.csv").read_bytes() == content(TABLE, ".csv")


@pytest.mark.parametrize("target", ["index.files._sync", "pathlib.Path.replace", "pathlib.Path.write_bytes"])
def test_full_disk_leaves_the_old_file(target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "bang.csv"
    path.write_text("cũ", encoding="utf-8")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(target, full)
    with pytest.raises(OutputError, match=r"bang\.csv") as caught:
        write(TABLE, path)
    monkeypatch.undo()
    assert "dung lượng đĩa" in caught.value.remedy
    assert path.read_text(encoding="utf-8") == "cũ"
    assert list(tmp_path.iterdir()) == [path]


def test_death_while_writing_leaves_the_old_file(tmp_path: Path, failing: Callable[[str], None]) -> None:
    path = tmp_path / "bang.csv"
    path.write_text("cũ", encoding="utf-8")
    failing("index.files._sync")
    with pytest.raises(BaseException, match="_sync"):
        write(TABLE, path)
    assert path.read_text(encoding="utf-8") == "cũ"


@pytest.mark.parametrize("name", ["bang", "bang.pdf", "bang.xls", ".xlsx", "bang.csv.gz"])
def test_other_kinds_are_refused(name: str, tmp_path: Path) -> None:
    for refuse in (check, lambda path: write(TABLE, path)):
        with pytest.raises(InputError, match="Không xuất được") as caught:
            refuse(tmp_path / name)
        assert all(suffix in caught.value.remedy for suffix in SUFFIXES)
    with pytest.raises(InputError, match="Không xuất được"):
        content(TABLE, ".pdf")


def test_bad_paths_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.xlsx").mkdir()
    (tmp_path / "tệp").write_text("", encoding="utf-8")
    cases = {
        "a.xlsx": "là thư mục",
        "không có/b.xlsx": "Không có thư mục",
        "tệp/b.xlsx": "Không có thư mục",
        "x" * 300 + ".csv": "Không ghi được",
    }
    for name, message in cases.items():
        with pytest.raises(OutputError, match=message) as caught:
            write(TABLE, tmp_path / name)
        assert caught.value.remedy
    kept = tmp_path / "c.csv"
    kept.write_text("cũ", encoding="utf-8")
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(OutputError, match="không cho ghi"):
        write(TABLE, kept)


# --- the app


def _page() -> None:
    from test_export import TABLE

    from ui.download import buttons

    buttons(TABLE, "So sánh")


def test_buttons_hand_the_table_over() -> None:
    app = AppTest.from_function(_page).run()
    assert not app.exception
    assert [button.label for button in app.get("download_button")] == ["Tải .xlsx", "Tải .csv", "Tải .docx"]


def test_files_are_made_when_a_button_is_pressed(monkeypatch: pytest.MonkeyPatch) -> None:
    handed = {}

    def download_button(label: str, data: Callable[[], bytes], name: str, mime: str, **_: object) -> None:
        handed[name] = (data, mime)

    monkeypatch.setattr("ui.download.st.download_button", download_button)
    buttons(TABLE, "So sánh")
    assert list(handed) == [f"so-sanh-2026-11-05{suffix}" for suffix in SUFFIXES]
    for suffix, (data, mime) in zip(SUFFIXES, handed.values(), strict=True):
        assert data() == content(TABLE, suffix)
        assert mime == "text/csv" if suffix == ".csv" else "openxmlformats" in mime


@pytest.mark.parametrize(("name", "slug"), [("So sánh", "so-sanh"), ("Sở LĐ-TB&XH", "so-ld-tb-xh"), ("../«»", "bang")])
def test_file_name(name: str, slug: str) -> None:
    assert file_name(TABLE, name, ".csv") == f"{slug}-2026-11-05.csv"


def test_libraries_of_the_files_are_loaded_late() -> None:
    for module in ("write", "table", "text", "widths"):
        tree = ast.parse((Path(__file__).parent.parent / "export" / f"{module}.py").read_text(encoding="utf-8"))
        named = {ast.unparse(node) for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)}
        assert not {line for line in named if "docx" in line or "xlsx" in line}
