"""The date, period or cycle that answers."""

from __future__ import annotations

from answer.asked import Asked, When
from answer.cells import Span, cell_span
from answer.reading import Bag
from answer.spans import Date, dates, sentences
from answer.topic import Topic, coverage
from ingest.model import Clause

# Characters before a date in which it is said what it is the date of, from near to far, and behind it.
_BESIDE, _NEAR, _AROUND, _BEHIND = 16, 30, 100, 12
_BESIDE_WORTH, _OF_KIND = 0.3, 0.4  # what the words asked for, and the kind of date, add to the share of the topic
_ENUMERATED = 5  # characters between the dates of one enumeration


def deadline(clause: Clause, topic: Topic, asked: Asked) -> Span | None:
    """The date of a clause that answers; of a row its column of dates."""
    if clause.row is not None and "time" in clause.row.columns:
        return cell_span(clause, "time")
    found = dates(clause.text)
    if not found:
        return None
    best = max(found, key=lambda date: (_date_fitness(clause.text, date, topic, asked), -date.start))
    end = best.end
    for date in found if asked.several else ():
        if date.when is best.when and 0 < date.start - end <= _ENUMERATED:
            end = date.end
    return Span(best.start, end, is_of(best, asked))


def _date_fitness(text: str, date: Date, topic: Topic, asked: Asked) -> float:
    """What is said before a date tells what it is the date of: the nearer, the more."""
    sentence = next((a for a, b in sentences(text) if a <= date.start < b), 0)
    starts = (max(sentence, date.start - _NEAR), max(sentence, date.start - _AROUND), sentence)
    near = sum(coverage(Bag.of(text[start : date.end + _BEHIND]), topic) for start in starts) / len(starts)
    before = Bag.of(text[max(sentence, date.start - _BESIDE) : date.start]).words
    beside = sum(word in before for word in asked.beside) / len(asked.beside) if asked.beside else 0.0
    return near + _OF_KIND * _likeness(date, asked) + _BESIDE_WORTH * beside


_MAY_BE = {
    When.DAY: {When.DAY},
    When.MONTH: {When.MONTH, When.DAY},
    When.YEAR: {When.YEAR, When.PERIOD},
    When.PERIOD: {When.PERIOD},
    When.CYCLE: {When.CYCLE},
}


def is_of(date: Date, asked: Asked) -> bool:
    """Whether a date may be what is asked for."""
    return _likeness(date, asked) > 0


def _likeness(date: Date, asked: Asked) -> float:
    """1 for the form of date that is asked for, 0.5 for one that holds it; «khi nào» takes any but «hằng năm»."""
    if asked.when is None:
        return float(date.when is not When.CYCLE)
    return 1.0 if date.when is asked.when else 0.5 * (date.when in _MAY_BE[asked.when])
