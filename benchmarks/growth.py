"""What a growing stock costs. Run: `python benchmarks/growth.py` (two hours, 25 GB of disk).

A home grows from 4 to 40, 400 and 4,000 plans, a million clauses. The first 400 are read, encoded and cut into words
for real, by `ingesting.py` (an hour and a quarter, unless `--stock FOLDER/home` is what it left with `--keep FOLDER`).
The others are made of these (`_multiplied.py`, which says how their vectors are made); encoding is in none of the
times. At each size:

- `build_s`: putting the new plans' vectors, words and counts between those that are there, and writing the index;
  `one_more_s`: the same for a single plan, with storing it, looking for its like, and tidying up;
- `index_mb`, `database_mb`: files on disk;
- `open_s`, `resident_mb`, `own_mb`: time until a process has answered its first question; at the end of its questions
  the most memory that it had, and what of that is not a mapped file;
- `search_…`: questions of the gold set that name no place, ten hits each, and `search_province_…` within a province,
  the encoder included; `ask_…`: whole answers, without and with the province. What is timed is the second round of
  all questions: the first reads the index from the disk;
- `missed`: of the ten nearest by cosine the share that is not among the candidates of the index, against comparing all;
  `missed_half`: the same within every second province. By words nothing is missed (`index/matches.py`).

Every size is asked in a process of its own. Picture: `docs/growth.svg`. Options: `--sizes 4,40`; `--work FOLDER` that
keeps the home; `--ask FOLDER/home`: only ask, print what comes of it; `--again FOLDER/home`: ask a home of one of these
sizes after a change of searching, and put what comes of it in the place of what was recorded.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from _curves import Chart, picture
from _multiplied import Multiplied, Plan, stocked
from _report import report, spread
from _variants import ROOT
from numpy.typing import NDArray

from index.build import Builder
from index.dense import DenseIndex
from index.embed import load_encoder
from index.engine import OVERFETCH
from index.filter import Filter
from index.generation import current_name
from index.hit import Query
from index.local import Selector
from index.positions import Positions
from index.search import Searcher
from index.store import DATABASE, State, Store
from ingest.settings import DEFAULT_ENCODER

Vectors = NDArray[np.float32]

SIZES = (4, 40, 400, 4_000)
QUESTIONS = 120
PICTURE = ROOT / "docs" / "growth.svg"
# Of a search, beside which its recall stands; what the whole answers take is told.
LIMITS = {"search_p95_ms": 100.0, "search_province_p95_ms": 40.0, "resident_mb": 4096.0, "missed": 0.02,
          "missed_half": 0.02}  # fmt: skip
_NEAREST = 10
_TOGETHER = 50_000  # vectors


@dataclass(slots=True)
class Phases:
    """A `Progress` that keeps the time: seconds of each phase so far."""

    seconds: dict[str, float] = field(default_factory=dict)
    _last: tuple[str, float] = ("", 0.0)

    def __call__(self, stage: str, done: int, total: int) -> None:
        """See `index.progress.Progress`."""
        name, since = self._last
        now = time.perf_counter()
        if name:
            self.seconds[name] = self.seconds.get(name, 0.0) + now - since
        self._last = (stage, now)
        if done == total or done % 100 == 0:
            print(f"{time.strftime('%H:%M:%S')} {stage} {done} / {total}", file=sys.stderr, flush=True)


def main() -> int:
    """Measure, print, write; 1 when a limit is missed at the largest size."""
    options = argparse.ArgumentParser(description="Cost of a growing stock.")
    options.add_argument("--stock", type=Path)
    options.add_argument("--sizes", type=lambda told: tuple(map(int, told.split(","))), default=SIZES)
    options.add_argument("--work", type=Path)
    options.add_argument("--ask", type=Path)
    options.add_argument("--again", type=Path)
    given = options.parse_args()
    load = os.getloadavg()[0]
    if given.ask:
        print(json.dumps(asked(given.ask)))
        return 0
    if given.again:
        return _told({**_recorded(), **_asked_again(given.again)}, load)
    with tempfile.TemporaryDirectory() as directory:
        home = (given.work or Path(directory)) / "home"
        plans = stocked(given.stock or _brought_in(Path(directory)), DEFAULT_ENCODER)
        sizes = {size: _grown(home, plans, size) for size in given.sizes}
    return _told(sizes, load)


def _told(sizes: Mapping[int, Mapping[str, float]], load: float) -> int:
    if set(sizes) >= set(SIZES):
        PICTURE.write_text(picture(charts([sizes[size] for size in SIZES])), "utf-8")
    figures = {f"{size} {name}": value for size, own in sizes.items() for name, value in own.items()}
    return report(figures, {f"{max(sizes)} {name}": limit for name, limit in LIMITS.items()}, __file__, load)


def _recorded() -> dict[int, dict[str, float]]:
    found: dict[int, dict[str, float]] = {}
    for told, value in json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))["figures"].items():
        size, name = told.split(" ")
        found.setdefault(int(size), {})[name] = value
    return found


def _asked_again(home: Path) -> dict[int, dict[str, float]]:
    """What was recorded of a home's size, and of that anew what asking tells."""
    with Store.open(home, create=False) as store:
        size = len(store.entries(State.LIVE))
    return {size: {**_recorded()[size], **asked(home)}}


def _brought_in(folder: Path) -> Path:
    """A home with the first plans."""
    subprocess.run([sys.executable, ROOT / "benchmarks" / "ingesting.py", "--keep", folder], check=False, cwd=ROOT)
    return folder / "home"  # the command may end with 1 for a limit that is missed


def _grown(home: Path, plans: Sequence[Plan], size: int) -> dict[str, float]:
    """Bring a home to this size, and measure."""
    encoder, phases = load_encoder(DEFAULT_ENCODER), Phases()
    with Store.open(home) as store:
        made = Multiplied(store, encoder.name, plans, size)
        grown = Builder(store, encoder, home).become(made, phases)
        phases("", 1, 1)
        (last,) = made.some(size, size + 1)
        builder = Builder(store, encoder, home)
        builder.sync([last])  # draws a sketch of every plan that was never compared with another
        builder.remove(last.document.id)
        started = time.perf_counter()
        builder.sync(list(made.some(size, size + 1)))
        more = time.perf_counter() - started
        builder.remove(last.document.id)
    files = [file for file in (home / (current_name(home) or "")).rglob("*") if file.is_file()]
    command = [sys.executable, __file__, "--ask", str(home)]
    told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout)
    return {
        "clauses": float(grown.clauses),
        "build_s": phases.seconds["index"],
        "one_more_s": more,
        "index_mb": sum(file.stat().st_size for file in files) / 1e6,
        "database_mb": (home / DATABASE).stat().st_size / 1e6,
        **told,
    }


def charts(sizes: Sequence[Mapping[str, float]]) -> list[Chart]:
    """The figures of all sizes as curves over the count of clauses."""
    clauses = [own["clauses"] for own in sizes]

    def chart(title: str, series: Mapping[str, str], limit: float | None = None) -> Chart:
        return Chart(title, clauses, {name: [own[key] for own in sizes] for name, key in series.items()}, limit)

    return [
        chart("A search, p95, ms", {"all plans": "search_p95_ms", "one province": "search_province_p95_ms"}, 100.0),
        chart("A whole answer, p95, ms", {"all plans": "ask_p95_ms", "one province": "ask_province_p95_ms"}),
        chart("Memory of a process, MB", {"with mapped files": "resident_mb", "its own": "own_mb"}, 4096.0),
        chart("Disk, MB", {"database": "database_mb", "index": "index_mb"}),
        chart("Building, s", {"from the size before": "build_s", "one plan more": "one_more_s"}),
        chart("To the first answer, s", {"a new process": "open_s"}),
    ]


def asked(home: Path) -> dict[str, float]:
    """Times, memory and recall of a process that searches and answers over a home."""
    from answer.answerer import Answerer
    from eval.gold import load

    # Beside these a province is given: their words name none.
    gold = [question.question for question in load() if question.answerable and question.province]
    questions = gold[:: max(1, len(gold) // QUESTIONS)]
    started = time.perf_counter()
    with Searcher.open(home, DEFAULT_ENCODER) as searcher:
        answerer = Answerer(searcher)
        answerer.ask(questions[0])
        told = {"open_s": time.perf_counter() - started}
        there = sorted({document.province for document in answerer.documents})
        own = {question: there[at % len(there)] for at, question in enumerate(questions)}
        within = {question: Filter(provinces=frozenset({province})) for question, province in own.items()}
        told |= _timed(questions, lambda q: searcher.search(Query(q)), "search_")
        told |= _timed(questions, lambda q: searcher.search(Query(q), within[q]), "search_province_")
        told |= _timed(questions, answerer.ask, "ask_")
        told |= _timed(questions, lambda q: answerer.ask(q, own[q]), "ask_province_")
        told |= memory()
        vectors = searcher.encode([Query(question) for question in questions])
        half = Filter(provinces=frozenset(there[::2]))
        chosen = Selector(searcher._store, searcher.generation)(half)
        dense = searcher.generation.parts.dense
        told["missed"] = missed(dense, vectors, None)
        told["missed_half"] = missed(dense, vectors, chosen)
    return told


def _timed(questions: Sequence[str], ask: Callable[[str], object], name: str) -> dict[str, float]:
    """Milliseconds of each question in the second round of all of them."""
    for question in questions:
        ask(question)
    times = []
    for question in questions:
        started = time.perf_counter()
        ask(question)
        times.append((time.perf_counter() - started) * 1000)
    return spread(times, name)


def missed(dense: DenseIndex, questions: Vectors, allowed: Positions | None) -> float:
    """Of the ten nearest of each question (float32[q, d]) the share that is not among the candidates of the index."""
    every = np.arange(dense.count) if allowed is None else allowed
    products = np.concatenate(
        [questions @ dense.vectors(every[at : at + _TOGETHER]).T for at in range(0, len(every), _TOGETHER)], axis=1
    )
    gone = 0
    for question, own in zip(questions, products, strict=True):
        nearest = set(every[np.argsort(-own, kind="stable")[:_NEAREST]].tolist())
        gone += len(nearest - set(dense.search(question, allowed, OVERFETCH).tolist()))
    return gone / (_NEAREST * len(questions))


def memory() -> dict[str, float]:
    """Of this process, in MB: the most that it had, and what of that is no mapped file (Linux)."""
    status = Path("/proc/self/status").read_text("ascii").splitlines()
    told = {line.split()[0]: int(line.split()[1]) / 1024 for line in status if line.startswith(("VmHWM", "RssAnon"))}
    return {"resident_mb": told["VmHWM:"], "own_mb": told["RssAnon:"]}


if __name__ == "__main__":
    sys.exit(main())
