"""Văn bản nguồn: a whole plan with its lines numbered, opened at a citation.

`/van-ban?doc=…&clause=…` works in a fresh session; without parameters the page lists the plans.
"""

from __future__ import annotations

from html import escape

import streamlit as st

from answer.cite import document_label
from answer.result import Citation
from index.search import Searcher
from ingest.model import Document
from ui import components, markup, scroll, services
from ui.links import SOURCE_PATH, find_citation, find_document
from ui.quote import in_source

CHOOSE = "Chọn một văn bản trong danh sách dưới đây."


def main() -> None:
    """Draw the page."""
    with components.calm():
        searcher = services.searcher()
        params = st.query_params.to_dict()
        document = find_document(params, searcher)
        if document is None:
            _choose(searcher, asked="doc" in params)
        else:
            _show(document, params, searcher)


def _choose(searcher: Searcher, *, asked: bool) -> None:
    documents = searcher.documents()
    components.title("Văn bản nguồn", CHOOSE if documents and not asked else "")
    if asked:
        st.html(markup.notice("Không có văn bản này trong kho, hoặc văn bản đã được thay bằng bản mới.", CHOOSE))
    if documents:
        st.html("".join(markup.document_card(document) for document in documents))
    else:
        components.empty()


def _show(document: Document, params: dict[str, str], searcher: Searcher) -> None:
    citation = find_citation(params, document, searcher)
    st.set_page_config(page_title=f"{document.number or 'Văn bản'} – Văn bản nguồn")
    components.title(document_label(document), document.title)
    if citation:
        label = f"Trích dẫn: {citation.label} ({markup.lines_label(*citation.lines)})"
        st.html(markup.div("label", escape(label)))
    st.html(markup.facts(document) + f'<a class="kh-open" href="{SOURCE_PATH}">Chọn văn bản khác</a>')
    if citation is None and "clause" in params:
        st.html(
            markup.notice(
                "Không có đoạn này trong văn bản.", "Văn bản có thể đã được nạp lại: hãy hỏi lại để lấy liên kết mới."
            )
        )
    _show_lines(document, citation, searcher)


def _show_lines(document: Document, citation: Citation | None, searcher: Searcher) -> None:
    lines = searcher.source_lines(document.id)
    if citation is None:
        st.html(markup.source(lines, [], "", []))
        return
    found = in_source(citation, lines)
    cited = [clause for clause in (citation.heading, citation.clause) if clause]
    st.html(markup.source(lines, cited, citation.label, found))
    scroll.to_target(f"{citation.clause.id} {citation.lines[0]}")


if __name__ == "__main__":
    main()
