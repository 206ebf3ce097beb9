"""The current generation of an index, opened once and shared by all who ask; a newer one takes its place."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from answer.answerer import Answerer
from index.embed import Encoder, canonical_name, load_encoder
from index.search import Searcher
from ingest.settings import Settings
from ingest.where import HERE, Where
from serving.current import Key, key_of


@dataclass(frozen=True, slots=True)
class Opened:
    """One generation, opened."""

    searcher: Searcher
    answerer: Answerer


def open_index(home: Path, encoder: Encoder, where: Where = HERE) -> Opened:
    """Open the generation that is current now, to be searched by this engine.

    Raises:
        IndexStateError: there is no index, a damaged one, or one of another encoder.
        EngineError: the engine cannot be reached, or holds another generation.
    """
    searcher = Searcher.open(home, encoder, where=where)
    try:
        return Opened(searcher, Answerer(searcher))
    except BaseException:
        searcher.close()
        raise


@dataclass(slots=True)
class _Held:
    """An opened generation and how many use it."""

    key: Key
    opened: Opened
    users: int = 0


class Stock:
    """The index that the settings name. Threads may share it.

    Who asks while a newer generation is published finishes with the one that he began with, which is closed after the
    last of them; who comes after is answered from the newer one, and waits until it is open.
    """

    def __init__(self, settings: Settings, encoders: Callable[[str], Encoder] = load_encoder) -> None:
        self._settings = settings
        self._encoders = encoders
        self._encoder: tuple[str, Encoder] | None = None
        self._lock = threading.Lock()
        self._opening = threading.Lock()
        self._held: _Held | None = None

    @contextmanager
    def current(self) -> Iterator[tuple[Opened, Key]]:
        """The current generation and its key, kept open while the block runs.

        Raises:
            IndexStateError: there is no index, a damaged one, or one of another encoder.
        """
        held = self._take()
        try:
            yield held.opened, held.key
        finally:
            self._give_back(held)

    def is_current(self, key: Key) -> bool:
        """Whether no other generation was published since."""
        return key_of(self._settings) == key

    def close(self) -> None:
        """Close what is open; who still uses it closes it at his end."""
        self._replace(None)

    def _take(self) -> _Held:
        if (held := self._taken()) is not None:
            return held
        with self._opening:  # one opens, the others wait for it
            if (held := self._taken()) is not None:
                return held
            key = key_of(self._settings)  # before it is opened: what is newer than its key is opened once more
            newer = _Held(key, open_index(self._settings.home, self._loaded(), self._settings.engine), users=1)
            self._replace(newer)
            return newer

    def _taken(self) -> _Held | None:
        """What is open, with one user more; None where it is not the current generation."""
        key = key_of(self._settings)
        with self._lock:
            if self._held is None or self._held.key != key:
                return None
            self._held.users += 1
            return self._held

    def _replace(self, newer: _Held | None) -> None:
        with self._lock:
            before, self._held = self._held, newer
            idle = before is not None and not before.users
        if before is not None and idle:
            before.opened.searcher.close()

    def _give_back(self, held: _Held) -> None:
        with self._lock:
            held.users -= 1
            last = not held.users and held is not self._held
        if last:
            held.opened.searcher.close()

    def _loaded(self) -> Encoder:
        """The encoder, kept over generations: a stronger model takes seconds to load."""
        name = canonical_name(self._settings.encoder)
        if self._encoder is None or self._encoder[0] != name:
            self._encoder = (name, self._encoders(self._settings.encoder))
        return self._encoder[1]
