"""Who does what in a clause, on texts made for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.model import ClauseKind, Role, Row
from ingest.parse import parse_file
from ingest.roles import row_agencies, text_agencies
from ingest.settings import Settings

LEAD, COORDINATING, ADVISING, TO = Role.LEAD, Role.COORDINATING, Role.ADVISING, Role.REPORTING_TO


def roles(text: str, kind: ClauseKind = ClauseKind.PARAGRAPH) -> set[tuple[str, Role]]:
    return {(m.name, m.role) for m in text_agencies(text, kind, ())}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Khi có thiên tai, Sở Y tế cử đội cấp cứu; trường hợp vượt khả năng, Sở Tài chính trình bổ sung kinh phí.",
            {("Sở Y tế", LEAD), ("Sở Tài chính", LEAD)},
        ),
        ("Căn cứ kế hoạch được duyệt, Sở Nội vụ hướng dẫn khen thưởng.", {("Sở Nội vụ", LEAD)}),
        ("Căn cứ đề nghị của Sở Nội vụ, UBND tỉnh ban hành Kế hoạch này.", set()),
        ("Nâng cao chất lượng dịch vụ, Sở Y tế tuyến trên hỗ trợ.", set()),
        (
            "Các đơn vị báo cáo, phối hợp với Sở Công Thương xử lý; khi cần, Sở Công Thương tổ chức họp.",
            {("Sở Công Thương", COORDINATING), ("Sở Công Thương", LEAD)},
        ),
    ],
)  # fmt: skip
def test_a_subject_may_stand_behind_the_circumstances(text: str, wanted: set[tuple[str, Role]]) -> None:
    assert roles(text) == wanted


def row(**cells: str) -> Row:
    return Row("Phụ lục", "", "1", None, cells)


def test_a_task_names_who_takes_part() -> None:
    found = row_agencies(row(task="Phối hợp với Sở Y tế và Công an tỉnh kiểm tra bếp ăn", lead="Sở Công Thương"))
    assert {(m.name, m.role) for m in found} == {
        ("Sở Công Thương", LEAD),
        ("Sở Y tế", COORDINATING),
        ("Công an tỉnh", COORDINATING),
    }


def test_a_task_that_is_about_an_agency_gives_it_no_role() -> None:
    assert row_agencies(row(task="Xây trụ sở làm việc của Sở Y tế")) == ()


def test_who_leads_a_row_leads_its_parts_unless_they_name_another(tmp_path: Path) -> None:
    plan = tmp_path / "plan.txt"
    plan.write_text(
        "ỦY BAN NHÂN DÂN\nTỈNH CÀ MAU\n\nSố: 12/KH-UBND\n\nCà Mau, ngày 05 tháng 02 năm 2024\n\nKẾ HOẠCH\n\n"
        "Nước sạch nông thôn\n\nI. MỤC TIÊU\n\n1. Thực hiện theo Phụ lục.\n\nPHỤ LỤC I\nCÁC CHỈ TIÊU\n\n"
        "| TT | Chỉ tiêu | Đơn vị | Năm 2025 | Cơ quan chủ trì |\n|---|---|---|---|---|\n"
        "| 1 | Tỷ lệ hộ có nước máy | | | Sở Công Thương |\n| | Thành thị | % | 90 | |\n| | Nông thôn | % | 60 | |\n"
        "| 2 | Tỷ lệ hộ có hố xí | | | Sở Y tế |\n| | Thành thị | % | 90 | Sở Xây dựng |\n",
        encoding="utf-8",
    )
    rows = [c for c in parse_file(plan, Settings()).clauses if c.kind is ClauseKind.ROW]
    leads = [[m.name for m in c.agencies if m.role is LEAD] for c in rows]
    assert leads == [["Sở Công Thương"]] * 3 + [["Sở Y tế"], ["Sở Xây dựng"]]
