"""Hỏi đáp: a question, what was understood, a short answer of each plan with its citation.

Question and province live in the address (`?q=…&province=…`): a link opens the same answer again.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from answer.answerer import Answerer
from answer.question import MAX_QUESTION, Understood
from answer.result import Answer, Result, Silence
from ingest.clean import fold
from ui import components, markup, services

ALL = "Tất cả các tỉnh"
EXAMPLES = (
    "Ai chủ trì nhà ở xã hội?",
    "Tỷ lệ tham gia bảo hiểm y tế đến năm 2030?",
    "Hạn gửi báo cáo hằng năm?",
    "Ai ký kế hoạch?",
)
SILENT = "Các kế hoạch dưới đây có nói đến nội dung này nhưng không nêu điều được hỏi."
NEAREST = 3


def main() -> None:
    """Draw the page."""
    components.title("Hỏi đáp", "Trả lời bằng nguyên văn kế hoạch của các tỉnh, kèm trích dẫn mở được tại chỗ.")
    with components.calm():
        answerer = services.answerer()
        if not answerer.documents:
            components.empty()
            return
        question, province = _form(answerer)
        if question.strip():
            _show(answerer.ask(question, province))
        else:
            _examples()


def _form(answerer: Answerer) -> tuple[str, str | None]:
    provinces = sorted({d.province for d in answerer.documents if d.province}, key=lambda name: (fold(name), name))
    _read_address(provinces)
    question = st.text_input(
        "Câu hỏi",
        key="q",
        max_chars=MAX_QUESTION,
        placeholder="Gõ câu hỏi, có dấu hoặc không dấu",
        on_change=_write_address,
    )
    choose, button = st.columns([4, 1], vertical_alignment="bottom")
    with choose:
        province = st.selectbox("Tỉnh, thành phố", [ALL, *provinces], key="province", on_change=_write_address)
    with button:
        # Leaving the field or pressing Enter asks as well; the button is for those who look for one.
        st.button("Hỏi", type="primary", width="stretch")
    return question, None if province == ALL else province


def _read_address(provinces: Sequence[str]) -> None:
    """Let the fields follow the address when it was changed from outside: a link, the back button.

    Not `bind="query-params"`: that replaces the address, so that the back button skips every earlier question.
    """
    state, address = st.session_state, st.query_params.to_dict()
    if state.get("address") != address:
        state["q"] = address.get("q", "")[:MAX_QUESTION]
        state["province"] = address.get("province", ALL)
        state["address"] = address
    if state.get("province") not in provinces:
        state["province"] = ALL


def _write_address() -> None:
    """Put the fields into the address; the browser remembers the one before."""
    state = st.session_state
    fields = {"q": state["q"], "province": "" if state["province"] == ALL else state["province"]}
    st.query_params.from_dict({name: value for name, value in fields.items() if value})
    state["address"] = st.query_params.to_dict()


def _examples() -> None:
    st.html(markup.div("lead", "Ví dụ, bấm để hỏi:"))
    with st.container(horizontal=True, gap="small"):
        for example in EXAMPLES:
            st.button(example, on_click=_take, args=(example,))


def _take(example: str) -> None:
    st.session_state["q"] = example
    _write_address()


def _show(result: Result) -> None:
    _show_understood(result.understood)
    for answer in result.answers:
        _show_answer(answer, result)
    if result.abstained:
        st.html(markup.notice("Không tìm thấy câu trả lời.", SILENT if result.silent else result.reason or ""))
    for silence in result.silent:
        _show_silence(silence, result)
    shown = {n for answer in result.answers for n in answer.citations}
    shown |= {n for silence in result.silent for n in silence.citations}
    others = [n for n in range(len(result.citations)) if n not in shown]
    if result.abstained and not result.silent and others:
        components.part("Những chỗ gần nhất")
        components.cards(result.citations[n] for n in others[:NEAREST])
        others = others[NEAREST:]
    components.folded_cards("Các đoạn liên quan khác", [result.citations[n] for n in others])


def _show_understood(understood: Understood) -> None:
    notes = "".join(f"<li>{escape(note)}</li>" for note in understood.notes)
    told = f"Đang tìm: <b>{escape(understood.text)}</b>" + (f"<ul>{notes}</ul>" if notes else "")
    st.html(markup.div("understood", told))


def _show_answer(answer: Answer, result: Result) -> None:
    st.html(markup.origin(answer.province, answer.number) + markup.answer_text(answer.text))
    first, *further = (result.citations[n] for n in answer.citations)
    components.cards([first])
    components.folded_cards("Trích dẫn khác nói cùng điều này", further)


def _show_silence(silence: Silence, result: Result) -> None:
    reason = markup.div("lead", escape(silence.reason))
    st.html(markup.origin(silence.province, silence.number) + reason)
    with st.expander("Chỗ gần nhất"):
        components.cards(result.citations[n] for n in silence.citations)


if __name__ == "__main__":
    main()
