"""As `api.models`: agencies, their tasks, documents, and what is served."""

from __future__ import annotations

import datetime
from typing import Literal

from pydantic import Field

from api.models import Later, Row, Told
from ingest.model import ClauseKind, Role


class Variant(Told):
    """A printed form of a name, and how often."""

    text: str
    count: int


class Agency(Told):
    """An agency, its counts by role, its printed forms."""

    name: str
    counts: dict[Role, int]
    variants: list[Variant]
    provinces: list[str]


class Deadline(Told):
    """A deadline as printed (`text`) and as days."""

    text: str
    from_: datetime.date | None = Field(alias="from")
    to: datetime.date | None
    yearly: bool
    every_months: int | None
    until: datetime.date | None


class Name(Told):
    """A name that tasks were found under: today's, or a former one."""

    name: str
    function: str | None
    source: str | None
    since: datetime.date | None
    split: bool


class PlanTasks(Told):
    """The tasks in one plan, counted."""

    province: str
    number: str
    items: int
    counts: dict[Role, int]
    standing: str | None


class Task(Told):
    """A task."""

    province: str
    number: str
    clause_id: str
    kind: ClauseKind
    type: str
    group: str
    section: list[str]
    label: str
    content: str
    target: str | None
    text: str
    roles: list[Role]
    names: list[str]
    quote: str
    quotes: list[str]
    deadline: Deadline | None
    deadlines: list[Deadline]
    next_due: datetime.date | None
    part: str | None
    note: str | None
    standing: str | None
    lines: tuple[int, int]
    page: int | None


class TasksResult(Told):
    """As `kehoach tasks --agency … --json`."""

    asked: str
    agency: str
    names: list[Name]
    province: str | None
    role: Role | None
    date: datetime.date
    due_days: int | None
    counts: dict[Role, int]
    plans: list[PlanTasks]
    items: list[Task]
    possible: list[Task]
    unassigned: int
    reported: int
    shared: int
    notes: list[str]


class Fact(Told):
    """A fact of the header."""

    field: str
    text: str
    lines: tuple[int, int]


class Relation(Told):
    """An earlier document that this one replaces or amends."""

    bond: str
    number: str
    issued: datetime.date | None
    quote: str
    lines: tuple[int, int]
    in_index: bool


class Document(Told):
    """A document, as in `kehoach documents --json`, but of its `source` the name alone."""

    id: str
    number: str
    kind: str
    province: str
    issued: datetime.date | None
    signer: str
    position: str
    title: str
    period: str
    basis: list[str]
    recipients: list[str]
    source: str
    digest: str
    format: str
    clauses: int
    header: list[Fact]
    warnings: list[str]
    relations: list[Relation]
    later: list[Later]


class Mention(Told):
    """An agency that a clause names."""

    name: str
    role: Role
    quote: str


class Clause(Told):
    """A clause or a row, as in `kehoach export`."""

    clause_id: str
    number: str
    province: str
    kind: ClauseKind
    section: list[str]
    text: str
    lines: tuple[int, int]
    page: int | None
    agencies: list[Mention]
    row: Row | None


class Section(Told):
    """A section: the clause that opens it, its words, rows of tables within, sections below."""

    clause_id: str
    text: str
    rows: int
    children: list[Section]


class DocumentResult(Told):
    """A document with its outline and all of its clauses."""

    document: Document
    outline: list[Section]
    clauses: list[Clause]


class Health(Told):
    """What is being served."""

    status: Literal["ok"]
    generation: str
    documents: int
    clauses: int
    encoder: str


class Alive(Told):
    """The server runs."""

    status: Literal["ok"]
