"""The plans of `corpus/` written in other formats, and read back; the formats whose programs are installed."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from agreement import OFFICE, pdf_of  # noqa: E402
from formats import docx_of  # noqa: E402
from html_formats import html_of  # noqa: E402
from scans import pictures, saved, worn  # noqa: E402

from ingest.model import Parsed  # noqa: E402
from ingest.parse import parse_file  # noqa: E402
from ingest.settings import Settings  # noqa: E402

SCAN = "scan"
_SUFFIXES = {SCAN: ".pdf"}


def scan_of(source: Parsed, target: Path) -> None:
    """Write a plan as a PDF file of pictures, a little askew, on grey paper."""
    pdf_of(source, target)
    target.write_bytes(saved(worn(pictures(target.read_bytes())), "PDF"))


def writers() -> dict[str, Callable[[Parsed, Path], object]]:
    """Format → what writes a plan in it."""
    found: dict[str, Callable[[Parsed, Path], object]] = {"docx": docx_of, "html": html_of}
    if OFFICE:
        found["pdf"] = pdf_of
    if OFFICE and shutil.which("tesseract"):
        found[SCAN] = scan_of
    return found


def plans() -> Iterator[Parsed]:
    """Those of `corpus/`, from their text."""
    for path in sorted(p for p in (ROOT / "corpus").iterdir() if p.suffix in (".txt", ".md")):
        yield parse_file(path, Settings())


def read_back(plan: Parsed, form: str) -> tuple[Parsed, float]:
    """A plan written in a format and read from it, and the seconds that reading took."""
    with tempfile.TemporaryDirectory() as directory:
        target = Path(directory) / f"plan{_SUFFIXES.get(form, f'.{form}')}"
        writers()[form](plan, target)
        started = time.perf_counter()
        found = parse_file(target, Settings(max_bytes=1 << 30))
        return found, time.perf_counter() - started
