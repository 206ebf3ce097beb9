"""Text and Markdown files → lines. Decides the encoding; refuses what is not Unicode text with a remedy."""

from __future__ import annotations

import codecs
import hashlib
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from ingest.clean import repair, strip_markup
from ingest.errors import SourceError
from ingest.model import Line

SUFFIXES = {".txt": "text", ".md": "markdown", ".markdown": "markdown"}

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Letters of the TCVN3 fonts seen as Latin-1 inside a word («ho¹ch», «nh©n d©n», «®Þnh»), and VNI's vowel + accent
# letter («nhaân», «hoaïch», «ñònh»). Neither is Vietnamese in Unicode.
_TCVN3_ONLY = re.compile(r"[a-zA-Z]*[µ¸¶¹¨»¾¼½©®ª«¬][a-zA-Z]|[a-zA-Z][µ¸¶·¹¨»¾¼½©®ª«¬]")
_VNI_PAIR = re.compile(r"[aeouyöôAEOUYÖÔ][âáàåäãêëéèûøùõïAÂÁÀÅÄÃÊËÉÈÛØÙÕÏ]|ñ|Ñ")
_VIETNAMESE = re.compile(r"[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Source:
    """A decoded file: `lines` repaired and numbered from 1, `digest` the SHA-256 of the bytes."""

    path: Path
    lines: tuple[Line, ...]
    digest: str
    format: str


def read_text(path: Path, max_bytes: int) -> Source:
    """Read a .txt or .md file.

    Raises:
        SourceError: missing, too large, empty, binary, or in a legacy font encoding.
    """
    data = _read_bytes(path, max_bytes)
    text = decode(data, path)
    if not text.strip():
        raise SourceError(f"Tệp «{path}» trống.", "Kiểm tra lại tệp nguồn; tệp phải chứa toàn văn kế hoạch.")
    raw = [line.rstrip("\r") for line in re.sub(r"\r\n?", "\n", text).split("\n")]
    markdown = SUFFIXES.get(path.suffix.lower()) == "markdown"
    lines = tuple(_line(number, line, markdown) for number, line in enumerate(raw, start=1))
    form = "markdown" if markdown else "text"
    return Source(path=path, lines=lines, digest=hashlib.sha256(data).hexdigest(), format=form)


def _line(number: int, raw: str, markdown: bool) -> Line:
    text = raw if raw.lstrip().startswith("|") and markdown else strip_markup(raw)
    return Line(number=number, text=repair(text), raw=unicodedata.normalize("NFC", raw))


def _read_bytes(path: Path, max_bytes: int) -> bytes:
    try:
        size = path.stat().st_size
        if size > max_bytes:
            limit = max_bytes / 1024 / 1024
            raise SourceError(
                f"Tệp «{path}» có {size / 1024 / 1024:.0f} MB, vượt giới hạn {limit:.0f} MB.",
                "Tách tệp, hoặc đặt KEHOACH_MAX_MB lớn hơn nếu đây đúng là một kế hoạch.",
            )
        return path.read_bytes()
    except FileNotFoundError as error:
        raise SourceError(f"Không có tệp «{path}».", "Kiểm tra lại đường dẫn.") from error
    except PermissionError as error:
        raise SourceError(f"Không có quyền đọc tệp «{path}».", "Cấp quyền đọc cho tệp rồi chạy lại.") from error
    except OSError as error:
        raise SourceError(f"Không đọc được tệp «{path}»: {error.strerror}.", "Kiểm tra ổ đĩa và tệp.") from error


def decode(data: bytes, path: Path) -> str:
    """Bytes → text: byte-order mark, UTF-8, UTF-16 without mark, then Windows-1258.

    Raises:
        SourceError: binary content, or text in TCVN3 or VNI.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _checked(_strict(data, encoding, path), path)
    if b"\x00" in data:
        return _checked(_utf16_without_mark(data, path), path)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = _legacy(data, path)
    return _checked(text, path)


def _strict(data: bytes, encoding: str, path: Path) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _binary(path) from error


def _utf16_without_mark(data: bytes, path: Path) -> str:
    encoding = "utf-16-le" if data[1::2].count(0) > data[0::2].count(0) else "utf-16-be"
    text = _strict(data, encoding, path)
    if "\x00" in text or sum(c.isalpha() or c.isspace() for c in text) < 0.5 * len(text):
        raise _binary(path)
    return text


def _legacy(data: bytes, path: Path) -> str:
    """A file that is no UTF-8: Windows-1258 when that gives Vietnamese, else TCVN3/VNI or binary."""
    latin = data.decode("latin-1")
    if sum(ord(c) < 9 or 13 < ord(c) < 32 for c in latin) > 0.01 * len(latin):
        raise _binary(path)
    try:
        text = unicodedata.normalize("NFC", data.decode("cp1258"))
    except UnicodeDecodeError:
        text = ""
    if _vietnamese_share(text) > max(0.15, _legacy_share(latin)):
        return text
    if _legacy_share(latin) > 0.1:
        raise _not_unicode(path)
    raise _binary(path)


def _checked(text: str, path: Path) -> str:
    """A decoded text that is still binary, or TCVN3/VNI letters saved as Unicode, is refused."""
    if text and sum(ord(c) < 9 or 13 < ord(c) < 32 for c in text) > 0.01 * len(text):
        raise _binary(path)
    if _vietnamese_share(text) < 0.1 and _legacy_share(text) > 0.1:
        raise _not_unicode(path)
    return text


def _vietnamese_share(text: str) -> float:
    """Share of words with a letter that only Vietnamese has."""
    tokens = text.split()
    return (
        sum(bool(_VIETNAMESE.search(unicodedata.normalize("NFC", t))) for t in tokens) / len(tokens) if tokens else 0.0
    )


def _legacy_share(text: str) -> float:
    """Share of words that look like TCVN3 or VNI: the larger of the two."""
    tokens = text.split()
    if not tokens:
        return 0.0
    tcvn3 = sum(bool(_TCVN3_ONLY.search(t)) for t in tokens)
    vni = sum(bool(_VNI_PAIR.search(t)) for t in tokens)
    return max(tcvn3, vni) / len(tokens)


def _binary(path: Path) -> SourceError:
    return SourceError(
        f"Tệp «{path}» không phải là văn bản thuần (dữ liệu nhị phân).",
        "Mở tệp bằng chương trình gốc và lưu lại dạng văn bản Unicode (.txt UTF-8 hoặc .md).",
    )


def _not_unicode(path: Path) -> SourceError:
    return SourceError(
        f"Tệp «{path}» dùng bảng mã cũ (TCVN3/ABC hoặc VNI), không phải Unicode.",
        "Chuyển mã sang Unicode bằng UniKey (Ctrl+Shift+F6) hoặc công cụ tương đương, lưu UTF-8 rồi nạp lại.",
    )
