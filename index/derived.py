"""What was computed from a text, kept by the text's sha256: a text that was seen before is never worked on again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

from index.codec import dump
from index.store import Store

_TOGETHER = 8_192  # vectors that are fetched at once
_AMONG = "text_digest IN (SELECT value FROM json_each(?))"


class Derived:
    """The vectors (by encoder) and the compounds (by text version) of texts, in the database of a `Store`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def missing_vectors(self, encoder: str, digests: Sequence[str], dimension: int) -> list[str]:
        """Which of these texts have no vector of this encoder and length; in the order given, each once."""
        sql = f"SELECT text_digest FROM vectors WHERE encoder = ? AND length(vector) = ? AND {_AMONG}"  # noqa: S608
        known = {row[0] for row in self._store.rows(sql, encoder, 4 * dimension, dump(list(digests)))}
        return [digest for digest in dict.fromkeys(digests) if digest not in known]

    def save_vectors(self, encoder: str, vectors: Mapping[str, NDArray[np.float32]]) -> None:
        """Keep vectors by the digest of their text; committed on return."""
        with self._store.transaction():
            for digest, vector in vectors.items():
                blob = np.ascontiguousarray(vector, dtype="<f4").tobytes()
                self._store.run("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", encoder, digest, blob)

    def vectors(self, encoder: str, digests: Sequence[str], dimension: int) -> NDArray[np.float32]:
        """float32[len(digests), dimension].

        Raises:
            KeyError: a text has no vector, or one of another length.
        """
        sql = f"SELECT text_digest, vector FROM vectors WHERE encoder = ? AND length(vector) = ? AND {_AMONG}"  # noqa: S608
        vectors = np.empty((len(digests), dimension), dtype=np.float32)
        for start in range(0, len(digests), _TOGETHER):
            some = digests[start : start + _TOGETHER]
            found = dict(map(tuple, self._store.rows(sql, encoder, 4 * dimension, dump(list(some)))))
            blobs = b"".join(found[digest] for digest in some)
            vectors[start : start + len(some)] = np.frombuffer(blobs, dtype="<f4").reshape(len(some), dimension)
        return vectors

    def compounds(self, text_version: int, digests: Iterable[str]) -> dict[str, list[str]]:
        """Digest of a text → the compounds that were found in it, of those of these that were worked on. A damaged row
        is as good as none: it is made anew."""
        sql = f"SELECT text_digest, words FROM compounds WHERE text_version = ? AND {_AMONG}"  # noqa: S608
        rows = self._store.rows(sql, text_version, dump(list(digests)))
        found = {}
        for digest, words in rows:
            with suppress(ValueError):
                found[digest] = json.loads(words)
        return found

    def save_compounds(self, text_version: int, words: Mapping[str, Sequence[str]]) -> None:
        """Keep compounds by the digest of their text; committed on return."""
        with self._store.transaction():
            for digest, found in words.items():
                self._store.run("INSERT OR REPLACE INTO compounds VALUES (?, ?, ?)", text_version, digest, dump(found))

    def forget(self, keep_vectors: Iterable[str], keep_compounds: Iterable[str]) -> None:
        """Delete what came from texts other than these."""
        with self._store.transaction():
            for table, keep in (("vectors", keep_vectors), ("compounds", keep_compounds)):
                sql = f"DELETE FROM {table} WHERE text_digest NOT IN (SELECT value FROM json_each(?))"  # noqa: S608
                self._store.run(sql, dump(sorted(set(keep))))
