"""The short answer inside a clause: always a contiguous span of the clause's own text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from answer.asked import Asked, Sent
from answer.cells import Span, cell_span
from answer.cited import LAWS, cited
from answer.deadline import deadline
from answer.evidence import sent_to, speaks_of
from answer.intent import Intent
from answer.question import Understood
from answer.reading import Bag
from answer.spans import Offsets, dates, sentences
from answer.target import measure
from answer.topic import Topic, beside_agencies, coverage
from answer.window import NO_OPENERS, SHORT, Openers, best_window
from ingest.agencies import find_agencies
from ingest.clean import fold
from ingest.model import CONTENT, AgencyMention, Clause, ClauseKind, Role

_AROUND = 100  # characters beside a cited document or a date that say what it is for
_BETWEEN = 60  # characters between the documents of one enumeration
_WAY = re.compile(r"\b(qua|gui|ve|len|cho|trinh|bao cao)\s+$")
_JOINT = re.compile(r"^(?:[\s,;:]|và|cùng|với)*$")
_WITH = re.compile(
    r"phối hợp(?:, hướng dẫn)?(?: chặt chẽ| tốt)?(?: với| cùng)?\s+"
    r"(?P<who>(?:các |những |một số )?(?:cơ quan|đơn vị|sở|ban|ngành|tổ chức|chính quyền|"
    r"địa phương|đoàn thể|doanh nghiệp|bộ|ủy ban|hội|trung tâm|trường|công an|bảo hiểm|mặt trận|viện|ngân hàng)"
    r"\b[^.;:|]*?)(?=\s*(?:$|[.;:|]|,?\s(?:trong việc|trong công tác|để|nhằm|tổ chức|triển khai|thực hiện|xây dựng|"
    r"tham mưu|hướng dẫn|rà soát|chủ động|đẩy mạnh|tăng cường|kiểm tra|theo dõi|đề xuất|nâng cao|tuyên truyền|làm tốt|"
    r"tiếp tục|quản lý|giám sát|đôn đốc|lồng ghép|nghiên cứu|hỗ trợ|tiếp nhận|vận động|phát triển|quy hoạch)\b))",
    re.IGNORECASE,
)


def extract(clause: Clause, question: Understood, topic: Topic, openers: Openers = NO_OPENERS) -> Span | None:
    """The span that answers the question, or None where the clause does not say."""
    intent, asked = question.intent, question.asked
    if asked.column and clause.row:
        return cell_span(clause, asked.column)
    if intent in (Intent.LEAD, Intent.COORDINATING):
        if asked.sent:
            return _recipient(clause, asked.sent) if _in_rhythm(clause, asked) else None
        span = _agency(clause, Role(intent.value), intent.value, question.agencies)
        if span is None or asked.body not in fold(clause.text[span.start : span.end]):
            return None  # «ngân hàng nào»: no department
        return None if _is_recipient(clause, span, question) else span
    if intent is Intent.TARGET or (intent is Intent.FUNDING and asked.measured):
        return _level(clause, question, topic, openers)
    if intent is Intent.DEADLINE:
        if question.recipients and not sent_to(clause, question.recipients):
            return None
        if not _in_rhythm(clause, asked):
            return None
        return deadline(clause, topic, asked)
    if intent is Intent.BASIS and question.cited.kind:
        found = _cited(clause, question, topic)
        if found is not None or question.cited.kind != LAWS:
            return found  # «truyền thông về luật gì» may be answered without the law's printed name
    return _told(clause, beside_agencies(question, topic) if intent is Intent.TASKS else topic, asked, openers)


def _is_recipient(clause: Clause, span: Span, question: Understood) -> bool:
    """Who sends something to an agency is not that agency."""
    names = {agency.name for agency in find_agencies(clause.text[span.start : span.end])}
    return bool(names) and names <= set(question.recipients)


def _level(clause: Clause, question: Understood, topic: Topic, openers: Openers) -> Span | None:
    """The measure that is asked for; of a question that may be answered in words («ở mức nào») else the sentence."""
    told = question.asked.quantity or (question.asked.ratio and not question.asked.worded)
    in_words = clause.row is None and not told and speaks_of(clause, question.year)
    found = (
        None if in_words and question.asked.worded and not question.asked.measured else measure(clause, question, topic)
    )
    return found or (_told(clause, topic, question.asked, openers) if in_words else None)


def _told(clause: Clause, topic: Topic, asked: Asked, openers: Openers) -> Span | None:
    """The sentence, or the part of it, that answers; of a row, of what the row is about."""
    if clause.kind is ClauseKind.HEADING:
        return None
    found = best_window(clause.text, _sentences(clause), topic, asked, openers)
    return Span(*found) if found else None


def _cited(clause: Clause, question: Understood, topic: Topic) -> Span | None:
    """The document of the kind asked that stands among most words of the topic, of equals the first; with those that
    follow it where several are asked for."""
    spans = of_date(clause.text, cited(clause.text, question.cited), question)
    if not spans:
        return None
    covered = [coverage(Bag.of(around(clause.text, start, end)), topic) for start, end in spans]
    best = covered.index(max(covered))
    end = spans[best][1]
    for start, further in spans[best + 1 :] if question.asked.several else ():
        if start - end > _BETWEEN:
            break
        end = further
    return Span(spans[best][0], end)


def of_date(text: str, spans: Sequence[Offsets], question: Understood) -> list[Offsets]:
    """Asked «… ra ngày nào»: only the citations that tell the date."""
    if question.asked.when is None:
        return list(spans)
    return [(start, end) for start, end in spans if dates(text[start:end], cited=True)]


def around(text: str, start: int, end: int) -> str:
    """A stretch of a text with what stands beside it."""
    return text[max(0, start - _AROUND) : end + _AROUND]


def _sentences(clause: Clause) -> list[Offsets]:
    """Sentences of a clause; of a row those of the cells that say what it is about."""
    if clause.row is None:
        return sentences(clause.text)
    roles = [role for role in clause.row.cells if role in CONTENT] or list(clause.row.cells)
    cells = [span for role in roles if (span := cell_span(clause, role)) is not None]
    return [(c.start + a, c.start + b) for c in cells for a, b in sentences(clause.text[c.start : c.end])]


def _agency(clause: Clause, role: Role, cell: str, named: Sequence[str] = ()) -> Span | None:
    """The cell, or the enumeration of agencies in a text. Who works with an agency that the question names is not
    that agency (`named`)."""
    span = cell_span(clause, cell)
    if span is not None or clause.row is not None:
        return span
    others = () if role is Role.LEAD else named
    span = _mention_span(clause.text, [a for a in clause.agencies if a.role is role and a.name not in others])
    if span is None and role is Role.LEAD:  # who is charged to advise on a thing answers for it
        span = _mention_span(clause.text, [a for a in clause.agencies if a.role is Role.ADVISING])
    return (_together(clause.text, span) or span) if role is Role.COORDINATING else span


def _in_rhythm(clause: Clause, asked: Asked) -> bool:
    """«báo cáo quý I» is not due when, nor sent where, those of the year are."""
    return not asked.rhythm or re.search(asked.rhythm, fold(clause.text)) is not None


def _recipient(clause: Clause, sent: Sent) -> Span | None:
    """The first agency that something is sent to («gửi Sở …»), or by way of («qua Sở …»)."""
    folded = fold(clause.text)
    for agency in find_agencies(clause.text):
        found = _WAY.search(folded[: agency.start])
        if found and (found[1] == "qua") is (sent is Sent.VIA):
            return Span(agency.start, agency.end)
    return None


def _together(text: str, span: Span | None) -> Span | None:
    """Who stands behind «phối hợp với», agencies by name or not, up to what they do together."""
    for found in _WITH.finditer(text):
        start, end = found.span("who")
        if end - start <= SHORT and (span is None or start <= span.start < end):
            return Span(start, _end_of_name(text, end))
    return None


def _end_of_name(text: str, end: int) -> int:
    """Where the name of an agency ends that an end lies in: «Sở Nông nghiệp và | Phát triển nông thôn»."""
    return next((agency.end for agency in find_agencies(text) if agency.start < end < agency.end), end)


def _mention_span(text: str, mentions: Sequence[AgencyMention]) -> Span | None:
    """The enumeration of agencies that opens with the first mention printed in the text itself."""
    found: Span | None = None
    for mention in mentions:
        at = text.find(mention.quote, found.end if found else 0)
        if at < 0:
            continue
        if found is None:
            found = Span(at, at + len(mention.quote))
        elif _JOINT.match(text[found.end : at]):
            found = Span(found.start, at + len(mention.quote))
    return found
