"""A result while it is put together: citations, and the answers and silences that point into them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from answer.find import Found
from answer.question import Understood
from answer.result import Answer, Citation, Result, Silence
from ingest.model import Clause, Document

CITATIONS = 10  # at least so many are shown where the corpus has them
_HEADER_SCORE = 100.0  # above any rank score: the header is where such an answer stands
_HEADER_CONFIDENCE = 0.95


@dataclass(slots=True)
class Draft:
    """Answers and silences hold indices into `citations`, which `finish` puts into their final order."""

    citations: list[Citation] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    silent: list[Silence] = field(default_factory=list)

    def cite(self, citation: Citation) -> int:
        """Add a citation and return its index."""
        self.citations.append(citation)
        return len(self.citations) - 1

    def answer(self, document: Document, found: Found, kind: str, confidence: float) -> None:
        """Add an answer that was found in the ranked clauses."""
        numbers = tuple(self.cite(_citation(f, document)) for f in (found, *found.supporting))
        self.answers.append(Answer(document.province, document.number, found.text, kind, numbers, confidence))

    def answer_from_header(self, document: Document, clause: Clause, span: tuple[int, int], kind: str) -> None:
        """Add an answer that stands in the document's header or preamble."""
        number = self.cite(Citation(clause, document, _HEADER_SCORE, quote=span))
        text = clause.text[slice(*span)]
        self.answers.append(Answer(document.province, document.number, text, kind, (number,), _HEADER_CONFIDENCE))

    def silence(self, document: Document, clause: Clause, score: float, reason: str) -> None:
        """Add a plan that speaks of the topic but does not say what is asked."""
        number = self.cite(Citation(clause, document, score))
        self.silent.append(Silence(document.province, document.number, reason, (number,)))

    def finish(self, question: str, understood: Understood, further: Sequence[Citation], reason: str) -> Result:
        """Put all evidence into one ranking, best first, and let the answers point into it."""
        citations = self.citations + list(further)
        order = sorted(range(len(citations)), key=lambda n: (-citations[n].score, citations[n].clause.id, n))
        cited = {n for answer in self.answers for n in answer.citations}
        cited |= {n for silence in self.silent for n in silence.citations}
        kept = [n for rank, n in enumerate(order) if rank < CITATIONS or n in cited]
        place = {old: new for new, old in enumerate(kept)}
        answers = [replace(a, citations=tuple(place[n] for n in a.citations)) for a in self.answers]
        silent = [replace(s, citations=tuple(place[n] for n in s.citations)) for s in self.silent]
        return Result(
            question=question,
            understood=understood,
            answers=tuple(sorted(answers, key=lambda a: (-a.confidence, a.province, a.number))),
            silent=tuple(silent),
            citations=tuple(citations[n] for n in kept),
            reason=None if answers else (silent[0].reason if silent else reason),
            took_ms=0.0,
        )


def _citation(found: Found, document: Document) -> Citation:
    """Offsets are in the citation's text, which begins with the heading where the answer was read from it."""
    item = found.evidence
    return Citation(item.hit.clause, document, item.score, found.heading, (found.span.start, found.span.end))
