"""The numbers that Word prints by itself."""

from __future__ import annotations

import pytest
from wordml import (
    HEADER,
    PLAN,
    abstract,
    item,
    level,
    lines,
    num,
    p,
    read,
    tbl,
    tc,
    tr,
)

from ingest.parse import parse_source
from ingest.readers.docx_numbering import formatted


def test_numbers_are_counted_as_word_prints_them() -> None:
    body = (
        item("MỤC TIÊU")
        + item("Chung")
        + item("Đầu", at=1)
        + item("Sau", at=1)
        + item("Con", at=2)
        + item("Con nữa", at=2)
        + item("chữ", at=3)
        + item("chữ", at=3)
        + item("gạch", at=4)
        + p("Đoạn thường")
        + item("Tiếp", at=1)
        + item("Con", at=2)
        + item("TỔ CHỨC")
        + item("Lại từ đầu", at=1)
    )
    assert lines(body, numbering=PLAN + num(1, 0)) == [
        "I. MỤC TIÊU",
        "II. Chung",
        "1. Đầu",
        "2. Sau",
        "2.1. Con",
        "2.2. Con nữa",
        "a) chữ",
        "b) chữ",
        "- gạch",
        "Đoạn thường",
        "3. Tiếp",
        "3.1. Con",
        "III. TỔ CHỨC",
        "1. Lại từ đầu",
    ]


def test_the_number_of_a_section_is_citable() -> None:
    body = (
        item("MỤC TIÊU")
        + item("Giao thông", at=1)
        + p("Nội dung.")
        + item("TỔ CHỨC")
        + item("Sở Y tế", at=1)
        + item("Khám bệnh.", at=4)
    )
    source = read(p("KẾ HOẠCH") + p("Về giao thông") + body, numbering=PLAN + num(1, 0))
    sections = {clause.text: [s.text for s in clause.section] for clause in parse_source(source).clauses}
    assert sections["Nội dung."] == ["I. MỤC TIÊU", "1. Giao thông"]
    assert sections["- Khám bệnh."][:2] == ["II. TỔ CHỨC", "1. Sở Y tế"]


@pytest.mark.parametrize(
    ("style", "count", "printed"),
    [
        ("decimal", 12, "12"),
        ("upperRoman", 1994, "MCMXCIV"),
        ("lowerRoman", 4, "iv"),
        ("upperLetter", 27, "AA"),
        ("lowerLetter", 26, "z"),
        ("lowerLetter", 0, "0"),
        ("decimalZero", 7, "07"),
        ("none", 3, ""),
        ("upperRoman", 0, "0"),
        ("upperRoman", 4000, "4000"),
        ("lowerLetter", 32_000, "32000"),
        ("ordinalText", 2, "2"),
    ],
)
def test_number_formats(style: str, count: int, printed: str) -> None:
    assert formatted(count, style) == printed


@pytest.mark.parametrize(
    ("levels", "at", "printed"),
    [
        ([level(0, "decimal", "Điều %1.")], 0, "Điều 1. x"),
        ([level(0, "decimal", "%1.", '<w:suff w:val="nothing"/>')], 0, "1.x"),
        ([level(0, "decimal", "%1)", '<w:suff w:val="space"/>')], 0, "1) x"),
        ([level(0, "upperRoman", "%1."), level(1, "decimal", "%1.%2.")], 1, "I.1. x"),
        ([level(0, "upperRoman", "%1."), level(1, "decimal", "%1.%2.", "<w:isLgl/>")], 1, "1.1. x"),
        ([level(0, "upperRoman", "%1."), level(1, "decimal", "%1.%2.", '<w:isLgl w:val="0"/>')], 1, "I.1. x"),
        ([level(0, "none", "")], 0, "x"),
        ([level(0, "none", "Phụ lục:")], 0, "Phụ lục: x"),
        ([level(0, "bullet", "\uf0b7")], 0, "- x"),
        ([level(0, "bullet", "o")], 0, "- x"),
        ([level(0, "bullet", "–")], 0, "- x"),
        ([level(0, "bullet", "+")], 0, "+ x"),
        ([level(0, "bullet", "*")], 0, "* x"),
        ([level(0, "bullet", "")], 0, "x"),
        ([level(0, "decimal", "%1.")], 7, "x"),
    ],
)
def test_a_level_prints(levels: list[str], at: int, printed: str) -> None:
    assert lines(item("x", at=at), numbering=abstract(0, *levels) + num(1, 0)) == [printed]


def test_lists_share_the_counters_of_their_definition_until_one_starts_anew() -> None:
    anew = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    fifth = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    other = f'<w:lvlOverride w:ilvl="0">{level(0, "lowerLetter", "%1)")}</w:lvlOverride>'
    numbering = (
        abstract(0, level(0, "decimal", "%1."))
        + num(1, 0)
        + num(2, 0)
        + num(3, 0, anew)
        + num(4, 0, fifth)
        + num(5, 0, other)
    )
    body = "".join(item("x", key) for key in (1, 1, 2, 3, 3, 4, 4, 5))
    assert [line[:2] for line in lines(body, numbering=numbering)] == ["1.", "2.", "3.", "1.", "2.", "5.", "6.", "g)"]


def test_restart_of_lower_levels_can_be_switched_off() -> None:
    never = level(1, "decimal", "%2.", '<w:lvlRestart w:val="0"/>')
    body = item("A") + item("x", at=1) + item("B") + item("y", at=1)
    numbering = abstract(0, level(0, "upperRoman", "%1."), never) + num(1, 0)
    assert lines(body, numbering=numbering) == ["I. A", "1. x", "II. B", "2. y"]


def test_numbering_of_the_paragraph_style_and_of_what_it_is_based_on() -> None:
    style = '<w:style w:type="paragraph" w:styleId="{}"><w:name w:val="{}"/>{}<w:pPr>{}</w:pPr></w:style>'
    numpr = '<w:numPr><w:numId w:val="1"/></w:numPr>'
    styles = (
        style.format("H1", "heading 1", "", numpr)
        + style.format("H2", "heading 2", "", numpr)
        + style.format("H2b", "riêng", '<w:basedOn w:val="H2"/>', "")
        + style.format("Off", "không số", '<w:basedOn w:val="H1"/>', '<w:numPr><w:numId w:val="0"/></w:numPr>')
        + style.format("Vòng", "vòng", '<w:basedOn w:val="Vòng"/>', "")
    )
    numbering = abstract(
        0, level(0, "upperRoman", "%1.", '<w:pStyle w:val="H1"/>'), level(1, "decimal", "%2.", '<w:pStyle w:val="H2"/>')
    ) + num(1, 0)
    of = '<w:pStyle w:val="{}"/>'.format
    body = (
        p("A", ppr=of("H1"))
        + p("B", ppr=of("H2"))
        + p("C", ppr=of("H2b"))
        + p("D", ppr=of("Off"))
        + p("E", ppr=of("Vòng"))
        + p("F", ppr=of("H1") + '<w:numPr><w:numId w:val="0"/></w:numPr>')
        + p("G", ppr=of("H1"))
        + p("H", ppr=of("H1") + '<w:numPr><w:ilvl w:val="1"/></w:numPr>')
    )
    assert lines(body, numbering=numbering, styles=styles) == ["I. A", "1. B", "2. C", "D", "E", "F", "II. G", "1. H"]


def test_lists_that_take_their_levels_from_a_list_style() -> None:
    styles = (
        '<w:style w:type="numbering" w:styleId="Muc"><w:name w:val="Mục"/><w:pPr>'
        '<w:numPr><w:numId w:val="9"/></w:numPr></w:pPr></w:style>'
    )
    source = abstract(4, level(0, "upperLetter", "%1."), more='<w:styleLink w:val="Muc"/>') + num(9, 4)
    linked = abstract(5, more='<w:numStyleLink w:val="Muc"/>') + num(1, 5)
    circle = abstract(6, more='<w:numStyleLink w:val="Không có"/>') + num(2, 6)
    body = item("x") + item("y", 9) + item("z", 2)
    assert lines(body, numbering=source + linked + circle, styles=styles) == ["A. x", "B. y", "z"]


def test_rows_numbered_by_word_keep_their_number() -> None:
    source = read(
        tbl(HEADER, *(tr(tc(item("")), text, "Sở X") for text in "AB")) + item("") + item("Sau"),
        numbering=PLAN + num(1, 0),
    )
    assert [c.text for c in source.grids[0].cells if c.column == 0] == ["TT", "I.", "II."]
    assert source.lines[-1].text == "IV. Sau"  # the empty item before it is counted, as in Word, but says nothing
