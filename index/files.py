"""Files that survive a power cut: synced before they are named, named in one step, digested, locked."""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ingest.errors import IndexStateError

LOCK = ".lock"


def sync_tree(folder: Path) -> None:
    """fsync every file below a folder, then the folders, so that a rename after this names complete files."""
    for path in sorted(folder.rglob("*"), reverse=True):
        _sync(path)
    _sync(folder)


def sync_folder(folder: Path) -> None:
    """fsync a folder: makes a rename in it last."""
    _sync(folder)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace_text(path: Path, text: str) -> None:
    """Replace the content of a file in one step: a reader sees the old text or the new, never a part."""
    replace_bytes(path, text.encode("utf-8"))


def replace_bytes(path: Path, data: bytes) -> None:
    """Replace the content of a file in one step, as `replace_text` does. What cannot be written leaves nothing behind.

    Raises:
        OSError: it cannot be written; the old content is still there.
    """
    draft = path.with_name(f".{path.name}.tmp")
    try:
        draft.write_bytes(data)
        _sync(draft)
        draft.replace(path)
    except OSError:
        with suppress(OSError):
            draft.unlink()
        raise
    sync_folder(path.parent)


def replace_file(draft: Path, path: Path) -> None:
    """Put a finished file of the same disk in the place of another, in one step.

    Raises:
        OSError: it cannot be done; the old file is still there.
    """
    _sync(draft)
    draft.replace(path)
    sync_folder(path.parent)


def sha256(path: Path) -> str:
    """Hex digest of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def text_digest(text: str) -> str:
    """Hex sha256 of a text: the key of everything derived from it."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@contextmanager
def writing(home: Path) -> Iterator[None]:
    """Turn a refusal of the file system (no room, no right to write) into an error that names the home.

    Raises:
        IndexStateError: something could not be written.
    """
    try:
        yield
    except OSError as error:
        raise IndexStateError(
            f"Không ghi được vào {home}: {error.strerror or error}.",
            "Kiểm tra dung lượng đĩa và quyền ghi rồi chạy lại; chỉ mục đang dùng không bị thay đổi.",
        ) from error


@contextmanager
def exclusive(home: Path) -> Iterator[None]:
    """Hold the lock of a home. The system releases it when the process dies, so it never has to be broken by hand.

    Raises:
        IndexStateError: another builder holds it, or the home cannot be written.
    """
    with alone(home, LOCK, f"Một lần nạp khác đang ghi vào {home}"):
        yield


@contextmanager
def alone(home: Path, name: str, taken: str) -> Iterator[None]:
    """Hold a lock file of this name in a home; `taken` is said where another has it.

    Raises:
        IndexStateError: another holds it, or the home cannot be written.
    """
    with writing(home):
        home.mkdir(parents=True, exist_ok=True)
        handle = os.open(home / name, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            _lock(handle)
        except BlockingIOError as error:
            raise IndexStateError(f"{taken}.", "Đợi lần đó xong rồi làm lại.") from error
        yield
    finally:
        os.close(handle)


def _lock(handle: int) -> None:
    """Take the lock; a second look, for `held` takes it for a moment too."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        time.sleep(0.05)
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def held(home: Path) -> bool:
    """Whether a build is running. A home that was never built in has no lock."""
    try:
        handle = os.open(home / LOCK, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False
