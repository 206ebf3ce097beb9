"""The page «Văn bản» in every state, run without a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from conftest import HashEncoder, make_plan_file
from streamlit.testing.v1 import AppTest
from test_app import HOUSING, IMAGE, SCRIPT, build, built, environment, html, page, plans, ran, searcher, source, text

from index.build import Builder
from index.search import Searcher
from index.store import Store
from ingest.errors import IndexStateError
from ingest.model import Coverage, Document
from ui import services
from ui.plans import coverage_cell, matching

__all__ = ["built", "environment", "plans", "searcher"]  # fixtures

SOURCE = "ui/source.py"


def opened(**params: str) -> AppTest:
    return page(SOURCE, **params)


def named(searcher: Searcher, province: str) -> Document:
    return next(document for document in searcher.documents() if document.province == province)


def links(app: AppTest, css: str) -> list[dict[str, str]]:
    """Query parameters of the links within elements of a class, to the end of the page."""
    found = re.findall(r'href="(van-ban[^"]*)"', html(app).partition(css)[2])
    return [dict(parse_qsl(urlsplit(unescape(href)).query)) for href in found]


# The list


def test_the_list_tells_what_each_plan_is_and_what_became_of_its_lines(searcher: Searcher) -> None:
    app = opened()
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", html(app), re.DOTALL)
    told = [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]
    assert len(told) == 3
    contents = searcher.contents(named(searcher, "Đồng Tháp").id)
    assert (contents.rows, contents.tables) == (2, 1)
    assert told[1] == (
        "77/KH-UBND Kế hoạch Đồng Tháp 05/02/2024 Thực hiện chính sách xã hội trên địa bàn tỉnh Đồng Tháp "
        "Lưu ý: không thấy người ký không rõ "
        f"{contents.clauses} đoạn 1 bảng 2 dòng bảng {contents.coverage.total} dòng có chữ "
        f"{contents.coverage.in_clauses} trong các đoạn {contents.coverage.in_header} ở phần đầu, phần ký "
        + " ".join(f"{count} bỏ qua: {reason}" for reason, count in sorted(contents.coverage.discarded.items()))
    )
    assert "Nguyễn Văn A CHỦ TỊCH" in told[2]
    assert not app.text_input  # three are seen at a glance


def test_the_figures_are_those_of_the_plan(searcher: Searcher) -> None:
    for document in searcher.documents():
        found, clauses = searcher.contents(document.id), searcher.clauses(document.id)
        lines = [line for line in searcher.source_lines(document.id) if line.strip()]
        assert found.coverage.total == len(lines)
        assert found.clauses == len(clauses)
        assert found.rows == sum(clause.row is not None for clause in clauses)
    with pytest.raises(IndexStateError, match="khong-co"):
        searcher.contents("khong-co")


def test_a_line_that_is_nowhere_is_told() -> None:
    assert "1 dòng chưa vào đâu" in coverage_cell(Coverage(5, 2, {"số trang": 1}, 9))
    assert "chưa vào đâu" not in coverage_cell(Coverage(5, 2, {"số trang": 1}, 8))


@pytest.fixture
def many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A home with eight plans."""
    names = ["Huế", "Đà Nẵng", "Cà Mau", "Lào Cai", "Sơn La", "Nghệ An", "Phú Thọ", "Đồng Nai"]
    parsed = [make_plan_file(f"{n}/KH-UBND", name, [f"Nội dung {n}"]) for n, name in enumerate(names, start=10)]
    with Store.open(tmp_path / "nha") as store:
        Builder(store, HashEncoder(), tmp_path / "nha").sync(parsed)
    monkeypatch.setenv("KEHOACH_HOME", str(tmp_path / "nha"))
    return None


@pytest.mark.usefixtures("many")
def test_many_plans_are_narrowed_by_typing_and_the_address_keeps_it() -> None:
    app = opened()
    assert app.text_input[0].label == "Lọc danh sách"
    assert "8 / 8 văn bản" in text(app)
    ran(app.text_input[0].set_value(" da  nang "))
    assert app.query_params == {"filter": "da nang"}
    assert "1 / 8 văn bản" in text(app)
    assert "11/KH-UBND" in text(app)
    app.query_params["filter"] = "kh-ubnd dong 17"  # a link, the back button
    assert "Đồng Nai" in text(ran(app))
    assert app.text_input[0].value == "kh-ubnd dong 17"
    assert len(re.findall(r'scope="row"', html(app))) == 1


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("typed", ["vàng", SCRIPT, IMAGE, "x" * 5000])
def test_a_filter_that_fits_nothing_says_so(typed: str) -> None:
    app = opened(filter=typed)
    assert "Không có văn bản nào khớp với" in text(app)
    assert "kh-plans" not in html(app)
    assert "<script" not in html(app)
    assert "<img" not in html(app)


def test_words_of_a_filter_may_stand_anywhere(searcher: Searcher) -> None:
    listed = services.plans()
    assert [plan.document.number for plan in matching(listed, "van a lao")] == ["12/KH-UBND"]
    assert [plan.document.number for plan in matching(listed, "đồng 2024")] == ["88/KH-UBND", "77/KH-UBND"]
    assert len(matching(listed, " ")) == len(searcher.documents())


# A plan


def test_a_plan_has_metadata_outline_and_text(searcher: Searcher) -> None:
    document = named(searcher, "Lào Cai")
    app = opened(doc=document.id)
    assert "Kế hoạch số 12/KH-UBND ngày 05/2/2024 của UBND tỉnh Lào Cai" in text(app)
    assert "Người ký Nguyễn Văn A (CHỦ TỊCH)" in text(app)
    assert "Căn cứ, nơi nhận, tệp nguồn" in text(app)
    outline = html(app).partition('<nav class="kh-outline"')[2].partition("</nav>")[0]
    titles = [unescape(title) for title in re.findall(r"<a [^>]*>([^<]*)", outline)]
    assert titles[:2] == ["I. MỤC TIÊU", "1. Đến năm 2030, xây dựng 3.200 căn hộ nhà ở xã hội cho công nhân."]
    assert titles[-3:] == ["II. TỔ CHỨC THỰC HIỆN", "1. Sở Xây dựng", "2. Sở Y tế"]
    targets = re.findall(r'data-to="([^"]*)"', outline)
    assert all(f' id="{target}"' in html(app) for target in targets)
    assert '<h2>I. MỤC TIÊU</h2><a class="kh-self"' in html(app)


def test_a_link_to_a_clause_sets_it_off_below_its_label(searcher: Searcher) -> None:
    document = named(searcher, "Lào Cai")
    clause = next(c for c in searcher.clauses(document.id) if c.text.startswith("2. Sở Y tế"))
    app = opened(doc=document.id, clause=clause.id)
    label = "Trích dẫn: khoản 2, mục II, Kế hoạch số 12/KH-UBND ngày 05/2/2024 của UBND tỉnh Lào Cai (dòng 28)"
    assert text(app).count(label) == 2
    assert re.search(
        r'class="kh-here">[^<]*</div><div class="kh-c kh-d2 kh-par kh-cited" id="doan-rom-ii/ara-2"', html(app)
    )
    assert html(app).count("kh-cited") == 1
    assert {"doc": document.id, "clause": clause.id} in links(app, "kh-doc")


def test_a_citation_marks_the_words_of_the_answer(searcher: Searcher) -> None:
    drawn = html(opened(**source(searcher, HOUSING, "Lào Cai")))
    assert '<h3>1. <mark class="kh-quote">Sở Xây dựng</mark></h3>' in drawn
    assert drawn.count("<mark") == 1
    assert drawn.count(' kh-cited"') == 2  # the heading and its bullet
    assert drawn.count("kh-here") == 1


def test_the_words_of_a_merged_cell_are_marked_in_the_row(searcher: Searcher) -> None:
    drawn = html(opened(**source(searcher, "ai chủ trì xóa nhà tạm?", "Đồng Tháp")))
    cell = '<mark class="kh-quote">Sở Xây dựng</mark> <span class="kh-merged">(ô gộp)</span></td>'
    assert f'<td class="kh-mid kh-inherited">{cell}' in drawn
    assert re.search(r'<tr class="kh-here-row"><td colspan="5"><div class="kh-here">Trích dẫn: TT 2', drawn)
    assert drawn.count('class="kh-cited"') == 1


def test_the_switch_keeps_the_place(searcher: Searcher) -> None:
    params = source(searcher, HOUSING, "Lào Cai")
    document, lines = links(opened(**params), "kh-views")[:2]
    assert document == params
    assert lines == params | {"view": "dong"}
    by_line = opened(**lines)
    assert "kh-line kh-cited" in html(by_line)
    assert "kh-doc" not in html(by_line)
    assert links(by_line, "kh-views")[:2] == [document, lines]


def test_what_the_document_leaves_out_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    head = "ỦY BAN NHÂN DÂN\nTỈNH CÀ MAU\n-------\n\nSố: 5/KH-UBND\n\nKẾ HOẠCH\n\nVề nhà ở\n\nI. NHIỆM VỤ\n\n"
    (tmp_path / "5.txt").write_text(head + "1. Xây nhà ở.\n", encoding="utf-8")
    build(tmp_path / "nha", [tmp_path / "5.txt"], HashEncoder())
    monkeypatch.setenv("KEHOACH_HOME", str(tmp_path / "nha"))
    (document,) = services.documents()
    assert "Bản trình bày không in 1 dòng đường kẻ: xem «Bản gốc từng dòng»." in text(opened(doc=document.id))


# Search inside


def test_words_are_found_without_diacritics_and_kept_in_the_address(searcher: Searcher) -> None:
    document = named(searcher, "Lào Cai")
    app = opened(doc=document.id, clause="x", quote="1-2")
    assert app.text_input[0].label == "Tìm trong văn bản"
    ran(app.text_input[0].set_value(" nha o xa hoi "))
    assert app.query_params == {"doc": document.id, "find": "nha o xa hoi"}
    assert "2 chỗ có «nha o xa hoi»" in text(app)
    assert re.findall(r'id="(cho-\d)">([^<]*)', html(app)) == [("cho-1", "nhà ở xã hội"), ("cho-2", "nhà ở xã hội")]
    hits = links(app, "kh-hits")[:2]
    assert hits == [{"doc": document.id, "find": "nha o xa hoi", "hit": n} for n in ("1", "2")]
    second = opened(**hits[1])
    assert "chỗ 2/2" in text(second)
    assert html(second).count("kh-goal") == 1
    assert [link.get("hit") for link in links(second, "kh-steps")[:3]] == ["1", "1", None]


def test_nothing_found_inside_says_so(searcher: Searcher) -> None:
    app = opened(doc=named(searcher, "Lào Cai").id, find="vàng miếng")
    assert "Không có «vàng miếng» trong văn bản này." in text(app)
    assert "kh-steps" not in html(app)


@pytest.mark.parametrize("find", [SCRIPT, IMAGE, "((((", "a" * 9000, "\0", "%", " "])
@pytest.mark.parametrize("more", [{}, {"view": "dong", "hit": "²"}, {"hit": "99999999"}])
def test_odd_words_are_looked_for_calmly(find: str, more: dict[str, str], searcher: Searcher) -> None:
    app = opened(doc=named(searcher, "Lào Cai").id, find=find, **more)
    drawn = html(app)
    assert "kế hoạch trong kho" in text(app)
    assert "<script" not in drawn
    assert "<img" not in drawn
    assert len(app.text_input[0].value) <= 200


# Text stays text


def test_hostile_text_of_a_plan_stays_text(searcher: Searcher) -> None:
    document = named(searcher, "Lào Cai")
    for params in ({}, {"find": "script"}, {"view": "dong"}, {"clause": IMAGE, "heading": SCRIPT, "quote": IMAGE}):
        drawn = html(opened(doc=document.id, **params))
        assert re.sub(r"</?mark[^>]*>", "", drawn).count(escape(SCRIPT)) >= 1
        assert escape(IMAGE) in drawn
        assert "<script" not in drawn
        assert "<img" not in drawn
        assert not re.search(r"<[^<>]*\son\w+\s*=", drawn)
