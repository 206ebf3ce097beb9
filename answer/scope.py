"""Which plans a question is put to, and why none is when none is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from answer.intent import Intent
from answer.question import Understood
from answer.renamed import former_provinces
from answer.validity import none_found, relations_asked
from index.filter import Filter
from ingest.model import Document, Relation

NOT_FOUND = "Không tìm thấy nội dung này trong các kế hoạch đã nạp."
_FILTERED_OUT = "Không có kế hoạch nào khớp với bộ lọc."


def plans_in_scope(
    understood: Understood, documents: Sequence[Document], restrict: Filter, cited: Callable[[str], bool]
) -> tuple[list[Document], str]:
    """Plans that a question is about within a filter, and why none of them answers when none does.

    `cited` tells whether a plan speaks of one of this number.
    """
    asked = list(documents)
    if understood.provinces:
        formers = former_provinces(understood.provinces)
        asked = [d for d in asked if d.province in (*understood.provinces, *formers)]
        if not asked:
            return [], f"Kho chưa có kế hoạch nào của {', '.join(understood.provinces)}."
    names = ", ".join(dict.fromkeys([*understood.provinces, *(d.province for d in asked if d.province)]))
    reason = f"Không tìm thấy nội dung này trong kế hoạch của {names}." if understood.provinces else NOT_FOUND
    if understood.number is not None:
        numbered = [d for d in asked if d.number.split("/")[0] == understood.number]
        if numbered or not cited(understood.number):  # «kế hoạch 5872» may be one that the plans speak of
            asked = numbered
            reason = NOT_FOUND if numbered else f"Kho chưa có văn bản số {understood.number}."
        else:
            reason = NOT_FOUND
    allowed = [d for d in asked if restrict.documents is None or d.id in restrict.documents]
    return allowed, _FILTERED_OUT if asked and not allowed else reason


def plans_that_tell(
    understood: Understood, documents: Sequence[Document], restrict: Filter
) -> tuple[list[Document], str, dict[str, tuple[Relation, ...]]]:
    """Plans that tell of the standing that a question asks for, why there is none, and what each (by id) says."""
    asked = understood.standing
    assert asked is not None  # noqa: S101  (the caller asks only for such questions)
    allowed, reason = plans_in_scope(replace(understood, number=None), documents, restrict, lambda _: False)
    relations = relations_asked(asked, allowed)
    return [d for d in documents if d.id in relations], none_found(asked, allowed) if allowed else reason, relations


def asks_of_cited_plan(understood: Understood, documents: Sequence[Document]) -> bool:
    """Whether the document itself is asked about, and it is one that the plans only speak of."""
    if understood.intent is not Intent.METADATA or understood.number is None or not documents:
        return False
    return understood.number not in {document.number.split("/")[0] for document in documents}
