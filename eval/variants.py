"""The index of the plans with one thing left out: built in memory, the home is not touched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from answer.corrections import Spans
from answer.words import CorpusWords
from eval.vectors import encode_documents
from index.dense import DenseIndex
from index.embed import Encoder, Vectors
from index.features import FOLDED, Compounds, lexical_features
from index.fuse import BOTH, Weights
from index.generation import Generation, Parts
from index.lexical import LexicalIndex
from index.passage import lexical_text, passage_text
from index.prepared import Prepared
from index.progress import Progress, silent
from index.search import Searcher
from index.store import Store
from ingest.model import Clause, Document

Keep = Callable[[str], bool]


def is_pair(feature: str) -> bool:
    """Whether a lexical feature is a pair of adjacent syllables (`index.features` joins them with a space)."""
    return " " in feature


def is_compound(feature: str) -> bool:
    """Whether a lexical feature is a compound («nhà_ở»)."""
    return "_" in feature


def is_folded(feature: str) -> bool:
    """Whether a lexical feature is of the half without diacritics."""
    return feature.startswith(FOLDED)


@dataclass
class RememberingEncoder:
    """An encoder that embeds a question once: the same questions are asked of every variant."""

    inner: Encoder
    _known: dict[str, Vectors] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name of the encoder within."""
        return self.inner.name

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self.inner.dimension

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        """float32[n, dimension]. One text a call, so that a vector cannot depend on what it was asked with."""
        for text in texts:
            if text not in self._known:
                self._known[text] = self.inner.encode_query([text])[0]
        return np.array([self._known[text] for text in texts], dtype=np.float32).reshape(-1, self.dimension)

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        """float32[n, dimension], not remembered."""
        return self.inner.encode_document(texts)


class WordsAsTyped(CorpusWords):
    """The corpus' words without the restoration of diacritics."""

    def restore(self, text: str, fixed: Spans = (), bare: bool | None = None) -> str:
        """The text as it is."""
        return text


class Variants:
    """Searchers over variants of one generation."""

    def __init__(self, store: Store, generation: Generation, encoder: Encoder) -> None:
        self._store = store
        self._generation = generation
        self.encoder = encoder
        documents = {entry.key: entry.document for entry in store.entries()}
        members = generation.manifest.documents
        words = Prepared(store).compounds(member.fingerprint for member in members)
        self._compounds = {member.id: Compounds.of(own) for member, own in zip(members, words, strict=True)}
        found = store.clauses_of(generation.document_keys)
        # Positions are in the order of clause ids: what is built here must be in the order of the generation's rows.
        order = {key: (documents[owner], clause) for key, owner, clause in found}
        self._texts: list[tuple[Document, Clause]] = [order[int(key)] for key in generation.parts.rows]
        self._features = [lexical_features(lexical_text(d, c), self._compounds[d.id]) for d, c in self._texts]

    @property
    def parts(self) -> Parts:
        """The index as it is."""
        return self._generation.parts

    def searcher(self, parts: Parts | None = None, weights: Weights = BOTH) -> Searcher:
        """A searcher over these parts in place of the generation's own; not to be closed, the store is shared."""
        used = self._generation
        if parts is not None:
            used = Generation(used.name, used.manifest, parts)
        return Searcher(self._store, used, self.encoder, weights)

    def with_features(self, keep: Keep) -> Parts:
        """BM25 over some of the features; what it does not hold a question cannot match."""
        kept = [[feature for feature in text if keep(feature)] for text in self._features]
        return replace(self.parts, lexical=LexicalIndex.build(kept))

    def without_context(self, cache: Path, progress: Progress = silent) -> Parts:
        """Passages of the clause's own words: no section titles, no table, no group, no parent row."""
        bare = [(_bare_document(document), _bare_clause(clause)) for document, clause in self._texts]
        vectors = encode_documents(self.encoder, [passage_text(d, c) for d, c in bare], cache, progress)
        features = [lexical_features(lexical_text(d, c), self._compounds[d.id]) for d, c in bare]
        return replace(self.parts, dense=DenseIndex.build(vectors), lexical=LexicalIndex.build(features))


def _bare_document(document: Document) -> Document:
    return replace(document, title="")


def _bare_clause(clause: Clause) -> Clause:
    row = replace(clause.row, table="", group="", parent_text="") if clause.row else None
    return replace(clause, section=(), row=row)
