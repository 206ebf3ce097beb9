"""So sánh: one question put to every plan, side by side, and the cited clauses with what differs marked.

What is asked lives in the address, as on the first page.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from answer.compare import Comparison, Side, compare, comparison_table
from ingest.clean import alphabetical
from ui import address, components, download, fields, markup, matrix, services, sides, understood

QUESTION, MATRIX = "Một câu hỏi", "Ma trận chỉ tiêu"
EXAMPLES = (
    "Tỷ lệ dân số tham gia bảo hiểm y tế đến năm 2030?",
    "Ai chủ trì phát triển nhà ở xã hội?",
    "Tỷ lệ lao động qua đào tạo có bằng cấp, chứng chỉ?",
    "Hạn gửi báo cáo hằng năm?",
)


def main() -> None:
    """Draw the page."""
    components.title(
        "So sánh", "Một câu hỏi đặt cho mọi kế hoạch, mỗi tỉnh một dòng; hoặc ma trận chỉ tiêu của các kế hoạch."
    )
    with components.calm():
        answerer = services.answerer()
        if not answerer.documents:
            components.empty()
            return
        if _view() == MATRIX:
            matrix.draw()
            return
        provinces = {d.province for d in answerer.documents if d.province}
        asked = fields.draw_several(sorted(provinces, key=alphabetical))
        if asked.question.strip():
            found = compare(answerer, asked.question, asked.provinces, frozenset(asked.kept))
            _show(found, asked.kept)
        else:
            components.examples(EXAMPLES)


def _view() -> str:
    """One question, or the matrix: what is not looked at is not worked out."""
    state = st.session_state
    if "view" not in state or (state.get("view-address") != st.query_params.get("view") and not address.outrun()):
        state["view"] = MATRIX if st.query_params.get("view") == "chi-tieu" else QUESTION
        state["view-address"] = st.query_params.get("view")
    shown = st.segmented_control("Xem", [QUESTION, MATRIX], key="view", required=True, on_change=_write_view,
                                 label_visibility="collapsed")  # fmt: skip
    return str(shown or QUESTION)


def _write_view() -> None:
    address.put(address.now() | {"view": "chi-tieu" if st.session_state["view"] == MATRIX else ""})
    st.session_state["view-address"] = st.query_params.get("view")


def _show(found: Comparison, kept: Sequence[str]) -> None:
    st.html(markup.printed_question(found.question))
    understood.show(found.understood, kept)
    if not found.sides:
        st.html(markup.notice("Không so sánh được.", found.reason))
        return
    if found.reason:
        st.html(markup.notice(found.reason))
    st.html(sides.table(found.sides))
    download.buttons(comparison_table(found, date.today()), "so-sanh")
    _show_texts(found.sides)


def _show_texts(found: Sequence[Side]) -> None:
    """The whole cited clauses side by side, held against the one of a province that is chosen."""
    answered = [side for side in found if side.answer]
    if len(answered) < 2:
        return
    components.part("Nguyên văn, đặt cạnh nhau")
    note = "Nền vàng: câu trả lời. Gạch chân, nền xanh: chữ chỉ văn bản này có, khi đặt cạnh văn bản được chọn để so."
    st.html(markup.div("small", note))
    names = [side.province for side in answered]
    base = st.selectbox("So với kế hoạch của", names, key="base")
    st.html(sides.texts(answered, names.index(base) if base in names else 0))


if __name__ == "__main__":
    main()
