"""Văn bản: the list of plans, and a plan with its outline, opened at a citation, searched inside.

`/van-ban?doc=…&clause=…` works in a fresh session. What is looked at lives in the address: `view=dong` is the source
line by line, `find` what is looked for in the plan, `hit` which of its places. Without `doc`, `filter` narrows the
list.
"""

from __future__ import annotations

from functools import partial
from html import escape

import streamlit as st

from answer.cite import document_label
from answer.result import Citation
from index.search import Searcher
from ingest.errors import SourceError
from ingest.model import Document, Printed
from ui import address, components, inked, markup, plans, printed, reader, scroll, services, source_style
from ui.document import document_html
from ui.find_in import MAX_FIND, Found, find_in
from ui.later import later_links, lineage_html
from ui.links import PAGES, SOURCE_PATH, find_citation, find_document
from ui.outline import outline_html
from ui.quote import in_source
from ui.services import Plan

NAME = "Văn bản"
CHOOSE = "Chọn một văn bản trong danh sách dưới đây."
FEW = 5  # plans that need no filter


def main() -> None:
    """Draw the page."""
    st.html(source_style.STYLE + printed.STYLE)
    with components.calm():
        searcher = services.searcher()
        params = st.query_params.to_dict()
        document = find_document(params, searcher)
        if document is None:
            _choose(searcher.documents(), asked="doc" in params)
        else:
            _show(document, params, searcher)


# The list


def _choose(documents: list[Document], *, asked: bool) -> None:
    components.title(NAME, CHOOSE if documents and not asked else "")
    if asked:
        st.html(markup.notice("Không có văn bản này trong kho, hoặc văn bản đã được thay bằng bản mới.", CHOOSE))
    if not documents:
        components.empty()
        return
    listed, typed = services.plans(), st.query_params.get("filter", "")[:MAX_FIND]
    if len(listed) > FEW or typed.strip():
        _field("filter", "Lọc danh sách", "Số, tỉnh hoặc tên văn bản, có dấu hoặc không dấu", typed)
        found = plans.matching(listed, typed)
        st.html(markup.div("lead", f"{len(found)} / {len(listed)} văn bản") if found else _none(typed))
        listed = found
    if listed:
        st.html(plans.plans_table(listed))


def _none(typed: str) -> str:
    return markup.notice(f"Không có văn bản nào khớp với «{typed}».", "Gõ ít từ hơn, hoặc xóa ô lọc để xem tất cả.")


def _field(name: str, label: str, hint: str, typed: str) -> None:
    """A field that holds what the address says."""
    key = f"source_{name}"
    st.session_state[key] = typed
    st.text_input(label, key=key, placeholder=hint, on_change=_put, args=(name, key))


def _put(name: str, key: str) -> None:
    """Put a field into the address; a place of before is left."""
    typed = " ".join(st.session_state[key].split())[:MAX_FIND]
    kept = {each: values for each, values in address.now().items() if each == "doc"}
    address.put(kept | {name: [typed]})


# A plan


def _show(document: Document, params: dict[str, str], searcher: Searcher) -> None:
    plan, citation = services.plan(document.id), find_citation(params, document, searcher)
    st.set_page_config(page_title=f"{document.number or 'Văn bản không số'} – {NAME}")
    components.title(document_label(document), document.title)
    if told := later_links(plan.document) + lineage_html(plan.document, plan.earlier):
        st.html(told)
    if citation:
        st.html(markup.div("label", escape(_label(citation))))
    st.html(
        plans.facts(plan.document, plan.contents) + f'<a class="kh-open" href="{SOURCE_PATH}">Chọn văn bản khác</a>'
    )
    if citation is None and "clause" in params:
        st.html(
            markup.notice(
                "Không có đoạn này trong văn bản.", "Văn bản có thể đã được nạp lại: hãy hỏi lại để lấy liên kết mới."
            )
        )
    typed = params.get("find", "")[:MAX_FIND]
    _field("find", "Tìm trong văn bản", "Từ hoặc cụm từ, có dấu hoặc không dấu", typed)
    found = find_in(plan.clauses, typed)
    if params.get("view") == reader.LINES and not found.asked:
        _show_lines(plan, params, citation)
    elif params.get("view") == PAGES and plan.printed and not found.asked:
        _show_page(plan, plan.printed, params, citation)
    else:
        _show_document(plan, params, citation, found)
    scroll.follow_links()


def _label(citation: Citation) -> str:
    return f"Trích dẫn: {citation.label} ({markup.lines_label(*citation.lines)})"


def _show_document(plan: Plan, params: dict[str, str], citation: Citation | None, found: Found) -> None:
    """The plan as a document. What is looked for is marked in place of a citation."""
    document, current = plan.document, 0
    if found.asked:
        current = _number(params.get("hit", ""), len(found.hits))
        set_off = inked.of_find(found, current)
    else:
        set_off = inked.of_citation(citation, _label(citation)) if citation else inked.Inked()
    tree = outline_html(plan.outline, partial(reader.to_clause, document, by_line=False))
    bar = reader.views(document, params, "", printed=bool(plan.printed)) + reader.steps(document, found, current)
    body = document_html(document, plan.clauses, plan.lines, inked.with_doubts(set_off, plan.clauses))
    left_out = plans.discarded_told(plan.contents.coverage)
    rest = f"Bản trình bày không in {left_out}: xem «Bản gốc từng dòng»." if left_out else ""
    st.html(reader.frame(tree, reader.hits(document, found, current), bar, body + markup.note(rest)))
    if current:
        scroll.to_target(f"{found.asked} {current}")
    elif citation and not found.asked:
        scroll.to_target(f"{citation.clause.id} {citation.lines[0]}")


def _number(text: str, most: int) -> int:
    """A number of 1 to `most`; 0 for anything else."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    return number if number <= most else 0


def _show_lines(plan: Plan, params: dict[str, str], citation: Citation | None) -> None:
    """The source, every line numbered."""
    cited, label, found = [], "", []
    if citation:
        cited = [clause for clause in (citation.heading, citation.clause) if clause]
        label, found = citation.label, in_source(citation, plan.lines)
    tree = outline_html(plan.outline, partial(reader.to_clause, plan.document, by_line=True))
    bar = reader.views(plan.document, params, reader.LINES, printed=bool(plan.printed))
    st.html(reader.frame(tree, "", bar, markup.source(plan.lines, cited, label, found)))
    if citation:
        scroll.to_target(f"{citation.clause.id} {citation.lines[0]}")


def _show_page(plan: Plan, pages: Printed, params: dict[str, str], citation: Citation | None) -> None:
    """A page of the file, the cited lines marked on it."""
    page = printed.page_of(params, pages, citation)
    tree = outline_html(plan.outline, partial(reader.to_clause, plan.document, by_line=False))
    bar = reader.views(plan.document, params, PAGES, printed=True)
    try:
        sheet = services.sheet(plan.document, pages.form, page)
    except SourceError as error:
        st.html(reader.frame(tree, "", bar, markup.notice(error.message, error.remedy)))
        return
    found = in_source(citation, plan.lines) if citation else []
    bar += printed.pager(plan.document, params, page, sheet.pages)
    st.html(reader.frame(tree, "", bar, printed.sheet_html(sheet, pages, plan.lines, citation, found)))
    if citation:
        scroll.to_target(f"{citation.clause.id} {page}")


if __name__ == "__main__":
    main()
