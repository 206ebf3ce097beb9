"""What the plans' structure is measured against: passages that know nothing of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.memory import best_positions, parts_of
from eval.vectors import encode_documents
from index.embed import Encoder, Vectors
from index.features import Compounds, lexical_features
from index.fuse import Weights
from index.generation import Parts
from index.lexical import LexicalIndex
from index.progress import Progress, silent

CHUNK = 512  # characters: what a tutorial cuts
Cut = Callable[[str], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Passages:
    """Passages of several plans, searchable. `owners` and `texts` are parallel to the positions of `parts`."""

    owners: tuple[str, ...]
    texts: tuple[str, ...]
    parts: Parts

    @property
    def by_id(self) -> dict[str, str]:
        """Passage id («document#position») → text."""
        return {self._id(at): text for at, text in enumerate(self.texts)}

    def _id(self, position: int) -> str:
        return f"{self.owners[position]}#{position}"

    def search(self, vector: Vectors, words: str, documents: Sequence[str], k: int, weights: Weights) -> list[str]:
        """Ids of the k best passages within these documents; see `eval.memory.best_positions`."""
        wanted = set(documents)
        allowed = np.array([at for at, owner in enumerate(self.owners) if owner in wanted], dtype=np.int64)
        return [self._id(at) for at in best_positions(self.parts, vector, words, allowed, k, weights)]


def passages(
    sources: Mapping[str, Sequence[str]],
    cut: Cut,
    encoder: Encoder,
    compounds: Compounds,
    cache: Path,
    progress: Progress = silent,
) -> Passages:
    """Cut plans into passages and index them.

    Args:
        sources: document id → lines of its source.
        cut: text of a plan → its passages.
        encoder: the plans' own.
        compounds: the plans' own, so that BM25 sees the same words.
        cache: folder that keeps the vectors.
        progress: told of the stage `embed`.
    """
    found = [(document, text) for document, lines in sources.items() for text in cut("\n".join(lines))]
    texts = [text for _, text in found]
    vectors = encode_documents(encoder, texts, cache, progress)
    lexical = LexicalIndex.build([lexical_features(text, compounds) for text in texts])
    return Passages(tuple(owner for owner, _ in found), tuple(texts), parts_of(vectors, lexical, compounds))


def chunks(text: str, size: int = CHUNK, overlap: int = 0) -> Iterator[str]:
    """Pieces of `size` characters, each beginning `overlap` characters before the end of the one before; blank
    pieces are left out. A sentence, a cell or a quote that lies across a border is cut."""
    for start in range(0, len(text), size - overlap):
        if piece := text[start : start + size].strip():
            yield piece
        if start + size >= len(text):
            return


def lines(text: str) -> Iterator[str]:
    """Every line that is not blank."""
    return (line.strip() for line in text.splitlines() if line.strip())
