"""What a batch of parsed files does to the index, decided before anything is written. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from index.codec import fingerprint
from index.store import Entry
from ingest.errors import InputError
from ingest.model import Document, Parsed

ALIKE = 0.6  # share of common runs of words; one plan in two formats has over .9, two plans of one kind under .2


class Action(StrEnum):
    """What became of one file."""

    ADDED = "added"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    SKIPPED = "skipped"


class Kinship(StrEnum):
    """Why a file may be a plan that is there already. `VERSION`: its number, another text; `COPY`: its number and text,
    in another format; `ALIKE`: its text under another number, or under none."""

    VERSION = "version"
    COPY = "copy"
    ALIKE = "alike"


class Decision(StrEnum):
    """What is done with a file that may be a plan that is there already."""

    REPLACE = "replace"
    KEEP = "keep"  # both
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Step:
    """One file of the batch: what is done with it, and the document it replaces or repeats. Where that was to be
    decided, `kinship` says why and `decision` how."""

    action: Action
    parsed: Parsed
    other: Document | None = None
    kinship: Kinship | None = None
    decision: Decision | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Steps in the order of the batch; row keys of the documents that stay."""

    steps: tuple[Step, ...]
    stay: frozenset[int]

    @property
    def fresh(self) -> list[Parsed]:
        """What has to be staged."""
        return [s.parsed for s in self.steps if s.action in (Action.ADDED, Action.REPLACED)]


@dataclass(frozen=True, slots=True)
class _Kin:
    """A slot whose document a file may be, and why."""

    slot: _Slot
    document: Document
    kinship: Kinship


@dataclass(slots=True, eq=False)
class _Slot:
    """One place in the index while the plan is made: what stands there, and the files that want it, the last wins."""

    entries: list[Entry] = field(default_factory=list)
    pending: list[int] = field(default_factory=list)


def unlike(one: Document, other: Document) -> float:
    """No two documents are alike: for a plan that goes by numbers alone."""
    return 0.0


def make_plan(
    live: Sequence[Entry],
    batch: Sequence[Parsed],
    decisions: Mapping[str, Decision] | None = None,
    alike: Callable[[Document, Document], float] = unlike,
) -> Plan:
    """Decide for each file, in order.

    The same digest under another path is a duplicate; the same path takes the place of what stands there. A file of
    the same number, province and year as another document, or of nearly its text, is decided on: it takes that place,
    stands beside it, or is left out. Of two files of one batch that take one place the later wins and the earlier is
    reported as its duplicate. A document that was understood as before (equal fingerprint) is unchanged.

    Args:
        live: what stands in the index.
        batch: the files.
        decisions: of files by their source; `default` for those without.
        alike: share of the text, 0–1, that two documents have in common.
    """
    slots = [_Slot([entry]) for entry in live]
    steps: dict[int, Step] = {}
    asked: dict[int, tuple[Kinship, Decision]] = {}
    for at, parsed in enumerate(batch):
        document = parsed.document
        twin = next((d for s in slots for d in _shown(s, batch) if _same_content_elsewhere(d, document)), None)
        if twin:
            steps[at] = Step(Action.DUPLICATE, parsed, twin)
            continue
        own = next((s for s in slots if any(d.source == document.source for d in _shown(s, batch))), None)
        kin = _kin_of(document, own, slots, batch, alike)
        decision = kin and ((decisions or {}).get(document.source) or default(document, kin.document, kin.kinship))
        if kin and decision is Decision.SKIP:
            steps[at] = Step(Action.SKIPPED, parsed, kin.document, kin.kinship, decision)
            continue
        if kin and decision:
            asked[at] = kin.kinship, decision
        _place(slots, own, kin.slot if kin and decision is Decision.REPLACE else None).pending.append(at)
        if kin and decision is Decision.KEEP:
            steps[at] = Step(Action.ADDED, parsed, kin.document, *asked[at])
    stay: set[int] = set()
    for slot in slots:
        stay |= _settle(slot, batch, steps, asked)
    return Plan(tuple(steps[at] for at in range(len(batch))), frozenset(stay))


def default(document: Document, other: Document, kinship: Kinship) -> Decision:
    """What is done where nobody decides. A later version replaces; of one text in two formats that stays from which
    more is understood; what is only alike is kept, so that nothing is lost."""
    if kinship is Kinship.ALIKE:
        return Decision.KEEP
    if kinship is Kinship.COPY and _worth(document) < _worth(other):
        return Decision.SKIP
    return Decision.REPLACE


def _worth(document: Document) -> int:
    """Real tables before columns found on a page, and both before what was read from a picture."""
    return {"image": 0, "scan": 0, "pdf": 1}.get(document.format, 2)


def _kin_of(
    document: Document,
    own: _Slot | None,
    slots: Sequence[_Slot],
    batch: Sequence[Parsed],
    alike: Callable[[Document, Document], float],
) -> _Kin | None:
    """The other place whose document this file may be: of its number, most alike, the newest. One that stood beside
    the file's own document is not asked about again."""
    standing = own.entries[0].document if own and own.entries else None
    found = []
    for at, slot in enumerate(slots):
        for other in () if slot is own else _shown(slot, batch):
            share = alike(document, other)
            kinship = _kinship(document, other, share)
            if kinship and not (standing and _kinship(standing, other, alike(standing, other))):
                found.append((kinship is not Kinship.ALIKE, share, at, _Kin(slot, other, kinship)))
    return max(found, key=lambda each: each[:3])[3] if found else None


def _kinship(one: Document, other: Document, share: float) -> Kinship | None:
    if bool(one.number and one.province) and _same_number(one, other) and _same_year(one, other):
        return Kinship.COPY if share >= ALIKE else Kinship.VERSION
    same_province = one.province == other.province or not (one.province and other.province)
    return Kinship.ALIKE if share >= ALIKE and same_province else None


def _shown(slot: _Slot, batch: Sequence[Parsed]) -> list[Document]:
    """What the slot will hold if the batch ends here."""
    return [batch[slot.pending[-1]].document] if slot.pending else [e.document for e in slot.entries]


def _same_content_elsewhere(one: Document, other: Document) -> bool:
    return one.digest == other.digest and one.source != other.source


def _same_number(one: Document, other: Document) -> bool:
    return one.number == other.number and one.province == other.province


def _same_year(one: Document, other: Document) -> bool:
    """Numbers start again every year; a document without a date may be of any."""
    return one.issued is None or other.issued is None or one.issued.year == other.issued.year


def _place(slots: list[_Slot], own: _Slot | None, taken: _Slot | None) -> _Slot:
    """The slot a document goes into: a new one, its own, the one it takes; of the last two it makes one."""
    places = [slot for slot in (own, taken) if slot]
    if not places:
        slots.append(_Slot())
        return slots[-1]
    first, *rest = places
    for slot in rest:
        first.entries += slot.entries
        first.pending = sorted(first.pending + slot.pending)
        slots.remove(slot)
    return first


def _settle(
    slot: _Slot,
    batch: Sequence[Parsed],
    steps: dict[int, Step],
    asked: Mapping[int, tuple[Kinship, Decision]],
) -> set[int]:
    """Write the steps of the files that want this slot; the row keys that stay in it."""
    if not slot.pending:
        return {entry.key for entry in slot.entries}
    *lost, last = slot.pending
    winner = batch[last]
    for at in lost:
        steps[at] = Step(Action.DUPLICATE, batch[at], winner.document)
    if not slot.entries:
        steps.setdefault(last, Step(Action.ADDED, winner))
        return set()
    mark = fingerprint(winner)
    same = next((entry for entry in slot.entries if entry.fingerprint == mark), None)
    other = (same or slot.entries[0]).document
    told = () if same else asked.get(last, ())
    steps[last] = Step(Action.UNCHANGED if same else Action.REPLACED, winner, other, *told)
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
