"""Scans: their words, columns, tables and numbers; what is in doubt; and pictures made to do harm."""

from __future__ import annotations

import io
import shutil
import struct
import time
import zlib
from pathlib import Path
from statistics import mean

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pdfs import Pdf
from PIL import Image
from reading import read_pdf
from scans import DPI, Page, saved, worn

from ingest.errors import SourceError
from ingest.header import read_header
from ingest.readers import ocr_page, ocr_pages, ocr_program
from ingest.readers.form import form_of
from ingest.readers.image_pages import read_image_pages
from ingest.readers.ocr_areas import Area
from ingest.readers.ocr_glyphs import is_doubtful
from ingest.readers.ocr_header import header_of
from ingest.readers.ocr_image import Picture, evened, ink_of, skew_of, turned_back
from ingest.readers.ocr_numbers import columns_of, is_settled, read_again, suspects
from ingest.readers.ocr_page import lines_of
from ingest.readers.ocr_program import Word
from ingest.readers.ocr_repair import in_small, parted, renumbered, renumbered_column
from ingest.readers.ocr_rules import rules_of
from ingest.readers.ocr_turns import most_printed
from ingest.readers.ocr_words import mend_words, mended
from ingest.readers.open import source_of
from ingest.readers.page_picture import page_picture
from ingest.readers.pdf_flow import image_flow
from ingest.readers.pdf_pages import PageContent
from ingest.readers.pdf_scans import is_scanned, marked_share
from ingest.readers.pdf_text import Glyph
from ingest.readers.source import Flow, Mark, Marked, Source
from ingest.regions import split_regions

PATH = Path("bản quét.pdf")
needs_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")

TASK = [
    "- Triển khai chương trình khám bệnh, chữa bệnh cho người cao tuổi và cho",
    "trẻ em ở các xã vùng cao; mỗi năm mở 12 lớp cho cán bộ y tế xã.",
]
EDGES = [70, 105, 305, 425, 525]
HEAD = [["TT"], ["Nhiệm vụ"], ["Cơ quan chủ trì"], ["Thời gian"]]
ROWS = [
    [["1"], ["Xây dựng trạm y tế cho các xã", "vùng cao của tỉnh"], ["Sở Xây dựng"], ["2024 - 2025"]],
    [["2"], ["Mua máy xét nghiệm cho các", "trung tâm y tế huyện"], ["Sở Y tế"], ["Quý III/2024"]],
]
MORE = [[["3"], ["Đào tạo bác sĩ gia đình, y sĩ", "cho các trạm y tế"], ["Sở Nội vụ"], ["Hằng năm"]]]


def sheets() -> list[Image.Image]:
    first, second = Page(), Page()
    for at, (left, right) in enumerate(
        [
            ("ỦY BAN NHÂN DÂN", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
            ("TỈNH SƠN LA", "Độc lập - Tự do - Hạnh phúc"),
            ("Số: 12/KH-UBND", "Sơn La, ngày 05 tháng 02 năm 2024"),
        ]
    ):
        first.text(70, 70 + 17 * at, left, size=11)
        first.text(270, 72 + 17 * at, right, size=11)
    first.text(255, 150, "KẾ HOẠCH", size=13)
    first.text(190, 168, "Phát triển y tế cơ sở năm 2024", size=13)
    first.lines(70, 200, ["I. QUAN ĐIỂM", "1. Mục tiêu chung", *TASK, "II. NHIỆM VỤ", "Chi tiết ở bảng sau:"], 20)
    first.table(EDGES, 660, [HEAD, *ROWS])
    bottom = second.table(EDGES, 60, [HEAD, *MORE])
    second.lines(70, bottom + 60, ["Nơi nhận:", "- Bộ Y tế;", "- Các sở, ban, ngành;", "- Lưu: Văn thư."])
    for y, text in ((60, "TM. ỦY BAN NHÂN DÂN"), (76, "CHỦ TỊCH"), (170, "Hoàng Quốc Khánh")):
        second.text(350, bottom + y, text)
    return [first.picture, second.picture]


@pytest.fixture(scope="module")
def scan() -> list[Image.Image]:
    return worn(sheets())


@pytest.fixture(scope="module")
def told() -> list[tuple[int, int]]:
    return []


@pytest.fixture(scope="module")
def source(scan: list[Image.Image], told: list[tuple[int, int]]) -> Source:
    if shutil.which("tesseract") is None:
        pytest.skip("tesseract is not installed")
    return read_pdf(saved(scan, "PDF"), PATH, progress=lambda done, pages: told.append((done, pages)))


def test_a_scan_is_read_block_by_block(source: Source) -> None:
    texts = [line.text for line in source.lines]
    header = read_header(split_regions(source.lines), "")
    assert (header.number, header.province, header.title) == ("12/KH-UBND", "Sơn La", "Phát triển y tế cơ sở năm 2024")
    assert (header.position, header.signer) == ("CHỦ TỊCH", "Hoàng Quốc Khánh")
    assert header.recipients == ("Bộ Y tế", "Các sở, ban, ngành", "Lưu: Văn thư")
    at = texts.index("I. QUAN ĐIỂM")
    assert texts[at : at + 5] == ["I. QUAN ĐIỂM", "1. Mục tiêu chung", " ".join(TASK), "II. NHIỆM VỤ", texts[at + 4]]


def test_a_scanned_table_over_two_pages_is_one(source: Source) -> None:
    (grid,) = source.grids
    found = [(cell.row, cell.column, cell.text) for cell in grid.cells]
    wanted = [HEAD, *ROWS, *MORE]
    assert found == [(r, c, " ".join(lines)) for r, row in enumerate(wanted) for c, lines in enumerate(row)]


def test_numbers_of_a_scanned_table_are_in_doubt(source: Source) -> None:
    inside = {number for grid in source.grids for number in grid.lines}
    for line in source.lines:
        numbers = [word for word in line.text.split() if any(c.isdigit() for c in word)]
        if line.number in inside:
            assert [word for word in source.doubts.get(line.number, ()) if word in numbers] == numbers
        assert all(doubt in line.text.split() for doubt in source.doubts.get(line.number, ()))
    assert sum(map(len, source.doubts.values())) < 0.2 * sum(len(line.text.split()) for line in source.lines)


def test_boxes_lie_on_the_scan_as_it_came(source: Source, scan: list[Image.Image]) -> None:
    for line in source.lines:
        assert all(has_ink(scan[mark.page - 1], mark) for mark in source.marks[line.number]), line.text


def test_progress_is_told_by_page(source: Source, told: list[tuple[int, int]]) -> None:
    assert source.lines
    assert told == [(1, 2), (2, 2)]


@needs_tesseract
def test_pictures_of_one_page_and_of_many() -> None:
    page = Page(size=(400, 200))
    page.lines(40, 60, ["1. Mở lớp tập huấn ở các huyện;", "2. Xây dựng trạm y tế các xã."], 24)
    wanted = ["1. Mở lớp tập huấn ở các huyện;", "2. Xây dựng trạm y tế các xã."]
    found = source_of(saved([page.picture], "JPEG"), Path("a.jpg"), 1 << 24)
    assert (found.format, [line.text for line in found.lines]) == ("image", wanted)
    told: list[tuple[int, int]] = []
    pages = worn([page.picture] * 2)
    found = source_of(saved(pages, "TIFF"), Path("a.tif"), 1 << 24, lambda done, of: told.append((done, of)))
    assert [(line.text, found.marks[line.number][0].page) for line in found.lines] == [
        (text, number) for number in (1, 2) for text in wanted
    ]
    assert told == [(1, 2), (2, 2)]


SMALL = ["1. Mở lớp tập huấn cho cán bộ y tế ở các huyện;", "2. Xây dựng trạm y tế các xã vùng cao của tỉnh."]


def small_page() -> Image.Image:
    page = Page(size=(420, 240))
    page.lines(40, 60, SMALL, 24)
    page.table([40, 80, 280, 380], 130, [[["TT"], ["Nhiệm vụ"], ["Thời gian"]], [["1"], ["Mua máy đo"], ["2024"]]])
    return page.picture


def has_ink(sheet: Image.Image, mark: Mark) -> bool:
    """Whether there is more ink within a box than on its page."""
    page = np.asarray(sheet.convert("L")) < 128
    x0, top, x1, bottom = (round(v * DPI / 72) for v in (mark.x0, mark.top, mark.x1, mark.bottom))
    return bool(page[top:bottom, x0:x1].mean() > 2 * page.mean())


@needs_tesseract
@pytest.mark.parametrize("form", ["TIFF", "PDF"])
def test_pages_that_lie_on_their_side_or_upside_down(form: str) -> None:
    wanted = [*SMALL, "TT", "Nhiệm vụ", "Thời gian", "1", "Mua máy đo", "2024"]
    upright = small_page()
    degrees = (90, 180, 270) if form == "TIFF" else (270,)
    pages = worn([upright.rotate(angle, expand=True) for angle in degrees])
    found = source_of(saved(pages, form), Path("a"), 1 << 24)
    for number, sheet in enumerate(pages, 1):
        lines = [line for line in found.lines if found.marks[line.number][0].page == number]
        assert [line.text for line in lines] == wanted
        assert all(has_ink(sheet, mark) for line in lines for mark in found.marks[line.number])


@needs_tesseract
def test_a_page_that_its_file_says_to_turn() -> None:
    """/Rotate of a PDF file: the page as it is shown is the page as it came."""
    import pypdfium2

    lying = small_page().rotate(90, expand=True)
    whole = pypdfium2.PdfDocument(saved(worn([lying]), "PDF"))
    whole[0].set_rotation(90)
    out = io.BytesIO()
    whole.save(out)
    found = read_pdf(out.getvalue(), PATH)
    assert [line.text for line in found.lines][:2] == SMALL
    shown = page_picture(out.getvalue(), "pdf", 1, 420 * DPI // 72)
    assert (round(shown.width), round(shown.height)) == (420, 240)
    sheet = Image.open(io.BytesIO(shown.png))
    assert all(has_ink(sheet, mark) for marks in found.marks.values() for mark in marks)


def test_a_page_is_first_tried_as_the_last_of_its_shape_lay(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []

    def read(picture: Picture, path: Path, turns: int) -> PageContent:
        tried.append((picture.number, turns))
        high, wide = picture.grey.shape
        return PageContent(picture.number, *((high, wide) if wide > high else (wide, high)), (), (), turns=wide > high)

    monkeypatch.setattr(ocr_pages, "page_of", read)
    shapes = [(20, 10), (10, 20)] * 4
    pages = [Picture(at, np.zeros(shape, dtype=np.uint8), 72) for at, shape in enumerate(shapes)]
    assert [page.number for page in ocr_pages.recognised(pages, PATH)] == list(range(8))
    assert sorted(tried)[4:] == [(4, 0), (5, 1), (6, 0), (7, 1)]


def test_a_page_without_text_is_not_turned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr_page, "read_words", lambda areas, dpi, path: [[] for _ in areas])
    assert ocr_page.page_of(Picture(1, np.full((800, 600), 255, dtype=np.uint8), 72), PATH).turns == 0
    assert most_printed(np.zeros((800, 600), dtype=np.uint8), 72) is None


def mixed() -> bytes:
    """A page of text, a scanned one, a page of text."""
    page = Page(size=(595, 842))
    page.text(85, 120, "2. Xây dựng trạm y tế các xã vùng cao")
    import pypdfium2

    whole = pypdfium2.PdfDocument.new()
    pdf = Pdf()
    pdf.text(85, 700, "1. Tổ chức thực hiện kế hoạch")
    pdf.page()
    pdf.text(85, 100, "3. Kinh phí thực hiện kế hoạch")
    written, scanned = (pypdfium2.PdfDocument(data) for data in (pdf.build(), saved(worn([page.picture]), "PDF")))
    for part, number in ((written, 0), (scanned, 0), (written, 1)):
        whole.import_pages(part, [number])
    out = io.BytesIO()
    whole.save(out)
    return out.getvalue()


@needs_tesseract
def test_only_scanned_pages_of_a_mixed_file_are_recognised() -> None:
    found = read_pdf(mixed(), PATH)
    assert [(line.text[:3], found.marks[line.number][0].page) for line in found.lines] == [
        ("1. ", 1),
        ("2. ", 2),
        ("3. ", 3),
    ]
    assert found.lines[1].text == "2. Xây dựng trạm y tế các xã vùng cao"
    assert 1 not in found.doubts
    assert 3 not in found.doubts


def glyphs(text: str) -> list[Glyph]:
    return [Glyph(c, 50 + 5 * (at % 90), 55 + 5 * (at % 90), 50 + 14 * (at // 90), 10) for at, c in enumerate(text)]


VIETNAMESE = "Ủy ban nhân dân tỉnh ban hành kế hoạch phát triển y tế cơ sở năm 2024 với các nội dung sau đây. " * 6
MISREAD = "Uy ban nhan dan tlnh ban hanh k~ ho,ch ph:it tri6n y t€ co s6 nam 2024 v6i cac n9i dung sau day. " * 6


def test_which_pages_are_scans() -> None:
    whole, small = [(0.0, 0.0, 595.0, 842.0)], [(50.0, 50.0, 150.0, 150.0)]
    strips = [(0.0, 100.0 * at, 595.0, 100.0 * (at + 1)) for at in range(8)]
    assert is_scanned(glyphs("3"), whole, 0, 595, 842)
    assert is_scanned(glyphs("3"), strips[:2], 0, 595, 842)
    assert not is_scanned(glyphs("3"), small, 0, 595, 842)
    assert is_scanned([], [], 900, 595, 842)
    assert not is_scanned([], [], 0, 595, 842)
    assert not is_scanned(glyphs(VIETNAMESE), whole, 0, 595, 842)
    assert is_scanned(glyphs(MISREAD), whole, 0, 595, 842)
    assert is_scanned(glyphs(MISREAD), strips, 0, 595, 842)
    assert not is_scanned(glyphs(MISREAD), small, 0, 595, 842)
    assert is_scanned(glyphs("Người ký: Ủy ban nhân dân tỉnh. Thời gian ký: 05/02/2024"), whole, 0, 595, 842)
    assert marked_share(VIETNAMESE) > 0.5 > 0.1 > marked_share(MISREAD)


@pytest.mark.parametrize("angle", [-3.2, -0.7, 0.0, 0.31, 2.5])
def test_how_a_page_lies(angle: float) -> None:
    page = Page(dpi=150)
    page.lines(80, 100, ["Ủy ban nhân dân tỉnh ban hành kế hoạch phát triển y tế"] * 25, 20)
    (sheet,) = worn([page.picture], skew=angle)
    assert skew_of(ink_of(evened(np.asarray(sheet), 150))) == pytest.approx(-angle, abs=0.06)


def test_a_box_of_an_upright_page_goes_back_to_the_page_as_it_came() -> None:
    """The corner of a picture that is turned by ten degrees."""
    dot = Image.new("L", (600, 800), 255)
    dot.paste(0, (480, 100, 500, 110))
    upright = np.asarray(dot.rotate(10, Image.Resampling.BICUBIC, fillcolor=255)) < 128
    ys, xs = np.nonzero(upright)
    mark = Mark(1, float(xs.min()), float(ys.min()), float(xs.max()) + 1, float(ys.max()) + 1)
    back = turned_back(mark, 10, 600, 800)
    assert mean((back.x0, back.x1)) == pytest.approx(490, abs=1)
    assert mean((back.top, back.bottom)) == pytest.approx(105, abs=1)


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_box_of_a_page_that_was_turned_by_quarters_goes_back(turns: int) -> None:
    page = np.zeros((800, 600), dtype=bool)
    page[100:110, 480:500] = True
    lying = np.rot90(page, turns)
    ys, xs = np.nonzero(lying)
    mark = Mark(1, float(xs.min()), float(ys.min()), float(xs.max()) + 1, float(ys.max()) + 1)
    height, width = lying.shape
    assert turned_back(mark, 0.0, width, height, turns) == Mark(1, 480, 100, 500, 110)


def test_words_run_together() -> None:
    assert [parted(word) for word in ("SởY", "BộTài", "hiểmy", "29/4/2022của", "2024và")] == [
        "Sở Y", "Bộ Tài", "hiểm y", "29/4/2022 của", "2024 và"
    ]  # fmt: skip
    kept = ["CTr/TU", "127/TTr-SLĐTBXH", "HĐND", "VNeID", "ĐMST", "Đảng", "20km", "2021-2025.", "Ủy"]
    assert [parted(word) for word in kept] == kept


def test_numbers_are_set_right_by_their_order() -> None:
    lines = ["I. MỤC TIÊU", "1. Chung", "H. NHIỆM VỤ", "II. GIẢI PHÁP", "IV. TỔ CHỨC", "I. KINH PHÍ", "I. HẾT"]
    assert renumbered(lines) == {2: "II. NHIỆM VỤ", 3: "III. GIẢI PHÁP", 6: "II. HẾT"}
    lines = ["c) Y tế", "d) Giáo dục", "d) Nhà ở", "e) Việc làm", "h) Nước", "1) Điện", "k) Đường"]
    assert renumbered(lines) == {5: "i) Điện"}  # «d)» twice may be the plan's own slip
    assert renumbered(["I. A B", "II. C D", "III. E F", "d) a", "đ) b", "1) c", "2) d", "1. TÊN", "A. B C"]) == {}


def test_numbers_of_a_column_are_set_right_by_their_order() -> None:
    column = ["TT", "I", "Íl", "2", "H", "1", "2", "3", "Z", "5", "II", "36", "Si", "38", "-", "39", "40", "Tổng", "42"]
    assert renumbered_column(column) == {2: "1", 4: "II", 8: "4", 10: "III", 12: "37"}
    column = [
        "5",
        "5.1",
        "5.2",
        "5.8",
        "5.4",
        "9.5",
        "D6",
        "5.7",
        "6",
        "6",
        "7",
        "9",
        "11",
        "VI",
        "IT",
        "VH",
        "1",
        "h)",
        "3",
    ]
    assert renumbered_column(column) == {3: "5.3", 5: "5.5", 6: "5.6", 15: "VII", 17: "2"}
    assert renumbered_column(["7.4", "", "75", "7.6", "8"]) == {2: "7.5"}
    column = ["|", "1", "2", "3", "4", "l)", "I", "6", "IH", "7", "l", "2", "3"]
    assert renumbered_column(column) == {0: "I", 5: "5", 6: "II", 8: "III", 10: "1"}


def test_numbers_of_groups_are_set_right_by_their_order() -> None:
    column = ["I. CHUNG", "1", "2", "H. Y TẾ", "3", "4", "||", "5", "6", "IV", "7", "jñ", "8"]
    assert renumbered_column(column) == {3: "II. Y TẾ", 6: "III", 11: "V"}
    assert renumbered_column(["|", "1", "2", "I", "3", "4", "III"]) == {0: "I", 3: "II"}
    assert renumbered_column(["IX", "8", "9", "|", "1", "2", "II"]) == {3: "I"}
    column = ["6", "6.1", "?", "ýấ |", "7.2", "8. Nhà ở", "81", "8.2"]
    assert renumbered_column(column) == {2: "7", 3: "7.1", 6: "8.1"}
    assert renumbered_column(["I", "1", "a)", "2", "b", "3", "*", "4", "II"]) == {}


def test_a_header_is_set_right_by_what_columns_are_called() -> None:
    row = ["ET", "Chỉ tiên phát triển", "ĐƠN VỊI", "Cơ quan chú tri", "Ghi chủ"]
    assert header_of(row) == ["TT", "Chỉ tiêu phát triển", "ĐƠN VỊ", "Cơ quan chú tri", "Ghi chủ"]
    for kept in (["II", "Đơn vị chủ trì", "Cơ quan"], ["1", "Nhiệm vạ", "Ghi chú"], ["TI", "Sở Y tế", "2024"], []):
        assert header_of(kept) == kept


def test_a_letter_between_two_rules_is_no_part_of_them() -> None:
    """It stands in their line in a low row, as high as the row but for a gap."""
    ink = np.zeros((800, 600), dtype=bool)
    for y in (100, 300, 350, 600):
        ink[y : y + 5, 50:551] = True
    for x in (50, 546):
        ink[100:605, x : x + 5] = True
    for top, bottom in ((100, 305), (350, 605)):
        ink[top:bottom, 300:305] = True
    ink[300:342, 300:306] = True  # the stem
    ink[318:342, 306:330] = True  # and the rest of the letter
    _, down, mask = rules_of(ink, 360)
    above, below = sorted((rule.top, rule.bottom) for rule in down if 250 < rule.x0 < 350)
    assert above == pytest.approx((100, 302), abs=5)
    assert below == pytest.approx((352, 606), abs=5)
    assert not mask[310:340, 295:335].any()


def test_small_letters_read_as_capitals() -> None:
    assert in_small(["các", "SỞ,", "ban", "SO", "với", "CƠ", "sở"]) == ["các", "sở,", "ban", "so", "với", "cơ", "sở"]
    kept = ["SỞ", "Y", "TẾ", "CƠ", "SỞ", "Số", "CV", "của"]
    assert in_small(kept) == kept


def word(text: str, sure: float = 95.0, line: int = 1) -> Word:
    return Word(text, 30, 30, 60, 50, (1, 1, line), sure)


def test_which_cells_of_a_column_are_read_again() -> None:
    numbers = [[word(text)] for text in ("95", "97,5", "100", "-", "<3")]
    column = [[word("Mục"), word("tiêu")], [word("g7", 56)], *numbers, [word("90", 60)], [], [word("Sh)", 40)]]
    assert suspects(column) == [1, 7, 9]
    assert suspects([[word(text)] for text in ("Sở", "Y", "97", "95", "Có")]) == []  # a column of words
    assert suspects([[word("g7", 56)], [word("95")]]) == []  # of two cells
    long = [word("Thường"), word("xuyên")], [word("cả"), word("năm", line=2)]
    assert suspects([*numbers, *long]) == []


def test_what_was_read_again_is_taken_where_nothing_sure_speaks_against_it() -> None:
    sure, weak, other, none = [word("97", 96)], [word("9", 40)], [word("91", 90)], []
    assert is_settled([sure, none, weak])
    assert is_settled([sure, sure, none])
    assert not is_settled([sure, other, none])
    assert not is_settled([weak, none, none])
    assert not is_settled([[word("%", 93)], none, none])


def test_cells_of_a_column_are_those_between_its_edges() -> None:
    table = [(x, y, x + 50.0, y + 20.0) for y in (100.0, 120.0) for x in (10.0, 60.0)]
    areas = [Area(round(x) + 5, round(y) + 5, round(x) + 20, round(y) + 15) for x, y, *_ in table]
    assert columns_of([table], areas, 72) == [[0, 2], [1, 3]]
    assert columns_of([], areas, 72) == []


@needs_tesseract
def test_numbers_that_were_misread_are_read_again_and_words_are_not() -> None:
    pictures = []
    for text in ("97", "1,5", "Người", *("55", "100", "98", "2,5")):
        page = Page(dpi=360, size=(60, 24))
        page.text(10, 17, text)
        pictures.append(np.asarray(page.picture))
    cells = [[word("g7", 56)], [word("I,S", 60)], [word("Ngưòi", 70)], *([word("55")] for _ in range(4))]
    found = read_again([range(7)], cells, pictures, 360, PATH)
    assert {at: [w.text for w in words] for at, words in found.items()} == {0: ["97"], 1: ["1,5"]}
    (first,) = found[0]
    assert all(is_doubtful(w, True) for words in found.values() for w in words)
    assert (first.x0, first.bottom) == pytest.approx((50, 85), abs=6)  # in pixels of the picture as it was


SAID = ["giao tổ Lao động chủ trì", "do tổ Lao động, các huyện", "và tổ Lao động báo cáo"]


def mended_lines(lines: list[str], doubts: dict[int, tuple[str, ...]]) -> dict[tuple[int, int], str]:
    return mended([line.split() for line in lines], [doubts.get(at, ()) for at in range(len(lines))])


def test_words_are_set_right_by_what_the_document_says_elsewhere() -> None:
    assert mended_lines([*SAID, "do tổ Laa động chủ trì"], {3: ("Laa",)}) == {(3, 2): "Lao"}
    assert mended_lines([*SAID, "TỔ LẠO ĐỘNG"], {}) == {(3, 1): "LAO"}  # rare, if not in doubt
    assert mended_lines([*["Tuổi thọ bình quân"] * 3, "Tuối thọ bình"], {}) == {(3, 0): "Tuổi"}  # at the end of a line
    assert mended_lines([*SAID, "do tổ Lao dộng"], {3: ("dộng",)}) == {(3, 3): "động"}
    assert mended_lines([*SAID[:2], "do tổ Laa động chủ trì"], {2: ("Laa",)}) == {}  # said twice alone
    assert mended_lines([*SAID, "do tổ Nội động"], {3: ("Nội",)}) == {}  # another word
    assert mended_lines([*SAID, *["mời bà Laa động viên"] * 3, "tổ Laa động"], {}) == {}  # it stands there elsewhere
    assert mended_lines([*["khóa XII về"] * 3, "khóa XIII về"], {3: ("XIII",)}) == {}  # a number
    others = [line.replace("Lao", "Lan") for line in SAID]
    assert mended_lines([*SAID, *others, "tổ Laa động"], {6: ("Laa",)}) == {}  # two words are as near


def test_names_of_agencies_are_known_beforehand() -> None:
    assert mended_lines(["giao Sở Iao động - Thương binh"], {}) == {(0, 2): "Lao"}
    assert mended_lines(["Bảo hiếm xã hội tỉnh"], {0: ("hiếm",)}) == {(0, 1): "hiểm"}
    assert mended_lines(["Sở Nội vụ, sở nội đô, sở ngoại vụ"], {}) == {}


def test_marks_that_the_language_does_not_know_are_set_right() -> None:
    said = ["Phát triển bền vững", "tổng hợp số liệu", *["bảo hiểm y tế"] * 10]
    assert mended_lines([*said, "Phát triến kinh tế"], {}) == {(12, 1): "triển"}  # no word: once is enough
    assert mended_lines([*said, "và bảo hiếm thất nghiệp"], {}) == {(12, 2): "hiểm"}  # a word, but not beside «bảo»
    assert mended_lines([*said, "động vật quý hiếm"], {}) == {}
    assert mended_lines([*said, "bảo, hiếm có"], {}) == {}  # another part of the sentence
    assert mended_lines([*said[:5], "bảo hiếm"], {}) == {}  # said three times alone
    assert mended_lines([*said, "sản phấm"], {}) == {}  # the document does not print it


def test_capitals_that_look_like_small_letters_are_small_within_a_sentence() -> None:
    found = mended_lines(["trường trung học CƠ SỞ, các SỞ ngành"], {})
    assert found == {(0, 3): "cơ", (0, 4): "sở,", (0, 6): "sở"}
    assert mended_lines(["mục V và XV. SỞ Y TẾ", "TRUNG HỌC CƠ SỞ", "giao Sở"], {}) == {}


def boxed(text: str, x0: int, top: int, x1: int, bottom: int, line: int) -> Word:
    return Word(text, x0, top, x1, bottom, (1, 1, line), 60.0)


def test_marks_read_as_a_line_of_their_own_are_left_out() -> None:
    """What tesseract read of «Bảo / hiểm xã / hội»: the hook and the tilde of the second line came before it."""
    lines = [
        [boxed("Bảo", 31, 30, 134, 78, 1)],
        [boxed("-Ổ", 68, 99, 74, 106, 2), boxed("2", 90, 89, 114, 106, 2), boxed("~", 222, 96, 240, 105, 2)],
        [boxed("hiểm", 30, 96, 166, 141, 3), boxed("xã", 185, 110, 247, 141, 3)],
        [boxed("hội", 30, 160, 114, 216, 4)],
    ]
    kept = lines_of([one for line in lines for one in line])
    assert kept == [lines[0], lines[2], lines[3]]
    assert lines_of([]) == []
    small = [[boxed("-", 30, 40, 50, 44, 1)], [boxed("2,5", 30, 60, 70, 90, 2)]]  # a dash above a number stays
    assert lines_of([*small[0], *small[1]]) == small


def test_a_cell_has_the_words_of_its_lines_set_right() -> None:
    flow = Flow()
    for text in SAID:
        flow.paragraph(text, (Mark(1, 0, 0, 1, 1),))
    flow.table([([Marked("tổ Laa động, phường", (Mark(1, 0, 0, 1, 1),), ("phường", "Laa"))], 0, 0, 1, 1)])
    mend_words(flow, {2})
    assert flow.grids[0].cells[0].text == "tổ Laa động, phường"
    mend_words(flow, {1})
    assert flow.grids[0].cells[0].text == flow.lines[3].text == "tổ Lao động, phường"
    assert flow.doubts == {4: ("phường", "Lao")}


# Limits and harm


def png_head(width: int, height: int) -> bytes:
    """A picture that says to be so large, and is a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


def tiff(pages: int) -> bytes:
    """A file of so many pages of one pixel."""
    out = b"II*\0" + struct.pack("<I", 8)
    for number in range(pages):
        fields = [(256, 1), (257, 1), (258, 8), (259, 1), (262, 1), (273, 4), (278, 1), (279, 1)]
        entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in fields)
        size = 2 + len(entries) + 4
        after = 8 + size * (number + 1) if number + 1 < pages else 0
        out += struct.pack("<H", len(fields)) + entries + struct.pack("<I", after)
    return out


GOOD = saved([Image.new("L", (200, 100), 255)], "PNG")
HOSTILE = {
    "bomb": (png_head(50_000, 50_000), "50000 × 50000 điểm ảnh"),
    "cut": (GOOD[:60], "hỏng"),
    "head alone": (b"\x89PNG\r\n\x1a\n", "hỏng"),
    "jpeg head": (b"\xff\xd8\xff\xe0", "hỏng"),
    "noise": (b"\xff\xd8\xff" + bytes(range(256)) * 9, "hỏng"),
    "no pixels": (png_head(0, 5), "hỏng"),
    "too few bytes": (png_head(3000, 3000), "hỏng"),
    "10,000 pages": (tiff(10_000), "hơn 500 trang"),
    "a page that follows itself": (tiff(1)[:-4] + struct.pack("<I", 8), "không có chữ|hỏng"),
    "empty tiff": (b"II*\0\x08\0\0\0\0\0\0\0\0\0", "hỏng"),
}


@needs_tesseract
@pytest.mark.parametrize("name", HOSTILE)
def test_a_picture_that_cannot_be_read_is_refused_with_a_remedy(name: str) -> None:
    data, told = HOSTILE[name]
    start = time.monotonic()
    with pytest.raises(SourceError, match=told) as caught:
        image_flow(data, Path("ảnh.tif"))
    assert "ảnh.tif" in caught.value.message
    assert caught.value.remedy
    assert time.monotonic() - start < 20


def test_a_bomb_is_refused_by_the_way_in() -> None:
    with pytest.raises(SourceError, match="điểm ảnh"):
        source_of(HOSTILE["bomb"][0], Path("ảnh.tif"), 1 << 24)


def test_other_pictures_are_named() -> None:
    with pytest.raises(SourceError, match="Chưa đọc được loại ảnh này"):
        form_of(b"GIF89a", Path("a.gif"))


SEED = saved(worn([Image.new("L", (60, 40), 255)] * 2), "TIFF")


@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.integers(0, len(SEED) - 1), st.binary(max_size=4)), max_size=6), st.booleans())
def test_a_damaged_picture_is_read_or_refused(changes: list[tuple[int, bytes]], png: bool) -> None:
    data = bytearray(GOOD if png else SEED)
    for at, put in changes:
        data[at % len(data) :][: len(put)] = put
        data[at % len(data) : at % len(data) + len(put)] = put
    try:
        assert all(page.grey.size for page in read_image_pages(bytes(data), PATH, 5))
    except SourceError as error:
        assert error.remedy


def test_without_tesseract_the_packages_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "python").symlink_to("/bin/true")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SourceError, match="bản quét") as caught:
        source_of(GOOD, Path("a.png"), 1 << 24)
    assert "tesseract-ocr tesseract-ocr-vie" in caught.value.remedy


def test_a_program_that_hangs_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hanging = tmp_path / "tesseract"
    hanging.write_text("#!/bin/sh\nexec sleep 60\n")
    hanging.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    start = time.monotonic()
    with pytest.raises(SourceError, match="quá 1 giây"):
        ocr_program.read_words([np.zeros((20, 20), dtype=np.uint8)], 300, PATH, seconds=1)
    with pytest.raises(SourceError, match="quá 3 giây"):
        monkeypatch.setattr(ocr_program, "SECONDS", 60)
        read_pdf(GOOD, PATH, form="image", seconds=3)
    assert time.monotonic() - start < 15


def test_a_page_is_shown(scan: list[Image.Image]) -> None:
    for form, data in (("pdf", saved(scan, "PDF")), ("image", saved(scan, "TIFF"))):
        shown = Image.open(io.BytesIO(page_picture(data, form, 2, 300).png))
        assert (shown.format, shown.width) == ("PNG", 300)
        wanted = scan[1].resize(shown.size)
        assert np.abs(np.asarray(shown.convert("L"), dtype=float) - np.asarray(wanted, dtype=float)).mean() < 6


@pytest.mark.parametrize(
    ("form", "data", "page"),
    [("pdf", b"%PDF-1.7\n", 1), ("image", png_head(50_000, 50_000), 1), ("image", GOOD, 2), ("image", GOOD, 0)],
)
def test_a_page_that_cannot_be_shown(form: str, data: bytes, page: int) -> None:
    with pytest.raises(SourceError) as caught:
        page_picture(data, form, page, 300)
    assert caught.value.remedy
