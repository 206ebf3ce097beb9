"""HTML of an agency's tasks. Pure functions: values in, HTML out, all document text escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from html import escape
from itertools import groupby

from answer.agency import ListedAgency
from answer.cite import document_label
from answer.result import Citation
from answer.task_words import ROLE_NAMES, deadlines_told, full_day, lines_told, total_told
from answer.tasks import Due, Task, plans
from ingest.model import Document, Role
from ui.later import later_links
from ui.links import agency_link, citation_link

_OPEN = 60  # tasks up to which all plans are unfolded
_VARIANTS = 6
STYLE = """<style>
.kh-task { padding: .55rem 0 .6rem; border-bottom: 1px solid var(--kh-line); }
.kh-task p { margin: 0 0 .25rem; line-height: 1.5; overflow-wrap: anywhere; }
.kh-task-facts { display: flex; flex-wrap: wrap; gap: .15rem .7rem; font-size: .88rem; line-height: 1.5rem; }
.kh-task-facts span { overflow-wrap: anywhere; }
.kh-task .kh-small a { white-space: nowrap; margin-left: .3rem; }
.kh-day { font-weight: 650; font-variant-numeric: tabular-nums; }
.kh-lead-role { background: var(--kh-link); color: var(--kh-paper); box-shadow: none; }
.kh-plan { border: 1px solid var(--kh-line); border-radius: 8px; margin: .6rem 0; padding: 0 .9rem; }
.kh-plan > summary { cursor: pointer; padding: .6rem 0; font-weight: 600; overflow-wrap: anywhere; }
.kh-plan > summary small { font-weight: 400; color: var(--kh-soft); font-size: .88rem; }
.kh-plan > summary:focus-visible { outline: 2px solid var(--kh-link); }
.kh-plan .kh-task:last-child { border: 0; }
.kh-group { font-size: .85rem; font-weight: 600; color: var(--kh-soft); margin: .6rem 0 0; padding: 0; }
.stHtml ul.kh-notes { margin: .3rem 0 0; padding-left: 1.1rem; font-size: .9rem; color: var(--kh-soft); }
.kh-notes li { margin: 0 0 .15rem; font-size: inherit; line-height: 1.5; overflow-wrap: anywhere; }
.kh-agencies td { white-space: nowrap; }
@media (max-width: 640px) { .kh-plan { padding: 0 .6rem; } .kh-agencies th small { font-size: .75rem; } }
</style>"""


def notes(texts: Sequence[str]) -> str:
    """What should be known of the list."""
    return f'<ul class="kh-notes" lang="vi">{"".join(f"<li>{escape(text)}</li>" for text in texts)}</ul>'


def by_plan(items: Sequence[Task]) -> str:
    """Tasks by plan, which folds, and by group."""
    unfolded = " open" if len(items) <= _OPEN else ""
    return "".join(_plan(document, own, unfolded) for document, own in plans(items))


def by_day(soon: Iterable[Due]) -> str:
    """What is due, soonest first."""
    cards = (task_card(item.task, whole_label=True, day=item.day, printed=item.deadline.text) for item in soon)
    return f'<div lang="vi">{"".join(cards)}</div>'


def task_card(task: Task, *, whole_label: bool = False, day: date | None = None, printed: str = "") -> str:
    """One task: what is to be done, roles, deadline, target, and the way to the source."""
    facts = [_role(role) for role in task.roles]
    if day:
        facts.append(f'<span class="kh-day">{full_day(day)}</span>')
        facts.append(f"<span>{escape(printed)}</span>" if printed != full_day(day) else "")
    elif task.deadlines:
        facts.append(f"<span>Hạn: {escape(deadlines_told(task))}</span>")
    facts.append(f"<span>Mục tiêu: {escape(task.target)}</span>" if task.target else "")
    facts.append(f"<span>Nói đến: {escape(task.part)}</span>" if task.part else "")
    facts.append(f"<span>Kế hoạch ghi: {escape('; '.join(task.quotes))}</span>" if _other_print(task) else "")
    label = task.label if whole_label else _place(task)
    return (
        f'<article class="kh-task"><p>{escape(task.content)}</p><div class="kh-task-facts">{"".join(facts)}</div>'
        f'<div class="kh-small">{escape(label)} ({lines_told(task)}) '
        f'<a class="kh-open" href="{escape(_link(task))}">Mở nguồn</a></div>'
        f"{later_links(task.document) if whole_label else ''}</article>"
    )


def agencies_table(listed: Iterable[ListedAgency]) -> str:
    """The agencies of the plans: a link to the tasks of each, counts by role, printed forms."""
    heads = "".join(f'<th scope="col">{name.capitalize()}</th>' for name in ROLE_NAMES.values())
    rows = "".join(_agency_row(agency) for agency in listed)
    return (
        '<div class="kh-wide"><table class="kh-figures kh-agencies" lang="vi"><thead><tr><th scope="col">Cơ quan</th>'
        f"{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _agency_row(agency: ListedAgency) -> str:
    forms = [text for text, _ in agency.variants if text != agency.name]
    more = f" và {len(forms) - _VARIANTS} cách khác" if len(forms) > _VARIANTS else ""
    printed = f"<small>còn in là: {escape('; '.join(forms[:_VARIANTS]))}{more}</small>" if forms else ""
    counts = "".join(f"<td>{agency.roles.get(role) or '–'}</td>" for role in ROLE_NAMES)
    link = f'<a href="{escape(agency_link(agency.name))}">{escape(agency.name)}</a>'
    return f'<tr><th scope="row">{link}{printed}</th>{counts}</tr>'


def _plan(document: Document, own: Sequence[Task], unfolded: str) -> str:
    name = " · ".join(filter(None, [document.province, document.number])) or document.file
    groups = (
        f'<h3 class="kh-group">{escape(group)}</h3>{"".join(task_card(task) for task in members)}'
        for group, members in groupby(own, lambda task: task.group)
    )
    return (
        f'<details class="kh-plan" lang="vi"{unfolded}><summary>{escape(name)} '
        f"<small>{escape(total_told(tuple(own)))}</small></summary>{later_links(document)}{''.join(groups)}</details>"
    )


def _role(role: Role) -> str:
    name = "kh-chip kh-lead-role" if role is Role.LEAD else "kh-chip"
    return f'<span class="{name}">{ROLE_NAMES[role]}</span>'


def _place(task: Task) -> str:
    """The citation without the plan, which stands above."""
    return task.label.removesuffix(document_label(task.document)).rstrip(", ") or task.label


def _other_print(task: Task) -> bool:
    """Whether the plan prints another name than the canonical one."""
    return any(quote.casefold() not in {name.casefold() for name in task.names} for quote in task.quotes)


def _link(task: Task) -> str:
    """Address of the source, with the printed name marked where the clause itself holds it."""
    citation = Citation(task.clause, task.document, 0.0)
    at = citation.text.find(task.quotes[0]) if task.quotes else -1
    quote = (at, at + len(task.quotes[0])) if at >= 0 else None
    return citation_link(Citation(task.clause, task.document, 0.0, quote=quote))
