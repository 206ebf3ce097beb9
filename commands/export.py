"""`kehoach export` and `kehoach documents`: what the index holds, for other programs and for people."""

from __future__ import annotations

import json

from answer.stock_json import clause_json, documents_json
from commands.output import say
from index.search import Searcher
from ingest.model import ClauseKind
from ingest.settings import Settings


def export(settings: Settings) -> int:
    """Every clause as one JSON line, document by document in source order. The letterhead is in `documents`."""
    with Searcher.open(settings.home, settings.encoder, where=settings.engine) as searcher:
        for document in searcher.documents():
            for clause in searcher.clauses(document.id):
                if clause.kind is not ClauseKind.HEADER:
                    say(json.dumps(clause_json(clause, document), ensure_ascii=False))
    return 0


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
