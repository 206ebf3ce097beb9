"""The process that reads one file: bytes on standard input, JSON on standard output."""

from __future__ import annotations

import json
import logging
import sys
from dataclasses import astuple
from pathlib import Path
from typing import Any

from ingest.errors import SourceError
from ingest.readers.pdf_limits import too_big
from ingest.readers.source import Flow, Source


def main(arguments: list[str]) -> None:
    """Read the file that `arguments` tell of: its form («docx», «html», «pdf», «image»), its path (only a
    name), most pages, seconds, bytes of memory."""
    form, path, pages, seconds, memory = arguments
    logging.disable()  # the library tells of every oddity of a file
    data = sys.stdin.buffer.read()
    try:
        limit(int(memory))
        tell(_told(_read(data, Path(path), form, int(pages), float(seconds))))
    except SourceError as error:
        tell({"error": [error.message, error.remedy]})
    except MemoryError:
        refused = too_big(Path(path))
        tell({"error": [refused.message, refused.remedy]})


def _read(data: bytes, path: Path, form: str, pages: int, seconds: float) -> Flow | Source:
    """Each reader is imported when its format comes."""
    if form == "docx":
        from ingest.readers.docx import read_docx

        return read_docx(data, path)
    if form == "html":
        from ingest.readers.html import read_html

        return read_html(data, path)
    from ingest.readers.pdf_flow import flow_of, image_flow

    read = flow_of if form == "pdf" else image_flow
    return read(data, path, pages, seconds, _done)


def limit(memory: int) -> None:
    """No more bytes of memory than that, where the system can say so."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def tell(answer: dict[str, Any]) -> None:
    """Say something to the program that waits."""
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
    sys.stdout.buffer.flush()


def _done(page: int, pages: int, scanned: bool) -> None:
    tell({"page": page, "pages": pages, "scanned": scanned})


def _told(flow: Flow | Source) -> dict[str, Any]:
    return {
        "lines": [(line.text, line.raw) for line in flow.lines],
        "marks": [(number, [astuple(mark) for mark in marks]) for number, marks in flow.marks.items()],
        "doubts": list(flow.doubts.items()),
        "grids": [[astuple(cell) for cell in grid.cells] for grid in flow.grids],
    }


if __name__ == "__main__":
    main(sys.argv[1:])
