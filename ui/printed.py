"""A page of the file that a plan was read from, with the cited lines marked on it. Pure: values in, HTML out."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from answer.result import Citation
from ingest.model import Document, Mark, Printed
from ui import markup
from ui.links import PAGES, place_link
from ui.quote import Found, Span

_NEAR = 1.0  # characters by which a place that is reckoned from widths may be off
STYLE = """<style>
.kh-sheet { position: relative; border: 1px solid var(--kh-line); background: #fff; }
.kh-sheet img { display: block; width: 100%; height: auto; }
.kh-sheet .kh-spot { position: absolute; display: block; border-radius: 2px; mix-blend-mode: multiply; padding: 0; }
.kh-sheet span.kh-spot { background: #fff3bf; }
.stHtml .kh-sheet mark.kh-spot { background: #ffd43b; outline: 2px solid #b35c00; outline-offset: 1px; }
.kh-pager { display: flex; gap: 1rem; align-items: baseline; flex-wrap: wrap; margin: .2rem 0 .6rem;
  font-size: .93rem; }
</style>"""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as a picture: .png, its number, how many there are, its size in points."""

    png: bytes
    page: int
    pages: int
    width: float
    height: float


def page_of(params: Mapping[str, str], printed: Printed, citation: Citation | None) -> int:
    """The page that the address names, else that of the citation, else the first."""
    typed = params.get("page", "")
    if typed.isascii() and typed.isdigit() and len(typed) < 6 and int(typed):
        return int(typed)
    marks = printed.marks.get(citation.lines[0], ()) if citation else ()
    return marks[0].page if marks else 1


def pager(document: Document, params: Mapping[str, str], page: int, pages: int) -> str:
    """Links to the page before and the next, around «Trang 3 / 12»."""
    kept = {name: params[name] for name in ("clause", "heading", "quote") if params.get(name)}

    def link(to: int, text: str) -> str:
        href = escape(place_link(document, **kept, view=PAGES, page=str(to)))
        return f'<a href="{href}">{text}</a>' if 1 <= to <= pages else ""

    inner = f"{link(page - 1, '‹ Trang trước')}<b>Trang {page} / {pages}</b>{link(page + 1, 'Trang sau ›')}"
    return f'<nav class="kh-pager" lang="vi" aria-label="Trang của tệp gốc">{inner}</nav>'


def sheet_html(
    sheet: Sheet, printed: Printed, lines: Sequence[str], citation: Citation | None, found: Sequence[Found]
) -> str:
    """The page; on it the lines of the citation, and in stronger colour those that the quote stands on.

    Args:
        sheet: the page.
        printed: where every line stands.
        lines: the text of every line.
        citation: what was cited, if anything.
        found: where the quote stands in the lines.
    """
    spots = "".join(_spot(mark, sheet, *look) for mark, *look in _marks(printed, lines, citation, found, sheet.page))
    picture = base64.b64encode(sheet.png).decode()
    image = f'<img src="data:image/png;base64,{picture}" alt="Trang {sheet.page} của tệp gốc">'
    here = [words for line, words in sorted(printed.doubts.items()) if _stands_on(printed, line, sheet.page)]
    told = tuple(dict.fromkeys(word for words in here for word in words))
    return f'<div class="kh-sheet">{image}{spots}</div>{markup.doubts_note(told)}'


def _marks(
    printed: Printed, lines: Sequence[str], citation: Citation | None, found: Sequence[Found], page: int
) -> Iterable[tuple[Mark, str, str]]:
    """(box, element, class) of what is set off on a page, what covers the others last."""
    if citation is None:
        return
    first, last = citation.lines
    spans: dict[int, list[Span]] = {}
    for hit in found:
        for line, places in hit.spans.items():
            spans.setdefault(line, []).extend(places)
    for line in range(first, last + 1):
        for mark in printed.marks.get(line, ()):
            if mark.page == page:
                yield mark, "span", "kh-goal"
    for line, places in sorted(spans.items()):
        for mark in quoted(printed.marks.get(line, ()), places, len(lines[line - 1])):
            if mark.page == page:
                yield mark, "mark", "kh-quote"


def quoted(marks: Sequence[Mark], spans: Iterable[Span], length: int) -> list[Mark]:
    """The printed lines of a paragraph of `length` characters that hold one of these spans of it.

    How many characters stand on a printed line is reckoned from its width.
    """
    places = list(spans)
    whole = sum(mark.x1 - mark.x0 for mark in marks) or 1.0
    held, done = [], 0.0
    for mark in marks:
        start, done = done, done + (mark.x1 - mark.x0) * length / whole
        if any(min(last, done) - max(first, start) > _NEAR for first, last in places) or len(marks) == 1:
            held.append(mark)
    return held


def _spot(mark: Mark, sheet: Sheet, element: str, look: str) -> str:
    left, width = 100 * mark.x0 / sheet.width, 100 * (mark.x1 - mark.x0) / sheet.width
    top, height = 100 * mark.top / sheet.height, 100 * (mark.bottom - mark.top) / sheet.height
    place = f"left:{left:.2f}%;top:{top:.2f}%;width:{width:.2f}%;height:{height:.2f}%"
    return f'<{element} class="kh-spot {look}" style="{place}"></{element}>'


def _stands_on(printed: Printed, line: int, page: int) -> bool:
    return any(mark.page == page for mark in printed.marks.get(line, ()))
