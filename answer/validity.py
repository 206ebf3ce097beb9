"""Questions about a document's standing: «Kế hoạch 12/KH-UBND còn hiệu lực không?», «Kế hoạch số 15 thay thế văn bản
nào?». They are answered in the words in which the newer document says it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.cited import NUMBERED, normalised
from ingest.clean import fold
from ingest.model import Bond, Document, Relation

_PLAN = r"(?:ke hoach|van ban|quyet dinh|nghi quyet|chi thi|chuong trinh|de an)"
_VERB = r"(?:thay the|bai bo|huy bo|sua doi|bo sung|dieu chinh)"
_VERBS = rf"(?P<verbs>{_VERB}(?:(?:,| va| hoac| hay)? {_VERB})*)"
# «12/KH-UBND», «số 12», «12»; what stands for it: «này», «của tỉnh», «năm 2024»
_NUMBER = rf"(?:so )?(?:{NUMBERED.pattern.replace('(?P<n>', '(?:').replace('(?P<date>', '(?:')}|\d{{1,6}})"
_MEANT = rf"{_PLAN}(?: {_NUMBER}| nay| do| tren| cua \w+(?: \w+){{0,4}}?| nam \d{{4}}| ngay [\d/]+){{1,4}}"
_AUX = r"(?: (?:co|da|se|con|dang|hien|cho|gio|nay|co the))*"
_WHICH = r"(?:nao|gi|so may|so bao nhieu|may)"
_FATE = re.compile(
    rf"\b{_MEANT}.{{0,40}}?\b(?:con|het) (?:\w+ ){{0,2}}?(?:hieu luc|gia tri)\b|"
    rf"\b{_MEANT}.{{0,20}}? con (?:duoc )?(?:ap dung|thuc hien|dung)(?: nua)? (?:khong|hay|chu|a)\b|"
    rf"\bhieu luc cua {_MEANT}.{{0,20}}\b(?:con|het)\b"
)
_SUFFERED = re.compile(
    rf"\b{_MEANT}{_AUX} (?:duoc|bi) (?:\w+ ){{0,2}}?{_VERBS}|"
    rf"\b{_MEANT}{_AUX} {_VERBS.replace('verbs', 'then')}(?: gi)? chua\b"
)
_DOER = re.compile(
    rf"\b{_PLAN} {_WHICH}{_AUX} {_VERBS}(?: cho| mot so noi dung| noi dung)?(?: cua| tai)? {_MEANT}|"
    rf"\b{_PLAN} {_VERBS.replace('verbs', 'then')}(?: cho)? {_MEANT}.{{0,20}}\b{_WHICH}\b"
)
_DONE = re.compile(
    rf"\b{_MEANT}{_AUX} {_VERBS}(?: cho)?(?: cac| nhung)? {_PLAN} "
    rf"(?:{_WHICH}|(?P<object>{_NUMBER})(?= khong| chua| a\b))"
)
_OWN_NUMBER = re.compile(rf"\b{_PLAN} (?P<number>{_NUMBER})")


@dataclass(frozen=True, slots=True)
class StandingAsked:
    """What is asked of a document: what newer ones do to it (`newer`), or what it does to earlier ones.

    `number` is as typed, «12» or «12/kh-ubnd», empty where none is; `object` that of the earlier one, where told.
    """

    newer: bool
    bonds: frozenset[Bond]
    number: str = ""
    object: str = ""


def standing_asked(question: str) -> StandingAsked | None:
    """What a question asks of a document's standing; None for all other questions."""
    folded = re.sub(r"\s+", " ", fold(question))
    if found := _FATE.search(folded):
        return StandingAsked(True, frozenset(Bond), _number(found.group()))
    for pattern in (_DOER, _SUFFERED):
        if found := pattern.search(folded):
            verbs = found["verbs"] or found["then"]
            behind = found.group()[found.group().rfind(verbs) :] if pattern is _DOER else found.group()
            return StandingAsked(True, _bonds(verbs), _number(behind))
    if found := _DONE.search(folded):
        return StandingAsked(False, _bonds(found["verbs"]), _number(found.group()), _bare(found["object"] or ""))
    return None


def relations_asked(asked: StandingAsked, documents: Sequence[Document]) -> dict[str, tuple[Relation, ...]]:
    """What answers, by the ids of the documents that say it: of these documents, or of newer ones than these."""
    meant = [document for document in documents if _is_number(asked.number, document.number)]
    if asked.newer:
        pairs = [(later.document.id, later.relation) for document in meant for later in document.later]
        # The document itself need not be there.
        named = [(d.id, relation) for d in documents for relation in d.relations if asked.number]
        pairs += [(key, relation) for key, relation in named if _is_number(asked.number, relation.number)]
    else:
        pairs = [
            (d.id, relation) for d in meant for relation in d.relations if _is_number(asked.object, relation.number)
        ]
    found: dict[str, tuple[Relation, ...]] = {}
    for key, relation in pairs:
        if relation.bond in asked.bonds and relation not in found.get(key, ()):
            found[key] = (*found.get(key, ()), relation)
    return found


def none_found(asked: StandingAsked, documents: Sequence[Document]) -> str:
    """Why such a question has no answer."""
    does = " hoặc ".join(_DOES[bond] for bond in Bond if bond in asked.bonds)
    name = f"văn bản số {asked.number.upper()}" if asked.number else "văn bản được hỏi"
    if asked.newer:
        return f"Không tìm thấy văn bản nào trong kho {does} {name}."
    if asked.number and not any(_is_number(asked.number, d.number) for d in documents):
        return f"Kho chưa có {name}."
    return f"Không tìm thấy chỗ nào trong {name} nêu {does} văn bản khác."


_DOES = {Bond.REPLACES: "thay thế", Bond.AMENDS: "sửa đổi, bổ sung"}


def _bonds(verbs: str) -> frozenset[Bond]:
    replaces = re.search(r"thay the|bai bo|huy bo", verbs) is not None
    amends = re.search(r"sua doi|bo sung|dieu chinh", verbs) is not None
    return frozenset(bond for bond, told in ((Bond.REPLACES, replaces), (Bond.AMENDS, amends)) if told)


def _number(text: str) -> str:
    found = _OWN_NUMBER.search(text)
    return _bare(found["number"]) if found else ""


def _bare(text: str) -> str:
    found = NUMBERED.search(text)
    return normalised(found["n"]) if found else "".join(re.findall(r"\d+", text)[:1])


def _is_number(asked: str, number: str) -> bool:
    """Whether a number is the one that is asked for, in whole or by its digits; none asked is any."""
    own = normalised(number)
    return not asked or own == asked or (asked.isdigit() and re.match(rf"{asked}(?!\d)", own) is not None)
