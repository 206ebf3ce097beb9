"""Text and Markdown files → lines, numbered as an editor and `awk` number them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from pathlib import Path

from ingest.clean import repair, strip_markup
from ingest.errors import SourceError
from ingest.model import Line
from ingest.readers.encoding import decode
from ingest.readers.layout import is_data_table
from ingest.readers.source import Source

# Characters at which some programs break a line. Editors do not, so they are spaces here: words must not run together.
_SOFT_BREAKS = re.compile("[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# «:-:|---|---:» below a header: at least two columns
_LEAST_TABS = 2
_BARE_RULE = re.compile(r"^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)+\|?\s*$")


def plain_source(data: bytes, path: Path, *, markdown: bool) -> Source:
    """The content of a text or Markdown file, decoded; `path` only names it, nothing is read.

    Raises:
        SourceError: empty, binary, damaged, or in a legacy font encoding.
    """
    text = decode(data, path)
    if not text.strip("\ufeff \t\r\n\v\f\u00a0"):
        raise SourceError(f"Tệp «{path}» trống.", "Kiểm tra lại tệp nguồn; tệp phải chứa toàn văn kế hoạch.")
    printed = split_lines(text)
    rows = {**_tabbed_rows(printed), **(_bare_rows(printed) if markdown else {})}
    lines = tuple(_line(number, line, markdown, rows.get(number)) for number, line in enumerate(printed, start=1))
    form = "markdown" if markdown else "text"
    return Source(path=path, lines=lines, digest=hashlib.sha256(data).hexdigest(), format=form)


def split_lines(text: str) -> list[str]:
    """Lines without their ends: LF or CRLF; CR only in a text without any LF (old Macintosh files)."""
    lines = text.split("\n") if "\n" in text else text.split("\r")
    if len(lines) > 1 and not lines[-1]:
        lines.pop()  # what follows the last line end is no line
    return [line.rstrip("\r") for line in lines]


def _bare_rows(lines: list[str]) -> dict[int, str]:
    """Rows of Markdown tables that are written without bars at both ends, by number, with bars."""
    rows: dict[int, str] = {}
    for rule, line in enumerate(lines):
        if not _BARE_RULE.match(line) or not rule or "|" not in lines[rule - 1]:
            continue
        end = rule
        while end < len(lines) and "|" in lines[end]:
            end += 1
        for at in range(rule - 1, end):
            if not lines[at].lstrip().startswith("|"):
                rows[at + 1] = f"| {lines[at].strip()}{'' if lines[at].rstrip().endswith('|') else ' |'}"
    return rows


def _tabbed_rows(lines: list[str]) -> dict[int, str]:
    """Rows of tables whose cells are set apart by tabs, as a table is pasted from a word processor, with bars."""
    rows: dict[int, str] = {}
    index = 0
    while index < len(lines):
        end = index
        while end < len(lines) and lines[end].count("\t") >= _LEAST_TABS:
            end += 1
        if end - index > 1 and is_data_table([line.split("\t") for line in lines[index:end]]):
            rows |= {at + 1: f"| {lines[at].replace('|', '/').replace(chr(9), ' | ')} |" for at in range(index, end)}
        index = max(end, index + 1)
    return rows


def _line(number: int, raw: str, markdown: bool, row: str | None) -> Line:
    text = _SOFT_BREAKS.sub(" ", row or raw)
    text = text if row or (text.lstrip().startswith("|") and markdown) else strip_markup(text)
    return Line(number=number, text=repair(text), raw=unicodedata.normalize("NFC", raw))


def read_bytes(path: Path, max_bytes: int) -> bytes:
    """The content of a file that is not too large; a larger one is not read.

    Raises:
        SourceError: missing, too large, or not readable.
    """
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
