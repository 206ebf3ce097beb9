"""LlamaIndex as its documentation shows hybrid search: default splitter, vector and BM25 retriever, fused.

«Reciprocal Rank Fusion Retriever» and «BM25 Retriever» of its documentation, with `num_queries=1`: no language model
writes further questions. Of the ways to fuse the reciprocal ranks are taken; the default compares cosines with BM25
scores. Everything is kept with the tool's own `persist`; metadata stands in the texts, as it does by default.
"""

from __future__ import annotations

from pathlib import Path

from _speak import DEPTH, Answers, Ask, Job, Question, run, texts
from llama_index.core import Document, Settings, StorageContext, VectorStoreIndex, load_index_from_storage
from llama_index.core.llms import MockLLM
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.vector_stores import FilterOperator, MetadataFilter, MetadataFilters
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.retrievers.bm25 import BM25Retriever

MODE = "reciprocal_rerank"


def _settle(job: Job) -> None:
    Settings.llm = MockLLM()  # asked for at construction, never called
    Settings.embed_model = HuggingFaceEmbedding(
        job["model"], device="cpu", query_instruction="query: ", text_instruction="passage: "
    )


def ingest(job: Job) -> None:
    """Split, embed, count, write."""
    _settle(job)
    documents = [Document(text=text, metadata={"number": number}) for number, text in texts(job)]
    nodes = SentenceSplitter().get_nodes_from_documents(documents)
    VectorStoreIndex(nodes).storage_context.persist(str(Path(job["index"]) / "vectors"))
    BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=DEPTH).persist(str(Path(job["index"]) / "bm25"))


def opened(job: Job) -> Ask:
    """Both indexes from their files. A retriever with a filter is made once for each set of plans."""
    _settle(job)
    index = load_index_from_storage(StorageContext.from_defaults(persist_dir=str(Path(job["index"]) / "vectors")))
    words = BM25Retriever.from_persist_dir(str(Path(job["index"]) / "bm25"))
    known: dict[tuple[str, ...], QueryFusionRetriever] = {}

    def retriever(numbers: tuple[str, ...]) -> QueryFusionRetriever:
        within = MetadataFilters(
            filters=[MetadataFilter(key="number", value=list(numbers), operator=FilterOperator.IN)]
        )
        parts = [
            index.as_retriever(similarity_top_k=DEPTH, filters=within),
            BM25Retriever(existing_bm25=words.bm25, similarity_top_k=DEPTH, filters=within),
        ]
        return QueryFusionRetriever(parts, similarity_top_k=DEPTH, num_queries=1, mode=MODE, use_async=False)

    def ask(question: Question) -> Answers:
        numbers = tuple(question["numbers"])
        if numbers not in known:
            known[numbers] = retriever(numbers)
        found = [hit.node for hit in known[numbers].retrieve(question["question"])]
        own = [node for node in found if node.metadata["number"] in numbers]  # BM25 fills up with what it masked
        return {"passages": [{"number": node.metadata["number"], "text": node.get_content()} for node in own]}

    return ask


if __name__ == "__main__":
    run(ingest, opened)
