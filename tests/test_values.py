"""Printed values as numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answer.indicators.values import Value, find, parse, unit_key

CELLS = [
    ("98,5", "", 98.5, 98.5), ("12.500", "", 12500, 12500), ("1.234.567,5", "", 1234567.5, 1234567.5),
    ("24 272", "", 24272, 24272), ("99.5%", "", 99.5, 99.5), ("0.75", "", 0.75, 0.75), ("2025", "", 2025, 2025),
    ("< 3", "<", None, 3), ("<1,8", "<", None, 1.8), ("≤ 5%", "<=", None, 5), (">= 2", ">=", 2, None),
    ("dưới 7,5%", "<", None, 7.5), ("không quá 5%", "<=", None, 5), ("trên 90", ">", 90, None),
    ("hơn 24.272 căn", ">", 24272, None), ("tối thiểu đạt 95%", ">=", 95, None), ("ít nhất 80%", ">=", 80, None),
    ("từ 95% trở lên", ">=", 95, None), ("10% trở xuống", "<=", None, 10), ("không dưới 60", ">=", 60, None),
    ("khoảng 30", "~", 30, 30), ("Khoảng 12.500", "~", 12500, 12500), ("gần 100%", "~", 100, 100),
    ("15 - 19", "", 15, 19), ("95 - 100%", "", 95, 100), ("từ 15 đến 19", "", 15, 19), ("10–12", "", 10, 12),
    ("0,3 - 0,4", "", 0.3, 0.4), ("phấn đấu đạt 80%", "", 80, 80), ("100 (hiện nay đã đạt)", "", 100, 100),
    ("-0,5", "", -0.5, -0.5), ("giảm từ 5% xuống còn 3%", "", 3, 3), ("12,6‰", "", 12.6, 12.6),
]  # fmt: skip
NO_NUMBERS = [
    "", "-", "–", "…", " - ", "Tiểu học", "Giải quyết cơ bản", "31/12/2025", "Năm 2025", "Giai đoạn 2021 - 2025",
    "Quý IV/2025", "Mức độ 2", "54/KH-UBND", "Đô thị: 95; nông thôn: 90", "5G",
]  # fmt: skip


@pytest.mark.parametrize(("text", "comparison", "low", "high"), CELLS)
def test_a_cell_is_read_as_bounds(text: str, comparison: str, low: float | None, high: float | None) -> None:
    value = parse(text, "%")
    assert (value.text, value.comparison, value.low, value.high) == (text, comparison, low, high)


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_words_dates_and_blank_cells_are_no_number(text: str) -> None:
    value = parse(text)
    assert (value.text, value.low, value.high, value.amount) == (text.strip(), None, None, None)


def test_blank_is_told_from_words() -> None:
    assert [parse(text).blank for text in ("", "-", " – ", "…", "0", "Xóa bỏ")] == [
        True,
        True,
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("text", "unit", "amount"),
    [
        ("khoảng 30 m² sàn/người", "m² sàn/người", 30), ("60 lít/người/ngày", "lít/người/ngày", 60),
        ("2.539 tỷ đồng", "tỷ đồng", 2.539e12), ("35 nghìn người", "nghìn người", 35_000), ("75 tuổi", "tuổi", 75),
        ("2.500 căn", "căn", 2500), ("95 - 100%", "%", 97.5), ("1,5 %/năm", "%/năm", 1.5),
    ],
)  # fmt: skip
def test_the_unit_is_printed_beside_the_number(text: str, unit: str, amount: float) -> None:
    value = parse(text, "")
    assert (value.unit, value.amount) == (unit, pytest.approx(amount))


def test_the_column_gives_the_unit_that_the_cell_does_not_print() -> None:
    assert parse("31,2", "m2 sàn/ người").unit == "m2 sàn/ người"
    assert unit_key("m2 sàn/ người") == unit_key("m² sàn/người")
    assert unit_key("Căn") == unit_key("căn hộ")


def test_values_sort_by_amount() -> None:
    ordered = sorted(["98,5", "< 3", "12.500", "15 - 19", ">95"], key=lambda text: parse(text).amount or 0)
    assert ordered == ["< 3", "15 - 19", ">95", "98,5", "12.500"]


def test_values_of_running_text() -> None:
    text = "Năm 2030 có trên 95% người dân, 33 điều dưỡng viên; theo Quyết định số 12/QĐ-UBND ngày 05/02/2024 mức độ 2."
    found = find(text)
    assert [(f.value.text, text[f.start : f.end]) for f in found] == [("trên 95%", "trên 95%"), ("33", "33")]


@given(
    st.text(alphabet=st.sampled_from("0123456789.,-–%<>≥≤~ đếntừrởlêuxgkhoảốm²/()‰\u00a0\u0301\u0000IV"), max_size=60)
)
def test_nothing_printed_crashes(text: str) -> None:
    value = parse(text)
    assert value.text == text.strip()
    for bound in (value.low, value.high):
        assert bound is None or abs(bound) < 1e16


@given(st.text(max_size=200))
def test_no_text_crashes(text: str) -> None:
    assert all(text[f.start : f.end].strip() and isinstance(f.value, Value) for f in find(text))
    assert parse(text, text).text == text.strip()


@given(st.integers(0, 10**9), st.integers(1, 99))
def test_what_is_printed_in_vietnamese_is_read_back(whole: int, hundredths: int) -> None:
    printed = f"{whole:,}".replace(",", ".") + f",{hundredths:02d}"
    assert parse(printed).low == pytest.approx(whole + hundredths / 100)
