"""The frame around a plan: outline and places found on the left, the text on the right. Pure: values in, HTML out."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from textwrap import shorten

from answer.cite import place_label
from ingest.model import Clause, Document
from ui import markup
from ui.document import anchor
from ui.find_in import Found, Hit, parts
from ui.inked import Ink, hit_anchor, inked
from ui.links import PAGES, place_link

LINES = "dong"  # value of `view` for the source line by line
_LISTED = 200  # places that are listed; all are marked
_AROUND = 60  # characters shown on either side of a place


def frame(tree: str, found: str, bar: str, body: str) -> str:
    """Outline and places beside the text; on a telephone the outline folds above it."""
    outline = f'<nav class="kh-outline" aria-label="Mục lục"><h2>Mục lục</h2>{tree}</nav>' if tree else ""
    folded = (
        f'<details class="kh-fold"><summary>Mục lục</summary><nav aria-label="Mục lục">{tree}</nav></details>'
        if tree
        else ""
    )
    return (
        f'<div class="kh-reader" lang="vi"><div class="kh-side">{found}{outline}{folded}</div>'
        f'<div class="kh-main">{bar}{body}</div></div>'
    )


def to_clause(document: Document, clause: Clause, *, by_line: bool) -> str:
    """Attributes of a link to a clause, in the view that is open."""
    more = {"view": LINES} if by_line else {}
    target = markup.anchor(clause.place.first) if by_line else anchor(clause)
    return f'href="{escape(place_link(document, clause=clause.id, **more))}" data-to="{escape(target)}"'


def views(document: Document, params: Mapping[str, str], current: str, *, printed: bool) -> str:
    """The switch between the plan as a document, its source line by line and, where it was `printed`, its pages; the
    place stays. `current` is the value of `view`."""
    kept = {name: params[name] for name in ("clause", "heading", "quote") if params.get(name)}
    views = {"": "Bản trình bày", LINES: "Bản gốc từng dòng"} | ({PAGES: "Trang gốc"} if printed else {})
    links = "".join(
        f'<a href="{escape(place_link(document, **kept, **({"view": view} if view else {})))}"'
        f"{' aria-current=true' if view == current else ''}>{name}</a>"
        for view, name in views.items()
    )
    return f'<nav class="kh-views" lang="vi" aria-label="Cách xem">{links}</nav>'


def told(found: Found) -> str:
    """«12 chỗ có «nhà ở xã hội»», or that there is none."""
    asked, count = escape(found.asked), len(found.hits)
    if not count:
        return f"Không có «{asked}» trong văn bản này."
    if found.phrase:
        return f"<b>{count} chỗ</b> có «{asked}»"
    return f"Không có cả cụm «{asked}»; <b>{count} chỗ</b> có đủ các từ"


def steps(document: Document, found: Found, current: int) -> str:
    """The line above the text: how many places, which of them, the one before and the one after."""
    total = len(found.hits)
    if not total:
        return ""
    before, after = (current - 1 or total) if current else total, current % total + 1
    links = "".join(
        f'<a href="{_hit_link(document, found, number)}" data-step="{step}">{name}</a>'
        for name, step, number in (("‹ Chỗ trước", -1, before), ("Chỗ sau ›", 1, after))
    )
    at = f"chỗ {current}/{total}" if current else f"{total} chỗ"
    return (
        f'<div class="kh-steps" data-total="{total}"><span class="kh-at" role="status">{at}</span>{links}'
        f'<a href="{escape(place_link(document))}">Thôi tìm</a></div>'
    )


def hits(document: Document, found: Found, current: int) -> str:
    """The places found, each with the words around it and a link to it."""
    if not found.asked:
        return ""
    if not found.hits:
        return markup.notice(f"Không có «{found.asked}» trong văn bản này.", "Thử ít từ hơn, hoặc gõ không dấu.")
    shown = "".join(_hit(document, found, number, hit, current) for number, hit in enumerate(found.hits[:_LISTED], 1))
    rest = len(found.hits) - _LISTED
    more = f'<p class="kh-small">và {rest} chỗ khác, đánh dấu trong văn bản</p>' if rest > 0 else ""
    return f'<nav class="kh-hits" aria-label="Các chỗ tìm thấy"><h2>{told(found)}</h2><ol>{shown}</ol>{more}</nav>'


def _hit(document: Document, found: Found, number: int, hit: Hit, current: int) -> str:
    state = ' aria-current="true"' if number == current else ""
    place = escape(shorten(place_label(hit.clause), 90, placeholder="…"))
    return (
        f'<li><a href="{_hit_link(document, found, number)}" data-to="{hit_anchor(number)}"{state}>'
        f"<small>{place}</small>{snippet(hit)}</a></li>"
    )


def snippet(hit: Hit) -> str:
    """The words of a place with some of what stands around them, escaped, the words marked."""
    part, start, end = hit.words[0]
    text = parts(hit.clause)[part]
    first, last = max(0, start - _AROUND), min(len(text), end + _AROUND)
    first = text.find(" ", first, start) + 1 if first and text.find(" ", first, start) >= 0 else first
    last = text.rfind(" ", end, last) if last < len(text) and text.rfind(" ", end, last) >= 0 else last
    inks = [Ink(s - first, e - first, "<mark>") for p, s, e in hit.words if p == part and first <= s and e <= last]
    inner = inked(text[first:last], inks)
    return f"{'…' if first else ''}{inner}{'…' if last < len(text) else ''}"


def _hit_link(document: Document, found: Found, number: int) -> str:
    return escape(place_link(document, find=found.asked, hit=str(number)))
