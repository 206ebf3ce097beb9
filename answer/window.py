"""The words of a clause that answer best: whole sentences where they are short, else runs of their phrases."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from answer.asked import Asked
from answer.reading import TOKEN, Bag
from answer.spans import Offsets, phrases, sentences
from answer.topic import Topic, coverage
from index.text import fold_token, normalise, spelled_words
from ingest.clean import fold

Openers = frozenset[tuple[str, ...]]
NO_OPENERS: Openers = frozenset()

SHORT = 160  # characters of a short answer
LONG = 400  # characters of one that is still an answer
_ENOUGH = 0.9  # share of the best long answer's coverage at which a short one is preferred
_ENOUGH_OF_SEVERAL = 1.0
_ALIKE = 0.03  # difference of worth that says nothing
_OF_YEAR = 0.15  # what a year that is asked for counts
_OPENS = 0.05  # what a beginning counts with which sentences open: «kịp thời khen thưởng …»
_OFTEN = 2
_WORD = re.compile(r"\w+")
_LEAD_IN = re.compile(r"^[^:;]{3,140}:\s+")


def openers_of(texts: Iterable[str]) -> Openers:
    """How sentences open: the two folded syllables that at least two sentences of the corpus begin with."""
    counts = Counter(_opening(text[start:end]) for text in texts for start, end in sentences(text))
    return frozenset(opening for opening, count in counts.items() if count >= _OFTEN and len(opening) == 2)


def _opening(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(fold(text[:30]))[:2])


def best_window(
    text: str, parts: Sequence[Offsets], topic: Topic, asked: Asked, openers: Openers = NO_OPENERS
) -> Offsets | None:
    """The stretch of a text, within one sentence (of an enumeration: over several), that covers most of a topic.

    What leads in («Về nhà ở: …») is context of every sentence behind it, and no answer itself. A question that names
    nothing beside what leads in is answered by the beginning.
    """
    if not parts:
        return None
    lead_end = _lead_in(text, parts[0])
    bodies = [(max(start, lead_end), end) for start, end in parts if end > lead_end]
    if not any(phrases(text, *body) for body in bodies):
        return None
    read = _Read.of(text, text[parts[0][0] : lead_end], topic, asked, openers)
    runs = _joined if asked.several else _runs
    short, long = (read.best(list(runs(text, bodies, limit))) for limit in (SHORT, LONG))
    enough = _ENOUGH_OF_SEVERAL if asked.several else _ENOUGH
    return short if read.worth(short) >= enough * read.worth(long) else long


@dataclass(frozen=True, slots=True)
class _Read:
    """A clause read once, its words with where they begin, to be weighed in many stretches."""

    text: str
    starts: list[int]
    words: list[str]
    context: list[str]
    topic: Topic
    asked: Asked
    openers: Openers

    @classmethod
    def of(cls, text: str, context: str, topic: Topic, asked: Asked, openers: Openers) -> _Read:
        """`context` is read with every stretch."""
        read = normalise(text)
        found = list(TOKEN.finditer(read)) if len(read) == len(text) else []
        return cls(
            text, [m.start() for m in found], [m[0] for m in found], spelled_words(context), topic, asked, openers
        )

    def best(self, spans: Sequence[Offsets]) -> Offsets:
        """Of stretches of nearly the same worth the longest, of equals the first."""
        worth = {span: self.worth(span) for span in spans}
        least = max(worth.values()) - _ALIKE
        alike = [span for span in spans if worth[span] >= least]
        if least + _ALIKE <= self.worth((0, 0)):
            return max(alike, key=lambda s: (-s[0], s[1]))  # nothing is named beside what leads in
        if self.asked.several or self.asked.which:  # «trong những lĩnh vực nào»: what is asked stands behind
            return max(alike, key=lambda s: (s[0], s[1]))
        return max(alike, key=lambda s: (s[1] - s[0], -s[0]))

    def worth(self, span: Offsets) -> float:
        """Share of the topic that a stretch covers with its context, and what its form counts beside it."""
        first, last = bisect_left(self.starts, span[0]), bisect_left(self.starts, span[1])
        bag = Bag.of_words([*self.context, *self.words[first:last]])
        of_year = any(str(year) in bag.words for year in self.asked.years)
        opens = tuple(map(fold_token, self.words[first : first + 2])) in self.openers
        return coverage(bag, self.topic) + _OF_YEAR * of_year + _OPENS * opens


def _lead_in(text: str, first: Offsets) -> int:
    found = _LEAD_IN.match(text[first[0] :])
    return first[0] + found.end() if found and first[0] + found.end() < len(text) - 2 else first[0]


def _runs(text: str, bodies: Sequence[Offsets], limit: int) -> Iterator[Offsets]:
    """Runs of a sentence's phrases as long as the limit allows; a phrase beyond the limit stands alone."""
    for body in bodies:
        if body[1] - body[0] <= limit:
            yield body
        else:
            yield from _joined(text, [body], limit)


def _joined(text: str, bodies: Sequence[Offsets], limit: int) -> Iterator[Offsets]:
    """Runs over semicolons, which part the items of an enumeration, but not over full stops."""
    parts = [part for body in bodies for part in phrases(text, *body)]
    for at, (start, end) in enumerate(parts):
        for begin, further in parts[at + 1 :]:
            if further - start > limit or "." in text[end:begin]:
                break
            end = further
        yield start, end
