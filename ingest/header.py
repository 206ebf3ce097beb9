"""Letterhead, title, signature and a web page's metadata box → what the plan says of itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from ingest.clean import fold, is_open, is_upper, words
from ingest.facts import LONG_DATE, basis_documents, parse_date, period_of
from ingest.model import HeaderFact, Line, Place
from ingest.provinces import canonical_province, find_provinces
from ingest.regions import LETTERHEAD, METADATA, NAMED, Regions

KINDS = (
    "Kế hoạch", "Quyết định", "Nghị quyết", "Chỉ thị", "Chương trình hành động", "Chương trình", "Đề án", "Công văn",
    "Thông báo", "Hướng dẫn", "Báo cáo", "Phương án",
)  # fmt: skip
_KIND_BY_CODE = {
    "KH": "Kế hoạch",
    "QĐ": "Quyết định",
    "NQ": "Nghị quyết",
    "CT": "Chỉ thị",
    "CTR": "Chương trình",
    "ĐA": "Đề án",
}
_NUMBER = re.compile(
    r"(?:Số|SỐ|Số hiệu|Số ký hiệu|Số/ký hiệu)\s*:?\s*(?P<n>\d{1,6}\s?/\s?(?:\d{4}/)?[A-ZĐ][A-Za-zĐ]*(?:-[A-ZĐ&]+)+)"
)
_BLANK_NUMBER = re.compile(r"^Số\s*:?\s*[._…]*\s*/[A-ZĐ]")
_PREAMBLE = re.compile(
    r"^(?:can cu|thuc hien|xet|theo|de |nham|tren co so|sau khi|tiep tuc thuc hien|thi hanh|trien khai thuc hien)\b"
)
_NAME = re.compile(r"^[A-ZĐÀ-Ỹ][a-zà-ỹđ]*(?: [A-ZĐÀ-Ỹ][a-zà-ỹđ]*){1,4}$")
_SIGNING = re.compile(r"^(?:tm|kt|tl|tuq|q)\.\s|^(?:q\. ?)?(?:pho )?(?:chu tich|giam doc|chanh van phong|bi thu)\b")


_CLOSING_WORDS = 4  # a line this short beside a signature is part of it


@dataclass(slots=True)
class Header:
    """What the header says. `preamble` are the lines between title and body, `leftover` those of the closing block that
    are neither recipients nor signature, `lines` all header lines."""

    number: str = ""
    kind: str = ""
    province: str = ""
    issued: date | None = None
    signer: str = ""
    position: str = ""
    title: str = ""
    period: str = ""
    basis: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    facts: list[HeaderFact] = field(default_factory=list)
    preamble: list[Line] = field(default_factory=list)
    leftover: list[Line] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def read_header(regions: Regions, body_text: str) -> Header:
    """Read the header from the letterhead, then fill what is missing from the metadata box and the text."""
    header = Header()
    _read_head(regions.head, header)
    _read_closing(regions.closing, header)
    _read_metadata(regions.metadata, header)
    mentions = [a.head.text for a in regions.appendices if a.head] + [
        line.text for a in regions.appendices for line in a.lines[:12] if "kèm theo" in line.text.lower()
    ]
    _fill_from_text(header, mentions, body_text)
    preamble = " ".join(line.text for line in header.preamble)
    header.basis = basis_documents(preamble)
    header.period = header.period or period_of(header.title, header.issued)
    _warn(header)
    return header


def _fact(header: Header, name: str, lines: Sequence[Line]) -> None:
    header.lines += [line.number for line in lines]
    text = " ".join(line.text for line in lines)
    header.facts.append(HeaderFact(name, text, Place(lines[0].number, lines[-1].number)))


def _read_head(lines: Sequence[Line], header: Header) -> None:
    """Letterhead until the kind («KẾ HOẠCH»), then the title, then the preamble."""
    titles: list[Line] = []
    state = "letterhead"
    for line in (x for x in lines if x.text):
        if _is_letterhead(line) and state != "preamble":
            _letterhead_line(line, header)
            state = "preamble" if titles and state == "title" and _NUMBER.match(line.text) is None else state
        elif METADATA.match(fold(line.text)):
            _metadata_line(line, header)
        elif state == "letterhead" and (kind := _kind_line(line.text)):
            header.kind = kind[0]
            _fact(header, "kind", [line]) if not kind[1] else titles.append(line)
            state = "title"
        elif state == "letterhead" and not _is_preamble(line.text, first=False):
            titles.append(line)
            state = "title"
        elif state in ("letterhead", "title") and _is_title(line, titles):
            titles.append(line)
        else:
            header.preamble.append(line)
            state = "preamble"
    _finish_title(titles, header)


def _is_letterhead(line: Line) -> bool:
    folded = fold(line.text)
    if LETTERHEAD.match(folded) or _BLANK_NUMBER.match(line.text):
        return words(line.text) <= 14
    return bool(re.match(r"^\((?:kem theo|ban hanh kem)", folded)) or folded in (
        "quyet dinh:",
        "quyet nghi:",
        "quyet dinh",
    )


def _letterhead_line(line: Line, header: Header) -> None:
    number = _NUMBER.search(line.text)
    if number and not header.number:
        header.number = re.sub(r"\s", "", number["n"])
    if LONG_DATE.search(line.text) or re.search(r"\bngày\b.*\btháng\b", line.text):
        header.issued = header.issued or parse_date(line.text)
        header.province = header.province or _province(line.text.split(",")[0])
        _fact(header, "date", [line])
        return
    header.province = header.province or _province(line.text)
    _fact(header, "number" if number or _BLANK_NUMBER.match(line.text) else "issuer", [line])


def _province(text: str) -> str:
    return canonical_province(text) or next((name for name, _, _ in find_provinces(text)), "")


def _kind_line(text: str) -> tuple[str, str] | None:
    """«KẾ HOẠCH» alone, or with the title on the same line → (kind, rest)."""
    folded = fold(text)
    for kind in KINDS:
        stem = fold(kind)
        if folded.rstrip(":") == stem:
            return kind, ""
        if (
            folded.startswith(stem + " ")
            and (is_upper(text) or words(text) >= 5)
            and not text.rstrip().endswith((".", ";", ":"))
        ):
            return kind, text[len(kind) :].strip()
    return None


def _is_preamble(text: str, first: bool) -> bool:
    """A preamble opens with «Căn cứ», «Thực hiện» … and ends as a sentence does; the first line behind the kind is
    the title even when it opens so."""
    folded = fold(text)
    if folded.startswith("can cu"):
        return True
    closed = not is_open(text) or text.rstrip().endswith(",")
    if is_upper(text):
        return False
    return bool(_PREAMBLE.match(folded) and closed and not first) or (words(text) > 25 and closed)


def _is_title(line: Line, titles: Sequence[Line]) -> bool:
    if fold(line.text).rstrip(":") in {fold(k) for k in KINDS}:
        return False
    if not titles:
        return not _is_preamble(line.text, first=True)
    if is_upper(line.text) and is_upper(titles[-1].text):
        return True
    return line.text[:1].islower() and is_open(titles[-1].text)


def _finish_title(titles: Sequence[Line], header: Header) -> None:
    if not titles:
        return
    text = " ".join(line.text for line in titles)
    kind = _kind_line(text)
    header.title = kind[1] if kind and kind[1] else text
    header.kind = header.kind or (kind[0] if kind else "")
    _fact(header, "title", titles)


def _read_closing(lines: Sequence[Line], header: Header) -> None:
    """Recipients and signature, in either order."""
    recipients: list[Line] = []
    signature: list[Line] = []
    other: list[Line] = []
    for line in (x for x in lines if x.text):
        folded = fold(line.text)
        if folded.startswith("noi nhan") or (recipients and not other and re.match(r"^[-–+•]", line.text)):
            recipients.append(line)
        elif _SIGNING.match(folded) or (signature and _NAME.match(line.text)):
            signature.append(line)
        else:
            other.append(line)
    if recipients:
        header.recipients = tuple(r.text.lstrip("-–+• ").rstrip(";. ") for r in recipients if r.text[:1] in "-–+•")
        _fact(header, "recipients", recipients)
    if signature:
        _read_signature(signature, header)
    for line in other:
        if words(line.text) <= _CLOSING_WORDS:  # «Pvk.KH5.LE», «(Đã ký)», a stamp
            _fact(header, "signer", [line])
        else:
            header.leftover.append(line)


def _read_signature(lines: Sequence[Line], header: Header) -> None:
    names = [line.text for line in lines if _NAME.match(line.text) and not _SIGNING.match(fold(line.text))]
    positions = [
        line.text for line in lines if _SIGNING.match(fold(line.text)) and not re.match(r"^(?:TM|TUQ)\.", line.text)
    ]
    header.signer = names[-1] if names else ""
    header.position = positions[-1] if positions else ""
    header.position = re.sub(r"^(?:KT|TL|Q)\.\s*", "", header.position)
    _fact(header, "signer", lines)


def _read_metadata(lines: Sequence[Line], header: Header) -> None:
    for line in lines:
        _metadata_line(line, header)


def _metadata_line(line: Line, header: Header) -> None:
    """«Số hiệu: 143/KH-UBND», «Kế hoạch 143/KH-UBND năm 2024 …»: fills what the letterhead did not say."""
    if named := NAMED.match(fold(line.text)):
        header.title = header.title or line.text[named.end() :].strip()
        _fact(header, "metadata", [line])
        return
    key, _, value = line.text.partition(":")
    key, value = fold(key).strip(), value.strip()
    if key in ("so hieu", "so ky hieu", "so/ky hieu"):
        header.number = header.number or re.sub(r"\s", "", value)
    elif key == "nguoi ky":
        header.signer = header.signer or value
    elif key in ("ngay ban hanh", "ngay ky"):
        header.issued = header.issued or parse_date(value)
    elif key in ("noi ban hanh", "co quan ban hanh"):
        header.province = header.province or _province(value)
    elif key == "chuc danh":
        header.position = header.position or value
    elif key == "trich yeu":
        header.title = header.title or value
    elif key == "loai van ban":
        header.kind = header.kind or value
    _fact(header, "metadata", [line])


def _fill_from_text(header: Header, mentions: Sequence[str], body: str) -> None:
    """Province from «… của UBND tỉnh X» and the most frequent «tỉnh X»; the kind from the number's code."""
    for text in mentions:
        if not header.number and (match := _NUMBER.search(text)):
            header.number = re.sub(r"\s", "", match["n"])
            header.issued = header.issued or parse_date(text)
    if not header.kind and header.number:
        code = header.number.split("/")[-1].split("-")[0].upper()
        header.kind = _KIND_BY_CODE.get(code, "")
    if not header.province:
        header.province = _most_named(" ".join(mentions)) or _most_named(header.title) or _most_named(body)


def _most_named(text: str) -> str:
    counts: dict[str, int] = {}
    for name, start, _ in find_provinces(text):
        if re.search(r"(?:tỉnh|thành phố|TP\.?)\s*$", text[max(0, start - 10) : start], re.IGNORECASE):
            counts[name] = counts.get(name, 0) + 1
    return max(sorted(counts), key=lambda name: counts[name], default="")


def _warn(header: Header) -> None:
    missing = (
        (header.number, "không thấy số, ký hiệu văn bản"),
        (header.issued, "không thấy ngày ban hành"),
        (header.province, "không nhận ra tỉnh, thành phố ban hành"),
        (header.title, "không thấy tên văn bản"),
        (header.signer, "không thấy người ký"),
    )
    header.warnings += [text for value, text in missing if not value]
