"""The question, its province and the words to be left as typed: what the fields hold and the address tells.

All three live in the address (`?q=…&province=…&keep=…&keep=…`): a link opens the same answer again. `keep` is repeated
and not a list in one value, for what was typed may hold any sign that could part a list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from answer.question import MAX_QUESTION, without_provinces
from ingest.provinces import canonical_province
from ui import address, markup

ALL = "Tất cả các tỉnh"
MAX_KEPT = 20  # an address may be made by anyone; a question of the longest kind holds fewer corrections
_BUTTON = 130  # pixels


@dataclass(frozen=True, slots=True)
class Fields:
    """What is asked; `provinces` is empty where all are, `kept` what is to be left as typed."""

    question: str
    provinces: tuple[str, ...]
    kept: tuple[str, ...]


def draw(provinces: Sequence[str]) -> Fields:
    """Draw the fields of a page that asks one province or all, filled from the address; return what they hold."""
    st.session_state["several"] = False
    _read_address(provinces)
    question = _question()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        province = st.selectbox("Tỉnh, thành phố", [ALL, *provinces], key="province", on_change=_write_address)
        # Leaving the field or pressing Enter asks as well; the button is for those who look for one.
        st.button("Hỏi", type="primary", width=_BUTTON)
    _tell_changed()
    return Fields(question, () if province == ALL else (province,), st.session_state["keep"])


def draw_several(provinces: Sequence[str]) -> Fields:
    """Draw the fields of a page that asks any number of provinces."""
    st.session_state["several"] = True
    _read_address(provinces)
    question = _question()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.multiselect(
            "Tỉnh, thành phố", provinces, key="provinces", placeholder=ALL, on_change=_write_address
        )
        st.button("So sánh", type="primary", width=_BUTTON)
    _tell_changed()
    return Fields(question, tuple(chosen), st.session_state["keep"])


def _question() -> str:
    return st.text_input(
        "Câu hỏi",
        key="q",
        placeholder="Gõ câu hỏi, có dấu hoặc không dấu",
        on_change=_reworded,
    )


def ask(question: str) -> None:
    """Put a question into the field, as if it had been typed."""
    st.session_state["q"] = question
    _reworded()


def ask_everywhere() -> None:
    """Ask again without a province, be it chosen or named in the question. What was kept still stands in it."""
    st.session_state["q"] = without_provinces(st.session_state["q"])
    st.session_state["province"], st.session_state["provinces"] = ALL, []
    _write_address()


def keep(typed: str) -> None:
    """Ask again with this left as typed."""
    st.session_state["keep"] = _distinct([*st.session_state["keep"], typed])
    _write_address()


def mend(typed: str) -> None:
    """Ask again and let this be corrected after all."""
    st.session_state["keep"] = tuple(word for word in st.session_state["keep"] if word != typed)
    _write_address()


def _distinct(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word[:MAX_QUESTION] for word in words if word.strip()))[:MAX_KEPT]


def _read_address(provinces: Sequence[str]) -> None:
    """Let the fields follow the address when it was changed from outside: a link, the back button.

    Not `bind="query-params"`: that replaces the address, so that the back button skips every earlier question.
    """
    state, now = st.session_state, address.now()
    if state.get("address") != now and not address.outrun():
        state["q"] = st.query_params.get("q", "")[:MAX_QUESTION]
        named = [canonical_province(name) or name for name in now.get("province", [])]
        state["unknown"] = [name for name in named if name not in (ALL, *provinces)]
        state["province"], state["provinces"] = (named or [ALL])[-1], named
        state["keep"] = _distinct(now.get("keep", []))
        state["address"] = now
    if state.get("province") not in provinces:
        state["province"] = ALL
    state["provinces"] = [name for name in dict.fromkeys(state.get("provinces", [])) if name in provinces]


def _tell_changed() -> None:
    """What is asked instead of what was typed or linked: of a text too long its beginning; a province without plan."""
    if st.session_state.pop("cut", False):
        st.html(markup.notice(f"Câu hỏi dài quá {MAX_QUESTION} ký tự: phần sau đã bỏ.", "Hãy hỏi ngắn hơn."))
    if unknown := st.session_state.get("unknown"):
        st.html(markup.notice(f"Kho chưa có kế hoạch nào của {', '.join(unknown)}.", "Chọn tỉnh ở ô bên trên."))


def _reworded() -> None:
    """Another question: what was kept of the one before says nothing about it. A field with a limit of its own would
    take nothing of a longer text that is pasted, without a word: it is cut here."""
    state = st.session_state
    state["cut"], state["q"], state["keep"] = len(state["q"]) > MAX_QUESTION, state["q"][:MAX_QUESTION], ()
    _write_address()


def _write_address() -> None:
    """Put the fields into the address; the browser remembers the one before."""
    state = st.session_state
    named = state["provinces"] if state["several"] else [state["province"]]
    fields = {"q": [state["q"]], "province": [name for name in named if name != ALL], "keep": list(state["keep"])}
    address.put({name: values for name, values in address.now().items() if name not in fields} | fields)
    state["unknown"], state["address"] = [], address.now()
