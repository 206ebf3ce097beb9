"""PDF files that set tables without rules, lists of recipients side by side, and pages of short lines."""

from __future__ import annotations

from pathlib import Path

import pytest
from pdfs import Pdf

from ingest.header import read_header
from ingest.readers.pdf_flow import flow_of
from ingest.readers.source import Flow
from ingest.regions import split_regions

PATH = Path("kế hoạch.pdf")
COLUMNS = (75, 105, 260, 330, 440)
HEADER = [("TT", "Nhiệm vụ", "Thời gian", "Cơ quan chủ trì", "Cơ quan"), ("", "", "", "", "phối hợp")]
ROWS = [
    [("1", "Rà soát quỹ đất ở các", "Quý I", "Sở Xây dựng", "Sở Tài chính"), ("", "xã, phường", "", "", "")],
    [("2", "Hỗ trợ xóa nhà tạm", "2026", "Sở Nông nghiệp", "Sở Y tế"), ("", "cho hộ nghèo", "", "và Môi trường", "")],
    [("3", "Cấp thẻ bảo hiểm", "Hằng năm", "Sở Y tế", "UBND các xã"), ("", "", "", "", "và phường")],
]
SAID = [
    ["1", "Rà soát quỹ đất ở các xã, phường", "Quý I", "Sở Xây dựng", "Sở Tài chính"],
    ["2", "Hỗ trợ xóa nhà tạm cho hộ nghèo", "2026", "Sở Nông nghiệp và Môi trường", "Sở Y tế"],
    ["3", "Cấp thẻ bảo hiểm", "Hằng năm", "Sở Y tế", "UBND các xã và phường"],
]


def put(pdf: Pdf, y: float, lines: list[tuple[str, ...]]) -> float:
    """Set lines of cells, 14 points apart; where the next may stand."""
    for line in lines:
        for x, text in zip(COLUMNS, line, strict=True):
            if text:
                pdf.text(x, y, text)
        y += 14
    return y


def prose(pdf: Pdf, y: float) -> None:
    pdf.lines(70, y, ["Các cơ quan tổ chức thực hiện Kế hoạch này và báo cáo trước ngày 15 tháng 12", "hằng năm."])


def said(flow: Flow) -> list[list[list[str]]]:
    """The texts of each table, row by row."""
    tables = []
    for grid in flow.grids:
        rows: dict[int, list[str]] = {}
        for cell in grid.cells:
            rows.setdefault(cell.row, []).append(cell.text)
        tables.append([rows[number] for number in sorted(rows)])
    return tables


@pytest.mark.parametrize("gap", [0, 12])
def test_columns_without_rules_are_a_table(gap: float) -> None:
    pdf = Pdf()
    prose(pdf, 80)
    y = put(pdf, 130, HEADER) + gap
    for row in ROWS:
        y = put(pdf, y, row) + gap
    pdf.text(70, y + 20, "III. TỔ CHỨC THỰC HIỆN")
    prose(pdf, y + 40)
    flow = flow_of(pdf.build(), PATH)
    assert said(flow) == [[["TT", "Nhiệm vụ", "Thời gian", "Cơ quan chủ trì", "Cơ quan phối hợp"], *SAID]]
    assert "III. TỔ CHỨC THỰC HIỆN" in [line.text for line in flow.lines]


@pytest.mark.parametrize("headed", [True, False])
def test_they_go_on_over_a_page_break(headed: bool) -> None:
    pdf = Pdf()
    prose(pdf, 80)
    y = put(pdf, 700, HEADER)
    y = put(pdf, put(pdf, y, ROWS[0]), ROWS[1][:1])
    pdf.page()
    y = put(pdf, 80, HEADER) if headed else 80
    y = put(pdf, put(pdf, y, ROWS[1][1:]), ROWS[2])
    prose(pdf, y + 30)
    table = said(flow_of(pdf.build(), PATH))
    assert len(table) == 1
    assert table[0][1:] == SAID


def test_prose_that_opens_with_the_word_is_no_table() -> None:
    pdf = Pdf()
    pdf.lines(70, 100, ["TT. HĐND tỉnh giám sát việc thực hiện Kế hoạch này trong các năm sau đó và", "1 lần mỗi quý."])
    assert not flow_of(pdf.build(), PATH).grids


def test_recipients_in_two_columns_and_a_name_behind_the_page_break() -> None:
    pdf = Pdf()
    pdf.text(70, 100, "I. MỤC TIÊU")
    pdf.text(70, 120, "Nâng cao chất lượng phục vụ người dân và doanh nghiệp trong toàn tỉnh đến 2030.")
    pdf.lines(70, 700, ["Nơi nhận:", "- Bộ Nội vụ;", "- Lưu: VT."])
    pdf.lines(200, 714, ["- Báo Sơn La;", "- VPUB: CVP,", "các phòng."])
    pdf.lines(380, 700, ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"])
    pdf.page()
    pdf.text(390, 80, "Hoàng Văn Tiến")
    pdf.page()
    pdf.text(70, 80, "Biểu 1")
    pdf.text(200, 100, "DANH MỤC NHIỆM VỤ")
    regions = split_regions(flow_of(pdf.build(), PATH).lines)
    header = read_header(regions, "")
    assert header.signer == "Hoàng Văn Tiến"
    assert header.recipients == ("Bộ Nội vụ", "Lưu: VT", "Báo Sơn La", "VPUB: CVP, các phòng")
    assert [appendix.number for appendix in regions.appendices] == ["Biểu 1"]


def test_a_letterhead_whose_sides_go_on_in_turns() -> None:
    pdf = Pdf()
    for x, lines in ((80, ["ỦY BAN NHÂN DÂN", "TỈNH SƠN LA"]), (320, ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA", "VIỆT NAM"])):
        pdf.lines(x, 80, lines)
    pdf.text(320, 108, "Độc lập - Tự do - Hạnh phúc")
    pdf.text(80, 128, "Số:")
    pdf.text(140, 128, "12/KH-UBND")
    pdf.lines(320, 146, ["Sơn La, ngày 05 tháng 02 năm", "2024"])
    pdf.text(270, 186, "KẾ HOẠCH", bold=True)
    pdf.text(230, 202, "Phát triển y tế cơ sở", bold=True)
    pdf.text(70, 230, "I. MỤC TIÊU")
    pdf.text(70, 250, "Nâng cao chất lượng phục vụ người dân và doanh nghiệp trong toàn tỉnh đến 2030.")
    header = read_header(split_regions(flow_of(pdf.build(), PATH).lines), "")
    assert (header.number, str(header.issued)) == ("12/KH-UBND", "2024-02-05")


def test_short_lines_that_end_at_one_place_are_no_margin() -> None:
    lines = ["I. MỤC TIÊU", "1. Y tế xã", "Hai người", "2. Lớp học", "Ba phòng.", "II. KINH PHÍ"]
    pdf = Pdf()
    pdf.lines(70, 80, ["Căn cứ Nghị quyết số 20/NQ-HĐND của Hội đồng nhân dân tỉnh về y tế, giáo dục;"])
    pdf.lines(70, 110, lines)
    assert [line.text for line in flow_of(pdf.build(), PATH).lines][1:] == lines


def test_a_sum_behind_a_page_break_is_a_row_of_its_own() -> None:
    pdf = Pdf()
    columns, rows = (70, 110, 300, 400), [("TT", "Nguồn vốn", "Số tiền"), ("1", "Ngân sách", "50"), ("2", "Khác", "20")]

    def ruled(y: float, cells: list[tuple[str, ...]]) -> None:
        for at, row in enumerate(cells):
            for x, text in zip(columns, row, strict=False):
                pdf.text(x + 5, y + 20 * at + 14, text)
        for at in range(len(cells) + 1):
            pdf.rule(columns[0], y + 20 * at, columns[-1], y + 20 * at)
        for x in columns:
            pdf.rule(x, y, x, y + 20 * len(cells))

    ruled(700, rows)
    pdf.page()
    ruled(60, [("", "Tổng cộng", "70")])
    assert said(flow_of(pdf.build(), PATH))[0][-2:] == [["2", "Khác", "20"], ["", "Tổng cộng", "70"]]
