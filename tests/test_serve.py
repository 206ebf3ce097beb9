"""`kehoach serve`: what it refuses, what it warns of, and that it serves and ends from any directory."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep
from urllib.request import urlopen

import pytest
from commandline import ROOT, CommandLine, plan_text

from commands import serve as command


@pytest.fixture
def kehoach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(tmp_path / "nha", monkeypatch, capsys)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Command lines given to Streamlit, which is not started."""
    lines: list[list[str]] = []
    monkeypatch.setattr(command, "_run", lines.append)
    return lines


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def option(line: list[str], name: str) -> str:
    return line[line.index(name) + 1]


def test_it_starts_the_program_s_own_app(
    kehoach: CommandLine, started: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text(plan_text(), encoding="utf-8")
    assert kehoach("ingest", tmp_path / "a.txt").code == 0
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KEHOACH_MAX_MB", "30,5")
    port = free_port()
    outcome = kehoach("serve", "--port", str(port))
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == f"Ứng dụng: http://127.0.0.1:{port} (Ctrl+C để dừng)\n"
    (line,) = started
    assert line[:2] == ["run", str(ROOT / "app.py")]
    assert (option(line, "--server.address"), option(line, "--server.port")) == ("127.0.0.1", str(port))
    assert option(line, "--server.maxUploadSize") == "31"


def test_no_index_is_a_warning(kehoach: CommandLine, started: list[list[str]]) -> None:
    outcome = kehoach("serve", "--port", str(free_port()))
    assert (outcome.code, len(started)) == (0, 1)
    assert outcome.err.startswith("Cảnh báo: Chưa có chỉ mục")


@pytest.mark.parametrize(("host", "warned"), [("127.0.0.2", False), ("localhost", False), ("0.0.0.0", True)])  # noqa: S104
def test_an_open_address_is_warned_of(host: str, warned: bool, kehoach: CommandLine, started: list[list[str]]) -> None:
    outcome = kehoach("serve", "--host", host, "--port", str(free_port()))
    assert (outcome.code, len(started)) == (0, 1)
    assert ("mở ứng dụng ra ngoài máy này" in outcome.err) is warned


@pytest.mark.parametrize("port", ["0", "65536", "-1", "x", "", "８５０１"])
def test_a_bad_port(port: str, kehoach: CommandLine, started: list[list[str]]) -> None:
    assert f"«{port}»" in kehoach.refused("serve", f"--port={port}")
    assert started == []


def test_a_port_in_use(kehoach: CommandLine, started: list[list[str]]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen(1)
        error = kehoach.refused("serve", "--port", str(other.getsockname()[1]))
    assert "cổng đang được dùng" in error
    assert started == []


@pytest.mark.parametrize("host", ["192.0.2.1", "a..b", ""])
def test_an_address_that_is_not_this_machine_s(host: str, kehoach: CommandLine, started: list[list[str]]) -> None:
    kehoach.refused("serve", f"--host={host}", "--port", str(free_port()))
    assert started == []


@pytest.mark.parametrize("missing", ["app.py", ".streamlit/config.toml"])
def test_without_the_app_it_says_where_it_runs(
    missing: str, kehoach: CommandLine, started: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in {"app.py", ".streamlit/config.toml"} - {missing}:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    monkeypatch.setattr(command, "ROOT", tmp_path)
    assert str(tmp_path / missing) in kehoach.refused("serve", "--port", str(free_port()))
    assert started == []


def test_it_serves_from_another_directory_and_ends_quietly(tmp_path: Path) -> None:
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("KEHOACH_", "STREAMLIT_"))}
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, str(ROOT / "cli.py"), "serve", "--port", str(port)],
            cwd=tmp_path,
            env=environment | {"KEHOACH_HOME": str(tmp_path / "nha"), "PYTHONUTF8": "1"},
            stdout=log,
            stderr=log,
        )
        try:
            assert _health(port, server) == b"ok"
        finally:
            server.send_signal(signal.SIGINT)
            code = server.wait(20)
    assert code == 0
    told = (tmp_path / "log").read_text("utf-8")
    assert f"Ứng dụng: http://127.0.0.1:{port}" in told
    assert "Traceback" not in told
    assert "Stopping" not in told


def _health(port: int, server: subprocess.Popen[bytes]) -> bytes:
    until = monotonic() + 60
    while monotonic() < until and server.poll() is None:
        try:
            with urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=5) as answer:
                return bytes(answer.read())
        except OSError:
            sleep(0.2)
    raise AssertionError("it does not serve")
