"""Parsed files → database → generation, so that a crash at any point leaves the last good index open and a rerun ends.

1. new documents are inserted as `staged`, beside those they replace;
2. texts without a vector are embedded; every batch is committed, so that a rerun goes on where this one stopped;
3. the generation of the target set is written beside the one in use;
4. `CURRENT` is replaced: **the commit point**;
5. the states are set from the manifest, what no kept generation shows is deleted (`reconcile`).

Every build starts with step 5: it heals a crash between 4 and 5, and drops what a crash before 4 left behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from index.arrival import Choices, plan_arrival, remember
from index.assemble import Assembler
from index.codec import fingerprint
from index.corrections import Corrections
from index.embed import Encoder
from index.files import exclusive, writing
from index.generation import Generation, current_name, prune, publish, write_generation
from index.history import Cause, changes_of, record
from index.plan import Action, Plan, Step, find_one
from index.progress import Progress, silent
from index.reconcile import member_of, members_of, reconcile
from index.sketch import Sketches
from index.store import Entry, State, Store, no_index
from ingest.corrections import corrected, corrections_for, uncorrected
from ingest.errors import IndexStateError, InputError
from ingest.model import Document, Parsed
from ingest.version import reading_version


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. `embedded` counts the texts that had to be embedded; `built` is False when nothing changed."""

    steps: tuple[Step, ...]
    removed: tuple[Document, ...]
    generation: str
    built: bool
    documents: int
    clauses: int
    embedded: int


_NO_CHOICES = Choices()
_UNSWEPT = "unswept"  # the setting that names a generation after which what others left was not deleted yet


class Builder:
    """The one writer of a home. Each operation takes the home's lock for as long as it lasts.

    `who` stands in the history of what is changed.
    """

    def __init__(self, store: Store, encoder: Encoder, home: Path, who: str = "") -> None:
        self._store = store
        self._encoder = encoder
        self._home = home
        self._who = who
        self._assembler = Assembler(store, encoder)

    def plan(self, parsed: Sequence[Parsed], choices: Choices = _NO_CHOICES) -> Plan:
        """What `sync` would do with these files."""
        return plan_arrival(self._store, parsed, choices)

    def sync(
        self, parsed: Sequence[Parsed], progress: Progress = silent, choices: Choices = _NO_CHOICES
    ) -> BuildReport:
        """Bring these files into the index; documents not among them stay.

        Raises:
            IndexStateError: another build is running, or the database is damaged.
        """
        with exclusive(self._home):
            reconcile(self._store, self._home)
            plan = self.plan(parsed, choices)
            remember(self._store, plan, self._who)
            staged = set()
            for done, fresh in enumerate(plan.fresh, start=1):
                staged.add(self._store.stage(fresh, reading_version()))
                progress("store", done, len(plan.fresh))
            self._note_reader(plan)
            return self._bring_to(plan.stay | staged, plan.steps, progress, Cause.INGEST)

    def _note_reader(self, plan: Plan) -> None:
        """Documents that this program reads as one before it did need not be read again."""
        same = {step.other.id for step in plan.steps if step.other and step.action is Action.UNCHANGED}
        known = set(self._store.read_by(reading_version()))
        if new := [e.key for e in self._store.entries(State.LIVE) if e.document.id in same and e.key not in known]:
            self._store.set_reader(new, reading_version())

    def remove(self, number: str, province: str | None = None, progress: Progress = silent) -> BuildReport:
        """Take the document of this number (or id) out of the index.

        Raises:
            InputError: no document has it, or those of several provinces do and none is named.
            IndexStateError: another build is running, or the database is damaged.
        """
        with exclusive(self._home):
            reconcile(self._store, self._home)
            live = self._store.entries(State.LIVE)
            gone = find_one(live, number, province)
            return self._bring_to({e.key for e in live} - {gone.key}, (), progress, Cause.REMOVE)

    def correct(self, number: str, values: Mapping[str, str], progress: Progress = silent) -> BuildReport:
        """Give fields of the header of a plan these values (`ingest.corrections.FIELDS`), however often it is ingested.

        Raises:
            InputError: no document has this number (or id), or several have.
            IndexStateError: another build is running, or the database is damaged.
        """
        with exclusive(self._home):
            reconcile(self._store, self._home)
            live = self._store.entries(State.LIVE)
            entry = find_one(live, number)
            before = self._store.parsed(entry.key)
            read = uncorrected(before)
            known = {c.field: c.value for c in before.document.corrections}
            right = corrected(read, corrections_for(read.document, known | dict(values)))
            Corrections(self._store).save(right.document, self._who)
            if fingerprint(right) == entry.fingerprint:
                return self._bring_to({e.key for e in live}, (), progress)
            target = {e.key for e in live} - {entry.key} | {self._store.stage(right)}
            return self._bring_to(target, (), progress, Cause.CORRECT)

    def become(self, parsed: Sequence[Parsed], progress: Progress = silent) -> BuildReport:
        """Make these documents the whole index, as they are: what was understood of them is not questioned.

        Raises:
            IndexStateError: another build is running, or the database is damaged.
        """
        with exclusive(self._home):
            reconcile(self._store, self._home)
            standing = {entry.fingerprint: entry.key for entry in self._store.entries(State.LIVE)}
            target = set()
            for done, one in enumerate(parsed, start=1):
                key = standing.get(fingerprint(one))
                target.add(self._store.stage(one) if key is None else key)
                progress("store", done, len(parsed))
            return self._bring_to(target, (), progress, Cause.RESTORE)

    def undo(self, progress: Progress = silent) -> BuildReport:
        """Take the last change back: the stock becomes what the index before this one held. Done twice it is redone.

        Raises:
            InputError: there is no index before this one, or it held the same plans.
            IndexStateError: another build is running, or the database is damaged.
        """
        with exclusive(self._home):
            reconcile(self._store, self._home)
            target = self._before()
            for entry in self._store.entries():
                if entry.key in target and entry.state is not State.LIVE:
                    Corrections(self._store).save(entry.document, self._who)
            return self._bring_to(target, (), progress, Cause.UNDO)

    def _before(self) -> set[int]:
        *earlier, current = prune(self._home) or [""]
        now = members_of(self._home / current)
        if not earlier or (before := members_of(self._home / earlier[-1])) == now:
            raise InputError("Không có thay đổi nào để hoàn tác.", "Chỉ hoàn tác được thay đổi gần nhất.")
        return {member.key for member in before}

    def rebuild(self, progress: Progress = silent) -> BuildReport:
        """Write a new generation of the live documents from the database, embedding only what has no vector.

        Raises:
            IndexStateError: the database holds no document or is damaged, or another build is running.
        """
        with exclusive(self._home):
            reconcile(self._store, self._home)
            target = {e.key for e in self._store.entries(State.LIVE)}
            if not target:
                raise no_index(self._home)
            self._assembler.forget_prepared()
            return self._bring_to(target, (), progress, force=True)

    def discard(self) -> None:
        """Drop what a stopped build left staged. What it embedded is kept for the next one.

        Raises:
            IndexStateError: another build is running, or the database is damaged.
        """
        with exclusive(self._home):
            reconcile(self._store, self._home)

    def _bring_to(
        self,
        target: Iterable[int],
        steps: tuple[Step, ...],
        progress: Progress,
        cause: Cause | None = None,
        *,
        force: bool = False,
    ) -> BuildReport:
        wanted = set(target)
        entries = [e for e in self._store.entries() if e.key in wanted]
        live = self._store.entries(State.LIVE)
        gone = tuple(e.document for e in live if e.key not in wanted)
        standing = None if force else self._standing(entries)
        if standing is not None:
            self._forget_others(entries)
            return BuildReport(steps, gone, standing.name, False, len(entries), standing.manifest.clauses, 0)
        made = self._assembler.assemble(entries, progress, None if force else self._base())
        with writing(self._home):
            name = write_generation(self._home, made.parts, self._encoder.name)
            if cause:
                record(self._store, name, changes_of(live, entries, self._who, cause, datetime.now(UTC)))
            self._store.set_setting(_UNSWEPT, name)
            publish(self._home, name)
        reconcile(self._store, self._home)
        self._forget_others(entries)
        return BuildReport(steps, gone, name, True, len(entries), len(made.parts.rows), made.embedded)

    def _forget_others(self, entries: Sequence[Entry]) -> None:
        """Delete what was made of other documents, once after each build, even one that was stopped before."""
        if self._store.setting(_UNSWEPT):
            self._assembler.forget_others(entries)
            Sketches(self._store).forget_others()
            self._store.set_setting(_UNSWEPT, "")

    def _base(self) -> Generation | None:
        """The current generation, if it is whole and of this encoder, and what was made of its documents is there."""
        try:
            base = Generation.open(self._home, self._encoder.name)
        except IndexStateError:
            return None
        return base if self._assembler.remembers(base.manifest.documents) else None

    def _standing(self, entries: Sequence[Entry]) -> Generation | None:
        """The current generation, if it holds exactly these documents, is whole, and of this encoder."""
        if members_of(self._home / (current_name(self._home) or "")) != set(map(member_of, entries)):
            return None
        try:
            return Generation.open(self._home, self._encoder.name)
        except IndexStateError:
            return None
