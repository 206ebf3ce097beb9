"""The JSON of `kehoach documents` and `kehoach export`: the contract that other people's scripts rely on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from answer.outline import Node
from answer.result import row_json
from answer.standing import earlier_json, later_json
from index.search import Searcher
from ingest.model import Clause, Document


def documents_json(searcher: Searcher) -> list[dict[str, Any]]:
    """Every document with its header."""
    sizes = searcher.sizes()
    return [document_json(searcher, document, sizes[document.id]) for document in searcher.documents()]


def document_json(searcher: Searcher, d: Document, clauses: int) -> dict[str, Any]:
    """A document with its header and how many clauses it has."""
    return {
        "id": d.id,
        "number": d.number,
        "kind": d.kind,
        "province": d.province,
        "issued": d.issued.isoformat() if d.issued else None,
        "signer": d.signer,
        "position": d.position,
        "title": d.title,
        "period": d.period,
        "basis": list(d.basis),
        "recipients": list(d.recipients),
        "source": d.source,
        "digest": d.digest,
        "format": d.format,
        "clauses": clauses,
        "header": [{"field": f.field, "text": f.text, "lines": [f.place.first, f.place.last]} for f in d.facts],
        "warnings": list(d.warnings),
        "relations": [earlier_json(earlier) for earlier in searcher.lineage.earlier(d)],
        "later": [later_json(later) for later in d.later],
    }


def outline_json(nodes: Sequence[Node]) -> list[dict[str, Any]]:
    """The sections of a plan: the clause that opens each, its words, how many rows of tables lie within, and those
    below it."""
    return [
        {"clause_id": n.clause.id, "text": n.text, "rows": n.rows, "children": outline_json(n.children)} for n in nodes
    ]


def clause_json(clause: Clause, document: Document) -> dict[str, Any]:
    """The export contract: one clause, cells flat under `row`."""
    return {
        "clause_id": clause.id,
        "number": document.number,
        "province": document.province,
        "kind": clause.kind.value,
        "section": [section.text for section in clause.section],
        "text": clause.text,
        "lines": [clause.place.first, clause.place.last],
        "page": clause.place.page,
        "agencies": [{"name": a.name, "role": a.role.value, "quote": a.quote} for a in clause.agencies],
        "row": row_json(clause.row) if clause.row else None,
    }
