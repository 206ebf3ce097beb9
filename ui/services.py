"""The one place that opens the index. Pages call it through the module, so that a test can put its own in.

What is opened is shared by all sessions and never changed. The key holds the generation that `CURRENT` names, read
anew on each run of a page: a new index is picked up without a restart.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter

import streamlit as st

from answer.agency import ListedAgency, listed_agencies
from answer.answerer import Answerer
from answer.outline import Node, outline
from answer.result import Result
from index.contents import Contents
from index.embed import Encoder, canonical_name, load_encoder
from index.filter import EVERYTHING, Filter
from index.lineage import Earlier
from index.reports import Report, add_report
from index.reports import reports as stored_reports
from index.reports import settle as settle_report
from index.search import Searcher
from index.store import Store
from ingest.clean import alphabetical
from ingest.errors import InputError
from ingest.model import Clause, Document, Printed
from ingest.settings import Settings
from ingest.where import Where
from serving import log
from serving.cache import Cache, most_bytes
from serving.current import Key, key_of
from serving.opened import Opened, open_index
from ui import access
from ui.access import Access
from ui.plans import Listed
from ui.printed import Sheet

SHEET_WIDTH = 1400  # pixels of a page: sharp at the width of the text, some 200 KB
BRIEFLY = 3.0  # seconds that a reader waits for another who writes


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as it is read on a page: clauses in order, source lines, sections as a tree, figures, where its lines
    stand on the pages of its file, where that has any, and the earlier documents that it replaces or amends."""

    document: Document
    clauses: tuple[Clause, ...]
    lines: tuple[str, ...]
    outline: Sequence[Node]
    contents: Contents
    printed: Printed | None
    earlier: tuple[Earlier, ...] = ()


def opened() -> Opened:
    """The current generation.

    Raises:
        InputError: a setting is wrong; there is no index, a damaged one, or one of another encoder.
    """
    return _open(*_key())


def warm() -> None:
    """Do what the first question would have to wait for. What is wrong with the index the pages tell."""
    with suppress(InputError):
        opened().answerer.ask("Ai chủ trì?")


def answerer() -> Answerer:
    """Answers over the current generation; raises as `opened` does."""
    return opened().answerer


def ask(question: str, province: str | None, keep: frozenset[str], restrict: Filter = EVERYTHING) -> Result:
    """The answer of the current generation, remembered; raises as `Answerer.ask` and `opened` do."""
    started = perf_counter()
    key = _key()
    answerer = _open(*key).answerer  # before anybody waits for the answer: a click may end this run of the page here
    result, cached = _answers().get(
        (key, question, province, keep, restrict), lambda: answerer.ask(question, province, keep, restrict), weight
    )
    log.event(
        "ask",
        surface="app",
        took_ms=round((perf_counter() - started) * 1000, 1),
        generation=key.name,
        cached=cached,
        answers=len(result.answers),
        abstained=result.abstained,
        **({"question": question} if log.with_questions() else {}),
    )
    return result


def weight(result: Result) -> int:
    """About how many bytes a remembered answer takes: its texts, which it shares with others as long as they live."""
    texts = [result.question, *(citation.text for citation in result.citations)]
    return 2_000 + 500 * len(result.citations) + 2 * sum(map(len, texts))


def searcher() -> Searcher:
    """Search and source text of the current generation; raises as `opened` does."""
    return opened().searcher


def documents() -> list[Document]:
    """The plans of the current generation; raises as `opened` does."""
    return opened().searcher.documents()


def plan(document_id: str) -> Plan:
    """A plan of the current generation with its clauses, read once a generation; raises as `opened` does, and
    `IndexStateError` where there is no such plan."""
    return _plan(*_key(), document_id)


def sheet(document: Document, form: str, page: int) -> Sheet:
    """A page of the file of a plan as a picture; raises as `opened` does, and `SourceError` where there is no such page
    or it cannot be drawn."""
    return _sheet(*_key(), document, form, page)


def plans() -> list[Listed]:
    """The plans with their figures, read once a generation; raises as `opened` does."""
    return _plans(*_key())


def encoder() -> Encoder:
    """The encoder that the settings name; raises as `opened` does when it cannot be loaded."""
    name = Settings.from_environment().encoder
    return _encoder(name, canonical_name(name))


def agencies() -> list[ListedAgency]:
    """The agencies of the plans with their counts, read once a generation; raises as `opened` does."""
    return _listed(*_key())


def agency_names() -> list[str]:
    """Names of the agencies of the plans, without what it takes to count; raises as `opened` does."""
    return _agency_names(*_key())


def report(found: Report) -> None:
    """Keep what a reader reports.

    Raises:
        QuestionError: too many wait already.
        IndexStateError: the database cannot be written.
    """
    with Store.open(Settings.from_environment().home, create=False, patience=BRIEFLY) as store:
        add_report(store, found)


def reports() -> list[Report]:
    """What readers reported; raises as `report` does."""
    with Store.open(Settings.from_environment().home, create=False, patience=BRIEFLY) as store:
        return stored_reports(store)


def settle(key: int, *, settled: bool = True) -> None:
    """Mark a report as seen to, or take that back; raises as `report` does."""
    with Store.open(Settings.from_environment().home, create=False, patience=BRIEFLY) as store:
        settle_report(store, key, settled=settled)


def reader() -> str:
    """E-mail of the reader, "" where nobody logs in."""
    known = access.identity() if access.login_configured() else None
    return known.email if known else ""


def may_edit() -> bool:
    """Whether the reader may change what is stored."""
    return access.current() is Access.EDITOR


def today() -> date:
    """The day that deadlines are counted from."""
    return date.today()


def _key() -> Key:
    """What the settings say is to be opened: home, encoder, generation."""
    return key_of(Settings.from_environment())


@st.cache_resource(show_spinner=False)
def _answers() -> Cache[Result]:
    """The answers of this process, for all sessions."""
    return Cache(most_bytes())


def _close(item: Opened) -> None:
    item.searcher.close()


# `generation` is there for the key. Three are kept: a run that began before a new one came may still read the old.
@st.cache_resource(show_spinner="Đang mở chỉ mục…", max_entries=3, on_release=_close)
def _open(home: str, encoder: str, generation: str, where: Where) -> Opened:
    return open_index(Path(home), _encoder(encoder, canonical_name(encoder)), where)


@st.cache_resource(show_spinner="Đang đếm việc của các cơ quan…", max_entries=3)
def _listed(home: str, encoder: str, generation: str, where: Where) -> list[ListedAgency]:
    return listed_agencies(_open(home, encoder, generation, where).searcher)


@st.cache_resource(show_spinner=False, max_entries=3)
def _agency_names(home: str, encoder: str, generation: str, where: Where) -> list[str]:
    return sorted(_open(home, encoder, generation, where).searcher.agencies(), key=alphabetical)


@st.cache_resource(show_spinner="Đang mở văn bản…", max_entries=24)
def _plan(home: str, encoder: str, generation: str, where: Where, document_id: str) -> Plan:
    searcher = _open(home, encoder, generation, where).searcher
    clauses, lines = tuple(searcher.clauses(document_id)), searcher.source_lines(document_id)
    document = next(each for each in searcher.documents() if each.id == document_id)
    contents, printed = searcher.contents(document_id), searcher.printed(document_id)
    earlier = searcher.lineage.earlier(document)
    return Plan(document, clauses, lines, outline(clauses), contents, printed, earlier)


@st.cache_resource(show_spinner="Đang vẽ trang…", max_entries=48, hash_funcs={Document: lambda document: document.id})
def _sheet(home: str, encoder: str, generation: str, where: Where, document: Document, form: str, page: int) -> Sheet:
    from ingest.readers.page_picture import page_picture

    data = _open(home, encoder, generation, where).searcher.original(document)
    picture = page_picture(data, form, page, SHEET_WIDTH)
    return Sheet(picture.png, page, picture.pages, picture.width, picture.height)


@st.cache_resource(show_spinner="Đang xem các văn bản…", max_entries=3)
def _plans(home: str, encoder: str, generation: str, where: Where) -> list[Listed]:
    searcher = _open(home, encoder, generation, where).searcher
    found = sorted(searcher.documents(), key=lambda d: (alphabetical(d.province), d.number, d.id))
    return [Listed(each, searcher.contents(each.id), searcher.lineage.earlier(each)) for each in found]


@st.cache_resource(show_spinner="Đang nạp mô hình…", max_entries=2)
def _encoder(name: str, canonical: str) -> Encoder:
    """The encoder, kept apart: a stronger model takes seconds to load, and a new generation rarely changes it."""
    return load_encoder(name)
