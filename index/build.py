"""Parsed files → database → generation, so that a crash at any point leaves the last good index open and a rerun ends.

1. new documents are inserted as `staged`, beside those they replace;
2. texts without a vector are embedded; every batch is committed, so that a rerun goes on where this one stopped;
3. the generation of the target set is written beside the one in use;
4. `CURRENT` is replaced: **the commit point**;
5. the states are set from the manifest, what no kept generation shows is deleted (`reconcile`).

Every build starts with step 5: it heals a crash between 4 and 5, and drops what a crash before 4 left behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from index.counts import WordCounts
from index.dense import DenseIndex
from index.derived import Derived
from index.embed import Encoder
from index.features import Compounds, compounds_in, lexical_features
from index.files import exclusive, text_digest, writing
from index.generation import (
    Generation,
    Member,
    Parts,
    current_name,
    names,
    prune,
    publish,
    read_manifest,
    write_generation,
)
from index.lexical import LexicalIndex
from index.passage import lexical_text, passage_text
from index.plan import Plan, Step, find_one, make_plan
from index.store import Entry, State, Store, no_index
from index.text import TEXT_VERSION
from ingest.errors import IndexStateError
from ingest.model import Document, Parsed

STAGE_NAMES = {
    "store": "Ghi văn bản",
    "embed": "Mã hóa đoạn văn",
    "words": "Tách từ",
    "index": "Dựng chỉ mục",
}
BATCH = 64  # some 2 s of work at most to be done again after a crash


class Progress(Protocol):
    """Told how far a stage is: `store`, `embed`, `words`, `index`."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """`done` of `total` steps of `stage` are over."""


def silent(stage: str, done: int, total: int) -> None:
    """A `Progress` that says nothing."""


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


@dataclass(frozen=True, slots=True)
class _Text:
    """A clause of the target as printed, and the two texts that stand for it."""

    key: int
    printed: str
    passage: str
    lexical: str


class Builder:
    """The one writer of a home. Each operation takes the home's lock for as long as it lasts."""

    def __init__(self, store: Store, encoder: Encoder, home: Path) -> None:
        self._store = store
        self._encoder = encoder
        self._home = home
        self._derived = Derived(store)

    def plan(self, parsed: Sequence[Parsed]) -> Plan:
        """What `sync` would do with these files; writes nothing."""
        return make_plan(self._store.entries(State.LIVE), parsed)

    def sync(self, parsed: Sequence[Parsed], progress: Progress = silent) -> BuildReport:
        """Bring these files into the index; documents not among them stay.

        Raises:
            IndexStateError: another build is running, or the database is damaged.
        """
        with exclusive(self._home):
            reconcile(self._store, self._home)
            plan = self.plan(parsed)
            staged = set()
            for done, fresh in enumerate(plan.fresh, start=1):
                staged.add(self._store.stage(fresh))
                progress("store", done, len(plan.fresh))
            return self._bring_to(plan.stay | staged, plan.steps, progress)

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
            return self._bring_to({e.key for e in live} - {gone.key}, (), progress)

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
            return self._bring_to(target, (), progress, force=True)

    def discard(self) -> None:
        """Drop what a stopped build left staged. What it embedded is kept for the next one.

        Raises:
            IndexStateError: another build is running, or the database is damaged.
        """
        with exclusive(self._home):
            reconcile(self._store, self._home)

    def _bring_to(
        self, target: Iterable[int], steps: tuple[Step, ...], progress: Progress, *, force: bool = False
    ) -> BuildReport:
        wanted = set(target)
        entries = [e for e in self._store.entries() if e.key in wanted]
        gone = tuple(e.document for e in self._store.entries(State.LIVE) if e.key not in wanted)
        standing = None if force else self._standing(entries)
        if standing is not None:
            return BuildReport(steps, gone, standing.name, False, len(entries), standing.manifest.clauses, 0)
        texts = self._texts(entries)
        embedded = self._embed(texts, progress)
        compounds = self._compounds(texts, progress)
        parts = self._parts(entries, texts, compounds, progress)
        with writing(self._home):
            name = write_generation(self._home, parts, self._encoder.name)
            publish(self._home, name)
        reconcile(self._store, self._home)
        self._derived.forget((text_digest(t.passage) for t in texts), (text_digest(t.lexical) for t in texts))
        return BuildReport(steps, gone, name, True, len(entries), len(texts), embedded)

    def _standing(self, entries: Sequence[Entry]) -> Generation | None:
        """The current generation, if it is whole, of this encoder, and holds exactly these documents."""
        try:
            generation = Generation.open(self._home, self._encoder.name)
        except IndexStateError:
            return None
        return generation if set(generation.manifest.documents) == set(map(_member, entries)) else None

    def _texts(self, entries: Sequence[Entry]) -> list[_Text]:
        documents = {entry.key: entry.document for entry in entries}
        return [
            _Text(key, clause.text, passage_text(documents[owner], clause), lexical_text(documents[owner], clause))
            for key, owner, clause in self._store.clauses_of(documents)
        ]

    def _embed(self, texts: Sequence[_Text], progress: Progress) -> int:
        by_digest = {text_digest(t.passage): t.passage for t in texts}
        name, dimension = self._encoder.name, self._encoder.dimension
        missing = self._derived.missing_vectors(name, list(by_digest), dimension)
        for start in range(0, len(missing), BATCH):
            batch = missing[start : start + BATCH]
            vectors = self._encoder.encode_document([by_digest[d] for d in batch])
            self._derived.save_vectors(name, dict(zip(batch, vectors, strict=True)))
            progress("embed", start + len(batch), len(missing))
        return len(missing)

    def _compounds(self, texts: Sequence[_Text], progress: Progress) -> Compounds:
        known = self._derived.compounds(TEXT_VERSION)
        by_digest = {text_digest(t.lexical): t.lexical for t in texts}
        missing = [digest for digest in by_digest if digest not in known]
        fresh = {}
        for done, digest in enumerate(missing, start=1):
            fresh[digest] = compounds_in(by_digest[digest])
            if done % BATCH == 0 or done == len(missing):
                progress("words", done, len(missing))
        self._derived.save_compounds(TEXT_VERSION, fresh)
        known |= fresh
        return Compounds.of(word for digest in by_digest for word in known[digest])

    def _parts(
        self, entries: Sequence[Entry], texts: Sequence[_Text], compounds: Compounds, progress: Progress
    ) -> Parts:
        progress("index", 0, 1)
        digests = [text_digest(t.passage) for t in texts]
        vectors = self._derived.vectors(self._encoder.name, digests, self._encoder.dimension)
        parts = Parts(
            rows=np.array([t.key for t in texts], dtype=np.int64),
            dense=DenseIndex.build(vectors),
            lexical=LexicalIndex.build([lexical_features(t.lexical, compounds) for t in texts]),
            compounds=compounds,
            counts=WordCounts.of(t.printed for t in texts),
            documents=tuple(map(_member, entries)),
        )
        progress("index", 1, 1)
        return parts


def reconcile(store: Store, home: Path) -> None:
    """Make the states of the database say what the generations on disk hold.

    Live is what the manifest of the current generation lists. Where it cannot be read, or lists what the database
    does not have (the file was put back from a backup), the states in the database stand.
    """
    kept = prune(home) if current_name(home) else names(home)
    entries = store.entries()
    present = set(map(_member, entries))
    shown = {name: members for name in kept if (members := _members(home / name)) <= present}
    current = shown.get(current_name(home) or "")
    live = {m.key for m in current} if current is not None else {e.key for e in entries if e.state is State.LIVE}
    store.set_states(live, {m.key for members in shown.values() for m in members})


def _members(folder: Path) -> set[Member]:
    try:
        return set(read_manifest(folder).documents)
    except IndexStateError:
        return {Member(-1, "", "")}  # in no database: not a generation to go by


def _member(entry: Entry) -> Member:
    return Member(entry.key, entry.document.id, entry.fingerprint)
