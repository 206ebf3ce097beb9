"""Hỏi đáp: filters, reports of wrong answers, what the browser's own script is given."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from html import escape, unescape
from pathlib import Path

import pytest
from conftest import HashEncoder
from streamlit.testing.v1 import AppTest
from test_app import HOUSING, IMAGE, SCRIPT, answers, build, environment, html, page, plans, ran, text  # noqa: F401 (fixtures)

from eval.gold import GoldError, read_lines
from index.reports import MAX_OPEN, Fault, Report, add_report, as_gold, reports, settle
from index.store import Store
from ingest.errors import QuestionError
from ui import filters, report, services


@pytest.fixture
def built(tmp_path: Path, plans: list[Path]) -> Path:  # noqa: F811 (a home of its own: reports are written into it)
    build(tmp_path / "nha", plans, HashEncoder())
    return tmp_path / "nha"


def unfolded(app: AppTest) -> AppTest:
    """With the filters open: folded away they are not drawn."""
    app.session_state["kh-filters"] = True
    return ran(app)


def chosen(app: AppTest, label: str) -> str:
    return str(next(box for box in app.selectbox if box.label == label).value)


def choose(app: AppTest, label: str, value: str) -> AppTest:
    return ran(next(box for box in app.selectbox if box.label == label).set_value(value))


# Filters


def test_a_plan_is_chosen_and_stays_in_the_address() -> None:
    app = page(q=HOUSING)
    assert len(answers(app)) == 2
    choose(unfolded(app), "Kế hoạch", "Lào Cai – 12/KH-UBND")
    assert answers(app) == ["Lào Cai 12/KH-UBND: Sở Xây dựng"]
    assert app.query_params == {"q": HOUSING, "plan": "Lào Cai – 12/KH-UBND"}
    choose(app, "Phần", "loi-van")  # the fields are still there
    assert app.query_params["part"] == "loi-van"
    choose(app, "Phần", "")
    ran(app.text_input[0].set_value("ai chủ trì xây dựng trạm y tế"))
    assert app.query_params["plan"] == "Lào Cai – 12/KH-UBND"
    assert answers(app) == ["Lào Cai 12/KH-UBND: Sở Y tế"]


def test_a_link_sets_all_filters() -> None:
    app = page(q=HOUSING, plan="Đồng Tháp – 77/KH-UBND", part="bang", agency="Sở Xây dựng")
    assert "Đang lọc: Đồng Tháp – 77/KH-UBND, Bảng của phụ lục, Sở Xây dựng." in text(app)
    ran(app.text_input[0].set_value("ai chủ trì nhà ở?"))  # folded away the fields keep what they hold
    assert app.query_params["part"] == "bang"
    ran(app.text_input[0].set_value(HOUSING))
    unfolded(app)
    assert [chosen(app, label) for label in ("Kế hoạch", "Phần", "Cơ quan được nêu")] == [
        "Đồng Tháp – 77/KH-UBND", "bang", "Sở Xây dựng",
    ]  # fmt: skip
    assert answers(app) == ["Đồng Tháp 77/KH-UBND: Sở Xây dựng"]
    assert re.findall(r'kh-chip">([^<]*)<', html(app))[-3:] == [
        "Đồng Tháp – 77/KH-UBND", "Bảng của phụ lục", "Sở Xây dựng",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("part", "expected"),
    [("bang", ["Đồng Tháp 77/KH-UBND: Sở Xây dựng"]), ("loi-van", ["Lào Cai 12/KH-UBND: Sở Xây dựng"])],
)
def test_tables_or_text_alone(part: str, expected: list[str]) -> None:
    assert answers(page(q=HOUSING, part=part)) == expected


def test_nothing_in_what_the_filters_allow_and_a_click_takes_them_away() -> None:
    app = page(q=HOUSING, agency="Sở Y tế")
    assert not answers(app)
    assert "Không tìm thấy câu trả lời." in text(app)
    assert "Chỉ tìm trong: Sở Y tế." in text(app)
    ran(next(button for button in app.button if button.label == "Bỏ bộ lọc").click())
    assert len(answers(app)) == 2
    assert app.query_params == {"q": HOUSING}


def test_header_facts_keep_to_the_filters_too() -> None:
    assert answers(page(q="ai ký kế hoạch?", part="loi-van")) == ["Lào Cai 12/KH-UBND: Nguyễn Văn A"]
    assert not answers(page(q="ai ký kế hoạch?", part="bang"))


def test_plan_and_province_that_do_not_meet() -> None:
    app = page(q=HOUSING, province="Đồng Nai", plan="Lào Cai – 12/KH-UBND")
    assert "Không có kế hoạch nào khớp với bộ lọc." in text(app)


@pytest.mark.parametrize("value", ["Đồng Tháp – 999/KH-UBND", SCRIPT, "x" * 5000])
def test_a_filter_of_the_address_that_there_is_not_is_told(value: str) -> None:
    app = page(q=HOUSING, plan=value, part=value, agency=value)
    assert "Bộ lọc của liên kết không có ở đây" in text(app)
    assert len(answers(app)) == 2
    assert SCRIPT not in html(app)


def test_plans_of_one_name_are_told_apart() -> None:
    documents = services.documents()
    named = filters.plan_names([*documents, *documents])
    assert len(named) == 2 * len(documents)
    assert "Lào Cai – 12/KH-UBND (2)" in named


# Reports


def opened(app: AppTest) -> AppTest:
    """With the first «Báo sai» open."""
    identifier = app.get("popover")[0].proto.id  # its key ends it
    app.session_state[identifier[identifier.index("pop-report-") :]] = True
    return ran(app)


def send(app: AppTest, remark: str, fault: Fault | None = None) -> AppTest:
    if not app.text_area:
        opened(app)
    if fault:
        app.selectbox[-1].set_value(fault)
    app.text_area[0].set_value(remark)
    return ran(next(button for button in app.button if button.label == "Gửi báo sai").click())


def stored(home: Path) -> list[Report]:
    with Store.open(home) as store:
        return reports(store)


def test_a_wrong_answer_is_reported_with_what_was_seen(built: Path) -> None:
    app = send(page(q=HOUSING, plan="Lào Cai – 12/KH-UBND"), f"sai {SCRIPT}", Fault.PLACE)
    assert "Đã ghi lại, cảm ơn." in text(app)
    (found,) = stored(built)
    assert (found.question, found.answer, found.quote, found.number) == (
        HOUSING,
        "Sở Xây dựng",
        "Sở Xây dựng",
        "12/KH-UBND",
    )
    assert (found.fault, found.remark, found.settled) == (Fault.PLACE, f"sai {SCRIPT}", False)
    assert found.label.startswith("gạch đầu dòng thứ 1, khoản 1, mục II, Kế hoạch số 12/KH-UBND")
    assert found.section == ("II. TỔ CHỨC THỰC HIỆN", "1. Sở Xây dựng")
    listed = page("ui/evaluate.py")
    assert escape(f"sai {SCRIPT}") in html(listed)
    assert SCRIPT not in html(listed)
    link = unescape(re.findall(r'class="kh-open" href="([^"]*)">ai chủ trì', html(listed))[0])
    assert link == f"./?{found.address}"
    assert not [button for button in listed.button if button.label == "Đã xử lý"]


def test_a_refusal_is_reported(built: Path) -> None:
    send(page(q="giá vàng thế giới"), "có ở phụ lục")
    (found,) = stored(built)
    assert (found.fault, found.answer, found.clause_id, found.lines) == (Fault.UNANSWERED, "", "", (0, 0))


def test_an_editor_settles_a_report(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    send(page(q="giá vàng thế giới"), "có ở phụ lục")
    monkeypatch.setattr(services, "may_edit", lambda: True)
    app = page("ui/evaluate.py")
    ran(next(button for button in app.button if button.label == "Đã xử lý").click())
    assert [found.settled for found in stored(built)] == [True]
    assert "Không còn báo sai nào chưa xử lý." in text(app)


def test_the_same_answer_to_another_question_can_be_reported_too(built: Path) -> None:
    app = send(page(q="giá vàng thế giới"), "một")
    ran(app.text_input[0].set_value("tỷ giá đô la hôm nay"))
    opened(app)
    assert "Đã ghi lại" not in text(app)
    send(app, "hai")
    assert [found.remark for found in stored(built)] == ["hai", "một"]


def test_a_remark_too_long_is_told_and_nothing_is_sent(built: Path) -> None:
    assert "Ghi chú dài quá" in text(send(page(q="giá vàng thế giới"), "x" * 3000))
    assert stored(built) == []


def test_a_database_that_is_being_written_is_told_and_the_remark_stays(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "BRIEFLY", 0.1)
    app = page(q="giá vàng thế giới")
    with Store.open(built) as store, store.transaction():
        send(app, "có ở phụ lục")
    assert "Chưa ghi được báo sai. Hãy gửi lại sau ít phút" in text(app)
    assert str(built) not in text(app)
    assert app.text_area[0].value == "có ở phụ lục"
    send(app, "có ở phụ lục")
    assert len(stored(built)) == 1


def test_a_question_too_long_is_cut_and_told() -> None:
    app = page()
    ran(app.text_input[0].set_value(HOUSING + " x" * 1000))
    assert len(app.text_input[0].value) == 1000
    assert "Câu hỏi dài quá 1000 ký tự: phần sau đã bỏ." in text(app)


def test_a_session_cannot_send_without_end(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "MAX_OF_SESSION", 0)
    assert "Phiên này đã gửi nhiều báo sai." in text(send(page(q="giá vàng thế giới"), "x"))
    assert stored(built) == []


def a_report(**fields: object) -> Report:

    bare = Report(
        datetime(2026, 11, 22, 8, 30, tzinfo=UTC), "q=x", "Hạn báo cáo?", "deadline", Fault.ANSWER, "là 20/12"
    )
    return replace(bare, number="12/KH-UBND", answer="15/12", quote="trước ngày 15/12", **fields)


def test_stored_reports_are_what_was_given_newest_first(home: Path) -> None:
    with Store.open(home) as store:
        first, second = add_report(store, a_report()), add_report(store, a_report(section=("I. A",), lines=(3, 4)))
        assert reports(store) == [a_report(key=second, section=("I. A",), lines=(3, 4)), a_report(key=first)]
        settle(store, second)
        assert [(found.key, found.settled) for found in reports(store)] == [(first, False), (second, True)]


def test_reports_are_bounded(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.reports.MAX_OPEN", 1)
    with Store.open(home) as store:
        add_report(store, a_report())
        with pytest.raises(QuestionError, match="Đã có 1 báo sai chưa xem"):
            add_report(store, a_report())
    assert MAX_OPEN >= 1000


def test_a_report_becomes_a_gold_question_that_waits_for_its_answer() -> None:
    (line,) = as_gold([a_report(key=7)])
    (told,) = read_lines([line], "bao-sai.jsonl")
    assert isinstance(told, GoldError)
    assert "«answer»" in told.message
    (question,) = read_lines([json.dumps(json.loads(line) | {"answer": ["20/12"]})], "bao-sai.jsonl")
    assert not isinstance(question, GoldError)
    assert (question.id, question.answers, question.quotes) == ("report-7", (("20/12",),), ("trước ngày 15/12",))
    assert json.loads(line)["note"] == "[answer] là 20/12 Đã trả lời: «15/12» ()."


def test_a_database_of_an_older_program_learns_of_reports(home: Path) -> None:
    with Store.open(home) as store, store.transaction():
        store.run("DROP TABLE reports")
        for table in ("history", "printed", "originals", "sketches", "prepared", "corrections"):
            store.run(f"DROP TABLE {table}")
        for column in ("relations", "corrections", "reader"):
            store.run(f"ALTER TABLE documents DROP COLUMN {column}")
        store.run("ALTER TABLE clauses DROP COLUMN doubts")
        store.run("PRAGMA user_version = 1")
    with Store.open(home) as store:
        assert add_report(store, a_report()) == 1


# What the script is given


def test_a_citation_is_copied_with_its_quote_and_place() -> None:
    drawn = html(page(q=HOUSING, plan="Lào Cai – 12/KH-UBND"))
    (copied, *_) = re.findall(r'data-kh="copy">Sao chép trích dẫn</button><span hidden>([^<]*)</span>', drawn)
    assert copied.startswith(
        "«Sở Xây dựng» (gạch đầu dòng thứ 1, khoản 1, mục II, Kế hoạch số 12/KH-UBND ngày 05/2/2024"
    )
    assert re.search(r", dòng \d+–\d+\)$", copied)


def test_question_and_answer_for_the_list_of_those_asked() -> None:
    question = f"ai chủ trì nhà ở xã hội {SCRIPT}{IMAGE}"
    drawn = html(page(q=question))
    assert f'<div class="kh-asked" hidden><span>{escape(question)}</span><span>' in drawn
    assert SCRIPT not in drawn
    asked = re.search(r'kh-asked" hidden><span>[^<]*</span><span>([^<]*)<', html(page(q="giá vàng thế giới")))
    assert asked
    assert asked[1] == "Không tìm thấy"
