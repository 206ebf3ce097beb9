"""Chromium, started as the tests start it."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Playwright

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip


def launch(playwright: Playwright) -> Browser:
    """The browser, without any page."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
