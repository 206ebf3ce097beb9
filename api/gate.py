"""What stands before every route: host, key, rate, type, size and pace of a body; and what is noted."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Protocol

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.buckets import Buckets
from api.errors import JSON, NO_JSON, Refusal
from api.metrics import Metrics
from api.settings import ApiSettings
from serving import log
from serving.hosts import known_host, own_names

OPEN = frozenset({"/v1/health", "/v1/health/live", "/v1/openapi.json"})
TAKES_JSON = frozenset({"/v1/ask", "/v1/ask/batch", "/v1/compare"})
BODY_SECONDS = 10.0  # a body that takes longer to come is not waited for
NOTED = "kehoach"  # in the scope: what a route tells of a request
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_ALWAYS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_FOREIGN = Refusal(
    400, "Máy chủ không phục vụ dưới tên này.", "Người quản trị: thêm tên vào KEHOACH_API_NAMES rồi khởi động lại."
)
_STRANGER = Refusal(
    401,
    "Thiếu khóa API, hoặc khóa không đúng.",
    "Gửi đầu đề «Authorization: Bearer KHÓA» hoặc «X-API-Key: KHÓA».",
    {"WWW-Authenticate": "Bearer"},
)
_KIND = Refusal(415, "Nội dung gửi lên phải là JSON.", "Gửi đầu đề «Content-Type: application/json».")
_SLOW = Refusal(408, "Nội dung gửi lên đến quá chậm.", "Gửi lại.", {"Connection": "close"})


@dataclass(slots=True)
class Noted:
    """A request on its way: its id, who sent it, and what the route adds for the log."""

    id: str
    caller: str = ""
    fields: dict[str, object] = field(default_factory=dict)
    route: str = ""  # where no route is asked


class Remembered(Protocol):
    """Answers a request whose answer is remembered without asking a route."""

    def __call__(self, scope: Scope, body: bytes) -> ASGIApp | None:
        """The answer; None: the request has to go its way."""
        ...


class Gate:
    """Lets requests through to the routes, or refuses them, or answers them from what is remembered."""

    def __init__(
        self, app: ASGIApp, settings: ApiSettings, buckets: Buckets, metrics: Metrics, remembered: Remembered
    ) -> None:
        self._app = app
        self._remembered = remembered
        self._settings = settings
        self._buckets = buckets
        self._metrics = metrics
        self._names = own_names() | set(settings.names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, as ASGI has it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        given = headers.get("x-request-id", "")
        noted = scope[NOTED] = Noted(given if _ID.fullmatch(given) else secrets.token_hex(8))
        with self._observed(scope, noted) as status:
            answer = _told(send, noted, status)
            refused = self._refused(scope, headers, noted)
            app = self._app
            if refused is None and scope["method"] == "POST" and scope["path"] in TAKES_JSON:
                body = await self._body(headers, receive)
                if isinstance(body, Refusal):
                    refused = body
                else:
                    app = self._remembered(scope, body) or app
                    receive = _again(body, receive)
            await (refused.response if refused else app)(scope, receive, answer)

    def _refused(self, scope: Scope, headers: Headers, noted: Noted) -> Refusal | None:
        """Why a request is not let in, before anything of its body is read."""
        if not all(known_host(host, self._names) for host in headers.getlist("host")):
            return _FOREIGN
        if scope["path"] in OPEN:
            return None
        keys = self._settings.keys
        name = keys.owner(_presented(headers)) if keys else ""
        if name is None:
            return _STRANGER
        client = scope.get("client")
        noted.caller = name or (client[0] if client else "")
        if name:
            noted.fields["key"] = name
        if wait := self._buckets.take(noted.caller):
            return Refusal(429, "Gửi quá nhiều yêu cầu.", f"Gửi lại sau {wait} giây.", {"Retry-After": str(wait)})
        if scope["method"] == "POST" and scope["path"] in TAKES_JSON:
            kind, _, rest = headers.get("content-type", "").partition(";")
            charset = rest.strip().casefold().removeprefix("charset=").strip('"')
            if kind.strip().casefold() != JSON or charset not in ("", "utf-8", "utf8"):
                return _KIND
        return None

    async def _body(self, headers: Headers, receive: Receive) -> bytes | Refusal:
        """The whole body, or why it is not taken: too large, as it says or as it comes; too slow."""
        most = self._settings.max_body
        large = Refusal(
            413, f"Nội dung gửi lên lớn quá {most // 1024} KB.", "Chia nhỏ rồi gửi lại.", {"Connection": "close"}
        )
        told = headers.get("content-length", "")
        if told.isdigit() and int(told[:20]) > most:
            return large
        parts: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(BODY_SECONDS):
                while True:
                    message = await receive()
                    if message["type"] != "http.request":  # gone
                        return _SLOW
                    parts.append(message.get("body", b""))
                    size += len(parts[-1])
                    if size > most:
                        return large
                    if not message.get("more_body", False):
                        whole = b"".join(parts)
                        return whole if _is_utf8(whole) else NO_JSON
        except TimeoutError:
            return _SLOW

    @contextmanager
    def _observed(self, scope: Scope, noted: Noted) -> Iterator[list[int]]:
        """Count and note a request when it has ended, however it ends. What is yielded takes its status."""
        started, status = perf_counter(), [500]
        try:
            yield status
        finally:
            took = perf_counter() - started
            own = noted.route or getattr(scope.get("route"), "path", "other")
            route = scope["path"] if scope["path"] in OPEN else own
            method = scope["method"] if scope["method"] in ("GET", "POST", "HEAD", "OPTIONS") else "other"
            self._metrics.request(route, method, status[0], took)
            log.event(
                "request",
                id=noted.id,
                method=scope["method"],
                route=route,
                status=status[0],
                took_ms=round(took * 1000, 1),
                **noted.fields,
            )


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _presented(headers: Headers) -> str:
    """The key that a request carries; "" for none."""
    kind, _, key = headers.get("authorization", "").partition(" ")
    return key.strip() if kind.casefold() == "bearer" else headers.get("x-api-key", "")


def _told(send: Send, noted: Noted, status: list[int]) -> Send:
    """Every answer with its id and what keeps it from being kept or guessed at."""

    async def relay(message: Message) -> None:
        if message["type"] == "http.response.start":
            status[0] = message["status"]
            headers = MutableHeaders(scope=message)
            headers.update(_ALWAYS)
            headers["X-Request-Id"] = noted.id
        await send(message)

    return relay


def _again(body: bytes, receive: Receive) -> Receive:
    """A body that was read, once more; then what comes after it."""
    left = [body]

    async def replay() -> Message:
        if left:
            return {"type": "http.request", "body": left.pop(), "more_body": False}
        return await receive()

    return replay
