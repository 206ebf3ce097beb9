"""What an agency is charged with in all plans: every target, task and paragraph in which it has a role.

Asked with today's name, the clauses of its predecessors are found too. Where a predecessor was split, those that speak
of the part that went to this agency only may belong to it, and stand apart.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from answer.agency import documents_of, only_opens, recognised_agency
from answer.cite import label
from answer.due import Deadline, deadlines, due
from answer.functions import part_named
from answer.places import provinces_of, recognised_province
from answer.standing import standing
from index.filter import Filter
from index.search import Searcher
from ingest.model import Clause, ClauseKind, Document, Role
from ingest.reorganisation import Change, is_split, predecessors

DUTIES = (Role.LEAD, Role.COORDINATING, Role.ADVISING)
SOON = 90  # days
COLLECTIVE = "Các sở, ban, ngành"
_MARKER = re.compile(r"^\s*[-+•*]\s+")
_EARLIEST = date(2000, 1, 1)  # of a plan without a date: nothing in it is told to be past


@dataclass(frozen=True, slots=True)
class Task:
    """A clause in which the agency has a role, once, whatever number of roles it has there.

    `names` are the canonical names found in it, `quotes` what the plan prints. `part` is the part of a split agency's
    functions by which the clause may belong to the agency asked for, "" where it does.
    """

    document: Document
    clause: Clause
    names: tuple[str, ...]
    roles: tuple[Role, ...]
    quotes: tuple[str, ...]
    deadlines: tuple[Deadline, ...]
    part: str = ""

    @property
    def kind(self) -> str:
        """«target», «task» (rows of a table) or «paragraph»."""
        cells = self.clause.row.cells if self.clause.row else {}
        return "target" if "indicator" in cells else "task" if self.clause.row else "paragraph"

    @property
    def content(self) -> str:
        """What is to be done: the row's indicator or task, with that of the row it belongs to; else the text."""
        row = self.clause.row
        if row is None:
            return _MARKER.sub("", self.clause.text)
        own = row.cells.get("task") or row.cells.get("indicator") or self.clause.text
        return f"{row.parent_text}: {own}" if row.parent_text else own

    @property
    def group(self) -> str:
        """The table's group; elsewhere, or in a table without groups, the outermost heading."""
        if self.clause.row and self.clause.row.group:
            return self.clause.row.group
        return self.clause.section[0].text if self.clause.section else ""

    @property
    def target(self) -> str:
        """The values of a row's targets with their columns: «Đến năm 2025: 95; Đến năm 2030: 98 (%)»."""
        row = self.clause.row
        values = [(role, text) for role, text in row.cells.items() if role.startswith("target_")] if row else []
        if row is None or not values:
            return ""
        unit = f" ({row.cells['unit']})" if row.cells.get("unit") else ""
        return "; ".join(f"{row.columns.get(role, role)}: {text}" for role, text in values) + unit

    @property
    def label(self) -> str:
        """The citation, as an official writes it."""
        return label(self.clause, self.document)

    @property
    def standing(self) -> str:
        """What became of the plan itself; "" when nothing did."""
        return standing(self.document)


@dataclass(frozen=True, slots=True)
class AgencyTasks:
    """The answer. `agency` is the canonical name of what was asked; `whole` are predecessors whose tasks are among
    `items`, `split` those of whose tasks some may belong to it (`possible`) and `unassigned` do not show it, by name.

    `reported` counts clauses that name it only as the one reported to, `shared` those that charge all departments.
    """

    asked: str
    agency: str
    province: str | None
    role: Role | None
    items: tuple[Task, ...]
    possible: tuple[Task, ...]
    whole: tuple[Change, ...]
    split: tuple[Change, ...]
    unassigned: Mapping[str, int]
    reported: int
    shared: int

    @property
    def names(self) -> tuple[str, ...]:
        """The canonical names under which `items` were looked for: its own, then its predecessors'."""
        return tuple(dict.fromkeys([self.agency, *(change.former for change in self.whole)]))


@dataclass(frozen=True, slots=True)
class Due:
    """A task with a day on which it is due next."""

    day: date
    deadline: Deadline
    task: Task


def agency_tasks(searcher: Searcher, asked: str, province: str | None = None, role: Role | None = None) -> AgencyTasks:
    """Everything that an agency is charged with, by plan in its own order.

    Args:
        asked: the agency's name in any spelling, of then or of today.
        province: only plans of this province, or of those that went into it.
        role: only this role; None is any duty, and does not count being reported to.

    Raises:
        QuestionError: an agency or province that is not known; the nearest names are offered.
        IndexStateError: no plan in the index.
    """
    provinces = frozenset(document.province for document in documents_of(searcher) if document.province)
    agency = recognised_agency(asked, searcher.agencies())
    where = recognised_province(province, provinces) if province else None
    changes = [change for change in predecessors(agency) if change.kind == "agency"]
    whole = tuple(c for c in changes if not is_split(c.former))
    split = tuple(c for c in changes if is_split(c.former))
    names = {agency, *(c.former for c in whole)}
    wanted = frozenset((role,) if role else DUTIES)
    found = _tasks(searcher, names, where)
    former = _tasks(searcher, {c.former for c in split}, where) if split else []
    possible = tuple(_with_part(task, split) for task in former if wanted & set(task.roles))
    return AgencyTasks(
        asked, agency, where, role,
        items=tuple(task for task in found if wanted & set(task.roles)),
        possible=tuple(task for task in possible if task.part),
        whole=whole,
        split=split,
        unassigned=Counter(name for task in possible if not task.part for name in task.names),
        reported=sum(task.roles == (Role.REPORTING_TO,) for task in found),
        shared=_shared(searcher, where) if agency.startswith("Sở ") else 0,
    )  # fmt: skip


def counts_by_role(items: Iterable[Task]) -> dict[Role, int]:
    """Tasks by role; one with two roles counts under both."""
    counted = Counter(role for task in items for role in task.roles)
    return {role: counted[role] for role in Role if counted[role]}


def due_soon(items: Sequence[Task], today: date, days: int = SOON) -> list[Due]:
    """What is due within so many days of a day, soonest first, then by plan; what comes again once, at its next day."""
    found = []
    last = date.fromordinal(min(today.toordinal() + days, date.max.toordinal()))
    for task in items:
        dated = [(day, deadline) for deadline in task.deadlines if (day := due(deadline, today))]
        if dated:
            day, deadline = min(dated, key=lambda pair: pair[0])
            if day <= last:
                found.append(Due(day, deadline, task))
    return sorted(found, key=lambda item: item.day)


def overdue(items: Sequence[Task], today: date) -> list[Task]:
    """Tasks whose every day is past; the plans do not say whether they were done."""
    dated = [(task, [d for d in task.deadlines if d.last is not None]) for task in items]
    return [task for task, days in dated if days and not any(due(deadline, today) for deadline in days)]


def plans(items: Iterable[Task]) -> list[tuple[Document, list[Task]]]:
    """Tasks by plan, plans by province and number; the order of the tasks of a plan stays."""
    found: dict[str, tuple[Document, list[Task]]] = {}
    for task in items:
        found.setdefault(task.document.id, (task.document, []))[1].append(task)
    return sorted(found.values(), key=lambda plan: (plan[0].province, plan[0].number, plan[0].id))


def _with_part(task: Task, split: Sequence[Change]) -> Task:
    """The task with the part of its agency's functions that went to the one asked for, if it is about one."""
    spoken = task.content if task.clause.row else task.clause.text
    parts = [part_named(c.function, spoken) for c in split if c.former in task.names]
    part = next(filter(None, parts), "")
    return replace(task, part=part)


def _tasks(searcher: Searcher, names: Iterable[str], province: str | None) -> list[Task]:
    """Clauses that name one of these agencies with a role."""
    wanted = frozenset(names)
    tasks = [_task(document, clause, wanted) for document, clause in _naming(searcher, wanted, province)]
    own: defaultdict[str, list[Clause]] = defaultdict(list)
    for task in tasks:
        own[task.document.id].append(task.clause)
    return [task for task in tasks if not only_opens(task.clause, own[task.document.id])]


def _naming(searcher: Searcher, names: frozenset[str], province: str | None) -> list[tuple[Document, Clause]]:
    provinces = frozenset(provinces_of(province)) if province else None
    return searcher.matching(Filter(provinces=provinces, agencies=names))


def _shared(searcher: Searcher, province: str | None) -> int:
    """How many clauses charge all departments together."""
    found = _naming(searcher, frozenset((COLLECTIVE,)), province)
    items = [clause for _, clause in found if clause.kind is not ClauseKind.HEADING]
    return sum(any(m.name == COLLECTIVE and m.role is Role.LEAD for m in clause.agencies) for clause in items)


def _task(document: Document, clause: Clause, wanted: frozenset[str]) -> Task:
    mentions = [m for m in clause.agencies if m.name in wanted]
    roles = tuple(role for role in Role if any(m.role is role for m in mentions))
    names = tuple(dict.fromkeys(m.name for m in mentions))
    quotes = tuple(dict.fromkeys(" ".join(m.quote.split()) for m in mentions))
    return Task(document, clause, names, roles, quotes, _deadlines(document, clause))


def _deadlines(document: Document, clause: Clause) -> tuple[Deadline, ...]:
    """What comes again does so until the end of the years that the plan is for, where it says which."""
    years = re.findall(r"20\d\d", document.period)
    found = deadlines(clause, document.issued or _EARLIEST)
    return tuple(replace(d, until=date(int(years[-1]), 12, 31)) if years and d.every else d for d in found)
