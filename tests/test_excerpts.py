"""Parts of a plan, read when they are asked for: the same clauses as reading it whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import HashEncoder, make_plan_file

from index import search as module
from index.build import Builder
from index.excerpts import Excerpts
from index.search import Searcher
from index.store import Store
from ingest.errors import IndexStateError
from ingest.model import Clause, ClauseKind


@pytest.fixture(scope="module")
def searcher(corpus_home: Path) -> Iterator[Searcher]:
    with Searcher.open(corpus_home) as opened:
        yield opened


def plans(searcher: Searcher) -> Iterator[tuple[Excerpts, list[Clause]]]:
    for document in searcher.documents():
        yield searcher.excerpts(document.id), searcher.clauses(document.id)


@pytest.mark.parametrize("kinds", [[kind] for kind in ClauseKind] + [[ClauseKind.PARAGRAPH, ClauseKind.BULLET], []])
def test_clauses_of_some_kinds(searcher: Searcher, kinds: list[ClauseKind]) -> None:
    for part, whole in plans(searcher):
        assert list(part.of_kinds(kinds)) == [clause for clause in whole if clause.kind in kinds]


def test_rows_of_a_number(searcher: Searcher) -> None:
    for part, whole in plans(searcher):
        rows = [clause for clause in whole if clause.row and clause.kind is not ClauseKind.HEADING]
        for number in {row.row.tt for row in rows if row.row} | {"999"}:
            assert list(part.rows(number)) == [row for row in rows if row.row and row.row.tt == number]


def test_what_a_line_belongs_to(searcher: Searcher) -> None:
    for part, whole in plans(searcher):
        for line in {0, 10**6, *(clause.place.last for clause in whole[::7])}:
            assert list(part.over(line)) == [c for c in whole if c.place.first <= line <= c.place.last]


def test_a_plan_that_is_gone_is_told(corpus_home: Path) -> None:
    with Store.open(corpus_home, create=False) as store:
        gone = Excerpts(store, 999_999, lambda: IndexStateError("Đã thay.", "Tải lại."))
        with pytest.raises(IndexStateError, match="Đã thay"):
            gone.of_kinds([ClauseKind.HEADING])
        (key, *_) = [entry.key for entry in store.entries()]
        assert Excerpts(store, key, lambda: IndexStateError("Đã thay.", "Tải lại.")).rows("999") == ()


@pytest.mark.parametrize(("number", "cited"), [("5872", True), ("3812", True), ("58", False), ("132", False)])
def test_a_plan_is_cited_by_its_number(searcher: Searcher, number: str, cited: bool) -> None:
    assert searcher.cites(number) is cited


def test_a_number_may_be_glued_to_what_stands_before(builder: Builder, encoder: HashEncoder, home: Path) -> None:
    lines = ["Thực hiện Kế hoạch số7143/KH-UBND", "Các Kế hoạch số 7150,7144/KH-UBND", "Kế hoạch số 7151-7145/KH-UBND"]
    builder.sync([make_plan_file("54/KH-UBND", "Thái Nguyên", lines)])
    with Searcher.open(home, encoder) as opened:
        assert [opened.cites(number) for number in ("7143", "7144", "7145", "7146")] == [True, True, True, False]


def test_for_a_number_that_is_in_no_word_no_text_is_read(searcher: Searcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "is_cited", lambda *_: pytest.fail("texts were read"))
    assert not searcher.cites("77777")
