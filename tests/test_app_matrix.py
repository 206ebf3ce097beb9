"""The tab «Ma trận chỉ tiêu», run without a browser: two plans in different layouts, and one that is hostile."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

import pytest
from conftest import HashEncoder
from test_app import IMAGE, SCRIPT, build, environment, html, page, ran, text
from test_indicators import LAYOUTS, PLAN

__all__ = ["environment"]  # a fixture
TABLED = LAYOUTS / "quang-ninh-indicators.txt"
HOSTILE = f"""ỦY BAN NHÂN DÂN
TỈNH LÀO CAI
Số: 9/KH-UBND
Lào Cai, ngày 05 tháng 02 năm 2024
KẾ HOẠCH
Thực hiện chính sách
I. MỤC TIÊU
1. Đến năm 2030, 100% người cao tuổi {SCRIPT} {IMAGE} được lập hồ sơ.
"""


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """In place of the plans of `test_app`."""
    folder = tmp_path_factory.mktemp("matrix")
    paths = [folder / "lam-dong.txt", folder / "lao-cai.txt"]
    for path, body in zip(paths, (PLAN, HOSTILE), strict=True):
        path.write_text(body, encoding="utf-8")
    build(folder / "nha", [*paths, TABLED], HashEncoder())
    return folder / "nha"


def test_the_table_has_plans_and_years_and_links_to_sources() -> None:
    app = page("ui/compare.py", view="chi-tieu")
    assert "Quảng Ninh" in text(app)
    assert "Tỷ lệ lực lượng lao động tham gia bảo hiểm xã hội" in text(app)
    assert '<th scope="colgroup" colspan="2">Lâm Đồng</th>' in html(app)
    assert 'href="van-ban?doc=' in html(app)
    assert ">dưới 10%</a>" in html(app)
    assert "quote=" in html(app)


def test_what_one_plan_alone_has_is_folded() -> None:
    app = page("ui/compare.py", view="chi-tieu")
    assert [e.label.split(" (")[0] for e in app.expander] == ["Lâm Đồng", "Lào Cai", "Quảng Ninh"]
    assert "Dân số tham gia BHYT" in text(app)


def test_filters_go_into_the_address_and_come_from_it() -> None:
    app = page("ui/compare.py", view="chi-tieu")
    ran(next(box for box in app.selectbox if box.label == "Năm").set_value("2030"))
    assert app.query_params["m-year"] == "2030"
    assert app.query_params["view"] == "chi-tieu"
    assert ">2025</th>" not in html(app)
    again = page("ui/compare.py", view="chi-tieu", **{"m-year": "2025", "m-province": ["Quảng Ninh", "Lâm Đồng"]})
    assert next(box for box in again.selectbox if box.label == "Năm").value == "2025"
    assert "Lào Cai" not in text(again)


def test_only_what_differs() -> None:
    app = page("ui/compare.py", view="chi-tieu", **{"m-differing": "1", "m-year": "2030"})
    assert app.toggle[0].value
    assert "Tỷ lệ người khuyết tật nặng được hưởng trợ cấp" not in text(app)  # 100 in both
    assert "Tuổi thọ trung bình" in text(app)  # 75,5 and 75,5 or more


def test_what_the_address_names_and_is_not_there_is_ignored() -> None:
    odd = {"m-year": "1999", "m-group": SCRIPT, "m-province": ["Hà Nội", IMAGE], "m-chart": "không có"}
    app = page("ui/compare.py", view="chi-tieu", **odd)
    assert "Quảng Ninh" in text(app)
    assert SCRIPT not in html(app)


def test_a_chart_of_an_indicator_shows_the_printed_values() -> None:
    app = page("ui/compare.py", view="chi-tieu")
    (chosen,) = (box for box in app.selectbox if box.label == "Chỉ tiêu")
    ran(chosen.set_value(next(name for name in chosen.options if "thừa cân" in name)))
    assert "<b>dưới 10%</b>" in html(app)
    assert "<b>&lt;10</b>" in html(app)
    assert app.query_params["m-chart"].startswith("Tỷ lệ trẻ em")


def test_hostile_text_stays_text() -> None:
    app = page("ui/compare.py", view="chi-tieu")
    assert SCRIPT not in html(app)
    assert escape(SCRIPT) in html(app)
    assert "<img" not in html(app)


def test_the_fields_of_the_page_leave_the_matrix_its_own() -> None:
    app = page("ui/compare.py", **{"m-year": "2030"})
    ran(app.text_input[0].set_value("bảo hiểm y tế?"))
    assert app.query_params["m-year"] == "2030"
    assert app.query_params["q"] == "bảo hiểm y tế?"


def test_bars_are_as_long_as_their_values() -> None:
    app = page("ui/compare.py", view="chi-tieu", **{"m-chart": "Số người tham gia bảo hiểm xã hội tự nguyện"})
    drawn = re.findall(r"width:([\d.]+)%\"></u></span><b>(.*?)</b>", html(app))
    assert ("51.4", "18") in drawn  # of 35
    assert {width for width, text in drawn if text.startswith("35")} == {"100.0"}
