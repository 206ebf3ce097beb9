"""`kehoach ingest` and `kehoach remove`: read plans, show what was understood, bring them into the index."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from answer.standing import relation_json, relations_told
from commands.output import complain, progress_bar, reading_bar, say, user
from index.arrival import Choices, plan_arrival
from index.build import Builder, BuildReport
from index.embed import load_encoder
from index.kept import KeptReadings
from index.plan import Action, Decision, Step
from index.plan_told import ACTIONS, DECISIONS, corrections_told, other_told
from index.store import DATABASE, Store
from ingest.errors import CoverageError, SourceError
from ingest.intake import (
    FileOutcome,
    coverage_told,
    nothing_kept,
    read_paths,
    row_counts,
    rows_told,
    sections_told,
)
from ingest.settings import Settings

_KEYS = {"t": Decision.REPLACE, "g": Decision.KEEP, "b": Decision.SKIP}
_SHOWN = 12  # headings


@dataclass(frozen=True, slots=True)
class How:
    """How files are brought in: answers as JSON; nothing written; nothing asked; what to do with kin."""

    json: bool = False
    dry_run: bool = False
    yes: bool = False
    existing: Decision | None = None


def ingest(paths: Sequence[Path], settings: Settings, how: How) -> int:
    """Read and index files. Returns the exit code: 2 when a file was refused, 1 when the program failed on one.

    The other files are indexed all the same. What was understood is shown before anything is written; at a terminal
    the user is asked what to do with plans that are there already, and whether to go on.

    Raises:
        IndexStateError: the index is in use, damaged, or cannot be written.
    """
    outcomes = _read(paths, settings)
    errors = [o.error for o in outcomes if o.error]
    for error in errors:
        if isinstance(error, SourceError):
            complain(error.message, error.remedy)
        else:
            complain(f"Lỗi của chương trình: {error}", "Gửi tệp này cho người phát triển.")
    steps, report = _bring_in(outcomes, settings, how)
    if how.json:
        say(json.dumps(_json(outcomes, steps, report), ensure_ascii=False, indent=2))
    elif report:
        state = "đã dựng" if report.built else "không thay đổi"
        counts = f"{report.documents} văn bản, {report.clauses} đoạn, {report.embedded} đoạn mới được mã hóa"
        say(f"Chỉ mục {state}: {counts}.")
    elif steps:
        say("Chưa nạp: chỉ xem trước." if how.dry_run else "Chưa nạp; kho không thay đổi.")
    return 1 if any(isinstance(e, CoverageError) for e in errors) else 2 if errors else 0


def _read(paths: Sequence[Path], settings: Settings) -> list[FileOutcome]:
    """Read what the stock does not hold as it is."""
    stocked = (settings.home / DATABASE).is_file()
    with Store.open(settings.home, create=False) if stocked else nullcontext() as store, reading_bar() as told:
        return read_paths(paths, settings, KeptReadings(store) if store else nothing_kept, told)


def remove(number: str, settings: Settings) -> int:
    """Take a plan out of the index by its number."""
    with Store.open(settings.home, create=False) as store:
        report = Builder(store, load_encoder(settings.encoder), settings.home, user()).remove(number)
    for document in report.removed:
        say(f"Đã gỡ {document.kind} số {document.number} ({document.province}).")
    return 0


def _bring_in(
    outcomes: Sequence[FileOutcome], settings: Settings, how: How
) -> tuple[Sequence[Step], BuildReport | None]:
    """Show what would be done, ask, and do it; the steps, and a report where something was done."""
    read = [o.parsed for o in outcomes if o.parsed is not None]
    if not read:
        return (), None
    decisions = {p.document.source: how.existing for p in read if how.existing}
    ask = not (how.yes or how.json or how.dry_run) and sys.stdin.isatty() and sys.stdout.isatty()
    without = how.dry_run and not (settings.home / DATABASE).is_file()
    with nullcontext() if without else Store.open(settings.home) as store:
        steps = plan_arrival(store, read, Choices(decisions)).steps
        if not how.json:
            for step in steps:
                _print_file(step)
        if how.dry_run or store is None:
            return steps, None
        if ask:
            decisions |= {} if how.existing else _decided(steps)
            steps = plan_arrival(store, read, Choices(decisions)).steps
            if not _agreed(steps):
                return steps, None
        with progress_bar() as progress:
            builder = Builder(store, load_encoder(settings.encoder), settings.home, user())
            report = builder.sync(read, progress, Choices(decisions))
        return report.steps, report


def _decided(steps: Sequence[Step]) -> dict[str, Decision]:
    """What the user wants done with each file that may be a plan that is there."""
    chosen = {}
    for step in steps:
        if step.kinship is None or step.decision is None:
            continue
        say(f"? {step.parsed.document.file}: {other_told(step)}")
        keys = ", ".join(f"{key} = {DECISIONS[decision].lower()}" for key, decision in _KEYS.items())
        typed = _typed(f"  {keys} [{next(k for k, d in _KEYS.items() if d is step.decision)}]: ")
        chosen[step.parsed.document.source] = _KEYS.get(typed[:1], step.decision)
    return chosen


def _agreed(steps: Sequence[Step]) -> bool:
    fresh = sum(step.action in (Action.ADDED, Action.REPLACED) for step in steps)
    return not fresh or _typed(f"Nạp {fresh} văn bản vào kho? [C/k]: ") in ("", "c", "có", "co")


def _typed(prompt: str) -> str:
    """What the user types, in small letters; «k», no, where the input ends."""
    try:
        return input(prompt).strip().lower()
    except EOFError:
        say("")
        return "k"


def _print_file(step: Step) -> None:
    document, clauses = step.parsed.document, step.parsed.clauses
    issued = f"{document.issued:%d/%m/%Y}" if document.issued else "?"
    say(f"✓ {document.file} — {ACTIONS[step.action]}")
    if other := other_told(step):
        say(f"  {other}" + (f" → {DECISIONS[step.decision]}." if step.decision else ""))
    known = [document.number or "?", document.province or "?", issued]
    say(f"  {document.kind} số {', '.join(known)}; ký: {document.signer or '?'}")
    if sections := sections_told(clauses):
        more = "; …" if len(sections) > _SHOWN else ""
        say(f"  Đề mục: {'; '.join(sections[:_SHOWN])}{more}")
    say(f"  {coverage_told(step.parsed.coverage)}")
    if rows := rows_told(clauses):
        say(f"  Bảng: {rows}")
    for relation in relations_told(document):
        say(f"  Quan hệ: {relation}")
    for warning in (*document.warnings, *corrections_told(document)):
        say(f"  ! {warning}")


def _json(outcomes: Sequence[FileOutcome], steps: Sequence[Step], report: BuildReport | None) -> dict[str, Any]:
    by_source = {step.parsed.document.source: step for step in steps}
    files = [_file_json(o, by_source.get(str(o.path))) for o in outcomes]
    built = {"documents": report.documents, "clauses": report.clauses, "embedded": report.embedded} if report else None
    return {"files": files, "index": built}


def _file_json(outcome: FileOutcome, step: Step | None) -> dict[str, Any]:
    if outcome.parsed is None or step is None:
        return {"file": str(outcome.path), "status": "refused", "error": str(outcome.error)}
    document, coverage = step.parsed.document, step.parsed.coverage
    return {
        "file": str(outcome.path),
        "status": step.action.value,
        "existing": {"number": step.other.number, "file": step.other.file} if step.other else None,
        "kinship": step.kinship.value if step.kinship else None,
        "decision": step.decision.value if step.decision else None,
        "number": document.number,
        "province": document.province,
        "issued": document.issued.isoformat() if document.issued else None,
        "corrections": {c.field: {"read": c.read, "value": c.value} for c in document.corrections},
        "relations": [relation_json(relation) for relation in document.relations],
        "sections": sections_told(step.parsed.clauses),
        "clauses": len(step.parsed.clauses),
        "rows": row_counts(step.parsed.clauses),
        "coverage": {
            "lines": coverage.total,
            "in_clauses": coverage.in_clauses,
            "in_header": coverage.in_header,
            "discarded": dict(coverage.discarded),
        },
        "warnings": list(document.warnings),
    }
