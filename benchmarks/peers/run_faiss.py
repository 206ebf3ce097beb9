"""What a tutorial shows: fixed chunks, sentence-transformers, FAISS `IndexFlatIP`, the best k."""

from __future__ import annotations

from pathlib import Path

import faiss
from _speak import DEPTH, Answers, Ask, Job, Question, fixed_chunks, keep, kept, run
from sentence_transformers import SentenceTransformer

INDEX = "index.faiss"


def ingest(job: Job) -> None:
    """Cut, embed, write."""
    passages = fixed_chunks(job)
    model = SentenceTransformer(job["model"], device="cpu")
    vectors = model.encode_document([passage["text"] for passage in passages])
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    faiss.write_index(index, str(Path(job["index"]) / INDEX))
    keep(job, passages)


def opened(job: Job) -> Ask:
    """The index from its file. The plans that a question is about are given as a selector."""
    passages = kept(job)
    index = faiss.read_index(str(Path(job["index"]) / INDEX))
    model = SentenceTransformer(job["model"], device="cpu")

    def ask(question: Question) -> Answers:
        own = [at for at, passage in enumerate(passages) if passage["number"] in question["numbers"]]
        within = faiss.SearchParameters(sel=faiss.IDSelectorBatch(own))
        _, found = index.search(model.encode_query([question["question"]]), DEPTH, params=within)
        return {"passages": [passages[at] for at in found[0] if at >= 0]}

    return ask


if __name__ == "__main__":
    run(ingest, opened)
