"""«Báo sai» of readers, on the page Đánh giá: what they saw, what they say, and the way to look at it again."""

from __future__ import annotations

from html import escape
from urllib.parse import parse_qsl, urlencode

import streamlit as st

from index.reports import Report, as_gold
from ui import components, download, markup, services
from ui.links import SOURCE_PATH
from ui.report import FAULTS

STEP = 20  # reports shown at first, and more at a click
SHOWN = "reports-shown"


def draw() -> None:
    """Draw the list with its file of gold questions; editors may settle a report."""
    found = services.reports()
    if not found:
        st.html(markup.div("lead", "Chưa có ai báo sai. Người đọc báo bằng nút «Báo sai» dưới mỗi câu trả lời."))
        return
    waiting = sum(not report.settled for report in found)
    lead = "Mỗi báo sai kèm câu hỏi, câu trả lời và trích dẫn như người đọc đã thấy."
    st.html(markup.div("lead", f"{lead} {waiting} báo sai chưa xử lý."))
    open_only = st.toggle("Chỉ những báo sai chưa xử lý", value=True, key="reports-open")
    chosen = [report for report in found if not (open_only and report.settled)]
    if not chosen:
        st.html(markup.div("lead", "Không còn báo sai nào chưa xử lý."))
        return
    download.lines("Tải thành câu hỏi mẫu (.jsonl)", "bao-sai.jsonl", as_gold(chosen))
    note = "Trường «answer» để trống: điền câu trả lời đúng trong kế hoạch rồi mới dùng để đánh giá."
    st.html(markup.div("small", note))
    shown = st.session_state.get(SHOWN, STEP)
    for report in chosen[:shown]:
        _show(report)
    if len(chosen) > shown:
        more = min(STEP, len(chosen) - shown)
        st.button(f"Xem thêm {more} báo sai", on_click=_show_more, args=(shown + STEP,))


def _show_more(number: int) -> None:
    st.session_state[SHOWN] = number


def _show(report: Report) -> None:
    may_edit = services.may_edit()
    st.html(card(report, who=report.who if may_edit else ""))
    if may_edit:
        name = "Mở lại" if report.settled else "Đã xử lý"
        st.button(name, key=f"settle-{report.key}", on_click=_settle, args=(report.key, not report.settled))


def _settle(key: int, settled: bool) -> None:
    with components.calm():
        services.settle(key, settled=settled)


def card(report: Report, who: str = "") -> str:
    """One report: the question, which asks again, what was answered and where, what is wrong with it, from whom."""
    state = " · đã xử lý" if report.settled else ""
    who = f" · {who}" if who else ""
    parts = [
        f'<a class="kh-open" href="{escape(again(report.address))}">{escape(report.question)}</a>',
        markup.div("small", escape(f"{report.made.astimezone():%H:%M, %d/%m/%Y}{who}{state}")),
        f"<p><b>{escape(FAULTS[report.fault])}</b>{': ' if report.remark else ''}{escape(report.remark)}</p>",
    ]
    if report.answer:
        parts.append(f"<p>Đã trả lời: «{escape(report.answer)}»</p>")
        parts.append(f'<a href="{escape(_source(report))}">{escape(report.label)}</a>')
    else:
        parts.append("<p>Đã trả lời: không tìm thấy.</p>")
    return f'<article class="kh-card" lang="vi">{"".join(parts)}</article>'


def again(address: str) -> str:
    """The first page with this query string, written anew: it was stored as a browser sent it."""
    return f"./?{urlencode(parse_qsl(address))}"


def _source(report: Report) -> str:
    document = report.clause_id.partition("/")[0]
    return f"{SOURCE_PATH}?{urlencode({'doc': document, 'clause': report.clause_id})}"
