"""What bringing plans in costs beside encoding them. Run: `python benchmarks/ingesting.py` (an hour and a quarter).

400 plans made of those in `corpus/` (`_variants.py`) are read, stored and indexed in an empty home, as `kehoach ingest`
does it, with the packaged encoder. `clauses_per_second` is of the whole, from the first file to the index in use;
`encoding_` of encoding alone, whose time is taken around each of its batches in the same run, so that both see the same
machine. `encoding_percent` is the one of the other. `reading_s` and `indexing_s` tell where the rest is: indexing is
storing, words, counts and writing the index.
The run may be paused (`kill -TSTP`, `kill -CONT`): the time in which it stands still is not counted.
Options: `--plans`, `--keep FOLDER` for the home and the plans (made when missing; what was encoded is not done again).
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

import numpy as np
from _report import report
from _variants import write_variants
from numpy.typing import NDArray

from index.build import Builder
from index.embed import Encoder, load_encoder
from index.store import Store
from ingest.intake import read_paths
from ingest.settings import DEFAULT_ENCODER, Settings

PLANS = 400
LIMITS = {"beside_encoding_percent": 15.0}


class Clock:
    """Seconds, without those in which this process stood still because it was told SIGTSTP."""

    def __init__(self) -> None:
        self._stood = 0.0
        signal.signal(signal.SIGTSTP, self._pause)

    def __call__(self) -> float:
        """Seconds since some moment."""
        return time.perf_counter() - self._stood

    def _pause(self, number: int, frame: FrameType | None) -> None:
        since = time.perf_counter()
        os.kill(os.getpid(), signal.SIGSTOP)
        self._stood += time.perf_counter() - since


class Timed:
    """An encoder that is timed: seconds and texts of documents so far."""

    def __init__(self, inner: Encoder, clock: Clock) -> None:
        self.name, self.dimension = inner.name, inner.dimension
        self.seconds, self.texts = 0.0, 0
        self._inner, self._clock = inner, clock

    def encode_query(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See `Encoder`; not timed."""
        return self._inner.encode_query(texts)

    def encode_document(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See `Encoder`."""
        started = self._clock()
        found = self._inner.encode_document(texts)
        self.seconds += self._clock() - started
        self.texts += len(texts)
        return found


def main() -> int:
    """Measure, print, write; 1 when a limit is missed."""
    options = argparse.ArgumentParser(description="Ingest beside encoding.")
    options.add_argument("--plans", type=int, default=PLANS)
    options.add_argument("--keep", type=Path)
    given = options.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as directory:
        folder = given.keep or Path(directory) / "stock"
        plans = folder / "plans"
        if not plans.is_dir():
            write_variants(plans, given.plans)
        figures = measure(plans, folder / "home")
    return report(figures, LIMITS, __file__, load)


def measure(plans: Path, home: Path) -> dict[str, float]:
    """Bring the plans of a folder into a home."""
    clock = Clock()
    encoder = Timed(load_encoder(DEFAULT_ENCODER), clock)
    encoder.encode_document(["một"])  # loading the model is no encoding
    started = clock()
    read = [outcome.parsed for outcome in read_paths([plans], Settings(home=home)) if outcome.parsed]
    reading = clock() - started
    with Store.open(home) as store:
        made = Builder(store, encoder, home).sync(read, _told)
    whole = clock() - started
    return {
        "plans": float(made.documents),
        "clauses": float(made.clauses),
        "texts_encoded": float(encoder.texts),
        "whole_s": whole,
        "encoding_s": encoder.seconds,
        "reading_s": reading,
        "indexing_s": whole - reading - encoder.seconds,
        "clauses_per_second": made.clauses / whole,
        "encoding_clauses_per_second": made.clauses / encoder.seconds,
        "encoding_percent": 100 * encoder.seconds / whole,
        "beside_encoding_percent": 100 * (1 - encoder.seconds / whole),
    }


def _told(stage: str, done: int, total: int) -> None:
    if done % 64 == 0 or done == total:
        print(f"{time.strftime('%H:%M:%S')} {stage} {done} / {total}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
