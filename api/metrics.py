"""Counters for Prometheus, on a port of their own that only this machine reaches."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Generic, TypeVar

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    start_http_server,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from ingest.errors import InputError
from serving.cache import Cache

_V = TypeVar("_V")

ONLY_HERE = "127.0.0.1"
_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """What is counted. A registry of its own: two servers in one process (tests) do not share it."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        own = self.registry
        self._requests = Counter(
            "kehoach_requests", "Requests by route, method and status.", ["route", "method", "status"], registry=own
        )
        self._seconds = Histogram(
            "kehoach_request_seconds", "Seconds a request took.", ["route"], buckets=_SECONDS, registry=own
        )
        self._questions = Counter("kehoach_questions", "Questions by what came of them.", ["outcome"], registry=own)
        self._index = Gauge("kehoach_index_info", "The generation served.", ["generation", "encoder"], registry=own)
        self._documents = Gauge("kehoach_documents", "Plans in the index.", registry=own)
        self._clauses = Gauge("kehoach_clauses", "Clauses in the index.", registry=own)
        self._ready = Gauge("kehoach_ready", "1 where questions can be answered.", registry=own)
        for outcome in ("answered", "refused"):
            self._questions.labels(outcome)

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """A request has ended."""
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def question(self, *, answered: bool) -> None:
        """A question was answered, or refused for want of an answer."""
        self._questions.labels("answered" if answered else "refused").inc()

    def state(self, told: bytes | None) -> None:
        """What is served now; None: nothing can be."""
        self._ready.set(told is not None)
        if told is not None:
            state = json.loads(told)
            self._index.clear()
            self._index.labels(state["generation"], state["encoder"]).set(1)
            self._documents.set(state["documents"])
            self._clauses.set(state["clauses"])

    def watch(self, cache: Cache[_V], workers: Callable[[], Iterable[int]]) -> None:
        """Tell of a cache and of the processes that answer whenever the counters are read."""
        self.registry.register(_Watched(cache, workers))

    def serve(self, port: int) -> Callable[[], None]:
        """Give the counters out on this machine alone; returns what ends that.

        Raises:
            InputError: the port cannot be listened on.
        """
        try:
            server, thread = start_http_server(port, ONLY_HERE, self.registry)
        except OSError as error:
            raise InputError(
                f"Không mở được cổng số liệu {port} tại {ONLY_HERE}: {error.strerror or error}.",
                "Chọn cổng khác với --metrics-port.",
            ) from error

        def end() -> None:
            server.shutdown()
            server.server_close()
            thread.join()

        return end


class _Watched(Collector, Generic[_V]):
    """Figures that are read and not counted."""

    def __init__(self, cache: Cache[_V], workers: Callable[[], Iterable[int]]) -> None:
        self._cache = cache
        self._workers = workers

    def collect(self) -> Iterable[Metric]:
        cache = self._cache
        yield CounterMetricFamily("kehoach_cache_hits", "Answers that had not to be made.", cache.hits)
        yield CounterMetricFamily("kehoach_cache_misses", "Answers that had to be made.", cache.misses)
        yield GaugeMetricFamily("kehoach_cache_entries", "Answers remembered.", cache.entries)
        yield GaugeMetricFamily("kehoach_cache_bytes", "Bytes of the answers remembered.", cache.size)
        memory = GaugeMetricFamily("kehoach_worker_memory_bytes", "Resident memory of a worker.", labels=["worker"])
        for at, pid in enumerate(sorted(self._workers())):
            memory.add_metric([str(at)], _resident(pid))
        yield memory


def _resident(pid: int) -> float:
    """Resident bytes of a process; 0 where that cannot be told, as of one that has just ended."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return 0.0
    return float(pages * os.sysconf("SC_PAGE_SIZE"))
