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
# «đang làm theo kế hoạch số mấy»: not the number of the plan that is asked
OTHER_PLAN = (
    r"\b(?:theo|bang|thuc hien|dua (?:tren|vao)|can cu(?: vao)?) (?:cac )?ke hoach (?:so )?(?:nao|may|bao nhieu)\b"
)
# «tờ trình của sở … ra ngày nào», not «kế hoạch thực hiện nghị quyết … ban hành ngày nào»: the first document named
_WHICH_DAY = r"\b(?:ngay|khi|nam|thang|hoi|luc|hom|bua)\b[^?]{0,12}\b(?:nao|may|bao nhieu)\b"
ASKED_DATE = (
    rf"^(?:(?!\b(?:ke hoach|van ban)\b).)*?\b(?:{KINDS})\b(?! nay\b).{{0,150}}?"
    rf"\b(?:ban hanh|ky|kyten|ra|de|co|thong qua|lap)\b.{{0,12}}{_WHICH_DAY}|"
    rf"\bngay (?:thang )?(?:ban hanh|ky|kyten|ra) (?:cua )?(?:{KINDS})\b|"
    rf"\b(?:{KINDS}) (?:ay|do|kia) .{{0,12}}{_WHICH_DAY}"
)
_DATED = re.compile(rf"(?=.*?\b(?P<kind>{KINDS})\b)(?=.*?(?:{ASKED_DATE}))")
_BEHIND = 80  # characters behind a document's number in which its issuer is named
_ISSUERS = (
    "thu tuong chinh phu", "thu tuong", "chinh phu", "ban chap hanh trung uong", "trung uong", "bo chinh tri",
    "ban bi thu",
    "quoc hoi", "hoi dong nhan dan", "ban thuong vu", "tinh uy", "ban chap hanh dang bo",
)  # fmt: skip
_ISSUER = re.compile(rf"\bcua (?P<issuer>{'|'.join(_ISSUERS)})\b")
_ASKED = re.compile(rf"\b(?=(?P<kind>{KINDS})){ASKED_KIND}")


def asked_kind(question: str) -> str | None:
    """The kind of document that a question asks for, folded; None where it asks for none."""
    folded = fold(question)
    if re.search(OTHER_PLAN, folded):
        return "ke hoach"
    found = _ASKED.search(folded) or _DATED.search(folded)
    return found["kind"] if found else None


def asked_issuer(question: str) -> str:
    """Whose document is asked for («nghị quyết nào của Chính phủ»), folded; empty where the question does not say."""
    found = _ISSUER.search(fold(question))
    return found["issuer"] if found else ""


def cited(text: str, kind: str, issuer: str = "") -> list[tuple[int, int]]:
    """Offsets of the documents of a kind that a text cites by number: «Quyết định số 546/QĐ-TTg ngày 29/4/2022».

    `issuer`: only documents behind which it is named («… của Chính phủ»), where there are any.
    """
    found = [match.span() for match in CITED_DOCUMENT.finditer(text) if fold(match["kind"]) == kind]
    named = (
        [(a, b) for a, b in found if re.match(rf"[\s,]*cua\s+{issuer}\b", fold(text[b : b + _BEHIND]))]
        if issuer
        else []
    )
    return named or found
