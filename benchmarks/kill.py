"""200 plans ingested, killed again and again. Run: `python benchmarks/kill.py` (about half an hour).

Two phases. In the first, into an empty home, the ingest is killed (SIGKILL) at half of `KILLS` moments, and started
anew; in the second 20 of the plans have changed and one has gone into another file, over a home that is whole. The
moments are random, each kind of step of an uninterrupted run in turn (files read, statements of SQL by their kind,
batches of vectors, compounds, tokens, files synced, renamed or deleted), any of its kind, up to 20 ms behind it.
After each kill the index has to open and answer as the last good one did (in the first phase: there is none, or the
whole one). At the end all is held against the home of the uninterrupted run: documents, every column of every clause,
vectors, the bytes of the index, the history, the answers, and that no row, draft or file is left over.

Files are parsed and compounds found once, before the first run, by what the killed processes are forked of, and vectors
are hashes (`cheap_encoder`): each run would take minutes of work that leaves nothing behind. In the killed process a
kill while a file is read falls into a pause instead. Options: `--plans`, `--kills`, `--seed`.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ["OMP_NUM_THREADS"] = "1"  # before faiss: its threads do not live through a fork

from _encoder import CheapEncoder
from _report import report
from _variants import change, write_variants

PLANS, KILLS, CHANGED = 200, 30, 20
QUESTIONS = ("ai chủ trì nhà ở xã hội", "bảo hiểm y tế 2030", "đào tạo nghề cho người khuyết tật")
LIMITS = {"wrong_after_kill": 0.0, "differences": 0.0, "left_over": 0.0, "unsound": 0.0}
_JITTER = 0.02  # seconds at most from the step at which a kill is drawn
# What is compared, without row keys and times: those of a run that was started again are others.
_TABLES = {
    "documents": "SELECT * FROM documents WHERE state = 'live' ORDER BY id",
    "clauses": "SELECT clauses.* FROM clauses JOIN documents ON documents.key = document_key WHERE state = 'live' "
    "ORDER BY clauses.id",
    "agencies": "SELECT clauses.id, name, role FROM clause_agencies JOIN clauses ON clauses.key = clause_key "
    "JOIN documents ON documents.key = document_key WHERE state = 'live' ORDER BY clauses.id, name, role",
    "vectors": "SELECT * FROM vectors ORDER BY encoder, text_digest",
    "compounds": "SELECT * FROM compounds ORDER BY text_digest",
    "prepared": "SELECT * FROM prepared ORDER BY fingerprint",
    "history": "SELECT pending, who, cause, effect, document_id, number, province, source FROM history ORDER BY "
    "cause, effect, source, document_id",
    "states": "SELECT state, count(*) FROM documents GROUP BY state ORDER BY state",
}
_KEYS = {"key", "document_key"}


def main() -> int:
    """Measure, print, write; 1 when a limit is missed."""
    options = argparse.ArgumentParser(description="Ingest under kills.")
    options.add_argument("--plans", type=int, default=PLANS)
    options.add_argument("--kills", type=int, default=KILLS)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as directory:
        figures = _measure(Path(directory), given.plans, given.kills, given.seed)
    return report(figures, LIMITS, __file__, load)


def _measure(scratch: Path, plans: int, kills: int, seed: int) -> dict[str, float]:
    folder = scratch / "plans"
    written = write_variants(folder, plans)
    runs = Runs(folder)
    dice = random.Random(seed)  # noqa: S311
    first = _phase(runs, scratch / "whole", scratch / "killed", kills - kills // 2, dice)
    text = [path for path in written if path.suffix in {".txt", ".md"}]
    for path in dice.sample(text, min(CHANGED, len(text) // 2)):
        change(path)
    text[-1].rename(folder / f"renamed{text[-1].suffix}")
    second = _phase(runs, scratch / "whole", scratch / "killed", kills // 2, dice)
    sums = {name: first[name] + second[name] for name in first}
    return {"plans": float(plans), "cheap_encoder": 1.0, **sums}


def _phase(runs: Runs, whole: Path, killed: Path, kills: int, dice: random.Random) -> dict[str, float]:
    """Ingest into one home undisturbed, into the other under kills; count what is wrong."""
    start = killed.with_name("start")
    shutil.rmtree(start, ignore_errors=True)
    if killed.is_dir():
        shutil.copytree(killed, start)
    before = state(whole)
    runs.learn()
    trace = runs.whole(whole)
    after = state(whole)
    wrong = done = 0
    for moment in moments(trace, kills, dice):
        was = state(killed)
        if not runs.killed(killed, moment, dice.uniform(0, _JITTER)):
            # Killed before, it had less to do and came to its end: from the beginning, and no later than that step.
            shutil.rmtree(killed)
            if start.is_dir():
                shutil.copytree(start, killed)
            was = before
            if not runs.killed(killed, moment, 0.0):
                print(f"{moment} was not met", file=sys.stderr)
                continue
        now = state(killed)
        done += 1
        print(f"{time.strftime('%X')} {done} {moment}: {'as before' if now == was else 'new'}", file=sys.stderr)
        wrong += now not in ((before, after) if was == before else (after,))
    runs.whole(killed)
    return {
        "kills": float(done),
        "kinds_of_step": float(len(set(trace))),
        "wrong_after_kill": float(wrong),
        "differences": float(differences(whole, killed) + (state(killed) != after)),
        "left_over": float(left_over(killed)),
        "unsound": float(runs.doctor(killed) != 0),
    }


Moment = tuple[str, int]  # a kind of step, and at which of its kind


def moments(trace: list[str], kills: int, dice: random.Random) -> list[Moment]:
    """When to kill, in the order of the run: each kind of step in turn, at any of its kind."""
    times = Counter(trace)
    kinds = sorted(times)
    dice.shuffle(kinds)
    drawn = [(kinds[turn % len(kinds)], dice.randrange(times[kinds[turn % len(kinds)]])) for turn in range(kills)]
    places: dict[Moment, int] = {}
    seen: Counter[str] = Counter()
    for at, kind in enumerate(trace):
        places[kind, seen[kind]] = at
        seen[kind] += 1
    return sorted(drawn, key=places.__getitem__)


class Runs:
    """Starts `kehoach ingest FOLDER` as children of this process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._parsed: dict[bytes, Any] = {}
        self._compounds: dict[str, list[str]] = {}

    def learn(self) -> None:
        """Parse the files, and find the compounds of their texts, that are new."""
        from index.features import compounds_in
        from index.passage import lexical_text
        from ingest.files import plan_files
        from ingest.parse import parse_file
        from ingest.settings import Settings

        for path in plan_files(self._folder):
            data = str(path).encode() + path.read_bytes()
            if data not in self._parsed:
                parsed = self._parsed[data] = parse_file(path, Settings())
                for text in (lexical_text(parsed.document, clause) for clause in parsed.clauses):
                    self._compounds.setdefault(text, []) or self._compounds.update({text: compounds_in(text)})

    def whole(self, home: Path) -> list[str]:
        """A run to its end; the kinds of its steps."""
        trace = home.with_name("trace")
        if self._wait(self._fork(home, None, 0.0, trace)) != 0:
            raise RuntimeError("ingest failed")
        return trace.read_text("utf-8").split("\n")

    def killed(self, home: Path, moment: Moment, delay: float) -> bool:
        """A run that is killed at a moment, or somewhat later; False: it came to its end before."""
        return self._wait(self._fork(home, moment, delay, None)) == -signal.SIGKILL

    def doctor(self, home: Path) -> int:
        """The exit code of `kehoach doctor`."""
        pid = os.fork()
        if not pid:
            self._command(home, "doctor")
        return self._wait(pid)

    def _wait(self, pid: int) -> int:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

    def _fork(self, home: Path, moment: Moment | None, delay: float, trace: Path | None) -> int:
        pid = os.fork()
        if pid:
            return pid
        steps = _Steps(moment, delay)
        steps.watch(self._parsed, self._compounds)
        self._command(home, "ingest", str(self._folder), done=lambda: trace and trace.write_text("\n".join(steps.seen)))
        raise AssertionError("the child has ended")

    def _command(self, home: Path, *arguments: str, done: Callable[[], object] = lambda: None) -> None:
        """Run a command in this process, a child, and end it."""
        import cli
        import commands.ingest
        import index.search

        os.environ["KEHOACH_HOME"] = str(home)
        commands.ingest.load_encoder = index.search.load_encoder = lambda _: CheapEncoder()
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        code = cli.run([*arguments, "--json"])
        done()
        os._exit(code)


class _Steps:
    """Notes each step of a run, and kills the process at one."""

    def __init__(self, moment: Moment | None, delay: float) -> None:
        self.seen: list[str] = []
        self._counts: Counter[str] = Counter()
        self._moment = moment
        self._delay = delay

    def step(self, kind: str) -> None:
        self.seen.append(kind)
        if (kind, self._counts[kind]) == self._moment:
            if not self._delay:
                os.kill(os.getpid(), signal.SIGKILL)
            threading.Timer(self._delay, os.kill, (os.getpid(), signal.SIGKILL)).start()
        self._counts[kind] += 1

    def watch(self, parsed: dict[bytes, Any], compounds: dict[str, list[str]]) -> None:
        """Put a step before each thing that a run does."""
        import index.assemble
        import index.files
        import index.generation
        import ingest.intake
        from index.store import Store

        def read(data: bytes, path: Path, *_: object) -> Any:  # noqa: ANN401
            time.sleep(0.005)
            return parsed[str(path).encode() + data]

        self._before(Store, "run", lambda _, sql, *__: " ".join(sql.split()[:3]))
        self._before(CheapEncoder, "encode_document", lambda *_: "embed")
        self._before(index.assemble.Tokens, "of", lambda *_: "tokens", static=True)
        for owner, name in ((index.files, "_sync"), (Path, "replace"), (index.generation.shutil, "rmtree")):
            self._before(owner, name, lambda *_, name=name: name)
        ingest.intake.parse_bytes = read
        index.assemble.compounds_in = compounds.__getitem__
        self._before(ingest.intake, "parse_bytes", lambda *_: "read")
        self._before(index.assemble, "compounds_in", lambda *_: "compounds")

    def _before(self, owner: Any, name: str, kind: Callable[..., str], *, static: bool = False) -> None:  # noqa: ANN401
        original = getattr(owner, name)

        def noted(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401
            self.step(kind(*arguments))
            return original(*arguments, **named)

        setattr(owner, name, staticmethod(noted) if static else noted)


def state(home: Path) -> dict[str, Any] | None:
    """What a reader sees of an index; None where there is none."""
    from index.hit import Query
    from index.search import Searcher
    from ingest.errors import IndexStateError

    try:
        with Searcher.open(home, CheapEncoder()) as searcher:
            hits = [searcher.search(Query(question), k=50) for question in QUESTIONS]
            return {
                "documents": [(d.number, d.province, d.digest, d.source) for d in searcher.documents()],
                "found": [[(h.clause.id, h.clause.text, h.score, h.dense, h.lexical) for h in found] for found in hits],
            }
    except IndexStateError as error:
        if error.message != f"Chưa có chỉ mục trong {home}.":
            raise
        return None


def differences(one: Path, other: Path) -> int:
    """In how many tables and files two homes differ; printed."""
    from index.generation import current_name

    tables = [{name: _rows(home, sql) for name, sql in _TABLES.items()} for home in (one, other)]
    found = [name for name in _TABLES if tables[0][name] != tables[1][name]]
    folders = [home / (current_name(home) or "") for home in (one, other)]
    names = {f.relative_to(folder).as_posix() for folder in folders for f in folder.rglob("*") if f.is_file()}
    held = names - {"manifest.json", "rows.npy"}  # these hold row keys
    found += [name for name in sorted(held) if len({_bytes(folder / name) for folder in folders}) > 1]
    print("differences:", found, file=sys.stderr)
    return len(found)


def _bytes(file: Path) -> bytes:
    return file.read_bytes() if file.is_file() else b""


def _rows(home: Path, sql: str) -> list[dict[str, Any]]:
    connection = sqlite3.connect(home / "kehoach.db")
    connection.row_factory = sqlite3.Row
    try:
        return [{k: v for k, v in dict(row).items() if k not in _KEYS} for row in connection.execute(sql)]
    finally:
        connection.close()


def left_over(home: Path) -> int:
    """Files and folders that no home has, rows that belong to nothing, documents that are staged."""
    known = {"kehoach.db", "kehoach.db-wal", "kehoach.db-shm", "CURRENT", ".lock"}
    found = [path.name for path in home.iterdir() if path.name not in known and not path.name.startswith("gen-")]
    orphans = (
        "SELECT key FROM clauses WHERE document_key NOT IN (SELECT key FROM documents)",
        "SELECT name FROM clause_agencies WHERE clause_key NOT IN (SELECT key FROM clauses)",
        "SELECT key FROM documents WHERE state = 'staged'",
        "SELECT pending FROM history WHERE pending != ''",
    )
    return len(found) + max(0, len(list(home.glob("gen-*"))) - 2) + sum(len(_rows(home, sql)) for sql in orphans)


if __name__ == "__main__":
    sys.exit(main())
