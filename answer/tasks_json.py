"""The JSON of `kehoach tasks`: the contract that other people's scripts rely on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from answer.agency import ListedAgency
from answer.due import Deadline
from answer.standing import standing
from answer.task_words import former_note, notes
from answer.tasks import AgencyTasks, Task, counts_by_role, plans
from answer.tasks_table import due_tasks, next_due
from ingest.model import Document
from ingest.reorganisation import Change


def to_json(found: AgencyTasks, today: date, days: int | None = None) -> dict[str, Any]:
    """An agency's tasks: `items` and those that only may belong to it (`possible`); with `days` only what is due within
    so many days of `today`, soonest first. `counts`, by role, and `plans` are of these `items`."""
    items, possible = due_tasks(found.items, today, days), due_tasks(found.possible, today, days)
    return {
        "asked": found.asked,
        "agency": found.agency,
        "names": [{"name": found.agency, "function": None, "source": None, "since": None, "split": False}]
        + [_former_json(change, False) for change in found.whole]
        + [_former_json(change, True) for change in found.split],
        "province": found.province,
        "role": found.role.value if found.role else None,
        "date": today.isoformat(),
        "due_days": days,
        "counts": {role.value: count for role, count in counts_by_role(items).items()},
        "plans": [_plan_json(document, own) for document, own in plans(items)],
        "items": [task_json(task, today) for task in items],
        "possible": [task_json(task, today) for task in possible],
        "unassigned": sum(found.unassigned.values()),
        "reported": found.reported,
        "shared": found.shared,
        "notes": list(notes(found)),
    }


def agency_json(agency: ListedAgency) -> dict[str, Any]:
    """An agency of the plans, with its counts by role and its printed forms."""
    return {
        "name": agency.name,
        "counts": {role.value: count for role, count in agency.roles.items()},
        "variants": [{"text": text, "count": count} for text, count in agency.variants],
        "provinces": list(agency.provinces),
    }


def _former_json(change: Change, split: bool) -> dict[str, Any]:
    told = {"name": change.former, "function": change.function or None, "source": change.source}
    return told | {"since": change.since.isoformat(), "split": split}


def _plan_json(document: Document, own: Sequence[Task]) -> dict[str, Any]:
    counts = {role.value: count for role, count in counts_by_role(own).items()}
    told = {"province": document.province, "number": document.number, "items": len(own), "counts": counts}
    return told | {"standing": standing(document) or None}


def task_json(task: Task, today: date) -> dict[str, Any]:
    """One task; `deadline` is the first of `deadlines`, `next_due` the nearest day from `today` on."""
    clause, day = task.clause, next_due(task, today)
    times = [_deadline_json(deadline) for deadline in task.deadlines]
    return {
        "province": task.document.province,
        "number": task.document.number,
        "clause_id": clause.id,
        "kind": clause.kind.value,
        "type": task.kind,
        "group": task.group,
        "section": [section.text for section in clause.section],
        "label": task.label,
        "content": task.content,
        "target": task.target or None,
        "text": clause.text,
        "roles": [role.value for role in task.roles],
        "names": list(task.names),
        "quote": task.quotes[0],
        "quotes": list(task.quotes),
        "deadline": times[0] if times else None,
        "deadlines": times,
        "next_due": day.isoformat() if day else None,
        "part": task.part or None,
        "note": former_note(task) or None,
        "standing": task.standing or None,
        "lines": [clause.place.first, clause.place.last],
        "page": clause.place.page,
    }


def _deadline_json(deadline: Deadline) -> dict[str, Any]:
    first, last, until = (day.isoformat() if day else None for day in (deadline.first, deadline.last, deadline.until))
    told = {"text": deadline.text, "from": first, "to": last, "yearly": deadline.yearly}
    return told | {"every_months": deadline.every, "until": until}
