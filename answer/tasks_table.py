"""The list of an agency's tasks as a table to export."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from answer.due import due
from answer.task_words import deadlines_told, full_day, lines_told, notes, roles_told, total_told
from answer.tasks import AgencyTasks, Task, due_soon
from export.table import Cell, Line, Table

_COLUMNS = (
    "Kế hoạch", "Nhóm", "Chỉ tiêu, nhiệm vụ", "Mục tiêu", "Vai trò", "Kế hoạch ghi", "Hạn", "Hạn kế tiếp", "Ghi chú",
)  # fmt: skip


def tasks_table(found: AgencyTasks, today: date, days: int | None = None) -> Table:
    """What the list shows: tasks by plan, those that only may belong to the agency last; with `days`, only what is due
    within so many days, soonest first. `today` is the day of the export and of what is due next."""
    shown = due_tasks(found.items, today, days), due_tasks(found.possible, today, days)
    lines = [_line(task, today, _note(task, found.agency)) for task in shown[0]]
    lines += [_line(task, today, f"Có thể thuộc {found.agency}: {task.part}") for task in shown[1]]
    told = f"{found.agency}: {total_told(tuple(shown[0]))}."
    return Table(
        f"Nhiệm vụ của {found.agency}", _asked(found, today, days), today, _COLUMNS, tuple(lines), (told, *notes(found))
    )


def due_tasks(items: Sequence[Task], today: date, days: int | None) -> list[Task]:
    """The tasks that are due within so many days, soonest first; all of them in their order without `days`."""
    return list(items) if days is None else [item.task for item in due_soon(items, today, days)]


def next_due(task: Task, today: date) -> date | None:
    """The nearest day on which a task is due."""
    return min(filter(None, (due(deadline, today) for deadline in task.deadlines)), default=None)


def _asked(found: AgencyTasks, today: date, days: int | None) -> str:
    parts = [found.asked]
    parts += [f"vai trò: {roles_told([found.role])}"] if found.role else []
    parts += [f"tỉnh: {found.province}"] if found.province else []
    if days is not None:
        parts.append(f"đến hạn từ {full_day(today)} đến {full_day(today + timedelta(days=days))}")
    return "; ".join(parts)


def _note(task: Task, agency: str) -> str:
    """Whether the plan names a predecessor; what became of it is told once, below the table."""
    return "" if agency in task.names else "Tên trước khi sắp xếp"


def _line(task: Task, today: date, note: str) -> Line:
    document, day = task.document, next_due(task, today)
    texts = (
        " ".join(filter(None, [document.province, document.number])), task.group, task.content, task.target,
        roles_told(task.roles), "; ".join(task.quotes), deadlines_told(task), full_day(day) if day else "",
        " ".join(filter(None, [note and f"{note}.", task.standing])) if task.standing else note,
    )  # fmt: skip
    return Line(_cells(texts), (f"{task.label} ({lines_told(task)})",))


def _cells(texts: Iterable[str]) -> tuple[Cell, ...]:
    return tuple(Cell(text) for text in texts)
