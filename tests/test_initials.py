"""Abbreviations that nobody defines, read by the words that stand side by side."""

from __future__ import annotations

import pytest

from answer.initials import Initials
from index.counts import WordCounts

TEXTS = [
    *["tỷ lệ dân số tham gia bảo hiểm y tế", "dân số già đi", "dân số tăng"] * 4,
    *["dịch sởi lan rộng, chống dịch sởi"] * 4,
    *["báo cáo của sở y tế", "thị trường lao động", "giáo dục phổ thông của tỉnh"] * 4,
    *["dân sinh được quan tâm"],
    "hạng III",
]
COUNTS = WordCounts.of(TEXTS)
INITIALS = Initials(COUNTS.words, COUNTS.pairs)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("DS tham gia bảo hiểm", "dân số tham gia bảo hiểm"),
        ("của SYT nộp khi nào", "của sở y tế nộp khi nào"),
        ("phát triển TTLĐ", "phát triển TTLĐ"),  # nothing beside it speaks for a reading
        ("hạng III là gì", "hạng III là gì"),
        ("DS THAM GIA BẢO HIỂM", "DS THAM GIA BẢO HIỂM"),
        ("kế hoạch 5/DS-UBND tham gia", "kế hoạch 5/DS-UBND tham gia"),
        ("GDP của tỉnh", "GDP của tỉnh"),  # «phổ» always goes on
        ("tham gia XYZ", "tham gia XYZ"),
    ],
)
def test_readings(typed: str, read: str) -> None:
    assert INITIALS.expand(typed, [])[0] == read


def test_a_reading_is_told_and_can_be_kept_away() -> None:
    text = "tỷ lệ DS tham gia"
    assert [(c.typed, c.read, c.kind) for c in INITIALS.expand(text, [])[1]] == [("DS", "dân số", "abbreviation")]
    assert INITIALS.expand(text, [(6, 8)]) == (text, [])


def test_letters_without_marks_stand_for_both() -> None:
    counts = WordCounts.of(["quỹ đất dành cho nhà ở"] * 4)
    initials = Initials(counts.words, counts.pairs)
    assert initials.expand("co bao nhieu QD danh cho", [])[0] == "co bao nhieu QD danh cho"  # its neighbour has marks
    assert initials.expand("QD dành cho", [])[0] == "QD dành cho"  # typed with marks: no «đ»


def test_words_of_two_cells_are_no_pair() -> None:
    counts = WordCounts.of(["Đến năm 2025: 10 | Cơ quan chủ trì: Sở Y tế. Hạn nộp 31/12"])
    assert counts.pairs["cơ", "quan"] == counts.pairs["đến", "năm"] == 1
    assert not {("năm", "cơ"), ("trì", "sở"), ("tế", "hạn")} & set(counts.pairs)
