"""The engine of several machines behind the interface of `index.engine`.

The server finds candidates; their cosines are computed here, of the vectors themselves, so that they are those of one
machine to the last digit. A server that takes no sparse vectors (before 2.4) finds by meaning only: words are then
searched in the files of this machine.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.cluster.filters import among, expression
from index.cluster.names import alias_name, first_key, partition_name, stamp
from index.cluster.server import ASKING, Missing, Server, not_loaded
from index.cluster.vectors import Vectors
from index.cluster.words import Numbers, question_vector
from index.cosines import cosines
from index.engine import Candidates, Probe
from index.filter import Filter
from index.fuse import Weights
from index.generation import Generation
from index.lexical import LexicalIndex
from index.positions import Positions, Scores
from ingest.errors import EngineError
from ingest.where import DEFAULT_TENANT

_MOST = 16_384  # rows of one answer; what Milvus allows
_FETCHED = 1_000  # vectors of one answer
_ABREAST = 8  # questions under several filters


@dataclass(frozen=True, slots=True)
class _Question:
    """A question as the engine takes it. `best` gives the positions and scores that words find under a filter (and its
    expression), `scores` the scores of given positions."""

    vector: NDArray[np.float32]
    best: Callable[[Filter, str, int], tuple[Positions, Scores]]
    scores: Callable[[Positions], Scores]


class MilvusEngine:
    """Searches the rows of a generation, where the server says that it has them all.

    `lexical` loads the words of this machine, `allowed` gives the positions that a filter allows: for a server that
    cannot search words.
    """

    def __init__(
        self,
        server: Server,
        generation: Generation,
        lexical: Callable[[], LexicalIndex],
        allowed: Callable[[Filter], Positions | None],
    ) -> None:
        where = server.where
        self._server = server
        self._generation = generation
        self._lexical = lexical
        self._allowed = allowed
        self._alias = alias_name(where.tenant, stamp(generation))
        self._partition = partition_name(where.tenant)
        self._first_key = first_key(where.tenant, DEFAULT_TENANT)
        self._order = np.argsort(generation.parts.rows)
        self._sorted = generation.parts.rows[self._order]
        self._vectors = Vectors(self._fetch, generation.manifest.dimension)
        self._abreast = ThreadPoolExecutor(_ABREAST, thread_name_prefix="engine")
        self._lock = threading.Lock()
        self._number: Numbers | None = None
        self._local: LexicalIndex | None = None

    def candidates(self, probe: Probe, restricts: Sequence[Filter], pool: int, weights: Weights) -> list[Candidates]:
        """See `index.engine.Engine`."""
        question = self._question(probe, weights)
        if len(restricts) < 2:
            return [self._under(restrict, question, pool, weights) for restrict in restricts]
        return list(self._abreast.map(lambda each: self._under(each, question, pool, weights), restricts))

    def cosines(self, vector: NDArray[np.float32], positions: Positions) -> Scores:
        """See `index.engine.Engine`."""
        return cosines(self._vectors.kept(positions), vector)

    def close(self) -> None:
        """Close the connection."""
        self._abreast.shutdown(wait=False, cancel_futures=True)
        self._server.close()

    def _under(self, restrict: Filter, question: _Question, pool: int, weights: Weights) -> Candidates:
        told = expression(restrict)
        if told is None:
            nothing = np.zeros(0)
            return Candidates(np.zeros(0, dtype=np.int64), nothing, nothing)
        by_words: tuple[Positions, Scores] = np.zeros(0, dtype=np.int64), np.zeros(0)
        if weights.lexical:
            by_words = question.best(restrict, told, pool)
        by_meaning = self._search("dense", question.vector, told, pool)[0] if weights.dense else by_words[0][:0]
        positions = np.union1d(by_words[0], by_meaning)
        lexical = np.zeros(len(positions))
        lexical[np.searchsorted(positions, by_words[0])] = by_words[1]
        if weights.lexical and len(rest := np.setdiff1d(positions, by_words[0])):
            lexical[np.searchsorted(positions, rest)] = question.scores(rest)
        dense = cosines(self._vectors.of(positions), question.vector) if weights.dense else np.zeros(len(positions))
        return Candidates(positions, dense, lexical.round(6))

    def _question(self, probe: Probe, weights: Weights) -> _Question:
        features = probe.features if weights.lexical else ()
        if features and not self._server.holds_words():
            matches = self._words_here().matches(features)

            def best(restrict: Filter, told: str, pool: int) -> tuple[Positions, Scores]:
                found = matches.best(self._allowed(restrict), pool)
                return found, matches.scores(found)

            return _Question(probe.vector, best, matches.scores)
        sparse = question_vector(features, self._generation.parts.lexical, self._numbers()) if features else {}

        def search(_: Filter, told: str, pool: int) -> tuple[Positions, Scores]:
            return self._search("sparse", sparse, told, pool)

        return _Question(probe.vector, search, lambda positions: self._scores(sparse, positions))

    def _numbers(self) -> Numbers:
        with self._lock:
            if self._number is None:
                self._number = Numbers(self._generation.parts.lexical.features)
            return self._number

    def _words_here(self) -> LexicalIndex:
        with self._lock:
            if self._local is None:
                self._local = self._lexical()
            return self._local

    # What is asked of the server

    def _search(self, field: str, data: object, told: str, limit: int) -> tuple[Positions, Scores]:
        """The best positions by one field, with the scores that the server gives them."""
        if isinstance(data, dict) and not data:
            return np.zeros(0, dtype=np.int64), np.zeros(0)
        found = self._ask(
            lambda client: client.search(
                self._alias,
                data=[data],
                anns_field=field,
                filter=told,
                limit=min(limit, _MOST),
                output_fields=["key"],
                partition_names=[self._partition],
                search_params={"metric_type": "IP"},
                timeout=ASKING,
            )[0]
        )
        return self._positions(list(found.ids)), np.array(list(found.distances), dtype=np.float64)

    def _scores(self, sparse: Mapping[int, float], positions: Positions) -> Scores:
        """What words give these positions: those that share none with the question are not found, and have 0."""
        keys = (self._generation.parts.rows[positions] + self._first_key).tolist()
        found, scores = self._search("sparse", sparse, among(keys), len(keys))
        by_position = dict(zip(found.tolist(), scores.tolist(), strict=True))
        return np.array([by_position.get(at, 0.0) for at in positions.tolist()])

    def _fetch(self, positions: Sequence[int]) -> dict[int, NDArray[np.float32]]:
        fetched: dict[int, NDArray[np.float32]] = {}
        keys = (self._generation.parts.rows[np.array(positions)] + self._first_key).tolist()
        for start in range(0, len(keys), _FETCHED):
            rows = self._ask(partial(self._rows, keys[start : start + _FETCHED]))
            places = self._positions([row["key"] for row in rows]).tolist()
            fetched |= {at: np.array(row["dense"], np.float32) for at, row in zip(places, rows, strict=True)}
        if len(fetched) < len(positions):
            raise self._unlike()
        return fetched

    def _rows(self, keys: Sequence[int], client: Any) -> list[dict[str, Any]]:  # noqa: ANN401 (the library's)
        fields, partitions = ["key", "dense"], [self._partition]
        told = among(keys)
        found = client.query(self._alias, filter=told, output_fields=fields, partition_names=partitions, timeout=ASKING)
        return list(found)

    def _ask(self, what: Callable[[Any], Any]) -> Any:  # noqa: ANN401 (what the library's client gives)
        try:
            try:
                return self._server.call(what)
            except EngineError as error:
                if not not_loaded(error):
                    raise
                self._load()
                return self._server.call(what)
        except Missing as error:
            raise EngineError(
                f"Máy tìm kiếm {self._server.where} chưa có đủ bản chỉ mục {self._generation.name} "
                f"(đơn vị «{self._server.where.tenant}»).",
                "Chạy `kehoach index push`; nếu lệnh ấy đang chạy, đợi xong rồi làm lại.",
            ) from error

    def _load(self) -> None:
        """Right after its start a server has the rows, but does not search them yet."""
        try:
            self._server.load(self._alias, ASKING)
        except EngineError as error:
            raise EngineError(
                f"Máy tìm kiếm {self._server.where} vừa khởi động, chưa nạp xong dữ liệu.", "Đợi một phút rồi làm lại."
            ) from error

    def _positions(self, keys: Sequence[int]) -> Positions:
        wanted = np.array(keys, dtype=np.int64) - self._first_key
        at = np.minimum(np.searchsorted(self._sorted, wanted), max(len(self._sorted) - 1, 0))
        if len(wanted) and not np.array_equal(self._sorted[at], wanted):
            raise self._unlike()
        return self._order[at]

    def _unlike(self) -> EngineError:
        return EngineError(
            f"Máy tìm kiếm {self._server.where} giữ dữ liệu khác với bản chỉ mục {self._generation.name}.",
            "Chạy `kehoach index push` rồi làm lại.",
        )
