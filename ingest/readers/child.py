"""A process of its own for what hostile bytes could harm: it ends when it takes too much time or memory.

It gets the bytes as its standard input and answers with lines of JSON: `{"page": 3, "pages": 12, "scanned": true}` for
every page that is done, and last its answer, or `{"error": [message, remedy]}`.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from ingest.errors import SourceError
from ingest.readers.pdf_limits import SCAN_PAGE_SECONDS, SCAN_SECONDS, too_big, too_slow

Progress = Callable[[int, int], None]  # pages done, pages in all

_ROOT = Path(__file__).resolve().parents[2]


def run(
    module: str, arguments: list[str], data: bytes, path: Path, seconds: float, progress: Progress | None = None
) -> dict[str, Any]:
    """The answer of a module that is run with some bytes; `path` names their file.

    Args:
        seconds: that it may take. Every page that must be recognised from a picture adds to that.

    Raises:
        SourceError: what the process refused, or it took too much time or memory.
    """
    paths = (str(_ROOT), os.environ.get("PYTHONPATH"))  # an empty one would be the current directory
    # Threads of numpy's would take address space and time from the pages that are read side by side
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths)), "OPENBLAS_NUM_THREADS": "1"}
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as errors:
        given.write(data)
        given.seek(0)
        with subprocess.Popen(  # noqa: S603 (the program is ours)
            [sys.executable, "-P", "-m", module, *arguments],
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=environment,
            start_new_session=True,
        ) as process:
            try:
                answer = _answer(process, path, seconds, progress)
            finally:
                if process.poll() is None:  # with what it started itself
                    os.killpg(process.pid, signal.SIGKILL)
        if process.returncode < 0 and answer is None:  # the system ended it
            raise too_big(path)
        if answer is None:  # a defect of ours, with its traceback
            errors.seek(0)
            raise RuntimeError(errors.read().decode("utf-8", "replace"))
    if "error" in answer:
        raise SourceError(*answer["error"])
    return answer


def _answer(
    process: subprocess.Popen[bytes], path: Path, seconds: float, progress: Progress | None
) -> dict[str, Any] | None:
    """The last line; None where the process ended without one."""
    start, scanned = time.monotonic(), 0
    with _Lines(process.stdout) as lines:
        while True:
            allowed = min(seconds + SCAN_PAGE_SECONDS * scanned, max(seconds, SCAN_SECONDS))
            try:
                line = lines.next(start + allowed)
            except TimeoutError:
                raise too_slow(path, allowed) from None
            if not line:
                process.wait()
                return None
            told: dict[str, Any] = json.loads(line)
            if "page" not in told:
                return told
            scanned += told["scanned"]
            if progress:
                progress(told["page"], told["pages"])


class _Lines:
    """The lines of a pipe, waited for until a moment: no thread that could still read when the pipe is closed."""

    def __init__(self, stream: IO[bytes] | None) -> None:
        assert stream is not None  # noqa: S101 (Popen makes one for PIPE)
        self._file = stream.fileno()
        self._whole: deque[bytes] = deque()
        self._begun: list[bytes] = []
        self._ready = selectors.DefaultSelector()
        self._ready.register(self._file, selectors.EVENT_READ)

    def __enter__(self) -> _Lines:
        return self

    def __exit__(self, *_: object) -> None:
        self._ready.close()

    def next(self, until: float) -> bytes:
        """The next whole line; empty at the end.

        Args:
            until: in seconds of the monotonic clock.

        Raises:
            TimeoutError: it has not come by then.
        """
        while not self._whole:
            if not self._ready.select(max(0.0, until - time.monotonic())):
                raise TimeoutError
            if not (got := os.read(self._file, 1 << 16)):
                return b""
            first, *rest = got.split(b"\n")
            self._begun.append(first)
            for part in rest:
                self._whole.append(b"".join(self._begun))
                self._begun = [part]
        return self._whole.popleft()
