"""What a question is about: its words, and everyday expressions with what plans print for the same thing, weighed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from answer.everyday import Words, expressions
from answer.question import Understood, topic_words
from answer.reading import Bag
from answer.words import LIGHT_WORDS, CorpusWords
from ingest.clean import fold

# Weight of the topic words below which a question names nothing to look for: «kế hoạch nói» does not, «báo cáo» does.
MIN_TOPIC = 1.2
_LIGHT = 0.2  # of its weight that a word keeps which names no topic, however seldom plans print it


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing that a question names: `forms` are words, as typed first, then as plans may print it.

    `share` is its part of the whole topic's weight, 0…1. `words` and `chains` are the forms of one word and of several,
    these as adjacent pairs: a unit is looked for in tens of clauses a question.
    """

    forms: tuple[Words, ...]
    share: float
    words: frozenset[str]
    chains: tuple[frozenset[tuple[str, str]], ...]

    @classmethod
    def of(cls, forms: tuple[Words, ...], share: float) -> Unit:
        """Prepare the forms."""
        single = frozenset(form[0] for form in forms if len(form) == 1)
        return cls(forms, share, single, tuple(frozenset(pairwise(form)) for form in forms if len(form) > 1))

    def stands_in(self, bag: Bag) -> bool:
        """Whether a text holds the unit in any form."""
        return not self.words.isdisjoint(bag.words) or any(chain <= bag.pairs for chain in self.chains)


@dataclass(frozen=True, slots=True)
class Joint:
    """Two units that stand side by side in the question: the pairs of words at which they may meet in a text."""

    pairs: frozenset[tuple[str, str]]
    share: float


@dataclass(frozen=True, slots=True)
class Topic:
    """The units of a question and their joints, weighed once.

    `weight`: how telling the words are together; «số», «kế hoạch» alone say next to nothing.
    """

    units: tuple[Unit, ...]
    joints: tuple[Joint, ...]
    weight: float

    @classmethod
    def of(cls, question: Understood, words: CorpusWords) -> Topic:
        """Weigh what a question names by the corpus."""
        runs = [_units(run, words, question.bare) for run in topic_words(question.topic)]
        weighed = [(forms, _weight(forms, words)) for run in runs for forms in run]
        total = sum(weight for _, weight in weighed)
        units = tuple(Unit.of(forms, weight / total) for forms, weight in weighed)
        return cls(units, _joints(runs, words), total)

    def without(self, words: Iterable[str]) -> Topic:
        """What is left when these words are taken out; shares stay as they are."""
        taken = frozenset(words)
        units = tuple(unit for unit in self.units if not taken.issuperset(unit.forms[0]))
        joints = tuple(j for j in self.joints if not taken.intersection(word for pair in j.pairs for word in pair))
        return Topic(units, joints, self.weight * sum(unit.share for unit in units))


def beside_agencies(question: Understood, topic: Topic) -> Topic:
    """What a question names beside agencies, whose names say nothing of where their tasks stand."""
    return topic.without(word for name in question.agencies for word in Bag.of(name).words)


def coverage(bag: Bag, topic: Topic, there: Sequence[bool] | None = None) -> float:
    """Share of the topic that a text covers: half by units, half by their joints, each by weight.

    `there`: `held` of the same, where it is known.
    """
    found = held(bag, topic) if there is None else there
    single = sum(unit.share for unit, stands in zip(topic.units, found, strict=True) if stands)
    if not topic.joints:
        return single
    return 0.5 * single + 0.5 * sum(j.share for j in topic.joints if not j.pairs.isdisjoint(bag.pairs))


def full_coverage(topic: Topic) -> float:
    """Coverage by a text that holds everything."""
    single, joined = sum(unit.share for unit in topic.units), sum(joint.share for joint in topic.joints)
    return 0.5 * single + 0.5 * joined if topic.joints else single


def held(bag: Bag, topic: Topic) -> tuple[bool, ...]:
    """Which units of a topic stand in a text, in any of their forms."""
    return tuple([unit.stands_in(bag) for unit in topic.units])


def _units(run: Sequence[str], words: CorpusWords, bare: bool) -> list[tuple[Words, ...]]:
    """Forms of the units of a run of words, the longest everyday expressions first from the left.

    Words count with their diacritics, so that «nước Pháp» is no «do nước thải»; without them where the question was
    typed so, and where no plan prints the word as typed: it may be a slip.
    """
    found: list[tuple[Words, ...]] = []
    for said, printed in expressions(run):
        forms = [
            form if not bare and all(map(words.prints, form)) else tuple(map(fold, form)) for form in (said, *printed)
        ]
        found.append(tuple(dict.fromkeys(forms)))
    return found


def _weight(forms: Sequence[Words], words: CorpusWords) -> float:
    """Of a word its inverse document frequency; of an expression as much as its words weigh where plans print it."""
    typed, *printed = (tuple(map(fold, form)) for form in forms)
    if not printed:
        return words.weight(typed[0]) * (_LIGHT if typed[0] in LIGHT_WORDS else 1.0)
    form = typed if all(map(words.knows, typed)) else printed[0]
    return len(typed) * sum(map(words.weight, form)) / len(form)


def _joints(runs: Sequence[Sequence[tuple[Words, ...]]], words: CorpusWords) -> tuple[Joint, ...]:
    found: list[tuple[frozenset[tuple[str, str]], float]] = []
    for run in runs:
        for left, right in pairwise(run):
            pairs = frozenset(_beside(a[-1], b[0]) for a in left for b in right)
            found.append((pairs, _weight(left, words) + _weight(right, words)))
    total = sum(weight for _, weight in found)
    return tuple(Joint(pairs, weight / total) for pairs, weight in found if not math.isclose(total, 0.0))


def _beside(left: str, right: str) -> tuple[str, str]:
    """A pair of words, without diacritics where one of them has none."""
    return (left, right) if fold(left) != left and fold(right) != right else (fold(left), fold(right))
