"""Whatever is typed is answered, refused or told to be empty: no other exception, and JSON that UTF-8 can hold."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from answer.answerer import Answerer
from answer.result import Result, to_json
from answer.words import FUNCTION_WORDS
from index.search import Searcher
from ingest.errors import QuestionError

LONG = 100_000
EXAMPLES = 150

FRAGMENTS = (
    "'; DROP TABLE clauses; --", '" OR 1=1 --', "SELECT * FROM documents", "<script>alert(1)</script>", "<b>", "&lt;",
    "../../etc/passwd", "C:\\Windows", "file:///etc/passwd", "${jndi:ldap://x}", "%s%n {0} {question!r}", "$(rm -rf /)",
    'NEAR("a" "b", 5)', "nhà* OR ở", "^nhà", "NOT", "AND", "(((", "column:x", "[red]", "[/]", "**đậm**", "\\", "|",
    "🙂", "👨‍👩‍👧‍👦", "🇻🇳", "中文問題", "日本語の質問", "вопрос", "سؤال", "שאלה", "คำถาม", "प्रश्न",
    "\u202eai chủ trì\u202c", "\u2066x",
    "\x00", "\x1b[31m", "\x7f", "\x85", "\r\n", "\t", "\u2028", "\u200b", "\ufeff", "\ufffe", "\U0010ffff",
    "\ud800", "\udfff", "\udcff", "\ud83d\ude42", "e\u0301\u0323\u0302", "\u0301", "Ⅻ", "½", "٣٤", "²", "ﬁ", "ﷺ", "İ",
    "ß", "Đ", "ð", "ai", "chủ trì", "nhà ở xã hội", "năm 2030", "%", "143/KH-UBND", "kế hoạch số", "9" * 30, "-", "–",
    "Thái Nguyên", "br-vt", "nghị quyết nào", "ai ký", "bao nhiêu", "tỷ lệ", "hạn", "căn cứ", "kinh phí", "nơi nhận",
    "Sở Y tế", "các sở, ngành:", "UBND", "TP.", "tỉnh", "?", ".", ";",
)  # fmt: skip

ANY = st.text(st.characters(exclude_categories=()), max_size=120)  # lone surrogates and unassigned ones too
MARKED = st.text(st.sampled_from("aeiouydđ\u0300\u0301\u0303\u0309\u0323\u0302\u0306\u031b "), max_size=60)
JOINED = st.builds(
    lambda parts, between: between.join(parts),
    st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=8)), max_size=12),
    st.sampled_from(("", " ", "\n", "/", "\u00a0")),
)
IDLE = st.lists(st.sampled_from(sorted(FUNCTION_WORDS)), max_size=20).map(" ".join)
DIGITS = st.text("0123456789/-.,% ", max_size=80)
REPEATED = st.builds(
    lambda part, times: (part * times)[:3_000], st.sampled_from(FRAGMENTS), st.integers(min_value=2, max_value=1_000)
)
QUESTIONS = st.one_of(ANY, MARKED, JOINED, JOINED, IDLE, DIGITS, REPEATED)
PROVINCES = st.one_of(st.none(), st.sampled_from(("Thái Nguyên", "dong nai", "Cà Mau", "", "Atlantis", "\ud800")), ANY)


@pytest.fixture(scope="module")
def answerer(corpus_home: Path) -> Iterator[Answerer]:
    with Searcher.open(corpus_home) as searcher:
        yield Answerer(searcher)


def calm(answerer: Answerer, question: str, province: str | None = None) -> Result | None:
    """The result, in order in itself; None where the question is refused as documented."""
    try:
        result = answerer.ask(question, province)
    except QuestionError as error:
        assert not question.strip() or province is not None
        assert error.message
        assert error.remedy
        return None
    told = json.dumps(to_json(result, "1"), ensure_ascii=False).encode("utf-8")
    assert json.loads(told)["abstained"] == result.abstained
    assert result.abstained == bool(result.reason)
    for answer in result.answers:
        citation = result.citations[answer.citations[0]]
        assert citation.quote is not None
        assert citation.text[slice(*citation.quote)] == answer.text != ""
    return result


@settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
@given(question=QUESTIONS, province=PROVINCES)
@example(question="", province=None)
@example(question=" \n\t\u00a0", province=None)
def test_any_question_is_answered_refused_or_empty(answerer: Answerer, question: str, province: str | None) -> None:
    calm(answerer, question, province)


@pytest.mark.parametrize(
    "part", ["x", "nhà ở xã hội ", "🙂", "\u0301", "a\u0323\u0302", " ", "\x00", "ﷺ", "12/KH-UBND ", "1"]
)
def test_a_question_of_a_hundred_thousand_characters(answerer: Answerer, part: str) -> None:
    result = calm(answerer, (part * LONG)[:LONG])
    assert (result is None) == (not part.strip())


@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_every_fragment_alone(answerer: Answerer, fragment: str) -> None:
    calm(answerer, fragment)
