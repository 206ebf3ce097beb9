"""Pages of the file behind a plan: kept with it, shown with the cited lines marked; doubtful words told and marked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest
import streamlit as st
from conftest import HashEncoder
from streamlit.testing.v1 import AppTest
from test_app import html, page, ran, text

from answer.answerer import Answerer
from answer.result import Citation, citation_json
from index.build import Builder
from index.codec import fingerprint
from index.search import Searcher
from index.store import State, Store
from ingest.errors import SourceError
from ingest.model import Mark, Parsed, Printed
from ingest.parse import parse_source
from ingest.readers.page_picture import PagePicture
from ingest.readers.source import Flow
from ui import services
from ui.inked import Inked, with_doubts
from ui.links import PAGES, citation_link
from ui.printed import Sheet, page_of, pager, quoted, sheet_html
from ui.quote import in_source

LEAD = "1. Sở Xây dựng chủ trì phát triển nhà ở xã hội cho công nhân."


def plan() -> Parsed:
    """Two printed pages; the figures of the table were read from a picture."""
    flow = Flow()
    head = ["ỦY BAN NHÂN DÂN", "TỈNH LÀO CAI", "Số: 12/KH-UBND", "Lào Cai, ngày 05 tháng 3 năm 2024", "KẾ HOẠCH",
            "Phát triển nhà ở", "I. NHIỆM VỤ"]  # fmt: skip
    for at, line in enumerate(head):
        flow.paragraph(line, (Mark(1, 72, 80 + 20 * at, 300, 92 + 20 * at),))
    flow.paragraph(LEAD, (Mark(1, 72, 300, 520, 312), Mark(1, 72, 316, 200, 328)))
    flow.paragraph("Phụ lục I", (Mark(2, 72, 80, 200, 92),))
    rows = [["TT", "Chỉ tiêu", "Đến năm 2030"], ["1", "Số căn nhà ở xã hội", "2.500"], ["2", "Số trạm y tế", "25"]]
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            flow.paragraph(cell, (Mark(2, 72 + 100 * column, 120 + 20 * at, 160 + 100 * column, 132 + 20 * at),),
                           (cell,) if cell[0].isdigit() and column else ())  # fmt: skip
    source = flow.source(Path("quet.pdf"), b"%PDF", "pdf")
    return parse_source(replace(source, original=b"%PDF the file"))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    home = tmp_path / "nha"
    with Store.open(home) as store:
        Builder(store, HashEncoder(), home).sync([plan()])
    monkeypatch.setenv("KEHOACH_HOME", str(home))
    monkeypatch.setenv("KEHOACH_MODEL", "hash")
    monkeypatch.setattr(services, "load_encoder", lambda _: HashEncoder())
    st.cache_resource.clear()
    yield home
    st.cache_resource.clear()


@pytest.fixture
def searcher(home: Path) -> Iterator[Searcher]:
    with Searcher.open(home, HashEncoder()) as opened:
        yield opened


@pytest.fixture
def drawing(monkeypatch: pytest.MonkeyPatch) -> list[tuple[bytes, str, int]]:
    """What is asked to be drawn."""
    asked: list[tuple[bytes, str, int]] = []

    def draw(data: bytes, form: str, page: int, width: int) -> PagePicture:
        asked.append((data, form, page))
        if page > 2:
            raise SourceError("Không có trang này.", "Chọn trang khác.")
        return PagePicture(b"png", 595, 842, 2)

    monkeypatch.setattr("ingest.readers.page_picture.page_picture", draw)
    return asked


def cited(searcher: Searcher, question: str = "ai chủ trì phát triển nhà ở xã hội?") -> Citation:
    result = Answerer(searcher).ask(question)
    return result.citations[result.answers[0].citations[0]]


def opened(link: str, **more: str) -> AppTest:
    found = {name: values[0] for name, values in parse_qs(urlparse(link).query).items()}
    return page("ui/source.py", **(found | more))


def test_pages_and_doubts_come_back_from_the_store_as_they_were(home: Path) -> None:
    parsed = plan()
    with Store.open(home) as store:
        (entry,) = store.entries(State.LIVE)
        stored = store.parsed(entry.key)
        assert stored == parsed
        assert stored.printed is not None
        assert (stored.printed.form, stored.printed.original) == ("pdf", b"%PDF the file")
        light = store.printed(entry.key)
        assert light == replace(stored.printed, original=b"")
        Builder(store, HashEncoder(), home).remove(entry.document.id)
        Builder(store, HashEncoder(), home).sync([replace_source(parsed)])
        Builder(store, HashEncoder(), home).sync([replace_source(parsed, "c.pdf", "f" * 64)])
    moved = replace(parsed, printed=replace(parsed.printed, marks={1: (Mark(1, 0, 0, 1, 1),)}))  # type: ignore[type-var]
    assert fingerprint(moved) != fingerprint(parsed)


def replace_source(parsed: Parsed, source: str = "b.pdf", digest: str = "") -> Parsed:
    document = parsed.document
    return replace(parsed, document=replace(document, source=source, digest=digest or document.digest))


def test_the_file_goes_when_no_document_holds_it(home: Path) -> None:
    with Store.open(home) as store:
        builder = Builder(store, HashEncoder(), home)
        for number in range(4):  # kept generations go with time
            builder.sync([replace_source(plan(), digest=str(number) * 64)])
        assert len(store.rows("SELECT digest FROM originals")) <= 2


def test_doubts_stay_with_their_clause_and_are_told(searcher: Searcher) -> None:
    rows = [clause for clause in searcher.clauses() if clause.row]
    assert [clause.doubts for clause in rows] == [("2.500",), ("25",)]
    citation = cited(searcher, "số căn nhà ở xã hội đến năm 2030 là bao nhiêu?")
    assert citation.doubts == ("2.500",)
    assert citation_json(citation, 1)["doubts"] == ["2.500"]
    assert cited(searcher).doubts == ()


def test_a_doubtful_word_is_marked_where_it_stands_alone(searcher: Searcher) -> None:
    (first, second) = [clause for clause in searcher.clauses() if clause.row]
    spans = with_doubts(Inked(), [first, second, replace(first, id="x", doubts=("25",))]).spans
    assert [(ink.start, ink.end) for ink in spans[first.id]["target_2030"]] == [(0, 5)]
    assert [(ink.start, ink.end) for ink in spans[second.id]["target_2030"]] == [(0, 2)]
    assert "x" not in spans


def test_a_card_opens_the_page_and_tells_the_doubt(home: Path, searcher: Searcher) -> None:
    app = page(q="số căn nhà ở xã hội đến năm 2030 là bao nhiêu?")
    assert "Đọc từ ảnh, cần kiểm tra: 2.500" in text(app)
    citation = cited(searcher, "số căn nhà ở xã hội đến năm 2030 là bao nhiêu?")
    assert f'href="{citation_link(citation, view=PAGES).replace("&", "&amp;")}">Trang gốc</a>' in html(app)


def test_the_page_of_a_citation_is_shown_with_its_lines_marked(
    home: Path, searcher: Searcher, drawing: list[tuple[bytes, str, int]]
) -> None:
    citation = cited(searcher)
    app = opened(citation_link(citation), view=PAGES)
    drawn = html(app)
    assert drawing == [(b"%PDF the file", "pdf", 1)]
    assert 'src="data:image/png;base64,cG5n"' in drawn
    assert drawn.count('class="kh-spot kh-goal"') == 2
    assert '<mark class="kh-spot kh-quote" style="left:12.10%;top:35.63%;width:75.29%;height:1.43%"></mark>' in drawn
    assert "Trang 1 / 2" in text(app)
    assert ">Trang sau ›</a>" in drawn
    assert "Trang trước" not in drawn
    ran(app)
    assert len(drawing) == 1  # kept


def test_another_page_is_shown_by_its_number_and_one_that_is_not_there_calmly(
    home: Path, searcher: Searcher, drawing: list[tuple[bytes, str, int]]
) -> None:
    link = citation_link(cited(searcher))
    second = opened(link, view=PAGES, page="2")
    assert "Đọc từ ảnh, cần kiểm tra: 2.500, 25" in text(second)
    assert "kh-quote" not in html(second).split("kh-main")[1]
    assert "Không có trang này." in text(opened(link, view=PAGES, page="3"))
    assert "Trang gốc" in text(opened(link))


@pytest.mark.parametrize(
    ("typed", "page"), [("2", 2), ("0", 2), ("-1", 2), ("x", 2), ("", 2), ("²", 2), ("999999", 2), ("7", 7)]
)
def test_the_page_that_is_meant(typed: str, page: int, searcher: Searcher) -> None:
    citation = cited(searcher, "số căn nhà ở xã hội đến năm 2030 là bao nhiêu?")
    printed = searcher.printed(citation.document.id)
    assert printed is not None
    assert page_of({"page": typed}, printed, citation) == page
    assert page_of({}, printed, None) == 1


def test_a_quote_in_a_paragraph_marks_the_printed_lines_that_hold_it() -> None:
    marks = [Mark(1, 0, 10 * at, 100, 10 * at + 8) for at in range(4)]
    for span, held in (((0, 10), [0]), ((40, 44), [1]), ((20, 60), [0, 1, 2]), ((95, 100), [3]), ((48, 52), [1, 2])):
        assert [marks.index(mark) for mark in quoted(marks, [span], 100)] == held
    assert quoted(marks[:1], [(90, 95)], 100) == marks[:1]
    assert quoted([], [(0, 5)], 10) == []


def test_only_the_boxes_of_the_page_are_drawn_and_nothing_of_the_document_is_code(searcher: Searcher) -> None:
    citation = cited(searcher)
    printed = Printed("pdf", b"", {8: (Mark(1, 0, 0, 10, 10), Mark(2, 0, 0, 10, 10))}, {8: ("<script>",)})
    lines = searcher.source_lines(citation.document.id)
    drawn = sheet_html(Sheet(b"x", 2, 9, 100, 100), printed, lines, citation, in_source(citation, lines))
    assert drawn.count("kh-goal") == 1
    assert "&lt;script&gt;" in drawn
    links = pager(citation.document, {"clause": '"><b>', "view": "x"}, 2, 2)
    assert "page=1" in links
    assert "Trang sau" not in links
    assert "<b>T" in links
    assert '"><b>"' not in links
