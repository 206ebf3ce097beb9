"""Servers to search with, started on free ports of this machine and in a temporary folder."""

from __future__ import annotations

import importlib.util
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Protocol

REAL = importlib.util.find_spec("milvus") is not None  # the package `milvus` has a server for Linux on x86-64 only
_PATIENCE = 90.0


class Running(Protocol):
    """A server that can be killed and started again."""

    @property
    def address(self) -> str: ...

    def start(self) -> None: ...

    def kill(self) -> None: ...


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class LiteServer:
    """Milvus Lite in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"milvus://127.0.0.1:{self._port}"

    def start(self) -> None:
        command = [sys.executable, "-m", "milvus_lite", "server", "--host", "127.0.0.1", "--port", str(self._port)]
        self._process = subprocess.Popen(
            [*command, "--data-dir", str(self._folder)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _wait(lambda: _listening(self._port), self._process)

    def kill(self) -> None:
        _kill(self._process)
        self._process = None


class RealServer:
    """The server of the package `milvus` (2.3.5)."""

    def __init__(self, folder: Path) -> None:
        from milvus import MilvusServer, MilvusServerConfig

        folder.mkdir(parents=True)
        config = MilvusServerConfig(data_dir=str(folder))
        ports = {key: free_port() for key in config.configurable_items if key.endswith("_port")}
        # Its etcd would listen on fixed ports: two servers of one machine would meet there.
        client, peer = (f"http://127.0.0.1:{port}" for port in (ports["etcd_port"], free_port()))
        etcd = folder / "etcd.yaml"
        etcd.write_text(
            f"name: default\nlisten-client-urls: {client}\nadvertise-client-urls: {client}\nlisten-peer-urls: {peer}\n"
            f"initial-advertise-peer-urls: {peer}\ninitial-cluster: default={peer}\n"
        )
        config.template_text = config.template_text.replace(
            "  use:\n    embed: true", f"  config:\n    path: {etcd}\n  use:\n    embed: true"
        )
        config.set("common.session.ttl", 3)  # seconds after which the parts of a killed server are given up
        config.update(**ports)
        self._folder, self._port, self._health = folder, ports["proxy_port"], free_port()
        self._server = MilvusServer(config, wait_for_started=False)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"milvus://127.0.0.1:{self._port}"

    def start(self) -> None:
        if not (self._folder / "bin" / "milvus").exists():
            self._unpack()
        library = f"{self._folder / 'bin'}:{os.environ.get('LD_LIBRARY_PATH', '')}"
        environment = os.environ | {
            "DEPLOY_MODE": "STANDALONE", "METRICS_PORT": str(self._health), "LD_LIBRARY_PATH": library,
            "MILVUS_RUN_DIR": str(self._folder / "run"),
        }  # fmt: skip
        self._process = subprocess.Popen(
            [self._folder / "bin" / "milvus", "run", "standalone"],
            env=environment, cwd=self._folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        _wait(self._healthy, self._process)

    def _unpack(self) -> None:
        from milvus import _initialize_data_files

        self._server.config.resolve()
        _initialize_data_files(self._server.config.base_data_dir)

    def _healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._health}/healthz", timeout=5) as answer:
                return b"OK" in answer.read()
        except (urllib.error.URLError, OSError):
            return False

    def kill(self) -> None:
        _kill(self._process)
        self._process = None


def _listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _wait(ready: object, process: subprocess.Popen[bytes]) -> None:
    assert callable(ready)
    end = time.monotonic() + _PATIENCE
    while not ready():
        assert process.poll() is None, "the server ended"
        assert time.monotonic() < end, "the server does not answer"
        time.sleep(0.1)


def _kill(process: subprocess.Popen[bytes] | None) -> None:
    if process:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
