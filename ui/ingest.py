"""Nạp văn bản: bring plans into the stock and take them out, for editors.

Files are read as soon as they are there and what was understood is shown; nothing is kept before «Nạp vào kho».
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import streamlit as st

from index.plan_told import named
from ingest.errors import InputError
from ingest.model import Document
from ingest.settings import Settings
from ui import access, building, components, correct, freshness, ingest_markup, intake, markup, services, stock
from ui.access import Access

GONE = "intake_gone"
_PLAIN = re.compile(r"[^\W_]+(?:[-/ ][^\W_]+)*")  # a button's label is read as Markdown: words alone hold none
SHOWN = 20  # changes


def main() -> None:
    """Draw the page."""
    st.html(ingest_markup.STYLE)
    components.title("Nạp văn bản", "Đưa kế hoạch mới vào kho; xem chương trình hiểu gì trước khi nạp.")
    with components.calm():
        if access.current() is not Access.EDITOR:
            st.html(markup.notice("Chỉ người biên tập được nạp và gỡ văn bản.", "Cần nạp: liên hệ người quản trị."))
            return
        if told := st.session_state.pop(building.TOLD, ""):
            st.html(markup.notice(told))
        with components.calm():
            intake.draw(Settings.from_environment())
        with components.calm():
            _stale()
        with components.calm():
            _stock()
        with components.calm():
            _past()


def _stale() -> None:
    """What of the stock the index does not show."""
    if found := freshness.found():
        components.part("Chỉ mục cũ hơn kho văn bản")
        st.html(ingest_markup.stale_list(found))


def _stock() -> None:
    """The plans in stock, each with its button; taking one out is asked for once more."""
    try:
        documents = services.documents()
    except InputError as error:
        if not st.session_state.get(intake.READ):
            st.html(markup.notice(error.message, "Hãy nạp văn bản đầu tiên ở trên, hoặc: " + error.remedy))
        return
    components.part(f"Văn bản trong kho ({len(documents)})")
    for number, document in enumerate(documents, start=1):
        with st.container(horizontal=True, vertical_alignment="center", key=f"stock-{document.id}"):
            st.html(ingest_markup.stocked(document))
            name = document.number if _PLAIN.fullmatch(document.number) else f"văn bản thứ {number}"
            correct.button(document.id, named(document))
            st.button(f"Gỡ {name}", key=f"remove-{document.id}", on_click=_ask_first, args=(document.id,))
        correct.form(document.id, document, lambda values, at=document.id: _correct(at, values))  # type: ignore[misc]
        if st.session_state.get(GONE) == document.id:
            _confirm(document)


def _correct(identifier: str, values: Mapping[str, str]) -> None:
    report = building.run(lambda progress: stock.correct(identifier, values, progress))
    changed = "Đã sửa thông tin; nạp lại tệp này vẫn giữ." if report.built else "Không có gì thay đổi."
    st.session_state[building.TOLD] = changed
    st.rerun()


def _past() -> None:
    """The last changes, and the button that takes the last one back."""
    if not (changes := stock.past(SHOWN)):
        return
    components.part("Thay đổi gần đây")
    st.html(ingest_markup.past(changes))
    if st.button("Hoàn tác thay đổi gần nhất"):
        report = building.run(stock.undo)
        st.session_state[building.TOLD] = f"Đã hoàn tác; kho có {report.documents} văn bản. Bấm lần nữa để làm lại."
        st.rerun()


def _ask_first(identifier: str) -> None:
    st.session_state[GONE] = identifier


def _keep() -> None:
    st.session_state.pop(GONE, None)


def _confirm(document: Document) -> None:
    told = named(document)
    st.html(markup.notice(f"Gỡ {told} khỏi kho?", "Mọi người sẽ không còn hỏi và mở được văn bản này."))
    with st.container(horizontal=True, gap="small"):
        sure = st.button("Gỡ khỏi kho", type="primary")
        st.button("Không gỡ", on_click=_keep)
    if sure:
        building.run(lambda progress: stock.remove(document.id, progress))
        _keep()
        st.session_state[building.TOLD] = f"Đã gỡ {told}."
        st.rerun()


if __name__ == "__main__":
    main()
