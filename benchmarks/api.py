"""Twenty clients asking the API over loopback. Run: `python benchmarks/api.py` (about four minutes).

The server is started over an index of `corpus/` with as many workers as `--workers` says; the clients are this process,
a connection each. Questions are drawn at random (seeded) from the 2,000 of the gold set, with their province where they
name one, and asked without a pause: the next as soon as the answer is there.

The limit is asked of the first figures: the cache on, and empty when they begin. `hit_percent` is its share of answers
that had not to be made. Who draws from 2,000 questions for a minute repeats most; `first_` are the times of questions
that were asked for the first time, beside the others. `uncached_` is the same with the cache switched off, every answer
made: as much as the machine can do, and twenty who never pause wait for each other. `paused_` is that with about two
seconds between an answer and the next question, as of people who read. `load` as in `performance.py`.
Options: `--clients`, `--seconds`, `--workers`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import sys
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from _report import report, spread
from _server import ROOT, Served, ingest, served

CLIENTS = 20
SECONDS = 60.0
THINK = 2.0
WORKERS = 2
LIMITS = {"errors": 0.0, "uncached_errors": 0.0, "paused_errors": 0.0, "p95_ms": 200.0}
_ARGUMENTS = ("--api", "--workers")
_HEALTH = "/v1/health"
_METRICS_PORT = "8699"
_HEAD = b"POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Sent:
    """A question: the whole request, and how its answer begins."""

    request: bytes
    answer: bytes


@dataclass(slots=True)
class Tally:
    """What came of the questions of all clients: milliseconds, those of questions not asked before, errors."""

    times: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    seen: set[Sent] = field(default_factory=set)


def main() -> int:
    """Measure, print, write; 1 when a limit is missed."""
    options = argparse.ArgumentParser(description="Time and errors of the API under many clients.")
    options.add_argument("--clients", type=int, default=CLIENTS)
    options.add_argument("--seconds", type=float, default=SECONDS)
    options.add_argument("--workers", type=int, default=WORKERS)
    given = options.parse_args()
    load = os.getloadavg()[0]
    questions = _questions()
    with tempfile.TemporaryDirectory() as directory:
        home = Path(directory)
        ingest(home)
        figures = {"clients": float(given.clients), "workers": float(given.workers)}
        figures |= _cached(home, given.workers, questions, given.clients, given.seconds)
        figures |= _uncached(home, given.workers, questions, given.clients, given.seconds)
    return report(figures, LIMITS, __file__, load)


def _cached(home: Path, workers: int, questions: Sequence[Sent], clients: int, seconds: float) -> dict[str, float]:
    watched = ("--metrics-port", _METRICS_PORT)
    with served(home, *_ARGUMENTS, str(workers), *watched, health=_HEALTH, KEHOACH_API_RATE="0") as server:
        before = _counters()
        tally = asyncio.run(_crowd(server, questions, clients, seconds, 0.0))
        after = _counters()
    hits, misses = (after[name] - before[name] for name in ("hits", "misses"))
    figures = {"seconds": seconds, "requests": float(len(tally.times)), "per_second": len(tally.times) / seconds}
    figures |= {"errors": float(len(tally.errors)), "hit_percent": 100 * hits / max(1.0, hits + misses)}
    _tell(tally)
    return figures | spread(tally.times, "") | spread(tally.first, "first_")


def _uncached(home: Path, workers: int, questions: Sequence[Sent], clients: int, seconds: float) -> dict[str, float]:
    settings = {"KEHOACH_API_RATE": "0", "KEHOACH_CACHE_MB": "0"}
    with served(home, *_ARGUMENTS, str(workers), health=_HEALTH, **settings) as server:
        straight = asyncio.run(_crowd(server, questions, clients, seconds, 0.0))
        paused = asyncio.run(_crowd(server, questions, clients, seconds, THINK))
    _tell(straight)
    _tell(paused)
    figures = {"uncached_requests": float(len(straight.times)), "uncached_per_second": len(straight.times) / seconds}
    figures |= {"uncached_errors": float(len(straight.errors)), **spread(straight.times, "uncached_")}
    figures |= {"paused_requests": float(len(paused.times)), "paused_errors": float(len(paused.errors))}
    return figures | spread(paused.times, "paused_")


def _questions() -> list[Sent]:
    """The questions of the gold set."""
    files = sorted(file for file in (ROOT / "eval" / "gold").glob("*.jsonl") if file.stem != "comparison")
    items = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    asked = [{"question": item["question"], "province": item.get("province")} for item in items]
    found = []
    for each in asked:
        body = json.dumps(each, ensure_ascii=False).encode()
        begins = '{"id":null,"question":' + json.dumps(each["question"], ensure_ascii=False)
        found.append(Sent(_HEAD % len(body) + body, begins.encode()))
    return found


async def _crowd(server: Served, questions: Sequence[Sent], clients: int, seconds: float, think: float) -> Tally:
    tally, until = Tally(), time.monotonic() + seconds
    await asyncio.gather(*(_client(server, questions, tally, n, until, think) for n in range(clients)))
    return tally


async def _client(
    server: Served, questions: Sequence[Sent], tally: Tally, number: int, until: float, think: float
) -> None:
    """One client on one connection; after an error on a new one."""
    dice = random.Random(number)  # noqa: S311  (figures, no secrets)
    await asyncio.sleep(dice.uniform(0, think))
    where = urlsplit(server.address)
    while time.monotonic() < until:
        try:
            reader, writer = await asyncio.open_connection(where.hostname, where.port)
            while time.monotonic() < until:
                question = dice.choice(questions)
                new = question not in tally.seen
                tally.seen.add(question)
                started = time.perf_counter()
                await _ask(reader, writer, question)
                took = (time.perf_counter() - started) * 1000
                tally.times.append(took)
                if new:
                    tally.first.append(took)
                if think:
                    await asyncio.sleep(think * dice.uniform(0.5, 1.5))
            writer.close()
        except (OSError, asyncio.IncompleteReadError, ValueError) as error:
            tally.errors.append(f"{type(error).__name__}: {error}")


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, question: Sent) -> None:
    """Ask once; anything but a whole answer to this question is an error.

    Raises:
        ValueError, OSError, asyncio.IncompleteReadError: it is.
    """
    writer.write(question.request)
    told = (await reader.readuntil(b"\r\n\r\n")).lower()
    answer = await reader.readexactly(int(told.split(b"content-length:")[1].split(b"\r\n")[0]))
    if b" 200 " not in told.split(b"\r\n")[0] or not answer.startswith(question.answer):
        raise ValueError(told.split(b"\r\n")[0].decode())


def _counters() -> dict[str, float]:
    """What the server counts of its cache."""
    with urllib.request.urlopen(f"http://127.0.0.1:{_METRICS_PORT}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    values = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    return {name: float(values[f"kehoach_cache_{name}_total"]) for name in ("hits", "misses")}


def _tell(tally: Tally) -> None:
    for line in dict.fromkeys(tally.errors):
        print(line, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
