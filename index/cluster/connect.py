"""From the settings to the engine, to its filling, and to what can be said of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from index.cluster.engine import MilvusEngine
from index.cluster.names import alias_name, stamp
from index.cluster.push import Push, Report
from index.cluster.rows import Source
from index.cluster.server import ASKING, Server
from index.cluster.tables import Table
from index.files import alone
from index.generation import REPAIR, Generation
from index.lexical import LexicalIndex
from index.local import Selector
from index.progress import Progress
from index.store import Store
from ingest.errors import IndexStateError
from ingest.where import Where

_LOCK = ".push.lock"


@dataclass(frozen=True, slots=True)
class Told:
    """What an engine says: its version, whether it searches words, whether it holds the generation, how many rows."""

    version: str
    words: bool
    current: bool
    rows: int


def milvus_engine(where: Where, store: Store, generation: Generation) -> MilvusEngine:
    """The engine for a generation; nothing is asked of the server before the first question.

    Raises:
        EngineError: the library is not installed.
    """
    folder = store.path.parent / generation.name
    return MilvusEngine(Server(where), generation, lambda: _words(folder), Selector(store, generation))


def _words(folder: Path) -> LexicalIndex:
    try:
        return LexicalIndex.load(folder)
    except (OSError, ValueError, KeyError) as error:
        raise IndexStateError(
            f"Máy chủ Milvus này không tìm được theo từ (cần bản 2.4 trở lên), mà {folder} thiếu tệp để tìm tại đây.",
            f"Nâng cấp máy chủ Milvus, hoặc: {REPAIR}",
        ) from error


def push(where: Where, home: Path, generation: Generation, progress: Progress) -> Report:
    """Bring an engine to a generation.

    Raises:
        EngineError: the engine cannot be reached or refuses.
        IndexStateError: another push of this home is running, or its database changed meanwhile.
    """
    server = Server(where)
    try:
        with alone(home, _LOCK, "Một lệnh đẩy khác đang chạy"), Store.open(home, create=False) as store:
            table = Table(server, generation.manifest)
            return Push(table, Source(store, generation, words=table.words), generation).run(progress)
    finally:
        server.close()


def look(where: Where, generation: Generation) -> Told:
    """What an engine says of a generation; raises as `push`."""
    server = Server(where)
    try:
        table = Table(server, generation.manifest)
        current = alias_name(where.tenant, stamp(generation)) in table.aliases()
        if current:
            server.load(table.name, ASKING)
        return Told(server.version(), table.words, current, table.count() if current else 0)
    finally:
        server.close()
