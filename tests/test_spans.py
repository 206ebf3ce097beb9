"""Every answer is the plan's own words: a contiguous span of the text that it cites first.

Asked of the index of the four plans: all gold questions, and questions made by a fixed seed from the plans' own words.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from answer.answerer import CHUNK, Answerer
from answer.intent import Intent
from answer.result import Result
from eval.gold import load
from index.search import Searcher
from ingest.clean import fold
from ingest.model import ClauseKind

Item = tuple[str, str | None]

SEED, MADE = 54_143_328, 500
TEMPLATES = (
    "ai chủ trì {topic}?",
    "đơn vị nào chịu trách nhiệm {topic} ở {province}",
    "cơ quan phối hợp về {topic}",
    "{agency} phối hợp với ai để {topic}",
    "{topic} năm {year} đạt bao nhiêu",
    "chỉ tiêu {topic} đến năm {year} của tỉnh {province}?",
    "tỷ lệ {topic} ({year})",
    "{topic} {year}",
    "khi nào {agency} phải {topic}",
    "hạn chót {topic} tại {province}",
    "kinh phí {topic} lấy từ đâu?",
    "nguồn vốn {topic} năm {year}",
    "{agency} được giao nhiệm vụ gì",
    "{agency} {province} làm gì về {topic}",
    "{topic} theo quyết định nào",
    "nghị quyết số mấy về {topic} ở {province}",
    "căn cứ ban hành kế hoạch của {province}",
    "kế hoạch {number} ai ký, {topic}",
    "kế hoạch số {number} ban hành ngày nào",
    "nơi nhận kế hoạch {province}",
    "{topic}",
    "{agency}: {topic}, {province}",
)


@dataclass(frozen=True)
class Words:
    """What questions are made of."""

    topics: Sequence[Sequence[str]]
    agencies: Sequence[str]
    numbers: Sequence[str]
    provinces: Sequence[str]


@pytest.fixture(scope="module")
def searcher(corpus_home: Path) -> Iterator[Searcher]:
    with Searcher.open(corpus_home) as opened:
        yield opened


@pytest.fixture(scope="module")
def answerer(searcher: Searcher) -> Answerer:
    return Answerer(searcher)


@pytest.fixture(scope="module")
def gold() -> list[Item]:
    return [(question.question, question.province) for question in load()]


@pytest.fixture(scope="module")
def results(answerer: Answerer, gold: list[Item]) -> list[Result]:
    return list(answerer.ask_all(gold))


def words_of(searcher: Searcher) -> Words:
    clauses = searcher.clauses()
    texts = [[*c.row.cells.values()] if c.row else [c.text] for c in clauses if c.kind is not ClauseKind.HEADER]
    documents = searcher.documents()
    return Words(
        topics=[words for text in texts for part in text if len(words := part.split()) > 1],
        agencies=sorted({agency.name for clause in clauses for agency in clause.agencies}),
        numbers=[d.number for d in documents] + [d.number.split("/")[0] for d in documents] + ["999"],
        provinces=[d.province for d in documents] + ["br-vt", "TN", "Cà Mau"],
    )


def make(words: Words, dice: random.Random) -> Item:
    topic = dice.choice(words.topics)
    start, length = dice.randrange(len(topic)), dice.randint(2, 9)
    question = dice.choice(TEMPLATES).format(
        topic=" ".join(topic[start : start + length]),
        agency=dice.choice(words.agencies),
        province=dice.choice(words.provinces),
        number=dice.choice(words.numbers),
        year=dice.randint(2020, 2031),
    )
    spelled = dice.choice((str, fold, str.upper, lambda text: lose_letters(text, dice)))(question)
    return spelled, dice.choice((None, None, *words.provinces[:4]))


def lose_letters(text: str, dice: random.Random) -> str:
    """About one letter in twenty is not typed."""
    return "".join(c for c in text if not c.isalpha() or dice.random() > 0.05)


def check(result: Result) -> None:
    """Every answer of a result is a span of what it cites, of the plan that it is said to be of."""
    for answer in result.answers:
        assert answer.text.strip(), result.question
        for number in answer.citations:
            citation = result.citations[number]
            assert citation.quote is not None, result.question
            start, end = citation.quote
            assert 0 <= start < end <= len(citation.text), result.question
            assert citation.text[start:end] == answer.text, (result.question, answer)
            assert citation.document.number == answer.number, (result.question, answer)
            assert citation.document.province == answer.province, (result.question, answer)
    for silence in result.silent:
        assert {result.citations[n].document.number for n in silence.citations} == {silence.number}, result.question


def test_answers_of_gold_questions_are_spans(results: list[Result]) -> None:
    for result in results:
        check(result)
    assert sum(not result.abstained for result in results) > len(results) / 2


def test_answers_of_questions_made_from_the_plans_are_spans(searcher: Searcher, answerer: Answerer) -> None:
    words, dice = words_of(searcher), random.Random(SEED)  # noqa: S311
    answered: Counter[Intent] = Counter()
    for result in answerer.ask_all([make(words, dice) for _ in range(MADE)]):
        check(result)
        answered[result.understood.intent] += not result.abstained
    assert sum(answered.values()) > MADE / 4, answered  # not true of nothing
    assert all(answered[intent] for intent in Intent), answered


def test_questions_asked_together_are_answered_as_alone(
    answerer: Answerer, gold: list[Item], results: list[Result]
) -> None:
    assert len(gold) > CHUNK
    for item, result in list(zip(gold, results, strict=True))[::5]:
        assert replace(answerer.ask(*item), took_ms=0.0) == replace(result, took_ms=0.0)
