"""Names that changed in 2025: what is told beside a plan that prints a former one, and which former ones a question
with today's names is about."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from answer.functions import REST, part_named
from answer.intent import Intent
from answer.question import Understood, renamed_agency
from ingest.agencies import find_agencies
from ingest.model import Clause, Document, Role
from ingest.reorganisation import Change, day, is_split, predecessors, reorganisation, successors, told


@dataclass(frozen=True, slots=True)
class Former:
    """An agency of which one that the question names (`today`) has functions now.

    `split`: others have functions of it too, so that a clause only may belong to `today`; `meant`: the question speaks
    of what went there, by the data. `since` is the first day of the change.
    """

    name: str
    today: str
    split: bool
    meant: bool
    since: date

    def printed_by(self, document: Document, names: Collection[str]) -> bool:
        """Whether a plan of before the change names it; `names` are the agencies of the plan."""
        return self.name in names and _is_before(document, self.since)


def former_agencies(question: Understood) -> tuple[Former, ...]:
    """Predecessors of the agencies that a question names, in the order of the question, then of the data."""
    if question.intent is Intent.METADATA:
        return ()
    found: dict[tuple[str, str], Former] = {}
    for today in question.agencies:
        for change in predecessors(today):
            if change.kind != "agency" or change.former in question.agencies:
                continue
            split = is_split(change.former)
            meant = part_named(change.function, question.topic) not in ("", REST)
            known = found.get((change.former, today))
            meant = meant or (known is not None and known.meant)
            found[change.former, today] = Former(change.former, today, split, meant, change.since)
    return tuple(found.values())


def asked_of_former(question: Understood, former: Former) -> Understood:
    """The same question with the former name in place of today's."""
    return renamed_agency(question, former.today, former.name)


def former_provinces(provinces: Iterable[str]) -> dict[str, Change]:
    """Provinces that went into these: name → change."""
    return {c.former: c for name in provinces for c in predecessors(name) if c.kind == "province"}


def with_notes(question: Understood, documents: Sequence[Document], formers: Iterable[Former]) -> Understood:
    """The question with a note for each former name under which it is put to plans."""
    have = {document.province for document in documents}
    notes = [
        f"{change.unit.capitalize()} {change.today} từ {day(change.since)} gồm cả {name} ({change.source}): "
        f"tìm cả kế hoạch của {name}"
        for name, change in former_provinces(question.provinces).items()
        if name in have
    ]
    for today in question.agencies:
        whole = [f.name for f in formers if f.today == today and not f.split]
        shared = [f.name for f in formers if f.today == today and f.split]
        if whole:
            notes.append(f"{today}: tìm cả tên trước sắp xếp {', '.join(whole)}")
        if shared:
            notes.append(f"{today}: có thể gồm việc của {', '.join(shared)}")
    return replace(question, reorganised=tuple(notes)) if notes else question


def citation_note(clause: Clause, document: Document) -> str:
    """What became of the agencies that a clause charges with something, and of the plan's province; "" when nothing.

    Of units that ended without successor only one that leads: nearly every row names one among those who help.
    """
    lead = [a.name for a in clause.agencies if a.role is Role.LEAD]
    others = [a.name for a in clause.agencies if a.role is not Role.LEAD and successors(a.name)]
    return _note(document, [*lead, *others], short=True)


def answer_note(text: str, document: Document, former: Former | None = None) -> str:
    """The same of the agencies that an answer names, and of the former one under which it was found.

    Where the functions of one were split it is told which went where.
    """
    names = [former.name] if former else []
    names += [span.name for span in find_agencies(text) if not span.start or successors(span.name)]
    note = _note(document, names)
    return f"Có thể thuộc {former.today}. {note}" if former and former.split else note


def _note(document: Document, names: Iterable[str], short: bool = False) -> str:
    kept = [name for name in dict.fromkeys(names) if _changed_since(document, name)]
    together = len(kept) > 1 or (short and any(len(successors(name)) > 1 for name in kept))
    parts = [_told_together(kept, document)] if together else [told(name, document.province) for name in kept]
    if document.province and _changed_since(document, document.province):
        parts.append(told(document.province))
    return " ".join(parts)


def _told_together(names: Sequence[str], document: Document) -> str:
    """One sentence for several agencies: «từ 01/3/2025: Sở A → Sở B; Sở C → Sở D, Sở E (chia theo chức năng)»."""
    by_day: dict[date, list[str]] = {}
    sources: list[str] = []
    for name in names:
        changes = reorganisation().former[name]
        by_day.setdefault(changes[0].since, []).append(_arrow(name, changes))
        sources += [c.source for c in changes]
        sources += [c.note for c in changes if c.note and document.province not in c.provinces]
    days = [f"từ {day(since)}: {'; '.join(arrows)}" for since, arrows in sorted(by_day.items())]
    return f"Kế hoạch ghi tên trước sắp xếp; {'; '.join(days)}. Nguồn: {'; '.join(dict.fromkeys(sources))}."


def _arrow(name: str, changes: Sequence[Change]) -> str:
    today = list(dict.fromkeys(c.today for c in changes if c.today))
    if not today:
        return f"{name} không còn"
    return f"{name} → {', '.join(today)}" + (" (chia theo chức năng)" if len(today) > 1 else "")


def _changed_since(document: Document, name: str) -> bool:
    changes = reorganisation().former.get(name, ())
    return bool(changes) and _is_before(document, changes[0].since)


def _is_before(document: Document, since: date) -> bool:
    """Whether a plan is of before a day; one without a date that prints a former name is taken to be."""
    return document.issued is None or document.issued < since
