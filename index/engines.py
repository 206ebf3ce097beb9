"""Where a generation is searched."""

from __future__ import annotations

from index.engine import Engine
from index.generation import Generation
from index.local import LocalEngine, Selector
from index.store import Store
from ingest.where import Kind, Where


def engine_of(where: Where, store: Store, generation: Generation) -> Engine:
    """What searches it there.

    Raises:
        EngineError: what it takes to reach the engine is not installed.
    """
    if where.kind is Kind.LOCAL:
        return LocalEngine(generation.parts, Selector(store, generation))
    from index.cluster.connect import milvus_engine  # only where it is chosen

    return milvus_engine(where, store, generation)
