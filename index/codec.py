"""Values of `ingest.model` ↔ JSON, exactly: what was stored comes back equal. Also the fingerprint of a parsed file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import astuple
from datetime import date
from functools import lru_cache
from typing import Any

from ingest.model import (
    AgencyMention,
    Bond,
    Clause,
    ClauseKind,
    Correction,
    Coverage,
    Document,
    HeaderFact,
    Mark,
    Parsed,
    Place,
    Printed,
    Rank,
    Relation,
    Role,
    Row,
    Section,
)

Json = Any  # what json.loads gives

_REMEMBERED = 8_192  # paths of sections, and lists of agencies

DOCUMENT_TEXTS = ("id", "number", "kind", "province", "signer", "position", "title", "period", "source", "digest",
                  "format")  # fmt: skip
DOCUMENT_LISTS = ("basis", "recipients", "warnings")
DOCUMENT_COLUMNS = (*DOCUMENT_TEXTS, *DOCUMENT_LISTS, "issued", "facts", "relations", "corrections")


def dump(value: object) -> str:
    """Compact JSON, letters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def document_columns(document: Document) -> dict[str, str | None]:
    """A document by the names of the columns of the table `documents`."""
    columns: dict[str, str | None] = {name: getattr(document, name) for name in DOCUMENT_TEXTS}
    columns["issued"] = document.issued.isoformat() if document.issued else None
    columns |= {name: dump(getattr(document, name)) for name in DOCUMENT_LISTS}
    columns["facts"] = dump([[f.field, f.text, *_place_list(f.place)] for f in document.facts])
    columns["relations"] = dump([_relation_list(r) for r in document.relations])
    columns["corrections"] = dump([astuple(c) for c in document.corrections])
    return columns


def document_from(columns: Mapping[str, Json]) -> Document:
    """The inverse of `document_columns`."""
    values: dict[str, Json] = {name: columns[name] for name in DOCUMENT_TEXTS}
    values |= {name: tuple(json.loads(columns[name])) for name in DOCUMENT_LISTS}
    values["issued"] = date.fromisoformat(columns["issued"]) if columns["issued"] else None
    values["facts"] = tuple(HeaderFact(f, t, Place(*place)) for f, t, *place in json.loads(columns["facts"]))
    values["corrections"] = tuple(Correction(*c) for c in json.loads(columns["corrections"]))
    values["relations"] = tuple(map(_relation_from, json.loads(columns["relations"])))
    return Document(**values)


def clause_columns(clause: Clause) -> dict[str, str | int | None]:
    """A clause by the names of the columns of the table `clauses`."""
    return {
        "id": clause.id,
        "document_id": clause.document_id,
        "ordinal": clause.ordinal,
        "kind": clause.kind.value,
        "section": dump([[s.rank.value, s.number, s.title] for s in clause.section]),
        "text": clause.text,
        "first": clause.place.first,
        "last": clause.place.last,
        "page": clause.place.page,
        "bullet": clause.bullet,
        "row": dump(_row_dict(clause.row)) if clause.row else None,
        "agencies": dump([[a.name, a.role.value, a.quote] for a in clause.agencies]),
        "doubts": dump(clause.doubts),
    }


def clause_from(columns: Mapping[str, Json]) -> Clause:
    """The inverse of `clause_columns`.

    Raises:
        ValueError: the columns are not what was stored (so far as that shows).
    """
    if not columns["id"].startswith(f"{columns['document_id']}/"):
        raise ValueError(f"clause {columns['id']} of document {columns['document_id']}")
    return Clause(
        id=columns["id"],
        document_id=columns["document_id"],
        ordinal=columns["ordinal"],
        kind=ClauseKind(columns["kind"]),
        section=_sections(columns["section"]),
        text=columns["text"],
        place=Place(columns["first"], columns["last"], columns["page"]),
        bullet=columns["bullet"],
        row=_row_from(json.loads(columns["row"])) if columns["row"] else None,
        agencies=_agencies(columns["agencies"]),
        doubts=tuple(json.loads(columns["doubts"])),
    )


# The same for many clauses of a plan, and most of the time that making one of its row takes.
@lru_cache(maxsize=_REMEMBERED)
def _sections(told: str) -> tuple[Section, ...]:
    return tuple(Section(Rank(rank), number, title) for rank, number, title in json.loads(told))


@lru_cache(maxsize=_REMEMBERED)
def _agencies(told: str) -> tuple[AgencyMention, ...]:
    return tuple(AgencyMention(name, Role(role), quote) for name, role, quote in json.loads(told))


def coverage_json(coverage: Coverage) -> str:
    """Coverage as one JSON object."""
    return dump([coverage.in_clauses, coverage.in_header, dict(coverage.discarded), coverage.total])


def coverage_from(text: str) -> Coverage:
    """The inverse of `coverage_json`."""
    return Coverage(*json.loads(text))


def printed_columns(printed: Printed) -> dict[str, str]:
    """Pages by the names of the columns of the table `printed`, without the file itself."""
    marks = [[n, [astuple(mark) for mark in marks]] for n, marks in sorted(printed.marks.items())]
    return {"form": printed.form, "marks": dump(marks), "doubts": dump(sorted(printed.doubts.items()))}


def printed_from(columns: Mapping[str, Json], original: bytes) -> Printed:
    """The inverse of `printed_columns`."""
    marks = {number: tuple(Mark(*mark) for mark in found) for number, found in json.loads(columns["marks"])}
    doubts = {number: tuple(words) for number, words in json.loads(columns["doubts"])}
    return Printed(columns["form"], original, marks, doubts)


def fingerprint(parsed: Parsed) -> str:
    """sha256 of everything that was understood of a file.

    Two readings of the same bytes differ when the structure code, or a correction of the header, changed what they
    mean: the digest of the file alone would miss that.
    """
    document: dict[str, Json] = dict(document_columns(parsed.document))
    clauses: list[dict[str, Json]] = [dict(clause_columns(c)) for c in parsed.clauses]
    later: list[tuple[dict[str, Json], str]] = [(document, "relations"), (document, "corrections")]
    for told, name in [*later, *((clause, "doubts") for clause in clauses)]:
        if told[name] == "[]":  # what a program stored that knew of none is still the same
            del told[name]
    content: list[Json] = [document, clauses]
    rest: list[Json] = [coverage_json(parsed.coverage), parsed.lines]
    if parsed.printed:
        rest.append(printed_columns(parsed.printed))
    return hashlib.sha256(dump([*content, *rest]).encode("utf-8", "surrogatepass")).hexdigest()


def _place_list(place: Place) -> Sequence[int | None]:
    return [place.first, place.last, place.page]


def _relation_list(relation: Relation) -> Sequence[str | int | None]:
    issued = relation.issued.isoformat() if relation.issued else None
    return [relation.bond.value, relation.number, issued, relation.quote, *_place_list(relation.place)]


def _relation_from(told: Sequence[Json]) -> Relation:
    bond, number, issued, quote, *place = told
    return Relation(Bond(bond), number, date.fromisoformat(issued) if issued else None, quote, Place(*place))


def _row_dict(row: Row) -> dict[str, Json]:
    told = {name: getattr(row, name) for name in ("table", "group", "tt", "parent", "inherited", "parent_text")}
    return {**told, "cells": dict(row.cells), "columns": dict(row.columns)}


def _row_from(told: dict[str, Json]) -> Row:
    return Row(**{**told, "inherited": tuple(told["inherited"])})
