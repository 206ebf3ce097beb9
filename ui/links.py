"""Addresses of a place in a plan: a citation ↔ the query parameters of the source page.

`doc` and `clause` are enough. `heading` and `quote` (offsets, no text) let the page mark the very words of the answer;
whatever of them does not fit is ignored, so that an old or mangled link still opens the place.

Links are plain `<a href>`: the browser opens them, in another tab too, and its back button returns to the very
address. `st.page_link` does not: it pushes a state with the new parameters on the old page before it changes the page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlencode

from answer.question import MAX_QUESTION
from answer.result import Citation
from index.search import Searcher
from ingest.errors import IndexStateError
from ingest.model import Clause, Document

SOURCE_PATH = "van-ban"
AGENCY_PATH = "co-quan"
EVALUATE_PATH = "danh-gia"
COMPARE_PATH = "so-sanh"
INGEST_PATH = "nap-van-ban"
PAGES = "trang"  # value of `view` for the pages of the file that a plan was read from

_QUOTE = re.compile(r"(\d{1,7})-(\d{1,7})", re.ASCII)


def question_link(question: str, province: str | None = None) -> str:
    """Address of the first page that asks this question."""
    params = {"q": question[:MAX_QUESTION]} | ({"province": province} if province else {})
    return f"./?{urlencode(params)}"


def compare_link(question: str) -> str:
    """Address of the page that puts this question to every plan."""
    return f"{COMPARE_PATH}?{urlencode({'q': question[:MAX_QUESTION]})}"


def document_link(document: Document) -> str:
    """Address of a plan's text, relative, so that it holds under any base path."""
    return f"{SOURCE_PATH}?{urlencode({'doc': document.id})}"


def clause_link(document: Document, clause: Clause) -> str:
    """Address that opens a plan at this clause."""
    return place_link(document, clause=clause.id)


def place_link(document: Document, **more: str) -> str:
    """Address of a plan's text; `more` are further parameters of the page (`clause`, `view`, `find`, `hit`)."""
    return f"{SOURCE_PATH}?{urlencode({'doc': document.id, **more})}"


def agency_link(name: str, **more: str) -> str:
    """Address of an agency's tasks; `more` are further parameters of the page (`due`, `role`, `province`)."""
    return f"{AGENCY_PATH}?{urlencode({'agency': name, **more})}"


def citation_link(citation: Citation, **more: str) -> str:
    """Address that opens the source at this citation; `more` are further parameters of the page (`view`)."""
    params = {"doc": citation.document.id, "clause": citation.clause.id}
    if citation.heading:
        params["heading"] = citation.heading.id
    if citation.quote:
        params["quote"] = f"{citation.quote[0]}-{citation.quote[1]}"
    return f"{SOURCE_PATH}?{urlencode(params | more)}"


def find_document(params: Mapping[str, str], searcher: Searcher) -> Document | None:
    """The plan that `doc` names; None where the index has no such plan."""
    return next((d for d in searcher.documents() if d.id == params.get("doc")), None)


def find_citation(params: Mapping[str, str], document: Document, searcher: Searcher) -> Citation | None:
    """The place that `clause` names in this plan; None where the plan has no such place."""
    clause = _clause(params.get("clause", ""), document, searcher)
    if clause is None:
        return None
    heading = _clause(params.get("heading", ""), document, searcher)
    if heading and heading.place.first > clause.place.first:
        heading = None
    bare = Citation(clause, document, 0.0, heading)
    return Citation(clause, document, 0.0, heading, _quote(params.get("quote", ""), len(bare.text)))


def _clause(identifier: str, document: Document, searcher: Searcher) -> Clause | None:
    if not identifier:
        return None
    try:
        clause = searcher.clause(identifier)
    except IndexStateError:
        return None
    return clause if clause.document_id == document.id else None


def _quote(text: str, length: int) -> tuple[int, int] | None:
    match = _QUOTE.fullmatch(text)
    if match is None:
        return None
    start, end = int(match[1]), int(match[2])
    return (start, end) if start < end <= length else None
