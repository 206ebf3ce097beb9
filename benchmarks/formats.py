"""How much of each plan in `corpus/` is read from other formats. Run: `python benchmarks/formats.py [FORMAT…]`.

Every plan is written as .docx, .html, as PDF (by LibreOffice) and as a scan of that PDF (pictures, a little askew, read
by tesseract), read back and compared with what its text gives. Prints, for each plan and format, the share of table
cells (row number, column, text, carried down or not) and of section paths (path and kind of every clause) that both
readings have, of all that either has; the header fields that agree, of six; and seconds to read. Writes the figures
as JSON beside this file. A format whose programs are not installed is left out.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from _report import report  # noqa: E402
from agreement import HEADER, OFFICE, cells, header, paths, pdf_of, share  # noqa: E402
from formats import docx_of  # noqa: E402
from html_formats import html_of  # noqa: E402

from ingest.model import Parsed  # noqa: E402
from ingest.parse import parse_file  # noqa: E402
from ingest.settings import Settings  # noqa: E402

LEAST = 99.0  # per cent, of cells and of paths; a scan is only measured


def scan_of(source: Parsed, target: Path) -> None:
    """Write a plan as a PDF file of pictures."""
    from scans import scanned_pdf

    pdf_of(source, target)
    target.write_bytes(scanned_pdf(target.read_bytes()))


def main(wanted: list[str]) -> int:
    """Measure, print, write; 1 where a format with text has less than 99 %."""
    writers: dict[str, Callable[[Parsed, Path], object]] = {"docx": docx_of, "html": html_of}
    if OFFICE:
        writers["pdf"] = pdf_of
    if OFFICE and shutil.which("tesseract") and (ROOT / "tests" / "scans.py").exists():
        writers["scan"] = scan_of
    load = os.getloadavg()[0]
    figures: dict[str, float] = {}
    missed = False
    for path in sorted(p for p in (ROOT / "corpus").iterdir() if p.suffix in (".txt", ".md")):
        plan = parse_file(path, Settings())
        for form in wanted or writers:
            found = _measured(plan, writers[form], ".pdf" if form == "scan" else f".{form}")
            figures |= {f"{plan.document.number} {form} {name}": value for name, value in found.items()}
            missed |= form != "scan" and (
                min(found["cells_%"], found["paths_%"]) < LEAST or found["header"] < len(HEADER)
            )
    return max(int(missed), report(figures, {}, __file__, load))


def _measured(plan: Parsed, write: Callable[[Parsed, Path], object], suffix: str) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as directory:
        target = Path(directory) / f"plan{suffix}"
        write(plan, target)
        started = time.perf_counter()
        found = parse_file(target, Settings(max_bytes=1 << 30))
        seconds = time.perf_counter() - started
    agreed = sum(a == b for a, b in zip(header(plan), header(found), strict=True))
    return {
        "cells_%": round(100 * share(cells(plan), cells(found)), 2),
        "paths_%": round(100 * share(paths(plan), paths(found)), 2),
        "header": agreed,
        "seconds": round(seconds, 2),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
