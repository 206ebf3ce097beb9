"""The connection to the engine: made when it is first needed, and again after it was lost. Every call ends in time, and
what goes wrong ends as an `EngineError` that says what to do.
"""

from __future__ import annotations

import importlib
import logging
import re
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from ingest.errors import EngineError
from ingest.where import Kind, Where

ASKING, FILLING = 10.0, 120.0  # seconds that a call may take
_CONNECTING = 5.0
_NOT_FOUND, _NOT_LOADED = 100, 101  # Milvus' own numbers
_UNREACHED = 2
_SILENT = {"UNAVAILABLE", "DEADLINE_EXCEEDED", "CANCELLED"}
_SPARSE_SINCE = (2, 4)
_REMEDY = (
    "Kiểm tra máy chủ Milvus có đang chạy và KEHOACH_ENGINE có đúng địa chỉ, rồi làm lại; kho văn bản không bị ảnh "
    "hưởng. Để tìm bằng chỉ mục của máy này: KEHOACH_ENGINE=local."
)
# A lost connection is tried again at once, not after gRPC's minutes, and apart from those of other clients.
_CHANNEL = {
    "grpc.use_local_subchannel_pool": 1,
    "grpc.initial_reconnect_backoff_ms": 200,
    "grpc.min_reconnect_backoff_ms": 200,
    "grpc.max_reconnect_backoff_ms": 1000,
}
_Made = TypeVar("_Made")


class Missing(Exception):  # noqa: N818 (no error by itself: who asks knows what it means)
    """The engine has no collection or alias of this name."""


class Server:
    """A Milvus server, cluster or Milvus Lite. Threads may share it."""

    def __init__(self, where: Where) -> None:
        self.where = where
        self._pymilvus = _library("pymilvus")
        # The library prints the traceback of every call that fails; what matters of it is in the error.
        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
        self._lock = threading.Lock()
        self._client: Any = None
        self._version = ""

    def call(self, what: Callable[[Any], _Made]) -> _Made:
        """What is made with the client of the library.

        Raises:
            Missing: there is no collection of this name.
            EngineError: the engine cannot be reached, or refuses.
        """
        grpc = _library("grpc")
        try:
            return what(self._connected())
        except self._pymilvus.MilvusException as error:
            if error.code == _NOT_FOUND:
                raise Missing from error
            raise self._failed(error) from error
        except grpc.RpcError as error:
            raise self._failed(error) from error

    def load(self, collection: str, timeout: float) -> None:
        """Make a collection ready to be searched, as it is not right after a server was started; raises as `call`."""
        self.call(lambda client: client.load_collection(collection, timeout=timeout))

    def version(self) -> str:
        """The version of the server; raises as `call`."""
        if not self._version:
            self._version = str(self.call(lambda client: client.get_server_version(timeout=ASKING)))
        return self._version

    def holds_words(self) -> bool:
        """Whether it can search sparse vectors, which servers can since 2.4; raises as `call`."""
        told = self.version()
        if told.startswith("milvus_lite"):
            return True
        found = re.search(r"(\d+)\.(\d+)", told)
        return found is None or (int(found[1]), int(found[2])) >= _SPARSE_SINCE

    def close(self) -> None:
        """Close the connection, and Milvus Lite with it."""
        with self._lock:
            if self._client is not None:
                self._client.close()
                self._client = None
                if self.where.kind is Kind.EMBEDDED:
                    _library("milvus_lite").server_manager_instance.release_server(self.where.address)

    def _connected(self) -> Any:  # noqa: ANN401 (the library's client)
        with self._lock:
            if self._client is None:
                self._client = self._connect()
            return self._client

    def _connect(self) -> Any:  # noqa: ANN401
        where = self.where
        return self._pymilvus.MilvusClient(
            uri=self._embedded() if where.kind is Kind.EMBEDDED else where.address,
            token=where.secret,
            db_name=where.database,
            timeout=_CONNECTING,
            grpc_options=_CHANNEL,
            dedicated=True,
        )

    def _embedded(self) -> str:
        logging.getLogger("milvus_lite").setLevel(logging.CRITICAL)
        address = _library("milvus_lite").server_manager_instance.start_and_get_uri(self.where.address)
        if address is None:
            raise EngineError(
                f"Không mở được thư mục của Milvus Lite {self.where.address}.",
                "Chỉ một chương trình mở được thư mục này một lúc: dừng chương trình kia (ứng dụng, lệnh đang chạy), "
                "hoặc kiểm tra quyền ghi; để nhiều chương trình dùng chung, chạy máy chủ Milvus.",
            )
        return str(address)

    def _failed(self, error: Exception) -> EngineError:
        told = " ".join(str(error).split())
        if self._grpc_code(error) in _SILENT or getattr(error, "code", None) == _UNREACHED:
            return EngineError(f"Máy tìm kiếm {self.where} không trả lời.", _REMEDY)
        if re.search("auth|permission|privilege", told, re.IGNORECASE):
            return EngineError(
                f"Máy tìm kiếm {self.where} không cho phép truy cập.",
                "Ghi tên và mật khẩu vào KEHOACH_ENGINE: milvus://tên:mật-khẩu@máy:cổng.",
            )
        return EngineError(f"Máy tìm kiếm {self.where} báo lỗi: {told[:300]}", _REMEDY)

    @staticmethod
    def _grpc_code(error: Exception) -> str:
        """The name of gRPC's code for a failed call; the library hands on either that call or its code."""
        told = getattr(error, "code", None)
        return str(getattr(told() if callable(told) else told, "name", ""))


def not_loaded(error: EngineError) -> bool:
    """Whether a collection has to be loaded first."""
    cause = error.__cause__
    return getattr(cause, "code", 0) == _NOT_LOADED or "not loaded" in str(cause) or "not fully loaded" in str(cause)


def _library(name: str) -> Any:  # noqa: ANN401 (a module)
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise EngineError(
            f"Thiếu gói {name} để dùng máy tìm kiếm Milvus.",
            "Cài phần mở rộng cluster: pip install 'kehoach[cluster]' -c constraints.txt, "
            "hoặc đặt KEHOACH_ENGINE=local.",
        ) from error
