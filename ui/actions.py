"""What the browser does by itself: copy a citation, print, list the questions asked in this tab.

One constant script for every page (`actions.js`). It reads what it needs from the text of our own elements and writes
only text nodes and addresses of this app: no text of a document or of an address becomes code or markup.

The history lives in the tab's `sessionStorage`: links reload the page, and the server's session ends with it. It never
leaves the browser.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

import streamlit as st

_SCRIPT = f"<script>{(Path(__file__).parent / 'actions.js').read_text('utf-8')}</script>"


def use() -> None:
    """Put the script into the page; a second time it does nothing."""
    st.html(_SCRIPT, unsafe_allow_javascript=True)


def copy_button(text: str) -> str:
    """A button that puts a text on the clipboard."""
    name = "Sao chép trích dẫn"
    button = f'<button type="button" class="kh-act" data-kh="copy">{name}</button>'
    return f"{button}<span hidden>{escape(text)}</span>"


def print_button() -> str:
    """A button that prints the page; the style sheet leaves out all but the answer."""
    return '<button type="button" class="kh-act" data-kh="print">In câu trả lời</button>'


def asked(question: str, answer: str) -> str:
    """A mark for the script: what was asked, and in short what was answered."""
    return f'<div class="kh-asked" hidden><span>{escape(question)}</span><span>{escape(answer)}</span></div>'


def history() -> str:
    """The list that the script fills; it is not seen while it is empty."""
    forget = '<button type="button" class="kh-act" data-kh="forget">Xóa danh sách này</button>'
    return f'<details class="kh-history" lang="vi" hidden><summary></summary><ol></ol>{forget}</details>'
