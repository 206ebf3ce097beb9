"""What is asked of the index: values that name the question, each with the JSON that answers it.

A job is the key under which its answer is remembered, and travels to the process that answers it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from api.errors import NotFoundError
from ingest.errors import IndexStateError, QuestionError

if TYPE_CHECKING:  # the process that only hands answers on needs none of the index
    from index.filter import Filter
    from ingest.model import Document, Role
    from serving.current import Key
    from serving.opened import Opened, Stock


class Answered(NamedTuple):
    """JSON, with what log and counters tell of it: answers, whether nothing was answered (None: no question)."""

    body: bytes
    answers: int = 0
    abstained: bool | None = None


class Made(NamedTuple):
    """An answer, and the generation that it is of."""

    key: Key
    answered: Answered


class Job(Protocol):
    """Something to be answered; hashable."""

    def run(self, opened: Opened) -> Answered:
        """Answer it.

        Raises:
            InputError: it cannot be answered.
        """
        ...


def perform(stock: Stock, job: Job) -> Made:
    """Answer from the current generation; anew where that was replaced meanwhile and its clauses are gone.

    Raises:
        InputError: it cannot be answered, or there is no index.
    """
    with stock.current() as (opened, key):
        try:
            return Made(key, job.run(opened))
        except IndexStateError:
            if stock.is_current(key):
                raise
    with stock.current() as (opened, key):
        return Made(key, job.run(opened))


@dataclass(frozen=True, slots=True)
class Ask:
    """One question. The body lacks `id` and `took_ms`, which are of a request and not of its answer."""

    question: str
    province: str | None = None
    keep: frozenset[str] = frozenset()
    document: str | None = None
    part: str | None = None
    agency: str | None = None

    def run(self, opened: Opened) -> Answered:
        """Answer it as `kehoach ask --json` does."""
        from answer.result import to_json

        result = opened.answerer.ask(self.question, self.province, self.keep, self._filter(opened))
        return Answered(_without_frame(to_json(result)), len(result.answers), result.abstained)

    def _filter(self, opened: Opened) -> Filter:
        from answer.agency import recognised_agency
        from index.filter import Filter
        from ingest.model import ClauseKind

        rows = frozenset({ClauseKind.ROW})
        kinds = {None: None, "table": rows, "text": frozenset(ClauseKind) - rows}[self.part]
        agency = recognised_agency(self.agency, opened.searcher.agencies()) if self.agency else None
        return Filter(
            documents=_named(opened, self.document) if self.document else None,
            kinds=kinds,
            agencies=frozenset({agency}) if agency else None,
        )


@dataclass(frozen=True, slots=True)
class Compare:
    """One question put to every plan; the body as that of `Ask`."""

    question: str
    provinces: tuple[str, ...] = ()
    keep: frozenset[str] = frozenset()

    def run(self, opened: Opened) -> Answered:
        """Answer it as `kehoach compare --json` does."""
        from answer.agency import documents_of
        from answer.compare import compare, to_json

        documents_of(opened.searcher)
        found = compare(opened.answerer, self.question, self.provinces, self.keep)
        answers = sum(side.answer is not None for side in found.sides)
        return Answered(_without_frame(to_json(found)), answers, not answers)


@dataclass(frozen=True, slots=True)
class Tasks:
    """The tasks of an agency on a day."""

    agency: str
    role: Role | None
    province: str | None
    due: int | None
    on: date

    def run(self, opened: Opened) -> Answered:
        """Answer it as `kehoach tasks --agency --json` does."""
        from answer.tasks import agency_tasks
        from answer.tasks_json import to_json

        found = agency_tasks(opened.searcher, self.agency, self.province, self.role)
        return Answered(_json(to_json(found, self.on, self.due)))


@dataclass(frozen=True, slots=True)
class Agencies:
    """The agencies of the plans."""

    def run(self, opened: Opened) -> Answered:
        """Answer it as `kehoach tasks --json` does."""
        from answer.agency import listed_agencies
        from answer.tasks_json import agency_json

        return Answered(_json([agency_json(agency) for agency in listed_agencies(opened.searcher)]))


@dataclass(frozen=True, slots=True)
class Documents:
    """The plans with their headers."""

    def run(self, opened: Opened) -> Answered:
        """Answer it as `kehoach documents --json` does."""
        from answer.stock_json import documents_json

        return Answered(_json([_without_folders(each) for each in documents_json(opened.searcher)]))


def _without_folders(told: dict[str, Any]) -> dict[str, Any]:
    """A document whose file is told by name alone: where it lies on the server is nobody's business."""
    return told | {"source": PurePath(told["source"]).name}


@dataclass(frozen=True, slots=True)
class OneDocument:
    """One plan with its outline and clauses."""

    id: str

    def run(self, opened: Opened) -> Answered:
        """Its header as in the list, its sections as a tree, its clauses as in the export."""
        from answer.outline import outline
        from answer.stock_json import clause_json, document_json, outline_json

        document = _document(opened, self.id)
        clauses = opened.searcher.clauses(document.id)
        told = {
            "document": _without_folders(document_json(opened.searcher, document, len(clauses))),
            "outline": outline_json(outline(clauses)),
            "clauses": [clause_json(clause, document) for clause in clauses],
        }
        return Answered(_json(told))


@dataclass(frozen=True, slots=True)
class Export:
    """The clauses of one plan, one JSON object a line, without its letterhead."""

    id: str

    def run(self, opened: Opened) -> Answered:
        """Its part of `kehoach export`."""
        from answer.stock_json import clause_json
        from ingest.model import ClauseKind

        document = _document(opened, self.id)
        clauses = (c for c in opened.searcher.clauses(document.id) if c.kind is not ClauseKind.HEADER)
        return Answered(b"".join(_json(clause_json(clause, document)) + b"\n" for clause in clauses))


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids of the plans, as JSON."""

    def run(self, opened: Opened) -> Answered:
        """In the order of the list."""
        return Answered(_json([document.id for document in opened.searcher.documents()]))


@dataclass(frozen=True, slots=True)
class State:
    """What is being served."""

    def run(self, opened: Opened) -> Answered:
        """The generation, what it holds and its encoder."""
        generation = opened.searcher.generation
        told = {
            "status": "ok",
            "generation": generation.name,
            "documents": len(opened.searcher.documents()),
            "clauses": generation.manifest.clauses,
            "encoder": generation.manifest.encoder,
        }
        return Answered(_json(told))


def check(items: Sequence[Ask]) -> None:
    """Whether each of several questions can be asked, before any is.

    Raises:
        QuestionError: the first that cannot, by its place in the list.
    """
    from answer.places import known_province

    for at, item in enumerate(items, start=1):
        if not item.question.strip():
            raise QuestionError(f"Câu hỏi thứ {at}: «question» trống.", "Ghi câu hỏi hoặc bỏ mục này.")
        try:
            if item.province is not None:
                known_province(item.province)
        except QuestionError as error:
            raise QuestionError(f"Câu hỏi thứ {at}: {error.message}", error.remedy) from error


def _document(opened: Opened, key: str) -> Document:
    found = next((document for document in opened.searcher.documents() if document.id == key), None)
    if found is None:
        raise NotFoundError("Không có văn bản này trong chỉ mục.", "Xem danh sách ở /v1/documents.")
    return found


def _named(opened: Opened, typed: str) -> frozenset[str]:
    """The ids of the plans of this id or number."""
    same = frozenset(d.id for d in opened.searcher.documents() if typed in (d.id, d.number))
    if not same:
        raise QuestionError(f"Không có văn bản «{typed}» trong chỉ mục.", "Xem danh sách ở /v1/documents.")
    return same


def _without_frame(told: dict[str, Any]) -> bytes:
    return _json({name: value for name, value in told.items() if name not in ("id", "took_ms")})


def _json(told: object) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
