"""Filter → both searches → fusion → hits with their clauses and documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from index.codec import dump
from index.contents import Contents, contents
from index.embed import Encoder, Vectors, canonical_name, load_encoder
from index.engine import OVERFETCH, Engine, Probe
from index.engines import engine_of
from index.excerpts import Excerpts
from index.features import query_features
from index.filter import EVERYTHING, Filter, selection
from index.fuse import BOTH, Ranking, Weights, fuse
from index.generation import REPAIR, Generation, current_name
from index.hit import Hit, Query
from index.lineage import Lineage
from index.store import State, Store, no_index
from index.whole import agencies_of, is_cited, sizes_of, texts_of
from ingest.errors import EngineError, IndexStateError
from ingest.model import Clause, Document, Printed
from ingest.settings import DEFAULT_ENCODER
from ingest.where import HERE, Kind, Where

_REMEMBERED_CLAUSES = 20_000
_BACKGROUND = 2_000  # clauses, evenly spread, that stand for the whole index
_NO_SPREAD = 1e-6


class Searcher:
    """Search over one generation. Threads may share it; it keeps its generation while newer ones are built."""

    def __init__(
        self,
        store: Store,
        generation: Generation,
        encoder: Encoder,
        weights: Weights = BOTH,
        engine: Engine | None = None,
    ) -> None:
        self.generation = generation
        self.weights = weights
        self._store = store
        self._encoder = encoder
        count = len(generation.parts.rows)
        self._sample = np.arange(0, count, max(1, count // _BACKGROUND), dtype=np.int64)
        keys = set(generation.document_keys)
        stored = {e.key: e.document for e in store.entries() if e.key in keys}
        self.lineage = Lineage(stored.values())
        self._documents = {key: self.lineage.of(document) for key, document in stored.items()}
        self._keys = {document.id: key for key, document in self._documents.items()}
        self._clauses: dict[int, tuple[int, Clause]] = {}
        self._engine = engine or engine_of(HERE, store, generation)

    @classmethod
    def open(
        cls, home: Path, encoder: str | Encoder = DEFAULT_ENCODER, weights: Weights = BOTH, where: Where = HERE
    ) -> Searcher:
        """Open the current generation of a home with the encoder of this name (or an encoder already loaded), to be
        searched where `where` says.

        Raises:
            IndexStateError: no index, a damaged one, one of another encoder, or the encoder cannot be loaded.
            EngineError: what it takes to reach the engine is not installed.
        """
        store = Store.open(home, create=False)
        try:
            if current_name(home) is None and not store.entries(State.LIVE):
                raise no_index(home)
            name = canonical_name(encoder) if isinstance(encoder, str) else encoder.name
            generation = Generation.open(home, name, searched=where.kind is Kind.LOCAL)
            _check_documents(store, generation, home)
            loaded = load_encoder(encoder) if isinstance(encoder, str) else encoder
            return cls(store, generation, loaded, weights, engine_of(where, store, generation))
        except (IndexStateError, EngineError):
            store.close()
            raise

    def __enter__(self) -> Searcher:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the database, and let go of the engine."""
        self._engine.close()
        self._store.close()

    @property
    def home(self) -> Path:
        """The directory of the index."""
        return self._store.path.parent

    def embed(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts that are no clauses, as passages: float32[n, dimension], unit length."""
        return self._encoder.encode_document(texts)

    def search(
        self, query: Query, restrict: Filter = EVERYTHING, k: int = 10, weights: Weights | None = None
    ) -> list[Hit]:
        """The k best clauses for a question, best first, ties by clause id; `weights` overrides the searcher's own."""
        return self.search_batch([query], restrict, k, weights)[0]

    def search_batch(
        self, queries: Sequence[Query], restrict: Filter = EVERYTHING, k: int = 10, weights: Weights | None = None
    ) -> list[list[Hit]]:
        """`search` for several questions, encoded together. A blank question finds nothing."""
        used = weights or self.weights
        vectors = self.encode(queries, used)
        return [
            self._search(query, [restrict], k, vector, used)[0] for query, vector in zip(queries, vectors, strict=True)
        ]

    def search_across(
        self, query: Query, restricts: Sequence[Filter], k: int = 10, vector: NDArray[np.float32] | None = None
    ) -> list[list[Hit]]:
        """One question under several filters (one a province, say), encoded once (`vector`: what `encode` has made of
        it): the k best hits of each."""
        if vector is None:
            vector = self.encode([query])[0]
        return self._search(query, restricts, k, vector, self.weights)

    def _search(
        self, query: Query, restricts: Sequence[Filter], k: int, vector: NDArray[np.float32], weights: Weights
    ) -> list[list[Hit]]:
        if not query.text.strip():
            return [[] for _ in restricts]
        features = query_features(query.lexical or query.text, self.generation.parts.compounds)
        found = self._engine.candidates(Probe(vector, features), restricts, max(OVERFETCH, k), weights)
        background = self._background(vector)
        return [self._hits(fuse(c.positions, c.dense, c.lexical, weights).top(k), background) for c in found]

    def encode(self, queries: Sequence[Query], weights: Weights | None = None) -> Vectors:
        """The vectors of questions, float32[n, d], in one call of the encoder; zeros for a blank question."""
        vectors = np.zeros((len(queries), self.generation.manifest.dimension), dtype=np.float32)
        asked = [at for at, query in enumerate(queries) if query.text.strip()]
        if asked and (weights or self.weights).dense:
            vectors[asked] = self._encoder.encode_query([queries[at].text for at in asked])
        return vectors

    def _background(self, vector: NDArray[np.float32]) -> tuple[float, float]:
        """Mean and standard deviation of a question's cosines over the index."""
        dense = self._engine.cosines(vector, self._sample)
        return (float(dense.mean()), float(dense.std())) if len(dense) else (0.0, 0.0)

    def _hits(self, ranking: Ranking, background: tuple[float, float]) -> list[Hit]:
        mean, spread = background
        salience = (ranking.dense - mean) / spread if spread > _NO_SPREAD else np.zeros(len(ranking.dense))
        keys = [int(key) for key in self.generation.parts.rows[ranking.positions]]
        found = self._fetch(keys)
        columns = (ranking.scores, ranking.dense, ranking.lexical, salience)
        numbers = zip(*(column.tolist() for column in columns), strict=True)
        return [
            Hit(clause, self._documents[owner], *scores)
            for (owner, clause), scores in zip((found[key] for key in keys), numbers, strict=True)
        ]

    def _fetch(self, keys: Sequence[int]) -> dict[int, tuple[int, Clause]]:
        """Clauses by row key. A row is never changed, so what was read once is remembered."""
        if len(self._clauses) > _REMEMBERED_CLAUSES:
            self._clauses = {}
        known = self._clauses
        unknown = [key for key in keys if key not in known]
        if unknown:
            known.update(self._store.clauses_by_key(unknown))
        if any(key not in known for key in keys):
            raise self._superseded()
        return known

    def documents(self) -> list[Document]:
        """The documents of this generation, by province and number."""
        return sorted(self._documents.values(), key=lambda d: (d.province, d.number, d.id))

    def clauses(self, document_id: str | None = None) -> list[Clause]:
        """The clauses of one document (None: of all), in their order.

        Raises:
            IndexStateError: the document is not in this generation, or no longer in the database.
        """
        keys = [self._key(document_id)] if document_id is not None else list(self._documents)
        found = [self._store.clauses(key) for key in keys]
        if not all(found):
            raise self._superseded()
        return [clause for own in found for clause in own]

    def excerpts(self, document_id: str) -> Excerpts:
        """One document, to be read in part.

        Raises:
            IndexStateError: it is not in this generation.
        """
        return Excerpts(self._store, self._key(document_id), self._superseded)

    def matching(self, restrict: Filter) -> list[tuple[Document, Clause]]:
        """Every clause that a filter allows, in the order of `documents` and then of the plan."""
        sql, values = selection(restrict, list(self._documents))
        keys = [row[0] for row in self._store.rows(sql, *values)]
        found = self._fetch(keys)
        at = {document.id: place for place, document in enumerate(self.documents())}
        pairs = [(self._documents[found[key][0]], found[key][1]) for key in keys]
        return sorted(pairs, key=lambda pair: (at[pair[0].id], pair[1].ordinal))

    def sizes(self) -> dict[str, int]:
        """Document id → how many clauses it has; raises as `clauses`."""
        found = sizes_of(self._store)
        if not found.keys() >= self._documents.keys():
            raise self._superseded()
        return {document.id: found[key] for key, document in self._documents.items()}

    def agencies(self) -> frozenset[str]:
        """Names of the agencies that clauses charge with something, in whatever role."""
        return frozenset().union(*agencies_of(self._store, list(self._documents)).values())

    @property
    def count(self) -> int:
        """How many clauses."""
        return len(self.generation.parts.rows)

    def texts(self, *, rows: bool = True, plans: int | None = None) -> Iterator[str]:
        """The texts of the clauses, plan by plan, with or without those of table rows; see `texts_of` for `plans`."""
        return texts_of(self._store, list(self._documents), rows=rows, plans=plans)

    def agencies_by_plan(self) -> dict[str, set[str]]:
        """Document id → names of the agencies that its clauses charge with something, in whatever role."""
        found = agencies_of(self._store, list(self._documents))
        return {document.id: found.get(key, set()) for key, document in self._documents.items()}

    def cites(self, number: str) -> bool:
        """Whether the running text of a plan cites a plan of this number; most that none does stand in no word."""
        known = self.generation.parts.lexical.holds(number.lower())
        return known and is_cited(self._store, list(self._documents), number)

    def clause(self, clause_id: str) -> Clause:
        """One clause.

        Raises:
            IndexStateError: it is not in this generation.
        """
        sql = "SELECT key FROM clauses WHERE id = ? AND document_key IN (SELECT value FROM json_each(?))"
        found = self._store.rows(sql, clause_id, dump(list(self._documents)))
        if not found:
            raise IndexStateError(
                f"Không có đoạn «{clause_id}» trong chỉ mục.", "Văn bản có thể đã thay đổi: hãy tìm lại."
            )
        return self._fetch([found[0][0]])[found[0][0]][1]

    def source_lines(self, document_id: str) -> tuple[str, ...]:
        """The decoded source of a document, line by line.

        Raises:
            IndexStateError: the document is not in this generation.
        """
        return self._store.lines(self._key(document_id))

    def printed(self, document_id: str) -> Printed | None:
        """The pages that a document was read from, without the file itself; None for one without pages.

        Raises:
            IndexStateError: no such document in this index.
        """
        return self._store.printed(self._key(document_id))

    def original(self, document: Document) -> bytes:
        """The file of a document with pages; empty where a newer index dropped it."""
        return self._store.original(document.digest)

    def contents(self, document_id: str) -> Contents:
        """Coverage of a document's source lines, and how much was read from them.

        Raises:
            IndexStateError: the document is not in this generation.
        """
        return contents(self._store, self._key(document_id))

    def _key(self, document_id: str) -> int:
        if document_id not in self._keys:
            raise IndexStateError(
                f"Không có văn bản «{document_id}» trong chỉ mục.", "Xem danh sách bằng `kehoach documents`."
            )
        return self._keys[document_id]

    def _superseded(self) -> IndexStateError:
        return IndexStateError(
            f"Bản chỉ mục {self.generation.name} đã được thay bằng bản mới hơn.", "Tải lại trang hoặc chạy lại lệnh."
        )


def _check_documents(store: Store, generation: Generation, home: Path) -> None:
    """A generation of a database that was since put back from a backup must not be read with it."""
    present = {(e.key, e.document.id, e.fingerprint) for e in store.entries()}
    if not {(m.key, m.id, m.fingerprint) for m in generation.manifest.documents} <= present:
        raise IndexStateError(f"Chỉ mục {home / generation.name} không khớp với cơ sở dữ liệu {store.path}.", REPAIR)
