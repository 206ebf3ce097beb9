"""`kehoach ingest` and `kehoach remove`: read plans, show what was understood, bring them into the index."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from commands.output import complain, progress_bar, say
from index.build import Builder, BuildReport
from index.embed import load_encoder
from index.store import Store
from ingest.errors import CoverageError, SourceError
from ingest.intake import ACTIONS, FileOutcome, coverage_told, read_path, row_counts, rows_told
from ingest.model import Parsed
from ingest.settings import Settings


def ingest(paths: Sequence[Path], settings: Settings, as_json: bool) -> int:
    """Read and index files. Returns the exit code: 2 when a file was refused, 1 when the program failed on one.

    The other files are indexed all the same.

    Raises:
        IndexStateError: the index is in use, damaged, or cannot be written.
    """
    outcomes = [outcome for path in paths for outcome in read_path(path, settings)]
    outcomes = list({outcome.path: outcome for outcome in outcomes}.values())
    errors = [o.error for o in outcomes if o.error]
    for error in errors:
        if isinstance(error, SourceError):
            complain(error.message, error.remedy)
        else:
            complain(f"Lỗi của chương trình: {error}", "Gửi tệp này cho người phát triển.")
    read = [o.parsed for o in outcomes if o.parsed is not None]
    report = _index(read, settings) if read else None
    if as_json:
        say(json.dumps(_json(outcomes, report), ensure_ascii=False, indent=2))
    else:
        _print(outcomes, report)
    return 1 if any(isinstance(e, CoverageError) for e in errors) else 2 if errors else 0


def remove(number: str, settings: Settings) -> int:
    """Take a plan out of the index by its number."""
    with Store.open(settings.home, create=False) as store:
        report = Builder(store, load_encoder(settings.encoder), settings.home).remove(number)
    for document in report.removed:
        say(f"Đã gỡ {document.kind} số {document.number} ({document.province}).")
    return 0


def _index(read: Sequence[Parsed], settings: Settings) -> BuildReport:
    with Store.open(settings.home) as store, progress_bar() as progress:
        return Builder(store, load_encoder(settings.encoder), settings.home).sync(read, progress)


def _print(outcomes: Sequence[FileOutcome], report: BuildReport | None) -> None:
    actions = {step.parsed.document.source: step.action.value for step in report.steps} if report else {}
    for outcome in outcomes:
        if outcome.parsed is not None:
            _print_file(outcome.parsed, ACTIONS.get(actions.get(str(outcome.path), ""), ""))
    if report:
        state = "đã dựng" if report.built else "không thay đổi"
        counts = f"{report.documents} văn bản, {report.clauses} đoạn, {report.embedded} đoạn mới được mã hóa"
        say(f"Chỉ mục {state}: {counts}.")


def _print_file(parsed: Parsed, action: str) -> None:
    document, coverage = parsed.document, parsed.coverage
    issued = f"{document.issued:%d/%m/%Y}" if document.issued else "?"
    say(f"✓ {document.file} — {action}")
    known = [document.number or "?", document.province or "?", issued]
    say(f"  {document.kind} số {', '.join(known)}; ký: {document.signer or '?'}")
    say(f"  {coverage_told(coverage)}")
    if rows := rows_told(parsed.clauses):
        say(f"  Bảng: {rows}")
    for warning in document.warnings:
        say(f"  ! {warning}")


def _json(outcomes: Sequence[FileOutcome], report: BuildReport | None) -> dict[str, Any]:
    actions = {step.parsed.document.source: step.action.value for step in report.steps} if report else {}
    files = [_file_json(o, actions.get(str(o.path))) for o in outcomes]
    built = {"documents": report.documents, "clauses": report.clauses, "embedded": report.embedded} if report else None
    return {"files": files, "index": built}


def _file_json(outcome: FileOutcome, action: str | None) -> dict[str, Any]:
    if outcome.parsed is None:
        return {"file": str(outcome.path), "status": "refused", "error": str(outcome.error)}
    document, coverage = outcome.parsed.document, outcome.parsed.coverage
    return {
        "file": str(outcome.path),
        "status": action,
        "number": document.number,
        "province": document.province,
        "issued": document.issued.isoformat() if document.issued else None,
        "clauses": len(outcome.parsed.clauses),
        "rows": row_counts(outcome.parsed.clauses),
        "coverage": {
            "lines": coverage.total,
            "in_clauses": coverage.in_clauses,
            "in_header": coverage.in_header,
            "discarded": dict(coverage.discarded),
        },
        "warnings": list(document.warnings),
    }
