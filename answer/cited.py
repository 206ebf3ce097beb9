"""Documents that a question asks for by their kind («nghị quyết nào», «tờ trình số mấy») and that plans cite."""

from __future__ import annotations

import re

from ingest.clean import fold
from ingest.facts import CITED_DOCUMENT

# Kinds of documents that plans rest on, folded; a plan itself is asked for by its number (`answer.metadata`).
_NAMES = (
    "chuong trinh hanh dong",
    "nghi quyet",
    "quyet dinh",
    "ket luan",
    "chi thi",
    "cong van",
    "to trinh",
    "nghi dinh",
    "thong tu",
    "thong bao",
    "phap lenh",
)
KINDS = "|".join(_NAMES)
# «nghị quyết nào», «tờ trình số mấy», «chương trình hành động của … số bao nhiêu»; «quyết định này số mấy» asks of the
# document itself.
ASKED_KIND = rf"(?:{KINDS})\s+(?:(?:so\s+)?(?:nao|may|bao nhieu|gi)|(?!nay\b)[^?.]{{0,80}}?\bso\s+(?:may|bao nhieu))\b"
_ASKED = re.compile(rf"\b(?=(?P<kind>{KINDS})){ASKED_KIND}")


def asked_kind(question: str) -> str | None:
    """The kind of document that a question asks for, folded; None where it asks for none."""
    found = _ASKED.search(fold(question))
    return found["kind"] if found else None


def cited(text: str, kind: str) -> list[tuple[int, int]]:
    """Offsets of the documents of a kind that a text cites by number: «Quyết định số 546/QĐ-TTg ngày 29/4/2022»."""
    return [match.span() for match in CITED_DOCUMENT.finditer(text) if fold(match["kind"]) == kind]
