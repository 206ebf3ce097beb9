"""Documents of the database → the parts of a generation. What was ever made of a text or a document is kept: a
build works on what is new, and puts it together with what is there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index.counts import WordCounts
from index.derived import Derived
from index.embed import Encoder
from index.features import Compounds, compounds_in
from index.files import text_digest
from index.generation import Generation, Member, Parts
from index.growth import Fresh, Target, grown, joined, nothing
from index.numbered import count_features
from index.passage import lexical_text, passage_text
from index.prepared import Digests, Prepared, Words
from index.progress import Progress
from index.reconcile import member_of
from index.store import Entry, Store
from index.text import TEXT_VERSION
from index.tokens import Tokens

BATCH = 64  # some 2 s of work at most to be done again after a crash


@dataclass(frozen=True, slots=True)
class Texts:
    """The clauses of a document in the order of their ids: as printed, and the two texts that stand for each."""

    digests: Digests
    printed: Sequence[str]
    passages: Sequence[str]
    lexicals: Sequence[str]


@dataclass(frozen=True, slots=True)
class Assembled:
    """The parts of a generation, and how many texts had to be embedded."""

    parts: Parts
    embedded: int


class Assembler:
    """Makes the parts of a generation from the database of a `Store`."""

    def __init__(self, store: Store, encoder: Encoder) -> None:
        self._store = store
        self._encoder = encoder
        self._derived = Derived(store)
        self._prepared = Prepared(store)

    def assemble(self, entries: Sequence[Entry], progress: Progress, base: Generation | None = None) -> Assembled:
        """The parts for these documents; every batch of vectors, of words and every document is committed when it is
        made. What `base` holds of them is taken over."""
        before = base.parts if base else nothing(self._encoder.dimension)
        held = set(before.documents)
        new = [entry for entry in _by_id(entries) if member_of(entry) not in held]
        known = self._prepared.digests(entry.fingerprint for entry in new)
        fresh = {entry.fingerprint: self._texts(entry) for entry in new if entry.fingerprint not in known}
        digests = {e.fingerprint: known.get(e.fingerprint) or fresh[e.fingerprint].digests for e in new}
        embedded = self._embed(new, digests, fresh, progress)
        self._prepare(fresh, progress)
        progress("index", 0, 1)
        parts = self._parts(entries, new, digests, before)
        progress("index", 1, 1)
        return Assembled(parts, embedded)

    def forget_others(self, entries: Sequence[Entry]) -> None:
        """Delete what came from texts and documents other than these."""
        digests = self._prepared.digests(entry.fingerprint for entry in entries)
        passages = (digest for each in digests.values() for digest in each.passages)
        self._derived.forget(passages, (digest for each in digests.values() for digest in each.lexicals))
        self._prepared.forget(digests)

    def remembers(self, documents: Iterable[Member]) -> bool:
        """Whether what was made of these documents is there."""
        return self._prepared.has({member.fingerprint for member in documents})

    def forget_prepared(self) -> None:
        """Delete what was made of documents, so that it is made anew of their clauses."""
        self._prepared.forget([])

    def _texts(self, entry: Entry) -> Texts:
        clauses = [clause for _, _, clause in self._store.clauses_of([entry.key])]
        passages = [passage_text(entry.document, clause) for clause in clauses]
        lexicals = [lexical_text(entry.document, clause) for clause in clauses]
        digests = Digests(list(map(text_digest, passages)), list(map(text_digest, lexicals)))
        return Texts(digests, [clause.text for clause in clauses], passages, lexicals)

    def _embed(
        self, entries: Sequence[Entry], digests: Mapping[str, Digests], fresh: Mapping[str, Texts], progress: Progress
    ) -> int:
        name, dimension = self._encoder.name, self._encoder.dimension
        wanted = [digest for each in digests.values() for digest in each.passages]
        missing = self._derived.missing_vectors(name, wanted, dimension)
        by_digest = self._passages(entries, digests, fresh, set(missing))
        for start in range(0, len(missing), BATCH):
            batch = missing[start : start + BATCH]
            vectors = self._encoder.encode_document([by_digest[d] for d in batch])
            self._derived.save_vectors(name, dict(zip(batch, vectors, strict=True)))
            progress("embed", start + len(batch), len(missing))
        return len(missing)

    def _passages(
        self, entries: Sequence[Entry], digests: Mapping[str, Digests], fresh: Mapping[str, Texts], wanted: set[str]
    ) -> dict[str, str]:
        """The passages with these digests; documents that are prepared are read again where they have one of them."""
        found: dict[str, str] = {}
        for entry in entries:
            if not wanted.isdisjoint(digests[entry.fingerprint].passages):
                texts = fresh.get(entry.fingerprint) or self._texts(entry)
                found |= zip(texts.digests.passages, texts.passages, strict=True)
        return found

    def _prepare(self, fresh: Mapping[str, Texts], progress: Progress) -> None:
        by_digest: dict[str, str] = {}
        for texts in fresh.values():
            by_digest |= zip(texts.digests.lexicals, texts.lexicals, strict=True)
        compounds = self._compounds(by_digest, progress)
        for mark, texts in fresh.items():
            found = sorted({word for digest in texts.digests.lexicals for word in compounds[digest]})
            words = Words(Tokens.of(texts.lexicals), found, WordCounts.of(texts.printed))
            self._prepared.save(mark, texts.digests, words)

    def _compounds(self, by_digest: Mapping[str, str], progress: Progress) -> dict[str, list[str]]:
        known = self._derived.compounds(TEXT_VERSION, by_digest)
        missing = [digest for digest in by_digest if digest not in known]
        for start in range(0, len(missing), BATCH):
            fresh = {digest: compounds_in(by_digest[digest]) for digest in missing[start : start + BATCH]}
            self._derived.save_compounds(TEXT_VERSION, fresh)
            known |= fresh
            progress("words", start + len(fresh), len(missing))
        return known

    def _parts(
        self, entries: Sequence[Entry], new: Sequence[Entry], digests: Mapping[str, Digests], before: Parts
    ) -> Parts:
        """Those of an index of all of these, of which only the new ones are not in the one before."""
        ordered, came = _by_id(entries), {entry.key for entry in new}
        stay = {member_of(entry) for entry in ordered if entry.key not in came}
        marks = [entry.fingerprint for entry in new]
        went = [member.fingerprint for member in before.documents if member not in stay]
        rows = [np.array(self._store.clause_keys(entry.key), dtype=np.int64) for entry in ordered]
        kept = [np.full(len(keys), entry.key not in came) for entry, keys in zip(ordered, rows, strict=True)]
        compounds = self._prepared.compounds(entry.fingerprint for entry in ordered)
        passages = [digest for mark in marks for digest in digests[mark].passages]
        target = Target(
            documents=tuple(map(member_of, entries)),
            rows=joined(rows),
            kept=np.concatenate([np.empty(0, bool), *kept]),
            compounds=Compounds.of(word for words in compounds for word in words),
        )
        fresh = Fresh(
            postings=count_features(self._prepared.worded(marks)),
            vectors=self._derived.vectors(self._encoder.name, passages, self._encoder.dimension),
            came=self._prepared.counts(marks),
            went=self._prepared.counts(went),
        )
        return grown(before, target, fresh)


def _by_id(entries: Sequence[Entry]) -> list[Entry]:
    """In the order of the ids of their clauses, which begin with the document's."""
    return sorted(entries, key=lambda entry: entry.document.id)
