"""The editor's page in real Chromium: who has it, and a plan that is brought in and asked for in another session."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from commandline import ROOT, plan_text
from playwright.sync_api import BrowserContext, FilePayload, Page, expect
from test_app import IMAGE, SCRIPT, build, write_plans
from test_app_browser import (
    CHROMIUM,
    context,
    expect_no_sideways_scrolling,
    free_port,
    page,
    wait_until_served,
)

from index.embed import load_encoder
from ingest.settings import DEFAULT_ENCODER

__all__ = ["context", "page"]
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is not installed")

QUESTION = "Ai chủ trì phát triển nhà ở xã hội ở Sơn La?"
PLAN = plan_text("14/KH-UBND", "Sơn La", lead="Sở Giáo dục và Đào tạo")


@contextmanager
def served(folder: Path, **settings: str) -> Iterator[str]:
    """`kehoach serve` over three plans, started in a directory of its own; its log holds no traceback."""
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("KEHOACH_", "STREAMLIT_"))}
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, str(ROOT / "cli.py"), "serve", "--port", str(port)],
            cwd=folder,
            env=environment | {"KEHOACH_HOME": str(folder / "nha"), **settings},
            stdout=log,
            stderr=log,
        )
        try:
            wait_until_served(f"http://127.0.0.1:{port}", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.send_signal(signal.SIGINT)
            assert server.wait(20) == 0
    assert "Traceback" not in (folder / "log").read_text("utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("admin")
    (folder / "plans").mkdir()
    build(folder / "nha", write_plans(folder / "plans"), load_encoder(DEFAULT_ENCODER))
    return folder


@pytest.fixture(scope="module")
def editors(folder: Path) -> Iterator[str]:
    """The app of an editor who may send files of up to 1 MB."""
    with served(folder, KEHOACH_ADMIN="1", KEHOACH_MAX_MB="1") as address:
        yield address


def payload(name: str, text: str) -> FilePayload:
    return {"name": name, "mimeType": "text/plain", "buffer": text.encode()}


def give(page: Page, address: str, *files: FilePayload) -> None:
    page.goto(f"{address}/nap-van-ban")
    page.locator("input[type=file]").set_input_files(list(files))


def test_a_reader_has_no_upload_control(page: Page, folder: Path) -> None:
    with served(folder) as address:
        page.goto(address)
        expect(page.get_by_role("link", name="Đánh giá")).to_be_visible()
        expect(page.get_by_role("link", name="Nạp văn bản")).to_have_count(0)
        page.goto(f"{address}/nap-van-ban")
        expect(page.locator(".kh-notice")).to_contain_text("Chỉ người biên tập được nạp và gỡ văn bản.")
        expect(page.locator("input[type=file]")).to_have_count(0)
        expect(page.locator("button")).to_have_count(0)


def test_a_plan_is_brought_in_asked_for_in_another_session_and_taken_out(
    page: Page, editors: str, context: BrowserContext
) -> None:
    reader = context.new_page()
    reader.goto(f"{editors}/?q={quote(QUESTION)}")
    expect(reader.locator(".kh-foot")).to_contain_text("3 kế hoạch trong kho")
    expect(reader.locator(".kh-answer", has_text="Sở Giáo dục và Đào tạo")).to_have_count(0)

    page.goto(editors)
    page.get_by_role("link", name="Nạp văn bản").click()
    page.locator("input[type=file]").set_input_files([payload("kế hoạch.txt", PLAN), payload("trống.txt", "")])
    card = page.locator(".kh-read", has_text="14/KH-UBND")
    expect(card).to_contain_text("Sơn La")
    expect(card).to_contain_text("22 dòng")
    expect(page.locator(".kh-read", has_text="trống.txt")).to_contain_text("Kiểm tra lại tệp nguồn")
    page.get_by_role("button", name="Nạp vào kho").click()
    expect(page.get_by_text("Đã nạp 1 văn bản; kho có 4 văn bản.")).to_be_visible()

    field = reader.get_by_label("Câu hỏi")
    field.fill(QUESTION + " ")
    field.blur()
    reader.get_by_role("button", name="Hỏi", exact=True).click()
    expect(reader.locator(".kh-answer")).to_have_text(["Sở Giáo dục và Đào tạo"])
    expect(reader.get_by_text("4 kế hoạch trong kho")).to_be_visible()
    reader.close()

    page.get_by_role("button", name="Gỡ 14/KH-UBND").click()
    page.get_by_role("button", name="Gỡ khỏi kho").click()
    expect(page.get_by_text("Đã gỡ Kế hoạch số 14/KH-UBND của Sơn La.")).to_be_visible()
    expect(page.get_by_text("Văn bản trong kho (3)")).to_be_visible()


def test_a_build_is_stopped_and_leaves_the_stock_as_it_was(page: Page, editors: str) -> None:
    many = "\n".join(f"- Nhiệm vụ số {n}: xây dựng {n * 7} công trình cho xã thứ {n * 3}." for n in range(400))
    give(page, editors, payload("dài.txt", PLAN.replace("III. TỔ CHỨC", f"{many}\nIII. TỔ CHỨC")))
    page.get_by_role("button", name="Nạp vào kho").click()
    expect(page.get_by_text("Mã hóa đoạn văn: 64/")).to_be_visible()
    page.get_by_role("button", name="Dừng").click()
    expect(page.get_by_text("Đã dừng. Kho không thay đổi.")).to_be_visible()
    expect(page.get_by_text("Văn bản trong kho (3)")).to_be_visible()
    expect(page.get_by_role("button", name="Nạp vào kho")).to_be_visible()


def said(page: Page) -> str:
    """What the style sheet writes below the file field, where Streamlit's own words are English."""
    style = "getComputedStyle(document.querySelector('[data-testid=stFileUploader]'), '::after').content"
    return str(page.evaluate(style))


def test_a_file_of_another_kind_or_too_large_is_refused_in_vietnamese(page: Page, editors: str) -> None:
    for file in (payload("a.docx", "x"), payload("a.txt", "x" * (1024 * 1024 + 1))):
        give(page, editors, file)
        expect(page.locator("[data-testid=stFileUploader] [aria-invalid=true]").first).to_be_attached()
        assert said(page) == '"Có tệp không nhận được: chỉ nhận tệp .txt, .md, .markdown, tối đa 1 MB."'
        expect(page.locator(".kh-read")).to_have_count(0)
    page.goto(f"{editors}/danh-gia")
    page.get_by_role("tab", name="Bộ câu hỏi của bạn").click()
    page.locator("input[type=file]").set_input_files([payload("a.txt", "x")])
    expect(page.locator("[data-testid=stFileUploader] [aria-invalid=true]").first).to_be_attached()
    assert said(page) == '"Không nhận tệp này: chỉ nhận tệp .jsonl, tối đa 2 MB."'


def test_hostile_text_and_a_narrow_screen(page: Page, editors: str) -> None:
    page.set_viewport_size({"width": 390, "height": 700})
    hostile = PLAN.replace("Phát triển nhà ở", f"{SCRIPT} {IMAGE} nhà ở")
    give(page, editors, payload("../../x.txt", hostile), payload(f"{'dai' * 60}.txt", PLAN))
    expect(page.locator(".kh-read")).to_have_count(2)
    expect(page.locator(".kh-read").first).to_contain_text(SCRIPT)
    assert page.locator(".kh-read script, .kh-read img").count() == 0
    expect_no_sideways_scrolling(page)
    page.wait_for_timeout(300)  # an alert would have come by now
