"""A result while it is put together: citations, and the answers and silences that point into them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from answer.find import Found
from answer.question import Understood
from answer.renamed import Former, answer_note
from answer.result import Answer, Citation, Result, Silence
from answer.standing import Newer, behind, come_first
from ingest.model import Clause, Document

CITATIONS = 10  # at least so many are shown where the corpus has them
_HEADER_SCORE = 100.0  # above any rank score: the header is where such an answer stands
_HEADER_CONFIDENCE = 0.95


@dataclass(slots=True)
class Draft:
    """Answers and silences hold indices into `citations`, which `finish` puts into their final order.

    `later` are ids of clauses that were found only under the former name of an agency: all others come before them.
    `newer` tells, by id, which plans replace or amend one.
    """

    citations: list[Citation] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    silent: list[Silence] = field(default_factory=list)
    later: set[str] = field(default_factory=set)
    newer: Mapping[str, Newer] = field(default_factory=dict)

    def cite(self, citation: Citation) -> int:
        """Add a citation and return its index; what is quoted alike already is not added again."""
        for n, known in enumerate(self.citations):
            if known.clause.id == citation.clause.id and known.quote == citation.quote:
                return n
        self.citations.append(citation)
        return len(self.citations) - 1

    def answered(self, document: Document) -> bool:
        """Whether there is an answer of this plan."""
        return any(self._is_of(answer, document) for answer in self.answers)

    def answer(
        self, document: Document, found: Found, kind: str, confidence: float, former: Former | None = None
    ) -> None:
        """Add an answer that was found in the ranked clauses; under a former name only where it says something new."""
        if former and found.evidence.hit.clause.id in {self.citations[a.citations[0]].clause.id for a in self.answers}:
            return
        self.silent = [silence for silence in self.silent if not self._is_of(silence, document)]
        numbers = tuple(self.cite(_citation(f, document)) for f in (found, *found.supporting))
        note = answer_note(found.text, document, former)
        self.answers.append(
            Answer(document.province, document.number, found.text, kind, numbers, confidence, note, former)
        )

    def answer_from_header(self, document: Document, clause: Clause, span: tuple[int, int], kind: str) -> None:
        """Add an answer that stands in the document's header or preamble."""
        number = self.cite(Citation(clause, document, _HEADER_SCORE, quote=span))
        text = clause.text[slice(*span)]
        note = answer_note(text, document)
        self.answers.append(Answer(document.province, document.number, text, kind, (number,), _HEADER_CONFIDENCE, note))

    def silence(self, document: Document, clause: Clause, score: float, reason: str) -> None:
        """Add a plan that speaks of the topic but does not say what is asked, unless it has its answer or silence."""
        if self.answered(document) or any(self._is_of(s, document) for s in self.silent):
            return
        number = self.cite(Citation(clause, document, score))
        self.silent.append(Silence(document.province, document.number, reason, (number,)))

    def finish(self, question: str, understood: Understood, further: Sequence[Citation], reason: str) -> Result:
        """Put all evidence into one ranking, best first, and let the answers point into it.

        What is found under the name that is asked comes first, then what a predecessor printed, then what only may
        belong to the agency asked.
        """
        citations = self.citations + list(further)
        order = sorted(range(len(citations)), key=lambda n: self._rank(citations[n], n))
        before = come_first(self._sure(), self.newer)
        order = behind(order, lambda n: citations[n].document.id, before)
        cited = {n for answer in self.answers for n in answer.citations}
        cited |= {n for silence in self.silent for n in silence.citations}
        kept = [n for rank, n in enumerate(order) if rank < CITATIONS or n in cited]
        place = {old: new for new, old in enumerate(kept)}
        answers = sorted(self.answers, key=lambda a: (_turn(a), -a.confidence, a.province, a.number))
        answers = behind(answers, lambda a: citations[a.citations[0]].document.id, before)
        answers = [replace(a, citations=tuple(place[n] for n in a.citations)) for a in answers]
        silent = [replace(s, citations=tuple(place[n] for n in s.citations)) for s in self.silent]
        return Result(
            question=question,
            understood=understood,
            answers=tuple(answers),
            silent=tuple(silent),
            citations=tuple(citations[n] for n in kept),
            reason=None if answers else (silent[0].reason if silent else reason),
            took_ms=0.0,
        )

    def _sure(self) -> dict[str, float]:
        """How sure each plan (id) answers."""
        pairs = [(self.citations[answer.citations[0]].document.id, answer.confidence) for answer in self.answers]
        return {key: max(sure for other, sure in pairs if other == key) for key, _ in pairs}

    def _is_of(self, told: Answer | Silence, document: Document) -> bool:
        return self.citations[told.citations[0]].document.id == document.id

    def _rank(self, citation: Citation, n: int) -> tuple[bool, float, str, int]:
        return citation.clause.id in self.later, -citation.score, citation.clause.id, n


def _turn(answer: Answer) -> int:
    return 1 + answer.former.split if answer.former else 0


def _citation(found: Found, document: Document) -> Citation:
    """Offsets are in the citation's text, which begins with the heading where the answer was read from it."""
    item = found.evidence
    return Citation(item.hit.clause, document, item.score, found.heading, (found.span.start, found.span.end))
