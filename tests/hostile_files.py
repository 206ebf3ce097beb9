"""Files that are made to do harm, or are damaged as real ones are: one list, each with what is to become of it."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from commandline import plan_text
from pdfs import Pdf, stream
from test_docx_hostile import BOMB, EXTERNAL, GOOD, document
from test_pdf import bomb, nested, plain
from wordml import HEADER, OFFICE, SPACES, p, package, relationships, tbl, tr, zipped

REFUSED, READ, EITHER = "refused", "read", "either"
PLAN = plan_text("77/KH-UBND", "Sơn La")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENTITIES = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
LAUGHS = f"<!DOCTYPE x [<!ENTITY a0 'ha'>{ENTITIES}]>"
QUADRATIC = f"<!DOCTYPE x [<!ENTITY a '{'ha' * 50_000}'>]>"
SCRIPT = "/OpenAction << /S /JavaScript /JS (app.launchURL\\('http://127.0.0.1:9/'\\)) >>"
LAUNCH = "/OpenAction << /S /Launch /F (/bin/sh) /Win << /F (cmd.exe) >> >>"


@dataclass(frozen=True, slots=True)
class Bad:
    """A file by its name. `say` is a word of its message, where it is refused."""

    name: str
    data: bytes
    fate: str = REFUSED
    say: str = ""


def text_document(doctype: str, text: str) -> bytes:
    body = f"<w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body>"
    return document(f"{doctype}<w:document {SPACES}>{body}</w:document>")


def page(body: str, head: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>".encode()


def paragraphs() -> str:
    return "".join(f"<p>{line}</p>" for line in PLAN.splitlines() if line)


def with_parts(**parts: str | bytes) -> bytes:
    """A good Word document with further files, their names' dots and slashes written as `_d_` and `_s_`."""
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        files: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    return zipped(files | {name.replace("_s_", "/").replace("_d_", "."): data for name, data in parts.items()})


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    row = zlib.compress(bytes(1_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", row) + chunk(b"IEND", b"")


def tiff_in_a_circle() -> bytes:
    entries = [(256, 4, 1, 10), (257, 4, 1, 10), (258, 3, 1, 1), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 8)]
    made = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", len(entries)) + made + struct.pack("<I", 8)


def mail(parts: list[tuple[str, str]]) -> bytes:
    head = 'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"; type="text/html"\r\n\r\n'
    kind = "--x\r\nContent-Type: text/html; charset=utf-8\r\n"
    made = "".join(f"{kind}Content-ID: <{name}>\r\n\r\n{html}\r\n" for name, html in parts)
    return (head + made + "--x--\r\n").encode()


def many_pages(count: int) -> bytes:
    return Pdf(pages=[[] for _ in range(count)]).build()


def archives() -> Iterator[Bad]:
    yield Bad("bom.docx", package(p(" " * 30_000_000)), say="quá lớn")
    yield Bad("zip trong zip.docx", zipped({"a.docx": zipped({"b.docx": GOOD})}), say="tệp nén")
    yield Bad("cắt ngang.docx", GOOD[: len(GOOD) // 2], say="hỏng")
    yield Bad("là zip.docx", zipped({"a.txt": PLAN}), say="tệp nén")
    yield Bad("mật khẩu.docx", OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), say="mật khẩu")
    yield Bad("macro.docm.docx", with_parts(word_s_vbaProject_d_bin=OLE + b"Sub AutoOpen()"), READ)
    yield Bad("đối tượng OLE.docx", with_parts(word_s_embeddings_s_oleObject1_d_bin=OLE + bytes(99)), READ)
    link = f'<Relationship Id="t" Type="{OFFICE}/relationships/attachedTemplate" TargetMode="External" Target="http://127.0.0.1:9/t.dotm"/>'
    yield Bad("mẫu ngoài.docx", with_parts(word_s__rels_s_settings_d_xml_d_rels=relationships({}, link)), READ)
    yield Bad("thoát thư mục.docx", with_parts(**{"_d__d__s__d__d__s_etc_s_passwd": "x"}), READ)
    yield Bad("trăm tên.docx", zipped({"[Content_Types].xml": "x", "word/document.xml": "<a/>"}))


def word() -> Iterator[Bad]:
    yield Bad("tỷ tiếng cười.docx", text_document(LAUGHS, "&a9;"))
    yield Bad("thực thể bậc hai.docx", text_document(QUADRATIC, "&a;" * 5_000))
    yield Bad("XXE tệp.docx", text_document(EXTERNAL, "&x;"))
    yield Bad("XXE mạng.docx", text_document(EXTERNAL.replace("file:///etc/passwd", "http://127.0.0.1:9/"), "&x;"))
    yield Bad("UTF-16.docx", document((BOMB + "<a/>").encode("utf-16-be")))
    yield Bad("triệu đoạn.docx", package("<w:p/>" * 1_000_001))
    whole = "".join(p(line) for line in [*PLAN.splitlines(), "PHỤ LỤC", "DANH MỤC NHIỆM VỤ"])
    huge = HEADER.replace("<w:tc>", '<w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr>', 1)
    yield Bad("gộp cột.docx", package(whole + tbl(huge, HEADER, tr("1", "A", "Sở Y tế"))), READ)
    rows = [tr(str(n), f"Việc {n}", "Sở Y tế") for n in range(1, 10_001)]
    yield Bad("mười nghìn dòng.docx", package(whole + tbl(HEADER, *rows)), READ)
    yield Bad("bảng lồng.docx", package("<w:tbl><w:tr><w:tc>" * 100 + p("x") + "</w:tc></w:tr></w:tbl>" * 100))


def web() -> Iterator[Bad]:
    yield Bad("thẻ lồng.html", page("<div>" * 100_000 + paragraphs()), EITHER)
    yield Bad("thẻ base.html", page(paragraphs(), '<base href="http://127.0.0.1:9/">'), READ)
    away = '<meta http-equiv=refresh content="0;url=file:///etc/passwd">'
    yield Bad("chuyển trang.html", page(paragraphs(), away), READ)
    wide = "<table><tr><td colspan=100000000>TT<td>Việc<td>Chủ trì</tr><tr><td>1<td>A<td>Sở Y tế</tr></table>"
    yield Bad("gộp cột.html", page(paragraphs() + wide), READ)
    tall = "<table><tr><td>TT<td>Việc<td>Chủ trì</tr>" + "<tr><td rowspan=65534>1<td>A" * 1_000 + "</table>"
    yield Bad("gộp dòng.html", page(paragraphs() + tall), EITHER)
    rows = "".join(f"<tr><td>{n}<td>Việc {n}<td>Sở Y tế</tr>" for n in range(1, 10_001))
    long = f"<p>PHỤ LỤC<p>DANH MỤC NHIỆM VỤ<table><tr><th>TT<th>Nhiệm vụ<th>Chủ trì</tr>{rows}</table>"
    yield Bad("mười nghìn dòng.html", page(paragraphs() + long), READ)
    yield Bad("thực thể.html", (LAUGHS + "<html><body><p>&a9;</p></body></html>").encode(), EITHER)
    frames = [("a", '<iframe src="cid:b"></iframe>'), ("b", '<iframe src="cid:a"></iframe>')]
    yield Bad("khung chứa nhau.mhtml", mail(frames), EITHER)
    yield Bad("tập lệnh.html", page(paragraphs() + "<script>while(1){}</script><img src=x onerror=alert(1)>"), READ)
    yield Bad("triệu phần tử.html", page("<b></b>" * 400_001), say="phần tử")


def printed() -> Iterator[Bad]:
    yield Bad("bom.pdf", bomb(900))
    yield Bad("vòng tròn.pdf", nested(b"[2 0 R 2 0 R]"), say="hỏng")
    yield Bad("mảng sâu.pdf", nested(b"[" * 5000 + b"]" * 5000), say="hỏng")
    yield Bad("mật khẩu.pdf", plain().build(password="x"), say="mật khẩu")  # noqa: S106
    yield Bad("hai nghìn trang.pdf", many_pages(2_000), say="2000 trang")
    yield Bad("cắt ngang.pdf", plain().build()[:900], EITHER)
    for name, action in (("tập lệnh.pdf", SCRIPT), ("mở chương trình.pdf", LAUNCH)):
        made = plain()
        made.catalog = action
        yield Bad(name, made.build(), READ)
    loop = stream(b"/F Do", "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 7 0 R >> >>")
    yield Bad("mẫu tự vẽ.pdf", Pdf([["/F Do"]], resources="/XObject << /F 7 0 R >>", more=[loop]).build())


def plainly() -> Iterator[Bad]:
    yield Bad("trống.txt", b"", say="trống")
    yield Bad("khoảng trắng.txt", b" \n\t" * 9_999, say="trống")
    yield Bad("số không.txt", bytes(9_999))
    yield Bad("số không.docx", bytes(9_999))
    yield Bad("nhị phân.md", bytes(range(256)) * 99, EITHER)
    yield Bad("UTF-7.txt", PLAN.encode("utf-7"), EITHER)
    yield Bad("cp1258.txt", PLAN.encode("cp1258", "ignore"), EITHER)
    yield Bad("UTF-16 không BOM.txt", PLAN.encode("utf-16-le"), EITHER)
    yield Bad("nửa cặp.txt", PLAN.encode() + b"\xed\xa0\x80\xed\xbf\xbf", EITHER)
    yield Bad("một dòng dài.txt", PLAN.encode() + b"a" * 1_000_000, READ)
    yield Bad("văn bản.docx", PLAN.encode(), READ)
    yield Bad("word.pdf", GOOD, READ)
    yield Bad("pdf.html", plain().build(), READ)
    yield Bad("web.txt", page(paragraphs()), READ)
    yield Bad("doc cũ.doc", OLE + bytes(600), EITHER)
    yield Bad("ngoặc sâu.rtf", b"{\\rtf1" + b"{" * 100_000 + b"a" + b"}" * 100_001, EITHER)
    yield Bad("chương trình.txt", b"\x7fELF\x02\x01\x01" + bytes(500))
    yield Bad("ảnh khổng lồ.png", png(50_000, 50_000))
    yield Bad("ảnh cắt ngang.png", png(100, 100)[:60])
    yield Bad("vòng tròn.tif", tiff_in_a_circle(), EITHER)
    yield Bad("tên \u202etxt.exe\u2066 \x07.txt", PLAN.encode(), READ)
    yield Bad("dài " + "x" * 200 + ".txt", PLAN.encode(), READ)


def bad_files() -> list[Bad]:
    """All, in the order of their kinds."""
    return [*archives(), *word(), *web(), *printed(), *plainly()]
