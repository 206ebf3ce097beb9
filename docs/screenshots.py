"""Take a picture of every page over the plans in `corpus/`, into `docs/screenshots/`. Run: `make screenshots`.

Each page in the light, in the dark, and as narrow as a telephone: `NAME-light.png`, `NAME-dark.png`, `NAME-narrow.png`.
A page is taken in its whole height, up to `TALLEST`; a place that is scrolled to is taken as it stands in the window.
"""

from __future__ import annotations

import io
import sys
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

sys.path[:0] = [str(Path(__file__).parent.parent / "benchmarks")]
from _browser import launch  # noqa: E402
from _server import ingest, served  # noqa: E402

TARGET = Path(__file__).parent / "screenshots"
TALLEST = 1800  # pixels
COLOURS = 64
WIDE, NARROW = (1280, 900), (390, 844)
VIEWS: dict[str, tuple[Literal["light", "dark"], tuple[int, int]]] = {
    "light": ("light", WIDE),
    "dark": ("dark", WIDE),
    "narrow": ("light", NARROW),
}
INGEST_PATH = "nap-van-ban"  # shown to administrators
HOUSING = "ai chủ trì nhà ở xã hội?"
STILL = "* { transition: none !important; animation: none !important; caret-color: transparent !important; }"


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: a page's address; `cited` goes on to the source of the first citation."""

    name: str
    path: str = ""
    query: tuple[tuple[str, str], ...] = ()
    cited: bool = False

    @property
    def address(self) -> str:
        """Relative to the app's."""
        return f"/{self.path}?{urlencode(self.query)}"


SHOTS = (
    Shot("ask"),
    Shot("answer", query=(("q", HOUSING),)),
    Shot("refusal", query=(("q", "tuổi thọ trung bình của người dân đến năm 2030"), ("province", "Đồng Nai"))),
    Shot("compare", "so-sanh", (("q", "tỷ lệ dân số tham gia bảo hiểm y tế đến năm 2030?"),)),
    Shot("matrix", "so-sanh", (("view", "chi-tieu"),)),
    Shot("agencies", "co-quan"),
    Shot("agency", "co-quan", (("agency", "Sở Xây dựng"),)),
    Shot("documents", "van-ban"),
    Shot("document", query=(("q", HOUSING),), cited=True),
    Shot("evaluate", "danh-gia"),
    Shot("ingest", INGEST_PATH),
)


def main() -> int:
    """Take all pictures; those of an earlier time are replaced."""
    TARGET.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as directory, sync_playwright() as playwright:
        home = Path(directory)
        ingest(home)
        with served(home, KEHOACH_ADMIN="1") as server, closing(launch(playwright)) as browser:
            for view in VIEWS:
                _take_all(browser, server.address, view)
    return 0


def _take_all(browser: Browser, address: str, view: str) -> None:
    scheme, (width, height) = VIEWS[view]
    size = {"width": width, "height": height}
    with closing(browser.new_context(viewport=size, color_scheme=scheme, locale="vi-VN")) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(address)
        page.locator(".kh-foot").wait_for()
        has_ingest = page.locator(f'a[href="{INGEST_PATH}"]').count() > 0
        for shot in SHOTS:
            if shot.path == INGEST_PATH and not has_ingest:
                print(f"{shot.name}: the app has no such page")
                continue
            page.set_viewport_size(size)  # type: ignore[arg-type]
            _open(page, address, shot)
            target = TARGET / f"{shot.name}-{view}.png"
            target.write_bytes(_small(_picture(page, size, whole=not shot.cited)))
            print(f"{target.name:24} {target.stat().st_size / 1000:5.0f} kB")


def _open(page: Page, address: str, shot: Shot) -> None:
    page.goto(address + shot.address)
    page.locator(".kh-foot").wait_for()
    if shot.cited:
        page.locator(".kh-card a.kh-open").first.click()
        page.locator("mark.kh-quote").first.wait_for()
        page.locator(".kh-foot").wait_for()
        page.wait_for_timeout(2500)  # until the page has scrolled to the quote
    page.add_style_tag(content=STILL)
    page.evaluate("document.fonts.ready.then(() => document.activeElement.blur())")


def _picture(page: Page, size: dict[str, int], *, whole: bool) -> bytes:
    """The window's content; the window is made as tall as the page first, for Streamlit scrolls a box within it."""
    if whole:
        content = int(page.locator(".stMainBlockContainer").evaluate("(e) => Math.ceil(e.scrollHeight)"))
        height = max(size["height"], min(content + 16, TALLEST))
        page.set_viewport_size({"width": size["width"], "height": height})
    page.wait_for_timeout(400)
    return page.screenshot(animations="disabled")


def _small(png: bytes) -> bytes:
    """With a palette: text on a plain ground needs few colours."""
    out = io.BytesIO()
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main())
