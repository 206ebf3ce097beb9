"""Questions about the document itself, answered from its header."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from answer.abbreviations import expand
from answer.question import Understood
from ingest.agencies import find_agencies
from ingest.clean import fold
from ingest.model import Clause, Document

_DATE = re.compile(r"ngày \d{1,2} tháng \d{1,2} năm \d{4}|\d{1,2}/\d{1,2}/\d{4}", re.IGNORECASE)
_FIELDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("file", re.compile(r"\bluu\b|\bcat\b|\bvan thu\b")),
    ("drafter", re.compile(r"\b(?:soan|du thao|(?<!chuong )trinh)\b")),
    ("instead", re.compile(r"\bky thay (?:cho )?(?:ai|chuc|(?:\w+ )?(?:nao|gi))\b")),
    ("behalf", re.compile(r"\bthay mat (?:cho )?(?:ai|(?:co quan|to chuc|don vi|cap|noi) nao)\b")),
    ("issuer", re.compile(r"\b(?:co quan|ai|noi|cap|don vi)\b(?!.{0,12}\bky).{0,12}\bban hanh\b")),
    ("position", re.compile(r"\bchuc (?:vu|danh|gi)\b|\bcuong vi\b")),
    (
        "date",
        re.compile(r"\bk[yi] (?:vao )?(?:ngay|hom|khi|luc|bua)\b|\bde ngay\b|\bngay (?:thang )?(?:ky|ban hanh)\b"),
    ),
    (
        "signer",
        re.compile(
            r"\b(?:ai|nguoi|lanh dao|ong|ba|vi)\b.{0,60}\bk[yi]\b|\bdo ai k[yi]\b|\b(?:dung ten|dat but) k[yi]\b|"
            r"\bk[yi] ten\b|\bho ten\b"
        ),
    ),
    ("number", re.compile(r"\bso (?:hieu|may|bao nhieu|ky hieu)\b|\bmang so\b|\bky hieu (?:van ban|ke hoach)\b")),
    ("scope", re.compile(r"\bpham vi\b|\bdia ban nao\b|\b(?:ap dung|thuc hien|trien khai) o dau\b")),
    (
        "period",
        re.compile(
            r"\bnam nao den nam nao\b|\bgiai doan\b|\bthoi ky\b|\bthoi gian (?:thuc hien|ap dung|nao)\b|\bbao lau\b|"
            r"\b(?:may|bao nhieu) nam\b|\b(?:thuc hien|ap dung|keo dai|trien khai)\b.{0,20}\bden nam nao\b"
        ),
    ),
    (
        "recipients",
        re.compile(
            r"\bnoi nhan\b|\bduoc gui\b|\bnhan (?:duoc )?(?:ban |van ban )?(?:ke hoach|van ban)\b|"
            r"\bgui\b"
        ),
    ),
    (
        "date",
        re.compile(
            r"\bngay\b|\b(?:nam|thoi diem) ban hanh\b|\b(?:khi|hom|bua|luc|hoi) nao\b|\bbao gio\b|"
            r"\b(?:thang|nam) (?:nao|may)\b"
        ),
    ),
    ("number", re.compile(r"\bso\b")),
    ("title", re.compile(r"\bten\b|\btrich yeu\b|\btieu de\b")),
)
_SIGNED_AS = {
    "issuer": re.compile(r"(?<=TM\. )[A-ZĐÀ-Ỹ ]+?(?=\s+(?:KT|TUQ|TL|Q|CHỦ|PHÓ)\b|$)"),
    "behalf": re.compile(r"TM\. [A-ZĐÀ-Ỹ ]+?(?=\s+(?:KT|TUQ|TL|Q|CHỦ|PHÓ)\b|$)"),
    "instead": re.compile(r"(?:KT|TUQ|TL|Q)\. [A-ZĐÀ-Ỹ ]+?(?=\s+(?:PHÓ|CHÁNH)\b|$)"),
}
# «Xét đề nghị của Giám đốc Sở …», «Trên cơ sở tham mưu đề xuất của Sở … tại Tờ trình»
_PROPOSED = re.compile(
    r"\b(?:de nghi|de xuat|tham muu|trinh) cua\b(?=.{0,120}\bto trinh\b)|\bto trinh so \S+(?:,? ngay \S+)? cua\b"
)
_PROPOSER, _TITLE_OF_HEAD = 120, 14  # characters behind it; those that «Giám đốc» takes before the name
_SIGNATURE = 20  # characters between a position and the name below it
_WORD = re.compile(r"\w+")
_PERIOD = re.compile(r"giai đoạn \d{4}\s*[-–]\s*\d{4}|đến (?:hết )?năm \d{4}", re.IGNORECASE)
_STATED = {
    "period": "(?:thoi gian|giai doan) (?:thuc hien|ap dung)",
    "scope": "pham vi (?:thuc hien|ap dung|dieu chinh)",
}
# Words side by side that stand in questions for recipients of any kind.
_TOLD_OF_ALL = frozenset(
    {
        ("co", "quan"),
        ("don", "vi"),
        ("ke", "hoach"),
        ("so", "nganh"),
        ("cua", "tinh"),
        ("uy", "ban"),
        ("nhan", "dan"),
        ("ubnd", "tinh"),
    }
)


def metadata_answer(
    question: Understood, document: Document, headers: Sequence[Clause], body: Sequence[Clause]
) -> tuple[Clause, int, int] | None:
    """The clause and the offsets in it that answer, or None where the document does not say.

    Args:
        question: asks of the document itself.
        document: the plan.
        headers: its header clauses.
        body: its other clauses; a plan may state its period and scope in a section of its own.
    """
    folded = fold(question.topic)
    field = next((name for name, pattern in _FIELDS if pattern.search(folded)), "number")
    if field == "date":
        return _date(headers)
    if field == "drafter":
        return _drafter(body)
    if field in _SIGNED_AS:
        return _signed_as(_SIGNED_AS[field], headers)
    if field == "recipients":
        return _recipient(folded, document, headers) or _recipients(document, headers)
    if field == "file":
        return _filed(document, headers)
    if field in _STATED:
        return _stated(body, _STATED[field]) or (_period(headers) if field == "period" else None)
    if field == "position" and re.search(r"\bai\b|\bten\b", folded):
        return _signer_with_position(document, headers)
    value = {
        "number": document.number,
        "signer": document.signer,
        "position": document.position,
        "title": document.title,
    }[field]
    return _locate(value, headers) if value else None


def _signed_as(pattern: re.Pattern[str], headers: Sequence[Clause]) -> tuple[Clause, int, int] | None:
    """A line of the signature: «TM. ỦY BAN NHÂN DÂN», «KT. CHỦ TỊCH»."""
    for clause in headers:
        if "header-signer" in clause.id and (found := pattern.search(clause.text)):
            return clause, *found.span()
    return None


def _drafter(body: Sequence[Clause]) -> tuple[Clause, int, int] | None:
    """Who drafted the plan, as the opening or the closing words tell: «Theo đề nghị của Sở … tại Tờ trình số …»."""
    for clause in body:
        for said in _PROPOSED.finditer(fold(clause.text)):
            agencies = find_agencies(clause.text[said.end() : said.end() + _PROPOSER])
            if agencies and agencies[0].start <= _TITLE_OF_HEAD:
                return clause, said.end() + agencies[0].start, said.end() + agencies[0].end
    return None


def _locate(value: str, headers: Sequence[Clause]) -> tuple[Clause, int, int] | None:
    for clause in headers:
        at = clause.text.find(value)
        if at >= 0:
            return clause, at, at + len(value)
    return None


def _signer_with_position(document: Document, headers: Sequence[Clause]) -> tuple[Clause, int, int] | None:
    """«PHÓ CHỦ TỊCH Nguyễn Văn A», as signatures print it."""
    position, name = _locate(document.position, headers), _locate(document.signer, headers)
    if position is None or name is None or position[0] != name[0] or not 0 <= name[1] - position[2] <= _SIGNATURE:
        return name
    return name[0], position[1], name[2]


def _stated(body: Sequence[Clause], name: str) -> tuple[Clause, int, int] | None:
    """«2. Phạm vi thực hiện: Trên địa bàn tỉnh.»: what stands behind the name."""
    for clause in body:
        found = re.match(rf"(?:\S{{1,6}}\s+)?{name}[^:]{{0,30}}:\s*(?P<said>\S.*?)[\s.;]*$", fold(clause.text))
        if found:
            return clause, *found.span("said")
    return None


def _period(headers: Sequence[Clause]) -> tuple[Clause, int, int] | None:
    """The last period of the title: the first may be that of a document that is carried out."""
    for clause in headers:
        if "header-title" in clause.id and (found := list(_PERIOD.finditer(clause.text))):
            return clause, *found[-1].span()
    return None


def _recipient(asked: str, document: Document, headers: Sequence[Clause]) -> tuple[Clause, int, int] | None:
    """The one recipient that the question describes («cơ quan nào của Tỉnh ủy»); None where it describes none."""
    pairs = frozenset(pairwise(_WORD.findall(asked))) - _TOLD_OF_ALL
    shared = [
        (len(pairs & frozenset(pairwise(_WORD.findall(fold(expand(name)[0]))))), -n)
        for n, name in enumerate(document.recipients)
    ]
    count, at = max(shared, default=(0, 0))
    return _locate(document.recipients[-at], headers) if count else None


def _filed(document: Document, headers: Sequence[Clause]) -> tuple[Clause, int, int] | None:
    """«Lưu: VT, …»."""
    name = next((name for name in document.recipients if fold(name).startswith("luu")), None)
    return _locate(name, headers) if name else None


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
