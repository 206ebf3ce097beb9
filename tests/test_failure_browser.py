"""When the program itself fails, or its server is gone: a reader is told so in Vietnamese, and sees no traceback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import server
from playwright.sync_api import BrowserContext, expect
from test_app_browser import context, pytestmark

__all__ = ["context", "pytestmark"]

# A page with the app's own frame and settings, and a defect.
_BROKEN = """
from ui import actions, style
style.use()
actions.use()
{}["bí mật"]
"""


@pytest.fixture
def broken(tmp_path: Path) -> Iterator[server.Server]:
    script = tmp_path / "broken.py"
    script.write_text(f"import sys\nsys.path.insert(0, {str(server.ROOT)!r})\n{_BROKEN}", encoding="utf-8")
    with server.app(tmp_path, script) as running:
        yield running
    assert "bí mật" in running.told  # those who look after it can read what happened


def test_a_defect_and_a_lost_server_are_told_calmly(broken: server.Server, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(broken.address)
    expect(page.locator(".stException")).to_have_text(
        "Chương trình gặp lỗi, lỗi đã ghi vào nhật ký. Hãy tải lại trang; nếu vẫn lỗi, báo người quản trị."
    )
    assert "bí mật" not in page.content()
    broken.process.kill()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Mất kết nối")
    expect(dialog).to_contain_text("Máy chủ không trả lời.")
    expect(dialog).not_to_contain_text("Streamlit")
    page.close()
