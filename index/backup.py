"""The database as one file with its digest: made while others read and write, brought back as a build brings in plans.

The file is a zip of the database and a manifest. Restoring does not put the database in place of the one in use, whose
row keys the open index goes by: its documents come in as new ones, and count from the moment on at which the index made
of them is published. Stopped before, everything is as it was.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from index.build import Builder, BuildReport
from index.embed import Encoder
from index.files import replace_file, sha256, writing
from index.progress import Progress, silent
from index.schema import FAILURES, SCHEMA_VERSION, refused
from index.store import DATABASE, State, Store, no_index
from ingest.errors import IndexStateError, InputError, OutputError

_MANIFEST = "manifest.json"
_COPIED = ("vectors", "compounds")  # made from texts, kept by their digest: what is there already is the same
_REPLACED = ("reports", "settings")  # the history goes on: that something was restored is part of it


@dataclass(frozen=True, slots=True)
class BackupInfo:
    """What a backup holds: when it was made (UTC), the database's bytes and SHA-256, the plans in the index."""

    made: str
    schema: int
    size: int
    digest: str
    documents: int


def backup(home: Path, target: Path, now: datetime) -> BackupInfo:
    """Write the database of a home into a new file.

    Raises:
        OutputError: the file exists, or cannot be written.
        IndexStateError: there is no index, or its database is damaged.
    """
    if target.exists():
        raise OutputError(f"Tệp «{target}» đã có.", "Chọn tên khác: bản sao lưu cũ không bị ghi đè.")
    if not (home / DATABASE).is_file():
        raise no_index(home)
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".kehoach-") as folder:
            copy = Path(folder) / DATABASE
            _copy(home / DATABASE, copy)
            info = _info(copy, now)
            draft = Path(folder) / "draft.zip"
            with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.write(copy, DATABASE)
                archive.writestr(_MANIFEST, json.dumps(asdict(info), indent=1))
            replace_file(draft, target)
    except OSError as error:
        raise OutputError(
            f"Không ghi được «{target}»: {error.strerror or error}.", "Kiểm tra thư mục, dung lượng đĩa và quyền ghi."
        ) from error
    return info


def _copy(source: Path, target: Path) -> None:
    """SQLite's online backup: one state of the database, however long it takes and whoever writes."""
    try:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
            old.backup(new)
            new.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
    except FAILURES as error:
        raise refused(source, error) from error


def _info(database: Path, now: datetime) -> BackupInfo:
    with _opened(database) as store:
        if wrong := store.check():
            raise IndexStateError(f"Cơ sở dữ liệu bị hỏng: {'; '.join(wrong[:3])}.", "Chạy `kehoach doctor`.")
        count = len(store.entries(State.LIVE))
    made = now.isoformat(timespec="seconds")
    return BackupInfo(made, SCHEMA_VERSION, database.stat().st_size, sha256(database), count)


@contextmanager
def _opened(database: Path) -> Iterator[Store]:
    """A store on a copy of the database, which leaves no log behind."""
    with Store.open(database.parent, create=False) as store:
        yield store
        store.run("PRAGMA journal_mode = DELETE")


def restore(home: Path, source: Path, encoder: Encoder, progress: Progress = silent, who: str = "") -> BuildReport:
    """Make the plans, reports and settings of a backup those of a home; `who` did it stands in its history.

    Raises:
        InputError: the file is no backup, or is damaged.
        IndexStateError: the backup is of a newer program; another build is running; the home cannot be written.
    """
    with writing(home):
        home.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=home, prefix=".restore-"))
    try:
        with writing(home):
            _unpack(source, folder)
        with _opened(folder / DATABASE) as saved, Store.open(home) as store:
            parsed = [saved.parsed(entry.key) for entry in saved.entries(State.LIVE)]
            _take_over(store, saved.path, _COPIED, keep=True)
            report = Builder(store, encoder, home, who).become(parsed, progress)
            _take_over(store, saved.path, _REPLACED, keep=False)
        return report
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unpack(source: Path, folder: Path) -> None:
    try:
        with zipfile.ZipFile(source) as archive:
            info = BackupInfo(**json.loads(archive.read(_MANIFEST)))
            with archive.open(DATABASE) as packed, (folder / DATABASE).open("wb") as out:
                shutil.copyfileobj(packed, out)
    except FileNotFoundError as error:
        raise InputError(f"Không có tệp «{source}».", "Kiểm tra lại đường dẫn.") from error
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, NotImplementedError, RuntimeError) as error:
        raise _no_backup(source) from error
    if sha256(folder / DATABASE) != info.digest:
        raise _no_backup(source)


def _no_backup(source: Path) -> InputError:
    return InputError(
        f"«{source}» không phải là bản sao lưu nguyên vẹn của kehoach.", "Dùng bản sao lưu khác; chưa có gì thay đổi."
    )


def _take_over(store: Store, database: Path, tables: tuple[str, ...], *, keep: bool) -> None:
    """Copy tables out of another database; `keep` leaves what is there and adds to it."""
    store.run("ATTACH DATABASE ? AS saved", str(database))
    try:
        with store.transaction():
            for table in tables:
                if not keep:
                    store.run(f"DELETE FROM {table}")  # noqa: S608 (own names)
                store.run(f"INSERT OR IGNORE INTO {table} SELECT * FROM saved.{table}")  # noqa: S608
    finally:
        store.run("DETACH DATABASE saved")
