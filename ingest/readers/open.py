"""A file of any format → `Source`: the one way in. What is not plain text is read in a process of its own."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from ingest.readers.apart import read_apart
from ingest.readers.child import Progress
from ingest.readers.form import OFFICE, form_of
from ingest.readers.limits import Limits
from ingest.readers.source import Source
from ingest.readers.text import plain_source, read_bytes, too_large


def read_source(path: Path, max_bytes: int, progress: Progress | None = None, limits: Limits | None = None) -> Source:
    """Read a file. `progress` is told (pages done, pages in all) where the format has pages.

    Raises:
        SourceError: missing, too large, of a format that is not read, damaged, without text, or beyond a limit.
    """
    return source_of(read_bytes(path, max_bytes), path, max_bytes, progress, limits)


def source_of(
    data: bytes, path: Path, max_bytes: int, progress: Progress | None = None, limits: Limits | None = None
) -> Source:
    """The content of a file that is in memory; `path` names it, nothing is read. `progress` as in `read_source`.

    Raises:
        SourceError: as `read_source`.
    """
    if len(data) > max_bytes:
        raise too_large(path, len(data), max_bytes)
    form = form_of(data, path)
    if form in ("text", "markdown"):
        return plain_source(data, path, markdown=form == "markdown")
    if form in OFFICE:
        return _by_office(data, form, path, limits)
    source = read_apart(data, path, "html" if form == "mhtml" else form, limits, progress)
    return replace(source, original=data) if form in ("pdf", "image") else source


def _by_office(data: bytes, form: str, path: Path, limits: Limits | None) -> Source:
    """Read by way of LibreOffice. The digest is that of the file itself: what is made of it carries a date."""
    from ingest.readers.office import to_docx

    source = read_apart(to_docx(data, form, path), path, "docx", limits)
    return replace(source, digest=sha256(data).hexdigest(), format=form)
