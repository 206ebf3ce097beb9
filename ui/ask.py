"""Hỏi đáp: a question, what was understood, a short answer of each plan with its citation.

What is asked lives in the address (`ui.fields`): a link opens the same answer again.
"""

from __future__ import annotations

from html import escape

import streamlit as st

from answer.question import without_provinces
from answer.result import Answer, Result, Silence, told_elsewhere
from ingest.clean import fold
from ui import components, fields, markup, services, understood
from ui.links import compare_link

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
        provinces = {d.province for d in answerer.documents if d.province}
        asked = fields.draw(sorted(provinces, key=lambda name: (fold(name), name)))
        if asked.question.strip():
            (province,) = asked.provinces or (None,)
            _show(answerer.ask(asked.question, province, frozenset(asked.kept)), asked.kept)
        else:
            components.examples(EXAMPLES)


def _show(result: Result, kept: tuple[str, ...]) -> None:
    understood.show(result.understood, kept)
    for answer in result.answers:
        _show_answer(answer, result)
    if result.answers:
        address = escape(compare_link(without_provinces(result.question)))
        st.html(f'<a class="kh-open" href="{address}">Các tỉnh khác thì sao? So sánh</a>')
    if result.abstained:
        _show_why(result)
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


def _show_why(result: Result) -> None:
    """Why there is no answer. Plans that are silent give their reasons below, each its own."""
    reason = result.reason or ""
    if result.silent:
        reason = f"{SILENT} {told_elsewhere(result.elsewhere)}"
    st.html(markup.notice("Không tìm thấy câu trả lời.", reason.strip()))
    # A number that the question names restricts it as well: without the province it would find no more.
    if result.elsewhere and result.understood.provinces and result.understood.number is None:
        st.button("Hỏi tất cả các tỉnh", on_click=fields.ask_everywhere)


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
