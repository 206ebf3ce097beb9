"""The matrix of an index: every indicator of every plan, one row each, in the order in which plans print them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from weakref import WeakKeyDictionary

from answer.indicators.align import align, indicators_of, wordings_of
from answer.indicators.model import Indicator, Shared, Statement
from answer.indicators.rows import row_statement
from answer.indicators.score import Wordings
from answer.indicators.sentences import sentence_statements
from answer.indicators.vectors import NameVectors
from index.search import Searcher
from ingest.clean import fold
from ingest.model import Clause, Document

_NUMBERED = re.compile(r"^\s*(?:[IVXLC]+|\d+(?:\.\d+)*|[A-Za-zĐđ])\s*[.)]\s*")


@dataclass(frozen=True, slots=True)
class Matrix:
    """The plans that state indicators, by province and number, and the rows."""

    documents: tuple[Document, ...]
    rows: tuple[Shared, ...]


_made: WeakKeyDictionary[Searcher, Matrix] = WeakKeyDictionary()
_making = Lock()


def matrix_of(searcher: Searcher) -> Matrix:
    """The matrix of an index, made once for an open searcher."""
    with _making:
        if searcher not in _made:
            vectors = NameVectors(searcher)
            stated = {d: statements_of(searcher.clauses(d.id), d) for d in searcher.documents()}
            _made[searcher] = make(stated, vectors)
            vectors.save()
        return _made[searcher]


def make(stated: Mapping[Document, Sequence[Statement]], vectors: NameVectors | None = None) -> Matrix:
    """The matrix of what plans state; `vectors` adds the meaning of names to their words."""
    said = {w for statements in stated.values() for s in statements for w in wordings_of(s)}
    wordings = sorted(said, key=lambda w: (w.reading, w.unit, w.context))
    if not wordings:
        return Matrix((), ())
    compared = Wordings(wordings, vectors.encode if vectors else None)
    index = {wording: at for at, wording in enumerate(wordings)}
    indicators = [i for statements in stated.values() for i in indicators_of(statements, compared, index)]
    rows = _ordered(align(indicators, compared, index))
    documents = [document for document, statements in stated.items() if statements]
    documents.sort(key=lambda document: (fold(document.province), document.number, document.id))
    return Matrix(tuple(documents), tuple(_grouped(rows)))


def statements_of(clauses: Iterable[Clause], document: Document) -> list[Statement]:
    """Everything that a plan sets itself to reach, in its order."""
    found: list[Statement] = []
    for clause in clauses:
        row = row_statement(clause, document)
        found += [row] if row else sentence_statements(clause, document)
    return found


def _by_plan(rows: Iterable[Shared]) -> list[list[tuple[Indicator, Shared]]]:
    """The indicators of each plan in its order; the plan with most table rows first."""
    found: defaultdict[str, list[tuple[Indicator, Shared]]] = defaultdict(list)
    for row in rows:
        for indicator in row.indicators:
            found[indicator.document.id].append((indicator, row))
    plans = [sorted(plan, key=lambda pair: pair[0].key) for plan in found.values()]
    return sorted(plans, key=lambda plan: (-sum(i.main.is_row for i, _ in plan), plan[0][0].document.id))


def _ordered(rows: Sequence[Shared]) -> list[Shared]:
    """In the order of the plan with the longest table; what it lacks stands behind its neighbour in another plan."""
    placed: dict[int, tuple[float, ...]] = {}
    for number, plan in enumerate(_by_plan(rows)):
        at: tuple[float, ...] = ()
        for step, (_, row) in enumerate(plan):
            if id(row) not in placed:
                placed[id(row)] = (*at[:1], number, step) if number else (step,)
            at = placed[id(row)]
    return sorted(rows, key=lambda row: (placed[id(row)], row.main.key))


def _grouped(rows: Sequence[Shared]) -> list[Shared]:
    """Rows with the name of their group. Plans name groups each in its own way: that of the longest table is taken
    for those groups of other plans which share most rows with it."""
    plans = [plan[0][0].document.id for plan in _by_plan(rows)]
    rank = {document: at for at, document in enumerate(plans)}
    named: defaultdict[tuple[str, str], Counter[tuple[int, str]]] = defaultdict(Counter)
    for row in rows:
        groups = [(rank[i.document.id], _group(i)) for i in row.indicators if _group(i)]
        for indicator in row.indicators:
            if groups and _group(indicator):
                named[indicator.document.id, _group(indicator)][min(groups)] += 1
    grouped = [replace(row, group=_row_group(row, named)) for row in rows]
    first = {group: at for at, group in reversed(list(enumerate(row.group for row in grouped)))}
    return sorted(grouped, key=lambda row: (not row.group, first[row.group]))  # each group in one piece, sentences last


def _row_group(row: Shared, named: Mapping[tuple[str, str], Counter[tuple[int, str]]]) -> str:
    votes: Counter[tuple[int, str]] = Counter()
    for indicator in row.indicators:
        votes += named.get((indicator.document.id, _group(indicator)), Counter())
    return min(votes, key=lambda group: (-votes[group], group))[1] if votes else ""


def _group(indicator: Indicator) -> str:
    """The outermost group of an indicator's table, without its number; empty of a sentence."""
    row = indicator.main.clause.row
    return _NUMBERED.sub("", row.group.split(" > ")[0]).strip() if row else ""
