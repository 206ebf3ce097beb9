"""Pictures of text → words, by tesseract, where it is installed.

It runs as a process of its own, without network where the system allows that, and is stopped when it takes too long.
"""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image

from ingest.errors import SourceError
from ingest.readers.ocr_image import Grey
from ingest.readers.program import run_program

SECONDS = 90.0  # for the pictures of one page; a dense page takes 3 on one core
_BLOCK = ("--psm", "6")  # tesseract's mode for one block of text
_NUMBER = ("--psm", "7", "-c", "tessedit_char_whitelist=0123456789.,%<>-/")  # one line, of these signs
_WORD = "5"  # level of a row of its table


@dataclass(frozen=True, slots=True)
class Word:
    """A word: its box in pixels of its picture, the line it stands in, and how sure its reading is, of 100."""

    text: str
    x0: int
    top: int
    x1: int
    bottom: int
    line: tuple[int, int, int]
    sure: float


def require(path: Path) -> None:
    """Nothing, where a scan can be read.

    Raises:
        SourceError: tesseract, or what it needs for Vietnamese, is not installed; `path` names the file.
    """
    if "vie" not in _languages():
        raise SourceError(
            f"Tệp «{path}» là bản quét (ảnh): cần tesseract và dữ liệu tiếng Việt của nó để nhận dạng chữ.",
            "Cài gói tesseract-ocr và tesseract-ocr-vie (Debian: apt-get install tesseract-ocr tesseract-ocr-vie), "
            "hoặc nạp bản có chữ (.docx, .pdf xuất từ Word).",
        )


@cache
def _languages() -> tuple[str, ...]:
    program = shutil.which("tesseract")
    if program is None:
        return ()
    done = subprocess.run([program, "--list-langs"], check=False, capture_output=True, timeout=SECONDS)  # noqa: S603
    return tuple(done.stdout.decode("utf-8", "replace").split())


def read_words(pictures: Sequence[Grey], dpi: float, path: Path, seconds: float = SECONDS) -> list[list[Word]]:
    """The words of each picture, in reading order.

    Raises:
        SourceError: tesseract takes too long or fails.
    """
    return _read(pictures, _BLOCK, dpi, path, seconds)


def read_numbers(pictures: Sequence[Grey], dpi: float, path: Path, seconds: float = SECONDS) -> list[list[Word]]:
    """As `read_words`, of pictures of one number each; of what is no number nothing is read, or with little sureness.

    Raises:
        SourceError: tesseract takes too long or fails.
    """
    return _read(pictures, _NUMBER, dpi, path, seconds)


def _read(pictures: Sequence[Grey], mode: Sequence[str], dpi: float, path: Path, seconds: float) -> list[list[Word]]:
    if not pictures:
        return []
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        for at, picture in enumerate(pictures):
            Image.fromarray(picture).save(folder / f"{at}.bmp")
        (folder / "all.txt").write_text("".join(f"{at}.bmp\n" for at in range(len(pictures))))
        _run(["all.txt", "out", "-l", "vie", *mode, "--dpi", str(round(dpi)), "tsv"], folder, path, seconds)
        made = folder / "out.tsv"
        found: list[list[Word]] = [[] for _ in pictures]
        for page, word in _words(made.read_text("utf-8", "replace")):
            found[page - 1].append(word)
        return found


def _run(arguments: Sequence[str], folder: Path, path: Path, seconds: float) -> None:
    # One thread each: two pages at a time are faster than one page by two threads
    environment = {"PATH": os.environ.get("PATH", ""), "OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8"}
    environment |= {key: os.environ[key] for key in ("TESSDATA_PREFIX",) if key in os.environ}
    code = run_program(["tesseract", *arguments], folder, environment, seconds, apart=False)
    if code is None:
        raise SourceError(
            f"Nhận dạng chữ một trang của «{path}» quá {seconds:.0f} giây nên đã dừng.",
            "Quét lại trang ấy rõ hơn, hoặc nạp bản có chữ (.docx, .pdf xuất từ Word).",
        )
    if code or not (folder / "out.tsv").is_file():
        raise SourceError(
            f"tesseract không nhận dạng được chữ của «{path}».", "Kiểm tra lại tệp; nạp bản có chữ (.docx, .pdf)."
        )


def _words(table: str) -> Iterator[tuple[int, Word]]:
    """Picture, from 1, and word."""
    for row in csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
        if row["level"] != _WORD or not row["text"].strip():
            continue
        x0, top = int(row["left"]), int(row["top"])
        box = x0, top, x0 + int(row["width"]), top + int(row["height"])
        line = int(row["block_num"]), int(row["par_num"]), int(row["line_num"])
        yield (
            int(row["page_num"]),
            Word(unicodedata.normalize("NFC", row["text"]).strip(), *box, line, float(row["conf"])),
        )
