"""Deadlines as plans print them, read as days."""

from __future__ import annotations

from datetime import date

import pytest

from answer.due import Deadline, deadlines, due
from ingest.model import Clause, ClauseKind, Place, Row

SINCE = date(2024, 6, 5)
TODAY = date(2026, 11, 22)


def sentence(text: str) -> Clause:
    return Clause("d/1", "d", 0, ClauseKind.PARAGRAPH, (), text, Place(1, 1))


def row(cells: dict[str, str], columns: dict[str, str] | None = None) -> Clause:
    table_row = Row("Phụ lục", "", "1", None, cells, (), columns or {})
    return Clause("d/1", "d", 0, ClauseKind.ROW, (), "", Place(1, 1), row=table_row)


def told(clause: Clause) -> list[tuple[str, str | None, str | None, int | None]]:
    """Text, first day, last day, months of each deadline."""
    return [
        (d.text, d.first and d.first.isoformat(), d.last and d.last.isoformat(), d.every)
        for d in deadlines(clause, SINCE)
    ]


@pytest.mark.parametrize(
    ("cell", "first", "last", "every"),
    [
        ("2025", "2025-01-01", "2025-12-31", None),
        ("Năm 2027", "2027-01-01", "2027-12-31", None),
        ("2024 - 2030", "2024-01-01", "2030-12-31", None),
        ("Giai đoạn 2024-2030", "2024-01-01", "2030-12-31", None),
        ("Từ năm 2024 đến năm 2026", "2024-01-01", "2026-12-31", None),
        ("Quý IV/2024", "2024-10-01", "2024-12-31", None),
        ("Trong quý I năm 2025", "2025-01-01", "2025-03-31", None),
        ("Tháng 6/2026", "2026-06-01", "2026-06-30", None),
        ("Tháng 2 năm 2028", "2028-02-01", "2028-02-29", None),
        ("Trước ngày 15/02/2025", None, "2025-02-15", None),
        ("Trước năm 2026", None, "2025-12-31", None),
        ("Đến năm 2030", None, "2030-12-31", None),
        ("Cuối năm 2025", "2025-01-01", "2025-12-31", None),
        ("6 tháng đầu năm 2025", "2025-01-01", "2025-06-30", None),
        ("Từ năm 2025", "2025-01-01", None, None),
        ("Sau năm 2025", "2026-01-01", None, None),
        ("Hằng năm", None, "2024-12-31", 12),
        ("hang nam", None, "2024-12-31", 12),
        ("Trước ngày 30/11 hằng năm", None, "2024-11-30", 12),
        ("Trước ngày 15/01 hằng năm", None, "2025-01-15", 12),
        ("Năm 2025 và hằng năm", "2025-01-01", "2025-12-31", 12),
        ("Quý I hằng năm", None, "2025-03-31", 12),
        ("Hằng quý", None, "2024-06-30", 3),
        ("Hằng tháng", None, "2024-06-30", 1),
        ("Định kỳ 6 tháng", None, "2024-06-30", 6),
        ("Thường xuyên", None, None, None),
        ("Sau khi được cấp trên phê duyệt", None, None, None),
        ("Ngày 30/02/2025", None, None, None),
    ],
)
def test_a_time_cell(cell: str, first: str | None, last: str | None, every: int | None) -> None:
    assert told(row({"task": "Xây cầu", "time": cell})) == [(cell, first, last, every)]


def test_a_time_cell_may_hold_several() -> None:
    assert [d[2] for d in told(row({"time": "Tháng 6 và tháng 12 năm 2025"}))] == ["2025-06-30", "2025-12-31"]
    assert [d[2:] for d in told(row({"time": "ngày 10 và 25 hằng tháng"}))] == [("2024-06-10", 1), ("2024-06-25", 1)]


def test_a_target_is_due_at_the_end_of_its_column_and_a_dash_sets_none() -> None:
    columns = {"target_2025": "Đến năm 2025", "target_2030": "Năm 2030"}
    cells = {"indicator": "Tỷ lệ hộ có điện", "target_2025": "-", "target_2030": "99,5"}
    assert told(row(cells, columns)) == [("Năm 2030", None, "2030-12-31", None)]
    assert told(row({**cells, "target_2030": "–"}, columns)) == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Gửi báo cáo về Sở Y tế trước ngày 20/11 hằng năm.", [("trước ngày 20/11 hằng năm", "2024-11-20", 12)]),
        (
            "Định kỳ 06 tháng (trước ngày 15/6), hằng năm (trước ngày 10/12) báo cáo kết quả.",
            [("trước ngày 15/6", "2024-06-15", 12), ("trước ngày 10/12", "2024-12-10", 12)],
        ),
        ("Tổ chức tổng kết kế hoạch vào năm 2029.", [("vào năm 2029", "2029-12-31", None)]),
        ("Hoàn thành trong tháng 8 năm 2024.", [("trong tháng 8 năm 2024", "2024-08-31", None)]),
        ("Thường xuyên kiểm tra, đôn đốc.", [("Thường xuyên", None, None)]),
        ("Thực hiện Chương trình nước sạch đến năm 2030, tầm nhìn đến năm 2045.", []),
        ("Thực hiện Chiến lược nhà ở giai đoạn 2021 - 2030.", []),
        ("Chi trả trợ cấp hằng tháng cho người già.", []),
        ("Theo Quyết định số 12/QĐ-UBND ngày 05/8/2024 của UBND tỉnh.", []),
        ("Hoàn thành trong năm 2020 việc rà soát.", []),  # before the plan
    ],
)
def test_a_sentence_says_by_when(text: str, wanted: list[tuple[str, str | None, int | None]]) -> None:
    assert [(said, last, every) for said, _, last, every in told(sentence(text))] == wanted


@pytest.mark.parametrize(
    ("deadline", "day"),
    [
        (Deadline("2025", date(2025, 1, 1), date(2025, 12, 31)), None),
        (Deadline("2030", date(2030, 1, 1), date(2030, 12, 31)), "2030-12-31"),
        (Deadline("hôm nay", None, TODAY), "2026-11-22"),
        (Deadline("30/11 hằng năm", None, date(2024, 11, 30), 12), "2026-11-30"),
        (Deadline("22/11 hằng năm", None, date(2024, 11, 22), 12), "2026-11-22"),
        (Deadline("20/11 hằng năm", None, date(2024, 11, 20), 12), "2027-11-20"),
        (Deadline("từ 2028", None, date(2028, 12, 31), 12), "2028-12-31"),
        (Deadline("hằng quý", None, date(2024, 6, 30), 3), "2026-12-31"),
        (Deadline("hằng tháng", None, date(2024, 1, 31), 1), "2026-11-30"),
        (Deadline("28/02", None, date(2027, 2, 28), 12), "2027-02-28"),
        (Deadline("29/02", None, date(2024, 2, 29), 12), "2027-02-28"),
        (Deadline("hết kỳ", None, date(2021, 12, 31), 12, date(2025, 12, 31)), None),
        (Deadline("Thường xuyên"), None),
    ],
)
def test_the_next_day_that_it_is_due(deadline: Deadline, day: str | None) -> None:
    found = due(deadline, TODAY)
    assert (found and found.isoformat()) == day
