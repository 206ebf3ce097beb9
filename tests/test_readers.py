"""From bytes to numbered lines: encodings, line ends, NFC, and the repair of what extraction broke."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from pathlib import Path

import pytest
from commandline import plan_text
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest.clean import fold, repair, strip_markup
from ingest.errors import SourceError
from ingest.readers.encoding import decode
from ingest.readers.open import read_source
from ingest.readers.text import split_lines

LIMIT = 1 << 20
settings.register_profile("calm", deadline=None)  # other processes share the machine
settings.load_profile("calm")
TONES = "\u0300\u0301\u0303\u0309\u0323"
# What plans are written with, and what breaks matchers: spaces of all kinds, line separators, marks, controls.
CHARACTERS = st.characters(codec="utf-8", exclude_characters="\n") | st.sampled_from(
    " \t\r\v\f\u0085\u00a0\u00ad\u2028\u2029\u200b\ufeff\x1c\x00–-/()%|*#_" + "aăâeêioôơuưyđĐ" + TONES
)
TEXTS = st.text(CHARACTERS, max_size=60)
WORDS = st.lists(
    st.sampled_from(
        ["n", "gày", "v", "à", "ngày", "Số:", "68/NQ-", "CP", "54", "/KH-UBND", "80-", "CTr/TU", "m", "2", "sàn/", "a)",
         "người", "m2", "c", "ủa", "TT", "1.", "2.1", "-", "b)", "đ", "ến", "99,5", "%", "K", "ế", "hoạch", "**đậm**"]
    ),
    max_size=12,
)  # fmt: skip


def read(tmp_path: Path, data: bytes, name: str = "ke-hoach.txt") -> list[str]:
    path = tmp_path / name
    path.write_bytes(data)
    source = read_source(path, LIMIT)
    assert [line.number for line in source.lines] == list(range(1, len(source.lines) + 1))
    return [line.text for line in source.lines]


# Lines


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"a\nb\n", ["a", "b"]),
        (b"a\nb", ["a", "b"]),
        (b"a\r\nb\r\n", ["a", "b"]),
        (b"a\rb\r", ["a", "b"]),
        (b"a\r\n\r\nb", ["a", "", "b"]),
        (b"a\r\r\nb\n", ["a", "b"]),
        (b"a\rb\nc\n", ["a b", "c"]),
        (b"a\x0cb\nc\n", ["a b", "c"]),
        (b"a\x0bb\nc\n", ["a b", "c"]),
        (b"a\x1cb\n" + b"c" * 200, ["a b", "c" * 200]),
        ("a\u0085b\nc\n".encode(), ["a b", "c"]),
        ("a\u2028b\u2029c\nd\n".encode(), ["a b c", "d"]),
        (b"\n\na\n\n", ["", "", "a", ""]),
    ],
)
def test_lines_are_those_of_an_editor(tmp_path: Path, data: bytes, lines: list[str]) -> None:
    assert read(tmp_path, data) == lines


@given(TEXTS.map(lambda text: text.replace("\r", "")), st.lists(TEXTS, max_size=5))
def test_line_numbers_are_those_of_awk(first: str, others: list[str]) -> None:
    text = "\n".join([first, *(other.replace("\r", "\v") for other in others)]) + "\n"
    assert len(split_lines(text)) == text.count("\n")
    assert split_lines(text.replace("\n", "\r\n")) == split_lines(text)
    assert split_lines(text.removesuffix("\n") + "\nđuôi") == [*split_lines(text), "đuôi"]


def test_awk_finds_the_cited_line(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("một\u2028hai\r\nba\x0cbốn\r\n\u0085năm\rsáu\r\nđích\r\n".encode())
    (at,) = [line.number for line in read_source(path, LIMIT).lines if line.text == "đích"]
    found = subprocess.run(["awk", f"NR == {at}", path], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "đích"


def test_markdown_marks_are_taken_off_and_table_rows_kept(tmp_path: Path) -> None:
    text = "## **I. MỤC TIÊU**\n| a | **b** |\n* mục\n*từ*: nghĩa\n"
    assert read(tmp_path, text.encode(), "a.md") == ["I. MỤC TIÊU", "| a | **b** |", "* mục", "từ: nghĩa"]


# Encodings


def windows_1258(text: str) -> bytes:
    """Letters with their own mark, tones as separate characters, as Windows writes it."""
    marked = []
    for character in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", character)
        base = unicodedata.normalize("NFC", "".join(c for c in parts if c not in TONES))
        marked.append(base + "".join(c for c in parts if c in TONES))
    return "".join(marked).encode("cp1258")


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1258", "nfd"]
)
def test_a_plan_reads_the_same_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    text = plan_text()
    match encoding:
        case "cp1258":
            data = windows_1258(text)
        case "nfd":
            data = unicodedata.normalize("NFD", text).encode()
        case _:
            data = text.encode(encoding)
    assert read(tmp_path, data) == read(tmp_path, text.encode(), "khac.txt")


@pytest.mark.parametrize("mark", [b"\xfe\xff", b"\xff\xfe"])
def test_utf16_with_mark_in_either_order(tmp_path: Path, mark: bytes) -> None:
    encoding = "utf-16-be" if mark == b"\xfe\xff" else "utf-16-le"
    assert read(tmp_path, mark + "Kế hoạch\n".encode(encoding)) == ["Kế hoạch"]


def test_text_is_nfc_and_invisible_characters_are_gone(tmp_path: Path) -> None:
    text = unicodedata.normalize("NFD", "Kế ho\u00adạch\u200b c\ufeffủa tỉnh\n")
    assert read(tmp_path, text.encode()) == ["Kế hoạch của tỉnh"]


def test_a_stray_zero_byte_does_not_make_a_plan_binary(tmp_path: Path) -> None:
    text = plan_text().replace("nhà dột nát", "nhà\0 dột nát")
    assert "1. Hỗ trợ hộ nghèo, hộ cận nghèo xóa nhà tạm, nhà dột nát." in read(tmp_path, text.encode())


def test_damaged_utf8_names_the_line() -> None:
    data = plan_text().encode()
    broken = data.replace("dột".encode(), "dột".encode()[:2] + b"t")
    line = data[: data.index("dột".encode())].count(b"\n") + 1
    for cut, at in ((broken, line), (data[:-1] + b"\xe1", len(data.splitlines()))):
        with pytest.raises(SourceError) as caught:
            decode(cut, Path("hong.txt"))
        assert f"«hong.txt» là văn bản UTF-8 nhưng bị hỏng ở dòng {at}." in caught.value.message
        assert caught.value.remedy


@given(st.binary(max_size=400))
@example(b"\xff\xfe\x00")
@example(b"\x00\x00\xfe\xff\x00\x11\x00\x00")
@example(b"\xef\xbb\xbf\xff")
def test_any_bytes_are_decoded_or_refused(data: bytes) -> None:
    try:
        text = decode(data, Path("x.txt"))
    except SourceError as error:
        assert "«x.txt»" in error.message
        assert error.remedy
    else:
        text.encode()


# Spacing


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("n gày 05 tháng 3", "ngày 05 tháng 3"),
        ("v à các sở", "và các sở"),
        ("Nghị quyết số 68/NQ-   CP", "Nghị quyết số 68/NQ-CP"),
        ("Kế hoạch số 54 /KH-UBND", "Kế hoạch số 54/KH-UBND"),
        ("Chương trình 80- CTr/TU", "Chương trình 80-CTr/TU"),
        ("đạt 30 m 2  sàn/ người", "đạt 30 m2 sàn/ người"),
        ("Sở\u00a0Xây  dựng", "Sở Xây dựng"),
        ("\u3000Sở\tXây\u2009dựng ", "Sở Xây dựng"),
        # What only looks broken stays.
        ("a) Nhà ở", "a) Nhà ở"),
        ("c) Ưu tiên", "c) Ưu tiên"),
        ("từ 2024 - 2030", "từ 2024 - 2030"),
        ("Bà Rịa - Vũng Tàu", "Bà Rịa - Vũng Tàu"),
        ("Tổ chức, cá nhân và hộ", "Tổ chức, cá nhân và hộ"),
        ("Nhóm B ưu tiên", "Nhóm B ưu tiên"),
    ],
)
def test_spacing_repairs(broken: str, whole: str) -> None:
    assert repair(broken) == whole


def ink(text: str) -> str:
    """Everything of a text but spaces and what cannot be seen."""
    seen = "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Zl", "Zp"))
    return unicodedata.normalize("NFC", re.sub(r"\s", "", seen))


@given(TEXTS | WORDS.map(" ".join))
@example("nha\u200b\u0300")
def test_repair_only_takes_spaces_away(text: str) -> None:
    repaired = repair(text)
    assert ink(repaired) == ink(text)
    assert unicodedata.is_normalized("NFC", repaired)
    assert not repaired.startswith(" ")
    assert not repaired.endswith(" ")
    assert "  " not in repaired


@given(TEXTS | WORDS.map(" ".join))
def test_markup_takes_only_marks_away(text: str) -> None:
    marks = str.maketrans("", "", "*_#\\")
    assert ink(strip_markup(text)).translate(marks) == ink(text).translate(marks)


@given(TEXTS | WORDS.map(" ".join))
def test_fold_keeps_the_length(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert len(fold(composed)) == len(composed)
    assert fold(fold(composed)) == fold(composed)


def test_fold_is_lower_case_without_diacritics() -> None:
    assert fold("Đẩy mạnh CHUYỂN ĐỔI SỐ – Sở TT&TT") == "day manh chuyen doi so - so tt&tt"
