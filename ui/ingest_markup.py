"""HTML of plans on their way in and in stock. Pure functions: values in, HTML out, all document text escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from index.plan import Action, Step
from index.stale import Stale
from ingest.errors import InputError
from ingest.intake import ACTIONS, FileOutcome, coverage_told, rows_told
from ingest.model import ClauseKind, Document, Parsed
from ui import markup, plans

_KINDS = {
    ClauseKind.HEADING: "đề mục", ClauseKind.PARAGRAPH: "đoạn", ClauseKind.BULLET: "gạch đầu dòng",
    ClauseKind.ROW: "dòng bảng", ClauseKind.NOTE: "ghi chú",
}  # fmt: skip
STYLE = """<style>
.kh-read h3 { padding: 0; margin: 0 0 .3rem; font-size: 1rem; font-weight: 600; overflow-wrap: anywhere; }
.kh-read > p { margin: 0 0 .3rem; overflow-wrap: anywhere; }
.stHtml ul.kh-warned { margin: 0; padding-left: 1.1rem; font-size: .9rem; overflow-wrap: anywhere; }
.kh-read dl.kh-facts { margin-top: .5rem; }
</style>"""


def understood(outcome: FileOutcome, step: Step | None) -> str:
    """A file that was read: what becomes of it, what was understood; or why it was not read and what to do."""
    name = f"<h3>{escape(outcome.path.name)}"
    if outcome.parsed is None:
        return f'<article class="kh-card kh-read" lang="vi">{name}</h3>{refused(outcome)}</article>'
    parsed, document = outcome.parsed, outcome.parsed.document
    action = f' <span class="kh-chip">{ACTIONS[step.action.value]}</span>' if step else ""
    other = markup.note(_other(step)) if step else ""
    title = f"<p>{escape(document.title)}</p>" if document.title else ""
    warnings = "".join(f"<li>{escape(warning)}</li>" for warning in document.warnings)
    warned = f'<p class="kh-small">Cần xem lại:</p><ul class="kh-warned">{warnings}</ul>' if warnings else ""
    read = markup.facts_list(
        [
            ("Số đoạn", counts(parsed)),
            ("Bảng", rows_told(parsed.clauses) or "không có"),
            ("Các dòng của tệp", coverage_told(parsed.coverage)),
        ]
    )
    body = f"{other}{title}{plans.header_facts(document)}{read}{warned}"
    return f'<article class="kh-card kh-read" lang="vi">{name}{action}</h3>{body}</article>'


def refused(outcome: FileOutcome) -> str:
    """Why a file was not read."""
    if isinstance(outcome.error, InputError):
        return markup.notice(outcome.error.message, outcome.error.remedy)
    return markup.notice(f"Lỗi của chương trình: {outcome.error}", "Gửi tệp này cho người phát triển.")


def counts(parsed: Parsed) -> str:
    """«120 đề mục, 300 đoạn, …»: clauses by kind, those of the header left out."""
    kinds = [clause.kind for clause in parsed.clauses]
    told = [f"{kinds.count(kind)} {name}" for kind, name in _KINDS.items() if kind in kinds]
    return ", ".join(told)


def _other(step: Step) -> str:
    """The plan that a file replaces or repeats."""
    if step.other is None or step.action is Action.UNCHANGED:
        return ""
    if step.action is not Action.REPLACED:
        return f"Trùng với: {told(step.other)} (tệp {step.other.file})."
    return (
        f"Thay cho: {told(step.other)} (tệp {step.other.file}) đang có trong kho. Kiểm tra tệp này đúng là bản mới hơn."
    )


def told(document: Document) -> str:
    """«Kế hoạch số 12/KH-UBND của Lào Cai», or the name of its file."""
    if not document.number:
        return document.file
    return f"{document.kind} số {document.number}{f' của {document.province}' if document.province else ''}"


def given_twice(documents: Iterable[Document]) -> list[str]:
    """Numbers that several files of different content claim, each with its province."""
    seen: dict[tuple[str, str], set[str]] = {}
    for document in documents:
        if document.number:
            seen.setdefault((document.number, document.province), set()).add(document.digest)
    several = [key for key, digests in seen.items() if len(digests) > 1]
    return [" của ".join(filter(None, key)) for key in several]


def stocked(document: Document) -> str:
    """A plan in stock, in one line and its file."""
    issued = f" · {document.issued:%d/%m/%Y}" if document.issued else ""
    name = escape(" · ".join(filter(None, [document.province, document.number])) or document.file)
    file = markup.div("small", f"Tệp: {escape(document.file)}")
    return f'<div lang="vi"><b>{name}</b>{issued}{file}</div>'


def stale_list(found: Sequence[Stale]) -> str:
    """What the index does not show, each with what to do."""
    return "".join(markup.notice(f"{each}.", each.remedy) for each in found)
