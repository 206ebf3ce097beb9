"""The box in which a portal shows a document's number, date and signer: read, and handed on where the text lacks it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.beside import beside
from ingest.clean import fold, repair
from ingest.facts import LONG_DATE
from ingest.kinds import KINDS
from ingest.model import Line

# How portals name a fact → how the header reader knows it; «» what it has no use for, a mark of the box all the same.
_LABELS = {
    "so hieu": "Số hiệu", "so ky hieu": "Số hiệu", "so/ky hieu": "Số hiệu", "so, ky hieu": "Số hiệu",
    "so hieu van ban": "Số hiệu", "ky hieu": "Số hiệu", "so van ban": "Số hiệu",
    "ngay ban hanh": "Ngày ban hành", "ngay ky": "Ngày ban hành", "ngay van ban": "Ngày ban hành",
    "nguoi ky": "Người ký", "nguoi ky duyet": "Người ký", "nguoi ky van ban": "Người ký",
    "chuc danh": "Chức danh", "chuc vu": "Chức danh",
    "co quan ban hanh": "Cơ quan ban hành", "noi ban hanh": "Cơ quan ban hành", "don vi ban hanh": "Cơ quan ban hành",
    "co quan ban hanh/ chuc danh/ nguoi ky": "", "co quan ban hanh/chuc danh/nguoi ky": "",
    "loai van ban": "Loại văn bản", "hinh thuc van ban": "Loại văn bản", "the loai": "Loại văn bản",
    "trich yeu": "Trích yếu", "trich yeu noi dung": "Trích yếu", "ten van ban": "Trích yếu",
    "linh vuc": "", "nganh": "", "tinh trang": "", "tinh trang hieu luc": "", "hieu luc": "", "ngay hieu luc": "",
    "ngay co hieu luc": "", "ngay het hieu luc": "", "ngay dang": "", "ngay cong bao": "", "so cong bao": "",
    "ngay dang cong bao": "", "pham vi": "", "tep dinh kem": "", "file dinh kem": "", "nguon thu thap": "",
}  # fmt: skip
_LEAST = 2  # lines that make a box; one alone may be the text's own
_APART = 3  # lines, such as «Tình trạng hiệu lực» with its picture, that may stand between two facts
_HEAD = 60
_NUMBER = re.compile(r"^Số(?: hiệu)?\s*:?\s*\d+\s*/", re.IGNORECASE)
_DATED = re.compile(r"^[a-z .-]{2,30},\s*ngay\s")
_ISSUER = re.compile(r"^(?:uy ban nhan dan|ubnd|hoi dong nhan dan|hdnd)\b.{0,40}$")
_SIGNING = re.compile(r"^(?:tm|kt|tl|tuq|q)\.\s|^(?:pho )?(?:chu tich|giam doc|chanh van phong)$")
_NAME = re.compile(r"^[A-ZĐÀ-Ỹ][a-zà-ỹđ]*(?: [A-ZĐÀ-Ỹ][a-zà-ỹđ]*){1,4}$")
_KINDS = tuple(fold(kind) for kind in KINDS)


def _key(text: str) -> str:
    return " ".join(fold(unicodedata.normalize("NFC", text)).split()).strip(" :*•-")


def is_label(text: str) -> bool:
    """Whether a line only names a fact of the box: «Số hiệu», «Người ký:»."""
    return len(text) <= 60 and _key(text) in _LABELS


def fact_of(text: str) -> tuple[str, str] | None:
    """«Số hiệu: 143/KH-UBND» → ("Số hiệu", "143/KH-UBND"); the name is empty for what the header has no use for."""
    name, colon, value = text.partition(":")
    if not colon or not value.strip() or not is_label(name):
        return None
    return _LABELS[_key(name)], repair(value)


@dataclass(slots=True)
class Box:
    """Facts by the header reader's names («» for what it has no use for), and the indices of their lines."""

    facts: dict[str, str] = field(default_factory=dict)
    lines: list[int] = field(default_factory=list)


def boxes_of(texts: Sequence[str]) -> list[Box]:
    """The boxes of a page: two facts at least, close to each other. A portal repeats one for each related document.

    Args:
        texts: the paragraphs of the page. A label and its value stand on one line, or on two.
    """
    boxes = [Box()]
    for index, text in enumerate(texts):
        fact, took = fact_of(text), 1
        following = texts[index + 1] if index + 1 < len(texts) else ""
        if fact is None and is_label(text):
            alone = not following or is_label(following) or fact_of(following) is not None
            fact, took = (_LABELS[_key(text)], "" if alone else repair(following)), 1 if alone else 2
        if fact is None:
            continue
        if (boxes[-1].lines and index > boxes[-1].lines[-1] + _APART) or boxes[-1].facts.get(fact[0]):
            boxes.append(Box())
        boxes[-1].facts[fact[0]] = boxes[-1].facts.get(fact[0]) or fact[1]
        boxes[-1].lines += range(index, index + took)
    return [box for box in boxes if len(box.lines) >= _LEAST]


def facts_of(boxes: Sequence[Box]) -> dict[str, str]:
    """The facts of the box that says most, the first of several that say as much."""
    stated = [{name: value for name, value in box.facts.items() if name and value} for box in boxes]
    return max(stated, key=len, default={})


def missing_facts(box: dict[str, str], texts: Sequence[str]) -> list[str]:
    """Lines «Số hiệu: …» for the facts of the box that the document's own lines do not state."""
    parts = [part.text for text in texts[:_HEAD] for part in beside(Line(0, text, text))]
    head = [(text, fold(text)) for text in parts]
    own = set()
    if any(_NUMBER.match(text) for text, _ in head):
        own.add("Số hiệu")
    if any(LONG_DATE.search(text) for text, folded in head if _DATED.match(folded)):
        own.add("Ngày ban hành")
    if any(_ISSUER.match(folded) for _, folded in head):
        own.add("Cơ quan ban hành")
    if any(folded.rstrip(":").startswith(_KINDS) for _, folded in head):
        own |= {"Loại văn bản", "Trích yếu"}
    if _is_signed(texts):
        own |= {"Người ký", "Chức danh"}
    return [f"{name}: {value}" for name, value in box.items() if name not in own]


def _is_signed(texts: Sequence[str]) -> bool:
    """Whether a name stands below a position, within the few lines that a stamp and «(Đã ký)» take."""
    for index, text in enumerate(texts):
        signing = any(_SIGNING.match(fold(part.text)) for part in beside(Line(0, text, text)))
        if signing and any(_NAME.match(repair(name)) for name in texts[index + 1 : index + 8]):
            return True
    return False
