"""Abbreviations that nobody defines («DS tham gia BHYT»), read as words that stand side by side in the plans."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise

from answer.corrections import Correction, Spans, touches
from answer.lexicon import is_ordinary
from ingest.clean import fold

_SHORT = re.compile(r"(?<![\w/&-])[A-ZĐ]{2,5}(?![\w/&-])")
_ROMAN = re.compile(r"[IVX]+")
_WORD = re.compile(r"[^\W\d_]+")
_OFTEN = 4  # times that two words must stand side by side
_GOES_ON = 0.7
_AHEAD = 1.2  # natural logarithm: by how much the best reading must lead the next

Pairs = Mapping[tuple[str, str], int]


class Initials:
    """Readings of initials over counts of words and of adjacent ones, in lower case as printed. Read-only."""

    def __init__(self, words: Mapping[str, int], pairs: Pairs) -> None:
        self._words = words
        self._pairs = pairs
        self._behind: defaultdict[str, list[str]] = defaultdict(list)
        self._opening: defaultdict[str, list[str]] = defaultdict(list)
        for first, second in sorted(pair for pair, count in pairs.items() if count >= _OFTEN):
            if not self._behind[first]:
                self._opening[first[0]].append(first)
            self._behind[first].append(second)

    def expand(self, text: str, fixed: Spans) -> tuple[str, list[Correction]]:
        """Write out what can be read with confidence and lies in no `fixed` stretch; a text all in capitals is left as
        it is, and so is what plans print themselves."""
        if not any(c.islower() for c in text):
            return text, []
        corrections = []
        for match in reversed(list(_SHORT.finditer(text))):
            if touches(fixed, *match.span()) or self._words.get(match[0].lower()) or _ROMAN.fullmatch(match[0]):
                continue
            before, after = _WORD.findall(text[: match.start()]), _WORD.findall(text[match.end() :])
            read = self._read(match[0], (before or [""])[-1].lower(), (after or [""])[0].lower(), text.isascii())
            if read:
                corrections.append(Correction(match[0], read, "abbreviation"))
                text = text[: match.start()] + read + text[match.end() :]
        return text, corrections[::-1]

    def _read(self, short: str, before: str, after: str, bare: bool) -> str | None:
        """The words that the letters stand for: often side by side, one of them beside a neighbour of the letters."""
        scored = []
        for words in self._chains([fold(c) if bare else c.lower() for c in short], bare):
            beside = self._pairs.get((before, words[0]), 0) + self._pairs.get((words[-1], after), 0)
            if beside and _is_term(words) and not self._is_cut(words[-1]):
                scored.append((math.log(beside) + self._strength(words), words))
        scored.sort(key=lambda item: (-item[0], item[1]))
        if not scored or (len(scored) > 1 and scored[0][0] - scored[1][0] < _AHEAD):
            return None
        return " ".join(scored[0][1])

    def _is_cut(self, last: str) -> bool:
        """Whether a word nearly always goes on with the same next one: «phổ» with «thông»."""
        onward = max((self._pairs[last, word] for word in self._behind.get(last, ())), default=0)
        return onward > _GOES_ON * self._words.get(last, 1)

    def _strength(self, words: list[str]) -> float:
        return math.log(min(self._pairs[pair] for pair in pairwise(words)))

    def _chains(self, letters: list[str], bare: bool) -> Iterator[list[str]]:
        firsts = [w for c in ("dđ" if bare and letters[0] == "d" else letters[0]) for w in self._opening[c]]
        paths = [[word] for word in firsts]
        for letter in letters[1:]:
            allowed = "dđ" if bare and letter == "d" else letter
            paths = [[*path, word] for path in paths for word in self._behind[path[-1]] if word[0] in allowed]
        yield from paths


def _is_term(words: list[str]) -> bool:
    """Whether words begin or end as a word of Vietnamese does: «dân số», «sở y tế», not «với sở»."""
    return is_ordinary(" ".join(words[:2])) or is_ordinary(" ".join(words[-2:]))
