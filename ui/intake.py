"""Files that are given to the page Nạp văn bản: read at once, shown as they were understood, decided on, put right.

Nothing is kept before «Nạp vào kho».
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import ceil
from typing import TYPE_CHECKING

import streamlit as st

from index.arrival import Choices
from index.build import BuildReport
from index.plan import Action, Decision, Step
from index.plan_told import DECISIONS
from ingest.corrections import corrections_for
from ingest.intake import FileOutcome, read_upload
from ingest.model import Correction, Parsed
from ingest.readers.form import SUFFIXES
from ingest.settings import Settings
from ui import building, components, correct, ingest_markup, markup, stock, style

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator
    from streamlit.runtime.uploaded_file_manager import UploadedFile

READ, STOPPED, ROUND, FIXED = "intake_read", "intake_stopped", "intake_round", "intake_fixed"
FIELD = "kh-intake"
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Given:
    """A file of the field that was read, by the id that the field gave it."""

    id: str
    outcome: FileOutcome
    parsed: Parsed


def draw(settings: Settings) -> None:
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
    _show({file.file_id: read[file.file_id] for file in files if file.file_id in read})


def _read(waiting: Sequence[UploadedFile], total: int, read: dict[str, FileOutcome], settings: Settings) -> None:
    bar = st.progress(0.0)
    st.button("Dừng", key="intake-stop", on_click=_stop)
    with stock.kept() as kept:
        for file in waiting:
            bar.progress(len(read) / total, f"Đã đọc {len(read)}/{total} tệp")
            tell = partial(_tell, bar, len(read), total)
            read[file.file_id] = read_upload(file.name, file.getvalue(), settings, kept, tell)
    st.rerun()


def _tell(bar: DeltaGenerator, done: int, total: int, page: int, pages: int) -> None:
    """How far a file with pages is. Its name, which could hold Markdown, stays away."""
    bar.progress((done + page / pages) / total, f"Đã đọc {done}/{total} tệp; tệp thứ {done + 1}: trang {page}/{pages}")


def _stop() -> None:
    st.session_state[STOPPED] = True


def _go_on() -> None:
    st.session_state[STOPPED] = False


def _show(outcomes: Mapping[str, FileOutcome]) -> None:
    if not outcomes:
        return
    components.part(f"Đã đọc {len(outcomes)} tệp")
    given = [_Given(key, outcome, outcome.parsed) for key, outcome in outcomes.items() if outcome.parsed]
    choices = _choices(given)
    steps = stock.preview([file.parsed for file in given], choices)
    by_file = {file.id: step for file, step in zip(given, steps, strict=True)}
    _offer(given, steps, choices)
    for key, outcome in outcomes.items():
        st.html(ingest_markup.understood(outcome, by_file.get(key)))
        if step := by_file.get(key):
            _asked(key, step)


def _asked(key: str, step: Step) -> None:
    """What the user decides of a file, below its card."""
    with st.container(key=f"asked-{key}"):
        if step.kinship and step.decision:
            options = list(Decision)
            st.radio(
                f"Tệp {step.parsed.document.file}: làm gì với văn bản đã có trong kho?",
                options,
                index=options.index(step.decision),
                format_func=DECISIONS.__getitem__,
                horizontal=True,
                key=f"decision-{key}",
            )
        correct.button(key, f"tệp {step.parsed.document.file}")
        correct.form(key, step.parsed.document, lambda values: _fix(key, values))


def _fix(key: str, values: Mapping[str, str]) -> None:
    st.session_state.setdefault(FIXED, {})[key] = values
    st.rerun()


def _choices(given: Sequence[_Given]) -> Choices:
    decisions: dict[str, Decision] = {}
    corrections: dict[str, Sequence[Correction]] = {}
    fixed: Mapping[str, Mapping[str, str]] = st.session_state.get(FIXED, {})
    for file in given:
        source = file.parsed.document.source
        if chosen := st.session_state.get(f"decision-{file.id}"):
            decisions[source] = chosen
        if file.id in fixed:
            corrections[source] = corrections_for(file.parsed.document, fixed[file.id])
    return Choices(decisions, corrections)


def _offer(given: Sequence[_Given], steps: Sequence[Step], choices: Choices) -> None:
    fresh = [step for step in steps if step.action in (Action.ADDED, Action.REPLACED)]
    if not fresh:
        st.html(markup.div("lead", "Không có văn bản nào để nạp."))
        return
    st.html(markup.div("lead", f"{len(fresh)} văn bản sẽ được nạp. Hãy xem lại các mục dưới đây trước."))
    if not st.button("Nạp vào kho", type="primary"):
        return
    with components.calm():  # what was read stays on the page
        parsed = [file.parsed for file in given]
        report = building.run(lambda progress: stock.commit(parsed, progress, choices))
        st.session_state[building.TOLD] = f"Đã nạp {_brought(report)} văn bản; kho có {report.documents} văn bản."
        st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
        st.session_state.pop(READ, None)
        st.session_state.pop(FIXED, None)
        correct.close()
        st.rerun()


def _brought(report: BuildReport) -> int:
    return sum(step.action in (Action.ADDED, Action.REPLACED) for step in report.steps)
