"""Word documents: everything that is printed, in order, once."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from commandline import ROOT
from docx import Document
from formats import docx_of, plan_of
from wordml import (
    HEADER,
    NAME,
    cells,
    p,
    read,
    run,
    tbl,
    tc,
    tr,
)

from ingest.model import ClauseKind, Parsed
from ingest.parse import parse_file, parse_source
from ingest.readers.docx import read_docx
from ingest.readers.layout import is_data_table
from ingest.readers.source import GridCell
from ingest.settings import Settings

# Order and tables


def test_a_document_of_python_docx_is_read_in_body_order() -> None:
    document = Document()
    document.add_heading("I. MỤC TIÊU", 1)
    document.add_paragraph("Đoạn trước bảng.")
    table = document.add_table(rows=3, cols=3)
    for row, texts in zip(
        table.rows, (("TT", "Nhiệm vụ", "Cơ quan chủ trì"), ("1", "A", "Sở X"), ("2", "B", "")), strict=True
    ):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    table.cell(1, 2).merge(table.cell(2, 2))
    document.add_paragraph("Đoạn sau bảng.")
    document.sections[0].header.paragraphs[0].text = "đầu trang"
    document.sections[0].footer.paragraphs[0].text = "chân trang"
    stream = io.BytesIO()
    document.save(stream)
    source = read_docx(stream.getvalue(), NAME)
    assert [line.text for line in source.lines] == [
        "I. MỤC TIÊU",
        "Đoạn trước bảng.",
        "TT",
        "Nhiệm vụ",
        "Cơ quan chủ trì",
        "1",
        "A",
        "Sở X",
        "2",
        "B",
        "Đoạn sau bảng.",
    ]
    assert source.format == "docx"
    assert len(source.digest) == 64
    assert source.grids[0].cells[5] == GridCell("Sở X", (8,), 1, 2, 2, 1)
    assert len(source.grids[0].cells) == 8


def test_cells_merged_both_ways() -> None:
    source = read(
        tbl(
            tr(tc("TT", vMerge="restart"), tc("Nhiệm vụ", vMerge="restart"), tc("Phân công", gridSpan="2")),
            tr(
                tc("bị che", vMerge="continue"),
                "<w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc>",
                "Chủ trì",
                "Phối hợp",
            ),
            tr("I", tc("Nhóm", gridSpan="3")),
            tr("1", "A", tc("Sở X", vMerge="restart", gridSpan="2")),
            tr("2", "B", tc(vMerge="continue", gridSpan="2")),
            tr("3", "C", tc(vMerge="continue", gridSpan="2")),
            tr("4", "D", tc("Sở Y", vMerge="restart", gridSpan="2")),
        )
    )
    assert cells(source) == [
        ("TT", 0, 0, 2, 1),
        ("Nhiệm vụ", 0, 1, 2, 1),
        ("Phân công", 0, 2, 1, 2),
        ("Chủ trì", 1, 2, 1, 1),
        ("Phối hợp", 1, 3, 1, 1),
        ("I", 2, 0, 1, 1),
        ("Nhóm", 2, 1, 1, 3),
        ("1", 3, 0, 1, 1),
        ("A", 3, 1, 1, 1),
        ("Sở X", 3, 2, 3, 2),
        ("2", 4, 0, 1, 1),
        ("B", 4, 1, 1, 1),
        ("3", 5, 0, 1, 1),
        ("C", 5, 1, 1, 1),
        ("4", 6, 0, 1, 1),
        ("D", 6, 1, 1, 1),
        ("Sở Y", 6, 2, 1, 2),
    ]


def test_rows_that_start_late_and_a_merge_without_a_start() -> None:
    source = read(
        tbl(
            HEADER,
            tr(tc("lạc", vMerge="continue"), "A", "Sở X"),
            tr("B", "Sở Y", trpr='<w:gridBefore w:val="1"/>'),
            tr("3", trpr='<w:gridAfter w:val="2"/>'),
            tr(tc("4", hMerge="restart"), tc("che", hMerge="continue"), tc("Sở Z")),
        )
    )
    assert (
        cells(source)[3:]
        == [
            ("TT", 0, 0, 2, 1),
            ("A", 1, 1, 1, 1),
            ("Sở X", 1, 2, 1, 1),
            ("B", 2, 1, 1, 1),
            ("Sở Y", 2, 2, 1, 1),
            ("3", 3, 0, 1, 1),
            ("4", 4, 0, 1, 2),
            ("Sở Z", 4, 2, 1, 1),
        ][1:]
    )
    assert cells(source)[0] == ("TT", 0, 0, 2, 1)  # Word too joins it with what stands above


def test_a_cell_of_several_paragraphs_has_a_line_for_each() -> None:
    source = read(tbl(HEADER, tr("1", tc("Một", "", "Hai"), tc("- Sở X;", "- Sở Y."))))
    task, lead = source.grids[0].cells[4:]
    assert (task.text, task.lines) == ("Một Hai", (5, 6))
    assert (lead.text, lead.lines) == ("- Sở X; - Sở Y.", (7, 8))


def test_a_nested_table_belongs_to_the_cell_of_a_data_table() -> None:
    inner = tbl(tr("x", "y"), tr("z"))
    source = read(tbl(HEADER, tr("1", tc("trước", inner, "sau"), "Sở X")))
    assert len(source.grids) == 1
    assert source.grids[0].cells[4].text == "trước x y z sau"


def test_a_layout_table_yields_the_data_table_inside() -> None:
    source = read(tbl(tr(tc("Phụ lục", tbl(HEADER, tr("1", "A", "Sở X")), "Ghi chú"))) + p("Hết."))
    assert [line.text for line in source.lines] == [
        "Phụ lục",
        "TT",
        "Nhiệm vụ",
        "Chủ trì",
        "1",
        "A",
        "Sở X",
        "Ghi chú",
        "Hết.",
    ]
    assert [c.text for c in source.grids[0].cells] == ["TT", "Nhiệm vụ", "Chủ trì", "1", "A", "Sở X"]


def test_letterhead_and_signature_are_layout() -> None:
    head = tbl(
        tr(tc("UBND TỈNH HÀ GIANG", "Số: 12/KH-UBND"), tc("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Hà Giang, ngày"))
    )
    foot = tbl(tr(tc("Nơi nhận:", "- Như trên;"), tc("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")))
    source = read(head + p("KẾ HOẠCH") + foot)
    assert not source.grids
    assert [line.text for line in source.lines] == [
        "UBND TỈNH HÀ GIANG",
        "Số: 12/KH-UBND",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Hà Giang, ngày",
        "KẾ HOẠCH",
        "Nơi nhận:",
        "- Như trên;",
        "TM. ỦY BAN NHÂN DÂN",
        "CHỦ TỊCH",
    ]


@pytest.mark.parametrize(
    ("rows", "data"),
    [
        ([["TT", "Tên"], ["1", "a"]], True),
        ([["Số TT", "", "Tên"], ["1", "a"]], True),
        ([["Biểu số 1"], ["STT", "Nội dung"], ["1", "a"]], True),
        ([["Nhiệm vụ", "Cơ quan chủ trì"], ["a", "b"]], True),
        ([["Nội dung công việc", "Thời gian hoàn thành"], ["a", "b"]], True),
        ([["Chỉ tiêu", "Đơn vị tính", "2025"], ["a", "%", "5"]], True),
        ([["a", "b", "c"]] * 3, True),
        ([["a", "b", "c"]] * 2, False),
        ([["a", "", "c"]] * 5, False),
        ([["TT"]], False),
        ([["Nhiệm vụ"], ["Chủ trì"], ["TT"]], False),
        ([], False),
        ([["", ""], ["", ""]], False),
        ([["UBND TỈNH A\nSỞ B", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"], ["Số: 1", "A, ngày 1 tháng 2 năm 2024"]], False),
        (
            [
                ["UBND TỈNH A", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
                ["a", "b", "c"],
                ["a", "b", "c"],
                ["a", "b", "c"],
            ],
            False,
        ),
        ([["Nơi nhận:", "TM. ỦY BAN NHÂN DÂN"], ["- Sở X", "CHỦ TỊCH"]], False),
        ([["Sở X chủ trì, phối hợp với các đơn vị.", "Thời gian thực hiện: trong năm 2024."]], False),
    ],
)
def test_data_tables_are_told_from_layout(rows: Sequence[Sequence[str]], data: bool) -> None:
    assert is_data_table(rows) is data


def test_content_controls_are_descended_into() -> None:
    sdt = "<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    body = (
        sdt.format(p("Một") + sdt.format(p("Hai")))
        + p("Ba ", sdt.format(run("bốn")))
        + "<w:customXml>"
        + p("Năm")
        + "</w:customXml>"
    )
    table = tbl(HEADER, sdt.format(tr("1", sdt.format(tc("A")), tc(sdt.format(p("Sở X"))))))
    source = read(body + table)
    assert [line.text for line in source.lines][:4] == ["Một", "Hai", "Ba bốn", "Năm"]
    assert cells(source)[3:] == [("1", 1, 0, 1, 1), ("A", 1, 1, 1, 1), ("Sở X", 1, 2, 1, 1)]


# Plans written and read back

PLANS = sorted([*ROOT.glob("corpus/*-*.*"), *(f for f in ROOT.glob("tests/layouts/*") if f.suffix in (".txt", ".md"))])


@pytest.fixture(scope="module", params=PLANS, ids=lambda path: path.stem)
def parsed(request: pytest.FixtureRequest) -> Parsed:
    return parse_file(request.param, Settings())


@pytest.mark.parametrize("automatic", [False, True], ids=["typed", "counted"])
def test_a_plan_comes_back(parsed: Parsed, automatic: bool, tmp_path: Path) -> None:
    target = docx_of(parsed, tmp_path / "a.docx", automatic)
    source, plan = read_docx(target.read_bytes(), target), plan_of(parsed)
    written = [c for table in plan.tables for row in table.rows for c in row if c.rows]
    assert [(c.text, c.column, c.rows, c.columns) for c in written] == [
        (c.text, c.column, c.rows, c.columns) for grid in source.grids for c in grid.cells
    ]
    taken = {n for table in plan.tables for n in range(table.first, table.last + 1)}
    in_grids = {n for grid in source.grids for n in grid.lines}
    paragraphs = [text for n, text in enumerate(plan.lines, 1) if text and n not in taken]
    assert sorted(paragraphs) == sorted(line.text for line in source.lines if line.number not in in_grids)
    if not plan.tables:  # a table's rows are compared where they are built
        back, gone = (_said(one) for one in (parse_source(source), parsed))
        assert back == gone


def _said(plan: Parsed) -> tuple[list[tuple[str, str]], list[tuple[object, ...]]]:
    """Facts of the header, whose two columns are read one after the other, and the clauses in order."""
    facts = sorted((fact.field, fact.text) for fact in plan.document.facts)
    return facts, [(c.kind, c.section, c.text) for c in plan.clauses if c.kind is not ClauseKind.HEADER]


def test_words_library_is_not_loaded() -> None:
    """Reading text must not wait for what only writes Word files."""
    code = "import sys, cli, ingest.parse; sys.exit('docx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
