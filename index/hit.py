"""What is searched for, and what a search finds."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.model import Clause, Document


@dataclass(frozen=True, slots=True)
class Query:
    """A question for the two halves: `text` is embedded, `lexical` is matched by words (empty: `text` itself)."""

    text: str
    lexical: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A clause found. `score` is fused, `dense` a cosine, `lexical` BM25; a half that is switched off scores 0.

    `salience`: by how many standard deviations `dense` lies above the mean over the whole index. Cosines of a small
    encoder lie close together and shift from question to question; this says what stands out.
    """

    clause: Clause
    document: Document
    score: float
    dense: float
    lexical: float
    salience: float
