"""Hỏi đáp: a question, what was understood, a short answer of each plan with its citation.

What is asked lives in the address (`ui.fields`): a link opens the same answer again.
"""

from __future__ import annotations

from html import escape
from textwrap import shorten

import streamlit as st

from answer.question import without_provinces
from answer.result import Answer, Result, Silence, told_elsewhere
from ingest.clean import alphabetical
from ingest.reorganisation import successors
from ui import actions, components, fields, filters, markup, report, services, understood
from ui.links import compare_link

EXAMPLES = (
    "Ai chủ trì nhà ở xã hội?",
    "Tỷ lệ tham gia bảo hiểm y tế đến năm 2030?",
    "Hạn gửi báo cáo hằng năm?",
    "Ai ký kế hoạch?",
)
SILENT = "Các kế hoạch dưới đây có nói đến nội dung này nhưng không nêu điều được hỏi."
NEAREST = 3
SHORT = 160  # characters of an answer in the list of questions asked


def main() -> None:
    """Draw the page."""
    components.title("Hỏi đáp", "Trả lời bằng nguyên văn kế hoạch của các tỉnh, kèm trích dẫn mở được tại chỗ.")
    with components.calm():
        answerer = services.answerer()
        if not answerer.documents:
            components.empty()
            return
        provinces = {d.province for d in answerer.documents if d.province}
        provinces |= {change.today for name in provinces for change in successors(name)}
        asked = fields.draw(sorted(provinces, key=alphabetical))
        chosen = filters.draw(answerer.documents)
        if asked.question.strip():
            (province,) = asked.provinces or (None,)
            result = services.ask(asked.question, province, frozenset(asked.kept), chosen.restrict)
            _show(result, asked.kept, chosen.told)
        else:
            components.examples(EXAMPLES)
        st.html(actions.history())


def _show(result: Result, kept: tuple[str, ...], filtered: tuple[str, ...]) -> None:
    st.html(actions.asked(result.question, _in_short(result)) + markup.printed_question(result.question))
    understood.show(result.understood, kept, filtered)
    for answer in result.answers:
        _show_answer(answer, result)
    if result.answers:
        address = escape(compare_link(without_provinces(result.question)))
        more = f'<a class="kh-open" href="{address}">Các tỉnh khác thì sao? So sánh</a>'
        st.html(f'<div class="kh-acts">{more}{actions.print_button()}</div>')
    if result.abstained:
        _show_why(result, filtered)
    for silence in result.silent:
        _show_silence(silence, result)
    shown = {n for answer in result.answers for n in answer.citations}
    shown |= {n for silence in result.silent for n in silence.citations}
    others = [n for n in range(len(result.citations)) if n not in shown]
    if result.abstained and not result.silent and others:
        components.part("Những chỗ gần nhất, có thể không liên quan")
        components.cards(result.citations[n] for n in others[:NEAREST])
        others = others[NEAREST:]
    components.folded_cards("Các đoạn liên quan khác", [result.citations[n] for n in others])


def _in_short(result: Result) -> str:
    """For the list of questions asked."""
    told = "; ".join(f"{answer.province or answer.number}: {answer.text}" for answer in result.answers)
    return shorten(told or "Không tìm thấy", SHORT, placeholder="…")


def _show_why(result: Result, filtered: tuple[str, ...]) -> None:
    """Why there is no answer. Plans that are silent give their reasons below, each its own."""
    reason = result.reason or ""
    if result.silent:
        reason = f"{SILENT} {told_elsewhere(result.elsewhere)}"
    st.html(markup.notice("Không tìm thấy câu trả lời.", reason.strip()))
    if filtered:
        st.html(markup.div("lead", escape(f"Chỉ tìm trong: {', '.join(filtered)}.")))
        st.button("Bỏ bộ lọc", on_click=filters.clear)
    # A number that the question names restricts it as well: without the province it would find no more.
    if result.elsewhere and result.understood.provinces and result.understood.number is None:
        st.button("Hỏi tất cả các tỉnh", on_click=fields.ask_everywhere)
    report.form(result, None, None)


def _show_answer(answer: Answer, result: Result) -> None:
    first, *further = (result.citations[n] for n in answer.citations)
    note = markup.note(answer.note if answer.note != first.note else "")  # said once is enough
    st.html(markup.origin(answer.province, answer.number) + markup.answer_text(answer.text) + note)
    components.cards([first])
    report.form(result, answer, first)
    components.folded_cards("Trích dẫn khác nói cùng điều này", further)


def _show_silence(silence: Silence, result: Result) -> None:
    reason = markup.div("lead", escape(silence.reason))
    st.html(markup.origin(silence.province, silence.number) + reason)
    with st.expander("Chỗ gần nhất"):
        components.cards(result.citations[n] for n in silence.citations)


if __name__ == "__main__":
    main()
