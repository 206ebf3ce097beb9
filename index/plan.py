"""What a batch of parsed files does to the index, decided before anything is written. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from index.codec import fingerprint
from index.store import Entry
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
    """One place in the index while the plan is made: what stands there, and what is to take its place."""

    entries: list[Entry] = field(default_factory=list)
    pending: int | None = None


def make_plan(live: Sequence[Entry], batch: Sequence[Parsed]) -> Plan:
    """Decide for each file, in order.

    The same digest under another path is a duplicate. The same path, or the same number of the same province, takes
    the place of the document that stands there; of two such files in one batch the later wins and the earlier is
    reported as its duplicate. A document that was understood as before (equal fingerprint) is unchanged.
    """
    slots = [_Slot([entry]) for entry in live]
    steps: list[Step | None] = [None] * len(batch)
    for at, parsed in enumerate(batch):
        twin = next((d for d in _standing(slots, batch) if _same_content_elsewhere(d, parsed.document)), None)
        if twin:
            steps[at] = Step(Action.DUPLICATE, parsed, twin)
            continue
        slot = _take(slots, batch, parsed.document)
        if slot.pending is not None:
            steps[slot.pending] = Step(Action.DUPLICATE, batch[slot.pending], parsed.document)
        slot.pending = at
    for slot in slots:
        if slot.pending is not None:
            steps[slot.pending] = _settle(slot, batch[slot.pending])
    stay = {e.key for slot in slots for e in slot.entries if _stays(slot, e, steps)}
    return Plan(tuple(step for step in steps if step), frozenset(stay))


def _standing(slots: Iterable[_Slot], batch: Sequence[Parsed]) -> list[Document]:
    return [d for slot in slots for d in _shown(slot, batch)]


def _shown(slot: _Slot, batch: Sequence[Parsed]) -> list[Document]:
    return [e.document for e in slot.entries] if slot.pending is None else [batch[slot.pending].document]


def _same_content_elsewhere(one: Document, other: Document) -> bool:
    return one.digest == other.digest and one.source != other.source


def _same_place(one: Document, other: Document) -> bool:
    same_number = bool(one.number) and (one.number, one.province) == (other.number, other.province)
    return one.source == other.source or same_number


def _take(slots: list[_Slot], batch: Sequence[Parsed], document: Document) -> _Slot:
    """The slot a document goes into. Two slots may claim it, by path and by number: they become one."""
    claimed = [s for s in slots if any(_same_place(d, document) for d in _shown(s, batch))]
    if not claimed:
        slots.append(_Slot())
        return slots[-1]
    first, *rest = claimed
    for slot in rest:
        first.entries += slot.entries
        first.pending = slot.pending if first.pending is None else first.pending
        slots.remove(slot)
    return first


def _settle(slot: _Slot, parsed: Parsed) -> Step:
    if not slot.entries:
        return Step(Action.ADDED, parsed)
    same = next((e for e in slot.entries if e.fingerprint == fingerprint(parsed)), None)
    if same:
        return Step(Action.UNCHANGED, parsed, same.document)
    return Step(Action.REPLACED, parsed, slot.entries[0].document)


def _stays(slot: _Slot, entry: Entry, steps: Sequence[Step | None]) -> bool:
    if slot.pending is None:
        return True
    step = steps[slot.pending]
    return step is not None and step.action is Action.UNCHANGED and step.other is entry.document
