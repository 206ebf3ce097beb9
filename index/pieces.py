"""Text → pieces of a unigram vocabulary (Kudo 2018), as SentencePiece cuts them for multilingual-e5."""

from __future__ import annotations

import math
import re
from functools import lru_cache

from index.packed import Vocabulary

_SPACES = re.compile(" {2,}")
_WORD = re.compile("▁[^▁]*")
_REMEMBERED = 50_000  # words; those of a language come again and again
_UNKNOWN_PENALTY = 10.0  # SentencePiece: an unknown character scores this much below the worst piece


class Pieces:
    """Cuts texts. The vocabulary's special pieces are never found in a text, whatever it says."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._replacements = vocabulary.replacements
        self._numbers = dict(zip(vocabulary.pieces, range(len(vocabulary.pieces)), strict=True))
        for special in (vocabulary.begin, vocabulary.end, vocabulary.padding, vocabulary.unknown):
            del self._numbers[vocabulary.pieces[special]]
        self._scores = vocabulary.scores
        self._longest = max(map(len, self._numbers))
        self._unknown = vocabulary.unknown
        self._unknown_score = min(self._scores) - _UNKNOWN_PENALTY
        self._cut = lru_cache(maxsize=_REMEMBERED)(self._best_cut)

    def of(self, text: str) -> list[int]:
        """Numbers of the pieces of a text; no piece crosses a space."""
        marked = "▁" + _SPACES.sub(" ", text.translate(self._replacements)).removeprefix(" ").replace(" ", "▁")
        return [number for word in _WORD.findall(marked) for number in self._cut(word)]

    def _best_cut(self, word: str) -> tuple[int, ...]:
        """The likeliest cut of a word (Viterbi); a character in no piece is an unknown one."""
        raw = word.encode("utf-8")
        cuts = [at for at, byte in enumerate(raw) if byte & 0xC0 != 0x80] + [len(raw)]  # between characters
        best = dict.fromkeys(cuts, -math.inf) | {0: 0.0}
        last: dict[int, tuple[int, int]] = {}
        for index, end in enumerate(cuts):
            for start in reversed(cuts[:index]):
                if end - start > self._longest:
                    break
                number = self._numbers.get(raw[start:end])
                score = self._unknown_score if number is None else self._scores[number]
                if number is None and start != cuts[index - 1]:
                    continue
                if best[start] + score > best[end]:
                    best[end] = best[start] + score
                    last[end] = start, self._unknown if number is None else number
        found, at = [], len(raw)
        while at > 0:
            at, number = last[at]
            found.append(number)
        return tuple(reversed(found))
