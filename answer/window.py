"""The words of a clause that answer best: whole sentences where they are short, else runs of their phrases."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from answer.asked import Asked
from answer.reading import Bag
from answer.spans import Offsets, phrases
from answer.topic import Topic, coverage

SHORT = 160  # characters of a short answer
LONG = 400  # characters of one that is still an answer
_ENOUGH = 0.85  # share of the best long answer's coverage at which a short one is preferred
_BESIDE = 0.2  # what the words next to the question word count beside the share of the topic
_OF_YEAR = 0.15  # what a year that is asked for counts
_LEAD_IN = re.compile(r"^[^:;]{3,140}:\s+")


def best_window(text: str, sentences: Sequence[Offsets], topic: Topic, asked: Asked) -> Offsets | None:
    """The stretch of a text, within one sentence, that covers most of a topic.

    What leads in («Về nhà ở: …») is context of every sentence behind it, and no answer itself. Of runs that cover alike
    the last is taken: what is asked mostly stands behind the words that the question repeats.
    """
    if not sentences:
        return None
    lead_end = _lead_in(text, sentences[0])
    context = text[sentences[0][0] : lead_end]
    bodies = [(max(start, lead_end), end) for start, end in sentences if end > lead_end]
    if asked.several:
        return _best(text, context, list(_joined(text, bodies, LONG)), topic, asked)
    long = _best(text, context, [r for body in bodies for r in _runs(text, body, LONG)], topic, asked)
    short = _best(text, context, [r for body in bodies for r in _runs(text, body, SHORT)], topic, asked)
    if long is None or short is None:
        return long or short
    enough = _ENOUGH * _worth(text, context, long, topic, asked)
    return short if _worth(text, context, short, topic, asked) >= enough else long


def _lead_in(text: str, first: Offsets) -> int:
    found = _LEAD_IN.match(text[first[0] :])
    return first[0] + found.end() if found and first[0] + found.end() < len(text) - 2 else first[0]


def _runs(text: str, body: Offsets, limit: int) -> Iterator[Offsets]:
    """Runs of phrases as long as the limit allows, from every phrase; a phrase beyond the limit stands alone."""
    if body[1] - body[0] <= limit:
        yield body
        return
    parts = phrases(text, *body)
    for at, (start, end) in enumerate(parts):
        for _, further in parts[at + 1 :]:
            if further - start > limit:
                break
            end = further
        yield start, end


def _joined(text: str, bodies: Sequence[Offsets], limit: int) -> Iterator[Offsets]:
    """Runs over the ends of sentences: an enumeration's items are parted by semicolons."""
    parts = [part for body in bodies for part in phrases(text, *body)]
    for at, (start, end) in enumerate(parts):
        for _, further in parts[at + 1 :]:
            if further - start > limit:
                break
            end = further
        yield start, end


def _best(text: str, context: str, spans: Sequence[Offsets], topic: Topic, asked: Asked) -> Offsets | None:
    if not spans:
        return None
    nothing = coverage(Bag.of(context), topic)
    worth = [round(_worth(text, context, span, topic, asked), 6) for span in spans]
    if max(worth) <= nothing:
        return spans[0]
    return max(zip(worth, spans, strict=True))[1]


def _worth(text: str, context: str, span: Offsets, topic: Topic, asked: Asked) -> float:
    bag = Bag.of(f"{context} {text[slice(*span)]}")
    beside = sum(word in bag.words for word in asked.anchor) / len(asked.anchor) if asked.anchor else 0.0
    of_year = any(str(year) in bag.words for year in asked.years)
    return coverage(bag, topic) + _BESIDE * beside + _OF_YEAR * of_year
