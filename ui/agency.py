"""Cơ quan: what an agency is charged with in all plans, by plan and group, and what of it is due.

What is looked at lives in the address (`ui.agency_fields`): a link opens the same list again.
"""

from __future__ import annotations

from datetime import date
from html import escape

import streamlit as st

from answer.agency import ListedAgency
from answer.task_words import notes, total_told
from answer.tasks import SOON, AgencyTasks, agency_tasks, due_soon, overdue
from answer.tasks_table import tasks_table
from ingest.clean import alphabetical, fold
from ingest.reorganisation import reorganisation
from ui import agency_fields, components, download, markup, services, task_markup
from ui.agency_fields import Chosen
from ui.links import agency_link

NEXT = 5  # of what is due soon, shown above the plans


def main() -> None:
    """Draw the page."""
    components.title("Cơ quan", "Một cơ quan được giao những gì trong các kế hoạch, thời hạn nào.")
    st.html(task_markup.STYLE)
    with components.calm():
        if not services.documents():
            components.empty()
            return
        listed = services.agencies()
        provinces = {d.province for d in services.documents() if d.province}
        chosen = agency_fields.draw(_names(listed), sorted(provinces, key=alphabetical))
        if chosen.unknown:
            told = f"Liên kết ghi {chosen.unknown}, ở đây không có."
            st.html(markup.notice(told, "Hãy chọn trong các ô trên; nay xem tất cả."))
        if not chosen.agency:
            _list(listed)
            return
        with components.calm():
            found = agency_tasks(services.searcher(), chosen.agency, chosen.province, chosen.role)
            _show(found, chosen, services.today())
            return
        _list(listed)


def _names(listed: list[ListedAgency]) -> list[str]:
    """Names to choose from: those of the plans, and those of today that have functions of theirs."""
    printed = [agency.name for agency in listed]
    changes = [change for name in printed for change in reorganisation().former.get(name, ())]
    today = {change.today for change in changes if change.kind == "agency" and change.today}
    return sorted({*printed, *today}, key=alphabetical)


def _list(listed: list[ListedAgency]) -> None:
    components.part("Các cơ quan trong kho")
    st.html(task_markup.agencies_table(listed))


def _show(found: AgencyTasks, chosen: Chosen, today: date) -> None:
    typed = f" · đã gõ «{escape(found.asked)}»" if fold(found.asked) != fold(found.agency) else ""
    total = markup.div("lead", f"{escape(total_told(found.items))}{typed}")
    st.html(f'<h2 class="kh-part" lang="vi">{escape(found.agency)}</h2>{total}{task_markup.notes(notes(found))}')
    if found.items or found.possible:
        download.buttons(tasks_table(found, today, chosen.days), f"nhiem-vu-{found.agency}")
    if chosen.days is None:
        _show_next(found, chosen, today)
        _show_plans(found)
    else:
        _show_due(found, chosen.days, today)


def _show_next(found: AgencyTasks, chosen: Chosen, today: date) -> None:
    """The next few things that are due; all of them are a click away."""
    soon = due_soon(found.items, today)
    if not found.items:
        return
    components.part(f"Sắp đến hạn trong {SOON} ngày ({len(soon)})")
    past = overdue(found.items, today)
    told = [f"{len(past)} việc có thời hạn đã qua." if past else "", "" if soon else "Không có việc nào đến hạn."]
    st.html(markup.div("lead", " ".join(filter(None, told))) + task_markup.by_day(soon[:NEXT]))
    if len(soon) > NEXT:
        more = {"role": chosen.role.value if chosen.role else "", "province": chosen.province or "", "due": str(SOON)}
        link = agency_link(found.asked, **{name: value for name, value in more.items() if value})
        st.html(f'<a class="kh-open" lang="vi" href="{escape(link)}">Xem cả {len(soon)} việc sắp đến hạn</a>')


def _show_plans(found: AgencyTasks) -> None:
    if found.items:
        components.part("Theo kế hoạch")
        st.html(task_markup.by_plan(found.items))
    if found.possible:
        components.part(f"Có thể thuộc {found.agency} ({len(found.possible)})")
        st.html(task_markup.by_plan(found.possible))


def _show_due(found: AgencyTasks, days: int, today: date) -> None:
    soon = due_soon(found.items, today, days)
    components.part(f"Đến hạn trong {days} ngày ({len(soon)})")
    st.html(task_markup.by_day(soon) if soon else markup.div("lead", "Không có việc nào đến hạn."))
    if possible := due_soon(found.possible, today, days):
        components.part(f"Có thể thuộc {found.agency} ({len(possible)})")
        st.html(task_markup.by_day(possible))


if __name__ == "__main__":
    main()
