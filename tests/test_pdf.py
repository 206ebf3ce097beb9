"""PDF files with text: lines, paragraphs, tables over several pages; and files made to do harm."""

from __future__ import annotations

import shutil
import signal
import subprocess
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pdfs import HEIGHT, Pdf, stream, written
from reading import read_pdf

from ingest.errors import SourceError
from ingest.header import read_header
from ingest.readers.pdf_flow import flow_of
from ingest.readers.source import Flow
from ingest.regions import split_regions

PATH = Path("kế hoạch.pdf")
WORD = "nhân dân "


def flow(pdf: Pdf) -> Flow:
    return flow_of(pdf.build(), PATH)


def texts(pdf: Pdf) -> list[str]:
    return [line.text for line in flow(pdf).lines]


def full(text: str, width: int = 70) -> list[str]:
    """A text in lines of at most so many letters (6 points each)."""
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + 1 + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def letterhead(pdf: Pdf) -> None:
    for at, (left, right) in enumerate(
        [
            ("ỦY BAN NHÂN DÂN", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
            ("TỈNH SƠN LA", "Độc lập - Tự do - Hạnh phúc"),
            ("Số: 12/KH-UBND", "Sơn La, ngày 05 tháng 02 năm 2024"),
        ]
    ):
        pdf.text(150 - 3 * len(left), 80 + 16 * at, left)
        pdf.text(410 - 3 * len(right), 83 + 16 * at, right)
    pdf.text(270, 150, "KẾ HOẠCH", bold=True)
    pdf.text(230, 166, "Phát triển y tế cơ sở", bold=True)


def test_letterhead_and_signature_are_read_block_by_block() -> None:
    pdf = Pdf()
    letterhead(pdf)
    pdf.lines(85, 200, ["I. MỤC TIÊU", *full("Nâng cao sức khỏe người dân. " * 9)])
    pdf.lines(85, 400, ["Nơi nhận:", "- Bộ Y tế;", "- Các sở, ban, ngành, đoàn thể và", "các huyện;", "- Lưu: VT."])
    pdf.text(350, 400, "TM. ỦY BAN NHÂN DÂN")
    pdf.text(380, 414, "CHỦ TỊCH")
    pdf.text(365, 500, "Hoàng Quốc Khánh")
    found = flow(pdf)
    header = read_header(split_regions(found.lines), "")
    assert (header.number, header.province, header.title) == ("12/KH-UBND", "Sơn La", "Phát triển y tế cơ sở")
    assert header.recipients == ("Bộ Y tế", "Các sở, ban, ngành, đoàn thể và các huyện", "Lưu: VT")
    assert (header.position, header.signer) == ("CHỦ TỊCH", "Hoàng Quốc Khánh")
    assert [line.text for line in found.lines][:4] == [
        "ỦY BAN NHÂN DÂN", "TỈNH SƠN LA", "Số: 12/KH-UBND", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    ]  # fmt: skip


def test_paragraphs_go_on_over_lines_and_pages_and_furniture_is_dropped() -> None:
    first, second = "1. Nâng cao đời sống của " + WORD * 30 + "cả tỉnh.", "- Hỗ trợ " + WORD * 12 + "nghèo."
    third = "Ngày 30 tháng 6."
    lines = [*full(first), *full(second), third]
    pdf = Pdf()
    for page in range(3):
        if page:
            pdf.page()
        pdf.text(295, 30, str(page + 1))
        pdf.text(85, 820, f"Kế hoạch y tế, trang {page + 1}")
        pdf.lines(85, 700 if page == 0 else 70, lines[4 * page : 4 * page + 4] if page < 2 else lines[8:] or ["Hết."])
    assert texts(pdf)[:3] == [first, second, third]


def test_every_line_has_its_page_and_boxes() -> None:
    pdf = Pdf()
    pdf.lines(85, 100, [*full(WORD * 14), "2. Ngắn"])
    pdf.page()
    pdf.text(85, 200, "3. Trang sau")
    found = flow(pdf)
    assert [[mark.page for mark in found.marks[line.number]] for line in found.lines] == [[1, 1], [1], [2]]
    mark = found.marks[3][0]
    assert (mark.x0, mark.x1) == (85, 85 + 6 * len("3. Trang sau"))
    assert mark.top < 200 < mark.bottom < 210


def test_raised_figures_and_cut_words() -> None:
    pdf = Pdf()
    pdf.text(85, 100, "Diện tích 25 m")
    pdf.text(85 + 6 * 14, 96, "2", size=7)
    pdf.text(85 + 6 * 14 + 8, 100, "sàn, năm 2025")
    pdf.text(85 + 6 * 14 + 8 + 6 * 13, 96, "1", size=7)
    pdf.lines(85, 200, [*full(WORD * 40)[:3], WORD * 6 + "số 12/NQ-", "UBND của tỉnh"])
    found = texts(pdf)
    assert found[0] == "Diện tích 25 m² sàn, năm 2025¹"
    pdf = Pdf()
    pdf.lines(85, 200, [WORD * 7 + "12/NQ-", "UBND của tỉnh"])
    assert texts(pdf) == [WORD * 7 + "12/NQ-UBND của tỉnh"]


Cell = tuple[str, ...]
HEAD: list[Cell] = [("TT",), ("Nhiệm vụ",), ("Chủ trì",), ("Phối hợp",)]
EDGES = [60.0, 90.0, 300.0, 420.0, 540.0]


def ruled(pdf: Pdf, top: float, rows: list[list[Cell | None]], open_below: Sequence[tuple[int, int]] = ()) -> None:
    """A table; None joins a cell with the one to its left; `open_below` are (row, column) without a rule below."""
    y = top
    for at, row in enumerate(rows):
        tall = 14 * max(len(cell or ()) for cell in row) + 8
        for column, cell in enumerate(row):
            x0, x1 = EDGES[column], EDGES[column + 1]
            pdf.lines(x0 + 4, y + 14, cell or ())
            if cell is not None:
                pdf.rule(x0, y, x0, y + tall)
            if at == 0:
                pdf.rule(x0, y, x1, y)
            if (at, column) not in open_below:
                pdf.rule(x0, y + tall, x1, y + tall)
        pdf.rule(EDGES[-1], y, EDGES[-1], y + tall)
        y += tall


def grid(pdf: Pdf) -> list[tuple[str, int, int, int, int]]:
    (table,) = flow(pdf).grids
    return [(cell.text, cell.row, cell.column, cell.rows, cell.columns) for cell in table.cells if cell.row]


def test_cells_merged_both_ways() -> None:
    pdf = Pdf()
    rows: list[list[Cell | None]] = [
        [*HEAD], [("I. Y tế",), None, None, None], [("1",), ("Xây trạm",), ("Sở Y tế",), ("Sở Xây dựng",)],
        [("2",), ("Mua máy",), (), ("",)],
    ]  # fmt: skip
    ruled(pdf, 100, rows, [(2, 2)])
    assert grid(pdf) == [
        ("I. Y tế", 1, 0, 1, 4), ("1", 2, 0, 1, 1), ("Xây trạm", 2, 1, 1, 1), ("Sở Y tế", 2, 2, 2, 1),
        ("Sở Xây dựng", 2, 3, 1, 1), ("2", 3, 0, 1, 1), ("Mua máy", 3, 1, 1, 1), ("", 3, 3, 1, 1),
    ]  # fmt: skip


def test_a_table_over_two_pages_is_one() -> None:
    pdf = Pdf()
    long = full("Xây dựng trạm y tế ở các xã vùng cao của tỉnh và mua sắm trang thiết bị cho trạm.", 33)
    rows: list[list[Cell | None]] = [
        [*HEAD], [("1",), ("Mở lớp",), ("Sở Y tế",), ()], [("2",), tuple(long[:2]), (), ()]
    ]  # fmt: skip
    ruled(pdf, HEIGHT - 160, rows, [(1, 2)])
    pdf.page()
    after: list[list[Cell | None]] = [
        [*HEAD], [(), tuple(long[2:]), (), ()], [("3",), ("Đào tạo",), (), ("Sở Nội vụ",)]
    ]  # fmt: skip
    ruled(pdf, 60, after, [(1, 2)])
    assert grid(pdf) == [
        ("1", 1, 0, 1, 1), ("Mở lớp", 1, 1, 1, 1), ("Sở Y tế", 1, 2, 3, 1), ("", 1, 3, 1, 1),
        ("2", 2, 0, 1, 1), (" ".join(long), 2, 1, 1, 1), ("", 2, 3, 1, 1),
        ("3", 3, 0, 1, 1), ("Đào tạo", 3, 1, 1, 1), ("Sở Nội vụ", 3, 3, 1, 1),
    ]  # fmt: skip


def test_a_page_break_between_rows_joins_nothing() -> None:
    pdf = Pdf()
    ruled(pdf, HEIGHT - 120, [[*HEAD], [("1",), ("Mở lớp",), ("Sở Y tế",), ("Sở Nội vụ",)]])
    pdf.page()
    ruled(pdf, 60, [[*HEAD], [("2",), ("Xây trạm",), ("Sở Xây dựng",), ("Sở Y tế",)]])
    assert [cell for cell in grid(pdf) if cell[2] < 2] == [
        ("1", 1, 0, 1, 1), ("Mở lớp", 1, 1, 1, 1), ("2", 2, 0, 1, 1), ("Xây trạm", 2, 1, 1, 1)
    ]  # fmt: skip


def test_another_table_on_the_next_page_stays_another() -> None:
    pdf = Pdf()
    ruled(pdf, HEIGHT - 120, [[*HEAD], [("1",), ("Mở lớp",), ("Sở Y tế",), ("Sở Nội vụ",)]])
    pdf.page()
    pdf.text(85, 60, "PHỤ LỤC II")
    ruled(pdf, 80, [[*HEAD], [("1",), ("Xây trạm",), ("Sở Xây dựng",), ("Sở Y tế",)]])
    assert len(flow(pdf).grids) == 2


def bomb(megabytes: int) -> bytes:
    """A page whose content is so much white space."""
    packer = zlib.compressobj()
    block = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    end = b"\x03\x00" + ((((megabytes << 20) % 65521) << 16) | 1).to_bytes(4, "big")
    packed = block + block[2:] * (megabytes - 1) + end
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>"
    tree = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    return written([b"<< /Type /Catalog /Pages 2 0 R >>", tree, page, stream(packed, "/Filter /FlateDecode")])


def plain() -> Pdf:
    pdf = Pdf()
    letterhead(pdf)
    ruled(pdf, 200, [[*HEAD], [("1",), ("Mở lớp",), ("Sở Y tế",), ("Sở Nội vụ",)]])
    return pdf


def nested(kids: bytes) -> bytes:
    return written([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids " + kids + b" /Count 1 >>"])


HOSTILE = {
    "empty": (b"", "trống"),
    "blank": (b" \n", "trống"),
    "text": (b"KE HOACH\n" * 99, "hỏng"),
    "word": (b"PK\x03\x04" + bytes(500), "hỏng"),
    "head alone": (b"%PDF-1.7\n", "hỏng"),
    "truncated": (plain().build()[:300], "hỏng"),
    "a tree that holds itself": (nested(b"[2 0 R 2 0 R]"), "hỏng"),
    "a deep list": (nested(b"[" * 5000 + b"]" * 5000), "hỏng"),
    "no kids": (nested(b"null"), "hỏng"),
    "password": (plain().build(password="x"), "mật khẩu"),  # noqa: S106
    "page without text": (Pdf().build(), "không có chữ"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_cannot_be_read_is_refused_with_a_remedy(name: str) -> None:
    data, word = HOSTILE[name]
    with pytest.raises(SourceError, match=word) as caught:
        flow_of(data, PATH)
    assert PATH.name in caught.value.message
    assert caught.value.remedy


def test_the_process_gives_what_the_reader_finds() -> None:
    data = plain().build()
    source = read_pdf(data, PATH)
    found = flow_of(data, PATH).source(PATH, data, "pdf")
    assert source == found
    assert source.marks[1][0].page == 1


def test_limits_of_memory_time_and_pages() -> None:
    data = plain().build()
    with pytest.raises(SourceError, match="bộ nhớ"):
        read_pdf(bomb(400), PATH, memory=300 << 20)
    with pytest.raises(SourceError, match="quá 0 giây"):
        read_pdf(data, PATH, seconds=0.05)
    with pytest.raises(SourceError, match="quá 2 giây"):  # the library follows references in a circle for ever
        read_pdf(written([b"<< /Type /Catalog /Pages 2 0 R >>", b"3 0 R", b"2 0 R"]), PATH, seconds=2)
    pdf = Pdf(pages=[[] for _ in range(4)])
    with pytest.raises(SourceError, match="4 trang, vượt giới hạn 3"):
        flow_of(pdf.build(), PATH, max_pages=3)


def test_an_empty_password_opens_and_a_broken_index_is_rebuilt() -> None:
    expected = texts(plain())
    assert [line.text for line in flow_of(plain().build(password=""), PATH).lines] == expected
    moved = plain().build().replace(b"startxref\n", b"startxref\n9")
    assert [line.text for line in flow_of(moved, PATH).lines] == expected


def test_scripts_actions_and_attachments_are_ignored() -> None:
    actions = "/OpenAction << /S /JavaScript /JS (app.alert(1)) >> /AA << /WC << /S /Launch /F (calc.exe) >> >>"
    pdf = plain()
    pdf.catalog = f"{actions} /Names << /EmbeddedFiles << /Names [(a) << /Type /Filespec /F (a.exe) >>] >> >>"
    assert texts(pdf) == texts(plain())


WORDS = [
    b"/", b"<<", b">>", b"[", b"]", b"0", b"-1", b"99999999999", b"R", b"obj", b"null", b"(", b"1e309", b"/Kids", b"",
]  # fmt: skip
SEED = plain().build()
PUT = st.sampled_from(WORDS) | st.binary(max_size=4)


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.integers(0, len(SEED) - 1), st.integers(0, 20), PUT), max_size=8))
def test_a_damaged_file_is_read_or_refused(changes: list[tuple[int, int, bytes]]) -> None:
    data = bytearray(SEED)
    for at, length, put in changes:
        data[at : at + length] = put
    with at_most(5):
        try:
            assert flow_of(bytes(data), PATH).lines
        except SourceError as error:
            assert error.remedy


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """What the reading process is stopped for, stopped here: an endless loop in the library."""

    def stop(signum: int, frame: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A plan that LibreOffice printed: letters from two fonts, justified lines, a merged cell cut by page breaks."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed")
    from docx import Document

    made = Document()
    head = made.add_table(1, 2)
    for cell, lines in zip(
        head.rows[0].cells,
        (["UBND TỈNH SƠN LA", "Số: 12/KH-UBND"], ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"]),
        strict=True,
    ):
        cell.text = "\n".join(lines)
    for text in ("KẾ HOẠCH", TASK):
        made.add_paragraph(text).alignment = 3 if text == TASK else 1
    table = made.add_table(31, 3)
    table.style = "Table Grid"
    for at, row in enumerate(table.rows):
        texts = (
            (str(at), f"{at} {TASK}", "" if at % 10 != 1 else f"Sở Y tế {at}") if at else ("TT", "Nhiệm vụ", "Chủ trì")
        )
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    for start in (1, 11, 21):
        table.cell(start, 2).merge(table.cell(start + 9, 2))
    folder = tmp_path_factory.mktemp("office")
    made.save(str(folder / "a.docx"))
    own = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [program, own, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(folder / "a.docx")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return (folder / "a.pdf").read_bytes()


TASK = "Đẩy mạnh ứng dụng công nghệ số, nâng cao chất lượng khám bệnh, chữa bệnh ở các trạm y tế xã của tỉnh " * 3


def test_what_libreoffice_prints_is_read_back(office: bytes) -> None:
    found = flow_of(office, PATH)
    (table,) = found.grids
    cells = {(cell.row, cell.column): cell for cell in table.cells}
    assert [cells[row, 1].text for row in range(1, 31)] == [f"{row} {TASK}".strip() for row in range(1, 31)]
    leads = [(cell.text, cell.row, cell.rows) for cell in table.cells if cell.column == 2 and cell.row]
    assert leads == [(f"Sở Y tế {row}", row, 10) for row in (1, 11, 21)]
    assert [line.text for line in found.lines[:5]] == [
        "UBND TỈNH SƠN LA", "Số: 12/KH-UBND", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "KẾ HOẠCH", TASK.strip()
    ]  # fmt: skip
    assert len(found.marks[5]) > 2
