"""Vectors and compounds of texts that no index holds, kept in a folder between runs.

A second run is quick; an interrupted one goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from index.embed import Encoder, Vectors
from index.features import Compounds, compounds_in
from index.files import exclusive, replace_text
from index.progress import Progress, silent
from index.text import TEXT_VERSION
from ingest.errors import IndexStateError

# Raised whenever questions are encoded otherwise, which changes no index and so not the encoder's name.
_QUESTIONS = 2
_BATCH = 32  # texts between two writes: some seconds of work at most
_LOOK = 100  # texts between two reports of a stage that takes milliseconds a text


def encode_documents(encoder: Encoder, texts: Sequence[str], cache: Path, progress: Progress = silent) -> Vectors:
    """float32[len(texts), dimension], by `encode_document`, from the cache where they are in it.

    Args:
        encoder: its name is part of the file's name.
        texts: what is embedded; their digest is part of the file's name.
        cache: folder of `<digest>-<encoder>.npy`; made when there is none.
        progress: told of the stage `embed`.

    Raises:
        IndexStateError: the folder cannot be written, or another run is writing into it.
    """
    return _cached(encoder.encode_document, f"passage {encoder.name}", encoder.dimension, texts, cache, progress)


def encode_queries(encoder: Encoder, texts: Sequence[str], cache: Path, progress: Progress = silent) -> Vectors:
    """The same by `encode_query`."""
    return _cached(
        encoder.encode_query, f"query {_QUESTIONS} {encoder.name}", encoder.dimension, texts, cache, progress
    )


def _cached(
    encode: Callable[[Sequence[str]], Vectors],
    name: str,
    dimension: int,
    texts: Sequence[str],
    cache: Path,
    progress: Progress,
) -> Vectors:
    target = cache / f"{_digest(name, texts)}-{re.sub(r'[^A-Za-z0-9]+', '-', name)[-60:]}.npy"
    try:
        found = _read(target, len(texts), dimension)
        if found is None:
            with exclusive(cache):  # two runs that append to one file would spoil it
                found = _encode(encode, dimension, texts, target, progress)
    except OSError as error:
        raise _unwritable(cache, error) from error
    progress("embed", len(texts), len(texts))
    return found


def compounds_of(texts: Sequence[str], cache: Path, progress: Progress = silent) -> Compounds:
    """The compounds that pyvi finds in these texts; it takes tens of milliseconds a page, so they are kept too.

    Raises:
        IndexStateError: the folder cannot be written.
    """
    target = cache / f"{_digest(f'compounds {TEXT_VERSION}', texts)}-compounds.txt"
    if target.is_file():
        return Compounds.of(target.read_text("utf-8").split())
    words: set[str] = set()
    for done, text in enumerate(texts, start=1):
        words.update(compounds_in(text))
        if done % _LOOK == 0 or done == len(texts):
            progress("words", done, len(texts))
    try:
        cache.mkdir(parents=True, exist_ok=True)
        replace_text(target, "\n".join(sorted(words)))
    except OSError as error:
        raise _unwritable(cache, error) from error
    return Compounds.of(words)


def _unwritable(cache: Path, error: OSError) -> IndexStateError:
    return IndexStateError(
        f"Không ghi được bộ nhớ đệm trong {cache}: {error.strerror}.",
        "Đặt KEHOACH_HOME tới một thư mục ghi được và còn chỗ trống.",
    )


def _encode(
    encode: Callable[[Sequence[str]], Vectors], dimension: int, texts: Sequence[str], target: Path, progress: Progress
) -> Vectors:
    """Rows are appended as they come; whole rows of an earlier run are kept, a torn last one is cut off."""
    part = target.with_suffix(".part")
    row = 4 * dimension
    with part.open("ab") as stream:
        done = min(stream.tell() // row, len(texts))
        stream.truncate(done * row)
        for start in range(done, len(texts), _BATCH):
            progress("embed", start, len(texts))
            stream.write(np.ascontiguousarray(encode(texts[start : start + _BATCH]), dtype="<f4").tobytes())
            stream.flush()
    vectors = np.fromfile(part, dtype="<f4").astype(np.float32, copy=False).reshape(-1, dimension)
    finished = target.with_suffix(".tmp")
    with finished.open("wb") as stream:  # np.save would add a suffix of its own to a path
        np.save(stream, vectors)
    finished.replace(target)
    part.unlink()
    return vectors


def _read(path: Path, count: int, dimension: int) -> Vectors | None:
    """The vectors of a finished file; None where it is missing or not what was asked for."""
    try:
        found = np.load(path)
    except (FileNotFoundError, ValueError, EOFError):
        return None
    return found if found.shape == (count, dimension) and found.dtype == np.float32 else None


def _digest(name: str, texts: Sequence[str]) -> str:
    digest = hashlib.sha256(name.encode())
    for text in texts:
        digest.update(b"\0" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())
    return digest.hexdigest()[:16]
