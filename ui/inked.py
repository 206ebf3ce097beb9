"""What is set off in the text of a plan: the cited clauses, the words of the answer, the words looked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape

from answer.result import Citation
from ingest.model import Clause
from ui import markup
from ui.find_in import WHOLE, Found, parts
from ui.quote import cell_quotes, clause_quote

_DOUBTFUL = '<mark class="kh-doubtful" title="Đọc từ ảnh, cần kiểm tra">'


@dataclass(frozen=True, slots=True)
class Ink:
    """A span of a text and the tag that opens the element it is set in."""

    start: int
    end: int
    opening: str


@dataclass(frozen=True, slots=True)
class Inked:
    """All of it: clause id → part (`find_in.parts`) → spans; the cited clauses; the label above the first of them."""

    spans: Mapping[str, Mapping[str, Sequence[Ink]]] = field(default_factory=dict)
    cited: frozenset[str] = frozenset()
    first: str = ""
    label: str = ""

    def set_in(self, clause_id: str, part: str, text: str) -> str:
        """Escaped text of a part of a clause with its spans set off."""
        inks = self.spans.get(clause_id, {}).get(part, ())
        return inked(text, inks) if inks else escape(text)

    def here(self, clause_id: str) -> str:
        """The label, where it stands above this clause."""
        return f'<div class="kh-here">{escape(self.label)}</div>' if self.label and clause_id == self.first else ""


def inked(text: str, inks: Iterable[Ink]) -> str:
    """Escaped text with spans set in elements. Spans beyond the text or over one another are cut."""
    pieces, done = [], 0
    for ink in sorted(inks, key=lambda ink: (ink.start, ink.end)):
        start, end = max(ink.start, done), min(ink.end, len(text))
        if start < end:
            pieces += [escape(text[done:start]), ink.opening, escape(text[start:end]), "</mark>"]
            done = end
    return "".join([*pieces, escape(text[done:])])


def of_citation(citation: Citation, label: str) -> Inked:
    """The cited clause, its heading where the answer needs it, and the words of the answer."""
    clause, heading = citation.clause, citation.heading
    spans: dict[str, Mapping[str, Sequence[Ink]]] = {}
    head, own = clause_quote(citation)
    if heading and head:
        spans[heading.id] = {WHOLE: [Ink(*head, markup.QUOTE)]}
    if clause.row:
        spans[clause.id] = {role: [Ink(*span, markup.QUOTE)] for role, span in cell_quotes(citation).items()}
    elif own:
        spans[clause.id] = {WHOLE: [Ink(*own, markup.QUOTE)]}
    cited = frozenset(each.id for each in (heading, clause) if each)
    return Inked(spans, cited, (heading or clause).id, label)


def of_find(found: Found, current: int) -> Inked:
    """The words looked for; hit n is the element `cho-n`, and the current one (from 1; 0: none) is set off."""
    spans: dict[str, dict[str, list[Ink]]] = {}
    for number, hit in enumerate(found.hits, start=1):
        state = " kh-now kh-goal" if number == current else ""
        for place, (part, start, end) in enumerate(hit.words):
            name = f' id="{hit_anchor(number)}"' if place == 0 else ""
            opening = f'<mark class="kh-hit{state}"{name}>'
            spans.setdefault(hit.clause.id, {}).setdefault(part, []).append(Ink(start, end, opening))
    return Inked(spans)


def with_doubts(shown: Inked, clauses: Iterable[Clause]) -> Inked:
    """The same, and the words set off that were read from a picture and are to be checked."""
    spans = {clause_id: {part: list(inks) for part, inks in own.items()} for clause_id, own in shown.spans.items()}
    for clause in clauses:
        for part, text in parts(clause).items() if clause.doubts else ():
            for word in clause.doubts:
                for match in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", text):
                    inks = spans.setdefault(clause.id, {}).setdefault(part, [])
                    inks.append(Ink(match.start(), match.end(), _DOUBTFUL))
    return replace(shown, spans=spans)


def hit_anchor(number: int) -> str:
    """Id of the element of a hit."""
    return f"cho-{number}"
