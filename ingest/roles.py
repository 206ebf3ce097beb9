"""Who leads, coordinates, advises or is reported to, read from the words of a clause."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.agencies import AgencySpan, find_agencies
from ingest.clean import fold
from ingest.model import AgencyMention, ClauseKind, Role, Row, Section

_CELL_ROLES = {"lead": Role.LEAD, "coordinating": Role.COORDINATING, "submit_to": Role.REPORTING_TO}
_SAID_CELLS = ("indicator", "task")
_COORDINATES = re.compile(r"\b(?:phoi hop|cung)(?:\s+(?:chat che\s+)?(?:voi|cung)?)?\s*$")
# «Cơ quan chủ trì: Sở A», «Đơn vị phối hợp: Sở B»
_LABELLED_LEAD = re.compile(r"\b(?:chu tri|thuc hien|dau moi|chiu trach nhiem)\s*:\s*$")
_LABELLED_OTHER = re.compile(r"\bphoi hop\s*:\s*$")
_REPORTS = re.compile(r"\b(?:gui|bao cao|trinh|phan anh (?:ve|den)|kien nghi|de xuat|ve|qua)\s*(?:\(?qua\s*)?$")
_ADVISES = re.compile(r"\btham muu\b")
_ORDERS = re.compile(r"^\W*(?:\w+[.)]\s*)?(?:giao|de nghi|phan cong|yeu cau)\b")
# «Trường hợp vượt thẩm quyền, Sở X tổng hợp …», «Căn cứ …, Sở X …»: the subject stands behind the circumstances.
_CIRCUMSTANCES = re.compile(
    r"^\W*(?:\w{1,3}[.)]\s*)?(?:truong hop|tren co so|can cu|sau khi|khi|trong qua trinh|"
    r"hang (?:nam|quy|thang)|dinh ky|truoc ngay|doi voi)\b.*,\s*$",
    re.DOTALL,
)
_ISSUES = re.compile(
    r"^\W*ban hanh\b"
)  # «Căn cứ …, UBND tỉnh ban hành Kế hoạch»: the plan's own issue is no duty in it
_LIST_JOINT = re.compile(r"^(?:[\s,;:]|va|cac|tinh|lien quan|co)*$")
_SENTENCE = re.compile(r"[.;](?:\s|$)")


def row_agencies(row: Row, above: Sequence[AgencyMention] = ()) -> tuple[AgencyMention, ...]:
    """Agencies of a row's lead, coordinating and submitting cells, and those that its task is done together with.

    In a cell of several lines that name different duties («… chủ trì …») all are leads. `above` are the agencies of the
    row that a sub-row belongs to: who leads that leads its parts, where they name no other.
    """
    mentions: list[AgencyMention] = []
    for cell, role in _CELL_ROLES.items():
        text = row.cells.get(cell, "")
        mentions += _of_cell(text, role)
    if not row.cells.get("lead"):
        mentions += [m for m in above if m.role is Role.LEAD]
    for cell in _SAID_CELLS:
        mentions += _partners(row.cells.get(cell, ""))
    return _unique(mentions)


def _of_cell(text: str, role: Role) -> list[AgencyMention]:
    """Agencies of a cell, in the role of its column; in «Sở A chủ trì, phối hợp với Sở B» the second coordinates."""
    spans, folded = find_agencies(text), fold(text)
    roles = [role] * len(spans)
    if role is Role.LEAD and spans and "phoi hop" in folded[spans[0].end :]:
        said = [_role_of(span, index, spans, folded) for index, span in enumerate(spans)]
        roles = [Role.COORDINATING if own is Role.COORDINATING else role for own in said]
    return [AgencyMention(s.name, own, text[s.start : s.end]) for s, own in zip(spans, roles, strict=True)]


def _partners(text: str) -> list[AgencyMention]:
    """«Phối hợp với Sở X hỗ trợ …»: agencies that a task itself names as taking part."""
    spans, folded = find_agencies(text), fold(text)
    found = [_mention(span, index, spans, text, folded) for index, span in enumerate(spans)]
    return [m for m in found if m is not None and m.role is Role.COORDINATING]


def text_agencies(text: str, kind: ClauseKind, section: Sequence[Section]) -> tuple[AgencyMention, ...]:
    """Agencies with a role in a clause of the body, and the agency whose heading it stands under."""
    spans = find_agencies(text)
    folded = fold(text)
    mentions = [_mention(span, index, spans, text, folded) for index, span in enumerate(spans)]
    found = [m for m in mentions if m is not None]
    heading = _heading_agencies(section)
    opens = spans and found and not re.sub(r"^\W*(?:\w{1,3}[.)])?\W*(?:giao|de nghi)?\W*", "", folded[: spans[0].start])
    if heading and not (opens and found[0].role is not Role.REPORTING_TO):
        role = _role_under_heading(folded, kind)
        named = {m.name for m in found if m.role is not Role.REPORTING_TO}
        found = [AgencyMention(s.name, role, quote) for s, quote in heading if s.name not in named] + found
    if found and _ADVISES.search(folded):
        # «Sở X chủ trì …; tham mưu UBND tỉnh …», «Sở X phối hợp với … tham mưu»: the agency that acts here also advises
        acts = found[:1] if heading or opens or found[0].role is Role.LEAD else []
        found += [AgencyMention(m.name, Role.ADVISING, m.quote) for m in acts if m.role is not Role.REPORTING_TO]
    return _unique(found)


def _mention(span: AgencySpan, index: int, spans: Sequence[AgencySpan], text: str, folded: str) -> AgencyMention | None:
    role = _role_of(span, index, spans, folded)
    return AgencyMention(span.name, role, text[span.start : span.end]) if role else None


def _role_of(span: AgencySpan, index: int, spans: Sequence[AgencySpan], folded: str) -> Role | None:
    """Role by the words before the list that an agency stands in, else by the verb behind the list."""
    first, last = _list_bounds(index, spans, folded)
    before = folded[max(0, spans[first].start - 40) : spans[first].start]
    before = _SENTENCE.split(before)[-1].rstrip(" (")
    before = re.sub(r"\b(?:cac|tinh|nganh)\s*$", "", before).rstrip()
    if _LABELLED_LEAD.search(before):
        return Role.LEAD
    if _COORDINATES.search(before) or _LABELLED_OTHER.search(before):
        return Role.COORDINATING
    if _REPORTS.search(before) and not _ORDERS.match(before):
        return Role.REPORTING_TO
    behind = _SENTENCE.split(folded[spans[last].end : spans[last].end + 90])[0]
    if _CIRCUMSTANCES.match(_SENTENCE.split(folded[: spans[first].start])[-1]) and not _ISSUES.match(behind):
        before = ""
    return _role_by_verb(before, behind)


def _role_by_verb(before: str, behind: str) -> Role | None:
    """A subject: «Sở X: Chủ trì, …», «Giao Sở X …», «Sở X phối hợp …»."""
    verb = re.match(r"^[\s:,()]*(?:tinh|lien quan|co trach nhiem|va|[\s:,()])*(?P<v>\w+ \w+(?: \w+)?)", behind)
    words = verb["v"] if verb else ""
    if words.startswith(("chu tri", "la co quan", "la don vi", "chiu trach")):
        return Role.LEAD
    subject = not before.strip(' -–+•*"“0123456789./()') or _ORDERS.match(before) is not None
    if not subject and not re.search(r"[a-zd]\)\s*$", before):
        return None
    if words.startswith("phoi hop"):
        return Role.COORDINATING
    if words.startswith("tham muu"):
        return Role.ADVISING
    return Role.LEAD


def _list_bounds(index: int, spans: Sequence[AgencySpan], folded: str) -> tuple[int, int]:
    """First and last agency of the enumeration that an agency belongs to."""
    first = last = index
    while first > 0 and _LIST_JOINT.match(folded[spans[first - 1].end : spans[first].start]):
        first -= 1
    while last + 1 < len(spans) and _LIST_JOINT.match(folded[spans[last].end : spans[last + 1].start]):
        last += 1
    return first, last


def _heading_agencies(section: Sequence[Section]) -> list[tuple[AgencySpan, str]]:
    """Agencies that a heading consists of: «7. Sở Xây dựng», «4. Giao Sở …», «5. Đề nghị Ủy ban MTTQ …»."""
    for heading in reversed(section):
        spans = find_agencies(heading.title)
        if not spans:
            continue
        opening = fold(heading.title)[: spans[0].start].strip()
        if opening in ("", "giao", "de nghi", "cac", "trach nhiem cua", "nhiem vu cua", "phan cong", "thu truong"):
            return [(s, heading.title[s.start : s.end]) for s in spans]
    return []


def _role_under_heading(folded: str, kind: ClauseKind) -> Role:
    """What the heading's agency does in a clause below it: leads, unless the clause opens with another verb."""
    if kind is ClauseKind.HEADING:
        return Role.LEAD
    opening = re.sub(r"^\W*(?:\d+[.)]\s*|[a-zd]\)\s*|[-+•*]\s*)", "", folded)
    opening = opening.split(":", 1)[1].strip() if ":" in opening[:90] else opening
    if opening.startswith("phoi hop"):
        return Role.COORDINATING
    if opening.startswith("tham muu"):
        return Role.ADVISING
    return Role.LEAD


def _unique(mentions: Sequence[AgencyMention]) -> tuple[AgencyMention, ...]:
    """Each agency once a role, in order of appearance."""
    kept: dict[tuple[str, Role], AgencyMention] = {}
    for mention in mentions:
        kept.setdefault((mention.name, mention.role), mention)
    return tuple(kept.values())
