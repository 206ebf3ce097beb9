"""What changes the index from a page: the one place of `ui` that writes. Others pick up the new generation themselves
(`ui.services`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from index.build import Builder, BuildReport, Progress
from index.plan import Step, make_plan
from index.store import DATABASE, State, Store
from ingest.errors import InputError
from ingest.model import Parsed
from ingest.settings import Settings
from ui import freshness, services


def preview(parsed: Sequence[Parsed]) -> tuple[Step, ...]:
    """What bringing these plans in would do; writes nothing.

    Raises:
        InputError: the database cannot be read.
    """
    home = Settings.from_environment().home
    if not (home / DATABASE).is_file():
        return make_plan([], parsed).steps
    with Store.open(home, create=False) as store:
        return make_plan(store.entries(State.LIVE), parsed).steps


def commit(parsed: Sequence[Parsed], progress: Progress) -> BuildReport:
    """Bring plans into the index. `progress` may end it by raising: the index then stays as it was.

    Raises:
        InputError: another build is running, or the index cannot be written.
    """
    with _builder(create=True) as builder:
        return builder.sync(parsed, progress)


def remove(identifier: str, progress: Progress) -> BuildReport:
    """Take the plan of this id out of the index; ended and refused as `commit` is.

    Raises:
        InputError: there is no such plan, another build is running, or the index cannot be written.
    """
    with _builder(create=False) as builder:
        return builder.remove(identifier, progress=progress)


@contextmanager
def _builder(*, create: bool) -> Iterator[Builder]:
    settings = Settings.from_environment()
    with Store.open(settings.home, create=create) as store:
        builder = Builder(store, services.encoder(), settings.home)
        stopped = True
        try:
            yield builder
            stopped = False
        except InputError:
            stopped = False  # the next build heals what it left
            raise
        finally:
            if stopped:
                builder.discard()
    freshness.watch(settings).look(settings)
