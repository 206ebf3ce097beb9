"""One finished index on disk: `gen-N/` with vectors, BM25, compounds, counts of words, row keys and a
manifest. Derived, never changed.

Written under another name, synced, renamed; then `CURRENT` is replaced. That replacement is the moment from which a
new reader sees it; a reader that opened the one before keeps it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence, Set
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.counts import WordCounts
from index.dense import FILE as DENSE_FILE
from index.dense import VECTORS, DenseIndex
from index.features import Compounds
from index.files import replace_text, sha256, sync_folder, sync_tree
from index.lexical import MATCHED, LexicalIndex
from index.positions import Positions
from index.text import TEXT_VERSION
from ingest.errors import IndexStateError

CURRENT = "CURRENT"
KEPT = 2  # the one in use and the one before, which a reader may still have open
_FORMAT = 6
_MANIFEST, _ROWS, _COMPOUNDS = "manifest.json", "rows.npy", "compounds.txt"
_PREFIX, _DRAFT = "gen-", ".draft-"
SEARCHED = MATCHED | {DENSE_FILE, VECTORS}  # files that only the engine of one machine needs
_ALWAYS_DIGEST = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Member:
    """A document of a generation: its row key in the database, its id, the fingerprint of its content."""

    key: int
    id: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was made of. `files` maps a path to [bytes, sha256]."""

    format: int
    encoder: str
    dimension: int
    text_version: int
    clauses: int
    documents: tuple[Member, ...]
    files: dict[str, tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Parts:
    """The finished parts of a generation. `rows`: int64[n], clause keys by position, in the order of clause ids."""

    rows: NDArray[np.int64]
    dense: DenseIndex
    lexical: LexicalIndex
    compounds: Compounds
    counts: WordCounts
    documents: tuple[Member, ...]


class Generation:
    """An opened generation: everything in memory, mapped or held open, so that its files may be deleted under it."""

    def __init__(self, name: str, manifest: Manifest, parts: Parts) -> None:
        self.name = name
        self.manifest = manifest
        self.parts = parts
        self._order = np.argsort(parts.rows)

    @classmethod
    def open(cls, home: Path, encoder: str, *, searched: bool = True) -> Generation:
        """Open the generation that `CURRENT` names. Where it is searched elsewhere (`searched` off), vectors and
        weights of words are not read, and their files may be missing.

        Raises:
            IndexStateError: there is none; it is damaged; it is of another encoder or text version.
        """
        name = current_name(home)
        if name is None:
            raise IndexStateError(f"Thiếu tệp {home / CURRENT} hoặc tệp này hỏng.", REPAIR)
        folder = home / name
        manifest = read_manifest(folder)
        _check_fit(folder, manifest, encoder)
        _check_files(folder, manifest, frozenset() if searched else SEARCHED)
        return cls(name, manifest, _read_parts(folder, manifest, searched=searched))

    @property
    def document_keys(self) -> list[int]:
        """Row keys of its documents."""
        return [member.key for member in self.manifest.documents]

    def positions(self, clause_keys: Sequence[int]) -> Positions:
        """Sorted positions of clauses of this generation, given by their row keys."""
        order, rows = self._order, self.parts.rows
        return np.sort(order[np.searchsorted(rows, np.asarray(clause_keys, dtype=np.int64), sorter=order)])


REPAIR = "Chạy `kehoach doctor --repair`: dựng lại chỉ mục từ cơ sở dữ liệu, không phải nhúng lại văn bản."


def current_name(home: Path) -> str | None:
    """The name in `CURRENT`, None when there is no such file or it names nothing."""
    try:
        name = (home / CURRENT).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return name if _number(name) else None


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a generation.

    Raises:
        IndexStateError: it is missing or cannot be read.
    """
    try:
        told = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        members = tuple(Member(**member) for member in told.pop("documents"))
        files = {path: (int(size), str(digest)) for path, (size, digest) in told.pop("files").items()}
        return Manifest(**told, documents=members, files=files)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise _broken(folder / _MANIFEST) from error


def write_generation(home: Path, parts: Parts, encoder: str) -> str:
    """Write a generation under the next free number; it is not current yet. Returns its name."""
    name = f"{_PREFIX}{max([_number(n) for n in names(home)] + [_number(current_name(home) or '')]) + 1}"
    draft = home / f"{_DRAFT}{name}"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    parts.dense.save(draft)
    parts.lexical.save(draft)
    parts.counts.save(draft)
    np.save(draft / _ROWS, parts.rows)
    (draft / _COMPOUNDS).write_text("\n".join(sorted(parts.compounds.exact)), encoding="utf-8")
    files = {f.relative_to(draft).as_posix(): (f.stat().st_size, sha256(f)) for f in draft.rglob("*") if f.is_file()}
    count = len(parts.rows)
    manifest = Manifest(_FORMAT, encoder, parts.dense.dimension, TEXT_VERSION, count, parts.documents, files)
    (draft / _MANIFEST).write_text(json.dumps(asdict(manifest), ensure_ascii=False, indent=1), encoding="utf-8")
    sync_tree(draft)
    draft.replace(home / name)
    sync_folder(home)
    return name


def publish(home: Path, name: str) -> None:
    """Make a generation current: the commit point of a build."""
    replace_text(home / CURRENT, name + "\n")


def names(home: Path) -> list[str]:
    """The generations in a home, oldest first."""
    found = [p.name for p in home.iterdir() if p.is_dir() and _number(p.name)] if home.is_dir() else []
    return sorted(found, key=_number)


def prune(home: Path) -> list[str]:
    """Delete drafts, generations that never became current, and all but the last kept; the names kept, oldest first.

    Nothing but drafts is deleted while `CURRENT` cannot be read: what is current is not known then.
    """
    for draft in home.glob(f"{_DRAFT}*"):
        shutil.rmtree(draft, ignore_errors=True)
    current, found = current_name(home), names(home)
    if current is None:
        return found
    kept = [n for n in found if _number(n) <= _number(current)][-KEPT:]
    for name in set(found) - set(kept):
        shutil.rmtree(home / name, ignore_errors=True)
    return kept


def _number(name: str) -> int:
    digits = name.removeprefix(_PREFIX)
    return int(digits) if name.startswith(_PREFIX) and digits.isascii() and digits.isdigit() else 0


def _check_fit(folder: Path, manifest: Manifest, encoder: str) -> None:
    if manifest.encoder != encoder:
        raise IndexStateError(
            f"Chỉ mục {folder} được tạo bằng mô hình «{manifest.encoder}», còn mô hình đang chọn là «{encoder}».",
            f"Đặt KEHOACH_MODEL={manifest.encoder.split('@')[0]} để dùng chỉ mục này, hoặc tạo lại chỉ mục: "
            f"`kehoach ingest corpus/ --model {encoder.split('@')[0]}`.",
        )
    if (manifest.format, manifest.text_version) != (_FORMAT, TEXT_VERSION):
        raise IndexStateError(
            f"Chỉ mục {folder} do phiên bản khác của chương trình tạo "
            f"(định dạng {manifest.format}.{manifest.text_version}, chương trình này dùng {_FORMAT}.{TEXT_VERSION}).",
            REPAIR,
        )


def _check_files(folder: Path, manifest: Manifest, without: Set[str]) -> None:
    for path, (size, digest) in manifest.files.items():
        if path in without:
            continue
        file = folder / path
        try:
            whole = file.stat().st_size == size and (size >= _ALWAYS_DIGEST or sha256(file) == digest)
        except OSError as error:  # missing, or may not be read
            raise _broken(file) from error
        if not whole:
            raise _broken(file)


def _read_parts(folder: Path, manifest: Manifest, *, searched: bool) -> Parts:
    try:
        rows = np.load(folder / _ROWS)
        words = (folder / _COMPOUNDS).read_text(encoding="utf-8").split("\n")
        nothing = np.empty((0, manifest.dimension), dtype=np.float32)
        dense = DenseIndex.load(folder, rows) if searched else DenseIndex.build(nothing)
        lexical, counts = LexicalIndex.load(folder, whole=searched), WordCounts.load(folder)
    except (OSError, ValueError, KeyError, RuntimeError, TypeError, EOFError, AttributeError) as error:
        raise _broken(folder) from error
    held = {len(rows), lexical.count} | ({dense.count} if searched else set())
    if held != {manifest.clauses} or dense.dimension != manifest.dimension:
        raise _broken(folder)
    return Parts(rows, dense, lexical, Compounds.of(w for w in words if w), counts, manifest.documents)


def _broken(path: Path) -> IndexStateError:
    return IndexStateError(f"Chỉ mục hỏng hoặc ghi dở: {path}.", REPAIR)
