"""The browser's address, which holds what is looked at, so that every state has a link and the back button works.

Fields are filled from it when it was changed from outside, and written into it when they change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

_BEFORE = "address-before"


def now() -> dict[str, list[str]]:
    """What the address holds: name → values."""
    return {name: st.query_params.get_all(name) for name in st.query_params}


def put(params: Mapping[str, str | Sequence[str]]) -> None:
    """Write the whole address anew; the browser remembers the one before."""
    st.session_state[_BEFORE] = now()
    st.query_params.from_dict({name: values for name, values in params.items() if any(values)})


def outrun() -> bool:
    """Whether the address is the one before the last that was written, and nobody went back to it.

    Leaving a field changes the address; a press that follows at once still carries the one before, for the browser
    learns the new one only from the answer. Taken for a link, it would bring the old state back.
    """
    context = get_script_run_ctx()
    return now() == st.session_state.get(_BEFORE) and not (context and context.is_history_navigation)
