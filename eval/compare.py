"""Two runs held against each other, question by question."""

from __future__ import annotations

from dataclasses import dataclass

from eval.metrics import RETRIEVAL, interval, randomisation
from eval.run import ANSWERING, Run


@dataclass(frozen=True, slots=True)
class Difference:
    """One measure in two runs: means, p of the paired randomisation test, questions the second won, tied and lost."""

    measure: str
    first: float
    second: float
    p: float
    wins: int
    ties: int
    losses: int


@dataclass(frozen=True, slots=True)
class Changed:
    """A question that one run answers right and the other does not."""

    id: str
    question: str
    first: str
    second: str
    better: bool


def compare(first: Run, second: Run) -> tuple[list[Difference], list[Changed]]:
    """Differences over the questions that both runs hold, and what changed."""
    shared = [r.id for r in first.records if r.answerable and r.id in second.metrics and r.id in first.metrics]
    before, after = ({r.id: r for r in run.records} for run in (first, second))
    pairs = {m: ([first.metrics[q][m] for q in shared], [second.metrics[q][m] for q in shared]) for m in RETRIEVAL}
    for name in ANSWERING:
        pairs[name] = (
            [float(getattr(before[q], name)) for q in shared],
            [float(getattr(after[q], name)) for q in shared],
        )
    differences = [_difference(name, a, b) for name, (a, b) in pairs.items()]
    changed = [
        Changed(q, after[q].question, before[q].answer, after[q].answer, after[q].right)
        for q in shared
        if before[q].right != after[q].right
    ]
    return differences, changed


def _difference(name: str, first: list[float], second: list[float]) -> Difference:
    wins = sum(b > a for a, b in zip(first, second, strict=True))
    losses = sum(b < a for a, b in zip(first, second, strict=True))
    return Difference(
        measure=name,
        first=interval(first)[0],
        second=interval(second)[0],
        p=randomisation(first, second) if first else 1.0,
        wins=wins,
        ties=len(first) - wins - losses,
        losses=losses,
    )
