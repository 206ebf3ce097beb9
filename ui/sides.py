"""HTML of a comparison: a row a province, and the cited clauses side by side. Pure: values in, HTML out."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import pairwise

from answer.compare import NOT_STATED, Side
from answer.diff import differences
from answer.result import Citation
from ui import markup
from ui.later import later_links
from ui.links import citation_link
from ui.quote import Span

_COLUMNS = ("Tỉnh", "Kế hoạch quy định", "Năm", "Chủ trì", "Trích dẫn")


def table(found: Sequence[Side]) -> str:
    """One row a province; on a telephone a block a province, each cell under its column's name."""
    head = "".join(f'<th scope="col">{name}</th>' for name in _COLUMNS)
    body = "".join(_row(each) for side in found for each in (side, *side.others))
    return f'<table class="kh-sides" lang="vi"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _row(side: Side) -> str:
    name, number = escape(side.province), escape(side.document.number)
    cells = [_silence(side), "", "", _source(side, "Chỗ gần nhất")]
    if side.answer:
        years, lead = side.years_told, escape(" ".join(side.lead.split()))
        sure = f'<div class="kh-small">độ tin cậy {side.answer.confidence:.0%}</div>'
        cells = [_answer(side) + sure, years, lead, _source(side, "Mở nguồn")]
    inner = "".join(
        f'<td data-name="{column}"{"" if cell else " class=kh-none"}>{cell or "—"}</td>'
        for column, cell in zip(_COLUMNS[1:], cells, strict=True)
    )
    newer = later_links(side.document)
    return f'<tr><th scope="row">{name}<div class="kh-small">{number}</div>{newer}</th>{inner}</tr>'


def _answer(side: Side) -> str:
    """The words of the answer; below a figure of a table what it is for."""
    text = side.answer.text if side.answer else ""
    pieces = "".join(f"<div>{escape(piece.strip())}</div>" for piece in text.split(" | ") if piece.strip())
    beside = ", ".join(filter(None, [side.subject, f"đơn vị: {side.unit}" if side.unit else ""]))
    told = "".join(f'<div class="kh-small">{escape(line)}</div>' for line in (beside, side.note) if line)
    return f'<div class="kh-said">{pieces}</div>{told}'


def _silence(side: Side) -> str:
    reason = f'<div class="kh-small">{escape(side.reason)}</div>' if side.reason else ""
    return f'<div class="kh-silence">{NOT_STATED}</div>{reason}'


def _source(side: Side, name: str) -> str:
    """The place, and the way to it."""
    if not side.citations:
        return ""
    citation = side.citations[0]
    link = f'<a class="kh-open" href="{escape(citation_link(citation))}">{name}</a>'
    label = escape(f"{citation.place} ({markup.lines_label(*citation.lines)})") if side.answer else ""
    return f"{label}<div>{link}</div>"


def texts(found: Sequence[Side], base: int) -> str:
    """The cited clauses in columns. Of each the words are marked that the base's clause does not have; of the base
    those that no other has, where there is but one other."""
    shown = [_whole(side.citations[0]) for side in found]
    pairs = [differences(shown[base], text) for text in shown]
    others = [own for at, (own, _) in enumerate(pairs) if at != base]
    columns = [
        _column(side, text, (others[0] if len(others) == 1 else []) if at == base else pairs[at][1], at == base)
        for at, (side, text) in enumerate(zip(found, shown, strict=True))
    ]
    return f'<div class="kh-columns" lang="vi">{"".join(columns)}</div>'


def _whole(citation: Citation) -> str:
    """The clause's text; the cells of a row one a line. As long as the text itself, so that offsets hold."""
    return citation.text.replace(" | ", " \n ")


def _column(side: Side, text: str, spans: Sequence[Span], is_base: bool) -> str:
    note = '<span class="kh-chip">để so</span>' if is_base else ""
    body = _marked(text, spans, side.citations[0].quote)
    return (
        f'<section class="kh-card"><h3 class="kh-origin kh-quiet">{escape(side.province)} {note}</h3>'
        f'<p class="kh-clause">{body}</p>'
        f'<div class="kh-small">{escape(side.citations[0].place)}</div>'
        f"{later_links(side.document)}{_open(side.citations[0])}</section>"
    )


def _marked(text: str, different: Sequence[Span], quote: Span | None) -> str:
    """Escaped text with what differs and the words of the answer set off, in pieces that are both, one or neither."""
    spans = {"kh-diff": list(different), "kh-quote": [quote] if quote else []}
    borders = sorted({0, len(text), *(edge for own in spans.values() for span in own for edge in span)})
    pieces = []
    for start, end in pairwise(borders):
        names = [name for name, own in spans.items() if any(a <= start and end <= b for a, b in own)]
        piece = escape(text[start:end])
        pieces.append(f'<mark class="{" ".join(names)}">{piece}</mark>' if names else piece)
    return "".join(pieces)


def _open(citation: Citation) -> str:
    return f'<a class="kh-open" href="{escape(citation_link(citation))}">Mở nguồn</a>'
