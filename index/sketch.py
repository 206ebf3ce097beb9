"""How alike two documents are, from a small sketch of each: the same plan comes as Word file, as PDF and as a scan.

A sketch is the bottom of the hashed five-word runs of a text (bottom-k sketch, Broder 1997, «On the resemblance and
containment of documents»): the share of common runs of two texts is estimated from the smallest of both together.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from index.store import Entry, Store
from ingest.clean import fold
from ingest.model import ClauseKind, Document, Parsed

Sketch = NDArray[np.uint64]
Alike = Callable[[Document, Document], float]

SIZE = 256  # standard error of the estimate .03
_RUN = 5
_WORD = re.compile(r"\w+")


def sketch_of(texts: Iterable[str]) -> Sketch:
    """uint64[≤ 256], ascending: the smallest hashes of the runs of five words of a document's clauses."""
    words = [word for text in texts for word in _WORD.findall(fold(text))]
    runs = {" ".join(words[at : at + _RUN]) for at in range(max(len(words) - _RUN + 1, 1))}
    hashed = {int.from_bytes(hashlib.blake2b(run.encode(), digest_size=8).digest(), "little") for run in runs}
    return np.array(sorted(hashed)[:SIZE], dtype=np.uint64)


def resemblance(one: Sketch, other: Sketch) -> float:
    """Estimated share, 0–1, of the runs of two documents that both hold."""
    # By hand, not by numpy's functions of sets: a file is held against every plan of the stock.
    merged = np.sort(np.concatenate([one, other]))
    twice = merged[1:] == merged[:-1]
    rank = np.arange(len(twice)) - np.cumsum(twice) + twice  # of the value among those that differ
    differing = len(merged) - int(twice.sum())
    return float((twice & (rank < SIZE)).sum() / min(SIZE, differing)) if differing else 0.0


def sketch_of_plan(parsed: Parsed) -> Sketch:
    """The sketch of what a plan says; its header, which versions differ in, is left out."""
    return sketch_of(clause.text for clause in parsed.clauses if clause.kind is not ClauseKind.HEADER)


class Sketches:
    """The sketches of the documents of a `Store`, by digest; those that are missing are made and kept."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def alike(self, live: Iterable[Entry], batch: Iterable[Parsed]) -> Alike:
        """A function that tells how alike two of these documents are."""
        known = self._known(live, batch)
        return lambda one, other: resemblance(known[one.digest], known[other.digest])

    def forget_others(self) -> None:
        """Delete the sketches of files that are not in the stock."""
        with self._store.transaction():
            self._store.run("DELETE FROM sketches WHERE digest NOT IN (SELECT digest FROM documents)")

    def _known(self, live: Iterable[Entry], batch: Iterable[Parsed]) -> dict[str, Sketch]:
        rows = self._store.rows("SELECT digest, sketch FROM sketches")
        known = {digest: np.frombuffer(blob, dtype="<u8").astype(np.uint64) for digest, blob in rows}
        missing = {entry.document.digest: entry.key for entry in live if entry.document.digest not in known}
        fresh = {digest: self._made(key) for digest, key in missing.items()}
        for parsed in batch:
            if parsed.document.digest not in known:
                fresh[parsed.document.digest] = sketch_of_plan(parsed)
        if fresh:
            self._save(fresh)
        return known | fresh

    def _made(self, key: int) -> Sketch:
        return sketch_of(c.text for c in self._store.clauses(key) if c.kind is not ClauseKind.HEADER)

    def _save(self, fresh: Mapping[str, Sketch]) -> None:
        with self._store.transaction():
            for digest, sketch in fresh.items():
                self._store.run("INSERT OR REPLACE INTO sketches VALUES (?, ?)", digest, sketch.astype("<u8").tobytes())
