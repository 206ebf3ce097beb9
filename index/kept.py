"""What was understood of files that are in the stock: the same bytes need not be read again by the same program.

A scan of a hundred pages takes minutes to read, and a directory is ingested again for each plan that is added to it.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from index.store import State, Store
from ingest.corrections import uncorrected
from ingest.model import Parsed
from ingest.version import reading_version


class KeptReadings:
    """The readings of a `Store` that this very program made, by the content and the suffix of the file."""

    def __init__(self, store: Store) -> None:
        self._store = store
        current = set(store.read_by(reading_version()))
        self._keys = {
            (e.document.digest, Path(e.document.source).suffix.lower()): e.key
            for e in store.entries(State.LIVE)
            if e.key in current
        }

    def __call__(self, path: Path, digest: str) -> Parsed | None:
        """What reading this file would give, header uncorrected; None where it has to be read.

        The file of pages itself is left out: the stock has it.
        """
        key = self._keys.get((digest, path.suffix.lower()))
        if key is None:
            return None
        parsed = uncorrected(self._store.parsed(key, whole=False))
        return replace(parsed, document=replace(parsed.document, source=str(path)))
