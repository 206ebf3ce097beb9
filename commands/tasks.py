"""`kehoach tasks`: what an agency is charged with in all plans, what of it is due, and which agencies there are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from textwrap import shorten

from answer.agency import listed_agencies
from answer.standing import standing
from answer.task_words import counts_told, deadlines_told, full_day, lines_told, notes, roles_told, total_told
from answer.tasks import SOON, AgencyTasks, Due, Task, agency_tasks, due_soon, overdue, plans
from answer.tasks_json import agency_json, to_json
from answer.tasks_table import tasks_table
from commands.files import write_all
from commands.output import say
from index.search import Searcher
from ingest.errors import InputError
from ingest.model import Role
from ingest.settings import Settings

_MOST_DAYS = 36_500
_YEARS = range(1900, 2200)  # deadlines that come again are counted up to the day
_WIDTH, _VARIANTS = 200, 4


@dataclass(frozen=True, slots=True)
class Choice:
    """What is to be listed: role and province (all when None), and only what is due within `days` of `today`."""

    role: Role | None
    province: str | None
    days: int | None
    today: date


def choice(role: str, province: str | None, due: str, on: str) -> Choice:
    """Read the options as they were typed.

    Raises:
        InputError: a role, a number of days or a day that is none.
    """
    roles = {r.value: r for r in Role}
    if role and role not in roles:
        raise InputError(f"Không có vai trò «{role}».", f"Dùng --role {', '.join(roles)}.")
    days = None
    if due:
        if not (due.isascii() and due.isdigit() and int(due[:9]) <= _MOST_DAYS):
            raise InputError(f"--due = «{due}» không phải số ngày.", f"Ghi một số từ 0 đến {_MOST_DAYS}: --due 90.")
        days = int(due)
    return Choice(roles.get(role), province, days, _day(on) if on else date.today())


def _day(text: str) -> date:
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            day = datetime.strptime(text, form).date()
        except ValueError:
            continue
        if day.year in _YEARS:
            return day
    raise InputError(f"--date = «{text}» không phải một ngày.", "Ghi như 2026-11-30 hoặc 30/11/2026.")


def tasks(agency: str, chosen: Choice, paths: Sequence[Path], as_json: bool, settings: Settings) -> int:
    """List an agency's tasks on the terminal or as JSON, and write them to files."""
    with Searcher.open(settings.home, settings.encoder, where=settings.engine) as searcher:
        found = agency_tasks(searcher, agency, chosen.province, chosen.role)
    write_all(lambda: tasks_table(found, chosen.today, chosen.days), paths)
    if as_json:
        say(json.dumps(to_json(found, chosen.today, chosen.days), ensure_ascii=False))
    elif paths:
        for path in paths:
            more = f", thêm {len(found.possible)} việc có thể thuộc cơ quan này" if found.possible else ""
            say(f"Đã ghi {path}: {found.agency}, {total_told(found.items)}{more}.")
    else:
        _print(found, chosen)
    return 0


def agencies(settings: Settings, as_json: bool) -> int:
    """List the agencies of the plans with their counts and printed forms."""
    with Searcher.open(settings.home, settings.encoder, where=settings.engine) as searcher:
        listed = listed_agencies(searcher)
    if as_json:
        say(json.dumps([agency_json(agency) for agency in listed], ensure_ascii=False))
        return 0
    for agency in listed:
        say(f"{agency.name}: {counts_told(agency.roles)}")
        forms = [f"{text} ({count})" for text, count in agency.variants if text != agency.name]
        if forms:
            more = f", và {len(forms) - _VARIANTS} cách khác" if len(forms) > _VARIANTS else ""
            say(f"    còn in là: {', '.join(forms[:_VARIANTS])}{more}")
    return 0


def _print(found: AgencyTasks, chosen: Choice) -> None:
    typed = f" (đã gõ «{found.asked}»)" if found.asked != found.agency else ""
    say(f"{found.agency}{typed}: {total_told(found.items)}.")
    for note in notes(found):
        say(f"  • {note}")
    days = SOON if chosen.days is None else chosen.days
    soon = due_soon(found.items, chosen.today, days)
    over = overdue(found.items, chosen.today)
    past = f" (hạn đã qua: {len(over)} việc)" if over else ""
    say(f"\nSắp đến hạn trong {days} ngày kể từ {full_day(chosen.today)}: {len(soon)} việc{past}")
    if chosen.days is not None:
        _print_due(soon)
        if possible := due_soon(found.possible, chosen.today, days):
            say(f"\nCó thể thuộc {found.agency}: {len(possible)} việc")
            _print_due(possible)
        return
    _print_plans(found.items)
    if found.possible:
        say(f"\n— Có thể thuộc {found.agency}: {len(found.possible)} việc —")
        _print_plans(found.possible)


def _print_due(soon: Sequence[Due]) -> None:
    for item in soon:
        say(f"  {full_day(item.day)}  [{roles_told(item.task.roles)}] {_short(item.task.content)}")
        say(f"      {item.deadline.text} — {item.task.label} ({lines_told(item.task)})")
        if item.task.standing:
            say(f"      Lưu ý: {item.task.standing}")


def _print_plans(items: Sequence[Task]) -> None:
    for document, own in plans(items):
        name = ", ".join(filter(None, [document.province, document.number]))
        say(f"\n{name} — {total_told(tuple(own))}")
        if told := standing(document):
            say(f"  Lưu ý: {told}")
        for group, members in groupby(own, lambda task: task.group):
            say(f"  {group}")
            for task in members:
                _print_task(task)


def _print_task(task: Task) -> None:
    part = f" (nói đến {task.part})" if task.part else ""
    say(f"    [{roles_told(task.roles)}]{part} {_short(task.content)}")
    facts = [task.target, f"Hạn: {deadlines_told(task)}" if task.deadlines else "", lines_told(task)]
    say(f"        {' — '.join(filter(None, facts))}")


def _short(text: str) -> str:
    return shorten(text, _WIDTH, placeholder="…")
