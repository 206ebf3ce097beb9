"""When the program itself fails, or its server is gone: a reader is told so in Vietnamese, and sees no traceback."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect
from test_app import APP
from test_app_browser import context, free_port, pytestmark, wait_until_served

__all__ = ["context", "pytestmark"]

# A page with the app's own frame and settings, and a defect.
_BROKEN = """
from ui import actions, style
style.use()
actions.use()
{}["bí mật"]
"""


@pytest.fixture
def broken(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    port, script = free_port(), tmp_path / "broken.py"
    script.write_text(f"import sys\nsys.path.insert(0, {str(APP.parent)!r})\n{_BROKEN}", encoding="utf-8")
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)],
            cwd=APP.parent, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            wait_until_served(f"http://127.0.0.1:{port}", server)
            yield f"http://127.0.0.1:{port}", server
        finally:
            server.kill()
            server.wait(20)
    assert "bí mật" in (tmp_path / "log").read_text("utf-8")  # those who look after it can read what happened


def test_a_defect_and_a_lost_server_are_told_calmly(
    broken: tuple[str, subprocess.Popen[bytes]], context: BrowserContext
) -> None:
    address, server = broken
    page = context.new_page()
    page.goto(address)
    expect(page.locator(".stException")).to_have_text(
        "Chương trình gặp lỗi, lỗi đã ghi vào nhật ký. Hãy tải lại trang; nếu vẫn lỗi, báo người quản trị."
    )
    assert "bí mật" not in page.content()
    server.kill()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Mất kết nối")
    expect(dialog).to_contain_text("Máy chủ không trả lời.")
    expect(dialog).not_to_contain_text("Streamlit")
    page.close()
