"""Kinds of documents: how a letterhead names them, and what the code in a number stands for."""

from __future__ import annotations

import re

from ingest.clean import fold, is_upper, words

# Of names that begin alike the longer comes first.
KINDS = (
    "Kế hoạch liên ngành", "Kế hoạch phối hợp", "Kế hoạch", "Quyết định", "Nghị quyết", "Chỉ thị",
    "Chương trình hành động", "Chương trình phối hợp", "Chương trình", "Đề án", "Công văn", "Thông báo", "Hướng dẫn",
    "Báo cáo", "Phương án", "Tờ trình", "Kết luận", "Công điện",
)  # fmt: skip
# What a decision brings into force, and is no document of its own
ATTACHED_KINDS = (*KINDS, "Quy chế", "Quy định", "Quy chuẩn", "Điều lệ", "Danh mục", "Bộ chỉ số", "Bộ tiêu chí")
_KIND_BY_CODE = {
    "KH": "Kế hoạch", "QĐ": "Quyết định", "NQ": "Nghị quyết", "CT": "Chỉ thị", "CTR": "Chương trình",
    "CTHĐ": "Chương trình hành động", "CTPH": "Chương trình phối hợp", "ĐA": "Đề án", "BC": "Báo cáo",
    "TB": "Thông báo", "HD": "Hướng dẫn", "PA": "Phương án", "TTR": "Tờ trình", "KL": "Kết luận", "CĐ": "Công điện",
    "KHLN": "Kế hoạch liên ngành", "KHPH": "Kế hoạch phối hợp", "CV": "Công văn",
}  # fmt: skip
# A letter's number names no kind, only who wrote it: «2145/UBND-KGVX»
_LETTER = re.compile(r"^\d+/(?:UBND|HĐND|VP\w*|S[A-ZĐ&]{1,9}|BQL\w*|BCĐ\w*|CA\w*|BHXH\w*)(?:-|$)")

_CODES = r"[A-ZĐ][A-Za-zĐ]*(?:[-/][A-ZĐ][A-Za-zĐ&]*)*"
NUMBER = re.compile(
    r"(?:Số|SỐ|Số hiệu|Số ký hiệu|Số/ký hiệu)\s*:?\s*"
    rf"(?P<n>\d{{1,6}}\s?/\s?(?:\d{{4}}\s?/)?[A-ZĐ][A-Za-zĐ]*(?:-[A-ZĐ][A-Za-zĐ&]*)+|\d{{1,6}}\s?-\s?{_CODES}/{_CODES})"
)
BLANK_NUMBER = re.compile(r"^(?:Số|SỐ)\s*:?\s*(?:[._…]\s*)*[/-]\s?[A-ZĐ]")


def kind_line(text: str, kinds: tuple[str, ...] = KINDS) -> tuple[str, str] | None:
    """«KẾ HOẠCH» alone, or with the title on the same line → (kind, rest)."""
    folded = fold(text)
    for kind in kinds:
        stem = fold(kind)
        if folded.rstrip(": ") == stem:
            return kind, ""
        if (
            folded.startswith(stem + " ")
            and (is_upper(text) or words(text) >= 5)
            and not text.rstrip().endswith((".", ";", ":"))
        ):
            return kind, text[len(kind) :].strip()
    return None


def kind_of_number(number: str) -> str:
    """«45-KH/TU», «143/KH-UBND» → Kế hoạch; empty where the code is not known."""
    if _LETTER.match(number):
        return "Công văn"
    for code in re.findall(r"[^\W\d_]+", number)[:1]:
        return _KIND_BY_CODE.get(code.upper(), "")
    return ""
