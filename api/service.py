"""Between requests and the index: answers remembered under the generation that gave them, a bound on what waits."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future

from api.errors import BusyError
from api.jobs import Export, Ids, Job, Made, State
from api.pool import Pool
from ingest.errors import IndexStateError
from ingest.settings import Settings
from serving.cache import Cache, Claim
from serving.current import Key, key_of

WAITING = 256  # answers that are being made or wait for it
PATIENCE = 30.0  # seconds that a request waits for its answer
_BUSY = ("Máy chủ đang bận.", "Gửi lại sau ít giây.")


class Service:
    """Answers jobs, each once a generation.

    `told` is called with the state of every generation that comes to be served, None where it cannot be.
    """

    def __init__(self, settings: Settings, pool: Pool, cache_bytes: int, told: Callable[[bytes | None], None]) -> None:
        self._settings = settings
        self._pool = pool
        self._told = told
        self._seen: Key | None = None
        self._waiting = 0
        self.cache: Cache[Made] = Cache(cache_bytes)

    async def answer(self, job: Job) -> tuple[Made, bool]:
        """The answer of the current generation, and whether it had not to be made.

        Raises:
            InputError: it cannot be answered; too much is waiting, or it takes too long (`BusyError`).
        """
        claim = self._claim(job)
        if claim.future.done():
            return claim.future.result(), claim.cached
        waited_for = asyncio.shield(asyncio.wrap_future(claim.future))  # others may wait for the same
        try:
            return await asyncio.wait_for(waited_for, PATIENCE), claim.cached
        except TimeoutError as error:
            raise BusyError(*_BUSY) from error

    def remembered(self, job: Job) -> Made | None:
        """The answer of the current generation, where it need not be made nor waited for."""
        return self.cache.peek((key_of(self._settings), job))

    async def export(self) -> AsyncIterator[bytes]:
        """Every plan's clauses in turn.

        Raises:
            InputError: before the first: as `answer`. Later: the stock was changed, and what was sent is a part.
        """
        first, _ = await self.answer(Ids())
        for key in json.loads(first.answered.body):
            made, _ = await self.answer(Export(key))
            if made.key != first.key:
                raise IndexStateError("Kho văn bản vừa thay đổi trong khi xuất.", "Xuất lại.")
            yield made.answered.body

    def close(self) -> None:
        """Stop answering."""
        self._pool.close()

    def _claim(self, job: Job) -> Claim[Made]:
        key = key_of(self._settings)
        if key != self._seen:
            self._seen = key
            self._claim(State())
        claim = self.cache.claim((key, job))
        if not claim.owner:
            return claim
        if self._waiting >= WAITING:
            self.cache.fail((key, job), claim, BusyError(*_BUSY))
            return claim
        self._waiting += 1
        loop = asyncio.get_running_loop()

        def ended(future: Future[Made]) -> None:
            self._settle(key, job, claim, future)
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._one_less)

        self._pool.submit(job, ended)
        return claim

    def _settle(self, key: Key, job: Job, claim: Claim[Made], future: Future[Made]) -> None:
        """Hand an outcome to all who wait for it. One of a generation that came meanwhile is not kept under the old
        one's name."""
        error = BusyError(*_BUSY) if future.cancelled() else future.exception()
        if error is not None:
            self.cache.fail((key, job), claim, error)
            if isinstance(job, State):
                self._told(None)
            return
        made = future.result()
        if made.key == key and not isinstance(job, Export):  # of a whole plan, and hardly asked for twice
            self.cache.keep((key, job), claim, made, len(made.answered.body) + 500)
        else:
            self.cache.pass_on((key, job), claim, made)
        if isinstance(job, State):
            self._told(made.answered.body)

    def _one_less(self) -> None:
        self._waiting -= 1
