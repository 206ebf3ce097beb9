"""Kinds, numbers, issuers, numbering styles and table headers of other documents than plans, each rule by itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from conftest import make_plan_file

from answer.cite import label
from ingest.beside import beside
from ingest.issuer import issuer_of
from ingest.kinds import NUMBER, kind_of_number
from ingest.model import Clause, ClauseKind, HeaderFact, Line, Place, Rank, Role, Row, Section
from ingest.numbering import marker_of
from ingest.parse import parse_source
from ingest.readers.text import plain_source
from ingest.roles import row_agencies
from ingest.signature import read_closing, signer_of
from ingest.tables.columns import columns_of, leaf_columns
from ingest.tables.merge import repeat_ditto
from ingest.tables.rows import DraftRow

HEAD = """ỦY BAN NHÂN DÂN
TỈNH SƠN LA
Số: 12/QĐ-UBND
Sơn La, ngày 05 tháng 02 năm 2024
QUYẾT ĐỊNH
Ban hành Kế hoạch phát triển y tế cơ sở
"""


def parsed(text: str, name: str = "a.txt") -> tuple[Clause, ...]:
    found = parse_source(plain_source((HEAD + text).encode(), Path(name), markdown=name.endswith(".md")))
    return tuple(c for c in found.clauses if c.kind is not ClauseKind.HEADER)


def paths(text: str, name: str = "a.txt") -> list[tuple[str, str]]:
    return [(" > ".join(s.text for s in c.section), c.text) for c in parsed(text, name)]


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("143/KH-UBND", "Kế hoạch"), ("45-KH/TU", "Kế hoạch"), ("12/2025/QĐ-UBND", "Quyết định"),
        ("15/NQ-HĐND", "Nghị quyết"), ("301/CTr-UBND", "Chương trình"), ("08/CT-UBND", "Chỉ thị"),
        ("2145/UBND-KGVX", "Công văn"), ("77/SYT-NVY", "Công văn"), ("512/KHLN-SYT-SGDĐT", "Kế hoạch liên ngành"),
        ("9/XYZ-ABC", ""),
    ],
)  # fmt: skip
def test_the_code_in_a_number_tells_the_kind(number: str, kind: str) -> None:
    assert kind_of_number(number) == kind
    found = NUMBER.search(f"Số: {number}")
    assert found is not None and found["n"] == number


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("TỈNH SƠN LA Độc lập - Tự do - Hạnh phúc", ["TỈNH SƠN LA", "Độc lập - Tự do - Hạnh phúc"]),
        ("Số: 08/CT-UBND Sơn La, ngày 03 tháng 02 năm 2025",
         ["Số: 08/CT-UBND", "Sơn La, ngày 03 tháng 02 năm 2025"]),
        ("Nơi nhận: TM. ỦY BAN NHÂN DÂN", ["Nơi nhận:", "TM. ỦY BAN NHÂN DÂN"]),
        ("- Lưu: VT; PHÓ CHỦ TỊCH", ["- Lưu: VT;", "PHÓ CHỦ TỊCH"]),
        ("KT. CHỦ TỊCH", ["KT. CHỦ TỊCH"]),
        ("PHÓ CHỦ TỊCH", ["PHÓ CHỦ TỊCH"]),
    ],
)  # fmt: skip
def test_what_is_printed_side_by_side_is_told_apart(line: str, parts: list[str]) -> None:
    assert [part.text for part in beside(Line(7, line, line))] == parts


@pytest.mark.parametrize(
    ("line", "rank", "number", "value"),
    [
        ("PHẦN THỨ HAI", Rank.PART, "PHẦN THỨ HAI", 2), ("Phần 1", Rank.PART, "Phần 1", 1),
        ("Mục 2 TRÁCH NHIỆM", Rank.ROMAN, "Mục 2", 2), ("Tiểu mục 1. Thẩm quyền", Rank.MINOR, "Tiểu mục 1", 1),
        ("1- Mục đích", Rank.ARABIC, "1-", 1), ("2/ Nhà ở", Rank.ARABIC, "2/", 2),
        ("II.3. Kinh phí", Rank.ARABIC, "II.3.", 3), ("1.2- Lập hồ sơ", Rank.DECIMAL, "1.2-", 2),
        ("(ii) Năm 2025", Rank.SMALL_ROMAN, "(ii)", 2), ("iv) Cấp xã", Rank.SMALL_ROMAN, "iv)", 4),
        ("a.1) 100% xã", Rank.PAREN, "a.1)", 1), ("b/ Mời doanh nghiệp", Rank.LETTER, "b/", 2),
    ],
)  # fmt: skip
def test_numbering_styles(line: str, rank: Rank, number: str, value: int) -> None:
    marker = marker_of(line)
    assert marker is not None
    assert (marker.rank, marker.number, marker.value) == (rank, number, value)


@pytest.mark.parametrize(
    "line", ["Chương IV của Luật Nhà ở quy định", "Mục 3 Phụ lục này áp dụng", "16-CT/TW ngày 05 tháng 8 năm 2022"]
)
def test_a_sentence_that_begins_like_a_number_is_none(line: str) -> None:
    assert marker_of(line) is None


def test_i_is_a_letter_behind_h_and_a_roman_numeral_elsewhere() -> None:
    letters = "".join(f"{letter}) Việc {letter};\n" for letter in "abcdđeghi")
    assert parsed("Điều 1. Việc\n" + letters)[-1].section[-1].rank is Rank.LETTER
    assert parsed("Điều 1. Việc\na) Cấp tỉnh:\ni) Sở;\nii) Ban.")[-2].section[-1].rank is Rank.SMALL_ROMAN


def test_an_attached_document_has_its_own_sections() -> None:
    text = (
        "Điều 1. Ban hành kèm theo Quyết định này Kế hoạch.\nĐiều 2. Quyết định có hiệu lực từ ngày ký./.\n"
        "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\nNguyễn Văn A\nỦY BAN NHÂN DÂN\nTỈNH SƠN LA\n"
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\nKẾ HOẠCH\nPhát triển y tế cơ sở\n"
        "I. MỤC TIÊU\n1. Giảm bệnh tật.\nTM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\nNguyễn Văn A"
    )
    assert paths(text) == [
        ("Điều 1.", "Điều 1. Ban hành kèm theo Quyết định này Kế hoạch."),
        ("Điều 2.", "Điều 2. Quyết định có hiệu lực từ ngày ký./."),
        ("KẾ HOẠCH. Phát triển y tế cơ sở", "KẾ HOẠCH Phát triển y tế cơ sở"),
        ("KẾ HOẠCH. Phát triển y tế cơ sở > I. MỤC TIÊU", "I. MỤC TIÊU"),
        ("KẾ HOẠCH. Phát triển y tế cơ sở > I. MỤC TIÊU > 1.", "1. Giảm bệnh tật."),
    ]


def test_headings_without_numbers() -> None:
    text = (
        "UBND tỉnh ban hành Kế hoạch như sau:\nMục tiêu\nGiảm hộ nghèo.\nTổ chức thực hiện\n"
        "Sở Y tế chủ trì.\nTM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\nNguyễn Văn A"
    )
    assert paths(text)[1:] == [
        ("Mục tiêu", "Mục tiêu"), ("Mục tiêu", "Giảm hộ nghèo."),
        ("Tổ chức thực hiện", "Tổ chức thực hiện"), ("Tổ chức thực hiện", "Sở Y tế chủ trì."),
    ]  # fmt: skip


def test_an_agency_on_a_line_of_its_own_leads_what_stands_below() -> None:
    duty = parsed("I. MỤC TIÊU\nGiảm hộ nghèo.\nII. TỔ CHỨC THỰC HIỆN\nSở Y tế\n- Tập huấn cho nhân viên y tế.")[-1]
    assert [(m.name, m.role) for m in duty.agencies] == [("Sở Y tế", Role.LEAD)]


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_a_table_set_apart_by_tabs(name: str) -> None:
    rows = [c.row for c in parsed("I. KINH PHÍ\nSTT\tHạng mục\tSố tiền\n1\tXây\t45\n2\tSửa\t7", name) if c.row]
    assert [(r.tt, dict(r.cells)) for r in rows] == [
        ("1", {"task": "Xây", "Số tiền": "45"}), ("2", {"task": "Sửa", "Số tiền": "7"}),
    ]  # fmt: skip


def test_a_markdown_header_of_two_rows() -> None:
    text = (
        "I. CHỈ TIÊU\n| TT | Chỉ tiêu | Mục tiêu | | Chủ trì |\n|---|---|---|---|---|\n| | | 2025 | 2030 | |\n"
        "| 1 | Số giường bệnh | 30 | 40 | Sở Y tế |"
    )
    rows = [c.row for c in parsed(text, "a.md") if c.row]
    cells = {"indicator": "Số giường bệnh", "target_2025": "30", "target_2030": "40", "lead": "Sở Y tế"}
    assert [dict(row.cells) for row in rows] == [cells]


@pytest.mark.parametrize(
    ("header", "roles"),
    [
        (["TT", "Chỉ tiêu", "ĐVT", "TH 2022", "KH 2025"], ["indicator", "unit", "TH 2022", "target_2025"]),
        (["TT", "Huyện", "Số hộ giảm năm 2025"], ["indicator", "Số hộ giảm năm 2025"]),
        (["TT", "Nội dung", "Tổng kinh phí", "Năm 2025"], ["task", "Tổng kinh phí", "Năm 2025"]),
        (["TT", "Nhiệm vụ", "Chủ trì", "2025"], ["task", "lead", "2025"]),
        (["TT", "Tên đơn vị", "Kế hoạch năm 2025", "Ghi chú", "Nam", "Nữ"],
         ["indicator", "target_2025", "Kế hoạch năm 2025 Nữ", "note"]),
    ],
)  # fmt: skip
def test_roles_of_columns(header: list[str], roles: list[str]) -> None:
    assert [column.role for column in columns_of(header)][1:] == roles


def test_a_column_is_named_by_what_stands_above_it() -> None:
    columns = leaf_columns(
        [["Chỉ tiêu"], ["Hiện trạng", "Năm 2023"], ["Kế hoạch giai đoạn 2024 - 2025", "2024"], ["Kinh phí", "2025"]]
    )
    assert [c.role for c in columns] == ["indicator", "Hiện trạng Năm 2023", "target_2024", "Kinh phí 2025"]


def test_one_cell_that_says_who_leads_and_who_coordinates() -> None:
    row = Row("", "", "1", None, {"task": "Khám bệnh", "lead": "Sở Y tế chủ trì, phối hợp với Sở Tài chính"})
    assert {(m.name, m.role) for m in row_agencies(row)} == {
        ("Sở Y tế", Role.LEAD), ("Sở Tài chính", Role.COORDINATING),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("number", "letterhead", "issuer"),
    [
        ("54/KH-UBND", [], "UBND tỉnh Sơn La"),
        ("15/NQ-HĐND", ["HỘI ĐỒNG NHÂN DÂN"], "HĐND tỉnh Sơn La"),
        ("45-KH/TU", [], "Tỉnh ủy Sơn La"),
        ("12/KH-SYT", ["UBND TỈNH SƠN LA", "SỞ Y TẾ"], "Sở Y tế tỉnh Sơn La"),
        ("27/KH-UBND", ["ỦY BAN NHÂN DÂN", "HUYỆN MAI SƠN"], "UBND huyện Mai Sơn, tỉnh Sơn La"),
        ("27/KH-UBND", ["ỦY BAN NHÂN DÂN", "THÀNH PHỐ SƠN LA"], "UBND tỉnh Sơn La"),
    ],
)
def test_who_issued_it(number: str, letterhead: list[str], issuer: str) -> None:
    facts = tuple(HeaderFact("issuer", text, Place(1, 1)) for text in letterhead)
    document = replace(make_plan_file(number, "Sơn La", ["x"]).document, facts=facts)
    assert issuer_of(document) == issuer


def test_a_citation_of_an_attached_regulation() -> None:
    plan = make_plan_file("12/QĐ-UBND", "Sơn La", ["a) Khám bệnh;"])
    section = (
        Section(Rank.APPENDIX, "QUY CHẾ", "Phối hợp"), Section(Rank.CHAPTER, "Chương II", ""),
        Section(Rank.ARTICLE, "Điều 2.", ""), Section(Rank.ARABIC, "3.", ""), Section(Rank.LETTER, "a)", ""),
    )  # fmt: skip
    clause = replace(plan.clauses[0], section=section, kind=ClauseKind.PARAGRAPH)
    assert label(clause, replace(plan.document, kind="Quyết định")) == (
        "điểm a, khoản 3, Điều 2, Chương II, Quy chế kèm theo, "
        "Quyết định số 12/QĐ-UBND ngày 17/3/2024 của UBND tỉnh Sơn La"
    )


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("ThS. Đỗ Văn Tiến Lâm", "Đỗ Văn Tiến Lâm"), ("BS.CKII. Phan Anh", "Phan Anh"),
        ("PGS.TS. Lê Hồng Sơn", "Lê Hồng Sơn"), ("Đại tá Trần Minh Tiến", "Trần Minh Tiến"),
    ],
)  # fmt: skip
def test_a_degree_or_a_rank_is_no_part_of_the_signer(printed: str, name: str) -> None:
    signature = ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", printed]
    closing = read_closing([Line(number, text, text) for number, text in enumerate(signature, 1)])
    assert signer_of(closing.signature) == (name, "PHÓ CHỦ TỊCH")


def test_a_notice_of_conclusions_keeps_its_title() -> None:
    text = HEAD.replace("QUYẾT ĐỊNH", "THÔNG BÁO").replace("Ban hành Kế hoạch", "Kết luận của Chủ tịch UBND tỉnh về")
    found = parse_source(
        plain_source((text + "I. Nội dung\nGiao Sở Y tế chủ trì.\n").encode(), Path("a.txt"), markdown=False)
    )
    assert found.document.kind == "Thông báo"
    assert found.document.title == "Kết luận của Chủ tịch UBND tỉnh về phát triển y tế cơ sở"


@pytest.mark.parametrize(
    ("paths", "roles"),
    [
        ([["Địa bàn"], ["Năm 2025", "Sản lượng"]], ["indicator", "Năm 2025 Sản lượng"]),
        ([["Địa bàn"], ["Năm 2025", "Mục tiêu"]], ["indicator", "target_2025"]),
        ([["Dự án"], ["Đơn vị thực hiện"], ["Cơ quan chủ trì"]], ["task", "Đơn vị thực hiện", "lead"]),
        ([["Dự án"], ["Chủ đầu tư"]], ["task", "lead"]),
        ([["Xã"], ["Số căn hoàn thành"], ["Hoàn thành"]], ["task", "Số căn hoàn thành", "time"]),
    ],
)
def test_roles_of_columns_in_two_levels(paths: list[list[str]], roles: list[str]) -> None:
    assert [column.role for column in leaf_columns(paths)] == roles


@pytest.mark.parametrize("mark", ["nt", "-nt-", "Như trên", '"', "”"])
def test_a_ditto_mark_says_what_stands_above(mark: str) -> None:
    rows = [DraftRow("1", None, cells={"lead": "Sở Y tế"}), DraftRow("2", None, cells={"task": mark, "lead": mark})]
    repeat_ditto(rows)
    assert rows[1].cells == {"task": mark, "lead": "Sở Y tế"}
    assert rows[1].inherited == ["lead"]
