"""What an editor knows better than the header says: a blank number, a date that was misread. Pure.

The fields of the document take the right value. The header's clause says both, so that an answer that quotes the
right value can be held against the file. Nothing is lost: `uncorrected` gives back what was read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from ingest.errors import InputError
from ingest.model import Clause, ClauseKind, Correction, Document, HeaderFact, Parsed, Place
from ingest.provinces import canonical_province

# Field of `Document` → what it is called, and the fact of the header that tells it.
FIELDS: Mapping[str, tuple[str, str]] = {
    "number": ("Số, ký hiệu", "number"),
    "kind": ("Loại văn bản", "kind"),
    "province": ("Tỉnh, thành phố", "issuer"),
    "issued": ("Ngày ban hành", "date"),
    "position": ("Chức vụ", "signer"),
    "signer": ("Người ký", "signer"),
    "title": ("Tên văn bản", "title"),
    "period": ("Giai đoạn", "period"),
}
_ADDED = "-sua"  # ends the id of a clause for what the file does not say
_LONGEST = 600
_DATES = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d")
_SPAN = "{} (sửa khi nạp{})"


def value_of(document: Document, field: str) -> str:
    """A field as text; a date as «YYYY-MM-DD»."""
    value = getattr(document, field)
    return value.isoformat() if isinstance(value, date) else value or ""


def shown(field: str, value: str) -> str:
    """A value as officials write it: «05/03/2025»."""
    return f"{date.fromisoformat(value):%d/%m/%Y}" if field == "issued" and value else value


def checked(field: str, typed: str) -> str:
    """The value that somebody typed for a field.

    Raises:
        InputError: no such date, a name of no province, too long.
    """
    text = " ".join(unicodedata.normalize("NFC", typed).split())
    name = FIELDS[field][0]
    if len(text) > _LONGEST or any(unicodedata.category(c)[0] == "C" for c in text):
        raise InputError(f"{name} không hợp lệ.", f"Gõ trên một dòng, không quá {_LONGEST} ký tự.")
    if field == "issued" and text:
        return _date(text, name)
    if field == "province" and text:
        if (province := canonical_province(text)) is None:
            raise InputError(f"«{text}» không phải là tên tỉnh, thành phố.", "Gõ tên tỉnh, ví dụ «Lào Cai».")
        return province
    return text


def _date(text: str, name: str) -> str:
    for pattern in _DATES:
        try:
            found = datetime.strptime(text, pattern).date()
        except ValueError:
            continue
        if 1945 <= found.year <= 2100:
            return found.isoformat()
    raise InputError(f"{name} «{text}» không phải là một ngày.", "Gõ ngày/tháng/năm, ví dụ 05/03/2025.")


def corrections_for(document: Document, values: Mapping[str, str]) -> list[Correction]:
    """What sets the values that are wanted apart from those that were read of a document."""
    read = {field: value_of(document, field) for field in values}
    return [Correction(field, read[field], value) for field, value in values.items() if value != read[field]]


def corrected(parsed: Parsed, corrections: Iterable[Correction]) -> Parsed:
    """A plan as it was read, with these values in their fields and in the clauses of its header."""
    given = {c.field: c for c in corrections}
    wanted = {field: given[field] for field in FIELDS if field in given}
    if not wanted:
        return parsed
    clauses = list(parsed.clauses)
    for fact in dict.fromkeys(FIELDS[field][1] for field in wanted):
        _tell(clauses, parsed.document, fact, [c for c in wanted.values() if FIELDS[c.field][1] == fact])
    document = _with(parsed.document, {field: c.value for field, c in wanted.items()})
    document = replace(document, corrections=tuple(wanted.values()))
    return replace(parsed, document=document, clauses=_renumbered(clauses))


def uncorrected(parsed: Parsed) -> Parsed:
    """A plan as it was read, before `corrected`."""
    document = parsed.document
    if not document.corrections:
        return parsed
    clauses = [replace(c, text=_as_read(c, document.facts)) for c in parsed.clauses if not _is_added(c)]
    read = _with(document, {c.field: c.read for c in document.corrections})
    return replace(parsed, document=replace(read, corrections=()), clauses=_renumbered(clauses))


def told(correction: Correction) -> str:
    """«ngày ban hành: tệp ghi 05/03/2025»."""
    read = shown(correction.field, correction.read)
    return f"{FIELDS[correction.field][0].lower()}: {f'đọc từ tệp là «{read}»' if read else 'tệp không nêu'}"


def corrections_of(document: Document, clause: Clause) -> list[str]:
    """What was corrected of the fact that a clause of the header tells, as `told`."""
    if clause.kind is not ClauseKind.HEADER:
        return []
    fact = _fact_of(replace(clause, id=clause.id.removesuffix(_ADDED)))
    return [told(c) for c in document.corrections if FIELDS[c.field][1] == fact]


def _renumbered(clauses: Iterable[Clause]) -> tuple[Clause, ...]:
    return tuple(replace(clause, ordinal=at) for at, clause in enumerate(clauses))


def _with(document: Document, values: Mapping[str, str]) -> Document:
    texts = {field: value for field, value in values.items() if field != "issued"}
    if "issued" not in values:
        return replace(document, **texts)  # type: ignore[arg-type]
    issued = date.fromisoformat(values["issued"]) if values["issued"] else None
    return replace(document, issued=issued, **texts)  # type: ignore[arg-type]


def _tell(clauses: list[Clause], document: Document, fact: str, wanted: Sequence[Correction]) -> None:
    """Put what is right in front of what the header's clause says, or add a clause where it says nothing."""
    right = "; ".join(f"{FIELDS[c.field][0]}: {shown(c.field, c.value) or 'không có'}" for c in wanted)
    headers = [at for at, c in enumerate(clauses) if c.kind is ClauseKind.HEADER and _fact_of(c) == fact]
    read = [c.read for c in wanted if c.read]
    at = next((at for at in headers if any(text in clauses[at].text for text in read)), headers[0] if headers else None)
    if at is not None:
        clauses[at] = replace(clauses[at], text=_SPAN.format(right, f"; tệp ghi: «{clauses[at].text}»"))
        return
    place = document.facts[0].place if document.facts else Place(1, 1)
    identifier = f"{document.id}/header-{fact}{_ADDED}"
    clauses.insert(0, Clause(identifier, document.id, 0, ClauseKind.HEADER, (), _SPAN.format(right, ""), place))


def _fact_of(clause: Clause) -> str:
    """«date» of `…/header-date~2`."""
    found = re.search(r"/header-([a-z]+)(?:~\d+)?$", clause.id)
    return found[1] if found else ""


def _is_added(clause: Clause) -> bool:
    return clause.kind is ClauseKind.HEADER and clause.id.endswith(_ADDED)


def _as_read(clause: Clause, facts: Sequence[HeaderFact]) -> str:
    if clause.kind is not ClauseKind.HEADER:
        return clause.text
    same = (f.text for f in facts if f.field == _fact_of(clause) and f.place.first == clause.place.first)
    return next(same, clause.text)
