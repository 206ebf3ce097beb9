"""A PDF file, or pictures of pages, read with limits that a test chooses."""

from __future__ import annotations

from pathlib import Path

from ingest.readers.apart import read_apart
from ingest.readers.child import Progress
from ingest.readers.limits import Limits
from ingest.readers.pdf_limits import MAX_PAGES, MEMORY, SECONDS
from ingest.readers.source import Source


def read_pdf(
    data: bytes,
    path: Path,
    *,
    form: str = "pdf",
    max_pages: int = MAX_PAGES,
    seconds: float = SECONDS,
    memory: int = MEMORY,
    progress: Progress | None = None,
) -> Source:
    """The content of a PDF file or, where `form` is «image», of .png, .jpg or .tif; `path` only names it. `memory` is
    in bytes. Pages that are pictures are recognised; `progress` is told after each page.

    Raises:
        SourceError: empty, damaged, with a password, beyond a limit, or scanned where tesseract is missing.
    """
    return read_apart(data, path, form, Limits(seconds, max_pages, memory), progress)
