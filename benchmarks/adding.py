"""What one more plan costs when 200 are there. Run: `python benchmarks/adding.py` (about fifteen minutes).

An ordinary plan is ingested by `kehoach ingest`, as a process of its own with the packaged encoder, into an empty home,
and into one that holds 200 plans made of those in `corpus/` (`_variants.py`). `…_s` are seconds on the clock, `…_cpu_s`
of processors; starting the program is in both. The median of `TIMES` runs each, one kind after the other in turn, for
the load of the machine changes. `unchanged_…`: the same file again, where nothing is to be done.

The vectors of the 200 were not made by the encoder, which would take half an hour: they are of the same length under
its name, made from hashes (`stock_vectors_cheap`). What is measured reads and writes them as any others.
Options: `--plans`, `--times`, `--keep FOLDER` (made when missing).
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from _encoder import CheapEncoder
from _report import report
from _variants import ROOT, write_variants

PLANS = 200
TIMES = 3
LIMITS = {"ratio": 3.0, "cpu_ratio": 3.0}


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of one process."""

    wall: float
    cpu: float


def main() -> int:
    """Measure, print, write; 1 when a limit is missed."""
    options = argparse.ArgumentParser(description="Cost of one more plan.")
    options.add_argument("--plans", type=int, default=PLANS)
    options.add_argument("--keep", type=Path)
    options.add_argument("--times", type=int, default=TIMES)
    given = options.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as directory:
        folder = given.keep or Path(directory) / "stock"
        if not folder.is_dir():
            _make(folder, given.plans)
        figures = _measure(folder, Path(directory), given.times)
    return report(figures, LIMITS, __file__, load)


def _make(folder: Path, count: int) -> None:
    """`plans/`, a home of all of them but the last, and that one by itself."""
    from index.build import Builder
    from index.store import Store
    from ingest.parse import parse_file
    from ingest.settings import Settings

    written = write_variants(folder / "plans", count + 3)
    plans, added = written[:count], written[-1]  # a plan of middle length
    with Store.open(folder / "home") as store:
        Builder(store, CheapEncoder(), folder / "home").sync([parse_file(plan, Settings()) for plan in plans])
    added.rename(folder / f"added{added.suffix}")


def _measure(folder: Path, scratch: Path, times: int) -> dict[str, float]:
    from index.store import Store

    (added,) = folder.glob("added.*")
    with Store.open(folder / "home", create=False) as store:
        plans, clauses = len(store.entries()), store.rows("SELECT count(*) FROM clauses")[0][0]
    alone, among, again = [], [], []
    home = scratch / "home"
    for _ in range(times):
        shutil.rmtree(home, ignore_errors=True)
        alone.append(_ingest(home, added))
        shutil.rmtree(home)
        shutil.copytree(folder / "home", home)
        among.append(_ingest(home, added))
        again.append(_ingest(home, added))
    with Store.open(home, create=False) as store:
        own = len(store.clauses(max(entry.key for entry in store.entries())))
    return {
        "plans": float(plans),
        "stock_clauses": float(clauses),
        "stock_vectors_cheap": 1.0,
        "own_clauses": float(own),
        **_seconds("alone", alone),
        **_seconds("among", among),
        **_seconds("unchanged", again),
        "ratio": statistics.median(a.wall for a in among) / statistics.median(a.wall for a in alone),
        "cpu_ratio": statistics.median(a.cpu for a in among) / statistics.median(a.cpu for a in alone),
    }


def _seconds(name: str, costs: list[Cost]) -> dict[str, float]:
    return {
        f"{name}_s": statistics.median(cost.wall for cost in costs),
        f"{name}_cpu_s": statistics.median(cost.cpu for cost in costs),
    }


def _ingest(home: Path, plan: Path) -> Cost:
    """One `kehoach ingest` process."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    environment = {**os.environ, "KEHOACH_HOME": str(home)}
    subprocess.run(
        [sys.executable, "cli.py", "ingest", str(plan)], check=True, capture_output=True, cwd=ROOT, env=environment
    )
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


if __name__ == "__main__":
    sys.exit(main())
