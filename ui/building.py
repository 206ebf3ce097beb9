"""A change of the stock that a page waits for: counts, a button to stop it, and what is told when it is over."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from index.build import BuildReport
from index.progress import STAGE_NAMES, Progress
from ingest.errors import InputError
from ui import markup

TOLD = "intake_told"


def run(change: Callable[[Progress], BuildReport]) -> BuildReport:
    """Change the stock, with counts; any click ends this run of the page, and the build with it."""
    shown = st.empty()
    with shown.container():
        bar = st.progress(0.0)
        st.html(
            markup.div("small", "Hãy ở lại trang này cho đến khi xong: rời trang thì việc nạp dừng, kho giữ nguyên.")
        )
        st.button("Dừng", key="build-stop", on_click=_tell_stopped)

    def progress(stage: str, done: int, total: int) -> None:
        bar.progress(done / total if total else 1.0, f"{STAGE_NAMES[stage]}: {done}/{total}")

    try:
        return change(progress)
    except InputError:
        shown.empty()  # nothing runs that could be stopped
        raise


def _tell_stopped() -> None:
    """The click may come when the build has just ended: that is told then."""
    st.session_state.setdefault(TOLD, "Đã dừng. Kho không thay đổi.")
