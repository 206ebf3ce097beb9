"""Where the words of an answer stand: in the cells of a row, and in the lines of the source file.

A clause's text was repaired while it was read (`n gày` → `ngày`, Markdown marks gone, lines joined), the source was
not. The two are therefore compared without spaces and marks, and the hit is carried back to columns of the source.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from answer.cells import cell_span
from answer.result import Citation
from ingest.clean import nfc
from ingest.model import Place

Span = tuple[int, int]
_MARKS = frozenset("*_#|\\`\u200b\u200c\u200d\ufeff\u00ad")
_MERGED_REACH = 300  # lines above a row in which the print of a merged cell is looked for


@dataclass(frozen=True, slots=True)
class Found:
    """Words found in the source: line number (1-based) → spans in that line's text (NFC)."""

    text: str
    spans: dict[int, list[Span]]
    merged: bool = False  # printed above the cited row, in a cell that was merged over it


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Words to be found: how often they occur before in their own clause, and where the clause stands."""

    text: str
    before: str
    place: Place
    inherited: bool = False


def clause_quote(citation: Citation) -> tuple[Span | None, Span | None]:
    """The quote as offsets in the heading's text and in the clause's own."""
    if citation.quote is None:
        return None, None
    start, end = citation.quote
    if citation.heading is None:
        return None, (start, end)
    width = len(citation.heading.text)
    shift = width + 1  # the line break between the two
    head = (start, min(end, width)) if start < width else None
    own = (max(0, start - shift), end - shift) if end > shift else None
    return head, own


def cell_quotes(citation: Citation) -> dict[str, Span]:
    """Role → the part of the quote that lies in that cell, as offsets in the cell's text."""
    _, quote = clause_quote(citation)
    row = citation.clause.row
    if row is None or quote is None:
        return {}
    found = {}
    for role in row.cells:
        cell = cell_span(citation.clause, role)
        if cell and quote[0] < cell.end and cell.start < quote[1]:
            found[role] = (max(quote[0], cell.start) - cell.start, min(quote[1], cell.end) - cell.start)
    return found


def in_source(citation: Citation, lines: Sequence[str]) -> list[Found]:
    """Where the quote is printed; what is not found is left out."""
    hits = (_find(wanted, lines) for wanted in _wanted(citation))
    return [hit for hit in hits if hit is not None]


def _wanted(citation: Citation) -> Iterator[_Wanted]:
    head, own = clause_quote(citation)
    clause, heading = citation.clause, citation.heading
    if heading and head:
        yield _Wanted(heading.text[head[0] : head[1]], heading.text[: head[0]], heading.place)
    if clause.row is None:
        if own:
            yield _Wanted(clause.text[own[0] : own[1]], clause.text[: own[0]], clause.place)
        return
    quotes, before = cell_quotes(citation), ""
    for role, text in clause.row.cells.items():
        inherited = role in clause.row.inherited
        if role in quotes:
            start, end = quotes[role]
            yield _Wanted(text[start:end], before + text[:start], clause.place, inherited)
        if not inherited:
            before += text


def _find(wanted: _Wanted, lines: Sequence[str]) -> Found | None:
    words = _condense([wanted.text])[0]
    if not words:
        return None
    first, last = wanted.place.first, wanted.place.last
    if wanted.inherited:
        first, last = max(1, first - _MERGED_REACH), first - 1
    text, at = _condense(lines[first - 1 : last])
    starts = [i for i in range(len(text)) if text.startswith(words, i)]
    if not starts:
        return None
    # The nearest print above for a merged cell; else the same occurrence as in the clause.
    nth = len(starts) - 1 if wanted.inherited else min(_condense([wanted.before])[0].count(words), len(starts) - 1)
    found: dict[int, list[Span]] = {}
    for index, column in at[starts[nth] : starts[nth] + len(words)]:
        start, end = found.get(first + index, [(column, column)])[0]
        found[first + index] = [(min(start, column), max(end, column + 1))]
    return Found(wanted.text, found, wanted.inherited)


def _condense(texts: Sequence[str]) -> tuple[str, list[tuple[int, int]]]:
    """The characters that count, and of each its text's index and column."""
    at = [
        (index, column, char)
        for index, text in enumerate(texts)
        for column, char in enumerate(nfc(text))
        if not char.isspace() and char not in _MARKS
    ]
    return "".join(char for _, _, char in at), [(index, column) for index, column, _ in at]
