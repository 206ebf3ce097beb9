"""A server as a process of its own, on a free port of this machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

ROOT = Path(__file__).parent.parent
START = 60  # seconds; the machine may be busy


@dataclass(frozen=True)
class Server:
    """Where it is reached, its process, and what it prints."""

    address: str  # http://127.0.0.1:PORT
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def told(self) -> str:
        return self.log.read_text("utf-8")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_served(address: str, process: subprocess.Popen[bytes]) -> None:
    """`address` is a page that is there as soon as it serves."""
    until = monotonic() + START
    while monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 (our own address)
                assert b"ok" in answer.read()
                return
        except OSError:
            sleep(0.2)
    raise AssertionError("it does not serve")


@contextmanager
def running(
    command: Sequence[str], port: int, folder: Path, cwd: Path, health: str = "/_stcore/health", **settings: str
) -> Iterator[Server]:
    """A Python command that serves on `port`, with its log in `folder`; the caller's settings do not reach it."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("KEHOACH_", "STREAMLIT_"))}
    address, log = f"http://127.0.0.1:{port}", folder / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, *command], cwd=cwd, env=environment | settings, stdout=out, stderr=out
        )
        try:
            wait_until_served(address + health, process)
            yield Server(address, process, log)
        finally:
            if process.poll() is None:
                process.terminate()
            process.wait(20)


def app(folder: Path, script: Path = ROOT / "app.py", **settings: str) -> AbstractContextManager[Server]:
    """A Streamlit script with the settings of the checkout."""
    port = free_port()
    command = ["-m", "streamlit", "run", str(script), "--server.port", str(port)]
    return running(command, port, folder, ROOT, **settings)


def kehoach_serve(folder: Path, **settings: str) -> AbstractContextManager[Server]:
    """`kehoach serve`, started in a directory of its own."""
    port = free_port()
    return running([str(ROOT / "cli.py"), "serve", "--port", str(port)], port, folder, folder, **settings)
