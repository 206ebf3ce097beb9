"""A plan in real Chromium: its outline, search inside, a telephone, print."""

from __future__ import annotations

from urllib.parse import parse_qs, parse_qsl, quote, urlsplit

from playwright.sync_api import Page, expect
from test_app_browser import (
    address,
    context,
    expect_in_view,
    expect_no_sideways_scrolling,
    page,
    pytestmark,
)

__all__ = ["address", "context", "page", "pytestmark"]  # fixtures, and the mark that needs Chromium

PHONE = {"width": 390, "height": 700}


def open_plan(page: Page, address: str, number: str) -> None:
    page.goto(f"{address}/van-ban")
    page.get_by_role("link", name=number).click()
    expect(page.locator("h1.kh-title")).to_contain_text(number)


def test_the_outline_brings_a_section_into_view_without_a_reload(page: Page, address: str) -> None:
    open_plan(page, address, "12/KH-UBND")
    page.evaluate("window.stays = true")
    entry = page.get_by_role("navigation", name="Mục lục").get_by_role("link", name="2. Sở Y tế")
    page.get_by_label("Các mục con của II. TỔ CHỨC THỰC HIỆN").first.click()  # a long outline opens folded
    entry.click()
    section = page.locator(".kh-doc .kh-c", has_text="2. Sở Y tế: Chủ trì")
    expect_in_view(page, section)
    assert page.locator(".stMain").evaluate("e => e.scrollTop") > 2000
    expect(entry).to_be_in_viewport(ratio=1)  # the outline stays
    assert page.evaluate("window.stays")
    assert parse_qs(urlsplit(page.url).query)["clause"][0].endswith("/rom-ii/ara-2")
    page.reload()  # the address now tells the place
    expect(page.locator(".kh-cited")).to_be_in_viewport(ratio=1)
    expect(page.locator(".kh-here")).to_be_in_viewport()


def test_words_are_found_marked_and_gone_through(page: Page, address: str) -> None:
    open_plan(page, address, "12/KH-UBND")
    field = page.get_by_label("Tìm trong văn bản")
    field.fill("nha o xa hoi")
    field.press("Enter")
    marks = page.locator(".kh-doc mark")
    expect(marks).to_have_text(["nhà ở xã hội"] * 2)
    hits = page.get_by_role("navigation", name="Các chỗ tìm thấy")
    expect(hits).to_contain_text("2 chỗ có «nha o xa hoi»")
    page.evaluate("window.stays = true")
    hits.get_by_role("link").nth(1).click()
    expect(marks.nth(1)).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("status")).to_have_text("chỗ 2/2")
    page.get_by_role("link", name="Chỗ sau").click()
    expect(marks.nth(0)).to_be_in_viewport(ratio=1)
    page.get_by_role("link", name="Chỗ trước").click()
    expect(marks.nth(1)).to_be_in_viewport(ratio=1)
    assert dict(parse_qsl(urlsplit(page.url).query))["hit"] == "2"
    assert page.evaluate("window.stays")
    page.reload()
    expect_in_view(page, page.locator("mark.kh-now"))
    page.get_by_role("link", name="Thôi tìm").click()
    expect(marks).to_have_count(0)
    expect(field).to_have_value("")


def test_on_a_telephone_the_outline_folds_and_tables_scroll_in_their_box(page: Page, address: str) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{address}/van-ban")
    expect(page.locator(".kh-plans tbody tr")).to_have_count(3)
    expect_no_sideways_scrolling(page)
    page.get_by_role("link", name="77/KH-UBND").click()
    group = page.get_by_role("link", name="I. NHÀ Ở")
    expect(group).not_to_be_visible()
    page.locator(".kh-fold > summary").click()
    group.click()
    expect(group).not_to_be_visible()
    expect(page.locator(".kh-table .kh-stay")).to_be_in_viewport(ratio=1)
    expect_no_sideways_scrolling(page)
    assert page.locator(".kh-table-box").evaluate("e => e.scrollWidth > e.clientWidth")


def test_on_a_telephone_a_quote_in_a_far_column_is_brought_into_view(page: Page, address: str) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{address}/?q={quote('ai chủ trì xóa nhà tạm?')}&province={quote('Đồng Tháp')}")
    page.get_by_role("link", name="Mở nguồn").first.click()
    mark = page.locator("mark.kh-quote")
    expect(mark).to_have_text("Sở Xây dựng")
    expect_in_view(page, mark)
    expect(page.locator(".kh-here")).to_be_in_viewport()
    expect_no_sideways_scrolling(page)


def test_the_link_of_a_clause_is_there_for_the_keyboard_and_only_the_document_is_printed(
    page: Page, address: str
) -> None:
    open_plan(page, address, "88/KH-UBND")
    link = page.get_by_role("link", name="Liên kết tới khoản 2, mục I")
    expect(link).to_have_css("opacity", "0")
    link.focus()
    expect(link).to_have_css("opacity", "1")
    link.press("Enter")
    assert "clause=" in page.url
    page.emulate_media(media="print")
    expect(page.locator(".kh-doc")).to_be_visible()
    for control in (".kh-frame", ".kh-outline", ".kh-views", ".stTextInput", ".kh-foot", "a.kh-self >> nth=0"):
        expect(page.locator(control)).not_to_be_visible()
    page.emulate_media(media="screen")
