"""Questions in whole numbers against the weights as they are. Run: `python benchmarks/encoding.py`.

The model (`index/products.py`) encodes passages with its weights of four bits, and questions in whole numbers. Here the
same questions, every fourth of the development half of the gold set, are encoded in both ways, by turns: the time of
each with all cores, and the cosine of the two vectors. Written beside this file; 1 when whole numbers are not quicker,
or no longer near.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from pathlib import Path

import numpy as np
from _report import report

sys.path.insert(0, str(Path(__file__).parent.parent))

from eval.gold import load
from index.e5 import E5
from index.embed import packaged_weights
from index.products import four_bits

ROUNDS, EVERY = 5, 4
LIMITS = {"whole / exact": 0.9, "1 - least cosine": 0.002}


def main() -> int:
    """Measure, print, write."""
    load_before = os.getloadavg()[0]
    models = {"whole": E5(packaged_weights()), "exact": E5(packaged_weights(), questions=four_bits)}
    texts = [question.question for question in load() if question.half == "development"][::EVERY]
    vectors = {name: np.concatenate([model.encode_query([text]) for text in texts]) for name, model in models.items()}
    times: dict[str, list[float]] = {name: [] for name in models}
    for _ in range(ROUNDS):
        for text in texts:
            for name, model in models.items():
                started = time.perf_counter()
                model.encode_query([text])
                times[name].append((time.perf_counter() - started) * 1000)
    cosines = (vectors["whole"] * vectors["exact"]).sum(axis=1)
    figures = {
        "pieces": statistics.median(len(models["whole"].pieces(text)) for text in texts),
        **{f"{name} p50_ms": statistics.median(taken) for name, taken in times.items()},
        "whole / exact": statistics.median(times["whole"]) / statistics.median(times["exact"]),
        "mean cosine": float(cosines.mean()),
        "1 - least cosine": 1 - float(cosines.min()),
    }
    return report({name: round(value, 5) for name, value in figures.items()}, LIMITS, __file__, load_before)


if __name__ == "__main__":
    sys.exit(main())
