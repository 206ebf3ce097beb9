"""How `benchmarks/peers.py` speaks with a peer: the standard library alone, for every peer's own environment.

A script beside this file is run as `python run_X.py VERB JOB`. JOB is a file of JSON: the plans with their paths, the
folder of the index, the model directory, the questions, and the file that the results go to. Verbs:

- `ingest`: from the files to an index in the folder;
- `cold`: open the index, answer the first question, say so on standard output;
- `ask`: open the index, answer all questions one at a time and say so; then, as often as a line of standard input names
  some of them by position, answer these again and say so. These are what counts as warm; the first round is timed too.
  At the end of input results, times and peak memory, that of this process alone, are written.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

DEPTH = 10  # passages returned
CHUNK = 512  # characters
READY = "answered"

Job = dict[str, Any]
Question = dict[str, Any]  # «question», «province», and «numbers» of the plans that it is about
Passage = dict[str, str]  # «text», «number» of its plan
Answers = dict[str, Any]  # «passages», best first; of a tool that answers, «answers» by number of the plan
Ask = Callable[[Question], Answers]


def run(ingest: Callable[[Job], None], opened: Callable[[Job], Ask]) -> None:
    """Do what the command line says."""
    verb, path = sys.argv[1:]
    job: Job = json.loads(Path(path).read_text("utf-8"))
    if verb == "ingest":
        ingest(job)
        return
    ask = opened(job)
    if verb == "cold":
        ask(job["questions"][0])
        print(READY, flush=True)
        return
    results: dict[str, Answers] = {}
    first = [_timed(ask, question, results) for question in job["questions"]]
    print(READY, flush=True)
    again = []
    for line in sys.stdin:
        again += [_timed(ask, job["questions"][int(position)], {}) for position in line.split()]
        print(READY, flush=True)
    told = {"results": results, "first_ms": first, "again_ms": again, "peak_mb": peak_mb()}
    Path(job["result"]).write_text(json.dumps(told, ensure_ascii=False), "utf-8")


def _timed(ask: Ask, question: Question, results: dict[str, Answers]) -> float:
    started = time.perf_counter()
    results[question["id"]] = ask(question)
    return (time.perf_counter() - started) * 1000


def peak_mb() -> float:
    """The most memory that this process held. Not `getrusage`: its figure is at least that of the parent process."""
    status = Path("/proc/self/status").read_text("ascii")
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def texts(job: Job) -> Iterator[tuple[str, str]]:
    """Number and text of each plan."""
    for plan in job["plans"]:
        yield plan["number"], Path(plan["path"]).read_text("utf-8")


def fixed_chunks(job: Job) -> list[Passage]:
    """All plans in pieces of `CHUNK` characters, as tutorials cut them."""
    pieces = (
        (number, text[at : at + CHUNK].strip()) for number, text in texts(job) for at in range(0, len(text), CHUNK)
    )
    return [{"number": number, "text": piece} for number, piece in pieces if piece]


def keep(job: Job, passages: list[Passage]) -> None:
    """Write passages beside an index that holds none."""
    (Path(job["index"]) / "passages.json").write_text(json.dumps(passages, ensure_ascii=False), "utf-8")


def kept(job: Job) -> list[Passage]:
    """What `keep` wrote."""
    passages: list[Passage] = json.loads((Path(job["index"]) / "passages.json").read_text("utf-8"))
    return passages
