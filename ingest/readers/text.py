"""Text and Markdown files → lines, numbered as an editor and `awk` number them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from ingest.clean import repair, strip_markup
from ingest.errors import SourceError
from ingest.model import Line
from ingest.readers.encoding import decode

SUFFIXES = {".txt": "text", ".md": "markdown", ".markdown": "markdown"}

# Characters at which some programs break a line. Editors do not, so they are spaces here: words must not run together.
_SOFT_BREAKS = re.compile("[\r\v\f\x1c-\x1e\x85\u2028\u2029]")


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
        SourceError: missing, too large, empty, binary, damaged, or in a legacy font encoding.
    """
    return source_of(_read_bytes(path, max_bytes), path)


def source_of(data: bytes, path: Path) -> Source:
    """The content of a .txt or .md file, decoded; `path` only names it, nothing is read.

    Raises:
        SourceError: empty, binary, damaged, or in a legacy font encoding.
    """
    text = decode(data, path)
    if not text.strip("\ufeff \t\r\n\v\f\u00a0"):
        raise SourceError(f"Tệp «{path}» trống.", "Kiểm tra lại tệp nguồn; tệp phải chứa toàn văn kế hoạch.")
    markdown = SUFFIXES.get(path.suffix.lower()) == "markdown"
    lines = tuple(_line(number, line, markdown) for number, line in enumerate(split_lines(text), start=1))
    form = "markdown" if markdown else "text"
    return Source(path=path, lines=lines, digest=hashlib.sha256(data).hexdigest(), format=form)


def split_lines(text: str) -> list[str]:
    """Lines without their ends: LF or CRLF; CR only in a text without any LF (old Macintosh files)."""
    lines = text.split("\n") if "\n" in text else text.split("\r")
    if len(lines) > 1 and not lines[-1]:
        lines.pop()  # what follows the last line end is no line
    return [line.rstrip("\r") for line in lines]


def _line(number: int, raw: str, markdown: bool) -> Line:
    text = _SOFT_BREAKS.sub(" ", raw)
    text = text if text.lstrip().startswith("|") and markdown else strip_markup(text)
    return Line(number=number, text=repair(text), raw=unicodedata.normalize("NFC", raw))


def _read_bytes(path: Path, max_bytes: int) -> bytes:
    """The content of a file that is not too large; a larger one is not read."""
    try:
        str(path).encode()  # a name in an old encoding arrives as lone surrogates, which no database takes
        size = path.stat().st_size
        if size > max_bytes:
            raise too_large(path, size, max_bytes)
        return path.read_bytes()
    except UnicodeEncodeError as error:
        raise SourceError(f"Tên tệp «{path}» không phải là Unicode.", "Đổi tên tệp rồi nạp lại.") from error
    except FileNotFoundError as error:
        raise SourceError(f"Không có tệp «{path}».", "Kiểm tra lại đường dẫn.") from error
    except PermissionError as error:
        raise SourceError(f"Không có quyền đọc tệp «{path}».", "Cấp quyền đọc cho tệp rồi chạy lại.") from error
    except OSError as error:
        raise SourceError(f"Không đọc được tệp «{path}»: {error.strerror}.", "Kiểm tra ổ đĩa và tệp.") from error


def too_large(path: Path, size: int, max_bytes: int) -> SourceError:
    """The error for a file of `size` bytes."""
    megabyte = 1024 * 1024
    return SourceError(
        f"Tệp «{path}» có {size / megabyte:.1f} MB, vượt giới hạn {max_bytes / megabyte:.6g} MB.",
        "Tách tệp, hoặc đặt KEHOACH_MAX_MB lớn hơn nếu đây đúng là một kế hoạch.",
    )
