"""Whether the index is older than the plans, for the frame of every page.

It is looked after in a thread of its own, at most every half minute: no page waits for it. A run of a page is told what
the last look found.
"""

from __future__ import annotations

import threading
from time import monotonic

from index.stale import Seen, Stale, find_stale
from ingest.errors import InputError
from ingest.settings import Settings

EVERY = 30.0  # seconds


class Watch:
    """The last look at one home."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen = Seen()
        self._found: tuple[Stale, ...] = ()
        self._looked: float | None = None

    def found(self, settings: Settings) -> tuple[Stale, ...]:
        """What the last look found; begins another in the background when that was long ago."""
        with self._lock:
            due = self._looked is None or monotonic() - self._looked >= EVERY
            if due:
                self._looked = monotonic()
        if due:
            begin(self, settings)
        return self._found

    def look(self, settings: Settings) -> None:
        """Look now. Of an index that is missing or damaged the pages tell themselves."""
        try:
            self._found = tuple(find_stale(settings, self._seen))
        except InputError:
            self._found = ()
        with self._lock:
            self._looked = monotonic()


def begin(watch: Watch, settings: Settings) -> None:
    """Look in the background."""
    threading.Thread(target=watch.look, args=(settings,), name="freshness", daemon=True).start()


def found() -> tuple[Stale, ...]:
    """What the last look at the home of the settings found.

    Raises:
        InputError: a setting is wrong.
    """
    settings = Settings.from_environment()
    return watch(settings).found(settings)


_watches: dict[str, Watch] = {}


def watch(settings: Settings) -> Watch:
    """The watch of a home; one for all sessions."""
    return _watches.setdefault(str(settings.home.resolve()), Watch())
