"""Two readings of one plan, compared; and a plan printed as a PDF file."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from formats import docx_of

from ingest.model import ClauseKind, Parsed

HEADER = ("number", "kind", "province", "issued", "signer", "title")
OFFICE = shutil.which("soffice")


def cells(parsed: Parsed) -> Counter[tuple[str, str, str, bool]]:
    """Row number, column, text, and whether it was carried down from a merged cell."""
    rows = [clause.row for clause in parsed.clauses if clause.row]
    return Counter((r.tt, role, text, role in r.inherited) for r in rows for role, text in r.cells.items())


def paths(parsed: Parsed) -> Counter[tuple[tuple[str, ...], ClauseKind]]:
    """Section path and kind of every clause."""
    return Counter((tuple(s.text for s in c.section), c.kind) for c in parsed.clauses if c.kind != ClauseKind.HEADER)


def header(parsed: Parsed) -> tuple[object, ...]:
    return tuple(getattr(parsed.document, name) for name in HEADER)


def share(wanted: Counter[Any], found: Counter[Any]) -> float:
    """Of what either holds, how much both hold."""
    either = (wanted | found).total()
    return (wanted & found).total() / either if either else 1.0


def printed(docx: Path, seconds: float = 120.0) -> bytes:
    """A Word file as LibreOffice prints it."""
    assert OFFICE is not None
    with tempfile.TemporaryDirectory() as directory:
        own = f"-env:UserInstallation={(Path(directory) / 'profile').as_uri()}"
        command = [OFFICE, own, "--headless", "--convert-to", "pdf", "--outdir", directory, str(docx)]
        subprocess.run(command, check=True, capture_output=True, timeout=seconds)
        return (Path(directory) / f"{docx.stem}.pdf").read_bytes()


def pdf_of(source: Parsed, target: Path) -> None:
    """Write a plan as a PDF file: its Word document, printed."""
    target.write_bytes(printed(docx_of(source, target.with_suffix(".docx"))))
