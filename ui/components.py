"""What several pages draw: messages, headings, citation cards. The HTML itself is made by `markup`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from html import escape

import streamlit as st

from answer.result import Citation
from ingest.errors import EngineError, IndexStateError, InputError
from ingest.settings import Settings
from ui import fields, markup


@contextmanager
def calm() -> Iterator[None]:
    """Show what cannot be done, and how to mend it, in place of the part of the page drawn within."""
    try:
        yield
    except (IndexStateError, EngineError) as error:
        message, remedy = map(_without_path, (error.message, error.remedy))
        st.html(markup.notice(message, f"Người quản trị: {remedy}"))
    except InputError as error:
        st.html(markup.notice(error.message, error.remedy))


def _without_path(text: str) -> str:
    """Where the index lies on the server, and where the engine is, is nothing for a page."""
    settings = Settings.from_environment()
    home = settings.home
    if settings.engine.address:
        text = text.replace(f" {settings.engine}", "")
    return text.replace(str(home.resolve()), "kho").replace(str(home), "kho")


def title(text: str, lead: str = "") -> None:
    """The heading of a page."""
    below = markup.div("lead", escape(lead)) if lead else ""
    st.html(f'<h1 class="kh-title" lang="vi">{escape(text)}</h1>{below}')


def part(text: str) -> None:
    """The heading of a part of a page."""
    st.html(f'<h2 class="kh-part" lang="vi">{escape(text)}</h2>')


def empty() -> None:
    """Say that there is no plan to ask."""
    st.html(markup.notice("Kho chưa có kế hoạch nào.", "Nạp kế hoạch bằng lệnh `kehoach ingest <thư mục>`."))


def examples(questions: Sequence[str]) -> None:
    """Questions to be asked at a click."""
    st.html(markup.div("lead", "Ví dụ, bấm để hỏi:"))
    with st.container(horizontal=True, gap="small"):
        for question in questions:
            st.button(question, on_click=fields.ask, args=(question,))


def cards(citations: Iterable[Citation]) -> None:
    """Citation cards, one below the other."""
    st.html("".join(markup.card(citation) for citation in citations))


def folded_cards(name: str, citations: Sequence[Citation]) -> None:
    """Citations of lesser weight, folded away under a name with their number."""
    if citations:
        with st.expander(f"{name} ({len(citations)})"):
            cards(citations)
