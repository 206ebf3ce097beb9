"""Vectors in memory and in a file are the same vectors."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import rows as module
from index.rows import Held, Stored
from ingest.errors import IndexStateError

VECTORS = np.random.default_rng(3).normal(size=(300, 24)).astype(np.float32)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("vectors") / "vectors.npy"
    np.save(file, VECTORS)
    return file


@settings(max_examples=60, deadline=None)
@given(st.sets(st.integers(0, 299)), st.integers(1, 50))
def test_what_is_read_is_what_was_written(path: Path, wanted: set[int], piece: int) -> None:
    positions = np.array(sorted(wanted), dtype=np.int64)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_PIECE", piece)
        for rows in (Held(VECTORS), Stored(path)):
            assert (rows.at(positions) == VECTORS[positions]).all()
            parts = [np.empty((0, 24), np.float32), *rows.parts(positions)]
            assert (np.concatenate(parts) == VECTORS[positions]).all()
            assert (rows.whole == VECTORS).all()


def test_a_file_may_be_deleted_while_it_is_read(tmp_path: Path) -> None:
    np.save(tmp_path / "v.npy", VECTORS)
    rows = Stored(tmp_path / "v.npy")
    (tmp_path / "v.npy").unlink()
    assert (rows.at(np.arange(300)) == VECTORS).all()


def test_a_file_that_was_cut_short_is_told(tmp_path: Path) -> None:
    np.save(tmp_path / "v.npy", VECTORS)
    rows = Stored(tmp_path / "v.npy")
    os.truncate(tmp_path / "v.npy", 5_000)
    with pytest.raises(IndexStateError, match="bị cắt ngắn"):
        rows.at(np.array([0, 299]))


@pytest.mark.parametrize("other", [VECTORS[0], VECTORS.astype(np.float64)])
def test_a_file_of_something_else_is_refused(tmp_path: Path, other: np.ndarray) -> None:
    np.save(tmp_path / "v.npy", other)
    with pytest.raises(ValueError, match=r"v\.npy"):
        Stored(tmp_path / "v.npy")


def descriptors(path: Path) -> list[Path]:
    """Those of this process that are of a file."""
    return [fd for fd in Path("/proc/self/fd").iterdir() if fd.resolve() == path]


def test_the_file_is_closed_with_the_index(tmp_path: Path) -> None:
    path = tmp_path.resolve() / "v.npy"
    np.save(path, VECTORS)
    rows = Stored(path)
    assert descriptors(path)
    del rows
    gc.collect()
    assert not descriptors(path)
