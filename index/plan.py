"""What a batch of parsed files does to the index, decided before anything is written. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from index.codec import fingerprint
from index.store import Entry
from ingest.errors import InputError
from ingest.model import Document, Parsed


class Action(StrEnum):
    """What became of one file."""

    ADDED = "added"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Step:
    """One file of the batch: what is done with it, and the document it replaces or repeats."""

    action: Action
    parsed: Parsed
    other: Document | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Steps in the order of the batch; row keys of the documents that stay."""

    steps: tuple[Step, ...]
    stay: frozenset[int]

    @property
    def fresh(self) -> list[Parsed]:
        """What has to be staged."""
        return [s.parsed for s in self.steps if s.action in (Action.ADDED, Action.REPLACED)]


@dataclass(slots=True)
class _Slot:
    """One place in the index while the plan is made: what stands there, and the files that want it, the last wins."""

    entries: list[Entry] = field(default_factory=list)
    pending: list[int] = field(default_factory=list)


def make_plan(live: Sequence[Entry], batch: Sequence[Parsed]) -> Plan:
    """Decide for each file, in order.

    The same digest under another path is a duplicate. The same path, or the same number of the same province and year,
    takes the place of the document that stands there; of two such files in one batch the later wins and the earlier is
    reported as its duplicate. A document that was understood as before (equal fingerprint) is unchanged.
    """
    slots = [_Slot([entry]) for entry in live]
    steps: dict[int, Step] = {}
    for at, parsed in enumerate(batch):
        twin = next((d for s in slots for d in _shown(s, batch) if _same_content_elsewhere(d, parsed.document)), None)
        if twin:
            steps[at] = Step(Action.DUPLICATE, parsed, twin)
        else:
            _take(slots, batch, parsed.document).pending.append(at)
    stay: set[int] = set()
    for slot in slots:
        stay |= _settle(slot, batch, steps)
    return Plan(tuple(steps[at] for at in range(len(batch))), frozenset(stay))


def _shown(slot: _Slot, batch: Sequence[Parsed]) -> list[Document]:
    """What the slot will hold if the batch ends here."""
    return [batch[slot.pending[-1]].document] if slot.pending else [e.document for e in slot.entries]


def _same_content_elsewhere(one: Document, other: Document) -> bool:
    return one.digest == other.digest and one.source != other.source


def _same_place(one: Document, other: Document) -> bool:
    same_number = one.number == other.number and one.province == other.province
    return one.source == other.source or (bool(one.number and one.province) and same_number and _same_year(one, other))


def _same_year(one: Document, other: Document) -> bool:
    """Numbers start again every year; a document without a date may be of any."""
    return one.issued is None or other.issued is None or one.issued.year == other.issued.year


def _take(slots: list[_Slot], batch: Sequence[Parsed], document: Document) -> _Slot:
    """The slot a document goes into. Two slots may claim it, by path and by number: they become one."""
    claimed = [s for s in slots if any(_same_place(d, document) for d in _shown(s, batch))]
    if not claimed:
        slots.append(_Slot())
        return slots[-1]
    first, *rest = claimed
    for slot in rest:
        first.entries += slot.entries
        first.pending = sorted(first.pending + slot.pending)
        slots.remove(slot)
    return first


def _settle(slot: _Slot, batch: Sequence[Parsed], steps: dict[int, Step]) -> set[int]:
    """Write the steps of the files that want this slot; the row keys that stay in it."""
    if not slot.pending:
        return {entry.key for entry in slot.entries}
    *lost, last = slot.pending
    winner = batch[last]
    for at in lost:
        steps[at] = Step(Action.DUPLICATE, batch[at], winner.document)
    if not slot.entries:
        steps[last] = Step(Action.ADDED, winner)
        return set()
    mark = fingerprint(winner)
    same = next((entry for entry in slot.entries if entry.fingerprint == mark), None)
    other = (same or slot.entries[0]).document
    steps[last] = Step(Action.UNCHANGED if same else Action.REPLACED, winner, other)
    return {same.key} if same else set()


def find_one(live: Sequence[Entry], number: str, province: str | None = None) -> Entry:
    """The document of this number, or of this id: some have no number, and numbers start again every year.

    Raises:
        InputError: no document has it, or several do.
    """
    wanted = number.strip().casefold()
    found = [e for e in live if e.document.id == wanted] or [
        e for e in live if wanted and e.document.number.casefold() == wanted and province in (None, e.document.province)
    ]
    if not found:
        have = ", ".join(e.document.number or e.document.id for e in live) or "không có văn bản nào"
        raise InputError(f"Không có văn bản số «{number}» trong chỉ mục.", f"Các số đang có: {have}.")
    if len(found) > 1:
        provinces = ", ".join(e.document.province for e in found)
        ids = "; ".join(f"{e.document.id} ({e.document.province}, {e.document.issued or 'không ngày'})" for e in found)
        raise InputError(f"Có {len(found)} văn bản cùng số «{number}»: {provinces}.", f"Nêu mã thay cho số: {ids}.")
    return found[0]
