"""The form that puts right what was read of a plan's header."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from ingest.corrections import FIELDS, checked, shown, value_of
from ingest.errors import InputError
from ingest.model import Document
from ui import markup

_OPEN = "correcting"  # what is being corrected on this page
_HINTS = {"issued": "ngày/tháng/năm, ví dụ 05/03/2025", "province": "ví dụ Lào Cai", "number": "ví dụ 12/KH-UBND"}


def button(key: str, name: str) -> None:
    """The button that opens or closes the form of what `key` names. `name` is added for those who cannot see."""
    st.button("Sửa thông tin", key=f"correct-{key}", help=f"Sửa thông tin đọc từ phần đầu của {name}",
              on_click=_toggle, args=(key,))  # fmt: skip


def form(key: str, document: Document, use: Callable[[Mapping[str, str]], None]) -> None:
    """The form, where it is open; `use` is given every field's value once the user agrees and each can be."""
    if st.session_state.get(_OPEN) != key:
        return
    with st.form(f"fields-{key}"):
        columns = st.columns(2)
        typed = {
            field: columns[at % 2].text_input(
                name,
                value=shown(field, value_of(document, field)),
                placeholder=_HINTS.get(field, ""),
                key=f"field-{key}-{field}",
            )
            for at, (field, (name, _)) in enumerate(FIELDS.items())
        }
        agreed = st.form_submit_button("Lưu sửa đổi", type="primary")
    if not agreed:
        return
    values, errors = {}, []
    for field, text in typed.items():
        try:
            values[field] = checked(field, text)
        except InputError as error:
            errors.append(markup.notice(error.message, error.remedy))
    if errors:
        st.html("".join(errors))
        return
    close()
    use(values)


def close() -> None:
    """No form is open any more."""
    st.session_state.pop(_OPEN, None)


def _toggle(key: str) -> None:
    st.session_state[_OPEN] = None if st.session_state.get(_OPEN) == key else key
