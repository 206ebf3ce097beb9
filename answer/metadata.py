"""Questions about the document itself, answered from its header."""

from __future__ import annotations

import re
from collections.abc import Sequence

from answer.question import Understood
from ingest.clean import fold
from ingest.model import Clause, Document

_DATE = re.compile(r"ngày \d{1,2} tháng \d{1,2} năm \d{4}|\d{1,2}/\d{1,2}/\d{4}", re.IGNORECASE)
_FIELDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("position", re.compile(r"\bchuc vu\b|\bchuc danh\b")),
    ("signer", re.compile(r"\b(?:ai|nguoi|chu|lanh dao|ong|ba)\b.{0,14}\bk[yi]\b|\bdo ai k[yi]\b")),
    ("recipients", re.compile(r"\bnoi nhan\b|\bduoc gui\b|\bgui (?:cho |den |toi )?(?:nhung )?(?:noi|ai|dau)\b")),
    (
        "date",
        re.compile(
            r"\bngay\b|\bkhi nao\b|\bbao gio\b|\bluc nao\b|\bthang (?:nao|may)\b|\bnam (?:nao|may)\b|\bhoi nao\b"
        ),
    ),
    ("number", re.compile(r"\bso\b")),
    ("title", re.compile(r"\bten\b")),
)


def metadata_answer(
    question: Understood, document: Document, headers: Sequence[Clause]
) -> tuple[Clause, int, int] | None:
    """The header clause and the offsets in it that answer, or None where the header does not say."""
    folded = fold(question.topic)
    field = next((name for name, pattern in _FIELDS if pattern.search(folded)), "number")
    if field == "date":
        return _date(headers)
    if field == "recipients":
        return _recipients(document, headers)
    value = {
        "number": document.number,
        "signer": document.signer,
        "position": document.position,
        "title": document.title,
    }[field]
    return _locate(value, headers) if value else None


def _locate(value: str, headers: Sequence[Clause]) -> tuple[Clause, int, int] | None:
    for clause in headers:
        at = clause.text.find(value)
        if at >= 0:
            return clause, at, at + len(value)
    return None


def _recipients(document: Document, headers: Sequence[Clause]) -> tuple[Clause, int, int] | None:
    """From the first recipient to the last as printed; «Lưu: …» is for the file, not a recipient."""
    names = [name for name in document.recipients if not fold(name).startswith("luu")]
    ends = [_locate(name, headers) for name in (names[:1] + names[-1:])]
    if not ends or ends[0] is None or ends[-1] is None or ends[0][0] != ends[-1][0]:
        return None
    return ends[0][0], ends[0][1], ends[-1][2]


def _date(headers: Sequence[Clause]) -> tuple[Clause, int, int] | None:
    """The date of issue: the letterhead's before the metadata box's."""
    ordered = sorted(headers, key=lambda c: ("header-date" not in c.id, c.ordinal))
    for clause in ordered:
        if "header-date" not in clause.id and "ban hanh" not in fold(clause.text):
            continue
        if match := _DATE.search(clause.text):
            return clause, match.start(), match.end()
    return None
