"""A .docx file → the XML parts that hold its text. Nothing else of the package is unpacked."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from lxml import etree
from lxml.etree import _Element as Element

from ingest.errors import SourceError
from ingest.readers.docx_xml import NAMESPACE, w

# Pictures, fonts and macros are never unpacked. The text of a plan of 500 pages is some 10 MB of XML; a tree takes up
# to fifteen times its bytes in memory, less where tags are long, more where they are many.
MAX_BYTES = 48 * 1024 * 1024  # of all parts that are read
MAX_TAGS = 2_000_000  # opening and closing
MAX_ATTRIBUTES = 2_000_000
MAX_ENTRIES = 20_000
# Word's XML shrinks ten to forty times, a long table of equal rows two hundred times; a bomb a thousand times.
MAX_RATIO = 500
_RATIO_FROM = 4 * 1024 * 1024

_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_STRICT_MATH = b"http://purl.oclc.org/ooxml/officeDocument/math"
_MATH = b"http://schemas.openxmlformats.org/officeDocument/2006/math"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_RESAVE = "Mở tệp bằng Word hoặc LibreOffice, lưu lại dạng .docx rồi nạp lại; nếu không mở được, xin lại tệp gốc."
# What zipfile and zlib raise on damaged bytes, of which zipfile names only the first.
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError,
    IndexError, KeyError, OverflowError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parts:
    """The roots of the parts that are read; None for one that the document does without."""

    document: Element
    styles: Element | None
    numbering: Element | None
    footnotes: Element | None
    endnotes: Element | None


def open_package(data: bytes, path: Path) -> Parts:
    """Unpack and parse what holds text.

    Raises:
        SourceError: no Word document, encrypted, damaged, or larger than the limits.
    """
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise SourceError(
            f"Tệp «{path}» được đặt mật khẩu, hoặc là tệp .doc đời cũ.",
            "Mở bằng Word hoặc LibreOffice, bỏ mật khẩu nếu có, lưu lại dạng .docx rồi nạp lại.",
        )
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _DAMAGE as error:
        raise _damaged(path) from error
    with archive:
        return _Package(archive, path).parts()


class _Package:
    """One package while it is read; `left` is how many bytes may still be unpacked."""

    def __init__(self, archive: zipfile.ZipFile, path: Path) -> None:
        self.archive, self.path, self.left = archive, path, MAX_BYTES
        entries = archive.infolist()
        if len(entries) > MAX_ENTRIES:
            raise _too_large(path)
        self.entries = {_key(entry.filename): entry for entry in entries}

    def parts(self) -> Parts:
        main = self._related("", "officeDocument")
        document = self._xml(main) if main else None
        if document is None or document.tag != w("document"):
            raise SourceError(
                f"Tệp «{self.path}» không phải là văn bản Word (.docx).",
                "Chọn đúng tệp kế hoạch; nếu là bảng tính hay trang chiếu, lưu nội dung sang .docx rồi nạp lại.",
            )
        found = {
            name: self._xml(part) if (part := self._related(main, name)) else None
            for name in ("styles", "numbering", "footnotes", "endnotes")
        }
        return Parts(document, **found)

    def _related(self, part: str, kind: str) -> str:
        """Name of the part that `part` refers to as `kind`, «» for none. A target outside is not followed."""
        folder, name = posixpath.split(part)
        root = self._xml(posixpath.join(folder, "_rels", f"{name}.rels"))
        for link in root.iter(_RELATIONSHIP) if root is not None else ():
            if link.get("Type", "").rpartition("/")[2] == kind and link.get("TargetMode") != "External":
                return _key(posixpath.normpath(posixpath.join("/", folder, unquote(link.get("Target", "")))))
        return ""

    def _xml(self, name: str) -> Element | None:
        entry = self.entries.get(_key(name))
        if entry is None:
            return None
        data = self._unpacked(entry)
        if b"<!DOCTYPE" in data or b"<\0!\0D\0O\0C\0T\0Y\0P\0E" in data or b"\0<\0!\0D\0O\0C\0T\0Y\0P\0E" in data:
            raise SourceError(
                f"Tệp «{self.path}» khai báo thực thể XML, điều văn bản Word không bao giờ có.",
                "Không nạp tệp này; xin lại tệp từ nơi ban hành.",
            )
        if data.count(b"<") > MAX_TAGS or data.count(b"=") > MAX_ATTRIBUTES:
            raise _too_large(self.path)
        data = data.replace(_STRICT, NAMESPACE.encode()).replace(_STRICT_MATH, _MATH)
        parser = etree.XMLParser(  # without huge_tree it also stops at a depth of 256
            resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_comments=True,
            remove_pis=True,
        )  # fmt: skip
        try:
            return etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError, LookupError) as error:
            raise _damaged(self.path) from error

    def _unpacked(self, entry: zipfile.ZipInfo) -> bytes:
        if entry.flag_bits & 1:
            raise SourceError(f"Tệp «{self.path}» được đặt mật khẩu.", "Bỏ mật khẩu, lưu lại rồi nạp lại.")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _damaged(self.path)
        try:
            with self.archive.open(entry) as stream:
                data = stream.read(self.left + 1)  # the size that the package states may be a lie
        except _DAMAGE as error:
            raise _damaged(self.path) from error
        if len(data) > self.left or len(data) > max(_RATIO_FROM, MAX_RATIO * entry.compress_size):
            raise _too_large(self.path)
        self.left -= len(data)
        return data


def _key(name: str) -> str:
    """Part names are compared without regard to case; some programs write backslashes."""
    return name.replace("\\", "/").lstrip("/").lower()


def _damaged(path: Path) -> SourceError:
    return SourceError(f"Tệp «{path}» bị hỏng hoặc không phải là tệp .docx.", _RESAVE)


def _too_large(path: Path) -> SourceError:
    return SourceError(
        f"Tệp «{path}» nở ra quá lớn khi giải nén (hơn {MAX_BYTES // 2**20} MB, hoặc quá nhiều thành phần).",
        "Kiểm tra nguồn gốc của tệp; nếu đúng là một kế hoạch, tách thành nhiều tệp nhỏ hơn rồi nạp lại.",
    )
