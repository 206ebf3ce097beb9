"""Bytes of a web page or a web archive → a tree of elements, within limits."""

from __future__ import annotations

import codecs
import re
import unicodedata
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import Message
from pathlib import Path

from lxml import etree

from ingest.errors import SourceError
from ingest.readers.encoding import decode

# A table of 10,000 rows as Word writes it (a paragraph and a span in each of six cells) has 190,000.
MAX_ELEMENTS = 400_000
MAX_PAGES = 20  # HTML parts of one archive that are looked at; the others are frames of advertisements
_DECLARED = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{1,40})", re.IGNORECASE)
_DECLARATION_WITHIN = 4096
# Code pages of one byte in which a page may stand. What else is declared is guessed as in text files: some codecs of
# Python («unicode_escape») would run over a text that was never in them.
_ONE_BYTE = {"cp1258", "cp1252", "iso8859-1"}
_DOCTYPE = re.compile(r"\A\s*(?:<\?xml[^>]*>\s*)?<!DOCTYPE[^>\[]*(?:\[[^\]]*\]\s*)?>", re.IGNORECASE)
_ARCHIVE = re.compile(rb"\A(?:[\w-]+:[^\n]*\r?\n|[ \t][^\n]*\r?\n){0,60}?Content-Type:\s*multipart/", re.IGNORECASE)
_INLINE = re.compile(r"</?(?:font|b|i|u|strong|em|span|small|big)\b[^<>]{0,2000}>", re.IGNORECASE)
_MARKUP = re.compile(
    r"<(?:!doctype\s+html|html|head|body|table|t[rdh]|div|p|meta|title|span|font|center|br|pre|h[1-6]|[uod]l|li|"
    r"section|article|main)\b",
    re.IGNORECASE,
)


def pages_of(data: bytes, path: Path) -> list[etree._Element]:
    """The pages of a file, the main one first: one of an .html file, of an archive its HTML parts.

    Raises:
        SourceError: empty, no page, damaged or in an old encoding, nested too deep, too many elements.
    """
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise SourceError(f"Tệp «{path}» trống.", "Kiểm tra lại tệp nguồn; tệp phải chứa toàn văn kế hoạch.")
    if not _ARCHIVE.match(data[:_DECLARATION_WITHIN].lstrip()):
        return [_tree(_text(data, "", path), path)]
    parts = _archive_parts(data.lstrip(), path)
    return [_tree(_text(content, charset, path), path) for content, charset in parts]


def _archive_parts(data: bytes, path: Path) -> list[tuple[bytes, str]]:
    """HTML parts of an archive with their charset, the one named as its start first."""
    try:
        message = message_from_bytes(data, policy=policy.compat32)
        found = [part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")]
        start = str(message.get_param("start") or "").strip()
        found.sort(key=lambda part: not start or str(part.get("Content-ID", "")).strip() != start)
        parts = [_content(part) for part in found[:MAX_PAGES]]
    except (MessageError, RecursionError, ValueError, LookupError, TypeError, AssertionError) as error:
        raise _broken_archive(path) from error
    parts = [part for part in parts if part[0].strip()]
    if not parts:
        raise _broken_archive(path)
    return parts


def _content(part: Message) -> tuple[bytes, str]:
    payload = part.get_payload(decode=True)
    return (payload if isinstance(payload, bytes) else b""), str(part.get_content_charset() or "")


def _broken_archive(path: Path) -> SourceError:
    return SourceError(
        f"Tệp «{path}» là trang web lưu trữ (.mhtml) nhưng không có trang nào đọc được.",
        "Mở lại trang bằng trình duyệt và lưu lại dạng «Trang web, chỉ HTML».",
    )


def _text(data: bytes, charset: str, path: Path) -> str:
    """A page's source: UTF-8 where the bytes are, for Vietnamese in another encoding is none; else as declared."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        declared = _declared(data, charset)
        if declared in _ONE_BYTE:
            return unicodedata.normalize("NFC", data.decode(declared, "replace"))
        if declared == "utf-8" and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            # A byte broken in a script is no matter; one in the text is refused when the lines are known.
            return data.decode("utf-8", "replace")
    return decode(data, path)


def _declared(data: bytes, charset: str) -> str:
    match = _DECLARED.search(data[:_DECLARATION_WITHIN])
    name = charset or (match[1].decode("ascii", "replace") if match else "")
    try:
        return codecs.lookup(name).name if name else ""
    except (LookupError, ValueError):
        # Old pages in TCVN3 name no encoding that exists: their bytes are Latin letters to be refused by name.
        return "cp1252" if name.lower() in ("x-user-defined", "x-vietnamese-tcvn") else ""


def _tree(text: str, path: Path) -> etree._Element:
    text = _DOCTYPE.sub("", text.replace("\x00", "").lstrip("\ufeff"))
    if not _MARKUP.search(text):
        raise SourceError(
            f"Tệp «{path}» không phải là trang web (HTML).", "Kiểm tra lại tệp, hoặc đổi đuôi tệp cho đúng."
        )
    root, deep = _parse(text)
    if deep:  # an old page that never closes its <font> nests one level deeper with each paragraph
        root, deep = _parse(_INLINE.sub("", text))
    if deep:
        raise SourceError(
            f"Trang «{path}» có các phần tử lồng nhau quá sâu hoặc quá lớn.",
            "Mở trang bằng trình duyệt, chép phần văn bản của kế hoạch sang tệp .docx hay .txt rồi nạp tệp đó.",
        )
    if root is None:
        raise SourceError(f"Trang «{path}» không có nội dung.", "Kiểm tra lại tệp nguồn.")
    if sum(1 for _ in root.iter()) > MAX_ELEMENTS:
        raise SourceError(
            f"Trang «{path}» có hơn {MAX_ELEMENTS} phần tử.", "Tách trang, hoặc chỉ lưu phần văn bản của kế hoạch."
        )
    return root


def _parse(text: str) -> tuple[etree._Element | None, bool]:
    """The tree, and whether the parser stopped at one of its limits (256 levels, 10 MB in one text)."""
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, recover=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        root = None
    limits = (etree.ErrorTypes.ERR_RESOURCE_LIMIT, etree.ErrorTypes.ERR_NO_MEMORY)
    return root, any(entry.type in limits for entry in parser.error_log)
