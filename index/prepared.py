"""What a document gives an index beside its vectors, kept by its fingerprint.

A build works on what is new, and one that was stopped goes on where it was."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass

import numpy as np

from index.codec import dump
from index.counts import WordCounts
from index.numbered import Worded
from index.store import Store
from index.text import TEXT_VERSION
from index.tokens import Tokens

_DIGEST = 32  # bytes of a sha256


@dataclass(frozen=True, slots=True)
class Digests:
    """sha256 (hex) of the two texts of each clause of a document, in the order of their ids."""

    passages: Sequence[str]
    lexicals: Sequence[str]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a document: tokens of its lexical texts, compounds that were found in these, counts as printed."""

    tokens: Tokens
    compounds: Sequence[str]
    counts: WordCounts


class Prepared:
    """What a `Store` keeps of documents, by their fingerprints."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def digests(self, documents: Iterable[str]) -> dict[str, Digests]:
        """Fingerprint of a document → its digests, of those that are prepared for this version of the texts."""
        sql = (
            "SELECT fingerprint, passages, lexicals FROM prepared WHERE text_version = ? "
            "AND fingerprint IN (SELECT value FROM json_each(?))"
        )
        rows = self._store.rows(sql, TEXT_VERSION, dump(sorted(documents)))
        return {mark: Digests(_split(passages), _split(lexicals)) for mark, passages, lexicals in rows}

    def has(self, documents: Set[str]) -> bool:
        """Whether all of these are prepared."""
        sql = "SELECT count(*) FROM prepared WHERE text_version = ? AND fingerprint IN (SELECT value FROM json_each(?))"
        return int(self._store.rows(sql, TEXT_VERSION, dump(sorted(documents)))[0][0]) == len(documents)

    # One document at a time: the words of all would fill the memory.

    def worded(self, documents: Iterable[str]) -> Iterator[Worded]:
        """The tokens and the compounds of prepared documents, in the order given.

        Raises:
            IndexStateError: a document is not prepared, or what is stored of it is damaged.
        """
        for row in self._rows("words, main, main_lengths, also, also_lengths, compounds", documents):
            words, *arrays, compounds = row
            with self._store.decoding():
                numbers = (np.frombuffer(array, "<i4").astype(np.int32) for array in arrays)
                yield Worded(Tokens(json.loads(words), *numbers), json.loads(compounds))

    def compounds(self, documents: Iterable[str]) -> Iterator[list[str]]:
        """The compounds of prepared documents; raises as `worded`."""
        for row in self._rows("compounds", documents):
            with self._store.decoding():
                yield json.loads(row["compounds"])

    def counts(self, documents: Iterable[str]) -> Iterator[WordCounts]:
        """The counts of prepared documents; raises as `worded`."""
        for row in self._rows("counts", documents):
            with self._store.decoding():
                yield WordCounts.from_json(row["counts"])

    def _rows(self, columns: str, documents: Iterable[str]) -> Iterator[sqlite3.Row]:
        for mark in documents:
            found = self._store.rows(f"SELECT {columns} FROM prepared WHERE fingerprint = ?", mark)  # noqa: S608
            with self._store.decoding():
                if not found:
                    raise KeyError(f"document {mark} is not prepared")
            yield found[0]

    def save(self, document: str, digests: Digests, words: Words) -> None:
        """Keep what was made of a document; committed on return."""
        tokens = words.tokens
        arrays = (tokens.main, tokens.main_lengths, tokens.also, tokens.also_lengths)
        with self._store.transaction():
            self._store.run(
                "INSERT OR REPLACE INTO prepared VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                document, TEXT_VERSION, _join(digests.passages), _join(digests.lexicals), dump(tokens.words),
                *(array.astype("<i4").tobytes() for array in arrays), dump(words.compounds), words.counts.to_json(),
            )  # fmt: skip

    def forget(self, keep: Iterable[str]) -> None:
        """Delete what was made of documents other than these."""
        with self._store.transaction():
            sql = "DELETE FROM prepared WHERE fingerprint NOT IN (SELECT value FROM json_each(?))"
            self._store.run(sql, dump(list(keep)))


def _join(digests: Iterable[str]) -> bytes:
    return b"".join(map(bytes.fromhex, digests))


def _split(joined: bytes) -> list[str]:
    told = joined.hex()
    return [told[at : at + 2 * _DIGEST] for at in range(0, len(told), 2 * _DIGEST)]
