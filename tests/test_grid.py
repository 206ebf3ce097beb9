"""Real tables, with cells merged both ways, become the rows that an official reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.model import ClauseKind, Row
from ingest.parse import parse_source
from ingest.readers.source import Flow
from ingest.readers.text import plain_source

HEAD = [
    "ỦY BAN NHÂN DÂN", "TỈNH SƠN LA", "Số: 12/KH-UBND", "Sơn La, ngày 05 tháng 02 năm 2024", "KẾ HOẠCH",
    "Phát triển y tế cơ sở", "I. MỤC TIÊU", "1. Nâng cao sức khỏe người dân.",
]  # fmt: skip
Cells = list[tuple[str, int, int, int, int]]


def table(*rows: list[str | tuple[str, int, int]]) -> Cells:
    """Cells of a table written row by row: a text, or (text, rows, columns); what is covered is left out."""
    taken: set[tuple[int, int]] = set()
    cells: Cells = []
    for at, row in enumerate(rows):
        column = 0
        for cell in row:
            text, tall, wide = cell if isinstance(cell, tuple) else (cell, 1, 1)
            while (at, column) in taken:
                column += 1
            taken |= {(r, c) for r in range(at, at + tall) for c in range(column, column + wide)}
            cells.append((text, at, column, tall, wide))
    return cells


def rows(cells: Cells) -> list[Row]:
    """The rows of the table of an appendix; every line of the file must have ended somewhere for it to be read."""
    flow = Flow()
    for text in [*HEAD, "PHỤ LỤC I", "PHÂN CÔNG NHIỆM VỤ"]:
        flow.paragraph(text)
    flow.table([([text] if text else [], *place) for text, *place in cells])
    parsed = parse_source(flow.source(Path("a.docx"), b"", "docx"))
    return [clause.row for clause in parsed.clauses if clause.row]


def told(cells: Cells) -> list[tuple[str, str | None, dict[str, str]]]:
    return [(row.tt, row.parent, dict(row.cells)) for row in rows(cells)]


def test_an_agency_over_several_rows_leads_each_of_them() -> None:
    found = rows(
        table(
            ["TT", "Nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp"],
            ["1", "Xây dựng trạm y tế", ("Sở Y tế", 2, 1), "Sở Xây dựng"],
            ["2", "Đào tạo bác sĩ", ""],
            ["3", "Mua thiết bị", "Sở Tài chính", "Sở Y tế"],
        )
    )
    assert [(row.tt, row.cells.get("lead"), row.inherited) for row in found] == [
        ("1", "Sở Y tế", ()), ("2", "Sở Y tế", ("lead",)), ("3", "Sở Tài chính", ()),
    ]  # fmt: skip
    assert "coordinating" not in found[1].cells  # an empty cell is empty, and not the one above


def test_a_header_of_two_rows_names_each_column_by_its_lower_cell() -> None:
    found = told(
        table(
            [("TT", 2, 1), ("Chỉ tiêu", 2, 1), ("Đơn vị tính", 2, 1), ("Mục tiêu", 1, 2), ("Phân công", 1, 2)],
            ["Năm 2025", "Năm 2030", "Chủ trì", "Phối hợp"],
            ["1", "Tỷ lệ trạm y tế đạt chuẩn", "%", "80", "100", "Sở Y tế", "UBND huyện"],
            ["2", "Số giường bệnh", "giường", ("30", 1, 2), "Sở Y tế", ""],
        )
    )
    assert found[0][2] == {
        "indicator": "Tỷ lệ trạm y tế đạt chuẩn", "unit": "%", "target_2025": "80", "target_2030": "100",
        "lead": "Sở Y tế", "coordinating": "UBND huyện",
    }  # fmt: skip
    assert (found[1][2]["target_2025"], found[1][2]["target_2030"]) == ("30", "30")


def test_groups_sub_rows_and_parts_with_letters() -> None:
    found = rows(
        table(
            ["STT", "Nội dung", "Đơn vị chủ trì"],
            [("I. Y TẾ", 1, 3)],
            [("1", 3, 1), "Khám bệnh", "Sở Y tế"],
            ["Khám cho trẻ em", ""],
            ["Khám cho người cao tuổi", "Hội Người cao tuổi"],
            ["II", ("GIÁO DỤC", 1, 2)],
            ["1", "Xây trường", "Sở Giáo dục và Đào tạo"],
            ["a)", "Trường mầm non", ""],
            [("Công tác khác", 1, 3)],
            ["2", "Báo cáo", "Văn phòng UBND tỉnh"],
        )
    )
    assert [(row.group, row.tt, row.parent, row.cells["task"]) for row in found] == [
        ("I. Y TẾ", "1", None, "Khám bệnh"),
        ("I. Y TẾ", "", "1", "Khám cho trẻ em"),
        ("I. Y TẾ", "", "1", "Khám cho người cao tuổi"),
        ("II. GIÁO DỤC", "1", None, "Xây trường"),
        ("II. GIÁO DỤC", "", "1", "a) Trường mầm non"),
        ("II. GIÁO DỤC > Công tác khác", "2", None, "Báo cáo"),
    ]


def test_numbers_with_parts_are_groups() -> None:
    found = rows(
        table(
            ["TT", "Nhiệm vụ", "Chủ trì"],
            ["1", "Y tế", ""],
            ["1.1", "Xây trạm", "Sở Y tế"],
            ["1.2", "Mua máy", "Sở Y tế"],
            ["2", "Văn hóa", ""],
            ["2.1", "Xây nhà văn hóa", "Sở Văn hóa"],
        )
    )
    assert [(row.group, row.tt) for row in found] == [("1. Y tế", "1.1"), ("1. Y tế", "1.2"), ("2. Văn hóa", "2.1")]


def test_what_page_breaks_repeat_and_column_numbers_are_no_rows() -> None:
    header = ["TT", "Nhiệm vụ", "Cơ quan chủ trì"]
    found = told(
        table(header, ["(1)", "(2)", "(3)"], ["1", "Xây trạm", "Sở Y tế"], header, ["2", "Mua máy", "Sở Y tế"])
    )
    assert [(tt, cells["task"]) for tt, _, cells in found] == [("1", "Xây trạm"), ("2", "Mua máy")]


@pytest.mark.parametrize("cell", ["Chủ trì: Sở Y tế; Phối hợp: Sở Nội vụ", "- Chủ trì: Sở Y tế. Phối hợp: Sở Nội vụ"])
def test_both_agencies_in_one_cell(cell: str) -> None:
    (found,) = told(table(["TT", "Nhiệm vụ", "Phân công thực hiện"], ["1", "Xây trạm y tế", cell]))
    assert (found[2]["lead"], found[2]["coordinating"]) == ("Sở Y tế", "Sở Nội vụ")


def test_more_years_and_columns_without_a_known_name() -> None:
    (found,) = told(
        table(
            [("TT", 2, 1), ("Chỉ tiêu", 2, 1), ("Thực hiện", 1, 2), ("Kế hoạch", 1, 3), ("Nguồn số liệu", 2, 1)],
            ["2022", "2023", "2024", "2025", "2030"],
            ["1", "Hộ nghèo", "5", "4", "3", "2", "1", "Niên giám"],
        )
    )
    assert list(found[2].values()) == ["Hộ nghèo", "5", "4", "3", "2", "1", "Niên giám"]
    assert [found[2][f"target_{year}"] for year in (2024, 2025, 2030)] == ["3", "2", "1"]
    assert found[2]["Nguồn số liệu"] == "Niên giám"


def test_a_table_without_numbers_and_one_with_a_title_inside() -> None:
    plain = told(table(["Chỉ tiêu", "Năm 2025"], ["Hộ nghèo", "3 %"], ["Lao động qua đào tạo", "70 %"]))
    assert [cells for _, _, cells in plain] == [
        {"indicator": "Hộ nghèo", "target_2025": "3 %"}, {"indicator": "Lao động qua đào tạo", "target_2025": "70 %"},
    ]  # fmt: skip
    titled = told(table([("Biểu 1: nhiệm vụ", 1, 3)], ["TT", "Nhiệm vụ", "Chủ trì"], ["1", "Xây trạm", "Sở Y tế"]))
    assert titled == [("1", None, {"task": "Xây trạm", "lead": "Sở Y tế"})]


def test_notes_under_the_table_are_notes() -> None:
    cells = table(
        ["TT", "Nhiệm vụ", "Chủ trì"],
        ["1", "Xây trạm", "Sở Y tế"],
        [("Ghi chú: kinh phí theo phân cấp.", 1, 3)],
    )
    flow = Flow()
    for text in HEAD:
        flow.paragraph(text)
    flow.table([([text] if text else [], *place) for text, *place in cells])
    parsed = parse_source(flow.source(Path("a.docx"), b"", "docx"))
    assert [c.text for c in parsed.clauses if c.kind is ClauseKind.NOTE] == ["Ghi chú: kinh phí theo phân cấp."]
    assert len([c for c in parsed.clauses if c.row]) == 1


def test_a_grid_that_is_no_table_stays_text() -> None:
    flow = Flow()
    for text in HEAD:
        flow.paragraph(text)
    flow.table([(["Một ô duy nhất."], 0, 0, 1, 1)])
    parsed = parse_source(flow.source(Path("a.docx"), b"", "docx"))
    assert "Một ô duy nhất." in " ".join(clause.text for clause in parsed.clauses)
    assert any("không dựng được bảng" in warning for warning in parsed.document.warnings)


def test_a_lone_number_or_a_dash_in_a_cell_is_no_page_number() -> None:
    flow = Flow()
    for text in [*HEAD, "Phụ lục I"]:
        flow.paragraph(text)
    printed = [
        ["Số hiệu", "Chỉ tiêu", "Kết quả"],
        ["1", "Trạm y tế", "12"],
        ["2", "Kho thuốc", "---"],
        ["3", "Xe", "4"],
    ]
    flow.table([([text], at, column, 1, 1) for at, row in enumerate(printed) for column, text in enumerate(row)])
    parsed = parse_source(flow.source(Path("a.docx"), b"a", "docx"))
    rows = [clause.row for clause in parsed.clauses if clause.row]
    assert [(row.tt, row.cells["Kết quả"]) for row in rows] == [("1", "12"), ("2", "---"), ("3", "4")]
    assert parsed.coverage.discarded == {}


def test_a_bar_within_a_cell_of_a_markdown_table_shifts_nothing() -> None:
    text = [*HEAD, "Phụ lục I", "", "| TT | Nhiệm vụ | Cơ quan chủ trì | Thời gian |", "|---|---|---|---|",
            "| 1 | Xây dựng trạm y tế tại các xã vùng cao | Sở Y tế | Năm 2025 |",
            "| 2 | Hỗ trợ hộ nghèo | hộ cận nghèo xóa nhà tạm, nhà dột nát | Sở Xây dựng | Năm 2026 |",
            "| 3 | Đào tạo nghề cho lao động nông thôn | Sở Nội vụ | Năm 2027 |"]  # fmt: skip
    source = plain_source("\n".join(text).encode(), Path("a.md"), markdown=True)
    rows = [clause.row for clause in parse_source(source).clauses if clause.row]
    assert [row.cells["lead"] for row in rows] == ["Sở Y tế", "Sở Xây dựng", "Sở Nội vụ"]
    assert rows[1].cells["task"] == "Hỗ trợ hộ nghèo | hộ cận nghèo xóa nhà tạm, nhà dột nát"
