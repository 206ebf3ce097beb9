"""The database → the engine: what is missing there is sent, what is too much taken out, and the whole is checked.

It may be stopped at any moment, and run again as often as one likes. What is there is asked of the engine itself, row
by row by its digest, so that nothing has to be remembered; the alias that says that everything is there is taken away
before the first change and set after the last check.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.cluster.names import alias_name, stamp
from index.cluster.rows import Row, Source, fetched
from index.cluster.tables import Table
from index.generation import Generation, Member
from index.progress import Progress
from ingest.errors import EngineError

_TOGETHER = 2_000  # rows compared at once, at least
_SENT = 400  # rows in one message: some 2 MB
_CHECKED = 100  # rows compared field by field at the end


@dataclass(frozen=True, slots=True)
class Report:
    """How many rows were sent, were there already, were taken out; how many there are."""

    sent: int
    unchanged: int
    removed: int
    rows: int
    words: bool


class Push:
    """Brings a tenant's rows to a generation."""

    def __init__(self, table: Table, source: Source, generation: Generation) -> None:
        self._table = table
        self._source = source
        self._generation = generation
        self._declared: list[str] = []
        self._sent = self._unchanged = self._removed = 0

    def run(self, progress: Progress) -> Report:
        """Do it.

        Raises:
            EngineError: the engine cannot be reached, or does not hold in the end what was sent.
            IndexStateError: the database changed meanwhile.
        """
        table, total = self._table, len(self._generation.parts.rows)
        table.prepare()
        self._declared = table.aliases()
        table.count()  # with what was written before in sight: from here on nobody else writes
        done = end = 0
        members = self._source.keys()
        for group in _groups(members):
            first, end = end, 1 + max(key for _, keys in group for key in keys)
            self._bring(group, first, end)
            done += sum(len(keys) for _, keys in group)
            progress("push", done, total)
        while gone := table.beyond(end):
            self._remove(gone)
        self._check(members)
        held = stamp(self._generation)
        if alias_name(table.tenant, held) not in self._declared:
            table.declare(held)
        return Report(self._sent, self._unchanged, self._removed, total, table.words)

    def _bring(self, group: Sequence[tuple[Member, list[int]]], first: int, end: int) -> None:
        there = self._table.digests(first, end)
        wanted = {key for _, keys in group for key in keys}
        unlike: list[Row] = []
        for row in self._source.rows(group):
            if there.get(row.key) == row.digest():
                self._unchanged += 1
            else:
                unlike.append(row)
            if len(unlike) == _SENT:
                self._send(unlike)
                unlike = []
        self._send(unlike)
        self._remove(sorted(there.keys() - wanted))

    def _send(self, rows: Sequence[Row]) -> None:
        if rows:
            self._undeclare()
            self._table.put([row.as_dict() for row in rows])
            self._sent += len(rows)

    def _remove(self, keys: Sequence[int]) -> None:
        for some in _parts(keys, _TOGETHER):
            self._undeclare()
            self._table.drop(some)
            self._removed += len(some)

    def _undeclare(self) -> None:
        """From now on the rows are those of no generation."""
        self._table.withdraw(self._declared)
        self._declared = []

    def _check(self, members: Sequence[tuple[Member, list[int]]]) -> None:
        """Count, and compare a sample field by field."""
        there, wanted = self._table.count(), len(self._generation.parts.rows)
        chosen = random.sample(members, min(len(members), _CHECKED))
        picked = {random.choice(keys): (member, keys) for member, keys in chosen}  # noqa: S311 (a sample, no secret)
        unlike = there != wanted
        for keys in _parts(sorted(picked), 20):
            held = {row.key: row for each in self._table.whole(keys) if (row := fetched(each, self._table.first_key))}
            for key in keys:
                ours = next(row for row in self._source.rows([picked[key]]) if row.key == key)
                unlike = unlike or key not in held or held[key].digest() != ours.digest()
        if unlike:
            self._undeclare()
            raise EngineError(
                f"Máy tìm kiếm không giữ đúng những gì đã đẩy lên ({there} đoạn, cần {wanted}).",
                "Chạy lại `kehoach index push`; nếu vẫn vậy, xem có máy khác đang đẩy cho cùng KEHOACH_TENANT không.",
            )


def _groups(members: Iterable[tuple[Member, list[int]]]) -> Iterator[list[tuple[Member, list[int]]]]:
    """Plans that lie together, so many that a question to the engine is worth it."""
    group: list[tuple[Member, list[int]]] = []
    for each in members:
        group.append(each)
        if sum(len(keys) for _, keys in group) >= _TOGETHER:
            yield group
            group = []
    if group:
        yield group


def _parts(keys: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    return (keys[at : at + size] for at in range(0, len(keys), size))
