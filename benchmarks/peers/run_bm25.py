"""BM25 alone: bm25s over words, on fixed chunks."""

from __future__ import annotations

from pathlib import Path

import bm25s
import numpy as np
from _speak import DEPTH, Answers, Ask, Job, Question, fixed_chunks, keep, kept, run

INDEX = "bm25"


def ingest(job: Job) -> None:
    """Cut, count, write. The default list of stop words is English and left out."""
    passages = fixed_chunks(job)
    index = bm25s.BM25()
    words = bm25s.tokenize([passage["text"] for passage in passages], stopwords=None, show_progress=False)
    index.index(words, show_progress=False)
    index.save(str(Path(job["index"]) / INDEX))
    keep(job, passages)


def opened(job: Job) -> Ask:
    """The index from its files. The plans that a question is about are given as a mask."""
    passages = kept(job)
    index = bm25s.BM25.load(str(Path(job["index"]) / INDEX))

    def ask(question: Question) -> Answers:
        mask = np.array([passage["number"] in question["numbers"] for passage in passages])
        words = bm25s.tokenize([question["question"]], stopwords=None, show_progress=False)
        found, scores = index.retrieve(words, k=DEPTH, weight_mask=mask, show_progress=False)
        best = zip(found[0], scores[0], strict=True)
        return {"passages": [passages[at] for at, score in best if mask[at] and score > 0]}

    return ask


if __name__ == "__main__":
    run(ingest, opened)
