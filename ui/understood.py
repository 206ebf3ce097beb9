"""«Đang tìm»: what was understood of a question, and buttons to undo what was corrected."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from answer.corrections import Correction, notes_of
from answer.intent import Intent
from answer.question import Understood
from ui import fields, markup

SHOWN = 5  # corrections that are listed before the rest is folded away
AGENCIES = 2  # agencies that have a chip: more would not fit a line
KINDS = {
    Intent.LEAD: "Cơ quan chủ trì",
    Intent.COORDINATING: "Cơ quan phối hợp",
    Intent.TASKS: "Nhiệm vụ",
    Intent.TARGET: "Chỉ tiêu",
    Intent.DEADLINE: "Thời hạn",
    Intent.FUNDING: "Kinh phí",
    Intent.BASIS: "Căn cứ",
    Intent.METADATA: "Thông tin văn bản",
    Intent.GENERAL: "Nội dung chung",
}
# A button's label is read as Markdown, which makes images and links of what it finds. Words alone hold none.
_PLAIN = re.compile(r"[^\W_]+(?:[ -][^\W_]+)*")
_LABEL = 30  # characters of a label's word: a telephone shows so many in a line


def show(understood: Understood, kept: Sequence[str], filtered: Sequence[str] = ()) -> None:
    """The question as it was read with the filters set, former names that are looked for too, then a line for each
    correction and each kept word, with its button."""
    corrections = list(enumerate(dict.fromkeys(understood.corrections)))
    with st.container(key="kh-understood", gap=None):
        st.html(markup.understood(understood.text, [*chips(understood), *filtered]))
        for note in understood.reorganised:
            st.html(markup.note(note))
        for n, correction in corrections[:SHOWN]:
            _correction(n, correction, kept)
        if further := corrections[SHOWN:]:
            with st.expander(f"Các chỗ sửa khác ({len(further)})"):
                for n, correction in further:
                    _correction(n, correction, kept)
        for n, word in enumerate(kept):
            with _line():
                st.html(markup.div("note", f"giữ nguyên: «{escape(word)}»"), width="content")
                st.button("Sửa lại", key=f"mend-{n}", type="tertiary", on_click=fields.mend, args=(word,))


def chips(understood: Understood) -> list[str]:
    """What decides where an answer is looked for: the kind of question, then what it names.

    A province has a chip only where the text does not tell it: it was chosen in its field.
    """
    names = [KINDS[understood.intent]]
    names += [f"Năm {understood.year}"] if understood.year else []
    names += understood.agencies[:AGENCIES]
    names += ["…"] if len(understood.agencies) > AGENCIES else []
    names += [f"Văn bản số {understood.number}"] if understood.number else []
    return names + [f"Kế hoạch của {name}" for name in understood.provinces if name not in understood.text]


def _correction(number: int, correction: Correction, kept: Sequence[str]) -> None:
    (note,) = notes_of([correction])
    with _line():
        st.html(markup.div("note", escape(note)), width="content")
        if correction.typed not in kept:  # kept, but its words are read otherwise all the same
            undo, args = fields.keep, (correction.typed,)
            st.button(_label(correction.typed), key=f"keep-{number}", type="tertiary", on_click=undo, args=args)


def _line() -> DeltaGenerator:
    return st.container(horizontal=True, vertical_alignment="center", gap="small")


def _label(typed: str) -> str:
    if len(typed) <= _LABEL and _PLAIN.fullmatch(typed):
        return f"Giữ nguyên «{typed}»"
    return "Giữ nguyên như đã gõ"
