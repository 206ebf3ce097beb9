"""Which agency is looked at, and what of its tasks: what the fields hold and the address tells.

All of it lives in the address (`?agency=…&role=…&province=…&due=…`): a link opens the same list again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from answer.task_words import ROLE_NAMES
from ingest.model import Role
from ingest.provinces import canonical_province
from ui import address
from ui.fields import ALL

MAX_NAME = 200
CHOOSE = "Chọn trong danh sách"
ROLES = {"": "Mọi vai trò"} | {role.value: ROLE_NAMES[role].capitalize() for role in Role}
DAYS = {"": "Mọi thời hạn"} | {str(days): f"Đến hạn trong {days} ngày" for days in (30, 90, 180, 365)}
_LABELS = {"agency": "Tên cơ quan", "role": "Vai trò", "province": "Tỉnh, thành phố", "due": "Thời hạn"}
_LISTED = ("agency", "agency_listed")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The agency as it was typed or chosen, "" when none is; None restricts nothing."""

    agency: str
    role: Role | None
    province: str | None
    days: int | None
    unknown: str = ""  # what the address asks for beyond that, and there is not: «vai trò «vua»»


def draw(names: Sequence[str], provinces: Sequence[str]) -> Chosen:
    """Draw the fields, filled from the address, and return what they hold. Filters stand where there is an agency."""
    now = _now()
    state = st.session_state
    state["agency_typed"] = now["agency"]
    state["agency_listed"] = now["agency"] if now["agency"] in names else CHOOSE
    typing, listing = st.columns(2)
    with typing:
        st.text_input(
            _LABELS["agency"],
            key="agency_typed",
            placeholder="Ví dụ: Sở Xây dựng, sở lđtbxh",
            on_change=_put,
            args=("agency", "agency_typed"),
        )
    with listing:
        st.selectbox("Hoặc chọn", [CHOOSE, *names], key="agency_listed", on_change=_put, args=_LISTED)
    if now["agency"].strip():
        _draw_filters(now, provinces)
    days = now["due"]
    role, province = now["role"], now["province"]
    return Chosen(
        now["agency"].strip(),
        Role(role) if role else None,
        province or None,
        int(days) if days else None,
        state["agency_unknown"],
    )


def _draw_filters(now: dict[str, str], provinces: Sequence[str]) -> None:
    # One of the address that has no plan is kept: the list says so, where nothing chosen would show them all.
    places = {"": ALL} | {name: name for name in (*provinces, now["province"]) if name}
    options = {"role": ROLES, "province": places, "due": DAYS}
    for column, (name, choices) in zip(st.columns(len(options)), options.items(), strict=True):
        key = f"agency_{name}"
        st.session_state[key] = now[name]
        with column:
            st.selectbox(
                _LABELS[name], choices, format_func=choices.__getitem__, key=key, on_change=_put, args=(name, key)
            )


def _put(name: str, key: str) -> None:
    """Take over what a field holds, and put it into the address; the browser remembers the one before."""
    state = st.session_state
    state["agency_now"][name] = "" if state[key] == CHOOSE else state[key][:MAX_NAME]
    address.put({each: value.strip() for each, value in state["agency_now"].items()})
    state["agency_address"], state["agency_unknown"] = address.now(), ""


def _now() -> dict[str, str]:
    """What the fields hold: the address, when it was changed from outside (a link, the back button). Kept apart from
    the fields' own state, which goes with a field that is not drawn."""
    state, opened = st.session_state, address.now()
    if "agency_now" not in state or (state["agency_address"] != opened and not address.outrun()):
        asked = {name: st.query_params.get(name, "") for name in _LABELS}
        asked |= {name: asked[name][:MAX_NAME] for name in ("agency", "province")}
        asked["province"] = canonical_province(asked["province"]) or asked["province"]
        odd = [name for name, choices in (("role", ROLES), ("due", DAYS)) if asked[name] not in choices]
        state["agency_unknown"] = ", ".join(f"{_LABELS[name].lower()} «{asked[name][:MAX_NAME]}»" for name in odd)
        asked |= dict.fromkeys(odd, "")
        state["agency_now"], state["agency_address"] = asked, opened
    now: dict[str, str] = state["agency_now"]
    return now
