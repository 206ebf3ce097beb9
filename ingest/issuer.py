"""Who issued a document, told from its number, its letterhead and its province."""

from __future__ import annotations

import re

from ingest.agencies import find_agencies
from ingest.clean import fold
from ingest.model import Document

_CITIES = frozenset({"Hà Nội", "Hồ Chí Minh", "Hải Phòng", "Đà Nẵng", "Cần Thơ", "Huế"})
_DISTRICT = re.compile(r"\b(huyện|thị xã|thành phố|quận|xã|phường|thị trấn)\s+(\S.*)$", re.IGNORECASE)


def issuer_of(document: Document) -> str:
    """«UBND tỉnh Thái Nguyên», «HĐND tỉnh Bến Tre», «Tỉnh ủy Lào Cai», «Sở Y tế tỉnh Quảng Trị», «UBND huyện Phong
    Điền, thành phố Huế»; empty where the province is not known."""
    if not document.province:
        return ""
    city = document.province in _CITIES
    place = f"{'thành phố' if city else 'tỉnh'} {document.province}"
    code = re.split(r"[-/]", document.number)[-1]
    letterhead = [fact.text for fact in document.facts if fact.field == "issuer"]
    if code == "TU":
        return f"{'Thành ủy' if city else 'Tỉnh ủy'} {document.province}"
    if agencies := _agencies(code, letterhead):
        return f"{agencies} {place}"
    council = "HĐND" if code == "HĐND" else "UBND"
    district = _district(letterhead, document.province)
    return f"{council} {district}, {place}" if district else f"{council} {place}"


def _agencies(code: str, letterhead: list[str]) -> str:
    """The departments of a letterhead, where the number is one of theirs: «1234/KH-SGDĐT»."""
    if code in ("UBND", "HĐND") or not code:
        return ""
    names = [s.name for text in letterhead if fold(text).startswith("so ") for s in find_agencies(text)]
    return ", ".join(dict.fromkeys(names))


def _district(letterhead: list[str], province: str) -> str:
    """A district, town or commune that is named on a line of its own below «ỦY BAN NHÂN DÂN»."""
    for text in letterhead:
        match = _DISTRICT.search(text)
        if match and fold(match[2]) != fold(province) and fold(text).startswith(_OPENINGS):
            return f"{match[1].lower()} {match[2].title() if match[2].isupper() else match[2]}"
    return ""


_OPENINGS = ("huyen", "thi xa", "thanh pho", "quan", "xa ", "phuong", "thi tran", "uy ban nhan dan", "ubnd", "hoi dong")
