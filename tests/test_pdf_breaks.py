"""What a line break stands for: a space, or nothing where a word was too long for its column."""

from __future__ import annotations

import pytest
from pdfs import Pdf
from test_pdf import PATH

from ingest.readers.pdf_breaks import UNKNOWN, Usage, linked, usage_of
from ingest.readers.pdf_flow import flow_of
from ingest.readers.pdf_text import Glyph, Printed, printed_rows

SIZE = 10.0  # points; every glyph of these lines is half as wide
SPACES = Usage(spaces=True, words=frozenset({"ngày", "bảo", "hiểm", "aids"}))
SILENT = Usage(spaces=False, words=SPACES.words)


def line(text: str) -> Printed:
    """A line from x = 0 on; a space at the end of the text is printed."""
    glyphs = [Glyph(letter, 5.0 * at, 5.0 * at + 5, 100, SIZE) for at, letter in enumerate(text)]
    ((made,),) = printed_rows(glyphs, 1, whole=True)
    return made


@pytest.mark.parametrize(
    ("lines", "room", "usage", "text"),
    [
        (["31/12/20", "23 của"], 4, SPACES, "31/12/2023 của"),  # a space had its place and is not there
        (["HIV/AI", "DS tiến"], 4, SPACES, "HIV/AIDS tiến"),
        (["Sở Y tế", "Sở Tài chính"], 4, SPACES, "Sở Y tế Sở Tài chính"),  # of several words none is cut
        (["28-NQ/TW", "ngày"], 2, SPACES, "28-NQ/TW ngày"),  # a space had no place
        (["37-CTr/TU", ", ngày 16"], 2, SPACES, "37-CTr/TU, ngày 16"),
        (["28-NQ/TW", ") và"], 2, SPACES, "28-NQ/TW) và"),
        (["buổi/ngà", "y học"], 2, SPACES, "buổi/ngày học"),  # a word of the document
        (["buổi/bảo", "hiểm"], 2, SPACES, "buổi/bảo hiểm"),
        (["hội/1000", "dân"], 2, SPACES, "hội/1000 dân"),
        (["2021", "2022"], 2, SPACES, "2021 2022"),
        (["1234", "5678"], 2, SPACES, "12345678"),
        (["buổi/ngà", "y học"], 2, SILENT, "buổi/ngày học"),
        (["2021", "người"], 20, SPACES, "2021 người"),  # broken by hand
        (["31/12/20", "23"], 20, SILENT, "31/12/20 23"),
        (["12/NQ-", "UBND"], 20, UNKNOWN, "12/NQ-UBND"),
        (["tỉnh ", "Sơn La"], 2, SPACES, "tỉnh Sơn La"),
    ],
)
def test_lines_of_a_narrow_column(lines: list[str], room: float, usage: Usage, text: str) -> None:
    assert linked([line(one) for one in lines], line(lines[0]).x1 + room, usage) == text


def test_a_document_tells_whether_it_prints_the_space_at_a_break() -> None:
    assert usage_of([line("chăm sóc sức ")] * 2 + [line("khỏe")] * 8).spaces
    assert not usage_of([line("chăm sóc sức")] * 10).spaces
    assert usage_of([line("Tỷ lệ (trẻ em) tiêm")]).words == {"lệ", "trẻ", "em"}


def test_recipients_and_signature_over_a_page_break_with_a_narrow_gutter() -> None:
    pdf = Pdf()
    pdf.text(90, 700, "Nơi nhận:")
    pdf.text(306, 700, "TM. ỦY BAN NHÂN DÂN")
    pdf.text(90, 714, "- Thường trực Tỉnh ủy;")
    pdf.text(306, 714, "CHỦ TỊCH")
    pdf.page()
    pdf.text(90, 72, "- Các sở, ban, ngành, đoàn thể, đơn")  # up to x = 300
    pdf.text(306, 72, "Nguyễn Văn An")
    pdf.text(90, 86, "vị liên quan.")
    assert [found.text for found in flow_of(pdf.build(), PATH).lines] == [
        "Nơi nhận:", "- Thường trực Tỉnh ủy;", "- Các sở, ban, ngành, đoàn thể, đơn vị liên quan.",
        "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Nguyễn Văn An",
    ]  # fmt: skip


def test_a_table_that_a_browser_cuts_in_a_row_has_no_rule_at_the_end_of_the_page() -> None:
    pdf = Pdf()
    edges = (60, 100, 300, 500)
    rows = ((700, ("TT", "Nhiệm vụ", "Chủ trì")), (720, ("1", "Xây nhà", "Sở Xây dựng")))
    for y, row in rows:
        for x, text in zip(edges, row, strict=False):
            pdf.text(x + 5, y + 14, text)
        pdf.rule(60, y, 500, y)
    for x in edges:
        pdf.rule(x, 700, x, 760)
    pdf.rule(60, 740, 300, 740)  # the third cell covers two rows and is open below
    pdf.text(65, 754, "2")
    pdf.text(105, 754, "Sửa nhà")
    (table,) = flow_of(pdf.build(), PATH).grids
    assert [(c.text, c.row, c.rows) for c in table.cells[3:]] == [
        ("1", 1, 1), ("Xây nhà", 1, 1), ("Sở Xây dựng", 1, 2), ("2", 2, 1), ("Sửa nhà", 2, 1),
    ]  # fmt: skip


def test_bullets_of_symbol_fonts() -> None:
    pdf = Pdf()
    for at, bullet in enumerate("\uf0b7\uf0fc\uf02d\uf02b"):
        pdf.text(90, 100 + 30 * at, f"{bullet} Nội dung")
    assert [found.text[0] for found in flow_of(pdf.build(), PATH).lines] == ["•", "•", "-", "+"]


def test_a_letter_of_the_next_page_at_the_edge_of_a_page_is_none_of_its_text() -> None:
    pdf = Pdf()
    pdf.lines(90, 100, ["Nội dung của kế hoạch."])
    pdf.text(147, 830, "Ả")
    assert [found.text for found in flow_of(pdf.build(), PATH).lines] == ["Nội dung của kế hoạch."]


def test_headings_above_a_table_that_fills_the_page_are_not_one_paragraph() -> None:
    pdf = Pdf()
    for at, text in enumerate(("PHỤ LỤC", "DANH MỤC NHIỆM VỤ")):
        pdf.text(297 - 3 * len(text), 80 + 14 * at, text, bold=True)
    for y in (120, 140, 160):
        pdf.rule(60, y, 535, y)
    for x in (60, 100, 300, 535):
        pdf.rule(x, 120, x, 160)
    for y, row in ((134, ("TT", "Nhiệm vụ", "Chủ trì")), (154, ("1", "Xây nhà", "Sở Xây dựng"))):
        for x, text in zip((65, 105, 305), row, strict=True):
            pdf.text(x, y, text)
    assert [found.text for found in flow_of(pdf.build(), PATH).lines[:2]] == ["PHỤ LỤC", "DANH MỤC NHIỆM VỤ"]
