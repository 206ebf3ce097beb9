"""Documents that a question asks for by their kind («nghị quyết nào», «tờ trình số mấy») and that plans cite."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.clean import fold
from ingest.facts import CITED_DOCUMENT, LAW

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
LAWS = "luat"  # asked for by their names
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
_NUMBERED = rf"\b(?P<kind>{KINDS}|ke hoach|chuong trinh|luat|de an)\s+(?:so\s+)?(?P<number>\d+)(?P<code>[\w/-]*)"
_ASKED_OF_IT = re.compile(
    rf"{_NUMBERED}.{{0,90}}?\b(?:ky|ban hanh|ra doi|ra|de|la)\b.{{0,14}}{_WHICH_DAY}|"
    rf"\bngay\b.{{0,30}}\b(?:ky|ban hanh)\b {_NUMBERED.replace('?P<', '?P<the_')}|"
    rf"\b(?:{KINDS}|ke hoach) (?:do|ay|kia) .{{0,14}}{_WHICH_DAY}|"
    rf"{_NUMBERED.replace('?P<', '?P<a_')}[ ,]*{_WHICH_DAY}[ ?.]*$"
)
_WHOSE = re.compile(rf"{_NUMBERED}.{{0,120}}?\b(?:cua|do) (?:ai|(?:co quan|cap|don vi|to chuc|noi|ben) nao)\b")
_ISSUED_PLAN = re.compile(
    r"\bke hoach (?:so \S+ )?cua (?:ban thuong vu|tinh uy|ban chap hanh|dang bo|thu tuong|chinh phu)\b"
    rf".*(?:{_WHICH_DAY}|\bso (?:may|bao nhieu|ky hieu)\b)"
)
# Issuers as questions name them, and the end of the numbers of their documents.
_ISSUERS = {
    "thu tuong chinh phu": "ttg", "thu tuong": "ttg", "chinh phu": "cp", "ban chap hanh trung uong": "tw",
    "trung uong": "tw", "bo chinh tri": "tw", "ban bi thu": "tw", "quoc hoi": "qh", "hoi dong nhan dan": "hdnd",
    "ban thuong vu": "tu", "tinh uy": "tu", "ban chap hanh dang bo": "tu", "dang bo": "tu", "cap uy": "tu",
}  # fmt: skip
_END = re.compile(r"\d[\w/-]*[-/]([a-z]+)\b")
_ISSUER = re.compile(rf"\b(?:cua|do) (?P<issuer>{'|'.join(_ISSUERS)})\b")
_ASKED = re.compile(rf"\b(?=(?P<kind>{KINDS})){ASKED_KIND}")
_SYMBOL = re.compile(rf"\bky hieu\b.{{0,30}}\b(?P<before>{KINDS})\b|\b(?P<behind>{KINDS})\b.{{0,120}}\bky hieu\b")
_ASKED_LAW = re.compile(r"\b(?:bo )?luat (?:nao|gi)\b")
_ANY_DOCUMENT = re.compile(r"\bvan ban (?:nao|gi|so may)\b")
_BEHIND = 80  # characters behind a document's number in which its issuer is named
_ISSUED_BY = re.compile(
    r"^[\s,]*(?:của|CỦA) (?P<issuer>[A-ZĐÀ-Ỹ][\wÀ-ỹ]*(?:\s+[\wÀ-ỹ]+){0,9}?)"
    r"(?=\s+(?:về|và|thực hiện|triển khai|ban hành|phê duyệt|khóa|khoá|sau đây)\b|\s*(?:[,;.:()]|$))"
)


@dataclass(frozen=True, slots=True)
class CitedAsked:
    """A document beside the plan that a question asks for. `kind` and `issuer` are folded, empty where they are not
    told; `number` is that of a document which the question names; `whose`: its issuer is what is asked."""

    kind: str = ""
    issuer: str = ""
    number: str = ""
    whose: bool = False


NO_DOCUMENT = CitedAsked()


def cited_asked(question: str, plan: str | None = None) -> CitedAsked:
    """What a question asks of a document that plans cite; `plan` is the number of the plan that it names itself."""
    folded = fold(question)
    issuer = found["issuer"] if (found := _ISSUER.search(folded)) else ""
    whose = _WHOSE.search(folded) is not None
    if whose or _ASKED_OF_IT.search(folded):
        for named in re.finditer(_NUMBERED, folded):
            if not _may_be_asked_plan(named, plan):
                return CitedAsked(named["kind"], "", named["number"] + named["code"].rstrip("-/"), whose)
    if re.search(OTHER_PLAN, folded) or _ISSUED_PLAN.search(folded):
        return CitedAsked("ke hoach", issuer)
    asked = _ASKED.search(folded) or _DATED.search(folded)
    if asked is not None:
        return CitedAsked(asked["kind"], issuer)
    if _ASKED_LAW.search(folded):
        return CitedAsked(LAWS)
    symbol = _SYMBOL.search(folded)
    if symbol is not None:
        return CitedAsked(symbol["before"] or symbol["behind"], issuer)
    return CitedAsked("", issuer if _ANY_DOCUMENT.search(folded) else "")


def _may_be_asked_plan(named: re.Match[str], plan: str | None) -> bool:
    """«kế hoạch 9491» is the plan that is asked, unless another number is."""
    of_province = named["kind"] == "ke hoach" and named["code"] in ("", "/kh", "/kh-ubnd")
    return of_province and plan in (None, named["number"])


def cited(text: str, asked: CitedAsked) -> list[tuple[int, int]]:
    """Offsets of the documents asked for that a text cites by number: «Quyết định số 546/QĐ-TTg ngày 29/4/2022».

    Of those of a kind only the issuer's, by the words behind the number («… của Chính phủ») or by the number's end
    («28-NQ/TW»), where there are any. Where the issuer is asked for, with it.
    """
    if asked.kind == LAWS and not asked.number:
        return [match.span("law") for match in LAW.finditer(text)]
    found = [m for m in CITED_DOCUMENT.finditer(text) if _is_meant(m, asked)]
    if asked.whose:
        ends = [(m, _ISSUED_BY.match(text[m.end() : m.end() + _BEHIND])) for m in found]
        return [(m.start(), m.end() + end.end("issuer")) for m, end in ends if end]
    named = [m for m in found if asked.issuer and _is_of(m, text, asked.issuer)]
    return [m.span() for m in named or found if named or not _is_of_another(m, asked.issuer)]


def of_issuer(documents: Sequence[str], issuer: str) -> list[str]:
    """Of printed documents («Nghị quyết số 28-NQ/TW») those whose number ends as the issuer's do, else all."""
    return [d for d in documents if issuer and _end_of(d) == _ISSUERS[issuer]] or list(documents)


def _end_of(document: str) -> str:
    """«tw» of «Nghị quyết số 28-NQ/TW», empty where the number has no such end."""
    found = _END.search(fold(document))
    return found[1] if found else ""


def _is_meant(match: re.Match[str], asked: CitedAsked) -> bool:
    kind, symbol = fold(match["kind"]), re.sub(r"^\s*(?:so\s+)?", "", fold(match["n"]))
    if not asked.number:
        return kind == asked.kind
    same = symbol.startswith(asked.number) and not symbol.removeprefix(asked.number)[:1].isdigit()
    return same and (not asked.number.isdigit() or kind.startswith(asked.kind))


def _is_of_another(match: re.Match[str], issuer: str) -> bool:
    """Whether a number ends as those of another issuer do."""
    end = _end_of(match["n"])
    return bool(issuer) and end in _ISSUERS.values() and end != _ISSUERS[issuer]


def _is_of(match: re.Match[str], text: str, issuer: str) -> bool:
    behind = fold(text[match.end() : match.end() + _BEHIND])
    return re.match(rf"[\s,]*cua\s+{issuer}\b", behind) is not None or _end_of(match["n"]) == _ISSUERS[issuer]
