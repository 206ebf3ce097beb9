"""One question put to every plan, side by side: what each says, for which year, who leads, or that it is silent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from answer.answerer import Answerer
from answer.asked import When
from answer.cells import cell_span, target_year
from answer.cite import document_name
from answer.evidence import years_in
from answer.places import provinces_of, recognised_province
from answer.question import Understood
from answer.result import Answer, Citation, PerPlan, Result, citation_json, understood_json
from answer.spans import dates
from answer.standing import behind, briefly, come_first, later_json, newer_than, standing
from export.table import Line, Table, cell_of
from ingest.clean import alphabetical
from ingest.model import CONTENT, Document, Role

NEAREST = 3  # places shown where a plan is silent
NOT_STATED = "Không quy định trong kế hoạch"
COLUMNS = ("Tỉnh", "Số, ký hiệu", "Trả lời", "Đơn vị", "Chỉ tiêu", "Năm", "Chủ trì", "Mục", "Độ tin cậy")


@dataclass(frozen=True, slots=True)
class Side:
    """What the plan of one province says.

    `citations` are those of the answer, best first; where the plan is silent (`answer` is None) its nearest places, and
    `reason` tells what is missing. `years` are those that the answer is for, `lead` the agency that leads there,
    `subject` and `unit` what the figure of a table row is for and measured in, all as printed. `others` are the sides
    of further plans of the province that answer otherwise.
    """

    document: Document
    answer: Answer | None
    citations: tuple[Citation, ...]
    years: tuple[int, ...] = ()
    lead: str = ""
    subject: str = ""
    unit: str = ""
    reason: str = ""
    others: tuple[Side, ...] = ()

    @property
    def province(self) -> str:
        """The province, or the plan's number where none is known."""
        return self.document.province or self.document.number

    @property
    def years_told(self) -> str:
        """«2025, 2030»; of an answer that is a period «2021–2030»."""
        is_period = self.answer and any(found.when is When.PERIOD for found in dates(self.answer.text))
        return ("–" if is_period and len(self.years) == 2 else ", ").join(map(str, self.years))

    @property
    def note(self) -> str:
        """What became since of the agencies that the cited clause names and of the province; "" when nothing."""
        return self.citations[0].note if self.answer else ""

    @property
    def standing(self) -> str:
        """What became of the plan itself: «Văn bản này đã được thay thế bởi …»; "" when nothing did."""
        return standing(self.document)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A question with one side for each province asked, by name. `reason` says why there is none, or which provinces
    asked have no plan."""

    question: str
    understood: Understood
    sides: tuple[Side, ...]
    reason: str
    took_ms: float


def compare(
    answerer: Answerer, question: str, provinces: Sequence[str] = (), keep: frozenset[str] = frozenset()
) -> Comparison:
    """Put a question to the plans of these provinces, else of those that it names, else to all.

    `keep` is left as typed, as in `Answerer.ask`.

    Raises:
        QuestionError: the question is empty, a province is unknown, or the corpus has no plan of it.
    """
    (found,) = compare_all(answerer, [(question, provinces)], keep)
    return found


def compare_all(
    answerer: Answerer, items: Sequence[tuple[str, Sequence[str]]], keep: frozenset[str] = frozenset()
) -> Iterator[Comparison]:
    """`compare` for many questions, encoded together.

    Raises:
        QuestionError: as `compare`; for a province before anything is asked.
    """
    have = {document.province for document in answerer.documents if document.province}
    for province in {typed: None for _, provinces in items for typed in provinces}:
        recognised_province(province, have)
    return map(_comparison, answerer.ask_each(items, keep))


def _comparison(found: PerPlan) -> Comparison:
    """Of several plans of a province the surest answer comes first, else the nearest place."""
    by_province: dict[str, list[Side]] = {}
    for document, result in found.told:
        side = _side(document, result, found.understood)
        by_province.setdefault(side.province, []).append(side)
    sides = [_with_others(_in_force_first(own)) for own in by_province.values()]
    ordered = tuple(sorted(sides, key=lambda side: (alphabetical(side.province), side.document.id)))
    reason = _missing(found) if ordered else found.reason
    return Comparison(found.question, found.understood, ordered, reason, found.took_ms)


def _with_others(own: Sequence[Side]) -> Side:
    """The first side of a province with those of its other plans that answer otherwise."""
    said = own[0].answer.text if own[0].answer else ""
    return replace(own[0], others=tuple(side for side in own[1:] if side.answer and side.answer.text != said))


def _missing(found: PerPlan) -> str:
    """The provinces asked of which there is no plan."""
    have = {document.province for document, _ in found.told}
    missing = [name for name in found.understood.provinces if not have.intersection(provinces_of(name))]
    return f"Kho chưa có kế hoạch nào của {', '.join(missing)}." if missing else ""


def _rank(side: Side) -> tuple[float, float, str]:
    """Surest answer first, then the nearest silence, ties by document."""
    sure = side.answer.confidence if side.answer else -1.0
    near = side.citations[0].score if side.citations else float("-inf")
    return -sure, -near, side.document.id


def _in_force_first(own: Sequence[Side]) -> list[Side]:
    """In the order of `_rank`, but where two plans answer the one that is in force before the one that it replaces."""
    sure = {side.document.id: side.answer.confidence for side in own if side.answer}
    newer = {side.document.id: newer_than(side.document) for side in own if side.document.later}
    return behind(sorted(own, key=_rank), lambda side: side.document.id, come_first(sure, newer))


def _side(document: Document, result: Result, understood: Understood) -> Side:
    if not result.answers:
        reason = result.silent[0].reason if result.silent else ""
        shown = [result.citations[n] for silence in result.silent for n in silence.citations]
        shown += [citation for citation in result.citations if citation not in shown]
        return Side(document, None, tuple(shown[:NEAREST]), reason=reason)
    answer = result.answers[0]
    citations = tuple(result.citations[n] for n in answer.citations)
    years = _years(citations[0], understood)
    return Side(document, answer, citations, years, _lead(citations[0]), *_of_row(citations[0]))


def _of_row(citation: Citation) -> tuple[str, str]:
    """What a figure of a row is for, with the row that a sub-row belongs to, and its unit; empty for other answers."""
    row = citation.clause.row
    if row is None or not _columns(citation):
        return "", ""
    names = [row.parent_text if row.parent else "", *(row.cells.get(role, "") for role in CONTENT)]
    return " › ".join(filter(None, names)), row.cells.get("unit", "")


def _columns(citation: Citation) -> list[int]:
    """The years of a row's columns that the answer was read from."""
    quote = citation.quote or (0, 0)
    cells = (
        {role: cell_span(citation.clause, role) for role in citation.clause.row.cells} if citation.clause.row else {}
    )
    overlapping = [role for role, cell in cells.items() if cell and quote[0] < cell.end and cell.start < quote[1]]
    return sorted(year for role in overlapping if (year := target_year(role)))


def _years(citation: Citation, understood: Understood) -> tuple[int, ...]:
    """The years that an answer is for: of the columns it was read from, else those that its words name, else those of
    the innermost heading that names one."""
    if citation.clause.row:
        return tuple(_columns(citation))
    own = citation.text[slice(*citation.quote)] if citation.quote else ""
    texts = (own, citation.text, *(section.title for section in reversed(citation.clause.section)))
    if understood.year and any(understood.year in years_in(text) for text in texts):
        return (understood.year,)
    texts = (own, *texts[2:])
    return next((tuple(sorted(years)) for text in texts if (years := years_in(text))), ())


def _lead(citation: Citation) -> str:
    """The lead agency as printed: the cell, or the names in the clause or in the heading above it."""
    row = citation.clause.row
    if row is not None:
        return row.cells.get("lead", "")
    quotes = [agency.quote for agency in citation.clause.agencies if agency.role is Role.LEAD]
    return "; ".join(dict.fromkeys(quotes))


def comparison_table(comparison: Comparison, made: date) -> Table:
    """The comparison as a table to be exported."""
    sides = [each for side in comparison.sides for each in (side, *side.others)]
    notes = dict.fromkeys([comparison.reason, *comparison.understood.reorganised, *(side.note for side in sides)])
    notes |= dict.fromkeys(f"{document_name(s.document)}: {s.standing}" for s in sides if s.standing)
    title = "So sánh kế hoạch của các tỉnh"
    return Table(title, comparison.question, made, COLUMNS, tuple(map(_line, sides)), tuple(filter(None, notes)))


def _line(side: Side) -> Line:
    answer, shown = side.answer, side.citations[:1]
    cells = [
        side.province,
        side.document.number + (f" ({told})" if (told := briefly(side.document)) else ""),
        answer.text if answer else f"{NOT_STATED}. {side.reason}".strip(),
        side.unit,
        side.subject,
        side.years_told,
        " ".join(side.lead.split()),
        shown[0].clause.section[-1].text if answer and shown[0].clause.section else "",
        f"{answer.confidence:.0%}" if answer else "",
    ]
    sources = tuple(citation.label if answer else f"Gần nhất: {citation.label}" for citation in shown)
    return Line(tuple(map(cell_of, cells)), sources)


def to_json(comparison: Comparison, identifier: str | None = None) -> dict[str, Any]:
    """The contract: `id, question, understood, provinces: [{province, number, answer, citations, …}], took_ms`."""
    return {
        "id": identifier,
        "question": comparison.question,
        "understood": understood_json(comparison.understood),
        "provinces": [_side_json(side) for side in comparison.sides],
        "reason": comparison.reason or None,
        "took_ms": round(comparison.took_ms, 1),
    }


def _side_json(side: Side) -> dict[str, Any]:
    answer = side.answer
    return {
        "province": side.document.province,
        "number": side.document.number,
        "answer": answer.text if answer else None,
        "kind": answer.kind if answer else None,
        "confidence": round(answer.confidence, 2) if answer else None,
        "years": list(side.years),
        "subject": side.subject or None,
        "unit": side.unit or None,
        "lead": side.lead or None,
        "section": [section.text for section in side.citations[0].clause.section] if side.citations else [],
        "label": side.citations[0].label if side.citations and answer else None,
        "reason": None if answer else side.reason or f"{NOT_STATED}.",
        "note": side.note or None,
        "standing": side.standing or None,
        "later": [later_json(later) for later in side.document.later],
        "others": [_side_json(other) for other in side.others],
        "citations": [citation_json(citation, n) for n, citation in enumerate(side.citations, start=1)],
    }
