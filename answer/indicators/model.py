"""The values of the matrix: where a plan states an indicator, the indicator, the same one in several plans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from answer.indicators.values import Value
from answer.result import Citation
from ingest.model import Clause, Document

Offsets = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Statement:
    """One place where a plan states an indicator: a row of a table, or a measure within a sentence.

    `name` is as printed; `reading` is what is compared: with the words of the row that a sub-row belongs to, or those
    that a sentence shares among several measures. `values` by year, None where no year is told. `quote` are offsets
    in the clause's text, `spans` those of the values. `context` are the words of group or headings. `core` is a reading
    without what a long sentence adds behind a comma; empty where that is all of it.
    """

    name: str
    reading: str
    clause: Clause
    document: Document
    values: Mapping[int | None, Value]
    spans: Mapping[int | None, Offsets]
    quote: Offsets
    unit: str = ""
    parent: str = ""
    context: str = ""
    core: str = ""

    @property
    def is_row(self) -> bool:
        """Whether it stands in a table."""
        return self.clause.row is not None

    @property
    def heads(self) -> bool:
        """Whether it is a row without unit and values: a heading of the rows below it."""
        return self.is_row and not self.unit and all(value.blank for value in self.values.values())

    def citation(self, year: int | None) -> Citation:
        """The place, with the value of a year marked where it states one."""
        return Citation(self.clause, self.document, 1.0, None, self.spans.get(year, self.quote))


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator of one plan with every place that states it; the first names it."""

    statements: tuple[Statement, ...]

    @property
    def main(self) -> Statement:
        """The statement that names it: its row, else the first sentence."""
        return self.statements[0]

    @property
    def document(self) -> Document:
        """The plan."""
        return self.main.document

    @property
    def key(self) -> tuple[str, int, int]:
        """Plan, place and offset: the order in which a plan prints its indicators."""
        return self.document.id, self.main.clause.ordinal, self.main.quote[0]

    @property
    def unit(self) -> str:
        """The unit of the first statement that tells one."""
        return next((s.unit for s in self.statements if s.unit), "")

    @property
    def years(self) -> tuple[int | None, ...]:
        """The years of which it states a value, in order; None (no year told) last."""
        known = {year for s in self.statements for year in s.values}
        return tuple(sorted(known, key=lambda year: year or 9999))

    def stated(self, year: int | None) -> list[tuple[Value, Statement]]:
        """Every value of a year with its place: rows before sentences, cells that say nothing last."""
        found = [(s.values[year], s) for s in self.statements if year in s.values]
        return sorted(found, key=lambda pair: pair[0].blank)

    def value(self, year: int | None) -> Value | None:
        """The value of a year that is shown; None where the plan prints nothing for it."""
        found = self.stated(year)
        return found[0][0] if found else None

    @property
    def shown_years(self) -> tuple[int | None, ...]:
        """The years of which it shows a value; None (no year told) only where it says what no year says."""
        dated = [year for year in self.years if year is not None]
        undated, told = self.value(None), [self.value(year) for year in dated]
        if undated is None or any(value and value.bounds == undated.bounds for value in told):
            return tuple(dated)
        return (*dated, None)


@dataclass(frozen=True, slots=True)
class Link:
    """Two plans' indicators found to be one: the plans' ids, how surely, and whether somebody should look."""

    left: str
    right: str
    confidence: float
    doubtful: bool


@dataclass(frozen=True, slots=True)
class Shared:
    """A row of the matrix: an indicator of several plans (or of one), at most one of a plan.

    `links` are the alignments between its members; `group` is the name that the row's plans give the group.
    """

    indicators: tuple[Indicator, ...]
    links: tuple[Link, ...] = ()
    group: str = ""

    @property
    def main(self) -> Indicator:
        """The indicator that names the row."""
        return self.indicators[0]

    def of(self, document_id: str) -> Indicator | None:
        """The indicator of a plan."""
        return next((i for i in self.indicators if i.document.id == document_id), None)

    def link(self, document_id: str) -> Link | None:
        """The surest alignment of a plan's indicator with another of the row."""
        links = [link for link in self.links if document_id in (link.left, link.right)]
        return max(links, key=lambda link: (not link.doubtful, link.confidence), default=None)

    @property
    def confidence(self) -> float:
        """That of the member whose surest link is the weakest; 1 where there is nothing to align."""
        surest = [self.link(indicator.document.id) for indicator in self.indicators]
        return min((link.confidence for link in surest if link), default=1.0)

    @property
    def doubtful(self) -> bool:
        """Whether a member's surest link is doubtful."""
        surest = [self.link(indicator.document.id) for indicator in self.indicators]
        return any(link.doubtful for link in surest if link)
