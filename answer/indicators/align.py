"""The same indicator in several plans: one-to-one between any two, joined to rows, never two of one plan in a row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from answer.indicators.assign import assign
from answer.indicators.model import Indicator, Link, Shared, Statement
from answer.indicators.score import Matrix, Wording, Wordings

_SAME_PLAN = 0.62  # a sentence says what a row of its own plan says
_ACCEPTED = 0.55
_CERTAIN = 0.82  # below, an alignment is marked as doubtful
_MARGIN = 0.06  # and where another indicator would do nearly as well
_HEADING = 0.2  # a row that heads others is no indicator itself
_SAME_VALUES = 0.01  # a tie-break and no more: plans set the same figures for many things


@dataclass(frozen=True, slots=True)
class Pair:
    """An alignment of two plans' indicators (indices into the list of all), its confidence, whether it is doubtful."""

    left: int
    right: int
    confidence: float
    doubtful: bool


Index = Mapping[Wording, int]


def indicators_of(statements: Sequence[Statement], wordings: Wordings, index: Index) -> list[Indicator]:
    """The indicators of one plan: a row with the sentences that say the same; the other sentences joined alike."""
    groups: list[list[Statement]] = [[s] for s in statements if s.is_row]
    compared = [_Group.of(group, index) for group in groups]
    by_clause: defaultdict[str, list[Statement]] = defaultdict(list)
    for statement in statements:
        if not statement.is_row:
            by_clause[statement.clause.id].append(statement)
    for found in by_clause.values():
        said = _by_reading(found)
        places = _join(compared, [_Group.of(group, index) for group in said], wordings)
        for group, place in zip(said, places, strict=True):
            if place is None:
                groups.append(list(group))
                compared.append(_Group.of(group, index))
            else:
                groups[place] += group
                compared[place] = _Group.of(groups[place], index)
    return [Indicator(tuple(group)) for group in sorted(groups, key=_place)]


def _by_reading(said: Sequence[Statement]) -> list[list[Statement]]:
    """«… là 6.000 căn; trong đó giai đoạn 2021 - 2025 là 2.500 căn» states one indicator for two years."""
    found: defaultdict[tuple[str, str], list[Statement]] = defaultdict(list)
    for statement in said:
        found[statement.reading, statement.unit].append(statement)
    return list(found.values())


def _join(groups: Sequence[_Group], said: Sequence[_Group], wordings: Wordings) -> list[int | None]:
    """Which group says already what a clause says, one-to-one; None where none does.

    By words alone: one plan says a thing twice in the same words.
    """
    if not groups:
        return [None] * len(said)
    rows, columns = assign(_between(said, groups, wordings, meaning=False), _SAME_PLAN)
    taken = dict(zip(rows, columns, strict=True))
    return [taken.get(at) for at in range(len(said))]


def align(indicators: Sequence[Indicator], wordings: Wordings, index: Index) -> list[Shared]:
    """The rows of the matrix, in the order of `indicators`."""
    plans = _plans(indicators)
    groups = [_Group.of(indicator.statements, index) for indicator in indicators]
    pairs = [pair for left, right in combinations(plans, 2) for pair in _pairs(left, right, groups, wordings)]
    return _rows(indicators, pairs)


def _plans(indicators: Sequence[Indicator]) -> list[list[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for at, indicator in enumerate(indicators):
        found[indicator.document.id].append(at)
    return [found[document] for document in sorted(found)]


def _pairs(left: Sequence[int], right: Sequence[int], groups: Sequence[_Group], wordings: Wordings) -> list[Pair]:
    scores = _between([groups[i] for i in left], [groups[j] for j in right], wordings, meaning=True)
    for row, column in np.argwhere(scores >= _ACCEPTED - _SAME_VALUES):
        if not groups[left[row]].values.isdisjoint(groups[right[column]].values):
            scores[row, column] += _SAME_VALUES
    rows, columns = assign(scores, _ACCEPTED)
    others = scores.copy()
    others[rows, columns] = 0
    next_best = np.maximum(others.max(axis=1)[rows], others.max(axis=0)[columns])
    found = []
    for at, to, other in zip(rows, columns, next_best, strict=True):
        score = float(scores[at, to])
        doubtful = score < _CERTAIN or score - float(other) < _MARGIN
        found.append(Pair(left[at], right[to], min(1.0, score), doubtful))
    return found


@dataclass(frozen=True, slots=True)
class _Group:
    """What is compared of statements of one thing: their wordings, whether they are a heading, their values by year."""

    wordings: tuple[int, ...]
    heads: bool
    values: frozenset[tuple[int | None, object]]

    @classmethod
    def of(cls, statements: Sequence[Statement], index: Index) -> _Group:
        said = dict.fromkeys(index[wording] for s in statements for wording in wordings_of(s))
        values = {(year, v.bounds) for s in statements for year, v in s.values.items() if v.amount is not None}
        return cls(tuple(said), statements[0].heads, frozenset(values))


def _between(left: Sequence[_Group], right: Sequence[_Group], wordings: Wordings, meaning: bool) -> Matrix:
    """Likeness of groups of statements: that of their two most alike wordings; none where their first contradict."""
    a, starts_a = _flat(left)
    b, starts_b = _flat(right)
    scores, apart = wordings.compare(a, b, meaning)
    best = np.maximum.reduceat(np.maximum.reduceat(scores, starts_a, axis=0), starts_b, axis=1)
    best[apart[np.ix_(starts_a, starts_b)]] = 0
    heads_a, heads_b = (np.array([group.heads for group in side], dtype=np.bool_) for side in (left, right))
    best -= _HEADING * (heads_a[:, None] != heads_b[None, :])
    return best


def _flat(groups: Sequence[_Group]) -> tuple[list[int], NDArray[np.int64]]:
    flat: list[int] = []
    starts = []
    for group in groups:
        starts.append(len(flat))
        flat += group.wordings
    return flat, np.asarray(starts, dtype=np.int64)


def wordings_of(statement: Statement) -> list[Wording]:
    """What is compared of a statement."""
    readings = filter(None, (statement.reading, statement.core))
    return [Wording(reading, statement.unit, statement.context) for reading in readings]


def _rows(indicators: Sequence[Indicator], pairs: Sequence[Pair]) -> list[Shared]:
    """Join the surest pairs first; two rows are joined where no plan is in both and the pairs between them agree."""
    known = {(min(p.left, p.right), max(p.left, p.right)): p for p in pairs}
    row_of = list(range(len(indicators)))
    members: dict[int, list[int]] = {at: [at] for at in range(len(indicators))}
    for pair in sorted(pairs, key=lambda p: (-p.confidence, p.left, p.right)):
        a, b = row_of[pair.left], row_of[pair.right]
        if a == b:
            continue
        documents = [indicators[i].document.id for i in (*members[a], *members[b])]
        if len(set(documents)) < len(documents) or not _agree(members[a], members[b], known):
            continue
        kept, gone = min(a, b), max(a, b)
        members[kept] += members.pop(gone)
        for i in members[kept]:
            row_of[i] = kept
    return [_shared(indicators, sorted(members[row]), known) for row in sorted(members)]


def _agree(left: Sequence[int], right: Sequence[int], known: Mapping[tuple[int, int], Pair]) -> bool:
    """Whether at least half of the pairs between two rows were aligned as well."""
    return 2 * sum((min(i, j), max(i, j)) in known for i in left for j in right) >= len(left) * len(right)


def _shared(indicators: Sequence[Indicator], members: list[int], known: Mapping[tuple[int, int], Pair]) -> Shared:
    links = [
        Link(indicators[i].document.id, indicators[j].document.id, pair.confidence, pair.doubtful)
        for i, j in combinations(members, 2)
        if (pair := known.get((i, j))) is not None
    ]
    return Shared(tuple(sorted((indicators[i] for i in members), key=lambda i: not i.main.is_row)), tuple(links))


def _place(group: Sequence[Statement]) -> tuple[int, int]:
    return group[0].clause.ordinal, group[0].quote[0]
