"""A browser tab without the browser: Streamlit's own messages over its websocket, and what the page then shows."""

from __future__ import annotations

import asyncio
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass
from html.parser import HTMLParser
from types import TracebackType
from urllib.parse import urlencode, urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

QUESTION = "Câu hỏi"  # label of the field
_VOID = {"br", "hr", "img", "input", "wbr", "meta", "link"}


@dataclass(frozen=True, slots=True)
class Page:
    """What one run of the page's script has drawn."""

    answers: tuple[str, ...]  # texts of `.kh-answer`
    cards: tuple[str, ...]  # texts of `.kh-card`
    finished: bool  # to its end, without an exception
    fault: str = ""


class Session:
    """One tab, that is one session of the server. Every way of asking returns when the page is complete."""

    def __init__(self, address: str) -> None:
        self._host = urlsplit(address).netloc
        self._socket: ClientConnection | None = None
        self._query = ""
        self._script = ""  # the page's hash, as the server named it
        self._fields: dict[str, str] = {}  # label → widget id
        self._typed: dict[str, str] = {}  # widget id → what it holds: sent whole with every run
        self._cached: dict[str, ForwardMsg] = {}  # large messages, kept as the browser keeps them
        self.first_asked = ""

    async def __aenter__(self) -> Session:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the tab."""
        if self._socket:
            await self._socket.close()
            self._socket = None

    async def open(self, query: str) -> Page:
        """Open the first page with this query string."""
        origin = f"http://{self._host}"
        cookie = await asyncio.to_thread(_xsrf_cookie, origin)
        token = cookie.partition("=")[2]
        self._socket = await connect(
            f"ws://{self._host}/_stcore/stream",
            origin=origin,  # type: ignore[arg-type]
            subprotocols=[Subprotocol("streamlit"), Subprotocol(token)],
            additional_headers={"Cookie": cookie},
            max_size=None,
        )
        self._query = query
        return await self._run()

    async def follow(self, question: str) -> Page:
        """Open the link of a question."""
        self.first_asked = question
        return await self.open(urlencode({"q": question}))

    async def type(self, question: str) -> Page:
        """Write a question into the field and press Enter."""
        self._typed[self._fields[QUESTION]] = question
        return await self._run()

    async def back(self, question: str) -> Page:
        """Go back to a question that was asked before."""
        self._query = urlencode({"q": question})
        return await self._run(back=True)

    async def _run(self, *, back: bool = False) -> Page:
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.page_script_hash, state.is_history_navigation = self._query, self._script, back
        state.cached_message_hashes.extend(self._cached)
        for identifier, value in self._typed.items():
            widget = state.widget_states.widgets.add()
            widget.id, widget.string_value = identifier, value
        assert self._socket  # noqa: S101
        await self._socket.send(message.SerializeToString())
        return await self._drawn()

    async def _drawn(self) -> Page:
        """Read until the script has finished."""
        drawn: dict[tuple[int, ...], str] = {}
        fault = ""
        while True:
            message = await self._message()
            kind = message.WhichOneof("type")
            if kind == "new_session":
                drawn.clear()
            elif kind == "page_info_changed":
                self._query = message.page_info_changed.query_string
            elif kind == "navigation":
                self._script = message.navigation.page_script_hash
            elif kind == "delta":
                element = message.delta.new_element
                shown = element.WhichOneof("type")
                if shown == "html":
                    drawn[tuple(message.metadata.delta_path)] = element.html.body
                elif shown == "text_input":
                    self._fields[element.text_input.label] = element.text_input.id
                    if element.text_input.set_value:
                        self._typed[element.text_input.id] = element.text_input.value
                elif shown == "exception":
                    fault = f"{element.exception.type}: {element.exception.message}"
            elif kind == "script_finished":
                whole = message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
                return _page(drawn.values(), fault or ("" if whole else "the script did not finish"))

    async def _message(self) -> ForwardMsg:
        assert self._socket  # noqa: S101
        data = await self._socket.recv()
        assert isinstance(data, bytes)  # noqa: S101
        message = ForwardMsg()
        message.ParseFromString(data)
        if message.WhichOneof("type") == "ref_hash":
            kept = ForwardMsg()
            kept.CopyFrom(self._cached[message.ref_hash])
            kept.metadata.CopyFrom(message.metadata)
            return kept
        if message.metadata.cacheable:
            self._cached[message.hash] = message
        return message


def _xsrf_cookie(origin: str) -> str:
    """«name=token», as the server sets it before a browser opens the websocket."""
    with urllib.request.urlopen(f"{origin}/_stcore/health", timeout=30) as answer:  # noqa: S310 (our own address)
        return str(answer.headers["Set-Cookie"]).partition(";")[0]


def _page(pieces: Iterable[str], fault: str) -> Page:
    reader = _Texts()
    for piece in pieces:
        if "kh-answer" in piece or "kh-card" in piece:
            reader.feed(piece)
    return Page(tuple(reader.found["kh-answer"]), tuple(reader.found["kh-card"]), not fault, fault)


class _Texts(HTMLParser):
    """The texts of our elements, by class."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {"kh-answer": [], "kh-card": []}
        self._inside: list[str] = []  # a class of ours, or "", for each open element

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            return
        classes = (dict(attrs).get("class") or "").split()
        mine = next((name for name in self.found if name in classes), "")
        self._inside.append(mine)
        if mine:
            self.found[mine].append("")

    def handle_endtag(self, tag: str) -> None:
        if self._inside and tag not in _VOID:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        for name in filter(None, self._inside):
            self.found[name][-1] += data
