"""The routes under /v1: what each takes, what it asks of the index, what it gives."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from datetime import date
from time import perf_counter
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response, StreamingResponse
from starlette.types import Scope

from api.buckets import Buckets
from api.errors import JSON
from api.gate import NOTED, Noted
from api.jobs import Agencies, Ask, Compare, Documents, Job, Made, OneDocument, State, Tasks, check
from api.metrics import Metrics
from api.models import (
    AskBody,
    AskResult,
    BatchBody,
    BatchResult,
    CompareBody,
    CompareResult,
    ErrorBody,
    Identifier,
    NoQuery,
    TasksQuery,
)
from api.models_stock import Agency, Alive, Document, DocumentResult, Health, TasksResult
from api.service import Service
from ingest.errors import QuestionError
from serving.cache import ENTRIES

_PREFIX, _ASK = "/v1", "/ask"
_KNOWN_BYTES = 4_096  # of a body that is known again
LINES = "application/x-ndjson"
GENERATION = "X-Kehoach-Generation"
_AT_ONCE = 2  # questions of one batch: others ask too
_YEARS = range(1900, 2200)  # deadlines that come again are counted up to the day
_SAID: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorBody, "description": text}
    for status, text in {
        400: "The body is no JSON, or the server is spoken to under a name that is not its own.",
        401: "No key, or a wrong one.",
        408: "The body came too slowly.",
        413: "The body is too large.",
        415: "The body is not said to be JSON.",
        422: "A field is not as described here, or names what there is not (a province, an agency).",
        429: "Too many requests; `Retry-After` says when to come again.",
        500: "A defect of the program.",
        503: "No index that could be asked, or too much to do.",
    }.items()
}
_GET = {status: said for status, said in _SAID.items() if status not in (408, 413, 415)}
_MISSING: dict[int | str, dict[str, Any]] = {404: {"model": ErrorBody, "description": "There is no such document."}}


class Routes:
    """The routes over a service. Bodies of questions that were found to be in order are known again: where the answer
    is remembered too, nothing is parsed, checked and routed a second time."""

    def __init__(self, service: Service, buckets: Buckets, metrics: Metrics, *, log_questions: bool) -> None:
        self._service = service
        self._buckets = buckets
        self._metrics = metrics
        self._log_questions = log_questions
        self._known: dict[bytes, tuple[Ask, Identifier]] = {}

    def remembered(self, scope: Scope, body: bytes) -> Response | None:
        """The answer to a question that was asked in just these bytes, where it is remembered."""
        if scope["path"] != f"{_PREFIX}{_ASK}" or body not in self._known:
            return None
        started = perf_counter()
        job, identifier = self._known[body]
        made = self._service.remembered(job)
        if made is None:
            return None
        noted = scope[NOTED]
        noted.route = scope["path"]
        self._note(noted, job, made, cached=True)
        return self._response(_framed(made, identifier, started), made.key.name)

    def router(self) -> APIRouter:
        """The routes for the application."""
        made = APIRouter(prefix=_PREFIX)
        post, get = made.post, made.get
        post(_ASK, response_model=AskResult, responses=_SAID)(self.ask)
        post("/ask/batch", response_model=BatchResult, responses=_SAID)(self.batch)
        post("/compare", response_model=CompareResult, responses=_SAID)(self.compare)
        get("/tasks", response_model=TasksResult, responses=_GET)(self.tasks)
        get("/agencies", response_model=list[Agency], responses=_GET)(self.agencies)
        get("/documents", response_model=list[Document], responses=_GET)(self.documents)
        get("/documents/{id}", response_model=DocumentResult, responses=_GET | _MISSING)(self.document)
        lines: dict[int | str, dict[str, Any]] = {
            200: {"content": {LINES: {"schema": {"type": "string"}}}, "description": "A `Clause` a line."}
        }
        get("/export", response_class=StreamingResponse, responses=_GET | lines)(self.export)
        get("/health", response_model=Health, responses={s: _GET[s] for s in (400, 422, 500, 503)})(self.health)
        get("/health/live", response_model=Alive, responses={s: _GET[s] for s in (400, 422, 500)})(self.live)
        return made

    async def ask(self, request: Request, body: AskBody) -> Response:
        """Answer one question, word for word from the plans, with citations; or say that there is no answer."""
        job = Ask(body.question, body.province, frozenset(body.keep), body.document, body.part, body.agency)
        found = await self._framed(request, job, body.id)
        self._know(await request.body(), job, body.id)
        return self._response(*found)

    async def batch(self, request: Request, body: BatchBody) -> Response:
        """Answer several questions. Each counts as a request; nothing is answered where one of them cannot be asked."""
        jobs = [Ask(q.question, q.province or body.province, frozenset(body.keep)) for q in body.questions]
        check(jobs)
        self._buckets.charge(_noted(request).caller, len(jobs) - 1)
        turns = asyncio.Semaphore(_AT_ONCE)

        async def one(job: Job, identifier: Identifier) -> tuple[bytes, str]:
            async with turns:
                return await self._framed(request, job, identifier)

        found = await asyncio.gather(*(one(job, q.id) for job, q in zip(jobs, body.questions, strict=True)))
        return self._response(b'{"results":[' + b",".join(each for each, _ in found) + b"]}", found[-1][1])

    async def compare(self, request: Request, body: CompareBody) -> Response:
        """Put one question to every plan, or to those of these provinces: a side for each."""
        job = Compare(body.question, tuple(body.provinces), frozenset(body.keep))
        return self._response(*await self._framed(request, job, body.id))

    async def tasks(self, request: Request, query: Annotated[TasksQuery, Query()]) -> Response:
        """What an agency is charged with in all plans, in any spelling, under its former names too."""
        on = query.date or date.today()
        if on.year not in _YEARS:
            raise QuestionError("«date» ngoài giới hạn.", "Ghi một ngày từ năm 1900 đến 2199, ví dụ 2026-11-30.")
        return await self._plain(request, Tasks(query.agency, query.role, query.province, query.due, on))

    async def agencies(self, request: Request, _: Annotated[NoQuery, Query()]) -> Response:
        """The agencies of the plans, the most charged first."""
        return await self._plain(request, Agencies())

    async def documents(self, request: Request, _: Annotated[NoQuery, Query()]) -> Response:
        """The plans with what their headers say."""
        return await self._plain(request, Documents())

    async def document(
        self,
        request: Request,
        _: Annotated[NoQuery, Query()],
        id: Annotated[str, Path(min_length=1, max_length=100)],  # noqa: A002  (the name in the address)
    ) -> Response:
        """One plan: its header, its outline, all of its clauses."""
        return await self._plain(request, OneDocument(id))

    async def export(self, request: Request, _: Annotated[NoQuery, Query()]) -> Response:
        """Every clause and row, a JSON object a line. Where the stock changes meanwhile the connection is cut."""
        parts = self._service.export()
        first = await anext(parts, b"")  # what is wrong is told before anything is sent

        async def lines() -> AsyncIterator[bytes]:
            yield first
            async for part in parts:
                yield part

        return StreamingResponse(lines(), media_type=LINES)

    async def health(self, request: Request, _: Annotated[NoQuery, Query()]) -> Response:
        """Whether questions can be answered, and from what."""
        return await self._plain(request, State())

    async def live(self, _: Annotated[NoQuery, Query()]) -> Response:
        """Whether the server runs, with an index or without."""
        return Response(b'{"status":"ok"}', media_type=JSON)

    async def _framed(self, request: Request, job: Job, identifier: Identifier) -> tuple[bytes, str]:
        """The JSON of a question with its id and its time, and the generation."""
        started = perf_counter()
        made, cached = await self._service.answer(job)
        self._note(_noted(request), job, made, cached=cached)
        return _framed(made, identifier, started), made.key.name

    async def _plain(self, request: Request, job: Job) -> Response:
        made, cached = await self._service.answer(job)
        self._note(_noted(request), job, made, cached=cached)
        return self._response(made.answered.body, made.key.name)

    def _know(self, body: bytes, job: Ask, identifier: Identifier) -> None:
        if len(body) <= _KNOWN_BYTES:
            self._known[body] = job, identifier
        if len(self._known) > ENTRIES:
            del self._known[next(iter(self._known))]

    def _note(self, noted: Noted, job: Job, made: Made, *, cached: bool) -> None:
        """What the log and the counters are told; of a batch, sums."""
        fields, abstained = noted.fields, made.answered.abstained
        fields["generation"] = made.key.name
        if abstained is None:
            fields["cached"] = cached
            return
        self._metrics.question(answered=not abstained)
        for name, value in (("cached", cached), ("answers", made.answered.answers), ("abstained", abstained)):
            before = fields.get(name)
            fields[name] = value + before if isinstance(before, int) else value  # the first stays true or false
        if self._log_questions and isinstance(job, Ask | Compare):
            fields["question"] = [*_listed(fields.get("question")), job.question]

    def _response(self, body: bytes, generation: str) -> Response:
        return Response(body, media_type=JSON, headers={GENERATION: generation})


def _framed(made: Made, identifier: Identifier, started: float) -> bytes:
    """The JSON of a question with its id and its time."""
    name = json.dumps(None if identifier is None else str(identifier), ensure_ascii=False).encode()
    took = (perf_counter() - started) * 1000
    return b'{"id":%b,%b,"took_ms":%.1f}' % (name, made.answered.body[1:-1], took)


def _noted(request: Request) -> Noted:
    noted = request.scope[NOTED]
    assert isinstance(noted, Noted)  # noqa: S101  (the gate put it there)
    return noted


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else []
