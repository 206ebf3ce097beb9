"""What a person waits for in the browser. Run: `python benchmarks/browser.py` (about a minute; needs Chromium).

- `paint_ms`: from the start of the navigation until title and field of Hỏi đáp are painted; each time a browser context
  of its own, so that nothing is cached. Its window stands already, as a reader's does: a new one loads pages of the
  browser's own (its address field is one) beside ours, with twice the work of ours.
- `paint_cold_ms`: the same in the first session, right after the app's start.
- `answer_ms`: from Enter in the field, or from pressing «Hỏi», until all answers of the question are painted. The app
  has answered it before; every question is asked once by Enter and once by the button.

Measured inside the browser, by its own clock: an observer looks at each change of the page, and the time is that of
the second frame after the change. Answers are told by their words, which were read beforehand from the question's
link. `load` as in `performance.py`.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from _browser import launch
from _report import report
from _server import ingest, served
from performance import QUESTIONS
from playwright.sync_api import Browser, Page, sync_playwright

STARTS = 3  # of the app, for the cold paint
OPENED = 15
SETTLED = 1500.0  # milliseconds
LIMITS = {"paint_ms": 2000.0, "answer_ms": 500.0}
# Two questions alike must not follow one another: the answer of the second would stand there already.
ORDER = (*QUESTIONS[1:], QUESTIONS[0])

# `khWatch(ready, name)`: the time of the second frame after the change with which `ready()` becomes true.
_WATCH = """
window.khWatch = (ready, name) => {
  const seen = () => {
    if (!ready()) return false;
    requestAnimationFrame(() => requestAnimationFrame(() => { window[name] = performance.now(); }));
    return true;
  };
  const observer = new MutationObserver(() => { if (seen()) observer.disconnect(); });
  const all = { childList: true, subtree: true, characterData: true, attributes: true };
  if (!seen()) observer.observe(document, all);
};
window.khShown = (css) => [...document.querySelectorAll(css)].every((e) => e.checkVisibility() && e.offsetHeight > 0);
window.khTexts = () => [...document.querySelectorAll(".kh-answer, .kh-notice")].map((e) => e.textContent).join("|");
"""
_PAINT = """
khWatch(() => {
  const wanted = ["h1.kh-title", 'input[aria-label="Câu hỏi"]'];
  return wanted.every((css) => document.querySelector(css) && khShown(css));
}, "khPaint");
"""
_SUBMIT = """(expected) => {
  window.khSubmit = window.khAnswer = 0;
  const begin = (event) => {
    if (window.khSubmit || (event.type === "keydown" && event.key !== "Enter")) return;
    window.khSubmit = event.timeStamp;
  };
  for (const kind of ["keydown", "mousedown"]) addEventListener(kind, begin, { capture: true });
  khWatch(() => window.khSubmit && khTexts() === expected && khShown(".kh-answer"), "khAnswer");
}"""


def main() -> int:
    """Measure, print, write; 1 when a limit is missed."""
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as directory, sync_playwright() as playwright:
        home = Path(directory)
        ingest(home)
        cold = []
        with closing(launch(playwright)) as browser:
            _paint(
                browser, "data:text/html;charset=utf-8,<h1 class=kh-title>·</h1><input aria-label='Câu hỏi'>"
            )  # its own start
            for _ in range(STARTS):
                with served(home) as server:
                    cold.append(_paint(browser, server.address))
            with served(home) as server:
                _paint(browser, server.address)
                opened = [_paint(browser, server.address) for _ in range(OPENED)]
                keyed, clicked = _answers(browser, server.address)
    figures = {
        "paint_cold_ms": statistics.median(cold),
        "paint_ms": statistics.median(opened),
        "paint_p95_ms": _p95(opened),
        "answer_ms": statistics.median(keyed + clicked),
        "answer_p95_ms": _p95(keyed + clicked),
        "answer_enter_ms": statistics.median(keyed),
        "answer_click_ms": statistics.median(clicked),
    }
    return report(figures, LIMITS, __file__, load)


def _paint(browser: Browser, address: str) -> float:
    with closing(browser.new_context(viewport={"width": 1280, "height": 900})) as context:
        page = context.new_page()
        page.add_init_script(_WATCH + _PAINT)
        page.wait_for_timeout(SETTLED)
        page.goto(address, wait_until="commit")
        return _time(page, "khPaint")


def _answers(browser: Browser, address: str) -> tuple[list[float], list[float]]:
    """Milliseconds to the answers, by Enter and by the button."""
    with closing(browser.new_context(viewport={"width": 1280, "height": 900})) as context:
        page = context.new_page()
        page.add_init_script(_WATCH)
        expected = [_known(page, address, question) for question in ORDER]
        page.goto(address)
        asked = list(zip(ORDER, expected, strict=True))
        keyed = [_ask(page, question, texts, by_key=True) for question, texts in asked]
        page.goto(address)
        return keyed, [_ask(page, question, texts, by_key=False) for question, texts in asked]


def _known(page: Page, address: str, question: str) -> str:
    page.goto(f"{address}/?q={quote(question)}")
    page.locator(".kh-foot").wait_for()
    texts = str(page.evaluate("khTexts()"))
    if not texts:
        raise RuntimeError(f"neither an answer nor a reason: {question}")
    return texts


def _ask(page: Page, question: str, expected: str, *, by_key: bool) -> float:
    field = page.get_by_label("Câu hỏi")
    field.fill(question)
    page.evaluate(_SUBMIT, expected)
    if by_key:
        field.press("Enter")
    else:
        page.get_by_role("button", name="Hỏi", exact=True).click()
    taken = _time(page, "khAnswer") - float(page.evaluate("khSubmit"))
    page.wait_for_timeout(300)  # the run of the page ends
    return taken


def _time(page: Page, name: str) -> float:
    return float(page.wait_for_function(f"window.{name}").json_value())


def _p95(times: Sequence[float]) -> float:
    return sorted(times)[int(0.95 * (len(times) - 1))]


if __name__ == "__main__":
    sys.exit(main())
