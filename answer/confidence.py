"""How sure it is that a plan says what is asked: a logistic model of what separates answers from look-alikes.

Weights are fitted on the development half of the gold set by `kehoach eval --tune` (`answer.weights`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache

from answer.evidence import Evidence, speaks_of
from answer.question import Understood
from answer.topic import Topic
from answer.weights import stored
from answer.words import CorpusWords
from ingest.clean import fold

FEW_CLAUSES = 100  # of an index; among so few a deviation from their mean says half as much
_LEAD_SCALE = 3.0  # difference of rank scores at which one plan is clearly ahead
_MOST = 0.99
_LEAST = 0.05  # added to a share of the topic before its logarithm is taken


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for a clause as an answer.

    `share`: of the topic, that it covers; `log_share`: its logarithm, at least -3. `salience`: `Hit.salience`, less in
    a small index. `lead`: rank score of the plan's best clause against that of all other plans', -1…1, times the share
    that is missing. `lost`: share of the topic that the best clause of another plan covers and this one does not.
    `unknown`: share of the topic that no plan knows and this clause lacks: everyday words, or a thing no plan names.
    `of_year`: share of the years asked that the clause speaks of, 1 where none is asked. `size`: logarithm of the
    number of words of the topic, plus 1, times the share that is missing: who says much is not covered so fully.
    """

    share: float
    log_share: float
    salience: float
    lead: float
    lost: float
    unknown: float
    of_year: float
    size: float


@dataclass(frozen=True, slots=True)
class Model:
    """Weights of the signals, by name, and the confidence below which nothing is answered."""

    bias: float
    weights: Mapping[str, float]
    threshold: float

    def confidence(self, signals: Signals) -> float:
        """Probability, 0…0.99, that the plan answers; 0 without a word in common.

        An encoder finds something near to any string; with no word in common it is chance.
        """
        if not signals.share:
            return 0.0
        total = self.bias + sum(weight * getattr(signals, name) for name, weight in self.weights.items())
        return min(_MOST, 1 / (1 + math.exp(-total)))


ALWAYS = Model(0.0, {}, 0.0)  # answers whatever it finds


@cache
def fitted() -> Model:
    """The model that is stored with the program."""
    found = stored()["confidence"]
    return Model(found["bias"], {f.name: found["weights"][f.name] for f in fields(Signals)}, found["threshold"])


def signals(
    chosen: Evidence,
    own: Sequence[Evidence],
    rival: Evidence | None,
    question: Understood,
    topic: Topic,
    words: CorpusWords,
    count: int,
) -> Signals:
    """Read the signals of a clause.

    Args:
        chosen: the clause.
        own: ranked clauses of its plan.
        rival: the best clause of all other plans; None where there is no other.
        question: what is asked.
        topic: of the question.
        words: of the corpus.
        count: clauses of the index.
    """
    missing = [unit for unit, held in zip(topic.units, chosen.held, strict=True) if not held]
    elsewhere = rival.held if rival else (False,) * len(topic.units)
    lost = sum(
        u.share for u, held, there in zip(topic.units, chosen.held, elsewhere, strict=True) if there and not held
    )
    asked = question.asked
    years = (asked.year,) if asked.year else asked.years  # a period is spoken of by its end
    spoken = [speaks_of(chosen.hit.clause, year, chosen.hit.document.period) for year in years]
    ahead = own[0].score - rival.score if own and rival else 0.0
    return Signals(
        share=chosen.coverage,
        log_share=math.log(chosen.coverage + _LEAST),
        salience=chosen.hit.salience * count / (count + FEW_CLAUSES),
        lead=math.tanh(ahead / _LEAD_SCALE) * (1 - chosen.coverage),
        lost=lost,
        unknown=sum(
            u.share for u in missing if not any(all(words.knows(fold(word)) for word in form) for form in u.forms)
        ),
        of_year=sum(spoken) / len(years) if years else 1.0,
        size=math.log(sum(len(unit.forms[0]) for unit in topic.units) + 1) * (1 - chosen.coverage),
    )
