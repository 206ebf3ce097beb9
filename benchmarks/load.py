"""Twenty people asking at once, for three minutes. Run: `python benchmarks/load.py` (about five minutes).

The app is started over an index of `corpus/`; the clients speak the browser's own protocol over a websocket each. Of
four questions two are typed into the field, one is asked again by the back button, one by a link in a fresh session.
Time runs from the sending to the message that the page is complete; for a link it holds the connection too. Every
answer, with its citations, is held against that of the same question asked alone beforehand: what differs is mixed up.

A person reads an answer before the next question: `THINK` seconds on average, half to one and a half times as long at
random. `straight_…` are the figures without a pause, for `STRAIGHT` seconds: as much as the server can do.
Memory is the server's; `growth_percent` is from `SETTLED` seconds after the start to its highest. It rises
for the first minute, for the server keeps sessions that were closed, up to 128 of them, for two minutes. `load` as in
`performance.py`. Options: `--clients`, `--seconds`, `--think`.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from _client import Page, Session
from _report import report, spread
from _server import Served, ingest, served
from performance import QUESTIONS

CLIENTS = 20
SECONDS = 180.0
THINK = 2.0
STRAIGHT = 30.0
SETTLED = 30.0
PATIENCE = 30.0  # seconds until an answer that does not come counts as an error
LIMITS = {"p95_ms": 1500.0, "errors": 0.0, "mixed_up": 0.0, "growth_percent": 10.0}


@dataclass(slots=True)
class Tally:
    """What came of the questions of all clients."""

    times: list[float] = field(default_factory=list)  # milliseconds
    errors: list[str] = field(default_factory=list)
    mixed_up: list[str] = field(default_factory=list)


def main() -> int:
    """Measure, print, write; 1 when a limit is missed."""
    options = argparse.ArgumentParser(description="Time and memory of the app under many clients.")
    options.add_argument("--clients", type=int, default=CLIENTS)
    options.add_argument("--seconds", type=float, default=SECONDS)
    options.add_argument("--think", type=float, default=THINK)
    given = options.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as directory:
        home = Path(directory)
        ingest(home)
        with served(home) as server:
            figures = asyncio.run(_measure(server, given.clients, given.seconds, given.think))
    return report(figures, LIMITS, __file__, load)


async def _measure(server: Served, clients: int, seconds: float, think: float) -> dict[str, float]:
    known = await _asked_alone(server)
    people, rush = Tally(), Tally()
    memory = asyncio.create_task(_memory(server, seconds))
    await _crowd(server, known, people, clients, seconds, think)
    settled, peak = await memory
    await _crowd(server, known, rush, clients, STRAIGHT, 0.0)
    for line in dict.fromkeys((*people.errors, *people.mixed_up, *rush.errors, *rush.mixed_up)):
        print(line, file=sys.stderr)
    return {
        "clients": float(clients),
        "think_s": think,
        "questions": float(len(people.times)),
        "errors": float(len(people.errors) + len(rush.errors)),
        "mixed_up": float(len(people.mixed_up) + len(rush.mixed_up)),
        **spread(people.times, ""),
        "settled_mb": settled,
        "peak_mb": peak,
        "growth_percent": (peak / settled - 1) * 100,
        "straight_questions": float(len(rush.times)),
        **spread(rush.times, "straight_"),
    }


async def _asked_alone(server: Served) -> dict[str, Page]:
    """Question → its page. Every question has answers and citations that no other has: one of two alike is left out."""
    known: dict[tuple[object, object], tuple[str, Page]] = {}
    for question in QUESTIONS:
        async with Session(server.address) as session:
            await session.open("")
            page = await session.type(question)
        if not page.finished or not page.cards:
            raise RuntimeError(f"no page to hold others against: {question}: {page.fault}")
        known.setdefault((page.answers, page.cards), (question, page))
    return dict(known.values())


async def _crowd(
    server: Served, known: dict[str, Page], tally: Tally, clients: int, seconds: float, think: float
) -> None:
    until = time.monotonic() + seconds
    await asyncio.gather(*(_client(server, known, tally, n, until, think) for n in range(clients)))


async def _client(
    server: Served, known: dict[str, Page], tally: Tally, number: int, until: float, think: float
) -> None:
    """One person: types, types, goes back, opens a link, and again; a question a time."""
    dice = random.Random(number)  # noqa: S311  (figures, no secrets)
    await asyncio.sleep(dice.uniform(0, think))
    session = Session(server.address)
    turn = 0
    try:
        while time.monotonic() < until:
            if turn % 4 == 0:
                await session.close()
                session = Session(server.address)
            question = await _turn(session, turn % 4, dice.sample(sorted(known), 4), known, tally)
            turn += 1
            if not question:
                turn = 0  # begin anew
            await asyncio.sleep(think * dice.uniform(0.5, 1.5))
    finally:
        await session.close()


async def _turn(session: Session, step: int, drawn: Sequence[str], known: dict[str, Page], tally: Tally) -> bool:
    """Ask one question in the way of this step, time and check it."""
    question = session.first_asked if step == 3 else drawn[step]
    ways = [session.follow, session.type, session.type, session.back]
    started = time.perf_counter()
    try:
        page = await asyncio.wait_for(ways[step](question), PATIENCE)
    except (OSError, TimeoutError, ConnectionError) as error:
        tally.errors.append(f"{question}: {type(error).__name__}")
        return False
    tally.times.append((time.perf_counter() - started) * 1000)
    if not page.finished:
        tally.errors.append(f"{question}: {page.fault}")
    elif (page.answers, page.cards) != (known[question].answers, known[question].cards):
        tally.mixed_up.append(f"{question}: {page.answers} instead of {known[question].answers}")
    return True


async def _memory(server: Served, seconds: float) -> tuple[float, float]:
    """Resident megabytes once the server has settled, and the most after that."""
    await asyncio.sleep(min(SETTLED, seconds / 2))
    settled = peak = server.resident_mb()
    until = time.monotonic() + seconds - min(SETTLED, seconds / 2)
    while time.monotonic() < until:
        await asyncio.sleep(1)
        peak = max(peak, server.resident_mb())
    return settled, peak


if __name__ == "__main__":
    sys.exit(main())
