"""The parts of one index from those of another: what stays is taken over, only what is new is worked on.

The outcome is what making the index of nothing would give, but for the lists by which more than 20,000 vectors are
searched (`index.dense`): these were chosen for the vectors of an earlier day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.counts import WordCounts
from index.dense import DenseIndex
from index.features import Compounds
from index.generation import Member, Parts
from index.lexical import LexicalIndex
from index.postings import NONE, Numbers, Postings


@dataclass(frozen=True, slots=True)
class Fresh:
    """What an index is to hold that the one before does not: features and vectors (float32[n, d]) of the clauses of new
    documents, in their order; counts of these documents, and of those that go."""

    postings: Postings
    vectors: NDArray[np.float32]
    came: Iterable[WordCounts]
    went: Iterable[WordCounts]


@dataclass(frozen=True, slots=True)
class Target:
    """What the index is to be of: its documents as the manifest lists them, the row keys of their clauses by position
    (int64[n]), which of these were in the index before (bool[n]), the compounds of all."""

    documents: tuple[Member, ...]
    rows: Numbers
    kept: NDArray[np.bool_]
    compounds: Compounds


def grown(base: Parts, target: Target, fresh: Fresh) -> Parts:
    """The parts for `target`."""
    moved = _moved(base.rows, target)
    places = np.flatnonzero(~target.kept)
    return Parts(
        rows=target.rows,
        dense=base.dense.grown(moved, fresh.vectors, places, target.rows),
        lexical=base.lexical.grown(moved, fresh.postings, places),
        compounds=target.compounds,
        counts=base.counts.changed(fresh.came, fresh.went),
        documents=target.documents,
    )


def _moved(rows: Numbers, target: Target) -> Numbers:
    """Position of each row key → where it stands in the target; -1: nowhere."""
    order = np.argsort(rows)
    at = np.flatnonzero(target.kept)
    moved = np.full(len(rows), -1, dtype=np.int64)
    moved[order[np.searchsorted(rows, target.rows[at], sorter=order)]] = at
    return moved


def nothing(dimension: int) -> Parts:
    """The parts of an index of no clause."""
    vectors, rows = np.empty((0, dimension), np.float32), np.empty(0, np.int64)
    return Parts(rows, DenseIndex.build(vectors), LexicalIndex.of(NONE), Compounds.of(()), WordCounts.total(()), ())


def joined(parts: Sequence[Numbers]) -> Numbers:
    """Row keys of documents, one behind the other."""
    return np.concatenate([np.empty(0, np.int64), *parts])
