"""`kehoach export` and `kehoach documents`: what the index holds, for other programs and for people."""

from __future__ import annotations

import json
from typing import Any

from answer.result import row_json
from commands.ask import documents_json
from commands.output import say
from index.search import Searcher
from ingest.model import Clause, ClauseKind, Document
from ingest.settings import Settings


def export(settings: Settings) -> int:
    """Every clause as one JSON line, document by document in source order. The letterhead is in `documents`."""
    with Searcher.open(settings.home, settings.encoder, where=settings.engine) as searcher:
        for document in searcher.documents():
            for clause in searcher.clauses(document.id):
                if clause.kind is not ClauseKind.HEADER:
                    say(json.dumps(clause_json(clause, document), ensure_ascii=False))
    return 0


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


def documents(settings: Settings, as_json: bool) -> int:
    """The plans in the index, with what their headers say."""
    with Searcher.open(settings.home, settings.encoder, where=settings.engine) as searcher:
        listed = documents_json(searcher)
    if as_json:
        say(json.dumps(listed, ensure_ascii=False, indent=2))
        return 0
    for item in listed:
        names = (item["number"] or "(không số)", item["province"] or "?", item["issued"] or "?")
        say(f"{' — '.join(names)} — {item['clauses']} đoạn")
        say(f"  {item['title']}")
    return 0
