"""What the second stage reads of a clause, read once: plans do not change while an index is open."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from answer.abbreviations import expand
from index.text import fold_token, spelled_words
from ingest.clean import fold
from ingest.model import Clause

_REMEMBERED = 20_000
_CAPITALS = re.compile(r"\b[A-ZĐ]{2}")  # an abbreviation, perhaps
TOKEN = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Bag:
    """Words and adjacent pairs of a text, each as printed (normalised) and without diacritics."""

    words: frozenset[str]
    pairs: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, text: str) -> Bag:
        """Read a text."""
        return cls.of_words(spelled_words(text))

    @classmethod
    def of_words(cls, words: Sequence[str]) -> Bag:
        """Of normalised words in their order."""
        read = [word.lstrip("0") or word if word.isdigit() else word for word in words]  # «06 tháng» is «6 tháng»
        bare = [fold_token(word) for word in read]
        return cls(frozenset((*read, *bare)), frozenset((*pairwise(read), *pairwise(bare))))


NOTHING = Bag(frozenset(), frozenset())


@dataclass(frozen=True, slots=True)
class Reading:
    """A clause as it is held against a question.

    `bag` is of what it says with the headings it stands under, and of a sub-row the words of its parent, with
    abbreviations as printed and written out; `folded` is its own text.
    """

    bag: Bag
    folded: str


class Readings:
    """Readings by clause id, of one generation of the index, which has `count` clauses. Threads may share it."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._known: dict[str, Reading] = {}

    def of(self, clause: Clause) -> Reading:
        """The reading of a clause of this generation."""
        found = self._known.get(clause.id)
        if found is None:
            if len(self._known) >= _REMEMBERED:
                self._known = {}
            found = self._known[clause.id] = read(clause)
        return found


def read(clause: Clause) -> Reading:
    """Read a clause."""
    headings = " ".join(section.title for section in clause.section[-2:])
    parent = clause.row.parent_text if clause.row else ""
    said = f"{headings} {parent} {clause.text}"
    written_out = expand(said)[0] if _CAPITALS.search(said) else said
    bag = Bag.of(said if written_out == said else f"{said}\n{written_out}")
    return Reading(bag, fold(clause.text))
