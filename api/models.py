"""The JSON as the document of the API (OpenAPI) tells it: what is taken and what is given.

Answers are written by the functions that write those of the commands; tests hold them against these.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr

from ingest.model import Role

QUESTION = 2_000  # characters
BATCH = 100
_NAME = 300
_MOST_DAYS = 36_500

Question = Annotated[
    StrictStr, Field(min_length=1, max_length=QUESTION, description="As a person types it, in Vietnamese.")
]
Identifier = Annotated[StrictStr, Field(max_length=200)] | StrictInt | None
Province = Annotated[StrictStr, Field(min_length=1, max_length=_NAME)]
Keep = Annotated[
    list[Annotated[StrictStr, Field(max_length=_NAME)]],
    Field(max_length=50, description="Words that are left as typed."),
]


class _Given(BaseModel):
    """Something that is taken. A field that there is not is refused, for it was meant to do something."""

    model_config = ConfigDict(extra="forbid")


class AskBody(_Given):
    """A question, and what restricts where it is answered from."""

    question: Question
    id: Identifier = None
    province: Province | None = None
    keep: Keep = []
    document: Annotated[StrictStr, Field(min_length=1, max_length=_NAME)] | None = Field(
        None, description="Only from this document: its id or number."
    )
    part: Literal["table", "text"] | None = Field(None, description="Only from tables, or only from other text.")
    agency: Annotated[StrictStr, Field(min_length=1, max_length=_NAME)] | None = Field(
        None, description="Only from clauses that name this agency, in any spelling."
    )


class BatchQuestion(_Given):
    """One of several questions."""

    question: Question
    id: Identifier = None
    province: Province | None = None


class BatchBody(_Given):
    """Several questions."""

    questions: Annotated[list[BatchQuestion], Field(min_length=1, max_length=BATCH)]
    province: Province | None = Field(None, description="For questions that name none.")
    keep: Keep = []


class CompareBody(_Given):
    """A question for every plan, or for those of these provinces."""

    question: Question
    id: Identifier = None
    provinces: Annotated[list[Province], Field(max_length=63)] = []
    keep: Keep = []


class TasksQuery(_Given):
    """Whose tasks, and which of them."""

    agency: Annotated[
        str, Field(min_length=1, max_length=_NAME, description="In any spelling, a former name or today's.")
    ]
    role: Role | None = None
    province: Annotated[str, Field(min_length=1, max_length=_NAME)] | None = None
    due: Annotated[int, Field(ge=0, le=_MOST_DAYS)] | None = Field(
        None, description="Only what is due within so many days."
    )
    date: datetime.date | None = Field(None, description="Counted from this day; today where it is left out.")


class NoQuery(_Given):
    """No parameters."""


class Told(BaseModel):
    """Something that is given: every field is there, and no other."""

    model_config = ConfigDict(extra="forbid")


class ErrorText(Told):
    """What is wrong and what to do, in Vietnamese."""

    message: str
    remedy: str


class ErrorBody(Told):
    """Every answer that is an error."""

    error: ErrorText


class Correction(Told):
    """What was typed and how it was read."""

    typed: str
    read: str
    kind: str


class Understood(Told):
    """What was read from the question."""

    text: str
    intent: str
    provinces: list[str]
    agencies: list[str]
    year: int | None
    notes: list[str]
    corrections: list[Correction]


class Answer(Told):
    """An answer, word for word from its first citation; `citations` are their numbers `n`."""

    province: str
    number: str
    text: str
    kind: str
    citations: list[int]
    confidence: float
    note: str | None


class Silence(Told):
    """A plan that speaks of the topic but does not say what was asked."""

    province: str
    number: str
    reason: str
    citations: list[int]


class Later(Told):
    """A newer document that replaces or amends."""

    bond: str
    number: str
    issued: datetime.date | None
    province: str
    quote: str
    lines: tuple[int, int]


class Row(BaseModel):
    """A row of a table; beside these its cells, by the name of their column."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, str]

    tt: str
    group: str
    parent: str | None
    table: str
    inherited: list[str]


class Citation(Told):
    """A clause shown as evidence."""

    n: int
    clause_id: str
    number: str
    province: str
    title: str
    issued: datetime.date | None
    section: list[str]
    label: str
    text: str
    quote: tuple[int, int] | None
    lines: tuple[int, int]
    page: int | None
    row: Row | None
    score: float
    note: str | None
    doubts: list[str]
    standing: str | None
    later: list[Later]


class AskResult(Told):
    """As `kehoach ask --json`."""

    id: str | None
    question: str
    understood: Understood
    abstained: bool
    reason: str | None
    answers: list[Answer]
    silent: list[Silence]
    citations: list[Citation]
    took_ms: float


class BatchResult(Told):
    """A result for each question, in their order."""

    results: list[AskResult]


class Side(Told):
    """What the plan of a province says; no `answer` where it does not say."""

    province: str
    number: str
    answer: str | None
    kind: str | None
    confidence: float | None
    years: list[int]
    subject: str | None
    unit: str | None
    lead: str | None
    section: list[str]
    label: str | None
    reason: str | None
    note: str | None
    standing: str | None
    later: list[Later]
    others: list[Side]
    citations: list[Citation]


class CompareResult(Told):
    """As `kehoach compare --json`."""

    id: str | None
    question: str
    understood: Understood
    provinces: list[Side]
    reason: str | None
    took_ms: float
