"""Streamlit entry: the page table and the frame, nothing else."""

from __future__ import annotations

import streamlit as st

from ingest.errors import InputError
from ui import access, actions, components, freshness, markup, services, style, turns
from ui.access import Access
from ui.links import AGENCY_PATH, COMPARE_PATH, EVALUATE_PATH, INGEST_PATH, PAGES, SOURCE_PATH
from ui.turns import Turn

NAME = "Tra cứu kế hoạch của các tỉnh"
_LONG = {EVALUATE_PATH, INGEST_PATH}  # a run of these may take minutes: nobody waits for it
_FOREIGN = "Ứng dụng không mở được dưới tên máy này."
_OWN_NAME = (
    "Mở bằng tên mà người quản trị đã cho, hoặc http://127.0.0.1. "
    "Người quản trị: đặt `STREAMLIT_BROWSER_SERVER_ADDRESS` là tên này rồi khởi động lại."
)


def main(turn: Turn) -> None:
    """Draw the page that the address names, in its frame."""
    # No icons: Streamlit makes a page's icon its favicon and fetches that from an outside service.
    pages = [
        st.Page("ui/ask.py", title="Hỏi đáp", default=True),
        st.Page("ui/compare.py", title="So sánh", url_path=COMPARE_PATH),
        st.Page("ui/agency.py", title="Cơ quan", url_path=AGENCY_PATH),
        st.Page("ui/source.py", title="Văn bản", url_path=SOURCE_PATH),
        st.Page("ui/evaluate.py", title="Đánh giá", url_path=EVALUATE_PATH),
        st.Page("ui/ingest.py", title="Nạp văn bản", url_path=INGEST_PATH),
    ]
    # Hidden: its links, like `st.page_link`, leave states in the browser's history that the back button trips over.
    page = st.navigation(pages, position="hidden")
    st.set_page_config(page_title=f"{page.title} – {NAME}", layout="centered")
    style.use()
    actions.use()
    if not access.host_allowed():
        st.html(_frame("") + markup.notice(_FOREIGN, _OWN_NAME))
        return
    allowed = _allowed()
    if allowed is None or not allowed.reads:
        st.html(_frame(""))
        with components.calm():
            access.show_login(allowed or access.current())
        return
    shown = [each for each in pages if allowed is Access.EDITOR or each.url_path != INGEST_PATH]
    links = markup.navigation([(each.title, each.url_path or "./") for each in shown], page.title)
    frame, stale = st.empty(), freshness.found()
    frame.html(_frame(links, markup.stale(stale, editor=allowed is Access.EDITOR)))
    access.show_identity()
    if page.url_path in _LONG or st.query_params.get("view") == PAGES:  # a page of a file is drawn by another process
        turn.end()
    page.run()
    if (now := freshness.found()) != stale:  # looked at meanwhile: the first page of the morning takes long enough
        frame.html(_frame(links, markup.stale(now, editor=allowed is Access.EDITOR)))
    st.html(markup.div("foot", f"{NAME} · {_stock()}"))


def _allowed() -> Access | None:
    """What the visitor may do; None where a wrong setting keeps it from being told: nobody is let in then."""
    try:
        return access.current()
    except InputError:
        return None


def _frame(links: str, below: str = "") -> str:
    return f'<div class="kh-frame"><span class="kh-brand">{NAME}</span>{links}</div>{below}'


def _stock() -> str:
    """How many plans there are to ask. The page itself has said what is wrong when there is no index."""
    try:
        return f"{len(services.documents())} kế hoạch trong kho"
    except InputError:
        return "chưa có chỉ mục"


if __name__ == "__main__":
    with turns.taken() as turn:
        main(turn)
