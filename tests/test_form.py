"""The format of a file is told by its content; what is not read is refused with a remedy."""

from __future__ import annotations

import io
import shutil
import time
import zipfile
from pathlib import Path

import pytest

from ingest.errors import SourceError
from ingest.readers import office
from ingest.readers.form import form_of
from ingest.readers.open import source_of

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)
LIMIT = 1 << 20


def zipped(**parts: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in parts.items():
            # A fixed time: the bytes are part of test names, which must not differ between processes.
            part = zipfile.ZipInfo(name.replace("__", "/").replace("_xml", ".xml"))
            archive.writestr(part, text)
    return data.getvalue()


DOCX = zipped(word__document_xml="<w/>")
PART = "--x\r\nContent-Type: text/html\r\n\r\n<p>a"
MAIL = f"MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n boundary=x\r\n\r\n{PART}"


@pytest.mark.parametrize(
    ("name", "data", "form"),
    [
        ("a.txt", b"K", "text"),
        ("a.md", b"# K", "markdown"),
        ("a.txt", DOCX, "docx"),
        ("a.doc", DOCX, "docx"),
        ("a.html", DOCX, "docx"),
        ("a.odt", zipped(mimetype="application/vnd.oasis.opendocument.text"), "odt"),
        ("a.doc", OLE, "doc"),
        ("a.docx", OLE, "doc"),
        ("a.doc", b"{\\rtf1 a}", "rtf"),
        ("a.doc", b"<html><body><p>a", "html"),
        ("a.txt", b"\r\n <!DOCTYPE html>\n<p>a", "html"),
        ("a.txt", b"\xef\xbb\xbf<html>", "html"),
        ("a.txt", "\ufeff<html>".encode("utf-16-le"), "html"),
        ("a.htm", "Kế hoạch".encode(), "html"),
        ("a.txt", MAIL.encode(), "mhtml"),
        ("a.mht", b"From: <x>\r\nSubject: y\r\n" + MAIL.encode(), "mhtml"),
        ("a.txt", "Nội dung: kế hoạch <p> của tỉnh".encode(), "text"),
        ("a.txt", "<Mẫu số 1>\nKế hoạch".encode(), "text"),
        ("a.md", b"<p>a</p>", "markdown"),
        ("a.pdf", b"\x89PNG\r\n\x1a\n", "image"),
        ("a.docx", b"\xff\xd8\xff\xe0", "image"),
        ("a.txt", b"MM\0*\0\0\0\x08", "image"),
    ],
)
def test_content_decides(name: str, data: bytes, form: str) -> None:
    assert form_of(data, Path(name)) == form


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (zipped(a="b"), "tệp nén"),
        (zipped(xl__workbook_xml="<x/>"), "tệp nén"),
        (DOCX[:40], "hỏng"),
        (b"PK\x03\x04" + b"x" * 100, "hỏng"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "mật khẩu"),
        (b"GIF89a", "ảnh"),
        (b"BM\0\0", "ảnh"),
    ],
    ids=["zip", "xlsx", "cut docx", "not a zip", "password", "gif", "bmp"],
)
def test_what_is_not_read_is_refused_by_name(data: bytes, told: str) -> None:
    with pytest.raises(SourceError, match=told) as caught:
        form_of(data, Path("thu/kế hoạch.docx"))
    assert "kế hoạch.docx" in str(caught.value)
    assert caught.value.remedy


def test_a_large_file_is_not_looked_at() -> None:
    with pytest.raises(SourceError, match="vượt giới hạn"):
        source_of(b"x" * 11, Path("a.txt"), 10)


needs_office = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
RTF = b"{\\rtf1\\ansi UBND\\par S\\u7889?: 12/KH-UBND\\par}"


@needs_office
def test_an_old_format_is_read_by_way_of_libreoffice() -> None:
    first, second = (source_of(RTF, Path("a.doc"), LIMIT) for _ in range(2))
    assert [line.text for line in first.lines] == ["UBND", "Số: 12/KH-UBND"]
    assert (first.format, first.digest) == ("rtf", second.digest)


def test_without_libreoffice_the_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office.shutil, "which", lambda name: None)
    with pytest.raises(SourceError, match=r"a\.doc") as caught:
        source_of(RTF, Path("a.doc"), LIMIT)
    assert "libreoffice-writer" in caught.value.remedy


def test_a_conversion_that_hangs_is_stopped_with_all_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = tmp_path / "mark"
    slow = tmp_path / "slow"
    slow.write_text(f"#!/bin/sh\n(sleep 3; touch '{mark}') &\nsleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setattr(office, "_PROGRAMS", (str(slow),))
    with pytest.raises(SourceError, match="quá 1 giây"):
        office.to_docx(RTF, "rtf", Path("a.rtf"), seconds=1)
    time.sleep(3)
    assert not mark.exists()


def test_what_libreoffice_makes_nothing_of_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "_PROGRAMS", ("true",))
    with pytest.raises(SourceError, match="không mở được"):
        office.to_docx(b"x", "doc", Path("a.doc"))
