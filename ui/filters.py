"""What may answer a question, beside its province: a plan, a part of the plans, an agency that a clause names.

All of it lives in the address (`?plan=…&part=…&agency=…`), so that a link opens the same answer again. A plan goes by
what the list shows («Đồng Tháp – 328/KH-UBND») and not by its id, which changes when the plan is read anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from index.filter import Filter
from ingest.clean import alphabetical
from ingest.model import ClauseKind, Document
from ui import address, markup, services

NAMES = ("plan", "part", "agency")
MAX_VALUE = 300
_TEXT = frozenset(set(ClauseKind) - {ClauseKind.ROW})
PARTS: dict[str, tuple[str, frozenset[ClauseKind] | None]] = {
    "": ("Toàn văn", None),
    "bang": ("Bảng của phụ lục", frozenset({ClauseKind.ROW})),
    "loi-van": ("Phần lời văn", _TEXT),
}
_LABELS = {"plan": "Kế hoạch", "part": "Phần", "agency": "Cơ quan được nêu"}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What restricts the answers, and in words what of the address there is not (`unknown`)."""

    restrict: Filter
    told: tuple[str, ...]
    unknown: tuple[str, ...]


def draw(documents: Sequence[Document]) -> Chosen:
    """Draw the filters, folded away while nothing is chosen, filled from the address; return what they restrict."""
    plans = plan_names(documents)
    agencies = services.agency_names()
    options = {"plan": {"": "Mọi kế hoạch"} | {name: name for name in plans},
               "part": {value: name for value, (name, _) in PARTS.items()},
               "agency": {"": "Cơ quan bất kỳ"} | {name: name for name in agencies}}  # fmt: skip
    unknown = _read_address(options)
    chosen = {name: st.session_state[_key(name)] for name in NAMES}
    told = tuple(options[name][value] for name, value in chosen.items() if value)
    # A label that counted them would make another control of it, which folds itself.
    folded = st.expander("Bộ lọc khác", key="kh-filters", on_change="rerun")
    if folded.open:  # its fields are drawn when it is opened: they are the heaviest part of the first page
        with folded:
            _fields(options)
    elif told:
        st.html(markup.div("small", escape(f"Đang lọc: {', '.join(told)}.")))
    if unknown:
        missing = ", ".join(unknown)
        st.html(markup.notice(f"Bộ lọc của liên kết không có ở đây: {missing}.", "Hãy chọn lại trong «Bộ lọc khác»."))
    return Chosen(_filter(chosen, plans), told, unknown)


def _fields(options: dict[str, dict[str, str]]) -> None:
    with st.container(horizontal=True):
        for name in NAMES:
            st.selectbox(
                _LABELS[name],
                options[name],
                format_func=options[name].__getitem__,
                key=_key(name),
                on_change=_write_address,
            )


def clear() -> None:
    """Take all filters away."""
    for name in NAMES:
        st.session_state[_key(name)] = ""
    _write_address()


def plan_names(documents: Sequence[Document]) -> dict[str, str]:
    """What each plan is called in the list → its id, by name; plans of the same name are told apart by a number."""
    named: dict[str, str] = {}
    for document in sorted(documents, key=lambda d: (alphabetical(d.province), d.number, d.id)):
        name = " – ".join(filter(None, [document.province, document.number])) or document.title or document.id
        base, times = name[:MAX_VALUE], 1
        while (name := base if times == 1 else f"{base} ({times})") in named:
            times += 1
        named[name] = document.id
    return named


def _filter(chosen: dict[str, str], plans: dict[str, str]) -> Filter:
    return Filter(
        documents=frozenset({plans[chosen["plan"]]}) if chosen["plan"] else None,
        kinds=PARTS[chosen["part"]][1],
        agencies=frozenset({chosen["agency"]}) if chosen["agency"] else None,
    )


def _key(name: str) -> str:
    return f"filter-{name}"


def _address() -> dict[str, str]:
    return {name: st.query_params.get(name, "")[:MAX_VALUE] for name in NAMES}


def _read_address(options: dict[str, dict[str, str]]) -> tuple[str, ...]:
    """Let the fields follow the address when it was changed from outside; what it names and there is not."""
    state, now = st.session_state, _address()
    if state.get("filter-address") != now and not address.outrun():
        state["filter-address"] = now
        for name in NAMES:
            state[_key(name)] = now[name] if now[name] in options[name] else ""
    for name in NAMES:  # a plan may have gone since; a field that was not drawn forgets what it held: it is said again
        held = state.get(_key(name), now[name])
        state[_key(name)] = held if held in options[name] else ""
    return tuple(f"{_LABELS[name].lower()} «{now[name]}»" for name in NAMES if now[name] not in options[name])


def _write_address() -> None:
    """Put the filters into the address, beside what is not ours."""
    own = {name: st.session_state[_key(name)] for name in NAMES}
    address.put({name: values for name, values in address.now().items() if name not in NAMES} | own)
    st.session_state["filter-address"] = _address()
