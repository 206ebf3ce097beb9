"""Search inside a plan: spelling, phrases before words, rows by cell."""

from __future__ import annotations

from dataclasses import replace

import pytest
from conftest import make_plan_file

from ingest.model import Clause, ClauseKind, Row
from ui.find_in import Found, find_in, parts
from ui.reader import snippet, told

TEXTS = [
    "Phát triển nhà ở xã hội; nhà ở xã hội cho công nhân",
    "Xã hội hóa việc xây nhà cho người ở trọ",
    "Mở rộng mô hình 12.500 căn, uỷ quyền cho cơ sở",
    "- Dân số đạt 1.500 người",
]


def clauses() -> tuple[Clause, ...]:
    return make_plan_file("1/KH-UBND", "Huế", TEXTS).clauses


def words(found: Found) -> list[str]:
    return [parts(hit.clause)[part][start:end] for hit in found.hits for part, start, end in hit.words]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("nha o xa hoi", ["nhà ở xã hội", "nhà ở xã hội"]),
        ("  NHÀ  Ở ", ["nhà ở", "nhà ở"]),
        ("mở", ["Mở"]),
        ("mo", ["Mở", "mô"]),
        ("mỗ", ["Mở", "mô"]),  # as typed it is nowhere: without its marks it is
        ("ủy quyền", ["uỷ quyền"]),
        ("500", ["500", "500"]),
        ("12.500", ["12.500"]),
        ("quyề", ["quyề"]),  # the beginning of a word
        ("ông", []),  # the end of one
        ("dan so", ["Dân số"]),
        (".*", []),
        ("", []),
    ],
)
def test_words_are_found_as_typed_then_without_marks_then_from_their_beginning(asked: str, expected: list[str]) -> None:
    assert words(find_in(clauses(), asked)) == expected


def test_where_the_phrase_is_nowhere_clauses_with_all_words_are() -> None:
    found = find_in(clauses(), "trọ nhà xã hội")
    assert not found.phrase
    assert [hit.clause.ordinal for hit in found.hits] == [1]
    assert words(found) == ["Xã", "hội", "nhà", "trọ"]
    assert told(found) == "Không có cả cụm «trọ nhà xã hội»; <b>1 chỗ</b> có đủ các từ"
    assert not find_in(clauses(), "trọ nhà vàng").hits


def test_a_row_is_searched_by_cell_and_its_column_names_are_not() -> None:
    row = Row("Bảng", "", "9", None, {"task": "Xây nhà", "lead": "Sở Xây dựng"}, (), {"task": "Nhiệm vụ"})
    clause = replace(clauses()[0], kind=ClauseKind.ROW, text="TT: 9 | Nhiệm vụ: Xây nhà | lead: Sở Xây dựng", row=row)
    assert [hit.words for hit in find_in([clause], "xay").hits] == [(("task", 0, 3),), (("lead", 3, 6),)]
    assert [hit.words for hit in find_in([clause], "9").hits] == [(("tt", 0, 1),)]
    assert find_in([clause], "nhà sở").hits[0].words == (("task", 4, 7), ("lead", 0, 2))
    assert not find_in([clause], "nhiệm vụ").hits


def test_a_header_of_a_table_is_searched_by_column() -> None:
    header = replace(
        clauses()[0], id="x/app-i/columns~2", kind=ClauseKind.HEADING, text="TT | Nhiệm vụ | Cơ quan chủ trì"
    )
    assert [hit.words for hit in find_in([header], "chu tri").hits] == [(("Cơ quan chủ trì", 8, 15),)]
    assert not find_in([header], "vụ cơ quan").phrase


def test_a_snippet_is_cut_at_words_and_escaped() -> None:
    text = "đầu <b> " + "chữ " * 40 + "nhà ở & " + "chữ " * 40 + "cuối"
    (hit,) = find_in([replace(clauses()[0], text=text)], "nhà ở").hits
    shown = snippet(hit)
    assert shown.startswith("…chữ ")
    assert shown.endswith(" chữ…")
    assert "<mark>nhà ở</mark> &amp; chữ" in shown
    assert 100 < len(shown) < 180
    (start,) = find_in([replace(clauses()[0], text=text)], "đầu").hits
    assert snippet(start).startswith("<mark>đầu</mark> &lt;b&gt; chữ")
