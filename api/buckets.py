"""How often one may ask: a bucket of tokens for each caller, filled evenly."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from math import ceil
from time import monotonic

_MOST = 10_000  # callers remembered; a caller without a key goes by his address


class Buckets:
    """Requests a minute and how many of them at once. Threads may share it.

    Args:
        rate: requests a minute; 0: no limit.
        burst: how many may come at once.
    """

    def __init__(self, rate: float, burst: int, clock: Callable[[], float] = monotonic) -> None:
        self._each = rate / 60
        self._burst = float(burst)
        self._clock = clock
        self._lock = threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # caller → tokens, when

    def take(self, caller: str, cost: int = 1) -> int:
        """Take as many tokens; 0 when there was one at least, else the seconds until there will be.

        What costs more than is left is let in and leaves a debt: nothing is so large that it would never be.
        """
        if not self._each:
            return 0
        with self._lock:
            now = self._clock()
            tokens, at = self._left.pop(caller, (self._burst, now))
            tokens = min(self._burst, tokens + (now - at) * self._each)
            wait = 0 if tokens >= 1 else ceil((1 - tokens) / self._each)
            self._left[caller] = (tokens if wait else tokens - cost, now)
            if len(self._left) > _MOST:  # the one that was quiet longest has a full bucket, or had long to fill it
                self._left.popitem(last=False)
        return wait

    def charge(self, caller: str, cost: int) -> None:
        """Take tokens of somebody who was let in already."""
        if self._each and cost > 0:
            with self._lock:
                tokens, at = self._left.get(caller, (self._burst, self._clock()))
                self._left[caller] = (tokens - cost, at)
