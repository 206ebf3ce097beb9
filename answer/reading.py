"""What the second stage reads of a clause, read once: plans do not change while an index is open."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from index.text import normalise
from ingest.clean import fold
from ingest.model import Clause

_REMEMBERED = 20_000
_TOKEN = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Bag:
    """Folded words and adjacent pairs of a text."""

    words: frozenset[str]
    pairs: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, text: str) -> Bag:
        """Read a text."""
        folded = _TOKEN.findall(fold(normalise(text)))
        return cls(frozenset(folded), frozenset(pairwise(folded)))


@dataclass(frozen=True, slots=True)
class Reading:
    """A clause as it is held against a question.

    `bag` is of what it says with the headings it stands under, and of a sub-row the words of its parent; `folded` is
    its own text; `length` its number of words.
    """

    bag: Bag
    folded: str
    length: int


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
    return Reading(Bag.of(f"{headings} {parent} {clause.text}"), fold(clause.text), len(clause.text.split()))
