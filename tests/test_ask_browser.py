"""Hỏi đáp and So sánh in real Chromium: keyboard alone, a refusal, filters, history, copies, reports, files, paper."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import openpyxl
from playwright.sync_api import Page, expect
from test_app import HOUSING, IMAGE, SCRIPT
from test_app_browser import address, ask, context, expect_in_view, expect_no_sideways_scrolling, page, pytestmark

__all__ = ["address", "context", "page", "pytestmark"]

TABS = 60  # more than a page has controls before what is looked for


def tab_to(page: Page, words: str) -> None:
    """Press Tab until the element in focus has this label or text."""
    for _ in range(TABS):
        page.keyboard.press("Tab")
        name = page.evaluate("(e => e.getAttribute('aria-label') || e.textContent)(document.activeElement)")
        if (name or "").startswith(words):
            return
    raise AssertionError(f"no way to «{words}» by Tab")


def test_by_keyboard_alone(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator(".kh-foot")).to_be_visible()
    tab_to(page, "Câu hỏi")
    page.keyboard.type("ai chu tri nha o xa hoi")
    page.keyboard.press("Enter")
    expect(page.locator(".kh-answer")).to_have_text(["Sở Xây dựng", "Sở Xây dựng"])
    tab_to(page, "Mở nguồn")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert outline != "0px"
    page.keyboard.press("Enter")
    expect_in_view(page, page.locator("mark.kh-quote"))


def test_a_refusal_says_why_and_what_is_near(page: Page, address: str) -> None:
    ask(page, address, "giá vàng hôm nay bao nhiêu?")
    expect(page.get_by_text("Không tìm thấy câu trả lời.")).to_be_visible()
    expect(page.locator(".kh-answer")).to_have_count(0)
    expect(page.get_by_role("button", name="Báo sai")).to_be_visible()


def test_filters_in_the_address_and_back(page: Page, address: str) -> None:
    page.goto(f"{address}/?q={quote(HOUSING)}")
    expect(page.locator(".kh-answer")).to_have_count(2)
    expect(page.locator(".kh-foot")).to_be_visible()
    page.get_by_text("Bộ lọc khác").click()
    option = page.get_by_role("option", name="Bảng của phụ lục")
    for _ in range(20):  # a list closes again while what it stands in is unfolding
        page.get_by_role("combobox", name="Phần").click()
        page.wait_for_timeout(300)
        if option.count():
            break
    option.click()
    expect(page.locator(".kh-answer")).to_have_count(1)
    expect(page.locator(".kh-origin").first).to_contain_text("Đồng Tháp")
    assert "part=bang" in page.url
    page.go_back()
    expect(page.locator(".kh-answer")).to_have_count(2)
    page.go_forward()
    expect(page.locator(".kh-answer")).to_have_count(1)


def test_the_tab_remembers_what_was_asked_across_pages(page: Page, address: str) -> None:
    page.goto(f"{address}/?q={quote('ai ký kế hoạch?')}")
    expect(page.locator(".kh-answer")).to_have_text(["Nguyễn Văn A"])
    hostile = f"ai chủ trì nhà ở xã hội {SCRIPT}{IMAGE}"
    page.goto(f"{address}/?q={quote(hostile)}")
    history = page.locator(".kh-history")
    expect(history).to_contain_text("Đã hỏi trong phiên này (2)")
    page.goto(f"{address}/so-sanh")
    page.goto(address)
    history.locator("summary").click()
    expect(history.locator("a")).to_have_text([hostile, "ai ký kế hoạch?"])
    assert history.locator("img, script").count() == 0
    history.get_by_role("link", name="ai ký kế hoạch?").click()
    expect(page.locator(".kh-answer")).to_have_text(["Nguyễn Văn A"])
    history.locator("summary").click()
    history.get_by_role("button", name="Xóa danh sách này").click()
    expect(history).to_be_hidden()


def test_a_citation_is_copied(page: Page, address: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{address}/?q={quote('ai ký kế hoạch?')}")
    page.get_by_role("button", name="Sao chép trích dẫn").first.click()
    expect(page.get_by_role("button", name="Đã chép")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(
        "«Nguyễn Văn A» (phần ký, Kế hoạch số 12/KH-UBND ngày 05/2/2024 của UBND tỉnh Lào Cai, dòng "
    )


def test_a_wrong_answer_is_reported_and_listed(page: Page, address: str) -> None:
    page.goto(f"{address}/?q={quote('ai ký kế hoạch?')}")
    page.get_by_role("button", name="Báo sai").first.click()
    page.get_by_label("Ghi chú, nếu cần").fill(f"phải là người khác {SCRIPT}{IMAGE}")
    page.get_by_role("button", name="Gửi báo sai").click()
    expect(page.get_by_text("Đã ghi lại, cảm ơn.")).to_be_visible()
    page.goto(f"{address}/danh-gia")
    page.get_by_role("tab", name="Báo sai").click()
    expect(page.locator(".kh-card", has_text="phải là người khác")).to_contain_text(f"{SCRIPT}{IMAGE}")
    with page.expect_download() as download:
        page.get_by_role("button", name="Tải thành câu hỏi mẫu").click()
    assert "phải là người khác" in Path(download.value.path()).read_text("utf-8")


def test_paper_holds_question_and_answer_and_no_controls(page: Page, address: str) -> None:
    page.goto(f"{address}/?q={quote(HOUSING)}")
    expect(page.locator(".kh-answer")).to_have_count(2)
    page.emulate_media(media="print")
    expect(page.locator(".kh-printed")).to_have_text(f"Câu hỏi: {HOUSING}")
    expect(page.locator(".kh-answer").first).to_be_visible()
    for control in (page.get_by_label("Câu hỏi"), page.locator(".kh-nav"), page.locator(".kh-acts").first):
        expect(control).to_be_hidden()
    expect(page.get_by_role("button", name="Báo sai").first).to_be_hidden()
    page.emulate_media(media="screen")


def test_a_comparison_is_taken_home_as_xlsx(page: Page, address: str) -> None:
    page.goto(f"{address}/?q={quote(HOUSING)}")
    page.get_by_role("link", name="Các tỉnh khác thì sao?").click()
    expect(page.locator(".kh-sides tbody tr")).to_have_count(3)
    expect(page.locator(".kh-sides")).to_contain_text("Không quy định trong kế hoạch")
    with page.expect_download() as download:
        page.get_by_role("button", name="Tải .xlsx").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    path = Path(download.value.path()).rename(Path(download.value.path()).with_suffix(".xlsx"))
    values = [[cell.value for cell in row] for row in openpyxl.load_workbook(path).active.iter_rows()]
    assert [row[:3] for row in values if row[0] in ("Lào Cai", "Đồng Tháp")] == [
        ["Đồng Tháp", "77/KH-UBND", "Sở Xây dựng"],
        ["Lào Cai", "12/KH-UBND", "Sở Xây dựng"],
    ]


def test_pages_fit_a_telephone(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    for path in ("so-sanh?q=" + quote(HOUSING), "so-sanh?view=chi-tieu", "co-quan", "danh-gia", f"?q={quote(HOUSING)}"):
        page.goto(f"{address}/{path}")
        expect(page.locator(".kh-foot")).to_be_visible()
        page.wait_for_timeout(300)
        expect_no_sideways_scrolling(page)
