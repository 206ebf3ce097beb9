"""Saved runs of the evaluation, read for the page: which run, its figures, the ablation."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import streamlit as st

from eval import run as runs
from eval.gold import Question
from eval.run import HALVES, Row, Run
from ingest.errors import QuestionError

ABLATION = "ablation.json"
GROUPS = ("kind", "style", "plan")


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of one half, or of a whole run: `groups` maps kind, style and plan to a row a value."""

    overall: Row
    groups: Mapping[str, Sequence[Row]]
    refusal: Mapping[str, float]
    comparison: Mapping[str, float]
    latency: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Saved:
    """A run that was saved, with its figures by half; halves without questions are left out."""

    commit: str
    config: str
    encoder: str
    when: datetime
    run: Run
    halves: Mapping[str, Figures]


@dataclass(frozen=True, slots=True)
class Own:
    """The run of an uploaded file; it lives in the session. `file` tells whether it is of the file that is there."""

    file: str
    run: Run
    figures: Figures
    questions: Mapping[str, Question]


@dataclass(frozen=True, slots=True)
class Step:
    """One configuration of the ablation: (mean, low, high) of each measure; p values against `against`."""

    name: str
    group: str
    figures: Mapping[str, tuple[float, float, float]]
    p: Mapping[str, float]
    against: str


@dataclass(frozen=True, slots=True)
class Ablation:
    """What `kehoach eval --ablate` wrote."""

    half: str
    steps: Sequence[Step]


def latest() -> Saved | None:
    """The newest run in `eval/runs`, else the recorded one. Files that are no run, or a broken one, are passed over."""
    found = [path for path in runs.RUNS.glob("*.json") if path.name != ABLATION]
    for path in [*sorted(found, key=_changed, reverse=True), runs.RECORDED]:
        try:
            return _saved(str(path), _changed(path))
        except QuestionError:
            continue
    return None


def figures(run: Run, half: str | None = None) -> Figures:
    """Figures of a half of a run, or of all of it."""
    part = Run(
        tuple(r for r in run.records if half in (None, r.half)),
        run.metrics,
        tuple(c for c in run.cells if half in (None, c.half)),
    )
    overall, *rows = runs.summary(part)
    groups, rest = {}, rows
    for group in GROUPS:  # `summary` gives a row for each value that occurs, one group after the other
        size = len({getattr(r, group) for r in part.records if r.answerable})
        groups[group], rest = rest[:size], rest[size:]
    return Figures(overall, groups, runs.refusal(part), runs.comparison(part), runs.latency(part))


def ablation() -> Ablation | None:
    """The saved ablation, else the recorded one; None where there is none, or none that can be read."""
    for path in (runs.RUNS / ABLATION, runs.RECORDED.with_name(f"recorded_{ABLATION}")):
        try:
            content = json.loads(path.read_text("utf-8"))
            names = {row["key"]: row["name"] for row in content["rows"] if "key" in row}
            return Ablation(str(content["half"]), [_step(row, names) for row in content["rows"]])
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
    return None


def _step(row: Mapping[str, Any], names: Mapping[str, str]) -> Step:
    values = {measure: (float(m), float(low), float(high)) for measure, (m, low, high) in row["figures"].items()}
    p = {measure: float(value) for measure, value in row["p"].items()}
    against = str(names.get(row.get("against", ""), ""))
    return Step(str(row["name"]), str(row.get("group", "")), values, p, against)


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:  # deleted in the meantime
        return 0


# Never changed by a page; `changed` is there for the key.
@st.cache_resource(show_spinner="Đang đọc kết quả…", max_entries=4)
def _saved(path: str, changed: int) -> Saved:
    run = runs.read(Path(path))
    try:
        content = json.loads(Path(path).read_text("utf-8"))
        present = {record.half for record in run.records} | {cell.half for cell in run.cells}
        halves = {half: figures(run, half) for half in HALVES if half in present}
    except (OSError, ValueError, KeyError, TypeError) as error:  # metrics that do not fit the records
        raise QuestionError(f"«{path}» không phải là tệp kết quả đánh giá.", "Chạy lại `kehoach eval`.") from error
    named = [str(content.get(name, "")) for name in ("commit", "config", "encoder")]
    when = datetime.fromtimestamp(changed / 1e9).astimezone()
    return Saved(named[0], named[1], named[2], when, run, halves)
