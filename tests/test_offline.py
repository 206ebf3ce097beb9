"""Ingest and ask open no network connection: every way out is closed and watched before anything is imported."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from commandline import ROOT, plan_text

# Two guards. The audit hook sees every connection made through Python's socket module, however it was reached; the
# patched functions would catch a caller even where audit events were missing.
_GUARD = """
import json, os, socket, sys

seen = []

def refuse(name):
    def refused(*arguments, **_):
        seen.append([name, repr(arguments)[:200]])
        raise OSError(f"the test closed the network: {name}")
    return refused

def watch(event, arguments):
    if event.startswith(("socket.connect", "socket.send", "socket.bind", "socket.get")):
        seen.append([event, repr(arguments)[:200]])
        raise OSError(f"the test closed the network: {event}")

for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "create_connection"):
    setattr(socket, name, refuse(name))
for name in ("connect", "connect_ex", "sendto", "bind"):
    setattr(socket.socket, name, refuse(name))
sys.addaudithook(watch)

def report(**more):
    with open(os.environ["GUARD_REPORT"], "w", encoding="utf-8") as stream:
        json.dump({"seen": seen, **more}, stream)
"""
_PROGRAM = """
import cli
codes = [cli.run(arguments) for arguments in json.loads(os.environ["GUARD_COMMANDS"])]
report(codes=codes)
"""
_CONTROL = """
import _socket
caught = 0
for attempt in (
    lambda: socket.create_connection(("127.0.0.1", 9)),
    lambda: socket.getaddrinfo("example.org", 80),
    lambda: _socket.socket().connect(("127.0.0.1", 9)),
):
    try:
        attempt()
    except OSError as error:
        caught += "closed the network" in str(error)
report(caught=caught)
"""


def run(program: str, tmp_path: Path, commands: list[list[str]]) -> tuple[dict[str, object], str]:
    report = tmp_path / "report.json"
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("KEHOACH_", "HF_"))}
    environment |= {
        "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "KEHOACH_HOME": str(tmp_path / "nha"), "HOME": str(tmp_path),
        "GUARD_REPORT": str(report), "GUARD_COMMANDS": json.dumps(commands),
    }  # fmt: skip
    script = [sys.executable, "-c", _GUARD + program]
    done = subprocess.run(script, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(report.read_text(encoding="utf-8")), done.stdout


def test_ingest_and_ask_open_no_connection(tmp_path: Path) -> None:
    plans = tmp_path / "ke-hoach"
    plans.mkdir()
    (plans / "a.txt").write_text(plan_text(), encoding="utf-8")
    (plans / "b.md").write_text(plan_text("7/KH-UBND", "Đồng Nai"), encoding="utf-8")
    question = "cơ quan nào chủ trì nhà ở xã hội?"
    told, out = run(_PROGRAM, tmp_path, [["ingest", str(plans)], ["ask", question, "--json"], ["doctor", "--json"]])
    assert told == {"seen": [], "codes": [0, 0, 0]}
    assert "Sở Xây dựng" in out


def test_the_guard_sees_a_connection(tmp_path: Path) -> None:
    told, _ = run(_CONTROL, tmp_path, [])
    assert told["caught"] == 3
    assert len(told["seen"]) == 3  # type: ignore[arg-type]
