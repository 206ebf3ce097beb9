"""The rows of the engine, made of the database: what was computed of a plan is kept there, so that nothing is encoded.

A row has a digest of all it holds. Rows that are there with the same digest need not be sent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.cluster.tables import SCALARS
from index.cluster.words import Numbers, Sparse, clause_vectors
from index.codec import dump
from index.generation import Generation, Member
from index.numbered import numbered_features
from index.prepared import Prepared
from index.store import Store
from ingest.errors import IndexStateError


@dataclass(frozen=True, slots=True)
class Row:
    """A clause: its row key, what filters ask for, its vector, and its words where the engine takes them."""

    key: int
    document: str
    province: str
    kind: str
    agencies: tuple[str, ...]
    dense: NDArray[np.float32]
    sparse: Sparse | None

    def digest(self) -> str:
        """What tells it from every row that holds anything else."""
        told = hashlib.sha256(dump([getattr(self, name) for name in SCALARS]).encode("utf-8", "surrogatepass"))
        told.update(np.ascontiguousarray(self.dense, dtype="<f4").tobytes())
        if self.sparse:
            told.update(self.sparse.numbers.astype("<i8").tobytes())
            told.update(self.sparse.weights.astype("<f4").tobytes())
        return told.hexdigest()[:32]

    def as_dict(self) -> dict[str, Any]:
        """As the client of the engine takes it."""
        scalars = {name: getattr(self, name) for name in SCALARS} | {"agencies": list(self.agencies)}
        words = {"sparse": self.sparse.as_dict()} if self.sparse else {}
        return {"key": self.key, "digest": self.digest(), "dense": self.dense, **scalars, **words}


def fetched(row: Mapping[str, Any], first_key: int) -> Row:
    """A row as the engine gave it back."""
    words = dict(row["sparse"]) if "sparse" in row else None
    numbers = np.array(sorted(words), dtype=np.int64) if words is not None else None
    sparse = None
    if words is not None and numbers is not None:
        sparse = Sparse(numbers, np.array([words[number] for number in numbers.tolist()], dtype=np.float32))
    dense = np.array(row["dense"], dtype=np.float32)
    scalars = (row["document"], row["province"], row["kind"], tuple(row["agencies"]))
    return Row(int(row["key"]) - first_key, *scalars, dense, sparse)


class Source:
    """The rows of a generation, plan by plan."""

    def __init__(self, store: Store, generation: Generation, *, words: bool) -> None:
        self._store = store
        self._generation = generation
        self._prepared = Prepared(store)
        self._words = words
        self._number = Numbers(generation.parts.lexical.features if words else ())

    def keys(self) -> list[tuple[Member, list[int]]]:
        """The plans in the order of the row keys of their clauses, with these, in the order of clause ids."""
        told = [(member, self._store.clause_keys(member.key)) for member in self._generation.manifest.documents]
        return sorted(((member, keys) for member, keys in told if keys), key=lambda pair: min(pair[1]))

    def rows(self, members: Sequence[tuple[Member, list[int]]]) -> Iterator[Row]:
        """The rows of these plans.

        Raises:
            IndexStateError: the database no longer has what the generation was made of.
        """
        digests = self._prepared.digests(member.fingerprint for member, _ in members)
        vectors = self._vectors([digest for each in digests.values() for digest in each.passages])
        sparse = self._sparse([member.fingerprint for member, _ in members])
        for member, keys in members:
            scalars = self._scalars(member.key)
            words = next(sparse)
            passages = digests[member.fingerprint].passages if member.fingerprint in digests else ()
            if len(passages) != len(keys) or not scalars.keys() >= set(keys) or not set(passages) <= vectors.keys():
                raise _changed()
            for at, (key, passage) in enumerate(zip(keys, passages, strict=True)):
                yield Row(key, *scalars[key], vectors[passage], words[at] if self._words else None)

    def _sparse(self, fingerprints: Sequence[str]) -> Iterator[list[Sparse]]:
        if not self._words:
            yield from ([] for _ in fingerprints)
            return
        length = self._generation.parts.lexical.length
        for count, texts, features in numbered_features(self._prepared.worded(fingerprints), self._number):
            yield clause_vectors(count, texts, features, length)

    def _vectors(self, digests: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """Digest of a passage → its vector."""
        manifest = self._generation.manifest
        sql = (
            "SELECT text_digest, vector FROM vectors WHERE encoder = ? AND length(vector) = ? "
            "AND text_digest IN (SELECT value FROM json_each(?))"
        )
        found = self._store.rows(sql, manifest.encoder, 4 * manifest.dimension, dump(sorted(set(digests))))
        return {row[0]: np.frombuffer(row[1], dtype="<f4").astype(np.float32) for row in found}

    def _scalars(self, document_key: int) -> dict[int, tuple[str, str, str, tuple[str, ...]]]:
        """Row key → document, province, kind, agencies of the clauses of a plan."""
        named: dict[int, set[str]] = {}
        agencies = (
            "SELECT a.clause_key, a.name FROM clause_agencies a JOIN clauses c ON c.key = a.clause_key "
            "WHERE c.document_key = ?"
        )
        for key, name in self._store.rows(agencies, document_key):
            named.setdefault(key, set()).add(name)
        sql = (
            "SELECT c.key, d.id, d.province, c.kind FROM clauses c JOIN documents d ON d.key = c.document_key "
            "WHERE c.document_key = ?"
        )
        return {
            key: (document, province, kind, tuple(sorted(named.get(key, ()))))
            for key, document, province, kind in self._store.rows(sql, document_key)
        }


def _changed() -> IndexStateError:
    return IndexStateError(
        "Kho văn bản đã thay đổi trong lúc đẩy lên máy tìm kiếm.", "Chạy lại `kehoach index push`; phần đã đẩy vẫn còn."
    )
