"""Database and generations brought into line: after every build, and before the next for one that was stopped."""

from __future__ import annotations

from pathlib import Path

from index.generation import Member, current_name, names, prune, read_manifest
from index.history import settle
from index.store import Entry, State, Store
from ingest.errors import IndexStateError


def reconcile(store: Store, home: Path) -> None:
    """Make the states of the database say what the generations on disk hold.

    Live is what the manifest of the current generation lists. Where it cannot be read, or lists what the database
    does not have (the file was put back from a backup), the states in the database stand.
    """
    kept = prune(home) if current_name(home) else names(home)
    entries = store.entries()
    present = set(map(member_of, entries))
    shown = {name: members for name in kept if (members := members_of(home / name)) <= present}
    current = shown.get(current_name(home) or "")
    live = {m.key for m in current} if current is not None else {e.key for e in entries if e.state is State.LIVE}
    store.set_states(live, {m.key for members in shown.values() for m in members})
    settle(store, current_name(home))


def members_of(folder: Path) -> set[Member]:
    """The documents that a generation holds; one that is in no database where its manifest cannot be read."""
    try:
        return set(read_manifest(folder).documents)
    except IndexStateError:
        return {Member(-1, "", "")}  # in no database: not a generation to go by


def member_of(entry: Entry) -> Member:
    """A document as a manifest lists it."""
    return Member(entry.key, entry.document.id, entry.fingerprint)
