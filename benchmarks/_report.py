"""What the benchmarks have in common: figures printed with their limits and written beside the script."""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path


def report(figures: Mapping[str, float], limits: Mapping[str, float], script: str, load: float) -> int:
    """Print the figures, write them as JSON beside the script; 1 when a limit is missed.

    `load` is the one-minute load average before the run.
    """
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "load": round(load, 2)}
    target = Path(script).with_suffix(".json")
    target.write_text(json.dumps({"machine": machine, "figures": figures}, indent=2) + "\n")
    for name, value in figures.items():
        limit = f" (limit {limits[name]:g})" if name in limits else ""
        print(f"{name:32} {value:9.2f}{limit}")
    print(machine)
    return int(any(figures[name] > limit for name, limit in limits.items()))


def spread(milliseconds: Sequence[float], name: str) -> dict[str, float]:
    """Median, 95th percentile and most of some times, each named behind `name`."""
    ordered = sorted(milliseconds)
    return {
        f"{name}p50_ms": statistics.median(ordered),
        f"{name}p95_ms": ordered[int(0.95 * (len(ordered) - 1))],
        f"{name}max_ms": ordered[-1],
    }
