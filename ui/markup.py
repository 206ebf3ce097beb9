"""HTML made of document text. Everything is escaped here, first; `<mark>` and the rest of the markup come after.

Pure functions: text in, HTML out. Nothing else in `ui` joins document text into HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from textwrap import shorten

from answer.result import Citation
from index.stale import Stale
from ingest.clean import nfc
from ingest.model import Clause, Row, Section
from ui.actions import copy_button
from ui.later import later_links
from ui.links import INGEST_PATH, PAGES, citation_link
from ui.quote import Found, Span, cell_quotes, clause_quote

QUOTE = '<mark class="kh-quote">'  # the words of the answer
MERGED = '<span class="kh-elsewhere">'  # their print in a merged cell above the cited lines
_ROLE_NAMES = {
    "indicator": "Chỉ tiêu", "unit": "Đơn vị", "task": "Nhiệm vụ", "lead": "Cơ quan chủ trì",
    "coordinating": "Cơ quan phối hợp", "submit_to": "Cấp trình", "time": "Thời gian", "note": "Ghi chú",
}  # fmt: skip


def div(name: str, inner: str) -> str:
    """A block of a class of ours. `inner` is HTML already. Named as Vietnamese for screen readers and hyphenation."""
    return f'<div class="kh-{name}" lang="vi">{inner}</div>'


def marked(text: str, spans: Iterable[Span], opening: str = "<mark>") -> str:
    """Escaped text in which the spans are set in an element. Spans beyond the text or over one another are cut."""
    pieces, done = [], 0
    closing = f"</{opening[1:-1].split()[0]}>"
    for start, end in sorted(spans):
        start, end = max(start, done), min(end, len(text))
        if start < end:
            pieces += [escape(text[done:start]), opening, escape(text[start:end]), closing]
            done = end
    return "".join([*pieces, escape(text[done:])])


def breadcrumb(sections: Sequence[Section]) -> str:
    """The headings on the way to a clause, outermost first."""
    texts = [section.text for section in sections if section.text]
    items = "".join(f'<li title="{escape(text)}">{escape(shorten(text, 120, placeholder="…"))}</li>' for text in texts)
    return f'<ol class="kh-path" aria-label="Vị trí trong văn bản">{items}</ol>' if items else ""


def card(citation: Citation) -> str:
    """A citation as an official writes it, its place, its text with the quote marked, what became since of the names in
    it and of the plan itself, the way to the source."""
    lines = f'<span class="kh-lines">({place_label(citation)})</span>'
    page = f'<a href="{escape(citation_link(citation, view=PAGES))}">Trang gốc</a>'
    return (
        f'<article class="kh-card" lang="vi"><div class="kh-label">{escape(citation.label)} {lines}</div>'
        f"{breadcrumb(citation.clause.section)}{citation_body(citation)}"
        f"{doubts_note(citation.doubts)}{later_links(citation.document)}{note(citation.note)}"
        f'<div class="kh-acts"><a class="kh-open" href="{escape(citation_link(citation))}">Mở nguồn</a>'
        f"{page if citation.clause.place.page else ''}{copy_button(citation_text(citation))}</div></article>"
    )


def citation_text(citation: Citation) -> str:
    """A citation as it goes into a report: ««Sở Xây dựng» (TT 9.1, …, dòng 521–525)»; without a quote its label."""
    start, end = citation.quote or (0, 0)
    place = f"{citation.label}, {place_label(citation)}"
    told = f"«{' '.join(citation.text[start:end].split())}» ({place})" if start < end else place
    return f"{told}. {citation.standing}" if citation.standing else told


def doubts_note(words: Sequence[str]) -> str:
    """That words were read from a picture and are to be held against it; nothing where there are none."""
    told = f"Đọc từ ảnh, cần kiểm tra: {', '.join(words)}"
    return f'<div class="kh-small"><span class="kh-doubt">{escape(told)}</span></div>' if words else ""


def note(text: str) -> str:
    """What became since of names that a plan prints, in small type; nothing where nothing did."""
    return div("small", escape(text)) if text else ""


def citation_body(citation: Citation) -> str:
    """The cited text with the quote marked: heading, then the clause's text or its row as a table."""
    head, own = clause_quote(citation)
    parts = []
    if citation.heading:
        parts.append(f'<p class="kh-heading">{marked(citation.heading.text, [head] if head else [])}</p>')
    clause = citation.clause
    if clause.row:
        parts.append(row_table(clause.row, cell_quotes(citation)))
    else:
        parts.append(f'<p class="kh-clause">{marked(clause.text, [own] if own else [])}</p>')
    return "".join(parts)


def row_table(row: Row, quotes: Mapping[str, Span]) -> str:
    """A row as a table of two columns, column name and cell, which fits a telephone too."""
    named: list[tuple[str, str]] = []
    if row.tt:
        named.append(("TT", escape(row.tt)))
    elif row.parent:
        named.append(("Thuộc dòng", f"TT {escape(row.parent)}"))
    for role, text in row.cells.items():
        name = column_name(row, role)
        merged = ' <span class="kh-merged">(ô gộp)</span>' if role in row.inherited else ""
        cell = marked(text, [quotes[role]] if role in quotes else [])
        named.append((escape(" ".join(name.split())), (cell or "—") + merged))
    lines = "".join(f'<tr><th scope="row">{name}</th><td>{cell}</td></tr>' for name, cell in named)
    return f'<table class="kh-row">{lines}</table>'


def column_name(row: Row, role: str) -> str:
    """The printed name of a cell's column, or ours where it has none."""
    return row.columns.get(role) or _ROLE_NAMES.get(role, role)


def place_label(citation: Citation) -> str:
    """«trang 3, dòng 151–153»; without the page where the format has none."""
    page = citation.clause.place.page
    return f"{f'trang {page}, ' if page else ''}{lines_label(*citation.lines)}"


def lines_label(first: int, last: int) -> str:
    """«dòng 151» or «dòng 151–153»."""
    return f"dòng {first}" if first == last else f"dòng {first}–{last}"


def answer_text(text: str) -> str:
    """The short answer; the cells of an answer that spans several are set one a line."""
    pieces = [piece.strip() for piece in text.split(" | ")]
    size = "long" if len(text) > 90 else "short"
    inner = "".join(f"<div>{escape(piece)}</div>" for piece in pieces if piece)
    return f'<div class="kh-answer kh-{size}" lang="vi">{inner}</div>'


def origin(province: str, number: str) -> str:
    """Province and number above an answer, as the heading of its block."""
    name, rest = (province, number) if province else (number or "Văn bản không số", "")
    tail = f' <span class="kh-number">{escape(rest)}</span>' if rest else ""
    return f'<h2 class="kh-origin" lang="vi">{escape(name)}{tail}</h2>'


def notice(message: str, remedy: str = "") -> str:
    """A calm message: what is the matter, what to do. Commands in backticks are set as code."""
    code = re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(remedy))
    return f'<div class="kh-notice" lang="vi" role="status"><p>{escape(message)}</p><p>{code}</p></div>'


def understood(text: str, chips: Iterable[str]) -> str:
    """The question as it was read, and beside it in a word each what that means."""
    told = "".join(f' <span class="kh-chip">{escape(chip)}</span>' for chip in chips)
    return div("understood", f"Đang tìm: <b>{escape(text)}</b>{told}")


def printed_question(text: str) -> str:
    """The question as it was typed, for paper alone: fields are not printed."""
    return f'<p class="kh-printed" lang="vi">Câu hỏi: {escape(text)}</p>'


def facts_list(pairs: Iterable[tuple[str, str]]) -> str:
    """Names, which are ours, with values; those without a value are left out."""
    items = "".join(f"<div><dt>{name}</dt><dd>{escape(value)}</dd></div>" for name, value in pairs if value)
    return f'<dl class="kh-facts" lang="vi">{items}</dl>'


def navigation(pages: Sequence[tuple[str, str]], current: str) -> str:
    """Links to the pages: (title, path). Plain links, as all links here are; see `ui.links`."""
    links = "".join(
        f'<a href="{escape(path)}"{" aria-current=page" if title == current else ""}>{escape(title)}</a>'
        for title, path in pages
    )
    return f'<nav class="kh-nav" lang="vi" aria-label="Các trang">{links}</nav>'


def stale(found: Sequence[Stale], *, editor: bool) -> str:
    """Below the frame of every page: the index is older than the plans. Nothing where it is not."""
    if not found:
        return ""
    todo = f'<a href="{INGEST_PATH}">xem cách cập nhật</a>' if editor else "báo người quản trị"
    return f'<p class="kh-stale" lang="vi" role="status">Chỉ mục cũ hơn kho văn bản: {todo}.</p>'


def who(name: str) -> str:
    """Who is logged in."""
    return f'<span class="kh-small" lang="vi">{escape(name)}</span>'


def anchor(number: int) -> str:
    """Id of a source line."""
    return f"dong-{number}"


def source(lines: Sequence[str], cited: Sequence[Clause], label: str, found: Sequence[Found]) -> str:
    """A whole plan, every line numbered; the cited clauses' lines are set off, the words of the answer marked.

    `label` is printed above the first cited line, so that place and citation are seen together.
    """
    quoted = {n for clause in cited for n in range(clause.place.first, clause.place.last + 1)}
    spans: dict[int, list[tuple[Span, str]]] = {}
    for hit in found:
        for number, places in hit.spans.items():
            spans.setdefault(number, []).extend((place, MERGED if hit.merged else QUOTE) for place in places)
    rows = []
    for number, line in enumerate(lines, start=1):
        if quoted and number == min(quoted):
            rows.append(f'<div class="kh-here">Trích dẫn: {escape(label)}{_merged_note(found)}</div>')
        rows.append(_source_line(number, nfc(line), number in quoted, spans.get(number, [])))
    return f'<div class="kh-source" lang="vi">{"".join(rows)}</div>'


def _merged_note(found: Sequence[Found]) -> str:
    """The words of a merged cell, and where they are printed: above the cited lines, perhaps out of view."""
    notes = []
    for hit in found:
        if hit.merged:
            where = lines_label(min(hit.spans), max(hit.spans))
            quote = f"{QUOTE}{escape(hit.text)}</mark>"
            notes.append(f"<p>{quote} đứng trong ô gộp, in ở {where}.</p>")
    return "".join(notes)


def _source_line(number: int, text: str, cited: bool, spans: Sequence[tuple[Span, str]]) -> str:
    css = "kh-line kh-cited" if cited else "kh-line"
    inner = marked(text, [span for span, _ in spans], spans[0][1] if spans else QUOTE)
    return (
        f'<div class="{css}" id="{anchor(number)}"><span class="kh-no">{number}</span>'
        f'<span class="kh-text">{inner}</span></div>'
    )
