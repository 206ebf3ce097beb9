"""Run gold questions through the answerer and sum up what came back."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from answer.result import Result
from eval.gold import Question, tight
from eval.judge import Cell, Record, judge, judge_comparison
from eval.metrics import RETRIEVAL, auroc, interval, retrieval
from index.search import Searcher
from ingest.errors import QuestionError
from ingest.model import Clause

RUNS = Path(__file__).parent / "runs"
RECORDED = Path(__file__).parent / "recorded.json"  # what later runs are held against
ANSWERING = ("right_short", "right", "citation_right")
HALVES = ("development", "held_out")


class Asks(Protocol):
    """What is evaluated: `answer.answerer.Answerer`, or anything with its method."""

    def ask(self, question: str, province: str | None = None) -> Result:
        """Answer one question."""
        ...


@dataclass(frozen=True, slots=True)
class Run:
    """Records of all questions with one plan, metrics by question id, cells of the comparisons."""

    records: tuple[Record, ...]
    metrics: Mapping[str, Mapping[str, float]]
    cells: tuple[Cell, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain values, for the run's file."""
        return {
            "records": [record.to_json() for record in self.records],
            "metrics": {key: dict(value) for key, value in self.metrics.items()},
            "cells": [
                {"id": c.id, "half": c.half, "province": c.province, "expected": c.expected, "given": c.given}
                for c in self.cells
            ],
        }


def plan_texts(searcher: Searcher) -> tuple[dict[str, str], set[str]]:
    """What gold questions are held against: number of a plan → its source text, and the provinces."""
    texts: dict[str, str] = {}
    for document in searcher.documents():
        text = "\n".join(searcher.source_lines(document.id))
        texts[document.number] = f"{texts.get(document.number, '')}\n{text}"
    return texts, {document.province for document in searcher.documents()}


def evaluate(
    questions: Sequence[Question],
    answerer: Asks,
    clauses: Iterable[Clause],
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Run:
    """Ask every question and judge what comes back. `clauses` are all clauses that could have been returned."""
    records: list[Record] = []
    cells: list[Cell] = []
    for done, question in enumerate(questions, start=1):
        result = answerer.ask(question.question, question.province)
        if question.cells is not None:
            cells += judge_comparison(question, result)
        else:
            records.append(judge(question, result))
        progress(done, len(questions))
    relevant = relevance(questions, clauses)
    for record in records:  # a passage cited with its heading holds what stands in the heading
        relevant.get(record.id, set()).update(record.hits)
    answerable = {r.id: r.ranking for r in records if r.answerable}
    return Run(tuple(records), retrieval(answerable, relevant), tuple(cells))


def relevance(questions: Iterable[Question], clauses: Iterable[Clause]) -> dict[str, set[str]]:
    """Clauses that hold one of a question's quotes: the relevant ones."""
    texts = [(clause.id, tight(clause.text)) for clause in clauses]
    found: dict[str, set[str]] = {}
    for question in questions:
        quotes = [tight(quote) for quote in question.quotes]
        if quotes:
            found[question.id] = {name for name, text in texts if any(quote in text for quote in quotes)}
    return found


@dataclass(frozen=True, slots=True)
class Row:
    """Figures of one group of questions: its name, size, and (mean, low, high) of each measure."""

    name: str
    size: int
    figures: Mapping[str, tuple[float, float, float]]


def summary(run: Run, half: str | None = None) -> list[Row]:
    """All answerable questions, then by kind, style and plan; restricted to a half if one is named."""
    chosen = [r for r in run.records if r.answerable and half in (None, r.half)]
    rows = [_row("tất cả", chosen, run)]
    for name in ("kind", "style", "plan"):
        values = sorted({getattr(r, name) for r in chosen})
        rows += [_row(value, [r for r in chosen if getattr(r, name) == value], run) for value in values]
    return rows


def _row(name: str, records: Sequence[Record], run: Run) -> Row:
    figures = {m: interval([run.metrics[r.id][m] for r in records]) for m in RETRIEVAL}
    figures |= {m: interval([float(getattr(r, m)) for r in records]) for m in ANSWERING}
    return Row(name, len(records), figures)


def refusal(run: Run, half: str | None = None) -> dict[str, float]:
    """Refusing: precision and recall over unanswerable questions, share of answerable ones refused, AUROC of the
    answers' confidence."""
    records = [r for r in run.records if half in (None, r.half)]
    asked = [r for r in records if not r.answerable]
    refused = [r for r in records if r.refused]
    rightly = [r for r in refused if not r.answerable]
    answerable = [r for r in records if r.answerable]
    return {
        "precision": len(rightly) / len(refused) if refused else 0.0,
        "recall": len(rightly) / len(asked) if asked else 0.0,
        "answerable_refused": sum(r.refused for r in answerable) / len(answerable) if answerable else 0.0,
        "auroc": auroc([r.confidence for r in answerable], [r.confidence for r in asked]),
        "unanswerable": float(len(asked)),
    }


def comparison(run: Run, half: str | None = None) -> dict[str, float]:
    """Cells of comparisons: share right among those with a value and among the nulls."""
    cells = [c for c in run.cells if half in (None, c.half)]
    valued = [c.right for c in cells if c.expected is not None]
    nulls = [c.right for c in cells if c.expected is None]
    return {
        "cells_right": sum(valued) / len(valued) if valued else 0.0,
        "nulls_right": sum(nulls) / len(nulls) if nulls else 0.0,
        "cells": float(len(valued)),
        "nulls": float(len(nulls)),
    }


def latency(run: Run) -> dict[str, float]:
    """Median and 95th percentile of the time a question took, in milliseconds."""
    times = sorted(r.took_ms for r in run.records)
    if not times:
        return {"p50_ms": 0.0, "p95_ms": 0.0}
    return {"p50_ms": times[len(times) // 2], "p95_ms": times[int(0.95 * (len(times) - 1))]}


def save(run: Run, config: str, encoder: str, target: Path | None = None) -> Path:
    """Write a run, by default as `eval/runs/<commit>-<config>.json`; the file is complete or not there."""
    target = target or RUNS / f"{_commit()}-{config}.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    content = {"commit": _commit(), "config": config, "encoder": encoder, **run.to_json()}
    part = target.with_suffix(".part")
    part.write_text(json.dumps(content, ensure_ascii=False, indent=1), "utf-8")
    part.replace(target)
    return target


def read(path: Path) -> Run:
    """Read a saved run.

    Raises:
        QuestionError: the file is missing or is no run.
    """
    try:
        content = json.loads(path.read_text("utf-8"))
        records = tuple(
            Record(**{**r, "ranking": tuple(r["ranking"]), "hits": tuple(r["hits"])})
            for r in content["records"][:]  # of a list; an object is no list of records
        )
        cells = tuple(
            Cell(
                c["id"],
                c["half"],
                c["province"],
                tuple(c["expected"]) if c["expected"] is not None else None,
                c["given"],
            )
            for c in content["cells"]
        )
        kept = content["metrics"]
        metrics = {r.id: {name: float(kept[r.id][name]) for name in RETRIEVAL} for r in records if r.answerable}
        return Run(records, metrics, cells)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise QuestionError(
            f"«{path}» không phải là tệp kết quả đánh giá.", "Chọn một tệp trong eval/runs/."
        ) from error


def _commit() -> str:
    """Short commit of the tree that is evaluated; `+` marks changes that are not committed."""
    try:
        command = ["git", "describe", "--always", "--dirty=+", "--exclude=*"]
        return subprocess.run(command, check=True, capture_output=True, text=True, cwd=RUNS.parent).stdout.strip()  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return "uncommitted"
