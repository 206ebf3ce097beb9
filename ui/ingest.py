"""Nạp văn bản: bring plans into the stock and take them out, for editors.

Files are read as soon as they are there and what was understood is shown; nothing is kept before «Nạp vào kho».
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from math import ceil
from typing import TYPE_CHECKING

import streamlit as st

from index.build import STAGE_NAMES, BuildReport, Progress
from index.plan import Action, Step
from ingest.errors import InputError
from ingest.intake import FileOutcome, read_upload
from ingest.model import Document
from ingest.readers.text import SUFFIXES
from ingest.settings import Settings
from ui import access, components, freshness, ingest_markup, markup, services, stock, style
from ui.access import Access

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

READ, STOPPED, ROUND, TOLD, GONE = "intake_read", "intake_stopped", "intake_round", "intake_told", "intake_gone"
FIELD = "kh-intake"
_PLAIN = re.compile(r"[^\W_]+(?:[-/ ][^\W_]+)*")  # a button's label is read as Markdown: words alone hold none
MEGABYTE = 1024 * 1024


def main() -> None:
    """Draw the page."""
    st.html(ingest_markup.STYLE)
    components.title("Nạp văn bản", "Đưa kế hoạch mới vào kho; xem chương trình hiểu gì trước khi nạp.")
    with components.calm():
        if access.current() is not Access.EDITOR:
            st.html(markup.notice("Chỉ người biên tập được nạp và gỡ văn bản.", "Cần nạp: liên hệ người quản trị."))
            return
        if told := st.session_state.pop(TOLD, ""):
            st.html(markup.notice(told))
        with components.calm():
            _intake(Settings.from_environment())
        with components.calm():
            _stale()
        with components.calm():
            _stock()


def _intake(settings: Settings) -> None:
    """The file field, what was understood of each file, and the button that brings them in."""
    largest = ceil(settings.max_bytes / MEGABYTE)
    st.html(style.takes(FIELD, list(SUFFIXES), largest, several=True))
    with st.container(key=FIELD):
        files = st.file_uploader(
            f"Tệp kế hoạch ({', '.join(SUFFIXES)})",
            type=[suffix[1:] for suffix in SUFFIXES],
            accept_multiple_files=True,
            max_upload_size=largest,
            key=f"intake-files-{st.session_state.get(ROUND, 0)}",
            on_change=_go_on,
        )
    read: dict[str, FileOutcome] = st.session_state.setdefault(READ, {})
    for gone in read.keys() - {file.file_id for file in files}:
        del read[gone]
    waiting = [file for file in files if file.file_id not in read]
    if waiting and not st.session_state.get(STOPPED):
        _read(waiting, len(files), read, settings)
    if waiting:
        st.html(markup.notice(f"Đã dừng: đọc được {len(read)}/{len(files)} tệp."))
        st.button("Đọc tiếp", on_click=_go_on)
    _show([read[file.file_id] for file in files if file.file_id in read])


def _read(waiting: Sequence[UploadedFile], total: int, read: dict[str, FileOutcome], settings: Settings) -> None:
    bar = st.progress(0.0)
    st.button("Dừng", key="intake-stop", on_click=_stop)
    for file in waiting:
        bar.progress(len(read) / total, f"Đã đọc {len(read)}/{total} tệp")
        read[file.file_id] = read_upload(file.name, file.getvalue(), settings)
    st.rerun()


def _stop() -> None:
    st.session_state[STOPPED] = True


def _go_on() -> None:
    st.session_state[STOPPED] = False


def _show(outcomes: Sequence[FileOutcome]) -> None:
    if not outcomes:
        return
    components.part(f"Đã đọc {len(outcomes)} tệp")
    readable = [outcome.parsed for outcome in outcomes if outcome.parsed]
    steps = stock.preview(readable)
    by_file = {id(step.parsed): step for step in steps}
    _offer(steps)
    st.html("".join(ingest_markup.understood(o, by_file.get(id(o.parsed))) for o in outcomes))


def _offer(steps: Sequence[Step]) -> None:
    fresh = [step for step in steps if step.action in (Action.ADDED, Action.REPLACED)]
    if not fresh:
        st.html(markup.div("lead", "Không có văn bản nào để nạp."))
        return
    st.html(markup.div("lead", f"{len(fresh)} văn bản sẽ được nạp. Hãy xem lại các mục dưới đây trước."))
    for number in ingest_markup.given_twice(step.parsed.document for step in steps):
        told = f"Nhiều tệp lần này cùng số {number} mà nội dung khác nhau: chỉ một bản được giữ."
        st.html(markup.notice(told, "Bỏ bớt tệp, chỉ để lại bản đúng."))
    if not st.button("Nạp vào kho", type="primary"):
        return
    with components.calm():  # what was read stays on the page
        report = _build(lambda progress: stock.commit([step.parsed for step in steps], progress))
        st.session_state[TOLD] = f"Đã nạp {_brought(report)} văn bản; kho có {report.documents} văn bản."
        st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
        st.session_state.pop(READ, None)
        st.rerun()


def _brought(report: BuildReport) -> int:
    return sum(step.action in (Action.ADDED, Action.REPLACED) for step in report.steps)


def _build(run: Callable[[Progress], BuildReport]) -> BuildReport:
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
        return run(progress)
    except InputError:
        shown.empty()  # nothing runs that could be stopped
        raise


def _tell_stopped() -> None:
    """The click may come when the build has just ended: that is told then."""
    st.session_state.setdefault(TOLD, "Đã dừng. Kho không thay đổi.")


def _stale() -> None:
    """What of the stock the index does not show."""
    if found := freshness.found():
        components.part("Chỉ mục cũ hơn kho văn bản")
        st.html(ingest_markup.stale_list(found))


def _stock() -> None:
    """The plans in stock, each with its button; taking one out is asked for once more."""
    try:
        documents = services.documents()
    except InputError as error:
        if not st.session_state.get(READ):
            st.html(markup.notice(error.message, "Hãy nạp văn bản đầu tiên ở trên, hoặc: " + error.remedy))
        return
    components.part(f"Văn bản trong kho ({len(documents)})")
    for number, document in enumerate(documents, start=1):
        with st.container(horizontal=True, vertical_alignment="center", key=f"stock-{document.id}"):
            st.html(ingest_markup.stocked(document))
            name = document.number if _PLAIN.fullmatch(document.number) else f"văn bản thứ {number}"
            st.button(f"Gỡ {name}", key=f"remove-{document.id}", on_click=_ask_first, args=(document.id,))
        if st.session_state.get(GONE) == document.id:
            _confirm(document)


def _ask_first(identifier: str) -> None:
    st.session_state[GONE] = identifier


def _keep() -> None:
    st.session_state.pop(GONE, None)


def _confirm(document: Document) -> None:
    told = ingest_markup.told(document)
    st.html(markup.notice(f"Gỡ {told} khỏi kho?", "Mọi người sẽ không còn hỏi và mở được văn bản này."))
    with st.container(horizontal=True, gap="small"):
        sure = st.button("Gỡ khỏi kho", type="primary")
        st.button("Không gỡ", on_click=_keep)
    if sure:
        _build(lambda progress: stock.remove(document.id, progress))
        _keep()
        st.session_state[TOLD] = f"Đã gỡ {told}."
        st.rerun()


if __name__ == "__main__":
    main()
