"""What became of a document itself: replaced or amended by newer ones of the index, told beside every citation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from answer.cite import document_label, document_name
from index.lineage import Earlier
from ingest.model import Bond, Document, Later, Relation
from ingest.reorganisation import day

DONE = {Bond.REPLACES: "đã được thay thế bởi", Bond.AMENDS: "đã được sửa đổi, bổ sung bởi"}
BRIEFLY = {Bond.REPLACES: "đã được thay thế", Bond.AMENDS: "đã được sửa đổi, bổ sung"}
DOES = {Bond.REPLACES: "Thay thế", Bond.AMENDS: "Sửa đổi, bổ sung"}
NEARLY = 0.1  # confidence by which what amends may be less sure and still answers as surely as what it amends
_T = TypeVar("_T")
_KIND_OF_CODE = {"KH": "Kế hoạch", "QĐ": "Quyết định", "NQ": "Nghị quyết", "CT": "Chỉ thị"}


def standing(document: Document) -> str:
    """«Văn bản này đã được thay thế bởi Kế hoạch số 15/KH-UBND ngày 10/4/2025.»; of what replaces it, what replaced
    that in turn; "" where the index has nothing newer."""
    told = [f"Văn bản này {DONE[bond]} {_names(own, document)}." for bond, own in _by_bond(document)]
    seen = {document.id}
    told += [sentence for later in document.later for sentence in _further(later.document, document, seen)]
    return " ".join(told)


def briefly(document: Document) -> str:
    """«đã được thay thế», for a heading or a cell; "" where the index has nothing newer."""
    return ", ".join(BRIEFLY[bond] for bond, _ in _by_bond(document))


@dataclass(frozen=True, slots=True)
class Newer:
    """Ids of the documents that replace one, directly or in turn, and of those that amend it."""

    replacing: frozenset[str]
    amending: frozenset[str]


def newer_than(document: Document) -> Newer:
    """What comes before a document where both answer."""
    found: set[str] = set()
    waiting = [document]
    while waiting:
        newest = [later.document for later in waiting.pop().later if later.relation.bond is Bond.REPLACES]
        waiting += [each for each in newest if each.id not in found]
        found.update(each.id for each in newest)
    amending = {later.document.id for later in document.later if later.relation.bond is Bond.AMENDS}
    return Newer(frozenset(found), frozenset(amending))


def come_first(sure: Mapping[str, float], newer: Mapping[str, Newer]) -> dict[str, set[str]]:
    """Of each plan (id) those whose answers come before its own: what replaces it, and what amends it where that
    answers as surely, for it speaks of a part.

    Args:
        sure: how sure each plan that answers does.
        newer: of the plans that are replaced or amended.
    """
    return {
        key: {n for n in each.replacing if n in sure}
        | {n for n in each.amending if n in sure and sure[n] >= sure.get(key, 0.0) - NEARLY}
        for key, each in newer.items()
    }


def behind(items: Sequence[_T], owner: Callable[[_T], str], before: Mapping[str, set[str]]) -> list[_T]:
    """Items in their order, but those of a plan behind the first of each plan that comes before it.

    `owner` tells the plan (id) of an item; a plan of which there is no item holds nothing back.
    """
    waited_for = {key: ids & {owner(item) for item in items} for key, ids in before.items()}
    result: list[_T] = []
    held = list(items)
    while held:
        at = next(n for n, item in enumerate(held) if not waited_for.get(owner(item)))
        result.append(held.pop(at))
        for ids in waited_for.values():
            ids.discard(owner(result[-1]))
    return result


def earlier_name(earlier: Earlier) -> str:
    """The document that is replaced or amended, as the index or else as the newer one names it."""
    if earlier.document is not None:
        return document_name(earlier.document)
    relation = earlier.relation
    code = relation.number.split("/")[-1].split("-")[0].upper()
    issued = f" ngày {day(relation.issued)}" if relation.issued else ""
    return f"{_KIND_OF_CODE.get(code, 'Văn bản')} số {relation.number}{issued}"


def relations_told(document: Document) -> list[str]:
    """«Thay thế Kế hoạch số 12/KH-UBND ngày 05/3/2024 (dòng 40)», for each earlier document that this one tells of."""
    return [
        f"{DOES[relation.bond]} {earlier_name(Earlier(relation, None))} (dòng {relation.place.first})"
        for relation in document.relations
    ]


def later_json(later: Later) -> dict[str, Any]:
    """A newer document, what it does, and in which words."""
    document, relation = later.document, later.relation
    return {
        "bond": relation.bond.value,
        "number": document.number,
        "issued": document.issued.isoformat() if document.issued else None,
        "province": document.province,
        "quote": relation.quote,
        "lines": [relation.place.first, relation.place.last],
    }


def earlier_json(earlier: Earlier) -> dict[str, Any]:
    """An earlier document as a newer one tells of it; `in_index`: whether the index has it."""
    return relation_json(earlier.relation) | {"in_index": earlier.document is not None}


def relation_json(relation: Relation) -> dict[str, Any]:
    """What a document tells of an earlier one."""
    return {
        "bond": relation.bond.value,
        "number": relation.number,
        "issued": relation.issued.isoformat() if relation.issued else None,
        "quote": relation.quote,
        "lines": [relation.place.first, relation.place.last],
    }


def _by_bond(document: Document) -> Iterator[tuple[Bond, list[Document]]]:
    for bond in Bond:
        if own := [later.document for later in document.later if later.relation.bond is bond]:
            yield bond, own


def _further(document: Document, first: Document, seen: set[str]) -> Iterator[str]:
    """What replaced, in turn, what replaced or amended a document."""
    if document.id in seen:
        return
    seen.add(document.id)
    newest = [later.document for later in document.later if later.relation.bond is Bond.REPLACES]
    if newest:
        yield f"{_name(document, first)} sau đó {DONE[Bond.REPLACES]} {_names(newest, first)}."
    for later in newest:
        yield from _further(later, first, seen)


def _names(documents: Iterable[Document], beside: Document) -> str:
    return "; ".join(dict.fromkeys(_name(document, beside) for document in documents))


def _name(document: Document, beside: Document) -> str:
    """With the province only where it is another."""
    return document_name(document) if document.province == beside.province else document_label(document)
