"""A stock of very many plans: the question is searched once, and put to the plans that hold the best clauses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from answer import hits
from answer.answerer import Answerer
from answer.compare import compare
from index.filter import Filter
from index.search import Searcher

QUESTION = "ai chủ trì nhà ở xã hội?"


@pytest.fixture(scope="module")
def answerer(corpus_home: Path) -> Iterator[Answerer]:
    with Searcher.open(corpus_home) as searcher:
        yield Answerer(searcher)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if two plans were very many, and forty clauses enough to choose them by."""
    monkeypatch.setattr(hits, "MANY", 2)
    monkeypatch.setattr(hits, "NEAREST", 2)


@pytest.mark.usefixtures("few")
def test_the_plans_with_the_best_clauses_are_asked_and_told(answerer: Answerer) -> None:
    result = answerer.ask(QUESTION)
    assert len(result.answers) == 2
    assert {answer.text for answer in result.answers} == {"Sở Xây dựng"}
    assert result.understood.notes == ("hỏi 2 kế hoạch gần câu hỏi nhất trong 4 kế hoạch",)
    asked = {a.number for a in result.answers}
    assert {c.document.number for c in result.citations} == asked  # what is not asked is not cited


def test_few_plans_are_all_asked(answerer: Answerer) -> None:
    assert answerer.ask(QUESTION).understood.notes == ()


@pytest.mark.usefixtures("few")
def test_a_plan_that_is_named_is_asked_as_ever(answerer: Answerer, monkeypatch: pytest.MonkeyPatch) -> None:
    named = answerer.ask(QUESTION, "Đồng Tháp")
    assert [a.text for a in named.answers] == ["Sở Xây dựng"]
    assert named.understood.notes == ()
    monkeypatch.setattr(hits, "MANY", 64)
    assert [a.text for a in answerer.ask(QUESTION, "Đồng Tháp").answers] == ["Sở Xây dựng"]


@pytest.mark.usefixtures("few")
def test_what_another_plan_answers_is_still_told(answerer: Answerer, monkeypatch: pytest.MonkeyPatch) -> None:
    question = "ai chủ trì nhà ở xã hội ở Đồng Nai"
    narrowed = answerer.ask(question)
    monkeypatch.setattr(hits, "MANY", 64)
    assert narrowed.answers == answerer.ask(question).answers == ()
    assert narrowed.elsewhere


@pytest.mark.usefixtures("few")
def test_a_comparison_asks_every_plan(answerer: Answerer) -> None:
    assert len(compare(answerer, QUESTION).sides) == 4


@pytest.mark.usefixtures("few")
def test_a_filter_holds_for_the_choice_too(answerer: Answerer) -> None:
    chosen = frozenset(d.id for d in answerer.documents[:3])
    result = answerer.ask(QUESTION, restrict=Filter(documents=chosen))
    assert {c.document.id for c in result.citations} <= chosen
    assert "trong 3 kế hoạch" in result.understood.notes[0]
