"""HTML of what became of a plan: the newer ones that replace or amend it, and the earlier ones that it replaces or
amends, each with a link and the words that say so. Pure: values in, HTML out."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from answer.cite import document_name
from answer.standing import DOES, DONE, earlier_name, standing
from index.lineage import Earlier
from ingest.model import Bond, Document, Later, Relation
from ui.find_in import MAX_FIND
from ui.links import document_link, place_link


def later_links(document: Document) -> str:
    """«Văn bản này đã được thay thế bởi …» with a link that opens each newer plan; "" where there is none."""
    if not document.later:
        return ""
    newer = {later.document.id: later.document for later in document.later}
    links = " ".join(
        f'<a class="kh-open" href="{escape(document_link(each))}">Mở {escape(document_name(each))}</a>'
        for each in newer.values()
    )
    return f'<div class="kh-later" lang="vi"><span class="kh-doubt">{escape(standing(document))}</span> {links}</div>'


def lineage_html(document: Document, earlier: Sequence[Earlier]) -> str:
    """A plan's newer and earlier ones, each with the words that say so; "" where there are none."""
    items = [*map(_later, document.later), *(_earlier(document, each) for each in earlier)]
    if not items:
        return ""
    return f'<ul class="kh-lineage" lang="vi">{"".join(items)}</ul>'


def _later(later: Later) -> str:
    name = f'<a href="{escape(document_link(later.document))}">{escape(document_name(later.document))}</a>'
    done = DONE[later.relation.bond]
    return f"<li>{done[:1].upper()}{done[1:]} {name}: {_quote(later.document, later.relation)}</li>"


def _earlier(document: Document, earlier: Earlier) -> str:
    name = escape(earlier_name(earlier))
    if earlier.document is None:
        name += " (chưa có trong kho)"
    else:
        name = f'<a href="{escape(document_link(earlier.document))}">{name}</a>'
    return f"<li>{DOES[earlier.relation.bond]} {name}: {_quote(document, earlier.relation)}</li>"


def _quote(document: Document, relation: Relation) -> str:
    """The words that say so, a link that opens the plan at them."""
    first, last = relation.place.first, relation.place.last
    lines = f"dòng {first}" if first == last else f"dòng {first}–{last}"
    words = relation.quote[:MAX_FIND]
    words = words if words == relation.quote else words.rpartition(" ")[0]
    href = escape(place_link(document, find=words, hit="1"))
    return f'«{escape(relation.quote)}» (<a href="{href}">{lines}</a>)'


def briefly_html(document: Document, earlier: Sequence[Earlier]) -> str:
    """For the list of plans: what replaced it, and what it replaces, in a line each."""
    told = [f'<small class="kh-doubt">{escape(standing(document))}</small>' if document.later else ""]
    for bond in Bond:
        names = dict.fromkeys(earlier_name(each) for each in earlier if each.relation.bond is bond)
        told.append(f"<small>{DOES[bond]}: {escape('; '.join(names))}</small>" if names else "")
    return "".join(told)
