"""The app in real Chromium: ask, open the source, see the quote; links and the back button; hostile text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
import server
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, expect, sync_playwright
from test_app import HOUSING, IMAGE, SCRIPT, build, write_plans

from index.embed import load_encoder
from ingest.settings import DEFAULT_ENCODER

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip
WAIT = 30_000  # milliseconds; the machine may be busy
FAR = 100  # items before the cited place: several screens

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is not installed")


@contextmanager
def serve(home: Path, **settings: str) -> Iterator[str]:
    """The app over three plans, with the packaged encoder; its log holds no traceback."""
    build(home / "nha", write_plans(home, others=FAR), load_encoder(DEFAULT_ENCODER))
    with server.kehoach_serve(home, KEHOACH_HOME=str(home / "nha"), **settings) as served:
        yield served.address
    assert "Traceback" not in served.told


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serve(tmp_path_factory.mktemp("browser")) as served:
        yield served


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    profile = tmp_path_factory.mktemp("profile")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch_persistent_context(profile, executable_path=CHROMIUM, args=FLAGS)
        browser.set_default_timeout(WAIT)
        expect.set_options(timeout=WAIT)
        yield browser
        browser.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A tab of its own, of which nothing bad must be heard: no dialog, no script error, no request to elsewhere."""
    heard: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        # Streamlit looks for its own address one level up on deep paths, and does not find it at the first try.
        if message.type == "error" and "/_stcore/" not in message.location["url"]:
            heard.append(f"console: {message.text}")

    tab = context.new_page()
    tab.set_viewport_size({"width": 1280, "height": 800})
    tab.on("console", on_console)
    tab.on("pageerror", lambda error: heard.append(f"error: {error}"))
    tab.on("dialog", lambda dialog: (heard.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    tab.on("request", lambda r: heard.append(r.url) if urlsplit(r.url).hostname not in ("127.0.0.1", None) else None)
    yield tab
    tab.close()
    assert heard == []


def ask(page: Page, address: str, question: str) -> None:
    page.goto(address)
    field = page.get_by_label("Câu hỏi")
    field.fill(question)
    field.blur()
    page.get_by_role("button", name="Hỏi", exact=True).click()


def open_source(page: Page, province: str) -> None:
    """Click «Mở nguồn» of the first citation below a province's answer."""
    page.locator(f"xpath=//h2[starts-with(normalize-space(.), '{province}')]/following::a[.='Mở nguồn'][1]").click()


def expect_in_view(page: Page, place: Locator) -> None:
    """The whole of an element comes into the viewport, and stays there."""
    expect(place).to_be_in_viewport(ratio=1)
    page.wait_for_timeout(1500)
    expect(place).to_be_in_viewport(ratio=1)
    box, size = place.bounding_box(), page.viewport_size
    assert box
    assert size
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= size["height"]
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size["width"]


def expect_no_sideways_scrolling(page: Page) -> None:
    assert page.evaluate("document.querySelector('.stMain').scrollWidth <= innerWidth")


def test_from_a_question_without_diacritics_to_the_marked_quote_and_back(page: Page, address: str) -> None:
    ask(page, address, "ai chu tri nha o xa hoi")
    expect(page.locator(".kh-answer")).to_have_text(["Sở Xây dựng", "Sở Xây dựng"])
    expect(page.locator(".kh-understood")).to_contain_text("ai chủ trì nhà ở xã hội")
    expect(page).to_have_title("Hỏi đáp – Tra cứu kế hoạch của các tỉnh")
    open_source(page, "Lào Cai")
    mark = page.locator("mark.kh-quote")
    expect(mark).to_have_text("Sở Xây dựng")
    expect(page).to_have_title("12/KH-UBND – Văn bản")
    expect_in_view(page, mark)
    assert page.locator(".stMain").evaluate("e => e.scrollTop") > 2000
    page.go_back()
    expect(page.get_by_label("Câu hỏi")).to_have_value("ai chu tri nha o xa hoi")
    expect(page.locator(".kh-answer")).to_have_count(2)


def test_the_back_button_returns_to_the_question_before(page: Page, address: str) -> None:
    ask(page, address, HOUSING)
    expect(page.locator(".kh-answer")).to_have_count(2)
    field = page.get_by_label("Câu hỏi")
    field.fill("ai ký kế hoạch?")
    field.press("Enter")
    expect(page.locator(".kh-answer")).to_have_text(["Nguyễn Văn A"])
    page.go_back()
    expect(page.locator(".kh-answer")).to_have_text(["Sở Xây dựng", "Sở Xây dựng"])
    expect(field).to_have_value(HOUSING)


def test_a_press_that_outruns_the_address_asks_what_was_typed(page: Page, address: str) -> None:
    """Leaving the field asks, and so does the press that follows, with the address of before."""
    ask(page, address, HOUSING)
    expect(page.locator(".kh-answer")).to_have_count(2)
    field, button = page.get_by_label("Câu hỏi"), page.get_by_role("button", name="Hỏi", exact=True)
    for question, answers in [("ai ký kế hoạch?", 1), (HOUSING, 2)] * 3:
        field.fill(question)
        button.click(delay=40)  # milliseconds between down and up, as a person's finger takes them
        expect(page.locator(".kh-answer")).to_have_count(answers)
        page.wait_for_timeout(300)
        expect(field).to_have_value(question)
        expect(page.locator(".kh-answer")).to_have_count(answers)


def test_a_correction_is_undone_by_a_click_and_stays_so_in_the_link(page: Page, address: str) -> None:
    question = "ai chủ trì NOXH?"
    page.goto(f"{address}/?q={quote(question)}")
    expect(page.locator(".kh-answer")).to_have_text(["Sở Xây dựng", "Sở Xây dựng"])
    page.get_by_role("button", name="Giữ nguyên «NOXH»").click()
    expect(page.locator(".kh-note")).to_have_text("giữ nguyên: «NOXH»")
    expect(page.locator(".kh-answer")).to_have_count(0)
    assert dict(parse_qsl(urlsplit(page.url).query)) == {"q": question, "keep": "NOXH"}
    page.reload()
    expect(page.locator(".kh-note")).to_have_text("giữ nguyên: «NOXH»")
    expect(page.get_by_label("Câu hỏi")).to_have_value(question)
    page.get_by_role("button", name="Sửa lại").click()
    expect(page.locator(".kh-answer")).to_have_count(2)
    assert "keep" not in page.url
    page.go_back()
    expect(page.locator(".kh-note")).to_have_text("giữ nguyên: «NOXH»")


def test_a_link_opens_the_same_answer_in_a_fresh_session(page: Page, address: str) -> None:
    page.goto(f"{address}/?q={quote(HOUSING)}&province={quote('Đồng Tháp')}")
    expect(page.locator(".kh-answer")).to_have_text(["Sở Xây dựng"])
    expect(page.locator(".kh-origin").first).to_contain_text("Đồng Tháp")
    href = page.locator("a.kh-open").first.get_attribute("href")
    page.goto(f"{address}/{href}")
    expect_in_view(page, page.locator("mark.kh-quote"))


def test_narrow_screen(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 700})
    page.goto(f"{address}/?q={quote(HOUSING)}")
    expect(page.locator(".kh-answer")).to_have_count(2)
    expect_no_sideways_scrolling(page)
    open_source(page, "Lào Cai")
    expect_in_view(page, page.locator("mark.kh-quote"))
    expect_no_sideways_scrolling(page)


def test_the_reader_is_not_pulled_back(page: Page, address: str) -> None:
    page.goto(f"{address}/?q={quote(HOUSING)}")
    open_source(page, "Lào Cai")
    expect(page.locator("mark.kh-quote")).to_be_in_viewport()
    page.mouse.move(600, 400)
    page.mouse.wheel(0, -3000)
    page.wait_for_timeout(1500)
    expect(page.locator("mark.kh-quote")).not_to_be_in_viewport()


def test_hostile_text_stays_text(page: Page, address: str) -> None:
    ask(page, address, f"ghi chú của đơn vị soạn thảo về trạm y tế lưu động {SCRIPT}{IMAGE}")
    expect(page.locator(".kh-understood")).to_contain_text(f"{SCRIPT}{IMAGE}")
    expect(page.locator(".kh-answer").first).to_contain_text(f"{SCRIPT} và {IMAGE}")
    assert page.locator(".kh-card script, .kh-card img, .kh-answer img, .kh-understood img").count() == 0
    open_source(page, "Lào Cai")
    expect(page.locator(".kh-source")).to_contain_text(f"{SCRIPT} và {IMAGE}")
    assert page.locator(".kh-source script, .kh-source img").count() == 0
    page.wait_for_timeout(500)  # an alert would have come by now


def test_an_agency_its_source_and_back(page: Page, address: str) -> None:
    page.goto(f"{address}/co-quan")
    page.get_by_role("link", name="Sở Xây dựng").click()
    expect(page.locator("h2.kh-part").first).to_have_text("Sở Xây dựng")
    assert dict(parse_qsl(urlsplit(page.url).query)) == {"agency": "Sở Xây dựng"}
    expect(page.get_by_label("Tên cơ quan")).to_have_value("Sở Xây dựng")
    field = page.get_by_label("Tên cơ quan")
    field.fill("so y te")
    field.press("Enter")
    expect(page.locator("h2.kh-part").first).to_have_text("Sở Y tế")
    page.go_back()
    expect(page.locator("h2.kh-part").first).to_have_text("Sở Xây dựng")
    row = page.locator("article.kh-task", has_text="Phát triển nhà ở xã hội cho người thu nhập thấp")
    row.last.get_by_role("link", name="Mở nguồn").click()
    expect_in_view(page, page.locator("mark.kh-quote"))
    page.set_viewport_size({"width": 390, "height": 700})
    page.go_back()
    expect(page.locator("h2.kh-part").first).to_have_text("Sở Xây dựng")
    expect_no_sideways_scrolling(page)
