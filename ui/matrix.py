"""The tab «Ma trận chỉ tiêu»: the same indicator of several plans side by side.

What is chosen lives in the address under names of its own (`m-…`): a link opens the same part of the matrix again, and
the other fields of the page keep theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from answer.indicators.matrix import Matrix, matrix_of
from answer.indicators.present import matrix_table
from answer.indicators.select import Choice, Selection, groups_of, select, years_of
from ingest.clean import alphabetical
from ui import address, components, download, indicators, markup, services

PREFIX = "m-"
ALL_GROUPS, ALL_YEARS, ALL = "Tất cả các nhóm", "Tất cả các năm", "Tất cả các tỉnh"
_MANY = 8  # plans, above which one group is shown at first: a table of all would be larger than a page can be


def draw() -> None:
    """Draw the tab."""
    with components.calm():
        searcher = services.searcher()
        with st.spinner("Đang đối chiếu chỉ tiêu…"):
            matrix = matrix_of(searcher)
        if not matrix.rows:
            st.html(markup.notice("Các kế hoạch trong kho không nêu chỉ tiêu nào.", ""))
            return
        choice = _choose(matrix)
        selection = select(matrix, choice)
        if not selection.rows and not selection.alone:
            st.html(markup.notice("Không có chỉ tiêu nào như đã chọn.", "Bỏ bớt điều kiện lọc."))
            return
        st.html(indicators.summary(selection))
        if selection.rows:
            st.html(indicators.table(selection))
        download.buttons(matrix_table(selection, choice, date.today()), "chi-tieu")
        _draw_chart(selection)
        _draw_alone(selection)


def _choose(matrix: Matrix) -> Choice:
    groups, years = groups_of(matrix), years_of(matrix)
    provinces = sorted({d.province for d in matrix.documents if d.province}, key=alphabetical)
    _read_address(groups, [str(year) for year in years], provinces, len(matrix.documents) > _MANY)
    group = st.selectbox("Nhóm chỉ tiêu", [ALL_GROUPS, *groups], key="m-group", on_change=_write_address)
    left, right = st.columns([1, 2], vertical_alignment="bottom")
    with left:
        year = st.selectbox("Năm", [ALL_YEARS, *map(str, years)], key="m-year", on_change=_write_address)
    with right:
        chosen = st.multiselect(
            "Tỉnh, thành phố", provinces, key="m-province", placeholder=ALL, on_change=_write_address
        )
    differing = st.toggle("Chỉ những chỉ tiêu khác nhau", key="m-differing", on_change=_write_address)
    return Choice(
        "" if group == ALL_GROUPS else group, None if year == ALL_YEARS else int(year), tuple(chosen), differing
    )


def _draw_chart(selection: Selection) -> None:
    rows = [row for row in selection.rows if indicators.drawable(row, selection)]
    if not rows:
        return
    components.part("Biểu đồ của một chỉ tiêu")
    names = indicators.names(rows)
    if st.session_state.get("m-chart") not in names:
        st.session_state["m-chart"] = names[0]
    name = st.selectbox("Chỉ tiêu", names, key="m-chart", on_change=_write_address)
    st.html(indicators.chart(rows[names.index(name)], selection))


def _draw_alone(selection: Selection) -> None:
    if not selection.alone:
        return
    components.part("Chỉ tiêu chỉ có ở một kế hoạch")
    names = selection.names
    for document, rows in selection.alone.items():
        with st.expander(f"{names[document]} ({len(rows)})"):
            st.html(indicators.alone(rows))


def _address() -> dict[str, list[str]]:
    return {name: values for name, values in address.now().items() if name.startswith(PREFIX)}


def _read_address(groups: Sequence[str], years: Sequence[str], provinces: Sequence[str], many: bool) -> None:
    """Let the fields follow the address when it was changed from outside; what it names and is not there is ignored."""
    state, now = st.session_state, _address()
    if state.get("m-address") != now and not address.outrun():
        first = {name: values[-1] for name, values in now.items() if values}
        state["m-group"] = first.get("m-group", groups[0] if many and not now else ALL_GROUPS)
        state["m-year"] = first.get("m-year", ALL_YEARS)
        state["m-province"] = now.get("m-province", [])
        state["m-differing"] = "m-differing" in first
        state["m-chart"] = first.get("m-chart", "")
        state["m-address"] = now
    if state.get("m-group") not in groups:
        state["m-group"] = ALL_GROUPS
    if state.get("m-year") not in years:
        state["m-year"] = ALL_YEARS
    state["m-province"] = [name for name in dict.fromkeys(state.get("m-province", [])) if name in provinces]
    state["m-differing"] = bool(state.get("m-differing"))


def _write_address() -> None:
    """Put the fields into the address, beside those that are not ours."""
    state = st.session_state
    others = {name: values for name, values in address.now().items() if not name.startswith(PREFIX)}
    own = {
        "m-group": [state["m-group"]] if state["m-group"] != ALL_GROUPS else [],
        "m-year": [state["m-year"]] if state["m-year"] != ALL_YEARS else [],
        "m-province": list(state["m-province"]),
        "m-differing": ["1"] if state["m-differing"] else [],
        "m-chart": [state["m-chart"]] if state.get("m-chart") else [],
    }
    address.put(others | own)
    state["m-address"] = _address()
