"""One run of a page at a time.

A run is nearly all Python, so threads that run side by side gain nothing and hand the interpreter to one another at
every lock and every read of a file: twenty pages at once took four times as long as the same twenty in a row, and every
one of them ended late. In a row each one ends as early as it can.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE = 10.0  # seconds: whoever has waited as long takes the turn over, so that no slow page holds all up


class Turn:
    """The right to run alone; ended early by a run that may take minutes."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self.given = threading.Event()

    def end(self) -> None:
        """Let the next one run. Where the turn was taken over, or has ended, it does nothing."""
        self._turns.end(self)


class Turns:
    """Lets one thread run at a time, in the order in which they came.

    Args:
        patience: seconds after which a thread that waits takes over the turn of one that does not end.
    """

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._mutex = threading.Lock()
        self._running: Turn | None = None
        self._waiting: deque[Turn] = deque()

    @contextmanager
    def taken(self) -> Iterator[Turn]:
        """Wait for a turn; it ends with the block at the latest."""
        turn = Turn(self)
        self._wait(turn)
        try:
            yield turn
        finally:
            self.end(turn)

    def _wait(self, turn: Turn) -> None:
        with self._mutex:
            if self._running is None:
                self._running = turn
                return
            self._waiting.append(turn)
        if not turn.given.wait(self._patience):
            with self._mutex:
                if not turn.given.is_set():
                    self._waiting.remove(turn)
                    self._running = turn

    def end(self, turn: Turn) -> None:
        """Give the turn on to whoever has waited longest; nothing where it is another's by now."""
        with self._mutex:
            if self._running is turn:
                self._running = self._waiting.popleft() if self._waiting else None
                if self._running:
                    self._running.given.set()


taken = Turns(PATIENCE).taken
