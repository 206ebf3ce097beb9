"""Is the index older than the plans? What the database, the generation in use and the source files say of one another.

Cheap after the first look: a file is digested again only when its size or time has changed, and a new one beside the
plans is parsed once.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from index.arrival import skipped
from index.files import held, sha256
from index.generation import CURRENT, Member, current_name, read_manifest
from index.plan import Action, make_plan
from index.store import Entry, State, Store
from ingest.errors import CoverageError, SourceError
from ingest.model import Parsed
from ingest.parse import parse_file
from ingest.readers.form import SUFFIXES
from ingest.settings import Settings


class Cause(StrEnum):
    """In what an index is out of date."""

    INTERRUPTED = "interrupted"  # staged by a build that did not end
    UNSHOWN = "unshown"  # live in the database, not in the generation
    GONE = "gone"  # in the generation, no longer in the database
    CHANGED = "changed"  # a source file is not what was ingested
    NEW = "new"  # a plan beside the sources that was never ingested, or a newer edition of one


@dataclass(frozen=True, slots=True)
class Stale:
    """One thing that the index does not show: the plan or file, what is the matter, what to do, in Vietnamese."""

    cause: Cause
    name: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.name}: {_MATTERS[self.cause]}"


_MATTERS = {
    Cause.INTERRUPTED: "lần nạp bị dừng giữa chừng",
    Cause.UNSHOWN: "có trong cơ sở dữ liệu nhưng không có trong chỉ mục",
    Cause.GONE: "có trong chỉ mục nhưng không còn trong cơ sở dữ liệu",
    Cause.CHANGED: "đã thay đổi sau khi nạp",
    Cause.NEW: "chưa nạp",
}
_Stamp = tuple[int, int]  # of a file: time of the last change in ns, bytes


@dataclass(slots=True)
class Seen:
    """What is known of files from the last look: digests by path, plans by digest."""

    digests: dict[Path, tuple[_Stamp, str]] = field(default_factory=dict)
    plans: dict[str, Parsed | None] = field(default_factory=dict)

    def digest(self, path: Path, stamp: _Stamp) -> str:
        """SHA-256 of a file; "" for one that may not be read."""
        known, digest = self.digests.get(path, (None, ""))
        if known != stamp:
            try:
                digest = sha256(path)
            except OSError:
                return ""
            self.digests[path] = stamp, digest
        return digest

    def parsed(self, path: Path, digest: str, settings: Settings) -> Parsed | None:
        """The plan in a file; None for one that would be refused."""
        if digest not in self.plans:
            try:
                self.plans[digest] = parse_file(path, settings)
            except (SourceError, CoverageError):
                self.plans[digest] = None
        return self.plans[digest]


def find_stale(settings: Settings, seen: Seen | None = None) -> list[Stale]:
    """What the index of `settings.home` does not show; empty while a build is running, which may be bringing it in.

    Raises:
        IndexStateError: there is no index, or one that cannot be read.
    """
    if held(settings.home):
        return []
    with Store.open(settings.home, create=False) as store:
        entries = store.entries()
        passed_over = skipped(store)
    live = [entry for entry in entries if entry.state is State.LIVE]
    staged = [entry for entry in entries if entry.state is State.STAGED]
    return [*_unlike(settings.home, live, staged), *_files(live, passed_over, settings, seen or Seen())]


def _unlike(home: Path, live: Sequence[Entry], staged: Sequence[Entry]) -> Iterator[Stale]:
    """How the database and the generation in use differ."""
    again = "Chạy lại lệnh nạp văn bản này."
    for entry in staged:
        yield Stale(Cause.INTERRUPTED, _name(entry), again)
    current = current_name(home)
    shown = set(read_manifest(home / current).documents) if current else set()
    stored = {Member(e.key, e.document.id, e.fingerprint): e for e in live}
    rebuild = "Chạy `kehoach doctor --repair`."
    from_database = f"Xóa tệp `{home / CURRENT}` rồi chạy `kehoach doctor --repair`." if current else rebuild
    for member in sorted(stored.keys() - shown, key=lambda m: m.key):
        yield Stale(Cause.UNSHOWN, _name(stored[member]), from_database)
    for member in sorted(shown - stored.keys(), key=lambda m: m.key):
        yield Stale(Cause.GONE, member.id, rebuild)


def _name(entry: Entry) -> str:
    return entry.document.number or entry.document.file


def _files(live: Sequence[Entry], passed_over: Set[str], settings: Settings, seen: Seen) -> Iterator[Stale]:
    """Sources that were ingested by path and have changed, and plans beside them that nobody left out. An upload has
    no path."""
    sources = {Path(e.document.source): e.document.digest for e in live if Path(e.document.source).is_absolute()}
    known = {entry.document.digest for entry in live} | passed_over
    for path, stamp in _plans_in(sorted({path.parent for path in sources})):
        digest = seen.digest(path, stamp)
        if not digest or digest in known:
            continue
        remedy = f"Chạy `kehoach ingest {shlex.quote(str(path))}`."
        if path in sources:
            yield Stale(Cause.CHANGED, str(path), remedy)
        elif (parsed := seen.parsed(path, digest, settings)) and _is_newer(parsed, stamp, live):
            yield Stale(Cause.NEW, str(path), remedy)


def _plans_in(folders: Iterable[Path]) -> Iterator[tuple[Path, _Stamp]]:
    """The readable plans that lie in folders, sorted, with their stamps."""
    for folder in folders:
        try:
            with os.scandir(folder) as found:
                paths = sorted(
                    Path(entry.path)
                    for entry in found
                    if entry.name[0] != "." and Path(entry.name).suffix.lower() in SUFFIXES and entry.is_file()
                )
        except OSError:  # gone, or closed to the program: the database holds what was ingested
            continue
        for path in paths:
            if stamp := _stamp(path):
                yield path, stamp


def _stamp(path: Path) -> _Stamp | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def _is_newer(parsed: Parsed, stamp: _Stamp, live: Sequence[Entry]) -> bool:
    """Whether a file is no plan of the index, or a later edition of one. An older one was passed over on purpose."""
    (step,) = make_plan(live, [parsed]).steps
    if step.action is Action.ADDED:
        return True
    standing = _stamp(Path(step.other.source)) if step.action is Action.REPLACED and step.other else None
    return standing is not None and stamp[0] > standing[0]
