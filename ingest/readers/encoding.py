"""Bytes → Unicode text: which encoding a file is in, and a refusal with a remedy for what is no Unicode text."""

from __future__ import annotations

import codecs
import re
import unicodedata
from pathlib import Path

from ingest.errors import SourceError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# PDF and RTF are made of letters, so that nothing but their first bytes tells them from text; Word and zip for speed.
_MAGIC = (b"%PDF-", b"{\\rtf", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_UTF16_ZEROS = 0.05  # a third of the bytes of Vietnamese UTF-16 are 0; a stray 0 in UTF-8 text is a fault of extraction
_CONTROL = 0.01
_READABLE = 0.5

# Letters of the TCVN3 fonts seen as Latin-1 inside a word («ho¹ch», «nh©n d©n», «®Þnh»), and VNI's vowel + accent
# letter («nhaân», «hoaïch», «ñònh»). Neither is Vietnamese in Unicode.
_TCVN3_ONLY = re.compile(r"[µ¸¶¹¨»¾¼½©®ª«¬][a-zA-Z]|[a-zA-Z][µ¸¶·¹¨»¾¼½©®ª«¬]")
_VNI_PAIR = re.compile(r"[aeouyöôAEOUYÖÔ][âáàåäãêëéèûøùõïAÂÁÀÅÄÃÊËÉÈÛØÙÕÏ]|ñ|Ñ")

_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_SYLLABLE = re.compile(
    r"(?:b|ch?|d|đ|gi|gh?|h|kh?|l|m|ngh?|nh?|ph?|qu|r|s|th?|tr|v|x)?"
    r"(?:iêu|yêu|oai|oao|oay|oeo|uôi|uây|uya|uyê|uyu|ươi|ươu|ai|ao|au|ay|âu|ây|eo|êu|ia|iê|iu|oa|oă|oe|oi|oo|ôi|ơi|"
    r"ua|uâ|uê|ui|uô|uơ|uy|ưa|ưi|ươ|ưu|yê|[aăâeêioôơuưy])(?:ch|ng|nh|[cmnpt])?"
)
_PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~…–—“”‘’•«»"


def decode(data: bytes, path: Path) -> str:
    """Bytes → text: byte-order mark, UTF-16 without mark, UTF-8, then Windows-1258.

    Raises:
        SourceError: binary content, damaged Unicode, or text in TCVN3 or VNI.
    """
    if data.startswith(_MAGIC):
        raise _binary(path)
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return checked(_strict(data, encoding, path), path)
    if data.count(0) > _UTF16_ZEROS * len(data):
        return checked(_utf16_without_mark(data, path), path)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = _legacy(data, path)
    return checked(text, path)


def _strict(data: bytes, encoding: str, path: Path) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        repaired = data.decode(encoding, "replace")
        if not _is_readable(repaired):
            raise _binary(path) from error
        raise _damaged(repaired, encoding.removesuffix("-sig"), path) from error


def _utf16_without_mark(data: bytes, path: Path) -> str:
    encoding = "utf-16-le" if data[1::2].count(0) > data[0::2].count(0) else "utf-16-be"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _binary(path) from error
    if "\x00" in text or not _is_readable(text):
        raise _binary(path)
    return text


def _is_readable(text: str) -> bool:
    """Whether most of a text is ASCII, Latin letters, combining marks and punctuation: what Vietnamese consists of."""
    latin = sum(c <= "\u036f" or "\u1e00" <= c <= "\u1eff" or "\u2000" <= c <= "\u206f" for c in text)
    return not _has_controls(text) and latin >= _READABLE * len(text)


def _legacy(data: bytes, path: Path) -> str:
    """A file that is no UTF-8: Windows-1258 when that gives Vietnamese, else damaged UTF-8, TCVN3/VNI or binary."""
    repaired = data.decode("utf-8", "replace")
    if _has_controls(repaired):
        raise _binary(path)
    if _syllable_share(repaired) > _READABLE:
        raise _damaged(repaired, "utf-8", path)
    try:
        text = unicodedata.normalize("NFC", data.decode("cp1258"))
    except UnicodeDecodeError:
        text = ""
    if _syllable_share(text) > _READABLE:
        return text
    raise _not_unicode(path) if _legacy_share(data.decode("latin-1")) > 0.1 else _binary(path)


def checked(text: str, path: Path) -> str:
    """A decoded text that is still binary, or TCVN3/VNI letters saved as Unicode, is refused."""
    if _has_controls(text):
        raise _binary(path)
    if _legacy_share(text) > 0.1 and _syllable_share(text) < _READABLE:
        raise _not_unicode(path)
    return text


def _has_controls(text: str) -> bool:
    return sum(c < "\t" or "\r" < c < " " for c in text) > _CONTROL * len(text)


def _syllable_share(text: str) -> float:
    """Of the words with a letter beyond ASCII, the share that are Vietnamese syllables; 0 where there is none."""
    words = [word.strip(_PUNCTUATION) for word in text.split() if not word.isascii()]
    words = [word for word in words if not word.isascii()]
    return sum(map(_is_syllable, words)) / len(words) if words else 0.0


def _is_syllable(word: str) -> bool:
    bare = _TONES.sub("", unicodedata.normalize("NFD", word.lower()))
    return all(
        _SYLLABLE.fullmatch(unicodedata.normalize("NFC", part)) for part in re.split(r"[-–/.,:;&]", bare) if part
    )


def _legacy_share(text: str) -> float:
    """Share of words that look like TCVN3 or VNI: the larger of the two."""
    words = text.split()
    if not words:
        return 0.0
    tcvn3 = sum(bool(_TCVN3_ONLY.search(word)) for word in words)
    vni = sum(bool(_VNI_PAIR.search(word)) for word in words)
    return max(tcvn3, vni) / len(words)


def _damaged(repaired: str, encoding: str, path: Path) -> SourceError:
    line = repaired[: repaired.index("\ufffd")].count("\n") + 1
    return SourceError(
        f"Tệp «{path}» là văn bản {encoding.upper()} nhưng bị hỏng ở dòng {line}.",
        "Tải lại tệp gốc, hoặc mở tệp, gõ lại chỗ hỏng rồi lưu lại dạng UTF-8.",
    )


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
