"""Processes that answer by turns: the second round of `peers.py`, in which a question is timed.

One process after the other would have each asked at another minute, and this can make half as much again of a time.
While one answers, the others wait for a line of input. A turn is a handful of questions, so that caches of the
processor are a peer's own again after the first of them; the order of the peers is another one in each round.
"""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

TURN = 11  # questions
READY = "answered"  # what `peers/_speak.py` says


def by_turns(
    commands: Mapping[str, Sequence[str]], positions: Sequence[int], environment: Mapping[str, str], folder: Path
) -> None:
    """Start every peer, wait until it has answered all questions once, then ask those at `positions` by turns.

    `commands`: key of a peer → its command (`peers/_speak.py`, verb `ask`), run in `folder`. What it found out it
    writes itself, when its input ends.

    Raises:
        RuntimeError: a peer ended before it was told to, or with an error.
    """
    with ExitStack() as stack:
        talking = {}
        for key, command in commands.items():
            print(f"{key} …", file=sys.stderr, flush=True)
            process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                encoding="utf-8",
                errors="replace",
                env=environment,
                cwd=folder,
            )
            talking[key] = stack.enter_context(process)
            stack.callback(process.kill)  # before it is waited for: one that fails must not leave others waiting
            _wait(key, talking[key])
        for number, turn in enumerate(turns(positions)):
            for key in random.Random(number).sample(list(talking), len(talking)):  # noqa: S311  (no secret)
                _say(key, talking[key], turn)
        for key, process in talking.items():
            process.communicate()
            if process.returncode:
                raise RuntimeError(f"{key} ended with {process.returncode}")


def turns(positions: Sequence[int]) -> list[Sequence[int]]:
    """The positions, a handful at a time."""
    return [positions[at : at + TURN] for at in range(0, len(positions), TURN)]


def _say(key: str, process: subprocess.Popen[str], turn: Sequence[int]) -> None:
    assert process.stdin is not None  # noqa: S101  (for the type checker)
    try:
        process.stdin.write(" ".join(map(str, turn)) + "\n")
        process.stdin.flush()
    except BrokenPipeError as error:
        raise RuntimeError(f"{key} ended before it was told to") from error
    _wait(key, process)


def _wait(key: str, process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None  # noqa: S101  (for the type checker)
    for line in process.stdout:
        if line.rstrip().endswith(READY):
            return
    raise RuntimeError(f"{key} ended before it was told to")
