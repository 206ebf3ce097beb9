"""Where questions are answered: two threads of this process, or processes of their own."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import partial

from api.jobs import Ask, Job, Made, perform
from index.embed import load_encoder
from ingest.errors import InputError
from ingest.settings import Settings
from serving import log
from serving.opened import Stock

THREADS = 2  # one waits for the encoder, which runs beside Python, while the other works
FIRST = Ask("Ai chủ trì?")  # does what the first question would have to wait for
_stock: Stock | None = None  # of a process that answers


class Pool:
    """Answers jobs. `workers` processes, each with the index open; 1: threads of this process.

    A process that dies is replaced: what it was asked is asked once more.
    """

    def __init__(self, settings: Settings, workers: int = 1, stock: Stock | None = None) -> None:
        self._settings = settings
        self._workers = workers
        self._stock = stock or Stock(settings)
        self._lock = threading.Lock()
        self._executor = self._begin()

    def submit(self, job: Job, done: Callable[[Future[Made]], None]) -> None:
        """Answer a job; `done` is called with its outcome, in some thread."""
        self._try(job, done, again=True)

    def warm(self) -> None:
        """Open the index in every process before somebody asks."""
        for _ in range(self._workers):
            self.submit(FIRST, lambda _: None)

    def pids(self) -> list[int]:
        """The processes that answer, beside this one."""
        running: Mapping[int, object] = getattr(self._executor, "_processes", None) or {}
        return list(running)

    def close(self) -> None:
        """Let what runs end; what waits is given up."""
        self._executor.shutdown(cancel_futures=True)
        self._stock.close()

    def _begin(self) -> Executor:
        if self._workers == 1:
            return ThreadPoolExecutor(THREADS, "answer")
        # Not forked: this process has threads.
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self._workers, context, _open, (self._settings,))

    def _try(self, job: Job, done: Callable[[Future[Made]], None], *, again: bool) -> None:
        executor = self._executor
        try:
            future = executor.submit(perform, self._stock, job) if self._workers == 1 else executor.submit(_run, job)
        except BrokenProcessPool:
            future = self._renew(executor).submit(_run, job)

        def ended(future: Future[Made]) -> None:
            if again and not future.cancelled() and isinstance(future.exception(), BrokenProcessPool):
                self._renew(executor)
                self._try(job, done, again=False)
            else:
                done(future)

        future.add_done_callback(ended)

    def _renew(self, broken: Executor) -> Executor:
        """New processes in place of those of a broken executor; by whoever notices first."""
        with self._lock:
            if self._executor is broken:
                log.failure("worker died", None, workers=self._workers)
                broken.shutdown(wait=False)
                self._executor = self._begin()
            return self._executor


def _open(settings: Settings) -> None:
    """The beginning of a process that answers. Ctrl+C is for the server, which ends it; where that was killed, it ends
    by itself."""
    global _stock
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    parent = multiprocessing.parent_process()
    assert parent is not None  # noqa: S101  (it was started by one)

    def follow() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=follow, name="follow", daemon=True).start()
    _stock = Stock(settings, partial(load_encoder, threads=1))
    with suppress(InputError):  # told by every answer
        perform(_stock, FIRST)


def _run(job: Job) -> Made:
    assert _stock is not None  # noqa: S101  (`_open` came first)
    return perform(_stock, job)
