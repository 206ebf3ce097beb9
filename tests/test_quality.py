"""The held-out half must not fall below the interval of the last recorded run.

`eval/recorded.json` is a run saved by `kehoach eval` and recorded by `kehoach eval --record`. A change that lowers a
figure below the lower end of its 95 % interval there fails; one that raises figures is recorded again.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from answer.answerer import Answerer
from eval.gold import load
from eval.metrics import interval
from eval.run import RECORDED, Row, Run, evaluate, read, refusal, summary
from index.search import Searcher


@pytest.fixture(scope="module")
def now(corpus_home: Path) -> Run:
    questions = [q for q in load() if q.half == "held_out"]
    with Searcher.open(corpus_home) as searcher:
        return evaluate(questions, Answerer(searcher), searcher.clauses())


@pytest.fixture(scope="module")
def recorded() -> Run:
    return read(RECORDED)


def overall(run: Run) -> Row:
    return summary(run, "held_out")[0]


def test_recorded_run_is_of_this_gold_set(recorded: Run) -> None:
    asked = {q.id for q in load() if q.cells is None}
    assert {r.id for r in recorded.records} == asked


@pytest.mark.parametrize("measure", ["hit@1", "hit@5", "mrr@10", "ndcg@10", "right", "right_short", "citation_right"])
def test_no_figure_falls_below_its_interval(now: Run, recorded: Run, measure: str) -> None:
    mean = overall(now).figures[measure][0]
    _, low, _ = overall(recorded).figures[measure]
    assert mean >= low


def test_refusal_does_not_fall(now: Run, recorded: Run) -> None:
    refused = [float(r.refused) for r in recorded.records if r.half == "held_out" and not r.answerable]
    assert refusal(now, "held_out")["recall"] >= interval(refused)[1]
