"""The features of `index.features`, plan by plan: the same ones, on numbers in place of strings.

Which compounds stand in a text depends on those of its own plan alone: a new plan changes the features of no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from index.features import EXACT, FOLDED, Compounds
from index.postings import Counting, Postings
from index.text import fold_token
from index.tokens import Tokens

Positions = NDArray[np.int64]

_WIDTH = 31  # bits of the number of a token or of a node


@dataclass(frozen=True, slots=True)
class Worded:
    """A plan: the tokens of its texts, and the compounds that are looked for in these."""

    tokens: Tokens
    compounds: Sequence[str]


def count_features(plans: Iterable[Worded]) -> Postings:
    """The features of the texts of these plans, in their order."""
    counting = Counting()
    for count, texts, features in numbered_features(plans, counting.number):
        counting.add(count, texts, features)
    return counting.counted()


def numbered_features(
    plans: Iterable[Worded], number: Callable[[str], int]
) -> Iterator[tuple[int, Positions, Positions]]:
    """Of each plan how many texts it has, and its features: `features[i]` (as `number` numbers it) stands in text
    `texts[i]`, as often as it is named."""
    exact, folded = _Half(EXACT, number), _Half(FOLDED, number)
    for plan in plans:
        tokens, compounds = plan.tokens, Compounds.of(plan.compounds)
        bare = replace(tokens, words=[fold_token(word) for word in tokens.words])
        halves = exact.features(tokens, sorted(compounds.exact)), folded.features(bare, sorted(compounds.folded))
        texts, features = map(np.concatenate, zip(*halves, strict=True))
        yield tokens.count, texts, features


class _Half:
    """Makes the features of one spelling."""

    def __init__(self, prefix: str, number: Callable[[str], int]) -> None:
        self._prefix = prefix
        self._numbered = number
        self._numbers: dict[str, int] = {}

    def _number(self, token: str) -> int:
        return self._numbers.setdefault(token, len(self._numbers))

    def features(self, tokens: Tokens, lexicon: Sequence[str]) -> tuple[Positions, Positions]:
        """(text, feature) as often as it occurs; `lexicon`: the compounds that are looked for."""
        own = np.array([self._number(word) for word in tokens.words], dtype=np.int64)
        single = self._features(tokens.words)
        texts = np.arange(tokens.count, dtype=np.int64)
        of_main, of_also = np.repeat(texts, tokens.main_lengths), np.repeat(texts, tokens.also_lengths)
        beside = np.flatnonzero(of_main[1:] == of_main[:-1])
        pairs = self._pairs(tokens, beside)
        trie = _Trie([[self._number(syllable) for syllable in word.split("_")] for word in lexicon])
        at, word = trie.matches(own[tokens.main], of_main)
        words, which = np.unique(word, return_inverse=True)
        compounds = self._features([lexicon[number] for number in words])[which]
        return (
            np.concatenate([of_main, of_also, of_main[beside], of_main[at]]),
            np.concatenate([single[tokens.main], single[tokens.also], pairs, compounds]),
        )

    def _features(self, words: Sequence[str]) -> Positions:
        return np.array([self._numbered(self._prefix + word) for word in words], dtype=np.int64)

    def _pairs(self, tokens: Tokens, beside: Positions) -> Positions:
        left, right = (tokens.main[at].astype(np.int64) for at in (beside, beside + 1))
        codes, which = np.unique(left << _WIDTH | right, return_inverse=True)
        first, second = (codes >> _WIDTH).tolist(), (codes & ((1 << _WIDTH) - 1)).tolist()
        words = tokens.words
        return self._features([f"{words[a]} {words[b]}" for a, b in zip(first, second, strict=True)])[which]


class _Trie:
    """Finds words that are sequences of numbers, the longest first."""

    def __init__(self, words: Sequence[Sequence[int]]) -> None:
        children: dict[int, int] = {}
        ends = [-1]
        self.depth = max(map(len, words), default=0)
        for number, word in enumerate(words):
            node = 0
            for token in word:
                code = node << _WIDTH | token
                if code not in children:
                    children[code] = len(ends)
                    ends.append(-1)
                node = children[code]
            ends[node] = number
        self._codes = np.array(sorted(children), dtype=np.int64)
        self._nodes = np.array([children[code] for code in sorted(children)], dtype=np.int64)
        self._ends = np.array(ends, dtype=np.int64)

    def matches(self, tokens: Positions, texts: Positions) -> tuple[Positions, Positions]:
        """Greedy longest match from the left in each text: where, and which word."""
        word = np.full(len(tokens), -1, dtype=np.int64)
        size = np.zeros(len(tokens), dtype=np.int64)
        alive, nodes = np.arange(len(tokens), dtype=np.int64), np.zeros(len(tokens), dtype=np.int64)
        for depth in range(self.depth):
            inside = alive + depth < len(tokens)
            alive, nodes = alive[inside], nodes[inside]
            inside = texts[alive + depth] == texts[alive]
            alive, nodes = self._step(alive[inside], nodes[inside], tokens[alive[inside] + depth])
            ended = self._ends[nodes] >= 0
            word[alive[ended]], size[alive[ended]] = self._ends[nodes[ended]], depth + 1
        return _from_the_left(np.flatnonzero(word >= 0), word, size)

    def _step(self, alive: Positions, nodes: Positions, tokens: Positions) -> tuple[Positions, Positions]:
        codes = nodes << _WIDTH | tokens
        at = np.minimum(np.searchsorted(self._codes, codes), len(self._codes) - 1)
        known = self._codes[at] == codes
        return alive[known], self._nodes[at[known]]


def _from_the_left(found: Positions, word: Positions, size: Positions) -> tuple[Positions, Positions]:
    """Of matches that overlap the first."""
    taken, free = [], 0
    for at, length in zip(found.tolist(), size[found].tolist(), strict=True):
        if at >= free:
            taken.append(at)
            free = at + length
    places = np.array(taken, dtype=np.int64)
    return places, word[places]
