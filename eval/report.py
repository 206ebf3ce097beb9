"""Runs as tables (Markdown, so that they can be pasted into the README) and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from eval.compare import Changed, Difference
from eval.judge import Record
from eval.run import HALVES, Row, Run, comparison, latency, refusal, summary

_HALF_NAMES = {"development": "nửa phát triển", "held_out": "nửa kiểm tra"}


def table(rows: Sequence[Row], intervals: bool = False) -> str:
    """One line a group, one column a measure; with intervals as «.95 [.90–.98]»."""
    if not rows:
        return "(không có câu hỏi)"
    measures = list(rows[0].figures)
    lines = ["| | n | " + " | ".join(measures) + " |", "|---|---|" + "---|" * len(measures)]
    for row in rows:
        cells = [_figure(row.figures[m], intervals) for m in measures]
        lines.append(f"| {row.name} | {row.size} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _figure(value: tuple[float, float, float], intervals: bool) -> str:
    mean, low, high = value
    return f"{mean:.3f} [{low:.2f}–{high:.2f}]" if intervals else f"{mean:.3f}"


def run_report(run: Run, halves: Sequence[str] = HALVES) -> str:
    """Both halves: retrieval and answers by group, refusal, comparisons; latency of all."""
    parts = []
    for half in halves:
        if not any(r.half == half for r in run.records):
            continue
        parts.append(f"## {_HALF_NAMES[half]}\n\n{table(summary(run, half)[:1], intervals=True)}")
        parts.append(table(summary(run, half)[1:]))
        parts.append(_named("Từ chối", refusal(run, half)))
        if any(c.half == half for c in run.cells):
            parts.append(_named("So sánh", comparison(run, half)))
    parts.append(_named("Thời gian", latency(run)))
    return "\n\n".join(parts)


def _named(title: str, figures: dict[str, float]) -> str:
    return f"{title}: " + ", ".join(f"{name} {value:.3f}" for name, value in figures.items())


def run_json(run: Run) -> dict[str, Any]:
    """The same figures for other programs."""
    return {
        "halves": {
            half: {
                "groups": [{"name": r.name, "n": r.size, **{m: list(v) for m, v in r.figures.items()}} for r in rows],
                "refusal": refusal(run, half),
                "comparison": comparison(run, half),
            }
            for half in HALVES
            if (rows := summary(run, half)) and rows[0].size
        },
        "latency": latency(run),
    }


def wrong(run: Run) -> list[Record]:
    """Answerable questions that were not answered right, then unanswerable ones that were answered."""
    records = [r for r in run.records if r.answerable and not r.right]
    return records + [r for r in run.records if not r.answerable and not r.refused]


def found_place(record: Record) -> bool:
    """Whether one of the first five passages holds a quote of the question."""
    return bool(set(record.hits) & set(record.ranking[:5]))


def misses(run: Run) -> str:
    """Every answerable question that was not answered right, with what came back instead."""
    lines = []
    for record in wrong(run):
        given = record.answer[:120] or "(không trả lời)"
        if not record.answerable:
            lines.append(f"{record.id} [không có trong kế hoạch] {record.question}\n    được: {given}")
            continue
        found = "đúng chỗ" if found_place(record) else "sai chỗ"
        lines.append(f"{record.id} [{record.kind}, {record.style}; {found}] {record.question}")
        lines.append(f"    cần: {record.expected}\n    được: {given}\n    nơi đầu tiên: {record.returned}")
    return "\n".join(lines) or "Không có câu nào sai."


def comparison_report(differences: Sequence[Difference], changed: Sequence[Changed]) -> str:
    """Two runs: means, difference, p, win/tie/loss; then the questions whose answers changed."""
    lines = ["| | trước | sau | chênh lệch | p | thắng/hòa/thua |", "|---|---|---|---|---|---|"]
    lines += [
        f"| {d.measure} | {d.first:.3f} | {d.second:.3f} | {d.second - d.first:+.3f} | {d.p:.3f} "
        f"| {d.wins}/{d.ties}/{d.losses} |"
        for d in differences
    ]
    lines += [
        f"\n{'+' if c.better else '-'} {c.id} {c.question}\n    trước: {c.first[:100]}\n    sau: {c.second[:100]}"
        for c in changed
    ]
    return "\n".join(lines)
