"""Programs of others that read a file for us: without network where the system allows that, and stopped, with all they
started, when they take too long."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

_OFFLINE = ("unshare", "--map-root-user", "--net")


def run_program(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], seconds: float, *, apart: bool
) -> int | None:
    """The exit code of a program that is run in a directory; None where it took too long.

    Args:
        environment: all that it sees of ours.
        apart: it starts others, which end with it. Whoever ends a process that this one belongs to then misses it.
    """
    with subprocess.Popen(  # noqa: S603 (the files' names are ours)
        [*_offline(), *command],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=apart,
    ) as process:
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        finally:
            if process.poll() is None:
                if apart:
                    os.killpg(process.pid, signal.SIGKILL)
                else:
                    process.kill()


@cache
def _offline() -> tuple[str, ...]:
    """What takes the network away from a command; nothing where the system does not let an ordinary user do that."""
    if shutil.which(_OFFLINE[0]) is None:
        return ()
    done = subprocess.run([*_OFFLINE, "true"], check=False, capture_output=True)  # noqa: S603
    return _OFFLINE if done.returncode == 0 else ()
