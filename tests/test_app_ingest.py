"""The page Nạp văn bản, login and the frame in every state, without a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from commandline import plan_text
from conftest import HashEncoder
from streamlit.testing.v1 import AppTest
from test_app import APP, IMAGE, SCRIPT, answers, build, html, page, ran, text, write_plans

from index.assemble import Assembler
from index.build import Builder
from index.files import exclusive
from index.generation import current_name
from index.plan import make_plan
from index.stale import Cause, Stale
from index.store import State, Store
from ingest.corrections import FIELDS
from ingest.intake import clean_name, read_upload
from ingest.settings import Settings
from ui import access, freshness, services

PAGE = "ui/ingest.py"
QUESTION = "ai chủ trì phát triển nhà ở xã hội ở Sơn La?"
NEW = plan_text("14/KH-UBND", "Sơn La", lead="Sở Giáo dục và Đào tạo")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An index of three plans that a test may change."""
    build(tmp_path / "nha", write_plans(tmp_path), HashEncoder())
    return tmp_path / "nha"


@pytest.fixture(autouse=True)
def environment(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("MAX_MB", "REORGANISATION", "EDITORS", "READERS"):
        monkeypatch.delenv(f"KEHOACH_{name}", raising=False)
    monkeypatch.setenv("KEHOACH_HOME", str(home))
    monkeypatch.setenv("KEHOACH_MODEL", "hash")
    monkeypatch.setenv("KEHOACH_ADMIN", "1")
    monkeypatch.setattr(services, "load_encoder", lambda _: HashEncoder())
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


def upload(*files: tuple[str, str | bytes]) -> AppTest:
    """The page with these files given to its field."""
    app = page(PAGE)
    given = [(name, data.encode() if isinstance(data, str) else data, "text/plain") for name, data in files]
    return ran(app.file_uploader[0].set_value(given))


UNDO, CORRECT = "Hoàn tác thay đổi gần nhất", "Sửa thông tin"


def click(app: AppTest, label: str) -> AppTest:
    (button,) = [button for button in app.button if button.label == label]
    return ran(button.click())


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def cards(app: AppTest) -> list[str]:
    return re.findall(r"<article.*?</article>", html(app), re.DOTALL)


def navigation(app: AppTest) -> list[str]:
    return re.findall(r'<a href="([^"]*)"', re.search(r"<nav.*?</nav>", html(app))[0])  # type: ignore[index]


# Roles


def test_a_reader_has_no_link_and_is_told_at_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KEHOACH_ADMIN")
    assert "nap-van-ban" not in navigation(page())
    app = page(PAGE)
    assert "Chỉ người biên tập được nạp và gỡ văn bản." in text(app)
    assert not app.file_uploader
    assert not app.button


def test_an_editor_has_the_link_the_field_and_the_stock() -> None:
    app = page(PAGE)
    assert navigation(app)[-1] == "nap-van-ban"
    assert app.file_uploader[0].label.startswith("Tệp kế hoạch (.txt, .md, .markdown, .docx, .html")
    assert sorted(labels(app)) == ["Gỡ 12/KH-UBND", "Gỡ 77/KH-UBND", "Gỡ 88/KH-UBND", UNDO, *[CORRECT] * 3]
    assert "Văn bản trong kho (3)" in text(app)


def log_in(monkeypatch: pytest.MonkeyPatch, **claims: object) -> None:
    monkeypatch.setattr(access, "login_configured", lambda: True)
    monkeypatch.setattr(access, "claims", lambda: {"is_logged_in": True, **claims} if claims else {})
    monkeypatch.setenv("KEHOACH_EDITORS", "lan@example.vn")


def test_whoever_is_not_logged_in_sees_the_button_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    log_in(monkeypatch)
    monkeypatch.setattr(access, "find_spec", lambda name: object())
    for path in ("", PAGE, "ui/source.py"):
        app = page(path, q=QUESTION)
        assert labels(app) == ["Đăng nhập"]
        assert "<nav" not in html(app)
        assert "Lào Cai" not in html(app)
        assert not app.text_input
        assert not app.file_uploader


def test_without_the_package_for_login_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    log_in(monkeypatch)
    monkeypatch.setattr(access, "find_spec", lambda name: None)
    app = page()
    assert "kehoach[auth]" in html(app)
    assert not app.button


def test_streamlit_s_own_secrets_turn_login_on() -> None:
    app = AppTest.from_file(APP, default_timeout=60)
    app.secrets["auth"] = {"client_id": "x"}
    ran(app)
    assert not app.text_input
    assert "<nav" not in html(app)
    assert "Đăng nhập" in text(app)


def test_a_reader_and_an_editor_by_their_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    log_in(monkeypatch, email="minh@example.vn", name=f"Minh {SCRIPT}")
    app = page(PAGE)
    assert "Chỉ người biên tập" in text(app)
    assert SCRIPT not in html(app)
    assert f"Minh {SCRIPT}" in text(app)
    assert labels(app) == ["Đăng xuất"]
    log_in(monkeypatch, email="Lan@Example.vn")
    app = page(PAGE)
    assert app.file_uploader
    assert "Lan@Example.vn" in text(app)


@pytest.mark.parametrize(
    ("claims", "told"),
    [
        ({"email": "hoa@example.org"}, "chưa được cấp quyền"),
        ({"email": "lan@example.vn", "email_verified": False}, "chưa được xác minh"),
    ],
)
def test_somebody_who_may_not_is_told_and_can_log_out(
    claims: dict[str, Any], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    log_in(monkeypatch, **claims)
    monkeypatch.setenv("KEHOACH_READERS", "@example.vn")
    app = page(PAGE)
    assert told in text(app)
    assert labels(app) == ["Đăng xuất"]
    assert not app.file_uploader


def test_a_wrong_list_lets_nobody_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEHOACH_READERS", "lan")
    app = page()
    assert "KEHOACH_READERS" in text(app)
    assert not app.text_input


# Bringing plans in


def test_upload_see_commit_ask_in_another_session_and_remove(home: Path) -> None:
    other = page(q=QUESTION)
    assert answers(other) == []
    app = upload(("Kế hoạch.txt", NEW))
    (card,) = cards(app)
    assert "Kế hoạch.txt" in card
    told = text(app)
    for part in ("mới", "14/KH-UBND", "Sơn La", "05/03/2024", "Nguyễn Văn An", "3 đề mục", "22 dòng: "):
        assert part in told
    with Store.open(home, create=False) as store:
        assert len(store.entries()) == 3  # nothing is kept before the click
    before = current_name(home)
    click(app, "Nạp vào kho")
    assert "Đã nạp 1 văn bản; kho có 4 văn bản." in text(app)
    assert app.file_uploader[0].value == []
    assert cards(app) == []
    assert current_name(home) != before
    assert answers(ran(other)) == ["Sơn La 14/KH-UBND: Sở Giáo dục và Đào tạo"]
    click(app, "Gỡ 14/KH-UBND")
    assert "Gỡ Kế hoạch số 14/KH-UBND của Sơn La khỏi kho?" in text(app)
    click(app, "Không gỡ")
    assert "Gỡ khỏi kho" not in labels(app)
    click(app, "Gỡ 14/KH-UBND")
    click(app, "Gỡ khỏi kho")
    assert "Đã gỡ Kế hoạch số 14/KH-UBND của Sơn La." in text(app)
    assert "Văn bản trong kho (3)" in text(app)
    assert answers(ran(other)) == []
    assert re.search(r"không rõ ai · gỡ: bỏ 14/KH-UBND \(Sơn La\)", text(app))
    click(app, UNDO)
    assert "kho có 4 văn bản" in text(app)
    assert answers(ran(other)) == ["Sơn La 14/KH-UBND: Sở Giáo dục và Đào tạo"]
    click(app, UNDO)
    assert "kho có 3 văn bản" in text(app)


def test_a_first_plan_into_an_empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEHOACH_HOME", str(tmp_path / "moi"))
    app = page(PAGE)
    assert "Chưa có chỉ mục" in text(app)
    app = click(upload(("a.txt", NEW)), "Nạp vào kho")
    assert "kho có 1 văn bản" in text(app)
    assert answers(page(q=QUESTION)) == ["Sơn La 14/KH-UBND: Sở Giáo dục và Đào tạo"]


def test_bad_files_are_told_each_with_its_remedy_and_keep_no_other_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEHOACH_MAX_MB", "0.0078125")
    app = upload(
        ("trong.txt", ""),
        ("nhi-phan.txt", b"%PDF-1.7"),
        ("lon.txt", NEW * 20),
        ("tot.md", NEW),
    )
    found = cards(app)
    for card, told in zip(
        found, ["trống", "PDF «nhi-phan.txt» bị hỏng", "vượt giới hạn 0.0078125 MB", "mới"], strict=True
    ):
        assert told in card
    assert all("kh-notice" in card for card in found[:3])
    assert "1 văn bản sẽ được nạp" in text(app)
    assert "kho có 4 văn bản" in text(click(app, "Nạp vào kho"))


def test_what_is_already_there_is_not_offered(home: Path) -> None:
    first = (home.parent / "12.txt").read_text("utf-8")
    app = upload(("ten khac.txt", first))
    assert "trùng, bỏ qua" in text(app)
    assert "Trùng với: Kế hoạch số 12/KH-UBND của Lào Cai (tệp 12.txt)" in text(app)
    assert "Nạp vào kho" not in labels(app)
    app = upload(("moi.txt", first.replace("Nguyễn Văn A", "Nguyễn Văn B")))
    assert "thay bản cũ" in text(app)
    assert "kho có 3 văn bản" in text(click(app, "Nạp vào kho"))


def test_hostile_names_and_texts_stay_text() -> None:
    hostile = NEW.replace("Phát triển nhà ở", f"{SCRIPT} {IMAGE} nhà ở").replace("14/KH-UBND", f"14{SCRIPT}/KH-UBND")
    app = upload((f"../../etc/{IMAGE}.txt", hostile), ("..\\..\\windows\\![x](y).txt", ""))
    assert not re.search(r"<script|<img", html(app))
    assert "etc/" not in text(app)
    assert "windows" not in text(app)
    app = click(app, "Nạp vào kho")
    assert not re.search(r"<script|<img", html(app))
    assert all(re.fullmatch(r"Gỡ [\w/ -]+", label) for label in labels(app) if label not in (UNDO, CORRECT))


# Versions, corrections


def open_form(app: AppTest, at: int = 0) -> AppTest:
    return ran([button for button in app.button if button.label == CORRECT][at].click())


def fill(app: AppTest, **values: str) -> AppTest:
    """Type into the open form, by the names of its fields, and save."""
    for field in app.text_input:
        if (name := (field.key or "").rsplit("-", 1)[-1]) in values:
            field.set_value(values[name])
    return click(app, "Lưu sửa đổi")


def test_a_version_that_is_there_is_recognised_and_the_user_decides(home: Path) -> None:
    newer = (home.parent / "12.txt").read_text("utf-8").replace("Sở Xây dựng", "Sở Tài chính")
    app = upload(("12 (sửa).txt", newer))
    assert "Cùng số" in text(app)
    assert "với Kế hoạch số 12/KH-UBND của Lào Cai (tệp 12.txt)" in text(app)
    (choice,) = app.radio
    assert choice.options == ["Thay bản đang có", "Giữ cả hai", "Bỏ qua tệp này"]
    assert (choice.value, "thay bản cũ" in text(app)) == ("replace", True)
    ran(choice.set_value("skip"))
    assert "Không có văn bản nào để nạp." in text(app)
    assert "Nạp vào kho" not in labels(app)
    ran(app.radio[0].set_value("keep"))
    click(app, "Nạp vào kho")
    assert "Đã nạp 1 văn bản; kho có 4 văn bản." in text(app)


def test_a_date_is_corrected_before_and_after_a_plan_comes_in_and_stays(home: Path) -> None:
    blank = NEW.replace("ngày 05 tháng 3 năm 2024", "ngày     tháng 3 năm 2024")
    app = fill(open_form(upload(("a.txt", blank))), issued="31/2/2024")
    assert "Ngày ban hành «31/2/2024» không phải là một ngày." in text(app)
    app = fill(app, issued="7/3/2024", province="son la")
    assert "07/03/2024" in text(app)
    assert "đã sửa ngày ban hành: tệp không nêu" in text(app)
    assert "đã sửa tỉnh" not in text(app)
    click(app, "Nạp vào kho")
    assert "07/03/2024" in text(app)
    names = [document.province for document in services.documents()]
    app = fill(open_form(app, names.index("Sơn La")), issued="08/03/2024", signer="Người Khác")
    assert "Đã sửa thông tin" in text(app)
    told = text(upload(("a.txt", blank)))
    assert "không đổi" in told
    assert "08/03/2024" in told
    assert "đã sửa người ký: đọc từ tệp là «Nguyễn Văn An»" in told
    assert "sửa thông tin: thay bản cũ của 14/KH-UBND (Sơn La)" in told


def test_the_form_closes_at_the_same_button_and_what_is_typed_stays_text(home: Path) -> None:
    app = open_form(page(PAGE))
    assert {field.label for field in app.text_input} == {name for name, _ in FIELDS.values()}
    app = fill(app, title=f"{SCRIPT} {IMAGE}")
    assert "Đã sửa thông tin" in text(app)
    assert not re.search(r"<script|<img", html(page("ui/source.py")))
    app = open_form(open_form(app))
    assert not app.text_input


def test_what_was_understood_is_shown_with_headings_and_the_first_rows_of_tables() -> None:
    rows = "\n".join(f"| {n} | Xây cầu số {n} | Sở Xây dựng |" for n in range(1, 9))
    appendix = f"Phụ lục I\nDANH MỤC NHIỆM VỤ\n\n| TT | Nhiệm vụ | Cơ quan chủ trì |\n|---|---|---|\n{rows}\n"
    app = upload(("a.md", f"{NEW}\n{appendix}"))
    (card,) = cards(app)
    assert re.search(r"<summary>Đề mục \(\d+\)</summary><ul>.*Phụ lục I", card)
    assert "(8 dòng)</summary>" in card
    assert "Xây cầu số 4" in card
    assert "Xây cầu số 5" not in card


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("Kế hoạch 54.txt", "Kế hoạch 54.txt"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\tai lieu\\a.md", "a.md"),
        ("a\u202etxt.exe\x00\n.txt", "atxt.exe.txt"),
        ("/", "khong-ten"),
        ("", "khong-ten"),
        ("..", "khong-ten"),
        (" .txt", "txt"),
        ("\udc80a.txt", "a.txt"),
        ("x" * 500 + ".txt", "x" * 116 + ".txt"),
    ],
)
def test_names_of_files(name: str, clean: str) -> None:
    assert clean_name(name) == clean


def test_a_file_of_another_kind_is_refused_by_its_name_alone() -> None:
    outcome = read_upload("../../anh.gif", NEW.encode(), Settings())
    assert outcome.parsed is None
    assert "Chưa đọc được định dạng «.gif» (tệp «anh.gif»)" in str(outcome.error)


def test_the_same_upload_is_unchanged_and_another_of_the_same_name_takes_no_place(home: Path) -> None:
    settings = Settings(home=home)
    one, two = (read_upload("ke-hoach.txt", text.encode(), settings).parsed for text in (NEW, plan_text("9/KH-UBND")))
    assert one
    assert two
    with Store.open(home) as store:
        Builder(store, HashEncoder(), home).sync([one])
        live = store.entries(State.LIVE)
    assert [step.action.value for step in make_plan(live, [one, two]).steps] == ["unchanged", "added"]


def test_another_build_is_told_calmly(home: Path) -> None:
    app = upload(("a.txt", NEW))
    with exclusive(home):
        click(app, "Nạp vào kho")
    assert "Một lần nạp khác đang ghi" in text(app)
    assert len(cards(app)) == 1
    assert "kho có 4 văn bản" in text(click(app, "Nạp vào kho"))


def test_a_build_that_is_stopped_leaves_the_stock_as_it_was(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = upload(("a.txt", NEW))
    before = current_name(home)

    class Stopped(BaseException):
        """What Streamlit raises in a run of a page that a click ends."""

    def stop(*_: object) -> None:
        raise Stopped

    with monkeypatch.context() as patched, pytest.raises(Stopped):
        patched.setattr(Assembler, "assemble", stop)
        from ui import stock

        stock.commit([read_upload("a.txt", NEW.encode(), Settings()).parsed], lambda *_: None)  # type: ignore[list-item]
    assert current_name(home) == before
    with Store.open(home, create=False) as store:
        assert len(store.entries()) == 3
    assert "kho có 4 văn bản" in text(click(app, "Nạp vào kho"))


def test_reading_that_was_stopped_goes_on_at_a_click() -> None:
    app = upload(("a.txt", NEW))
    app.session_state["intake_read"] = {}
    app.session_state["intake_stopped"] = True
    app = ran(app)
    assert "Đã dừng: đọc được 0/1 tệp." in text(app)
    assert cards(app) == []
    assert len(cards(click(app, "Đọc tiếp"))) == 1


# An index that is older than the plans


@pytest.mark.parametrize(("admin", "told"), [("0", "báo người quản trị"), ("1", "xem cách cập nhật")])
def test_an_old_index_is_told_on_every_page(admin: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Chỉ mục cũ hơn" not in text(page())
    found = (Stale(Cause.CHANGED, f"/kho/{IMAGE}.txt", f"Chạy `kehoach ingest '/kho/{IMAGE}.txt'`."),)
    monkeypatch.setenv("KEHOACH_ADMIN", admin)
    monkeypatch.setattr(freshness.Watch, "found", lambda self, settings: found)
    for path in ("", "ui/source.py", "ui/agency.py"):
        assert f"Chỉ mục cũ hơn kho văn bản: {told}" in text(page(path))
    app = page(PAGE)
    assert ("đã thay đổi sau khi nạp" in text(app)) is (admin == "1")
    assert "<img" not in html(app)
