"""What reading one file may cost."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.readers.pdf_limits import MAX_PAGES, MEMORY, SECONDS


@dataclass(frozen=True, slots=True)
class Limits:
    """`seconds` of wall time (pages that must be recognised from pictures add to them), most `pages`, and `memory` in
    bytes of address space."""

    seconds: float = SECONDS
    pages: int = MAX_PAGES
    memory: int = MEMORY
