"""Words that put a question to several plans («so sánh … giữa các tỉnh», «tỉnh nào có ghi»): no part of its topic."""

from __future__ import annotations

import re

from ingest.clean import fold

_ALL = r"(?:m[ỗôo]i|t[ừưu]ng|c[áa]c|những|(?<!năm )mấy|tất cả các|toàn bộ các|(?<=của )(?:cả )?(?:hai|ba|bốn|\d{1,2}))"
_UNIT = r"(?:tỉnh(?:,? thành(?: phố)?)?|thành phố trực thuộc trung ương)"
# «hợp tác với các tỉnh lân cận»: provinces that a plan speaks of
_OTHERS = (
    r"(?! (?:lân cận|giáp|trong (?:vùng|khu vực)|vùng|miền|thuộc|bạn|đông|tây|duyên|phía|khu vực|liền|xung quanh))"
)
_LEADS_UP = r"(?:(?:giữa|của|ở|tại|trong|cho|theo|với|thì|so)\s+)?"
_GOES_ON = r"(?:\s+(?:này|trên|khác(?! nhau)|với nhau|đều|đã nạp|có kế hoạch))*"
_MEANS_TO = r"(?:\s+(?:(?:đặt|đề|đưa)(?: ra)?(?= (?:chỉ tiêu|mục tiêu))|định(?= )|dự kiến(?= )))?"
_SAID = (
    rf"^(?:hãy |xin |làm ơn )?(?:so sánh|so thử|đối chiếu)(?: (?:giúp|xem|thử|cho|về|với|giữa))*(?=\s)|"
    rf"\b{_LEADS_UP}{_ALL}\s+{_UNIT}\b{_OTHERS}{_GOES_ON}{_MEANS_TO}|"
    r"\b(?:giữa|của|ở|trong) (?:các|những|mấy|hai|ba|bốn|\d{1,2}) (?:kế hoạch|địa phương)(?: này| trên)?\b|"
    r"\b(?:(?:thì|có|là) )*(?:giống|khác)(?: (?:và|hay|gì|khác|nhau))* nhau"
    r"(?: (?:như thế nào|thế nào|ra sao|bao nhiêu|(?:ở )?(?:chỗ|điểm) nào|gì|không))?|"
    r"\bso(?: sánh)?(?: chúng)? với nhau\b|"
    r"\btỉnh nào (?:cao|thấp|nhiều|ít|sớm|muộn|lớn|nhỏ) (?:nhất|hơn(?: cả)?)\b|"
    r"\btỉnh nào (?:có|đặt)(?: ra)? (?=chỉ tiêu|mục tiêu)|"
    r",\s*tỉnh nào (?:có |không )*(?:ghi|nêu|quy định|nói|đề ra)\b[^?]*\??$|"
    r"\btỉnh nào (?:có |không )*(?:ghi|nêu|quy định|nói|đề ra)(?: (?:rõ|đến|tới|ra))?\b"
)
_FRAME = re.compile(_SAID, re.IGNORECASE)
# Without diacritics «mấy tỉnh» could be «máy tính».
_BARE_FRAME = re.compile(fold(_SAID.replace("|(?<!năm )mấy", "")), re.IGNORECASE)


def without_frame(question: str) -> str:
    """The question that is put to each plan, without the words that put it to several; with or without diacritics."""
    left = (_BARE_FRAME if question.isascii() else _FRAME).sub(" ", question)
    return re.sub(r"[\s,;:]+([.?!]|$)", r"\1", re.sub(r"\s+", " ", left)).strip(" ,;:")
