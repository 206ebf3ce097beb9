"""Letterhead, title, signature and a web page's metadata box → what the plan says of itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.facts import basis_documents, parse_date, period_of
from ingest.head import Header, add_fact, metadata_line, read_head
from ingest.kinds import NUMBER, kind_of_number
from ingest.model import Line
from ingest.provinces import find_provinces
from ingest.regions import Regions
from ingest.signature import read_closing, signer_of


def read_header(regions: Regions, body_text: str) -> Header:
    """Read the header from the letterhead, then fill what is missing from the metadata box and the text."""
    header = Header()
    read_head(regions.head, header)
    _read_closing(regions.closing, header)
    for appendix in regions.appendices:
        _read_attached_closing(appendix.closing, header)
    for line in regions.metadata:
        metadata_line(line, header)
    mentions = [a.head.text for a in regions.appendices if a.head] + [
        line.text for a in regions.appendices for line in a.lines[:12] if "kèm theo" in line.text.lower()
    ]
    _fill_from_text(header, mentions, body_text)
    preamble = " ".join(line.text for line in header.preamble)
    header.basis = basis_documents(preamble)
    header.period = header.period or period_of(header.title, header.issued)
    _warn(header)
    return header


def _read_closing(lines: Sequence[Line], header: Header) -> None:
    closing = read_closing(lines)
    if closing.recipients:
        header.recipients = closing.names
        add_fact(header, "recipients", closing.recipients)
    if closing.signature:
        header.signer, header.position = signer_of(closing.signature)
        add_fact(header, "signer", closing.signature)
    for line in closing.marks:
        add_fact(header, "signer", [line])
    header.leftover += closing.other


def _read_attached_closing(lines: Sequence[Line], header: Header) -> None:
    """The signature below an attached document: mostly that of the decision again."""
    own = Header()
    _read_closing(lines, own)
    header.signer, header.position = header.signer or own.signer, header.position or own.position
    header.recipients = header.recipients or own.recipients
    header.facts += own.facts
    header.lines += own.lines
    header.leftover += own.leftover


def _fill_from_text(header: Header, mentions: Sequence[str], body: str) -> None:
    """Province from «… của UBND tỉnh X» and the most frequent «tỉnh X»; the kind from the number's code."""
    for text in mentions:
        if not header.number and (match := NUMBER.search(text)):
            header.number = re.sub(r"\s", "", match["n"])
            header.issued = header.issued or parse_date(text)
    if not header.kind and header.number:
        header.kind = kind_of_number(header.number)
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
