"""One question's result against its gold: found, right, cited right, refused."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from answer.result import Answer, Citation, Result
from eval.gold import Question, tight
from ingest.clean import repair

SHORT, LONG = 160, 400  # characters of a short answer, and of one that is still an answer


@dataclass(frozen=True, slots=True)
class Record:
    """What became of one question. `ranking` holds the ids of the returned passages, `hits` those that hold a quote.

    `right` and `right_short`: the answer of the plan asked holds every expected string within 400 and 160 characters.
    `confidence` is that of the surest answer given for the plan, 0 when none was.
    """

    id: str
    question: str
    half: str
    kind: str
    style: str
    plan: str
    answerable: bool
    ranking: tuple[str, ...]
    hits: tuple[str, ...]
    answer: str
    right: bool
    right_short: bool
    citation_right: bool
    refused: bool
    confidence: float
    took_ms: float
    expected: str
    returned: str

    def to_json(self) -> dict[str, Any]:
        """Plain values, for the run's file."""
        return asdict(self)


def judge(question: Question, result: Result) -> Record:
    """Hold a result against a question with one plan."""
    answers = [a for a in result.answers if not question.plan or a.number == question.plan]
    best = answers[0] if answers else None
    quotes = [tight(quote) for quote in question.quotes]
    hits = [c.clause.id for c in result.citations if any(q in tight(c.text) for q in quotes)]
    right = best is not None and len(best.text) <= LONG and holds_any(best.text, question.answers)
    return Record(
        id=question.id,
        question=question.question,
        half=question.half,
        kind=question.kind,
        style=question.style,
        plan=question.plan,
        answerable=question.answerable,
        ranking=tuple(c.clause.id for c in result.citations),
        hits=tuple(hits),
        answer=best.text if best else "",
        right=right,
        right_short=right and best is not None and len(best.text) <= SHORT,
        citation_right=best is not None and _cited_right(best, result.citations, question),
        refused=best is None,
        confidence=best.confidence if best else 0.0,
        took_ms=result.took_ms,
        expected=" | ".join(" + ".join(a) for a in question.answers),
        returned=result.citations[0].label if result.citations else "",
    )


def _cited_right(answer: Answer, citations: Sequence[Citation], question: Question) -> bool:
    """Whether the first cited clause holds the expected answer."""
    return holds_any(citations[answer.citations[0]].text, question.answers)


def holds_any(text: str, answers: Sequence[Sequence[str]]) -> bool:
    """Whether a text holds all strings of one of the sets."""
    return any(all(holds(text, part) for part in answer) for answer in answers)


def holds(text: str, part: str) -> bool:
    """Whether a string stands in a text as a whole: «10» does not stand in «10.000» or «2010»."""
    pattern = r"\s*".join(re.escape(c) for c in re.sub(r"\s", "", _plain(part)))
    return re.search(rf"(?<![\w])(?<!\d[.,]){pattern}(?![\w]|[.,]\d)", _plain(text)) is not None


def _plain(text: str) -> str:
    return repair(text).casefold().replace("–", "-")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a comparison: what was expected (None: the plan is silent), what was given (None: nothing)."""

    id: str
    half: str
    province: str
    expected: tuple[str, ...] | None
    given: str | None

    @property
    def right(self) -> bool:
        """Whether both are silent, or the given text holds what was expected."""
        if self.expected is None or self.given is None:
            return self.expected is None and self.given is None
        return all(holds(self.given, part) for part in self.expected)


def judge_comparison(question: Question, result: Result) -> list[Cell]:
    """Hold a result against a comparison, a cell a province."""
    given = {answer.province: answer.text for answer in reversed(result.answers)}
    cells = question.cells or {}
    return [Cell(question.id, question.half, province, cells[province], given.get(province)) for province in cells]
