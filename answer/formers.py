"""Which plans a question is put to under the names that agencies had before a change, and under which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from answer.asking import Request
from answer.draft import Draft
from answer.intent import Intent
from answer.plan import NAMED_TOPIC
from answer.renamed import Former
from answer.topic import beside_agencies
from ingest.model import Document


class Formers:
    """Knows the agencies of each plan, by document id; read-only, threads may share it."""

    def __init__(self, agencies: Mapping[str, Set[str]]) -> None:
        self._agencies = agencies

    def prints(self, document: Document, former: Former) -> bool:
        """Whether a plan of before the change names the former agency."""
        return former.printed_by(document, self._agencies[document.id])

    def prints_only_former(self, document: Document, formers: Sequence[Former]) -> bool:
        """Whether a plan knows an agency that is asked only by the name of one that went into it as a whole."""
        names = self._agencies[document.id]
        return any(f.today not in names and not f.split and self.prints(document, f) for f in formers)

    def is_asked(self, former: Former, document: Document, request: Request, draft: Draft) -> bool:
        """Whether a plan is asked about a predecessor too.

        It is for all that a plan says where it knows no other name, and for tasks where it prints both. Of one whose
        functions were split, only for tasks of a topic: one that went to the agency asked, or any that the plan does
        not charge that agency with.
        """
        understood = request.understood
        if not self.prints(document, former):
            return False
        if not former.split:
            return document.id in request.unnamed or understood.intent is Intent.TASKS
        if former.meant or understood.intent is not Intent.TASKS:
            return understood.intent is Intent.TASKS
        return not draft.answered(document) and beside_agencies(understood, request.topic).weight >= NAMED_TOPIC
