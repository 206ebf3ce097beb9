"""The app, or the API, as a process of its own, over an index of `corpus/`, on a free port of this machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
START = 60  # seconds the app may take to serve


@dataclass(frozen=True, slots=True)
class Served:
    """Where it is reached, and its process."""

    address: str  # http://127.0.0.1:PORT
    pid: int

    def resident_mb(self) -> float:
        """Resident memory of the server."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def ingest(home: Path, source: Path = ROOT / "corpus") -> None:
    """Index the plans of a folder."""
    command = [sys.executable, "cli.py", "ingest", str(source)]
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT, env=_environment(home))


@contextmanager
def served(home: Path, *arguments: str, health: str = "/_stcore/health", **settings: str) -> Iterator[Served]:
    """The app over an index; `settings` are further environment variables. Its log lies in `home`.

    Args:
        arguments: further ones of `kehoach serve`: with `--api` it is the API.
        health: a path that answers as soon as it serves.

    Raises:
        RuntimeError: it does not serve, or its log holds a traceback: no figure of such a run is worth a thing.
    """
    port, log = _free_port(), home / "server.log"
    command = [sys.executable, "cli.py", "serve", "--port", str(port), *arguments]
    with log.open("wb") as out:
        server = subprocess.Popen(command, cwd=ROOT, env=_environment(home) | settings, stdout=out, stderr=out)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(address + health, server)
        yield Served(address, server.pid)
    finally:
        server.terminate()
        server.wait(20)
    if "Traceback" in (told := log.read_text("utf-8", "replace")):
        raise RuntimeError(told[-2000:])


def _environment(home: Path) -> dict[str, str]:
    """The caller's settings must not decide the figures."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("KEHOACH_", "STREAMLIT_"))}
    return own | {"KEHOACH_HOME": str(home)}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 (our own address)
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("it does not serve")
