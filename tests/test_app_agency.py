"""The page «Cơ quan» in every state, run without a browser."""

from __future__ import annotations

import re
from datetime import date
from html import escape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from test_app import IMAGE, SCRIPT, build, environment, html, page, ran, text

from index.embed import Encoder
from ui import services

__all__ = ["environment"]  # a fixture that every test uses

TODAY = date(2026, 11, 22)
_HEAD = """ỦY BAN NHÂN DÂN
TỈNH {upper}

Số: {number}/KH-UBND

{province}, ngày 05 tháng 02 năm 2024

KẾ HOẠCH

Thực hiện chính sách xã hội trên địa bàn tỉnh {province}

"""
_CA_MAU = f"""I. TỔ CHỨC THỰC HIỆN

1. Sở Xây dựng

- Chủ trì phát triển nhà ở {SCRIPT} {IMAGE} cho công nhân.

- Báo cáo kết quả về UBND tỉnh trước ngày 15/12 hằng năm.

2. Các đơn vị gửi số liệu về Sở Xây dựng để tổng hợp.

TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH

Nguyễn Văn A
"""
_LAO_CAI = """I. NHIỆM VỤ

1. Tổ chức thực hiện theo Phụ lục kèm theo Kế hoạch này.

PHỤ LỤC I
PHÂN CÔNG NHIỆM VỤ

| TT | Nhiệm vụ | Cơ quan chủ trì | Cơ quan phối hợp | Thời gian |
|---|---|---|---|---|
| I | MÔI TRƯỜNG | | | |
| 1 | Xử lý rác thải | Sở TN&MT | Sở XD | Năm 2025 |
| 2 | Cấp nước sạch | Sở NN&PTNT | Sở Y tế | Quý IV/2026 |
| 3 | Giảm nghèo vùng cao | Sở LĐTBXH | Sở Y tế | 2027 |
| 4 | Đào tạo nghề | Sở LĐTBXH | Sở Y tế | 2027 |
"""


@pytest.fixture(scope="session")
def plans(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("agency-plans")
    paths = []
    for number, province, body in (("12", "Cà Mau", _CA_MAU), ("77", "Lào Cai", _LAO_CAI)):
        paths.append(folder / f"{number}.txt")
        head = _HEAD.format(upper=province.upper(), number=number, province=province)
        paths[-1].write_text(head + body, encoding="utf-8")
    return paths


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, plans: list[Path]) -> Path:
    from conftest import HashEncoder

    home = tmp_path_factory.mktemp("agency") / "nha"
    encoder: Encoder = HashEncoder()
    build(home, plans, encoder)
    return home


@pytest.fixture(autouse=True)
def fixed_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "today", lambda: TODAY)


def opened(**params: str) -> AppTest:
    return page("ui/agency.py", **params)


def tasks(app: AppTest) -> list[str]:
    """What is to be done, of every task that is shown."""
    found = re.findall(r'<article class="kh-task"><p>(.*?)</p>', html(app))
    return [" ".join(re.sub(r"<[^>]+>", " ", each).split()) for each in found]


def test_agencies_to_choose_from() -> None:
    app = opened()
    assert [field.label for field in app.text_input] == ["Tên cơ quan"]
    assert [box.label for box in app.selectbox] == ["Hoặc chọn"]
    # today's names too, where the plans print a former one
    assert {"Sở Tài nguyên và Môi trường", "Sở Nông nghiệp và Môi trường"} <= set(app.selectbox[0].options)
    assert '<a href="co-quan?agency=S%E1%BB%9F+X%C3%A2y+d%E1%BB%B1ng">Sở Xây dựng</a>' in html(app)
    assert "còn in là: Sở XD" in text(app)


def test_tasks_by_plan_with_roles_deadlines_and_source() -> None:
    app = opened(agency="sở xd")
    assert "3 việc: chủ trì 2, phối hợp 1 · đã gõ «sở xd»" in text(app)
    assert [box.label for box in app.selectbox][1:] == ["Vai trò", "Tỉnh, thành phố", "Thời hạn"]
    shown = text(app)
    assert "Cà Mau · 12/KH-UBND 2 việc: chủ trì 2" in shown
    assert "Lào Cai · 77/KH-UBND 1 việc: phối hợp 1" in shown
    assert (
        "I. MÔI TRƯỜNG Xử lý rác thải phối hợp Hạn: Năm 2025 (đến 31/12/2025) Kế hoạch ghi: Sở XD TT 1, mục I" in shown
    )
    assert "Thêm 1 đoạn chỉ nêu Sở Xây dựng là nơi nhận báo cáo" in shown
    assert html(app).count("Mở nguồn") == 4
    assert 'href="van-ban?doc=' in html(app)


def test_what_is_due_soon_stands_above() -> None:
    shown = text(opened(agency="Sở Xây dựng"))
    assert "Sắp đến hạn trong 90 ngày (1) 1 việc có thời hạn đã qua." in shown
    assert "chủ trì 15/12/2026 trước ngày 15/12 hằng năm" in shown
    assert shown.index("15/12/2026") < shown.index("Theo kế hoạch")


def test_only_what_is_due() -> None:
    app = opened(agency="Sở Y tế", due="90")
    assert tasks(app) == ["Cấp nước sạch"]
    assert "Đến hạn trong 90 ngày (1)" in text(app)
    assert "Không có việc nào đến hạn." in text(opened(agency="Sở Y tế", due="30"))


def test_todays_name_and_what_may_belong_to_it() -> None:
    app = opened(agency="Sở Nông nghiệp và Môi trường")
    shown = text(app)
    assert tasks(app)[-3:] == ["Xử lý rác thải", "Cấp nước sạch", "Giảm nghèo vùng cao"]
    assert "từ 01/3/2025 chức năng thuộc Sở Nông nghiệp và Môi trường (Nghị định 45/2025/NĐ-CP)" in shown
    assert "Có thể thuộc Sở Nông nghiệp và Môi trường (1)" in shown
    assert (
        shown.index("Cấp nước sạch chủ trì") < shown.index("Có thể thuộc Sở Nông nghiệp") < shown.index("Giảm nghèo v")
    )
    assert "Đào tạo nghề" not in shown


def test_the_filters_restrict_and_go_into_the_address() -> None:
    app = opened(agency="Sở Xây dựng")
    ran(app.selectbox[1].set_value("coordinating"))
    assert tasks(app) == ["Xử lý rác thải"]
    ran(app.selectbox[2].set_value("Cà Mau"))
    assert tasks(app) == []
    assert "không có việc nào" in text(app)
    assert app.query_params == {"agency": "Sở Xây dựng", "role": "coordinating", "province": "Cà Mau"}


def test_typing_and_choosing() -> None:
    app = opened()
    ran(app.text_input[0].set_value("so y te"))
    assert app.query_params == {"agency": "so y te"}
    assert "Sở Y tế" in text(app)
    ran(app.selectbox[0].set_value("Sở Xây dựng"))
    assert app.text_input[0].value == "Sở Xây dựng"
    assert app.query_params == {"agency": "Sở Xây dựng"}
    ran(app.selectbox[1].set_value("lead"))
    ran(app.text_input[0].set_value(""))
    assert [box.label for box in app.selectbox] == ["Hoặc chọn"]
    ran(app.text_input[0].set_value("SXD"))
    assert app.selectbox[1].value == "lead"
    assert app.query_params == {"agency": "SXD", "role": "lead"}


def test_the_fields_follow_the_address() -> None:
    app = opened(agency="Sở Xây dựng", role="lead", province="Cà Mau", due="365")
    assert [box.value for box in app.selectbox] == ["Sở Xây dựng", "lead", "Cà Mau", "365"]
    app.query_params["agency"] = "Sở Y tế"  # the browser's back button
    del app.query_params["role"], app.query_params["province"], app.query_params["due"]
    ran(app)
    assert app.text_input[0].value == "Sở Y tế"
    assert [box.value for box in app.selectbox] == ["Sở Y tế", "", "", ""]


def test_odd_parameters_are_told_and_restrict_nothing() -> None:
    app = opened(agency="Sở Xây dựng", role="vua", due="-3")
    assert [box.value for box in app.selectbox][1:] == ["", "", ""]
    assert "Liên kết ghi vai trò «vua», thời hạn «-3»" in text(app)
    assert len(tasks(app)) == 4  # one of them under «Sắp đến hạn» too


def test_a_province_without_plan_is_told() -> None:
    app = opened(agency="Sở Xây dựng", province="Atlantis")
    assert "Không nhận ra tỉnh «Atlantis»" in text(app)
    assert [box.value for box in app.selectbox][2] == "Atlantis"
    assert not tasks(app)


@pytest.mark.parametrize("agency", ["Sở Bí Mật", SCRIPT, "x" * 5000, "🏠"])
def test_an_unknown_agency_is_said_calmly_and_others_offered(agency: str) -> None:
    app = opened(agency=agency)
    assert "Không nhận ra cơ quan" in text(app)
    assert "Các cơ quan trong kho" in text(app)
    assert SCRIPT not in html(app)


def test_hostile_text_stays_text() -> None:
    drawn = html(opened(agency="Sở Xây dựng"))
    assert escape(SCRIPT) in drawn
    assert SCRIPT not in drawn
    assert IMAGE not in drawn


def test_files_are_offered() -> None:
    app = opened(agency="Sở Xây dựng")
    assert [button.proto.label for button in app.get("download_button")] == ["Tải .xlsx", "Tải .csv", "Tải .docx"]
    assert not opened().get("download_button")


def test_no_index(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KEHOACH_HOME", str(tmp_path))
    assert "Chưa có chỉ mục" in text(opened(agency="Sở Xây dựng"))


def test_an_index_without_plans(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "documents", lambda: [])
    assert "Kho chưa có kế hoạch nào." in text(opened())
