"""Citations the way an official writes them."""

from __future__ import annotations

import re

from ingest.issuer import issuer_of
from ingest.model import Clause, ClauseKind, Document, Rank, Section

_NAMES = {
    Rank.PART: "", Rank.CHAPTER: "", Rank.ARTICLE: "", Rank.APPENDIX: "",
    Rank.DIVISION: "phần", Rank.ROMAN: "mục", Rank.ARABIC: "khoản", Rank.DECIMAL: "khoản", Rank.SUBDECIMAL: "khoản",
    Rank.LETTER: "điểm", Rank.PAREN: "điểm", Rank.SMALL_ROMAN: "điểm", Rank.GROUP: "mục", Rank.MINOR: "tiểu mục",
}  # fmt: skip
_HEADER_NAMES = {
    "number": "phần đầu văn bản", "date": "phần đầu văn bản", "title": "tên văn bản", "kind": "phần đầu văn bản",
    "issuer": "phần đầu văn bản", "signer": "phần ký", "recipients": "nơi nhận", "metadata": "phần thuộc tính",
}  # fmt: skip


def label(clause: Clause, document: Document) -> str:
    """«khoản 7, mục V, Kế hoạch số 54/KH-UBND ngày 17/3/2024 của UBND tỉnh Thái Nguyên»."""
    return ", ".join([*_parts(clause), document_label(document)])


def place_label(clause: Clause) -> str:
    """«khoản 7, mục V»: the place within its document."""
    return ", ".join(_parts(clause))


def document_name(document: Document) -> str:
    """«Kế hoạch số 143/KH-UBND ngày 05/6/2024»; what is unknown is left out."""
    text = document.kind or "Văn bản"
    if document.number:
        text += f" số {document.number}"
    if document.issued:
        text += f" ngày {document.issued.day:02d}/{document.issued.month}/{document.issued.year}"
    return text


def document_label(document: Document) -> str:
    """«Kế hoạch số 143/KH-UBND ngày 05/6/2024 của UBND tỉnh Bà Rịa - Vũng Tàu»; what is unknown is left out."""
    text, issuer = document_name(document), issuer_of(document)
    return f"{text} của {issuer}" if issuer else text


def _parts(clause: Clause) -> list[str]:
    """Parts of the label, innermost first."""
    if clause.kind is ClauseKind.HEADER:
        field = clause.id.rsplit("header-", 1)[-1].split("~")[0]
        return [_HEADER_NAMES.get(field, "phần đầu văn bản")]
    parts = [_row_part(clause)] if clause.row else []
    if clause.kind is ClauseKind.BULLET and clause.bullet:
        parts.append(f"gạch đầu dòng thứ {clause.bullet}")
    if clause.kind is ClauseKind.NOTE:
        parts.append("ghi chú")
    parts += [_section_part(section) for section in reversed(clause.section)]
    if not clause.section and not parts:
        parts.append("phần mở đầu" if _is_preamble(clause) else "phần kết")
    return [part for part in parts if part]


def _row_part(clause: Clause) -> str:
    row = clause.row
    assert row is not None  # noqa: S101  (the caller asks only for rows)
    if row.tt:
        return f"TT {row.tt}"
    name = next((text for role, text in row.cells.items() if role in ("indicator", "task")), "")
    return f"dòng «{_short(name)}», TT {row.parent}" if row.parent else f"dòng «{_short(name)}»"


def _short(name: str) -> str:
    return name if len(name) <= 60 else name[:57].rsplit(" ", 1)[0] + "…"


def _section_part(section: Section) -> str:
    number = section.number.strip(" .)(/")
    if section.rank is Rank.BULLET:
        return f"đoạn «{section.title}»"
    if section.rank is Rank.APPENDIX:
        return _appendix_name(number) if number else f"«{_short(section.title)}»"
    if section.rank in (Rank.PART, Rank.CHAPTER, Rank.ARTICLE):
        return number[:1].upper() + number[1:].lower() if number.isupper() and " " not in number else number
    if section.rank is Rank.UNNUMBERED:
        return f"phần «{section.title}»"
    if not number:
        return f"nhóm «{section.title}»"
    return number.lower() if number.lower().startswith(("mục", "tiểu mục")) else f"{_NAMES[section.rank]} {number}"


def _appendix_name(number: str) -> str:
    match = re.match(r"(?i)(phụ lục|biểu)(.*)", number)
    if match:
        return f"{match[1].capitalize()}{match[2].replace(' SỐ ', ' số ')}"
    return f"{number.capitalize()} kèm theo"


def _is_preamble(clause: Clause) -> bool:
    return "/p" in clause.id and clause.ordinal < 40 and not clause.text.rstrip().endswith("./.")
