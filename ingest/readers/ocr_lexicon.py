"""Words of a scan whose marks were misread, set right by the language: «Triến khai» is none, «Triển khai» is, and the
document prints it. In small print the hook is read as an acute, word after word, so that no count of words tells.

Only marks are set right here, never letters, and only to what the document itself prints beside the same word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ingest.clean import fold
from ingest.lexicon import is_listed

_RARE = 5  # times that a word of the language is printed that is suspected
_TIMES = 5  # as often must the right word be printed, where the other is a word of the language too
_OFTEN = 3  # times that it must stand beside the same word, there
_SHORT = 2  # letters; of shorter words too many are like each other

Pair = tuple[str, str]


class Marks:
    """Judges the words of a document by their neighbours; words are in lower case, without punctuation."""

    def __init__(self, lines: Sequence[Sequence[str]]) -> None:
        """`lines`: the words of each, "" where punctuation parts two of them."""
        self._count = Counter(word for words in lines for word in words if word)
        self._pairs = Counter(pair for words in lines for pair in pairwise(words) if all(pair))
        self._alike: dict[str, list[str]] = {}
        for word in sorted(self._count):
            self._alike.setdefault(fold(word), []).append(word)

    def right(self, before: str, word: str, after: str) -> str:
        """What a word must be between its neighbours ("": there is none); nothing where it may stand there."""
        if len(word) <= _SHORT or not word.isalpha():
            return ""
        known = is_listed(word)
        if known and self._count[word] > _RARE:
            return ""
        if any(is_listed(" ".join(pair)) for pair in _beside(before, word, after)):
            return ""
        found = [other for other in self._alike.get(fold(word), ()) if self._fits(other, word, before, after, known)]
        return found[0] if len(found) == 1 else ""

    def _fits(self, other: str, word: str, before: str, after: str, known: bool) -> bool:
        if other == word or (known and self._count[other] < _TIMES * self._count[word]):
            return False
        least = _OFTEN if known else 1
        return any(self._pairs[p] >= least and is_listed(" ".join(p)) for p in _beside(before, other, after))


def _beside(before: str, word: str, after: str) -> Iterator[Pair]:
    if before:
        yield before, word
    if after:
        yield word, after
