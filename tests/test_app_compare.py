"""«So sánh»: a row a province, the clauses side by side, downloads, links; run without a browser."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest
from test_app import HOUSING, IMAGE, SCRIPT, built, environment, html, page, plans, ran, text

from ui import services

__all__ = ["built", "environment", "plans"]  # fixtures

PAGE = "ui/compare.py"


def rows(app: AppTest) -> dict[str, str]:
    """Province → what its row says."""
    found = re.findall(r'<tr><th scope="row">([^<]*)<.*?</th>(.*?)</tr>', html(app))
    return {unescape(name): " ".join(unescape(re.sub(r"<[^>]+>", " ", rest)).split()) for name, rest in found}


def columns(app: AppTest) -> dict[str, list[str]]:
    """Province → the words of its clause that are marked as different."""
    found = re.findall(r'<h3[^>]*>([^<]*) .*?</h3><p class="kh-clause">(.*?)</p>', html(app), re.DOTALL)
    return {
        unescape(name).strip(): [
            unescape(words) for words in re.findall(r'<mark class="kh-diff[^>]*>(.*?)</mark>', body)
        ]
        for name, body in found
    }


def test_examples_before_anything_is_asked() -> None:
    app = page(PAGE)
    assert [field.label for field in app.text_input] == ["Câu hỏi"]
    assert app.multiselect[0].options == ["Đồng Nai", "Đồng Tháp", "Lào Cai"]
    ran(app.button[1].click())
    assert app.query_params["q"] == app.text_input[0].value == "Tỷ lệ dân số tham gia bảo hiểm y tế đến năm 2030?"


def test_a_row_a_province() -> None:
    found = rows(page(PAGE, q=HOUSING))
    assert list(found) == ["Đồng Nai", "Đồng Tháp", "Lào Cai"]
    assert found["Đồng Nai"].startswith("Không quy định trong kế hoạch")
    assert found["Đồng Nai"].endswith("Chỗ gần nhất")
    assert found["Đồng Tháp"].startswith("Sở Xây dựng độ tin cậy")
    assert "TT 1, mục I, Phụ lục I (dòng" in found["Đồng Tháp"]
    assert "khoản 1, mục II" in found["Lào Cai"]


def test_rows_open_their_source() -> None:
    app = page(PAGE, q=HOUSING)
    addresses = [unescape(a) for a in re.findall(r'class="kh-open" href="(van-ban[^"]*)"', html(app))]
    assert len(addresses) == 5  # three rows, two clauses side by side
    for address in addresses[:3]:
        assert {"doc", "clause"} <= set(parse_qs(urlsplit(address).query))


def test_provinces_are_chosen_and_stand_in_the_address() -> None:
    app = page(PAGE, q=HOUSING)
    ran(app.multiselect[0].set_value(["Lào Cai", "Đồng Nai"]))
    assert list(rows(app)) == ["Đồng Nai", "Lào Cai"]
    assert app.query_params == {"q": HOUSING, "province": ["Lào Cai", "Đồng Nai"]}
    again = page(PAGE, q=HOUSING, province=["Lào Cai", "Đồng Nai", "Sao Hỏa"])
    assert rows(again) == rows(app)


def test_clauses_side_by_side() -> None:
    app = page(PAGE, q=HOUSING)
    marked = columns(app)
    assert list(marked) == ["Đồng Tháp", "Lào Cai"]
    assert any("công nhân khu công nghiệp" in words for words in marked["Lào Cai"])
    assert not any("nhà ở xã hội" in words for words in marked["Lào Cai"])
    ran(app.selectbox[0].select("Lào Cai"))
    assert "Lào Cai để so" in text(app)


def test_a_correction_is_undone_here_too() -> None:
    app = page(PAGE, q="ai chủ trì NOXH?")
    assert "Sở Xây dựng" in rows(app)["Lào Cai"]
    ran(next(button for button in app.button if button.label == "Giữ nguyên «NOXH»").click())
    assert app.query_params == {"q": "ai chủ trì NOXH?", "keep": "NOXH"}
    assert "Sở Xây dựng" not in rows(app)["Lào Cai"]


def test_the_table_can_be_downloaded() -> None:
    labels = [button.proto.label for button in page(PAGE, q=HOUSING).get("download_button")]
    assert labels == ["Tải .xlsx", "Tải .csv", "Tải .docx"]


def test_other_provinces_are_asked_from_an_answer() -> None:
    app = page(q="ai chủ trì nhà ở xã hội ở Lào Cai?")
    (address,) = re.findall(r'href="(so-sanh\?[^"]*)"', html(app))
    (question,) = parse_qs(urlsplit(unescape(address)).query)["q"]
    assert question == "ai chủ trì nhà ở xã hội?"
    assert list(rows(page(PAGE, q=question))) == ["Đồng Nai", "Đồng Tháp", "Lào Cai"]


@pytest.mark.parametrize("hostile", [SCRIPT, IMAGE])
def test_text_stays_text(hostile: str) -> None:
    app = page(PAGE, q=f"{hostile} trạm y tế lưu động ghi chú đơn vị soạn thảo")
    assert "<script" not in html(app)
    assert "<img" not in html(app)
    assert hostile in unescape(html(app))


def test_what_cannot_be_compared() -> None:
    assert "Kho chưa có kế hoạch nào của Hà Nội" in text(page(PAGE, q="ai chủ trì nhà ở xã hội ở Hà Nội"))
    assert "Hãy viết thêm" in text(page(PAGE, q="ai chủ trì?"))


def test_without_an_index(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.setenv("KEHOACH_HOME", str(tmp_path_factory.mktemp("none")))
    services._open.clear()  # type: ignore[attr-defined]
    assert "kehoach ingest" in text(page(PAGE))


def test_a_province_of_the_address_that_has_no_plan_is_told() -> None:
    app = page(PAGE, q=HOUSING, province=["Huế", "tinh lao cai"])
    assert list(rows(app)) == ["Lào Cai"]
    assert "Kho chưa có kế hoạch nào của Huế." in text(app)
    ran(app.multiselect[0].set_value([]))
    assert "Huế" not in text(app)
