"""«Hỏi đáp»: what was understood is shown, corrections are undone, and other provinces asked; run without a browser."""

from __future__ import annotations

import re
from html import escape, unescape

import pytest
from streamlit.testing.v1 import AppTest
from test_app import HOUSING, IMAGE, SCRIPT, answers, built, environment, html, page, plans, ran, text

from answer.intent import Intent
from ui import address, understood

__all__ = ["built", "environment", "plans"]  # fixtures

TENTS = "ai chủ trì xóa nhà tạm, nhà dột nát?"
ELSEWHERE = "Kế hoạch của Đồng Tháp có nêu nội dung này."


def chips(app: AppTest) -> list[str]:
    return [unescape(name) for name in re.findall(r'<span class="kh-chip">(.*?)</span>', html(app))]


def labels(app: AppTest) -> list[str]:
    """The buttons below the fields."""
    return [button.label for button in app.button if button.label not in ("Hỏi", "Gửi báo sai")]


def press(app: AppTest, label: str) -> AppTest:
    return ran(next(button for button in app.button if button.label == label).click())


def test_a_correction_is_undone_and_made_again() -> None:
    app = page(q="ai chủ trì NOXH?")
    assert "Đang tìm: ai chủ trì nhà ở xã hội? Cơ quan chủ trì NOXH → nhà ở xã hội" in text(app)
    assert labels(app) == ["Giữ nguyên «NOXH»"]
    assert answers(app)
    press(app, "Giữ nguyên «NOXH»")
    assert "Đang tìm: ai chủ trì NOXH? Cơ quan chủ trì giữ nguyên: «NOXH»" in text(app)
    assert app.query_params == {"q": "ai chủ trì NOXH?", "keep": "NOXH"}
    assert labels(app) == ["Sửa lại"]
    assert not answers(app)
    press(app, "Sửa lại")
    assert app.query_params == {"q": "ai chủ trì NOXH?"}
    assert answers(app)


def test_each_correction_has_its_line_and_can_be_kept() -> None:
    app = page(q="ai chủ trì NOXH, tỷ lệ BHYT?", province="Đồng Tháp")
    assert labels(app) == ["Giữ nguyên «BHYT»", "Giữ nguyên «NOXH»"]
    press(press(app, "Giữ nguyên «NOXH»"), "Giữ nguyên «BHYT»")
    kept = {"q": "ai chủ trì NOXH, tỷ lệ BHYT?", "province": "Đồng Tháp", "keep": ["NOXH", "BHYT"]}
    assert app.query_params == kept
    assert labels(app) == ["Sửa lại", "Sửa lại"]
    again = page(**kept)
    assert (labels(again), text(again)) == (labels(app), text(app))


def test_what_is_kept_may_hold_commas() -> None:
    app = page(q="ai chu tri nha o xa hoi, tram y te")
    assert labels(app) == ["Giữ nguyên như đã gõ"]
    press(app, "Giữ nguyên như đã gõ")
    assert app.query_params["keep"] == "ai chu tri nha o xa hoi, tram y te"
    assert "Đang tìm: ai chu tri nha o xa hoi, tram y te" in text(app)
    assert "thêm dấu" not in text(app)


def test_the_address_takes_a_correction_back_and_brings_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    # AppTest cannot say that it was the back button: to the app it looks like a press that outran the address.
    monkeypatch.setattr(address, "outrun", lambda: False)
    app = press(page(q="ai chủ trì NOXH?"), "Giữ nguyên «NOXH»")
    del app.query_params["keep"]  # the browser's back button
    assert "NOXH → nhà ở xã hội" in text(ran(app))
    app.query_params["keep"] = ["NOXH"]
    assert "giữ nguyên: «NOXH»" in text(ran(app))


def test_another_question_drops_what_was_kept_and_another_province_does_not() -> None:
    app = page(q="ai chủ trì NOXH?", keep="NOXH")
    ran(app.selectbox[0].set_value("Đồng Tháp"))
    assert app.query_params["keep"] == "NOXH"
    ran(app.text_input[0].set_value("ai chủ trì NOXH và trạm y tế?"))
    assert "keep" not in app.query_params
    assert "NOXH → nhà ở xã hội" in text(app)


def test_many_corrections_are_folded_away() -> None:
    app = page(q="NOXH, BHYT, BHXH, UBND, HĐND, NSNN, KCN")
    assert app.expander[1].label == "Các chỗ sửa khác (2)"
    assert sum(label.startswith("Giữ nguyên «") for label in labels(app)) == 7


@pytest.mark.parametrize("keep", [[" "], ["x" * 9000] * 9, [f"từ {n}" for n in range(300)], ["\0", "NOXH\n"]])
def test_odd_words_to_keep_are_taken_calmly(keep: list[str]) -> None:
    app = page(q="ai chủ trì NOXH?", keep=keep)
    assert "Đang tìm" in text(app)
    assert labels(app).count("Sửa lại") <= 20


def test_hostile_words_stay_text_and_never_label_a_button() -> None:
    linked = "ty le ![x](http://example.invalid/x.png)"
    app = page(q=linked, keep=[SCRIPT, IMAGE])
    assert escape(f"«{SCRIPT}»") in html(app)
    assert "<script" not in html(app)
    assert "<img" not in html(app)
    assert labels(app) == ["Giữ nguyên như đã gõ", "Sửa lại", "Sửa lại"]


@pytest.mark.parametrize(
    ("params", "told"),
    [
        ({"q": HOUSING}, ["Cơ quan chủ trì"]),
        ({"q": "cơ quan nào phối hợp xóa nhà tạm?"}, ["Cơ quan phối hợp"]),
        ({"q": "Sở Y tế có nhiệm vụ gì?"}, ["Nhiệm vụ", "Sở Y tế"]),
        ({"q": "bao nhiêu căn hộ đến năm 2030?"}, ["Chỉ tiêu", "Năm 2030"]),
        ({"q": "hạn gửi báo cáo hằng năm?"}, ["Thời hạn"]),
        ({"q": "nguồn kinh phí lấy từ đâu?"}, ["Kinh phí"]),
        ({"q": "căn cứ vào đâu?"}, ["Căn cứ"]),
        ({"q": "ai ký kế hoạch số 12?"}, ["Thông tin văn bản", "Văn bản số 12"]),
        ({"q": "nước sạch nông thôn ở Đồng Nai"}, ["Nội dung chung"]),
        ({"q": "nước sạch nông thôn", "province": "Đồng Nai"}, ["Nội dung chung", "Kế hoạch của Đồng Nai"]),
        ({"q": "Sở Y tế, Sở Xây dựng, Sở Tài chính làm gì?"}, ["Nhiệm vụ", "Sở Y tế", "Sở Xây dựng", "…"]),
    ],
)
def test_chips_tell_what_was_understood(params: dict[str, str], told: list[str]) -> None:
    assert chips(page(**params)) == told


def test_every_kind_of_question_has_a_name() -> None:
    assert set(understood.KINDS) == set(Intent)


def test_a_plan_elsewhere_is_asked_by_leaving_the_chosen_province() -> None:
    app = page(q=TENTS, province="Lào Cai")
    assert ELSEWHERE in text(app)
    press(app, "Hỏi tất cả các tỉnh")
    assert app.query_params == {"q": TENTS}
    assert app.selectbox[0].value == "Tất cả các tỉnh"
    assert "Đồng Tháp 77/KH-UBND: Sở Xây dựng" in answers(app)


def test_a_plan_elsewhere_is_asked_by_leaving_the_province_that_the_question_names() -> None:
    app = page(q="ở Lào Cai, ai chủ trì xóa nhà tạm, nhà dột nát?", keep="dột nát")
    assert ELSEWHERE in text(app)
    press(app, "Hỏi tất cả các tỉnh")
    assert app.query_params == {"q": TENTS, "keep": "dột nát"}
    assert app.text_input[0].value == TENTS
    assert "Đồng Tháp 77/KH-UBND: Sở Xây dựng" in answers(app)


def test_a_plan_that_is_silent_says_that_another_does_answer() -> None:
    app = page(q=HOUSING, province="Đồng Nai")
    assert re.search(r"không nêu điều được hỏi\. Kế hoạch của (Lào Cai|Đồng Tháp) có nêu nội dung này\.", text(app))
    assert labels(app) == ["Hỏi tất cả các tỉnh"]


@pytest.mark.parametrize(
    "question", ["giá vàng thế giới", "ai chủ trì xóa nhà tạm theo kế hoạch số 12?", "nhà ở xã hội ở Hà Nội"]
)
def test_all_provinces_are_not_offered_where_that_helps_nothing(question: str) -> None:
    assert labels(page(q=question)) == []
