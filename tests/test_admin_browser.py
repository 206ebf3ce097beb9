"""The editor's page in real Chromium: who has it, and a plan that is brought in and asked for in another session."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
import server
from commandline import plan_text
from formats import docx_of
from html_formats import html_of
from playwright.sync_api import BrowserContext, FilePayload, Page, expect
from scans import pictures, saved, worn
from test_app import IMAGE, SCRIPT, build, write_plans
from test_app_browser import (
    CHROMIUM,
    context,
    expect_no_sideways_scrolling,
    page,
)

from index.embed import load_encoder
from ingest.parse import parse_file
from ingest.readers.form import SUFFIXES
from ingest.settings import DEFAULT_ENCODER, Settings

__all__ = ["context", "page"]
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is not installed")

QUESTION = "Ai chủ trì phát triển nhà ở xã hội ở Sơn La?"
PLAN = plan_text("14/KH-UBND", "Sơn La", lead="Sở Giáo dục và Đào tạo")


@contextmanager
def served(folder: Path, **settings: str) -> Iterator[str]:
    """`kehoach serve` over three plans, ended by Ctrl+C; its log holds no traceback."""
    with server.kehoach_serve(folder, KEHOACH_HOME=str(folder / "nha"), **settings) as running:
        yield running.address
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(20) == 0
    assert "Traceback" not in running.told


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


def test_a_word_document_and_a_web_page_are_brought_in_and_taken_back(page: Page, editors: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(PLAN, "utf-8")
    (tmp_path / "b.txt").write_text(plan_text("15/KH-UBND", "Lạng Sơn", lead="Sở Tài chính"), "utf-8")
    docx_of(parse_file(tmp_path / "a.txt", Settings()), tmp_path / "kế hoạch.docx")
    html_of(parse_file(tmp_path / "b.txt", Settings()), tmp_path / "trang.html")
    page.goto(f"{editors}/nap-van-ban")
    page.locator("input[type=file]").set_input_files([tmp_path / "kế hoạch.docx", tmp_path / "trang.html"])
    expect(page.locator(".kh-read", has_text="14/KH-UBND")).to_contain_text("Sơn La")
    expect(page.locator(".kh-read", has_text="15/KH-UBND")).to_contain_text("Lạng Sơn")
    page.get_by_role("button", name="Nạp vào kho").click()
    expect(page.get_by_text("Đã nạp 2 văn bản; kho có 5 văn bản.")).to_be_visible()
    expect(page.locator("main li", has_text="nạp: thêm 15/KH-UBND (Lạng Sơn)")).to_be_visible()

    page.goto(f"{editors}/?q={quote(QUESTION)}")
    expect(page.locator(".kh-answer")).to_have_text(["Sở Giáo dục và Đào tạo"])
    page.get_by_role("link", name="Mở nguồn").first.click()
    expect(page.locator("mark.kh-quote").first).to_be_in_viewport()

    page.goto(f"{editors}/nap-van-ban")
    page.get_by_role("button", name="Hoàn tác thay đổi gần nhất").click()
    expect(page.get_by_text("Văn bản trong kho (3)")).to_be_visible()


TABLE = """
Phụ lục I
CHỈ TIÊU CHỦ YẾU

| TT | Chỉ tiêu | Đơn vị | Đến năm 2030 | Cơ quan chủ trì |
|---|---|---|---|---|
| 1 | Số căn nhà ở xã hội hoàn thành | Căn | 2.500 | Sở Giáo dục và Đào tạo |
| 2 | Tỷ lệ hộ nghèo giảm bình quân | % | 1,5 | Sở Nội vụ |
"""


def printed(context: BrowserContext, folder: Path) -> Path:
    """The plan with a table, as a browser prints it, its day left blank."""
    (folder / "c.md").write_text(PLAN.replace("ngày 05 tháng", "ngày ... tháng") + TABLE, "utf-8")
    html_of(parse_file(folder / "c.md", Settings()), folder / "c.html")
    sheet = context.new_page()
    sheet.set_content((folder / "c.html").read_text("utf-8"))
    sheet.pdf(path=folder / "bản in.pdf", format="A4")
    sheet.close()
    return folder / "bản in.pdf"


def test_a_printed_plan_with_its_date_put_right_then_its_scan(
    page: Page, editors: str, context: BrowserContext, tmp_path: Path
) -> None:
    pdf = printed(context, tmp_path)
    page.goto(f"{editors}/nap-van-ban")
    page.locator("input[type=file]").set_input_files(pdf)
    card = page.locator(".kh-read")
    expect(card).to_contain_text("không thấy ngày ban hành")
    page.get_by_role("button", name="Sửa thông tin").first.click()
    page.get_by_label("Ngày ban hành").fill("7/3/2024")
    page.get_by_role("button", name="Lưu sửa đổi").click()
    expect(card).to_contain_text("đã sửa ngày ban hành: tệp không nêu")
    page.get_by_role("button", name="Nạp vào kho").click()
    expect(page.get_by_text("Đã nạp 1 văn bản; kho có 4 văn bản.")).to_be_visible()

    page.goto(f"{editors}/?q={quote('Đến năm 2030 Sơn La hoàn thành bao nhiêu căn nhà ở xã hội?')}")
    expect(page.locator(".kh-card").first).to_contain_text("ngày 07/3/2024")
    page.get_by_role("link", name="Trang gốc").first.click()
    expect(page.get_by_alt_text("của tệp gốc")).to_be_visible()
    expect(page.locator(".kh-sheet mark.kh-quote").first).to_be_in_viewport()
    page.get_by_role("link", name="Bản trình bày").click()
    expect(page.locator(".kh-doc mark.kh-quote").first).to_be_in_viewport()

    (tmp_path / "quét.pdf").write_bytes(saved(worn(pictures(pdf.read_bytes()), noise=2), "PDF"))
    page.goto(f"{editors}/nap-van-ban")
    page.locator("input[type=file]").set_input_files(tmp_path / "quét.pdf")
    expect(card).to_contain_text("Cùng số và cùng nội dung với Kế hoạch số 14/KH-UBND của Sơn La", timeout=60_000)
    expect(page.get_by_text("Không có văn bản nào để nạp.")).to_be_visible()
    page.get_by_text("Thay bản đang có").click()
    page.get_by_role("button", name="Nạp vào kho").click()
    expect(page.get_by_text("Đã nạp 1 văn bản; kho có 4 văn bản.")).to_be_visible()

    page.goto(f"{editors}/?q={quote('Chỉ tiêu số căn nhà ở xã hội hoàn thành đến năm 2030 của Sơn La')}")
    expect(page.locator(".kh-card", has_text="Đọc từ ảnh, cần kiểm tra").first).to_contain_text("2.500")
    page.goto(f"{editors}/nap-van-ban")
    page.get_by_role("button", name="Gỡ 14/KH-UBND").click()
    page.get_by_role("button", name="Gỡ khỏi kho").click()
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
    for file in (payload("a.xlsx", "x"), payload("a.txt", "x" * (1024 * 1024 + 1))):
        give(page, editors, file)
        expect(page.locator("[data-testid=stFileUploader] [aria-invalid=true]").first).to_be_attached()
        taken = ", ".join(SUFFIXES)
        assert said(page) == f'"Có tệp không nhận được: chỉ nhận tệp {taken}, tối đa 1 MB."'
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
