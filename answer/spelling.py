"""The corpus' words as a speller sees them: one spelling of each, how often, beside which, and which are near."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import lru_cache

from answer.keys import spell_out
from index.text import normalise
from ingest.clean import fold

_SLIPS = 1  # wrong, missing, doubled or swapped keystrokes that still leave a word recognisable
_MARKS = 2  # keystrokes that two words with the same letters may be apart
_COMMON = 20  # times that a word stands in the corpus to be known without its neighbours
_SETTLED = 3  # times a word must stand in the corpus to be what another was meant to be: it has slips of its own


class Spelling:
    """Counts under one spelling («hoá» and «hóa» are one word). Read-only once built."""

    def __init__(self, words: Mapping[str, int], pairs: Mapping[tuple[str, str], int]) -> None:
        plain = dict(zip(words, normalise(" ".join(words)).split(" "), strict=True))
        self._words: Counter[str] = Counter()
        self._pairs: Counter[tuple[str, str]] = Counter()
        self._printed: dict[str, str] = {}
        for word in sorted(words, key=lambda w: (words[w], w)):
            self._words[plain[word]] += words[word]
            self._printed[plain[word]] = word
        for (first, second), count in pairs.items():
            self._pairs[plain[first], plain[second]] += count
        self._same_letters: defaultdict[str, list[str]] = defaultdict(list)
        self._keystrokes: dict[str, str] = {}
        for word, count in self._words.items():
            if count >= _SETTLED:
                self._same_letters[fold(word)].append(word)
                self._keystrokes[word] = spell_out(word)
        self._by_keystrokes = {keys: word for word, keys in self._keystrokes.items()}
        self._near = lru_cache(maxsize=4096)(self._find_near)

    def count(self, word: str) -> int:
        """How often the corpus has a normalised word."""
        return self._words[word]

    def pair(self, first: str, second: str) -> int:
        """How often the corpus has a normalised word behind another."""
        return self._pairs[first, second]

    def printed(self, word: str) -> str:
        """A normalised word as the corpus mostly prints it."""
        return self._printed[word]

    def with_letters(self, folded: str) -> list[str]:
        """Words that differ from these letters in their marks alone."""
        return self._same_letters.get(folded, [])

    def has_letters(self, folded: str) -> bool:
        """Whether any word of the corpus is spelled with these letters, whatever its marks."""
        return folded in self._same_letters

    def by_keystrokes(self, keys: str) -> str | None:
        """The word that `answer.keys.spell_out` writes like this."""
        return self._by_keystrokes.get(keys)

    def common(self, keys: str) -> str | None:
        """The common word with these letters whose marks are nearest, if there is only one such."""
        from rapidfuzz.distance import OSA  # 30 ms, and most questions hold no typing error

        letters = "".join(key for key in fold(keys) if key.isalpha())
        ranked = sorted(
            (OSA.distance(keys, self._keystrokes[word]), -self._words[word], word)
            for word in self.with_letters(letters)
            if self._words[word] >= _COMMON
        )
        if not ranked or ranked[0][0] > _MARKS or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
            return None
        return ranked[0][2]

    def near(self, word: str) -> tuple[str, ...]:
        """Words one slip of a finger away, and those that differ in their marks alone."""
        return self._near(word)

    def _find_near(self, word: str) -> tuple[str, ...]:
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        keys = spell_out(word)
        found = process.extract(keys, self._keystrokes, scorer=OSA.distance, score_cutoff=_SLIPS, limit=None)
        near = [name for _, _, name in found]
        if keys.isascii():  # typed without marks: one slip in the letters, whatever the marks
            letters = process.extract(keys, self._letters(), scorer=OSA.distance, score_cutoff=_SLIPS, limit=None)
            near += [name for match, _, _ in letters for name in self._same_letters[match]]
        return tuple(sorted({*near, *self.with_letters(fold(word))} - {word}))

    def _letters(self) -> list[str]:
        return list(self._same_letters)
