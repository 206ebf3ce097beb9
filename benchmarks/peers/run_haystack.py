"""Haystack as its tutorial on hybrid retrieval shows it: embedding and BM25 retriever over one store, joined.

The splitter is the default one. The tutorial's last step, a cross-encoder from a model hub, is left out: nothing is
downloaded here. Without it the joiner decides, by reciprocal ranks; its default compares cosines with BM25 scores.
"""

from __future__ import annotations

from pathlib import Path

from _speak import DEPTH, Answers, Ask, Job, Question, run, texts
from haystack import Document, Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.components.writers import DocumentWriter
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)

STORE = "store.json"


def ingest(job: Job) -> None:
    """Split, embed, write."""
    store = InMemoryDocumentStore()
    pipeline = Pipeline()
    pipeline.add_component("splitter", DocumentSplitter())
    embedder = SentenceTransformersDocumentEmbedder(model=job["model"], prefix="passage: ", progress_bar=False)
    pipeline.add_component("embedder", embedder)
    pipeline.add_component("writer", DocumentWriter(store))
    pipeline.connect("splitter", "embedder")
    pipeline.connect("embedder", "writer")
    documents = [Document(content=text, meta={"number": number}) for number, text in texts(job)]
    pipeline.run({"splitter": {"documents": documents}})
    store.save_to_disk(str(Path(job["index"]) / STORE))


def opened(job: Job) -> Ask:
    """The store from its file."""
    store = InMemoryDocumentStore.load_from_disk(str(Path(job["index"]) / STORE))
    pipeline = Pipeline()
    embedder = SentenceTransformersTextEmbedder(model=job["model"], prefix="query: ", progress_bar=False)
    pipeline.add_component("embedder", embedder)
    pipeline.add_component("meaning", InMemoryEmbeddingRetriever(store, top_k=DEPTH))
    pipeline.add_component("words", InMemoryBM25Retriever(store, top_k=DEPTH))
    pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=DEPTH))
    pipeline.connect("embedder", "meaning")
    pipeline.connect("meaning", "joiner")
    pipeline.connect("words", "joiner")

    def ask(question: Question) -> Answers:
        text, within = question["question"], {"field": "meta.number", "operator": "in", "value": question["numbers"]}
        told = pipeline.run(
            {
                "embedder": {"text": text},
                "meaning": {"filters": within},
                "words": {"query": text, "filters": within},
            }
        )
        found = told["joiner"]["documents"]
        return {"passages": [{"number": hit.meta["number"], "text": hit.content} for hit in found]}

    return ask


if __name__ == "__main__":
    run(ingest, opened)
