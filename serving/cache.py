"""Answers remembered: the least recently used go first, equal questions at one time are answered once."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Generic, TypeVar

from ingest.errors import InputError

V = TypeVar("V")
ENTRIES = 5_000
MEGABYTES = 64
_MOST_MEGABYTES = 65_536
_SHARE = 8  # one entry may take this part of the whole; what is larger is not kept


@dataclass(frozen=True, slots=True)
class Claim(Generic[V]):
    """What became of asking the cache: the answer, there already or on its way, and whether the asker has to make it.

    `cached` says that it need not be made: it was remembered, or somebody else is making it.
    """

    future: Future[V]
    owner: bool

    @property
    def cached(self) -> bool:
        """Whether somebody else made it, or makes it."""
        return not self.owner


class Cache(Generic[V]):
    """Bounded by entries and by bytes. Threads may share it.

    The generation of the index belongs into every key: what was remembered of an older one is then never found, and
    goes when room is needed.
    """

    def __init__(self, most_bytes: int, most_entries: int = ENTRIES) -> None:
        self._most_bytes = most_bytes
        self._most_entries = most_entries
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, tuple[V, int]] = OrderedDict()
        self._making: dict[Hashable, Future[V]] = {}
        self._bytes = 0
        self.hits = 0
        self.misses = 0

    @property
    def entries(self) -> int:
        """How many answers are kept."""
        return len(self._kept)

    @property
    def size(self) -> int:
        """How many bytes they take."""
        return self._bytes

    def claim(self, key: Hashable) -> Claim[V]:
        """Ask for an answer. Who becomes its owner must end with `keep`, `pass_on` or `fail`: others wait for it."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                self.hits += 1
                done: Future[V] = Future()
                done.set_result(self._kept[key][0])
                return Claim(done, owner=False)
            if self._most_bytes and key in self._making:
                self.hits += 1
                return Claim(self._making[key], owner=False)
            self.misses += 1
            own: Future[V] = Future()
            if self._most_bytes:
                self._making[key] = own
            return Claim(own, owner=True)

    def peek(self, key: Hashable) -> V | None:
        """An answer that is remembered; None where there is none. Only what is found is counted."""
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            self.hits += 1
            return self._kept[key][0]

    def keep(self, key: Hashable, claim: Claim[V], value: V, size: int) -> None:
        """Give an answer to those who wait for it, and remember it."""
        with self._lock:
            self._making.pop(key, None)
            if size <= self._most_bytes // _SHARE:
                self._drop(key)
                self._kept[key] = (value, size)
                self._bytes += size
            while self._bytes > self._most_bytes or len(self._kept) > self._most_entries:
                self._drop(next(iter(self._kept)))
        claim.future.set_result(value)

    def pass_on(self, key: Hashable, claim: Claim[V], value: V) -> None:
        """Give an answer to those who wait for it, without remembering it."""
        self.keep(key, claim, value, self._most_bytes + 1)

    def fail(self, key: Hashable, claim: Claim[V], error: BaseException) -> None:
        """Tell those who wait that there will be no answer. Errors are not remembered."""
        with self._lock:
            self._making.pop(key, None)
        claim.future.set_exception(error)

    def get(self, key: Hashable, make: Callable[[], V], size: Callable[[V], int]) -> tuple[V, bool]:
        """An answer, and whether it need not be made; raises what `make` raises."""
        claim = self.claim(key)
        if not claim.owner:
            return claim.future.result(), True
        try:
            value = make()
        except BaseException as error:
            self.fail(key, claim, error)
            raise
        self.keep(key, claim, value, size(value))
        return value, False

    def _drop(self, key: Hashable) -> None:
        if key in self._kept:
            self._bytes -= self._kept.pop(key)[1]


def most_bytes(environ: os._Environ[str] | dict[str, str] | None = None) -> int:
    """KEHOACH_CACHE_MB in bytes; 0 switches remembering off.

    Raises:
        InputError: it is no number of megabytes.
    """
    env = os.environ if environ is None else environ
    text = (env.get("KEHOACH_CACHE_MB") or str(MEGABYTES)).strip()
    if not (text.isascii() and text.isdigit() and int(text[:9]) <= _MOST_MEGABYTES):
        raise InputError(
            f"KEHOACH_CACHE_MB = «{text}» không phải là số MB.",
            f"Đặt một số từ 0 (không nhớ câu trả lời) đến {_MOST_MEGABYTES}, ví dụ KEHOACH_CACHE_MB={MEGABYTES}.",
        )
    return int(text) * 1024 * 1024
