"""«Báo sai»: a reader says what is wrong with an answer; it is kept for those who look after the program."""

from __future__ import annotations

import zlib
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlencode

import streamlit as st

from answer.result import Answer, Citation, Result
from index.reports import MAX_REMARK, Fault, Report
from ingest.errors import IndexStateError
from ui import address, components, markup, services

FAULTS = {
    Fault.ANSWER: "Câu trả lời sai",
    Fault.PLACE: "Trích dẫn sai chỗ",
    Fault.INCOMPLETE: "Thiếu ý",
    Fault.UNANSWERED: "Kế hoạch có nêu mà không tìm thấy",
    Fault.OTHER: "Điều khác",
}
_OF_AN_ANSWER = (Fault.ANSWER, Fault.PLACE, Fault.INCOMPLETE, Fault.OTHER)
_OF_NONE = (Fault.UNANSWERED, Fault.OTHER)
MAX_OF_SESSION = 50  # a page that sends more is no reader


def form(result: Result, answer: Answer | None, citation: Citation | None) -> None:
    """A small form behind «Báo sai»: of an answer with its citation, or of «không tìm thấy»."""
    # Of this answer to this question: the same clause may be right for one and wrong for another.
    about = [result.question, urlencode(address.now(), doseq=True), answer.text if answer else ""]
    key = f"report-{citation.clause.id if citation else 'none'}-{zlib.crc32(chr(0).join(about).encode()):08x}"
    # Its fields are drawn when it is opened: on every page they would cost a third of the page.
    popover = st.popover("Báo sai", type="tertiary", key=f"pop-{key}", on_change="rerun")
    if popover.open:
        with popover:
            _fields(key, result, answer, citation)


def _fields(key: str, result: Result, answer: Answer | None, citation: Citation | None) -> None:
    if key in st.session_state.get("reported", ()):
        st.html(markup.div("lead", "Đã ghi lại, cảm ơn. Người phụ trách xem ở trang Đánh giá."))
        return
    with st.form(f"form-{key}", border=False):
        faults = _OF_AN_ANSWER if answer else _OF_NONE
        fault = st.selectbox("Sai thế nào?", faults, format_func=FAULTS.__getitem__, key=f"fault-{key}")
        remark = st.text_area("Ghi chú, nếu cần: câu trả lời đúng là gì, ở đâu", key=f"remark-{key}", height=90)
        sent = st.form_submit_button("Gửi báo sai", type="primary")
    if sent and len(remark) > MAX_REMARK:
        st.html(markup.notice(f"Ghi chú dài quá {MAX_REMARK} ký tự.", "Rút gọn rồi gửi lại."))
    elif sent:
        with components.calm():
            _send(key, _report(result, answer, citation, fault, remark))


def _send(key: str, report: Report) -> None:
    state = st.session_state
    reported = state.setdefault("reported", set())
    if len(reported) >= MAX_OF_SESSION:
        st.html(markup.notice("Phiên này đã gửi nhiều báo sai.", "Hãy báo trực tiếp cho người phụ trách."))
        return
    try:
        services.report(report)
    except IndexStateError:  # being written, or not writable: what was typed stays in the form
        st.html(markup.notice("Chưa ghi được báo sai.", "Hãy gửi lại sau ít phút; nếu vẫn vậy, báo người quản trị."))
        return
    reported.add(key)
    st.rerun()


def _report(result: Result, answer: Answer | None, citation: Citation | None, fault: Fault, remark: str) -> Report:
    asked = urlencode(address.now(), doseq=True)
    understood, now = result.understood, datetime.now(UTC)
    bare = Report(now, asked, result.question, understood.intent.value, fault, remark.strip(), services.reader())
    if answer is None or citation is None:
        return bare
    start, end = citation.quote or (0, len(citation.text))
    return replace(
        bare,
        province=answer.province,
        number=answer.number,
        answer=answer.text,
        clause_id=citation.clause.id,
        label=citation.label,
        quote=citation.text[start:end],
        section=tuple(section.text for section in citation.clause.section),
        lines=citation.lines,
    )
