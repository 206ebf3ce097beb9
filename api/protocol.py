"""HTTP as uvicorn reads it, with bounds that it does not have: how long and how large the head of a request may be."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.errors import JSON, Refusal

HEAD_SECONDS = 10.0
HEAD_BYTES = 32 * 1024
_TOO_LARGE = Refusal(431, "Phần đầu của yêu cầu quá lớn.", "Bớt đầu đề hoặc rút ngắn địa chỉ.")
_BROKEN = Refusal(400, "Yêu cầu không phải HTTP hợp lệ.", "Gửi yêu cầu HTTP/1.1.")
_REASONS = {431: "Request Header Fields Too Large", 400: "Bad Request"}


class BoundedProtocol(HttpToolsProtocol):
    """One connection."""

    _timer: asyncio.TimerHandle | None = None
    _size = 0  # of the head that is being read
    _in_head = True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """It was opened: a head has to come."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """It was closed."""
        self._stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """More of a request. The parser keeps what is no whole header yet: that is counted here."""
        before = self._size
        super().data_received(data)
        if self._in_head and not self.transport.is_closing():
            self._size = before + len(data)
            if self._size > HEAD_BYTES:
                self.send_400_response("")

    def on_message_begin(self) -> None:
        """The first byte of a request."""
        super().on_message_begin()
        self._size, self._in_head = 0, True
        self._wait()

    def on_url(self, url: bytes) -> None:
        """The address, or a part of it."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header."""
        self._count(len(name) + len(value))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is there. From here on the gate looks after the time."""
        self._stop()
        self._size, self._in_head = 0, False
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, or a head that is too large, as everything else is refused."""
        self._stop()
        refusal = _TOO_LARGE if self._size > HEAD_BYTES else _BROKEN
        head = f"HTTP/1.1 {refusal.status} {_REASONS[refusal.status]}\r\ncontent-type: {JSON}\r\n"
        head += f"content-length: {len(refusal.body)}\r\nconnection: close\r\n\r\n"
        self.transport.write(head.encode("ascii") + refusal.body)
        self.transport.close()

    def _count(self, size: int) -> None:
        self._size += size
        if self._size > HEAD_BYTES:
            raise ValueError("head too large")  # the parser hands it on as its own error

    def _wait(self) -> None:
        self._stop()
        self._timer = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()
