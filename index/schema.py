"""The tables of `kehoach.db`. Raise `SCHEMA_VERSION` with every change that an older program could not read."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from ingest.errors import IndexStateError

SCHEMA_VERSION = 4
PATIENCE = 30.0  # seconds to wait for another who writes

# A document is `staged` until the generation that holds it is current, then `live`; replaced or removed it is
# `retired` for as long as a kept generation still shows it. The same id may stand there once in each state.
_TABLES = """
CREATE TABLE documents (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    state TEXT NOT NULL CHECK (state IN ('staged', 'live', 'retired')),
    fingerprint TEXT NOT NULL,
    id TEXT NOT NULL, number TEXT NOT NULL, kind TEXT NOT NULL, province TEXT NOT NULL, issued TEXT,
    signer TEXT NOT NULL, position TEXT NOT NULL, title TEXT NOT NULL, period TEXT NOT NULL, source TEXT NOT NULL,
    digest TEXT NOT NULL, format TEXT NOT NULL, basis TEXT NOT NULL, recipients TEXT NOT NULL, facts TEXT NOT NULL,
    warnings TEXT NOT NULL, coverage TEXT NOT NULL, lines TEXT NOT NULL
);
CREATE UNIQUE INDEX one_live ON documents (id) WHERE state = 'live';
CREATE TABLE clauses (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    document_key INTEGER NOT NULL REFERENCES documents (key) ON DELETE CASCADE,
    id TEXT NOT NULL, document_id TEXT NOT NULL, ordinal INTEGER NOT NULL, kind TEXT NOT NULL, section TEXT NOT NULL,
    text TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, page INTEGER, bullet INTEGER, row TEXT,
    agencies TEXT NOT NULL,
    UNIQUE (document_key, id)
);
CREATE INDEX clauses_by_id ON clauses (id);
CREATE TABLE clause_agencies (
    clause_key INTEGER NOT NULL REFERENCES clauses (key) ON DELETE CASCADE,
    name TEXT NOT NULL, role TEXT NOT NULL,
    PRIMARY KEY (clause_key, name, role)
) WITHOUT ROWID;
CREATE INDEX agencies_by_name ON clause_agencies (name);
CREATE TABLE vectors (
    encoder TEXT NOT NULL, text_digest TEXT NOT NULL, vector BLOB NOT NULL,
    PRIMARY KEY (encoder, text_digest)
) WITHOUT ROWID;
CREATE TABLE compounds (
    text_version INTEGER NOT NULL, text_digest TEXT NOT NULL, words TEXT NOT NULL,
    PRIMARY KEY (text_version, text_digest)
) WITHOUT ROWID;
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
# What readers say is wrong: copies of what they saw, for the plan may be gone when it is looked at.
_REPORTS = """
CREATE TABLE reports (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    made TEXT NOT NULL, who TEXT NOT NULL, address TEXT NOT NULL, question TEXT NOT NULL, kind TEXT NOT NULL,
    province TEXT NOT NULL, number TEXT NOT NULL, answer TEXT NOT NULL, clause_id TEXT NOT NULL, label TEXT NOT NULL,
    quote TEXT NOT NULL, section TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    fault TEXT NOT NULL, remark TEXT NOT NULL, settled INTEGER NOT NULL DEFAULT 0
);
"""
# `pending` names the generation that a change was made for, until that is known to be current: `index.history`.
_HISTORY = """
CREATE TABLE history (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    pending TEXT NOT NULL, made TEXT NOT NULL, who TEXT NOT NULL, cause TEXT NOT NULL, effect TEXT NOT NULL,
    document_id TEXT NOT NULL, number TEXT NOT NULL, province TEXT NOT NULL, source TEXT NOT NULL
);
"""
# `reader` is the program that read a document (`ingest.version`). What pages a document was read from, and its file,
# stay for as long as a document of that content is there. `prepared` is what an index takes of a document, made of its
# clauses (`index.prepared`). `corrections` stays when the document goes: the same file brought in again is corrected
# again (`index.corrections`).
_GROWTH = """
ALTER TABLE documents ADD COLUMN relations TEXT NOT NULL DEFAULT '[]';
ALTER TABLE documents ADD COLUMN corrections TEXT NOT NULL DEFAULT '[]';
ALTER TABLE documents ADD COLUMN reader TEXT NOT NULL DEFAULT '';
ALTER TABLE clauses ADD COLUMN doubts TEXT NOT NULL DEFAULT '[]';
CREATE TABLE printed (
    document_key INTEGER PRIMARY KEY REFERENCES documents (key) ON DELETE CASCADE,
    form TEXT NOT NULL, marks TEXT NOT NULL, doubts TEXT NOT NULL
);
CREATE TABLE originals (digest TEXT PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE sketches (digest TEXT PRIMARY KEY, sketch BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE prepared (
    fingerprint TEXT PRIMARY KEY, text_version INTEGER NOT NULL, passages BLOB NOT NULL, lexicals BLOB NOT NULL,
    words TEXT NOT NULL, main BLOB NOT NULL, main_lengths BLOB NOT NULL, also BLOB NOT NULL, also_lengths BLOB NOT NULL,
    compounds TEXT NOT NULL, counts TEXT NOT NULL
);
CREATE TABLE corrections (
    digest TEXT NOT NULL, source TEXT NOT NULL, field TEXT NOT NULL, read TEXT NOT NULL, value TEXT NOT NULL,
    who TEXT NOT NULL, made TEXT NOT NULL,
    PRIMARY KEY (digest, field)
) WITHOUT ROWID;
"""
# Version → what makes it of the one before.
_STEPS = {1: _TABLES, 2: _REPORTS, 3: _HISTORY, 4: _GROWTH}


def connect(path: Path, patience: float = PATIENCE) -> sqlite3.Connection:
    """Open the database, making its tables in an empty file, and those that an older program did not know.

    Raises:
        IndexStateError: the file is not a database, is damaged, or was written by a newer program.
    """
    try:
        # Shared by the threads of one process; `Store` puts a lock around every use.
        connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=patience)
    except sqlite3.Error as error:
        raise refused(path, error) from error
    try:
        _prepare(connection, path)
    except FAILURES as error:
        connection.close()
        raise refused(path, error) from error
    except IndexStateError:
        connection.close()
        raise
    connection.row_factory = sqlite3.Row
    return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")  # a generation must never be more durable than what it was made of
    connection.execute("PRAGMA foreign_keys = ON")
    found = _version(connection)
    if found > SCHEMA_VERSION:
        raise IndexStateError(
            f"Cơ sở dữ liệu {path} do phiên bản mới hơn của kehoach ghi (cấu trúc {found}, chương trình này đọc được "
            f"đến {SCHEMA_VERSION}).",
            "Cập nhật kehoach, hoặc đặt KEHOACH_HOME tới một thư mục khác rồi chạy `kehoach ingest corpus/`.",
        )
    if found < SCHEMA_VERSION:
        connection.execute("BEGIN IMMEDIATE")
        for version in range(
            _version(connection) + 1, SCHEMA_VERSION + 1
        ):  # another process may have done it meanwhile
            for statement in _STEPS[version].split(";"):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("COMMIT")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


# SQLite's message quotes the damaged text, and that may be no UTF-8.
FAILURES = (sqlite3.DatabaseError, UnicodeDecodeError)
_DENIED = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_TOOBIG}


def refused(path: Path, error: Exception) -> IndexStateError:
    """The error for what SQLite refused: it may not write, must wait, found no room, or the file is damaged."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF  # the rest tells finer kinds of it
    if code in _DENIED:
        return IndexStateError(
            f"Không ghi được vào cơ sở dữ liệu {path}.",
            f"Cấp quyền ghi cho thư mục {path.parent}, hoặc đặt KEHOACH_HOME tới một thư mục ghi được.",
        )
    if code in _BUSY:
        return IndexStateError(f"Cơ sở dữ liệu {path} đang được ghi.", "Đợi lần nạp đang chạy xong rồi chạy lại.")
    if code in _FULL:
        return IndexStateError(
            f"Không ghi được hết vào cơ sở dữ liệu {path}: {error}.",
            "Giải phóng dung lượng đĩa rồi chạy lại; dữ liệu đã nạp vẫn còn.",
        )
    return damaged(path, error)


def damaged(path: Path, error: Exception) -> IndexStateError:
    """The error for a database that cannot be read."""
    return IndexStateError(
        f"Không đọc được cơ sở dữ liệu {path}: {error}.",
        f"Khôi phục tệp từ bản sao lưu, hoặc đổi tên thư mục {path.parent} rồi chạy lại `kehoach ingest corpus/`.",
    )
