"""Vectors of names, kept beside the generation that they were made for: by the text's digest, so that none goes stale.

A cache and no more: where it cannot be read or written, names are encoded anew.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from answer.indicators.score import Matrix
from index.files import replace_bytes, text_digest
from index.generation import names
from index.search import Searcher

_FILE = "indicator-names.npz"


class NameVectors:
    """Vectors of texts, read from the generation in use or the one before it, encoded where they are not known."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self._folder = searcher.home / searcher.generation.name
        self._encoder = searcher.generation.manifest.encoder
        self._known: dict[str, Matrix] = {}
        self._new = False
        for name in reversed(names(searcher.home)):
            self._known = _read(searcher.home / name / _FILE, self._encoder)
            if self._known:
                break

    def encode(self, texts: Sequence[str]) -> Matrix:
        """float32[len(texts), dimension], rows of unit length."""
        digests = [text_digest(text) for text in texts]
        missing = [at for at, digest in enumerate(digests) if digest not in self._known]
        if missing:
            vectors = self._searcher.embed([texts[at] for at in missing])
            self._known.update((digests[at], vector) for at, vector in zip(missing, vectors, strict=True))
            self._new = True
        return np.stack([self._known[digest] for digest in digests])

    def save(self) -> None:
        """Keep what was encoded; a home that cannot be written (or is being cleared) keeps nothing."""
        if not self._new:
            return
        digests, packed = sorted(self._known), io.BytesIO()
        matrix = np.stack([self._known[digest] for digest in digests])
        np.savez(packed, encoder=self._encoder, digests=np.array(digests), vectors=matrix)
        with suppress(OSError):
            replace_bytes(self._folder / _FILE, packed.getvalue())


def _read(path: Path, encoder: str) -> dict[str, Matrix]:
    """The vectors in a file; none where it is missing, damaged or of another encoder."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            if str(kept["encoder"]) != encoder:
                return {}
            return dict(zip(map(str, kept["digests"]), np.asarray(kept["vectors"], np.float32), strict=True))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return {}
