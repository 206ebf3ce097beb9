"""axe-core over every page and state, light, dark and as narrow as a telephone: nothing serious is found.

`make` installs axe-core into `.venv/node`; another copy of `axe.min.js` is named by `AXE_CORE`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect
from test_app import HOUSING
from test_app_browser import CHROMIUM, ask, context, open_source, page, serve  # noqa: F401  (fixtures)

from ui import links

AXE = Path(__file__).parent.parent / ".venv/node/node_modules/axe-core/axe.min.js"
GRAVE = {"serious", "critical"}

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is not installed")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """With the administrators' pages."""
    with serve(tmp_path_factory.mktemp("axe"), KEHOACH_ADMIN="1") as served:
        yield served


@pytest.fixture(scope="module")
def axe() -> str:
    """The script. That it is absent is a failure: a check that is skipped protects nobody."""
    path = Path(os.environ.get("AXE_CORE") or AXE)
    if not path.is_file():
        pytest.fail(f"{path} is missing: run `make install`, or set AXE_CORE to an axe.min.js")
    return path.read_text("utf-8")


def asked(tab: Page, at: str) -> None:
    ask(tab, at, HOUSING)
    expect(tab.locator(".kh-answer").first).to_be_visible()


def unfolded(tab: Page, at: str) -> None:
    """Every expander of an answer open."""
    asked(tab, at)
    tab.evaluate("document.querySelectorAll('details:not([open]) > summary').forEach((e) => e.click())")
    expect(tab.locator("details:not([open])")).to_have_count(0)


def corrected(tab: Page, at: str) -> None:
    tab.goto(f"{at}/?{urlencode({'q': 'ai chu tri NOXH?'})}")
    expect(tab.get_by_role("button", name="Giữ nguyên").first).to_be_visible()


def refused(tab: Page, at: str) -> None:
    tab.goto(f"{at}/?{urlencode({'q': 'giá vé máy bay đi Paris?'})}")
    expect(tab.locator(".kh-notice").first).to_be_visible()


def choosing(tab: Page, at: str) -> None:
    """The list of provinces unfolded."""
    tab.goto(at)
    tab.get_by_label("Tỉnh, thành phố").first.click()
    expect(tab.get_by_role("option").first).to_be_visible()


def cited(tab: Page, at: str) -> None:
    asked(tab, at)
    open_source(tab, "Lào Cai")
    expect(tab.locator("mark.kh-quote").first).to_be_visible()


def by_path(path: str, **query: str) -> Callable[[Page, str], None]:
    """A page that is only opened."""

    def go(tab: Page, at: str) -> None:
        tab.goto(f"{at}/{path}?{urlencode(query)}")

    return go


STATES: dict[str, Callable[[Page, str], None]] = {
    "ask": by_path(""),
    "answer": asked,
    "answer-unfolded": unfolded,
    "answer-corrected": corrected,
    "refusal": refused,
    "province-list": choosing,
    "compare": by_path("so-sanh"),
    "compared": by_path("so-sanh", q=HOUSING),
    "matrix": by_path("so-sanh", view="chi-tieu"),
    "agencies": by_path("co-quan"),
    "agency": by_path("co-quan", agency="Sở Xây dựng"),
    "agency-unknown": by_path("co-quan", agency="Sở Không Có"),
    "documents": by_path("van-ban"),
    "document": cited,
    "document-unknown": by_path("van-ban", doc="0"),
    "evaluate": by_path("danh-gia"),
}
if hasattr(links, "INGEST_PATH"):
    STATES["ingest"] = by_path("nap-van-ban")
# Colours are all that changes in the dark; in the light all rules run, in a wide and a narrow window.
VIEWS = {"light": ("light", 1280, "{}"), "narrow": ("light", 390, "{}"),
         "dark": ("dark", 1280, "{runOnly: ['color-contrast', 'link-in-text-block']}")}  # fmt: skip
# Colours that change softly are read half way.
AT_ONCE = "* { transition: none !important; animation: none !important; }"


def grave(tab: Page, axe: str, options: str = "{}") -> list[str]:
    """The serious and critical violations: impact, rule, what it is about and where."""
    if not tab.evaluate("'axe' in window"):
        tab.evaluate(axe)
    found: list[dict[str, Any]] = tab.evaluate(f"axe.run(document, {options}).then((found) => found.violations)")
    return [
        f"{rule['impact']} {rule['id']}: {rule['help']}: {node['target']} {node['html'][:200]}"
        for rule in found
        if rule["impact"] in GRAVE
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("state", STATES)
def test_nothing_serious(page: Page, address: str, axe: str, state: str) -> None:  # noqa: F811
    """The views in one visit: what is open stays open."""
    STATES[state](page, address)
    expect(page.locator(".kh-foot")).to_be_visible()
    page.add_style_tag(content=AT_ONCE)
    found = {}
    for view, (scheme, width, options) in VIEWS.items():
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 800})
        expect(page.locator(".stApp")).to_have_css("color-scheme", scheme)
        found[view] = grave(page, axe, options)
    assert found == {view: [] for view in VIEWS}


def test_the_check_finds_what_is_wrong(page: Page, axe: str) -> None:  # noqa: F811
    page.set_content('<p style="color: #bbb; background: #fff">mờ</p><input>')
    assert {line.split()[1] for line in grave(page, axe)} >= {"color-contrast:", "label:"}
