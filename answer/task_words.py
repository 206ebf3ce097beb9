"""Words about tasks for people: names of roles and kinds, days as officials write them, notes on what was found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from answer.due import Deadline
from answer.tasks import AgencyTasks, Task, counts_by_role
from ingest.model import Role
from ingest.reorganisation import Change, day, told

ROLE_NAMES = {
    Role.LEAD: "chủ trì", Role.COORDINATING: "phối hợp", Role.ADVISING: "tham mưu", Role.REPORTING_TO: "nhận báo cáo",
}  # fmt: skip
KIND_NAMES = {"target": "chỉ tiêu", "task": "nhiệm vụ", "paragraph": "đoạn văn"}


def roles_told(roles: Iterable[Role]) -> str:
    """«chủ trì, tham mưu»."""
    return ", ".join(ROLE_NAMES[role] for role in roles)


def counts_told(counts: Mapping[Role, int]) -> str:
    """«chủ trì 48, tham mưu 1»."""
    return ", ".join(f"{ROLE_NAMES[role]} {count}" for role, count in counts.items())


def total_told(items: tuple[Task, ...]) -> str:
    """«49 việc: chủ trì 48, tham mưu 1»."""
    counts = counts_told(counts_by_role(items))
    return f"{len(items)} việc: {counts}" if items else "không có việc nào"


def deadline_told(deadline: Deadline) -> str:
    """As printed, and the day where the print does not tell it: «Giai đoạn 2024 - 2030 (đến 31/12/2030)»."""
    if deadline.last is None or deadline.every:
        return deadline.text
    last = full_day(deadline.last)
    return deadline.text if last in deadline.text else f"{deadline.text} (đến {last})"


def deadlines_told(task: Task) -> str:
    """All deadlines of a task; "" where the plan states none."""
    return "; ".join(deadline_told(deadline) for deadline in task.deadlines)


def full_day(when: date) -> str:
    """«30/11/2026»."""
    return day(when)


def lines_told(task: Task) -> str:
    """«dòng 151» or «dòng 151–153»."""
    first, last = task.clause.place.first, task.clause.place.last
    return f"dòng {first}" if first == last else f"dòng {first}–{last}"


def former_note(task: Task) -> str:
    """What became of the agencies that the plan prints; "" when nothing."""
    return " ".join(filter(None, (told(name, task.document.province) for name in task.names)))


def notes(found: AgencyTasks) -> tuple[str, ...]:
    """What the reader should know of a list: names of before the reorganisation, and what is not in it."""
    kept = []
    former, printed = {c.former for c in found.whole}, {name for task in found.items for name in task.names}
    if own := told(found.agency, found.province or ""):
        kept.append(own)
    if found.whole:
        names = ", ".join(change.former for change in found.whole)
        kept.append(f"Tìm cả tên trước khi sắp xếp: {names}{'' if printed & former else ' (không có việc nào)'}.")
    kept += [told(change.former, found.province or "") for change in found.whole if change.former in printed]
    kept += [_split_note(change, found) for change in found.split]
    if found.province:
        kept += [told(name) for name in sorted({task.document.province for task in found.items} - {found.province})]
    if found.reported and found.role is not Role.REPORTING_TO:
        kept.append(f"Thêm {found.reported} đoạn chỉ nêu {found.agency} là nơi nhận báo cáo, không tính ở đây.")
    if found.shared:
        kept.append(f"Thêm {found.shared} việc giao chung cho các sở, ban, ngành, không tính ở đây.")
    return tuple(filter(None, kept))


def _split_note(change: Change, found: AgencyTasks) -> str:
    mine = [task for task in found.possible if change.former in task.names]
    what = f"{change.function} ({change.source})" if change.function else change.source
    others = found.unassigned.get(change.former, 0)
    rest = f"; {others} việc khác của cơ quan này không nêu ở đây" if others else ""
    return (
        f"{change.former} đã chia cho nhiều cơ quan, {found.agency} nhận phần {what}: {len(mine)} việc nói đến phần đó "
        f"nêu riêng ở «Có thể thuộc»{rest}."
    )
