"""Thousands of plans made of hundreds, as a stock of a home: texts are read, encoded and cut into words only once.

A plan that is made has the clauses of one that is there, its own province, number and figures, and one of two ways to
put each of some turns of phrase: most of its texts stand in no other. Its words are counted like those of any plan; its
compounds are those of the plan it was made of. The vector of a text that was changed is that of the text it was made
of, moved as far, and in such directions, as neighbouring texts of the plans lie from each other (normal, with the
covariance of these differences): a search has as many near misses as in real texts, which vectors drawn evenly from the
sphere would not give.
"""

from __future__ import annotations

import dataclasses
import hashlib
import multiprocessing
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from _variants import FIGURE, PHRASES
from numpy.typing import NDArray

from index.codec import fingerprint
from index.counts import WordCounts
from index.derived import Derived
from index.files import text_digest
from index.passage import lexical_text, passage_text
from index.prepared import Digests, Prepared, Words
from index.store import State, Store
from index.tokens import Tokens
from ingest.model import Parsed
from ingest.provinces import province_names

Vectors = NDArray[np.float32]
DIMENSION = 384

_SAMPLED = 3_000  # vectors whose nearest neighbours are looked for
_SAME = 0.05  # distance below which two texts say the same
_PROCESSES = 2


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan, what an index takes of it, and the vectors of its passages by digest."""

    parsed: Parsed
    digests: Digests
    words: Words
    vectors: Mapping[str, Vectors]


def stocked(home: Path, encoder: str) -> list[Plan]:
    """The plans of a stock, in the order of their ids."""
    with Store.open(home, create=False) as store:
        prepared, derived, found = Prepared(store), Derived(store), []
        for entry in sorted(store.entries(State.LIVE), key=lambda entry: entry.document.id):
            mark = entry.fingerprint
            digests = prepared.digests([mark])[mark]
            passages = list(dict.fromkeys(digests.passages))
            vectors = derived.vectors(encoder, passages, DIMENSION)
            (worded,), (counts,) = prepared.worded([mark]), prepared.counts([mark])
            words = Words(worded.tokens, worded.compounds, counts)
            found.append(Plan(store.parsed(entry.key), digests, words, dict(zip(passages, vectors, strict=True))))
    return found


class Multiplied(Sequence[Parsed]):
    """So many plans: those given, then others made of them. Whoever goes through it finds in the store what an index
    takes of each."""

    def __init__(self, store: Store, encoder: str, plans: Sequence[Plan], count: int) -> None:
        self._derived, self._prepared = Derived(store), Prepared(store)
        self._encoder = encoder
        self._plans = plans
        self._count = count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, at: Any) -> Any:  # noqa: ANN401
        raise TypeError("plans are made one after the other")

    def __iter__(self) -> Iterator[Parsed]:
        return self.some(0, self._count)

    def some(self, first: int, behind: int) -> Iterator[Parsed]:
        """Those from `first` to before `behind`, more than it has if need be."""
        for plan in self._some(first, behind):
            self._prepared.save(fingerprint(plan.parsed), plan.digests, plan.words)
            self._derived.save_vectors(self._encoder, plan.vectors)
            yield plan.parsed

    def _some(self, first: int, behind: int) -> Iterator[Plan]:
        there = self._plans[first:behind]
        yield from there
        if first + len(there) < behind:
            _Maker.one = _Maker(self._plans)
            with multiprocessing.get_context("fork").Pool(_PROCESSES) as pool:  # the plans are not copied
                yield from pool.imap(_make, range(first + len(there), behind), chunksize=4)


class _Maker:
    """Makes plans; one for all processes."""

    one: _Maker

    def __init__(self, plans: Sequence[Plan]) -> None:
        self._plans = plans
        self._shape = _differences(np.array([vector for plan in plans for vector in plan.vectors.values()]))

    def plan(self, number: int) -> Plan:
        """The plan of this number; the same one whenever it is asked for."""
        original = self._plans[number % len(self._plans)]
        old, turn = original.parsed, _Turn.of(original.parsed, number)
        new = turn.all_of(old)
        digest = hashlib.sha256("\n".join(new.lines).encode()).hexdigest()
        header = replace(new.document, province=turn.province, source=f"{new.document.id}.txt", digest=digest)
        made = replace(new, document=header)
        before = [text_digest(passage_text(old.document, clause)) for clause in old.clauses]
        passages = [text_digest(passage_text(header, clause)) for clause in made.clauses]
        lexicals = [lexical_text(header, clause) for clause in made.clauses]
        vectors = {}
        for one, other in zip(before, passages, strict=True):
            vectors[other] = original.vectors[one] if one == other else self._beside(original.vectors[one], other)
        counts = WordCounts.of([clause.text for clause in made.clauses])
        words = Words(Tokens.of(lexicals), original.words.compounds, counts)
        return Plan(made, Digests(passages, list(map(text_digest, lexicals))), words, vectors)

    def _beside(self, vector: Vectors, digest: str) -> Vectors:
        dice = np.random.default_rng(int(digest[:16], 16))
        found = vector + self._shape @ dice.standard_normal(len(vector), dtype=np.float32)
        return np.asarray(found / np.linalg.norm(found), dtype=np.float32)


def _make(number: int) -> Plan:
    return _Maker.one.plan(number)


def _differences(vectors: Vectors) -> Vectors:
    """float32[d, d]: what a standard normal vector is multiplied with to be like the difference of two neighbours."""
    some = vectors[:: max(1, len(vectors) // _SAMPLED)]
    products = some @ vectors.T
    products[products > 1 - _SAME**2 / 2] = -1
    apart = some - vectors[products.argmax(axis=1)]
    values, directions = np.linalg.eigh(np.cov(apart.T))
    return np.asarray(directions * np.sqrt(np.maximum(values, 0)), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class _Turn:
    """What makes another plan of one: strings for others, figures moved by up to three, phrases put another way."""

    number: int
    province: str
    strings: Mapping[str, str]
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, plan: Parsed, number: int) -> _Turn:
        """For the plan of this number."""
        document, names = plan.document, province_names()
        province = names[number % len(names)]
        own, _, rest = document.number.partition("/")
        strings = {
            document.id: f"{number:05}-{document.id}",
            document.number: f"{number + 1000}/{rest}" if own.isdigit() else document.number,
            document.province: province,
            document.province.upper(): province.upper(),
        }
        for turn, pair in enumerate(PHRASES):
            said = pair[(number >> turn) & 1]
            strings |= dict.fromkeys(pair, said)
        listed = "|".join(re.escape(text) for text in sorted(strings, key=len, reverse=True) if text)
        return cls(number, province, strings, re.compile(f"({listed})|{FIGURE.pattern}"))

    def all_of(self, value: Any) -> Any:  # noqa: ANN401
        """A value with all the strings in it."""
        if type(value) is str:
            return self.pattern.sub(self._other, value)
        if isinstance(value, tuple):
            return tuple(map(self.all_of, value))
        if isinstance(value, Mapping):
            return {name: self.all_of(told) for name, told in value.items()}
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            told = {field.name: self.all_of(getattr(value, field.name)) for field in dataclasses.fields(value)}
            return replace(value, **told)
        return value

    def _other(self, found: re.Match[str]) -> str:
        if found[1] is not None:
            return self.strings[found[1]]
        whole = re.match(r"\d+", found[0])
        assert whole is not None  # noqa: S101  (for the type checker)
        moved = max(1, int(whole[0]) + zlib.crc32(f"{self.number} {found[0]}".encode()) % 7 - 3)
        return f"{moved}{found[0][whole.end() :]}"
