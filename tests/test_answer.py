"""Questions put to the four plans: the right words, from the right place, or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from answer.answerer import CHUNK, Answerer
from answer.result import Answer, Result, to_json
from index.search import Searcher
from ingest.errors import QuestionError


@pytest.fixture(scope="module")
def answerer(corpus_home: Path) -> Iterator[Answerer]:
    with Searcher.open(corpus_home) as searcher:
        yield Answerer(searcher)


def by_province(result: Result) -> dict[str, Answer]:
    return {answer.province: answer for answer in result.answers}


def labels(result: Result, answer: Answer) -> list[str]:
    return [result.citations[n].label for n in answer.citations]


@pytest.mark.parametrize("question", ["ai chủ trì nhà ở xã hội?", "ai chu tri nha o xa hoi"])
def test_lead_of_every_plan(answerer: Answerer, question: str) -> None:
    result = answerer.ask(question)
    answers = by_province(result)
    assert {name: answer.text for name, answer in answers.items()} == {
        "Thái Nguyên": "Sở Xây dựng",
        "Bà Rịa - Vũng Tàu": "Sở Xây dựng",
        "Đồng Tháp": "Sở Xây dựng",
    }
    assert (
        "khoản 7, mục V, Kế hoạch số 54/KH-UBND ngày 17/3/2024 của UBND tỉnh Thái Nguyên"
        in (labels(result, answers["Thái Nguyên"])[0])
    )
    places = " | ".join(labels(result, answers["Bà Rịa - Vũng Tàu"]))
    assert "TT 80, mục IX, Phụ lục I," in places
    assert "Phụ lục II," in places
    assert "Phụ lục III," in places
    # Several rows of one score but for the last bits of the encoder, which differ from processor to processor
    cited = [result.citations[n] for n in answers["Đồng Tháp"].citations]
    (dong_thap,) = (c for c in cited if c.label.startswith("TT 9.1, mục 9, Phụ lục I,"))
    assert dong_thap.clause.row is not None
    assert "lead" in dong_thap.clause.row.inherited
    assert [(s.province, "không nêu cơ quan chủ trì" in s.reason) for s in result.silent] == [("Đồng Nai", True)]


def test_lead_read_from_a_heading_cites_heading_and_bullet(answerer: Answerer) -> None:
    result = answerer.ask("ai chủ trì nhà ở xã hội?", "Thái Nguyên")
    citation = result.citations[result.answers[0].citations[0]]
    assert citation.lines == (151, 153)
    assert citation.text.startswith("7. Sở Xây dựng\n- Chủ trì, phối hợp với")


@pytest.mark.parametrize(
    ("question", "province", "text", "place"),
    [
        ("So giuong benh 2030 Ba Ria Vung Tau", "Bà Rịa - Vũng Tàu", "35", "TT 59, mục VII, Phụ lục I"),
        (
            "đơn vị chủ trì số người làm công tác xã hội ở Đồng Tháp",
            "Đồng Tháp",
            "UBND các huyện, thành phố",
            "TT 5.18, mục 5, Phụ lục I",
        ),
        ("ai ký kế hoạch của Đồng Nai", "Đồng Nai", "Võ Văn Phi", "phần ký"),
        (
            "hạn gửi báo cáo hằng năm ở Đồng Tháp",
            "Đồng Tháp",
            "trước ngày 30/11 hằng năm",
            "gạch đầu dòng thứ 3, khoản 1, mục V",
        ),
        ("Kế hoạch 143 ban hành ngày nào?", "Bà Rịa - Vũng Tàu", "ngày 05 tháng 6 năm 2024", "phần đầu văn bản"),
        (
            "nhà vệ sinh hợp vệ sinh ở nông thôn Đồng Tháp năm 2030",
            "Đồng Tháp",
            "100",
            "dòng «Nông thôn», TT 10.2, mục 10, Phụ lục I",
        ),
        (
            "BHYT thai nguyen 2030 bao nhieu phan tram dan so tham gia",
            "Thái Nguyên",
            "trên 98% dân số",
            "khoản 1, mục II",
        ),
    ],
)
def test_short_answers(answerer: Answerer, question: str, province: str, text: str, place: str) -> None:
    result = answerer.ask(question)
    assert [answer.province for answer in result.answers] == [province]
    assert text in result.answers[0].text
    assert place in labels(result, result.answers[0])[0]


def test_year_of_the_column(answerer: Answerer) -> None:
    asked = {year: answerer.ask(f"tỷ lệ nhà ở kiên cố khu vực đô thị {year}", "br-vt") for year in (2025, 2030)}
    assert {year: result.answers[0].text for year, result in asked.items()} == {2025: "92", 2030: "100"}
    both = answerer.ask("tỷ lệ nhà ở kiên cố khu vực đô thị", "br-vt").answers[0].text
    assert both == "Đến năm 2025: 92 | Đến năm 2030: 100"


def test_a_dash_is_no_number(answerer: Answerer) -> None:
    result = answerer.ask("số căn hộ nhà ở xã hội đến năm 2025 ở Bà Rịa - Vũng Tàu")
    assert all(answer.text != "-" for answer in result.answers)


@pytest.mark.parametrize(
    "question",
    [
        "giá vàng hôm nay bao nhiêu",
        "ai chủ trì xây dựng sân bay Long Thành",
        "xin chào",
        "???",
        "số",
        "<script>alert(1)</script>",
        "'; DROP TABLE clauses; --",
        "../../etc/passwd",
        "🙂🙂🙂",
        'NEAR("a" "b") OR *',
        "\x00\x01",
        "x" * 100_000,
        "x",
        "và của là các",
        "kế hoạch số 99999999999999 nói gì về nhà ở",
    ],
)
def test_nothing_is_invented(answerer: Answerer, question: str) -> None:
    result = answerer.ask(question)
    assert result.abstained
    assert result.reason


def test_a_province_without_a_plan(answerer: Answerer) -> None:
    result = answerer.ask("ai chủ trì nhà ở xã hội ở Hà Giang")
    assert result.abstained
    assert result.reason == "Kho chưa có kế hoạch nào của Hà Giang."


def test_a_number_that_no_plan_has_is_told_apart_from_a_plan_that_does_not_say(answerer: Answerer) -> None:
    assert "văn bản số 999" in (answerer.ask("kế hoạch 999 nói gì về nhà ở xã hội").reason or "")
    silent = answerer.ask("kế hoạch 328 dành bao nhiêu tiền cho tàu vũ trụ lên sao Hỏa")
    assert not silent.answers
    assert "Kho chưa có" not in (silent.reason or "")


def test_bad_arguments(answerer: Answerer) -> None:
    with pytest.raises(QuestionError, match="trống"):
        answerer.ask("  ")
    with pytest.raises(QuestionError, match="Atlantis"):
        answerer.ask("ai chủ trì?", "Atlantis")


QUESTIONS = (
    "ai chủ trì nhà ở xã hội?",
    "cơ quan phối hợp về nước sạch",
    "tuổi thọ trung bình năm 2030",
    "thời gian thực hiện đề án quản lý sức khỏe toàn dân",
    "kinh phí thực hiện lấy từ đâu",
    "căn cứ ban hành kế hoạch",
    "số văn bản của kế hoạch Thái Nguyên",
    "Sở Y tế được giao nhiệm vụ gì",
    "tầm nhìn đến năm 2045",
)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_answer_is_a_span_of_its_citation(answerer: Answerer, question: str) -> None:
    result = answerer.ask(question)
    for answer in result.answers:
        for number in answer.citations:
            citation = result.citations[number]
            assert citation.quote is not None
            start, end = citation.quote
            assert citation.text[start:end] == answer.text
            assert answer.text in citation.text
    assert len(result.citations) >= 10


def test_what_utf_8_cannot_hold_is_replaced(answerer: Answerer) -> None:
    result = answerer.ask("ai chủ trì nhà ở xã hội\udcff")
    assert result.question == "ai chủ trì nhà ở xã hội?"
    assert len(result.answers) == 3


def test_a_bad_question_among_many_is_told_before_its_chunk_is_answered(answerer: Answerer) -> None:
    results = answerer.ask_all([(QUESTIONS[0], None)] * CHUNK + [(QUESTIONS[0], None), (" ", None)])
    assert [next(results).abstained for _ in range(CHUNK)] == [False] * CHUNK
    with pytest.raises(QuestionError, match="trống"):
        next(results)
    assert list(answerer.ask_all([])) == []


def test_same_question_same_answer(answerer: Answerer) -> None:
    first, second = (to_json(answerer.ask(QUESTIONS[2])) for _ in range(2))
    assert {**first, "took_ms": 0} == {**second, "took_ms": 0}
