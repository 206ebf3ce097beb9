"""A plan as a document: letterhead, headings, paragraphs, bullets, notes and tables. Pure: clauses in, HTML out.

Every clause has an anchor and a link to itself; what is cited or looked for is set off.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from answer.cite import place_label
from ingest.clean import repair, strip_markup
from ingest.model import Clause, ClauseKind, Document, Rank
from ui import markup
from ui.find_in import WHOLE, is_columns
from ui.inked import Inked
from ui.links import clause_link
from ui.tables import table_html

_DEEPEST = 6


def anchor(clause: Clause) -> str:
    """Id of the element of a clause: its path in the plan."""
    return f"doan-{clause.id.partition('/')[2] or clause.id}"


@dataclass(slots=True)
class _Drawing:
    """What is the same for all clauses of one drawing, and the level of the heading before."""

    document: Document
    lines: Sequence[str]
    inked: Inked
    level: int = 1

    def frame(self, clause: Clause) -> tuple[str, str]:
        """Attributes of a clause's element, and the link to itself."""
        state = ' class="kh-cited"' if clause.id in self.inked.cited else ""
        return f' id="{escape(anchor(clause))}"{state}', self.link(clause)

    def link(self, clause: Clause) -> str:
        """«¶»: the address of this clause."""
        place, lines = escape(place_label(clause)), markup.lines_label(clause.place.first, clause.place.last)
        href = escape(clause_link(self.document, clause))
        return (
            f'<a class="kh-self" href="{href}" data-to="{escape(anchor(clause))}" title="{lines}" '
            f'aria-label="Liên kết tới {place} ({lines})">¶</a>'
        )


def document_html(document: Document, clauses: Sequence[Clause], lines: Sequence[str], inked: Inked) -> str:
    """The whole plan. `lines` is its source, of which letterhead and signature take their line breaks."""
    drawing = _Drawing(document, lines, inked)
    pieces = [
        table_html(run, inked, drawing.frame) if _is_tabular(run[0]) else _block(run[0], drawing)
        for run in _runs(clauses)
    ]
    return f'<article class="kh-source kh-doc" lang="vi">{"".join(pieces)}</article>'


def _runs(clauses: Iterable[Clause]) -> Iterator[list[Clause]]:
    """The clauses of a table together, every other by itself."""
    run: list[Clause] = []
    for clause in clauses:
        goes_on = run and _is_tabular(run[-1]) and _is_tabular(clause) and not is_columns(clause)
        if run and not (goes_on and _base(run[-1]) == _base(clause)):
            yield run
            run = []
        run.append(clause)
    if run:
        yield run


def _is_tabular(clause: Clause) -> bool:
    in_group = bool(clause.section) and clause.section[-1].rank is Rank.GROUP
    return clause.row is not None or is_columns(clause) or (clause.kind is ClauseKind.HEADING and in_group)


def _base(clause: Clause) -> tuple[object, ...]:
    return tuple(section for section in clause.section if section.rank is not Rank.GROUP)


def _block(clause: Clause, drawing: _Drawing) -> str:
    """One clause that is no part of a table, below the label where it is the first that is cited."""
    depth = min(len(clause.section), _DEEPEST)
    cited = " kh-cited" if clause.id in drawing.inked.cited else ""
    name, tag, text = _look(clause, drawing)
    inner = drawing.inked.set_in(clause.id, WHOLE, text)
    return (
        f'{drawing.inked.here(clause.id)}<div class="kh-c kh-d{depth} {name}{cited}" id="{escape(anchor(clause))}">'
        f"<{tag}>{inner}</{tag}>{drawing.link(clause)}</div>"
    )


def _look(clause: Clause, drawing: _Drawing) -> tuple[str, str, str]:
    """Class, element and text of a clause; the text keeps its length, so that spans hold."""
    match clause.kind:
        case ClauseKind.HEADING:
            # Headings go down by one level at a time, whatever numbering the plan leaves out.
            drawing.level = min(len(clause.section) + 1, drawing.level + 1, _DEEPEST)
            if clause.section and clause.section[-1].rank is Rank.APPENDIX:
                return "kh-h kh-appendix", f"h{drawing.level}", as_printed(clause, drawing.lines)
            return "kh-h", f"h{drawing.level}", clause.text
        case ClauseKind.HEADER:
            field = clause.id.rpartition("header-")[2].partition("~")[0]
            return f"kh-head kh-head-{escape(field)}", "p", as_printed(clause, drawing.lines)
        case ClauseKind.BULLET:
            return "kh-bullet", "p", clause.text
        case ClauseKind.NOTE:
            return "kh-footnote", "p", clause.text
    return "kh-par", "p", clause.text


def as_printed(clause: Clause, lines: Sequence[str]) -> str:
    """The text with a line break in place of the space wherever the source breaks the line; of the same length."""
    pieces = [strip_markup(repair(line)).strip() for line in lines[clause.place.first - 1 : clause.place.last]]
    text, at = clause.text, 0
    for piece in filter(None, pieces):
        at = text.find(piece, at)
        if at < 0:
            return clause.text
        if at and text[at - 1] == " ":
            text = f"{text[: at - 1]}\n{text[at:]}"
        at += len(piece)
    return text
