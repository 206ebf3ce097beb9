"""Who brought in or took out which plan, and when; kept in the database.

A change is written before the index that shows it is published, as `pending`: stopped between the two it never was.
`settle` decides that by the generation that is current.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import PurePath

from index.store import Entry, Store
from ingest.model import Document


class Cause(StrEnum):
    """What somebody did that changed the stock."""

    INGEST = "ingest"
    REMOVE = "remove"
    CORRECT = "correct"
    UNDO = "undo"
    RESTORE = "restore"


class Effect(StrEnum):
    """What became of a plan."""

    ADDED = "added"
    REPLACED = "replaced"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Change:
    """One plan that was changed: when (UTC), by whom («» where nobody is known), what was done, what became of it.

    Of a plan that took the place of another it is the new one that is named.
    """

    made: datetime
    who: str
    cause: Cause
    effect: Effect
    document_id: str
    number: str
    province: str
    source: str


CAUSES = {
    Cause.INGEST: "nạp",
    Cause.REMOVE: "gỡ",
    Cause.CORRECT: "sửa thông tin",
    Cause.UNDO: "hoàn tác",
    Cause.RESTORE: "khôi phục",
}
EFFECTS = {Effect.ADDED: "thêm", Effect.REPLACED: "thay bản cũ của", Effect.REMOVED: "bỏ"}


def told(change: Change) -> str:
    """«nạp: thêm 12/KH-UBND (Lào Cai)»."""
    name = change.number or PurePath(change.source).name
    place = f" ({change.province})" if change.province else ""
    return f"{CAUSES[change.cause]}: {EFFECTS[change.effect]} {name}{place}"


def changes_of(before: Sequence[Entry], after: Sequence[Entry], who: str, cause: Cause, now: datetime) -> list[Change]:
    """What becomes of each plan when the first documents make way for the second.

    Args:
        before: what the stock holds.
        after: what it will hold.
    """
    old, new = {entry.key for entry in before}, {entry.key for entry in after}
    gone = [entry.document for entry in before if entry.key not in new]
    places = {place for document in gone for place in _places(document)}
    found = []
    for document in (entry.document for entry in after if entry.key not in old):
        effect = Effect.ADDED if places.isdisjoint(_places(document)) else Effect.REPLACED
        found.append(_change(document, effect, who, cause, now))
    arrived = {place for entry in after if entry.key not in old for place in _places(entry.document)}
    left = [document for document in gone if arrived.isdisjoint(_places(document))]
    return [*found, *(_change(document, Effect.REMOVED, who, cause, now) for document in left)]


def _places(document: Document) -> set[tuple[str, ...]]:
    """Two documents that share one are versions of one plan: the same file, the same number of the same province."""
    by_number = {(document.number, document.province)} if document.number and document.province else set()
    return {(document.source,), *by_number}


def _change(document: Document, effect: Effect, who: str, cause: Cause, now: datetime) -> Change:
    return Change(now, who, cause, effect, document.id, document.number, document.province, document.source)


def record(store: Store, generation: str, changes: Iterable[Change]) -> None:
    """Write changes that count once this generation is current."""
    with store.transaction():
        store.run("DELETE FROM history WHERE pending = ?", generation)
        for change in changes:
            store.run(
                "INSERT INTO history (pending, made, who, cause, effect, document_id, number, province, source) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                generation, change.made.astimezone(UTC).isoformat(timespec="seconds"), change.who, change.cause.value,
                change.effect.value, change.document_id, change.number, change.province, change.source,
            )  # fmt: skip


def settle(store: Store, current: str | None) -> None:
    """Keep what was written for the current generation; drop what was written for one that never became current."""
    with store.transaction():
        store.run("UPDATE history SET pending = '' WHERE pending = ?", current or "-")
        store.run("DELETE FROM history WHERE pending != ''")


def history(store: Store, current: str | None, limit: int = 200) -> list[Change]:
    """The last changes, newest first."""
    sql = "SELECT * FROM history WHERE pending IN ('', ?) ORDER BY key DESC LIMIT ?"
    with store.decoding():
        return [_from(row) for row in store.rows(sql, current or "", limit)]


def _from(row: sqlite3.Row) -> Change:
    made, cause, effect = datetime.fromisoformat(row["made"]), Cause(row["cause"]), Effect(row["effect"])
    return Change(made, row["who"], cause, effect, row["document_id"], row["number"], row["province"], row["source"])
