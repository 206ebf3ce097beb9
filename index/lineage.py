"""Which documents of an index replace or amend which others. Pure: made once for a generation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from ingest.cited import normalised
from ingest.model import Document, Later, Relation
from ingest.reorganisation import successors


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a document says of an earlier one: its own words, and that document where the index has it."""

    relation: Relation
    document: Document | None


class Lineage:
    """The documents of an index, each knowing the newer ones that replace or amend it (`Document.later`)."""

    def __init__(self, documents: Iterable[Document]) -> None:
        by_id = {document.id: document for document in sorted(documents, key=_age)}
        numbered: defaultdict[str, list[Document]] = defaultdict(list)
        for document in by_id.values():
            numbered[normalised(document.number)].append(document)
        self._earlier = {key: tuple(_pairs(document, numbered)) for key, document in by_id.items()}
        newer: defaultdict[str, list[tuple[str, Relation]]] = defaultdict(list)
        for key, pairs in self._earlier.items():
            for relation, older in pairs:
                if older is not None and not _leads_to(key, older, newer):
                    newer[older].append((key, relation))
        self._documents: dict[str, Document] = {}
        for key in by_id:
            self._fill(by_id[key], by_id, newer)

    def of(self, document: Document) -> Document:
        """The document as the index knows it."""
        return self._documents[document.id]

    def earlier(self, document: Document) -> tuple[Earlier, ...]:
        """What a document replaces and amends, in the order in which it tells."""
        pairs = self._earlier.get(document.id, ())
        return tuple(Earlier(relation, self._documents[key] if key else None) for relation, key in pairs)

    def _fill(
        self, document: Document, by_id: Mapping[str, Document], newer: Mapping[str, list[tuple[str, Relation]]]
    ) -> Document:
        """A newer document is filled before the one that it replaces; there are no circles."""
        if document.id not in self._documents:
            later = [Later(self._fill(by_id[key], by_id, newer), told) for key, told in newer.get(document.id, ())]
            later.sort(key=lambda each: (each.relation.bond.value != "replaces", _age(each.document)))
            self._documents[document.id] = replace(document, later=tuple(later))
        return self._documents[document.id]


def _age(document: Document) -> tuple[date, str]:
    return document.issued or date.max, document.id


def _pairs(document: Document, numbered: Mapping[str, list[Document]]) -> Iterator[tuple[Relation, str | None]]:
    """Each relation with the document that is meant, None where the index has none; with each copy of it that is kept
    in another format."""
    for relation in document.relations:
        alike = numbered.get(normalised(relation.number), [])
        found = [other for other in alike if _is_meant(relation, document, other)]
        newest = max((other.issued or date.min for other in found), default=date.min)
        meant = [other.id for other in found if (other.issued or date.min) == newest]
        yield from ((relation, key) for key in (meant or (None,)))


def _is_meant(relation: Relation, newer: Document, older: Document) -> bool:
    """Whether a document of the number that a newer one names is the one meant: by province, and by date where both
    are told."""
    if older.id == newer.id:
        return False
    if newer.issued and older.issued and newer.issued < older.issued:
        return False
    is_dated = relation.issued is not None and older.issued is not None
    if is_dated and relation.issued != older.issued:
        return False
    if not newer.province or not older.province or newer.province == older.province:
        return True
    # A province that went into another: numbers say little then, the date must agree.
    return is_dated and newer.province in {change.today for change in successors(older.province)}


def _leads_to(start: str, goal: str, newer: Mapping[str, list[tuple[str, Relation]]]) -> bool:
    """Whether a document is replaced or amended, directly or not, by another: the reverse would be a circle."""
    seen, waiting = {start}, [start]
    while waiting:
        at = waiting.pop()
        if at == goal:
            return True
        fresh = [key for key, _ in newer.get(at, ()) if key not in seen]
        seen.update(fresh)
        waiting += fresh
    return False
