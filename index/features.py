"""What BM25 indexes: syllables, adjacent pairs and compounds, each as written and without diacritics.

Features carry a prefix so that the two halves never meet: `=` as written, `~` folded. Within a half a pair joins its
syllables with a space and a compound with «_». The folded half is what finds a question typed without diacritics.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from index.text import Unit, fold, fold_token, normalise, plain, segment, tokens, units

EXACT = "="
FOLDED = "~"
_LONGEST = 6  # pyvi sometimes chains a whole title; such a chain never comes back in a question


@dataclass(frozen=True, slots=True)
class Compounds:
    """The compounds of a corpus («nhà_ở»), normalised, and the same folded; `longest` counts syllables."""

    exact: frozenset[str]
    folded: frozenset[str]
    longest: int

    @classmethod
    def of(cls, words: Iterable[str]) -> Compounds:
        """A lexicon of normalised words joined by «_»."""
        exact = frozenset(words)
        folded = frozenset(fold(word) for word in exact)
        return cls(exact, folded, max((word.count("_") + 1 for word in exact), default=0))


NO_COMPOUNDS = Compounds.of(())


def compounds_in(text: str) -> list[str]:
    """The compounds that pyvi finds in a text, normalised, each once, sorted."""
    return sorted({_compound(word) for word in segment(text).split() if "_" in word} - {""})


@lru_cache(maxsize=65536)
def _compound(word: str) -> str:
    """A word with its syllables joined, normalised; "" where it is no compound. Remembered: a corpus has few words."""
    syllables = tokens(word.replace("_", " "))
    fits = 1 < len(syllables) <= _LONGEST and all(s.isalpha() for s in syllables)
    return "_".join(syllables) if fits else ""


def lexical_features(text: str, compounds: Compounds) -> list[str]:
    """The features of an indexed text, repeated as often as they occur."""
    found = list(units(text))
    return [
        *_half(EXACT, found, compounds.exact, compounds.longest),
        *_half(FOLDED, _folded(found), compounds.folded, compounds.longest),
    ]


def query_features(text: str, compounds: Compounds) -> list[str]:
    """The features of a question; never imports pyvi.

    A question in plain ASCII gives the folded half only: its few words that carry no mark anyway («cao», «143») would
    otherwise count twice, and more than the words whose marks were left out.
    """
    if normalise(text).isascii():
        return list(_half(FOLDED, list(units(text)), compounds.folded, compounds.longest))
    return lexical_features(plain(text), compounds)


def _folded(found: Sequence[Unit]) -> list[Unit]:
    return [Unit(tuple(map(fold_token, unit.main)), tuple(map(fold_token, unit.also))) for unit in found]


def _half(prefix: str, found: Sequence[Unit], lexicon: Set[str], longest: int) -> Iterator[str]:
    main = [token for unit in found for token in unit.main]
    for token in main:
        yield prefix + token
    for unit in found:
        for token in unit.also:
            yield prefix + token
    for left, right in pairwise(main):
        yield f"{prefix}{left} {right}"
    for word in _matches(main, lexicon, longest):
        yield prefix + word


def _matches(main: Sequence[str], lexicon: Set[str], longest: int) -> Iterator[str]:
    """Greedy longest match from the left."""
    at = 0
    while at < len(main) - 1:
        for size in range(min(longest, len(main) - at), 1, -1):
            word = "_".join(main[at : at + size])
            if word in lexicon:
                yield word
                at += size
                break
        else:
            at += 1
