"""HTML of plans on their way in and in stock. Pure functions: values in, HTML out, all document text escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby

from answer.standing import relations_told
from index.history import Change
from index.history import told as told_change
from index.plan import Step
from index.plan_told import ACTIONS, corrections_told, other_told
from index.stale import Stale
from ingest.errors import InputError
from ingest.intake import FileOutcome, coverage_told, rows_told, sections_told
from ingest.model import Clause, ClauseKind, Document, Parsed
from ui import markup, plans
from ui.inked import Inked
from ui.source_style import TABLES
from ui.tables import table_html

_KINDS = {
    ClauseKind.HEADING: "đề mục", ClauseKind.PARAGRAPH: "đoạn", ClauseKind.BULLET: "gạch đầu dòng",
    ClauseKind.ROW: "dòng bảng", ClauseKind.NOTE: "ghi chú",
}  # fmt: skip
SAMPLE = 4  # rows of a table that are shown before it is brought in
STYLE = (
    f"<style>{TABLES}"
    + """
.kh-read h3 { padding: 0; margin: 0 0 .3rem; font-size: 1rem; font-weight: 600; overflow-wrap: anywhere; }
.kh-read > p { margin: 0 0 .3rem; overflow-wrap: anywhere; }
.stHtml ul.kh-warned { margin: 0; padding-left: 1.1rem; font-size: .9rem; overflow-wrap: anywhere; }
.kh-read dl.kh-facts { margin-top: .5rem; }
.kh-read details ul { margin: .3rem 0 0; padding-left: 1.1rem; font-size: .9rem; overflow-wrap: anywhere; }
</style>"""
)


def understood(outcome: FileOutcome, step: Step | None) -> str:
    """A file that was read: what becomes of it, what was understood; or why it was not read and what to do."""
    name = f"<h3>{escape(outcome.path.name)}"
    if step is None:
        return f'<article class="kh-card kh-read" lang="vi">{name}</h3>{refused(outcome)}</article>'
    document = step.parsed.document
    action = f' <span class="kh-chip">{ACTIONS[step.action]}</span>'
    title = f"<p>{escape(document.title)}</p>" if document.title else ""
    body = f"{markup.note(other_told(step))}{title}{plans.header_facts(document)}{_contents(step.parsed)}"
    return f'<article class="kh-card kh-read" lang="vi">{name}{action}</h3>{body}</article>'


def _contents(parsed: Parsed) -> str:
    """Counts, outline, tables and what is to be looked at again."""
    read = markup.facts_list(
        [
            ("Số đoạn", counts(parsed)),
            ("Bảng", rows_told(parsed.clauses) or "không có"),
            ("Các dòng của tệp", coverage_told(parsed.coverage)),
        ]
    )
    sections = sections_told(parsed.clauses)
    outline = _folded(f"Đề mục ({len(sections)})", f"<ul>{_items(sections)}</ul>") if sections else ""
    related = relations_told(parsed.document)
    linked = f'<p class="kh-small">Quan hệ với văn bản khác:</p><ul class="kh-warned">{_items(related)}</ul>'
    tables = "".join(_folded(f"Bảng: {name}", table) for name, table in sample_tables(parsed.clauses))
    told = [*parsed.document.warnings, *corrections_told(parsed.document)]
    warned = f'<p class="kh-small">Cần xem lại:</p><ul class="kh-warned">{_items(told)}</ul>' if told else ""
    return f"{read}{outline}{tables}{linked if related else ''}{warned}"


def _folded(summary: str, inner: str) -> str:
    return f'<details class="kh-more"><summary>{escape(summary)}</summary>{inner}</details>'


def _items(texts: Iterable[str]) -> str:
    return "".join(f"<li>{escape(text)}</li>" for text in texts)


def sample_tables(clauses: Sequence[Clause]) -> Iterator[tuple[str, str]]:
    """Of each table its name and how its first rows were understood: columns, cells, merged cells marked."""
    rows = [clause for clause in clauses if clause.row]
    for _, found in groupby(rows, key=lambda clause: (clause.section[:1], clause.row and tuple(clause.row.columns))):
        run = list(found)
        name = next((c.row.table for c in run if c.row and c.row.table), "") or "trong phần nội dung"
        shown = table_html(run[:SAMPLE], Inked(), lambda clause: ("", ""))
        yield f"{name} ({len(run)} dòng)", shown + (markup.div("small", "…") if len(run) > SAMPLE else "")


def refused(outcome: FileOutcome) -> str:
    """Why a file was not read."""
    if isinstance(outcome.error, InputError):
        return markup.notice(outcome.error.message, outcome.error.remedy)
    return markup.notice(f"Lỗi của chương trình: {outcome.error}", "Gửi tệp này cho người phát triển.")


def past(changes: Iterable[Change]) -> str:
    """The last changes of the stock, one a line: when, by whom, what."""
    items = "".join(
        f"<li>{change.made.astimezone():%d/%m/%Y %H:%M} · {escape(change.who or 'không rõ ai')} · "
        f"{escape(told_change(change))}</li>"
        for change in changes
    )
    return f'<ul class="kh-warned" lang="vi">{items}</ul>'


def counts(parsed: Parsed) -> str:
    """«120 đề mục, 300 đoạn, …»: clauses by kind, those of the header left out."""
    kinds = [clause.kind for clause in parsed.clauses]
    told = [f"{kinds.count(kind)} {name}" for kind, name in _KINDS.items() if kind in kinds]
    return ", ".join(told)


def stocked(document: Document) -> str:
    """A plan in stock, in one line and its file."""
    issued = f" · {document.issued:%d/%m/%Y}" if document.issued else ""
    name = escape(" · ".join(filter(None, [document.province, document.number])) or document.file)
    file = markup.div("small", f"Tệp: {escape(document.file)}")
    return f'<div lang="vi"><b>{name}</b>{issued}{file}</div>'


def stale_list(found: Sequence[Stale]) -> str:
    """What the index does not show, each with what to do."""
    return "".join(markup.notice(f"{each}.", each.remedy) for each in found)
