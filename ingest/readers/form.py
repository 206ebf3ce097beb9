"""Which format a file is in, told by its content. Its name decides only between what looks alike: text and Markdown.

Offices send web pages named `.doc` and Word files named `.txt`; a name is also the easiest thing to forge.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

from ingest.errors import SourceError

# What may be named in a command or uploaded, and what a directory is searched for.
SUFFIXES = (
    ".txt", ".md", ".markdown", ".docx", ".html", ".htm", ".mhtml", ".mht", ".pdf", ".doc", ".rtf", ".odt",
    ".png", ".jpg", ".jpeg", ".tif", ".tiff",
)  # fmt: skip
OFFICE = ("doc", "rtf", "odt")  # read by way of LibreOffice

_HEAD = 4096  # bytes that are looked at
_WEB = re.compile(r"<\s*(?:!doctype\s+html|html|head|body|meta|title|table|div|p|h[1-6]|span|script|style)\b", re.I)
_MIME = re.compile(rb"^(?:[A-Za-z-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?(?:MIME-Version|Content-Type):", re.I)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # a stream of an Office file that asks for a password
_IMAGES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*")
_OTHER_IMAGES = (b"GIF8", b"BM", b"II+\0", b"MM\0+")  # the last two: TIFF of more than 4 GB


def form_of(data: bytes, path: Path) -> str:
    """`text`, `markdown`, `docx`, `html`, `mhtml`, `pdf`, `image`, `doc`, `rtf` or `odt`.

    Raises:
        SourceError: a format that is not read, a damaged archive, or a file with a password.
    """
    if data.startswith(b"PK\x03\x04"):
        return _zipped(data, path)
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise SourceError(f"Tệp «{path}» có mật khẩu.", "Bỏ mật khẩu trong Word rồi nạp lại.")
        return "doc"
    if data.lstrip().startswith(b"{\\rtf"):
        return "rtf"
    if data.startswith(_IMAGES):
        return "image"
    if data.startswith(_OTHER_IMAGES):
        raise _unread(path, "loại ảnh này", "Lưu ảnh thành .png, .jpg hoặc .tif rồi nạp lại.")
    return _written(data, path)


def _zipped(data: bytes, path: Path) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            kind = archive.read("mimetype")[:100] if "mimetype" in names and _small(archive, "mimetype") else b""
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, OSError) as error:
        raise SourceError(f"Tệp «{path}» bị hỏng hoặc tải chưa xong.", "Tải hoặc sao chép lại tệp.") from error
    if "word/document.xml" in names:
        return "docx"
    if kind.startswith(b"application/vnd.oasis.opendocument.text"):
        return "odt"
    raise _unread(path, "tệp nén", "Nạp chính tệp kế hoạch (.docx, .html, .txt), không nén.")


def _small(archive: zipfile.ZipFile, name: str) -> bool:
    return archive.getinfo(name).file_size <= 100


def _written(data: bytes, path: Path) -> str:
    """Text, Markdown or one of the forms of a web page."""
    suffix = path.suffix.lower()
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    head = data[:_HEAD].decode("utf-16" if wide else "latin-1", "replace").lstrip("\ufeffï»¿ \t\r\n")
    if _MIME.match(data[:_HEAD]) and b"text/html" in data[: 16 * _HEAD].lower():
        return "mhtml"
    if suffix in (".md", ".markdown"):
        return "markdown"
    if suffix in (".html", ".htm") or (head.startswith("<") and _WEB.search(head)):
        return "html"
    return "text"


def _unread(path: Path, kind: str, remedy: str) -> SourceError:
    return SourceError(f"Chưa đọc được {kind} (tệp «{path}»).", remedy)
