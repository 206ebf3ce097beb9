"""What `ask` returns, and its JSON form (the contract that other people's scripts rely on)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from answer.cite import label, place_label
from answer.question import Understood
from answer.renamed import Former, citation_note
from answer.standing import later_json, standing
from ingest.corrections import corrections_of
from ingest.model import Clause, Document, Row


@dataclass(frozen=True, slots=True)
class Citation:
    """A clause shown as evidence. `heading` is the agency heading that a cited bullet stands under, when the answer
    is read from it; text and lines then run from the heading to the clause. `quote` are offsets in `text`."""

    clause: Clause
    document: Document
    score: float
    heading: Clause | None = None
    quote: tuple[int, int] | None = None

    @property
    def text(self) -> str:
        """The whole clause, with its heading where the answer needs it."""
        return f"{self.heading.text}\n{self.clause.text}" if self.heading else self.clause.text

    @property
    def lines(self) -> tuple[int, int]:
        """First and last source line. Lines between a heading and a later bullet of it are included."""
        first = self.heading.place.first if self.heading else self.clause.place.first
        return first, self.clause.place.last

    @property
    def label(self) -> str:
        """«khoản 7, mục V, Kế hoạch số …»."""
        return label(self.clause, self.document)

    @property
    def place(self) -> str:
        """«khoản 7, mục V»: the label without the document."""
        return place_label(self.clause)

    @property
    def note(self) -> str:
        """What became since of the agencies it names and of the plan's province, and what an editor corrected of it;
        "" when nothing did."""
        right = "; ".join(corrections_of(self.document, self.clause))
        corrected = f"Người biên tập đã sửa {right}." if right else ""
        return " ".join(filter(None, [corrected, citation_note(self.clause, self.document)]))

    @property
    def doubts(self) -> tuple[str, ...]:
        """Words of its text that were read from a picture and are to be checked."""
        return tuple(dict.fromkeys((*(self.heading.doubts if self.heading else ()), *self.clause.doubts)))

    @property
    def standing(self) -> str:
        """What became of the document itself: «Văn bản này đã được thay thế bởi …»; "" when nothing did."""
        return standing(self.document)


@dataclass(frozen=True, slots=True)
class Answer:
    """One short answer: a span of its first citation. `citations` are indices into the result's list.

    `note` tells what became of the agencies it names, "" when nothing changed; `former` is the predecessor of an agency
    asked under whose name it was found.
    """

    province: str
    number: str
    text: str
    kind: str
    citations: tuple[int, ...]
    confidence: float
    note: str = ""
    former: Former | None = None


@dataclass(frozen=True, slots=True)
class Silence:
    """A plan that speaks of the topic but does not say what was asked, with its nearest places."""

    province: str
    number: str
    reason: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """Everything about one question. `reason` (Vietnamese) says why nothing is answered when `answers` is empty;
    `elsewhere` names the province (or number) of a plan that was not asked and does answer."""

    question: str
    understood: Understood
    answers: tuple[Answer, ...]
    silent: tuple[Silence, ...]
    citations: tuple[Citation, ...]
    reason: str | None
    took_ms: float
    elsewhere: str = ""

    @property
    def abstained(self) -> bool:
        """Whether no answer is given."""
        return not self.answers


@dataclass(frozen=True, slots=True)
class PerPlan:
    """One question put to several plans, each by itself: what each says, with its own citations.

    `reason` says why no plan is asked when `told` is empty.
    """

    question: str
    understood: Understood
    told: tuple[tuple[Document, Result], ...]
    reason: str
    took_ms: float


def told_elsewhere(name: str) -> str:
    """A sentence for `Result.elsewhere`; empty where no plan is named."""
    return f"Kế hoạch của {name} có nêu nội dung này." if name else ""


def to_json(result: Result, identifier: str | None = None) -> dict[str, Any]:
    """The contract: `id, question, understood, abstained, reason, answers, silent, citations, took_ms`."""
    return {
        "id": identifier,
        "question": result.question,
        "understood": understood_json(result.understood),
        "abstained": result.abstained,
        "reason": result.reason,
        "answers": [_answer_json(answer) for answer in result.answers],
        "silent": [
            {"province": s.province, "number": s.number, "reason": s.reason, "citations": [n + 1 for n in s.citations]}
            for s in result.silent
        ],
        "citations": [citation_json(citation, n) for n, citation in enumerate(result.citations, start=1)],
        "took_ms": round(result.took_ms, 1),
    }


def understood_json(understood: Understood) -> dict[str, Any]:
    """What was read from the question."""
    return {
        "text": understood.text,
        "intent": understood.intent.value,
        "provinces": list(understood.provinces),
        "agencies": list(understood.agencies),
        "year": understood.year,
        "notes": list(understood.notes),
        "corrections": [{"typed": c.typed, "read": c.read, "kind": c.kind} for c in understood.corrections],
    }


def _answer_json(answer: Answer) -> dict[str, Any]:
    return {
        "province": answer.province,
        "number": answer.number,
        "text": answer.text,
        "kind": answer.kind,
        "citations": [n + 1 for n in answer.citations],
        "confidence": round(answer.confidence, 2),
        "note": answer.note or None,
    }


def citation_json(citation: Citation, n: int) -> dict[str, Any]:
    """A citation, the n-th of its list."""
    clause, document = citation.clause, citation.document
    return {
        "n": n,
        "clause_id": clause.id,
        "number": document.number,
        "province": document.province,
        "title": document.title,
        "issued": document.issued.isoformat() if document.issued else None,
        "section": [section.text for section in clause.section],
        "label": citation.label,
        "text": citation.text,
        "quote": list(citation.quote) if citation.quote else None,
        "lines": list(citation.lines),
        "page": clause.place.page,
        "row": row_json(clause.row) if clause.row else None,
        "score": round(citation.score, 3),
        "note": citation.note or None,
        "doubts": list(citation.doubts),
        "standing": citation.standing or None,
        "later": [later_json(later) for later in document.later],
    }


def row_json(row: Row) -> dict[str, Any]:
    """A row with its cells flat under their roles."""
    own = {"tt": row.tt, "group": row.group, "parent": row.parent, "table": row.table}
    return own | dict(row.cells) | {"inherited": list(row.inherited)}
