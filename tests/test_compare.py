"""One question put to every plan: a side for each province, silence told, differences marked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answer.across import without_frame
from answer.answerer import Answerer
from answer.compare import COLUMNS, Comparison, Side, compare, compare_all, comparison_table, to_json
from answer.diff import differences
from answer.places import known_province, nearest_names
from export.table import Cell, cell_of
from index.search import Searcher
from ingest.errors import QuestionError


@pytest.fixture(scope="module")
def answerer(corpus_home: Path) -> Iterator[Answerer]:
    with Searcher.open(corpus_home) as searcher:
        yield Answerer(searcher)


def sides(found: Comparison) -> dict[str, Side]:
    return {side.province: side for side in found.sides}


@pytest.mark.parametrize(
    ("asked", "put"),
    [
        ("So sánh chỉ tiêu giường bệnh giữa các tỉnh.", "chỉ tiêu giường bệnh."),
        ("so sanh chi tieu giuong benh giua cac tinh", "chi tieu giuong benh"),
        ("Mỗi tỉnh đặt ra chỉ tiêu giường bệnh bao nhiêu?", "chỉ tiêu giường bệnh bao nhiêu?"),
        ("Hạn báo cáo của từng tỉnh khác nhau thế nào?", "Hạn báo cáo?"),
        ("Ai lo cấp nước, tỉnh nào có ghi rõ cơ quan?", "Ai lo cấp nước"),
        ("Tỉnh nào có quy định về xe điện?", "về xe điện?"),
        ("Tỉnh nào có chỉ tiêu về đèn đường?", "chỉ tiêu về đèn đường?"),
        ("giá nước của bốn tỉnh", "giá nước"),
        # what is not put to several plans
        ("hợp tác với các tỉnh lân cận về việc gì", "hợp tác với các tỉnh lân cận về việc gì"),
        ("mỗi trường có mấy máy tính", "mỗi trường có mấy máy tính"),
        ("moi truong co may may tinh", "moi truong co may may tinh"),
        ("so nao o tinh lo viec nay", "so nao o tinh lo viec nay"),
        ("So với năm 2021 thì tăng bao nhiêu", "So với năm 2021 thì tăng bao nhiêu"),
        ("kế hoạch 54 tỉnh An Giang", "kế hoạch 54 tỉnh An Giang"),
    ],
)
def test_words_that_put_a_question_to_several_plans_are_no_topic(asked: str, put: str) -> None:
    assert without_frame(asked) == put


def test_every_province_has_its_side(answerer: Answerer) -> None:
    found = compare(answerer, "ai chủ trì phát triển nhà ở xã hội?")
    assert [side.province for side in found.sides] == ["Bà Rịa - Vũng Tàu", "Đồng Nai", "Đồng Tháp", "Thái Nguyên"]
    told = sides(found)
    for province in ("Bà Rịa - Vũng Tàu", "Đồng Tháp", "Thái Nguyên"):
        side = told[province]
        assert side.answer is not None
        assert side.answer.text == "Sở Xây dựng"
        assert side.citations[0].text[slice(*side.citations[0].quote or (0, 0))] == "Sở Xây dựng"
    silent = told["Đồng Nai"]
    assert silent.answer is None
    assert "không nêu cơ quan chủ trì" in silent.reason
    assert all(citation.document.province == "Đồng Nai" for citation in silent.citations)
    assert "nhà ở xã hội" in silent.citations[0].text


def test_a_side_tells_year_lead_unit_and_what_its_figure_is_for(answerer: Answerer) -> None:
    question = "tỷ lệ nhà ở kiên cố khu vực đô thị"
    (both,) = compare(answerer, question, ["br-vt"]).sides
    assert (both.years, both.lead, both.unit) == ((2025, 2030), "Sở Xây dựng", "%")
    assert both.subject == "Tỷ lệ nhà ở kiên cố › Khu vực đô thị"
    (one,) = compare(answerer, question + " đến năm 2030", ["br-vt"]).sides
    assert one.answer is not None
    assert (one.answer.text, one.years) == ("100", (2030,))
    (text,) = compare(answerer, "tỷ lệ thất nghiệp chung đến năm 2030", ["Thái Nguyên"]).sides
    assert (text.years, text.subject, text.unit) == ((2030,), "", "")


def test_provinces_chosen_or_named(answerer: Answerer) -> None:
    chosen = compare(answerer, "ai ký kế hoạch", ["dong thap", "Đồng Nai", "Đồng Tháp"])
    assert list(sides(chosen)) == ["Đồng Nai", "Đồng Tháp"]
    named = compare(answerer, "So sanh han bao cao giua dong nai va tinh dong thap")
    assert list(sides(named)) == ["Đồng Nai", "Đồng Tháp"]
    assert "giua" not in named.understood.text
    assert "Sở" not in named.understood.text  # «so sanh» is no department


def test_what_nobody_says_is_null_for_all(answerer: Answerer) -> None:
    found = compare(answerer, "so sánh số tàu vũ trụ lên sao Hỏa của các tỉnh")
    assert [side.answer for side in found.sides] == [None] * 4
    assert all(len(side.citations) == 3 for side in found.sides)
    json = to_json(found, "7")
    assert (json["id"], [side["answer"] for side in json["provinces"]]) == ("7", [None] * 4)
    assert all(side["reason"] for side in json["provinces"])


def test_many_questions_are_answered_as_one_by_one(answerer: Answerer) -> None:
    asked = ["ai chủ trì nhà ở xã hội?", "tỷ lệ dân số tham gia BHYT đến năm 2030", "ai ký kế hoạch"]
    together = list(compare_all(answerer, [(question, ()) for question in asked]))
    for question, found in zip(asked, together, strict=True):
        alone = compare(answerer, question)
        assert [(s.province, s.answer and s.answer.text) for s in found.sides] == [
            (s.province, s.answer and s.answer.text) for s in alone.sides
        ]


@pytest.mark.parametrize(
    ("province", "told"),
    [("Đồng Thpa", "Có phải: Đồng Tháp"), ("Atlantis", "Kho có kế hoạch của: "), ("Hà Nội", "Kho có kế hoạch của: ")],
)
def test_an_unknown_province_is_told_before_anything_is_asked(answerer: Answerer, province: str, told: str) -> None:
    with pytest.raises(QuestionError) as error:
        compare_all(answerer, [("ai ký", ()), ("ai ký", (province,))])
    assert province in error.value.message or "Hà Nội" in error.value.message
    assert told in error.value.remedy


def test_names_that_are_like_what_was_typed() -> None:
    assert known_province("TỈNH dong nai") == "Đồng Nai"
    assert nearest_names("lang sown", ["Lạng Sơn", "Sơn La", "Cà Mau"])[0][0] == "Lạng Sơn"
    assert nearest_names("qqqq", ["Lạng Sơn"]) == []


def test_the_table_holds_what_the_page_shows(answerer: Answerer) -> None:
    found = compare(answerer, "tỷ lệ dân số tham gia bảo hiểm y tế đến năm 2030")
    table = comparison_table(found, date(2026, 3, 2))
    assert (table.columns, table.asked, table.made) == (COLUMNS, found.question, date(2026, 3, 2))
    rows = {line.cells[0].text: line for line in table.lines}
    assert rows["Đồng Tháp"].cells[2] == Cell("97", 97.0)
    assert rows["Đồng Tháp"].sources == (sides(found)["Đồng Tháp"].citations[0].label,)
    assert rows["Đồng Nai"].cells[2].text == "Không quy định trong kế hoạch."
    assert rows["Đồng Nai"].sources == (f"Gần nhất: {sides(found)['Đồng Nai'].citations[0].label}",)


@pytest.mark.parametrize(
    ("text", "number"),
    [("98,5", 98.5), ("12.500", 12500.0), ("-3", -3.0), ("98.5", 98.5), ("1.234.567,8", 1234567.8), ("2025", 2025.0)],
)
def test_numbers_as_plans_print_them(text: str, number: float) -> None:
    assert cell_of(text).number == number


@pytest.mark.parametrize("text", ["", "-", "trên 98%", "15 - 19", "1.23.4", "=1+1", "9" * 40, "12.5.2024", "٣"])
def test_what_is_no_number(text: str) -> None:
    assert cell_of(text) == Cell(text)


def marked(first: str, second: str) -> tuple[list[str], list[str]]:
    left, right = differences(first, second)
    return [first[a:b] for a, b in left], [second[a:b] for a, b in right]


def test_words_that_differ() -> None:
    assert marked("Tỷ lệ hộ nghèo dưới 3%, hoá giá.", "tỉ lệ hộ nghèo dưới 2,5% hóa giá") == (["3%"], ["2,5%"])
    assert marked("cấp nước sạch cho 95% hộ", "cấp nước cho 90% hộ dân") == (["sạch", "95%"], ["90%", "dân"])
    # a single common word within a sentence that is another altogether
    assert marked("một hai ba và bốn năm sáu", "A B C và D E G") == (["một hai ba và bốn năm sáu"], ["A B C và D E G"])


@given(st.text(max_size=60), st.text(max_size=60))
def test_differences_are_ordered_stretches_of_each_text(first: str, second: str) -> None:
    for text, found in zip((first, second), differences(first, second), strict=True):
        edges = [edge for span in found for edge in span]
        assert edges == sorted(edges)
        assert all(0 <= a < b <= len(text) for a, b in found)
    assert differences(first, first) == ([], [])


def test_a_year_that_the_plan_does_not_name_is_not_told(answerer: Answerer) -> None:
    for side in compare(answerer, "tỷ lệ dân số tham gia bảo hiểm y tế năm 2027").sides:
        assert 2027 not in side.years


def test_a_thing_that_is_only_named_is_asked_for_its_target(answerer: Answerer) -> None:
    told = sides(compare(answerer, "người cao tuổi tham gia bảo hiểm y tế"))
    for province in ("Bà Rịa - Vũng Tàu", "Đồng Tháp"):
        answer = told[province].answer
        assert answer is not None
        assert answer.text == "Đến năm 2025: 98 | Đến năm 2030: 100"


def test_a_province_asked_that_has_no_plan_is_told(answerer: Answerer) -> None:
    found = compare(answerer, "Bình Định và Đồng Tháp: ai ký kế hoạch")
    assert list(sides(found)) == ["Đồng Tháp"]
    assert found.reason == "Kho chưa có kế hoạch nào của Bình Định."
    assert found.reason in comparison_table(found, date(2026, 3, 2)).notes


def test_names_that_changed_since_are_told(answerer: Answerer) -> None:
    found = compare(answerer, "ai chủ trì nhà ở xã hội", ["TP.HCM"])
    (side,) = found.sides
    assert side.province == "Bà Rịa - Vũng Tàu"
    assert "Hồ Chí Minh" in side.note
    assert side.note in comparison_table(found, date(2026, 3, 2)).notes
