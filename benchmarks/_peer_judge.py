"""What peers return, held against the gold questions by the rules of `eval/`; how much of it there is to read."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from eval.gold import Question, tight  # noqa: E402
from eval.judge import LONG, holds_any  # noqa: E402
from eval.metrics import retrieval  # noqa: E402

SHOWN = 5  # passages that a reader is shown: hit@5

Returned = Mapping[str, Any]  # «passages» with «text» and «number», best first; perhaps «answers»


def quality(questions: Sequence[Question], returned: Mapping[str, Returned]) -> dict[str, float]:
    """Shares in per cent, lengths in characters.

    A passage is a hit when it holds one of the question's quotes. `right`: the answer holds every expected string
    within 400 characters (`eval.judge`); `holds_answer`: they stand in the passage that the answer is taken from,
    however long it is. `answer_length` and `five_length` are medians, of answers and of the first five passages
    together.
    """
    rankings, relevant = {}, {}
    for question in questions:
        quotes = [tight(quote) for quote in question.quotes]
        texts = [tight(passage["text"]) for passage in returned[question.id]["passages"]]
        rankings[question.id] = [f"{question.id}/{at}" for at in range(len(texts))]
        relevant[question.id] = {
            f"{question.id}/{at}" for at, text in enumerate(texts) if any(q in text for q in quotes)
        }
    measured = retrieval(rankings, relevant)
    given = {question.id: answer(question, returned[question.id]) for question in questions}
    right = [len(given[q.id][0]) <= LONG and holds_any(given[q.id][0], q.answers) for q in questions]
    holding = [any(holds_any(text, q.answers) for text in given[q.id]) for q in questions]
    return {
        "hit@5_%": 100 * statistics.mean(measured[q.id]["hit@5"] for q in questions),
        "mrr@10_%": 100 * statistics.mean(measured[q.id]["mrr@10"] for q in questions),
        "right_%": 100 * statistics.mean(right),
        "holds_answer_%": 100 * statistics.mean(holding),
        "answer_length": statistics.median([len(text) for text, _ in given.values() if text] or [0]),
        "five_length": statistics.median(
            sum(len(passage["text"]) for passage in returned[q.id]["passages"][:SHOWN]) for q in questions
        ),
    }


def answer(question: Question, returned: Returned) -> tuple[str, str]:
    """The answer of the plan that is asked, and the passage that it is taken from; both empty where there is none.

    Of a tool that returns passages only, both are its best passage of that plan.
    """
    if "answers" in returned:
        found = returned["answers"].get(question.plan, {"text": "", "passage": ""})
        return found["text"], found["passage"]
    best = next((passage["text"] for passage in returned["passages"] if passage["number"] == question.plan), "")
    return best, best


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of all lies, as `eval.run.latency` takes it."""
    return sorted(values)[int(share * (len(values) - 1))]
