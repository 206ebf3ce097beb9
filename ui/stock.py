"""What changes the index from a page: the one place of `ui` that writes. Others pick up the new generation themselves
(`ui.services`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from index.arrival import Choices, plan_arrival
from index.build import Builder, BuildReport
from index.generation import current_name
from index.history import Change, history
from index.kept import KeptReadings
from index.plan import Step
from index.progress import Progress
from index.store import DATABASE, Store
from ingest.errors import InputError
from ingest.intake import Kept, nothing_kept
from ingest.model import Parsed
from ingest.settings import Settings
from ui import freshness, services


@contextmanager
def kept() -> Iterator[Kept]:
    """What is known of files that are in the stock.

    Raises:
        InputError: the database cannot be read.
    """
    home = Settings.from_environment().home
    if not (home / DATABASE).is_file():
        yield nothing_kept
        return
    with Store.open(home, create=False) as store:
        yield KeptReadings(store)


def preview(parsed: Sequence[Parsed], choices: Choices) -> tuple[Step, ...]:
    """What bringing these plans in would do.

    Raises:
        InputError: the database cannot be read.
    """
    home = Settings.from_environment().home
    if not (home / DATABASE).is_file():
        return plan_arrival(None, parsed, choices).steps
    with Store.open(home, create=False) as store:
        return plan_arrival(store, parsed, choices).steps


def commit(parsed: Sequence[Parsed], progress: Progress, choices: Choices = Choices()) -> BuildReport:  # noqa: B008
    """Bring plans into the index. `progress` may end it by raising: the index then stays as it was.

    Raises:
        InputError: another build is running, or the index cannot be written.
    """
    with _builder(create=True) as builder:
        return builder.sync(parsed, progress, choices)


def remove(identifier: str, progress: Progress) -> BuildReport:
    """Take the plan of this id out of the index; ended and refused as `commit` is.

    Raises:
        InputError: there is no such plan, another build is running, or the index cannot be written.
    """
    with _builder(create=False) as builder:
        return builder.remove(identifier, progress=progress)


def correct(identifier: str, values: Mapping[str, str], progress: Progress) -> BuildReport:
    """Give fields of the header of the plan of this id these values; ended and refused as `commit` is.

    Raises:
        InputError: there is no such plan, another build is running, or the index cannot be written.
    """
    with _builder(create=False) as builder:
        return builder.correct(identifier, values, progress)


def undo(progress: Progress) -> BuildReport:
    """Take the last change of the stock back; ended and refused as `commit` is.

    Raises:
        InputError: there is nothing to take back, another build is running, or the index cannot be written.
    """
    with _builder(create=False) as builder:
        return builder.undo(progress)


def past(limit: int) -> list[Change]:
    """The last changes, newest first; none where there is no index yet.

    Raises:
        InputError: the database cannot be read.
    """
    home = Settings.from_environment().home
    if not (home / DATABASE).is_file():
        return []
    with Store.open(home, create=False) as store:
        return history(store, current_name(home), limit)


@contextmanager
def _builder(*, create: bool) -> Iterator[Builder]:
    settings = Settings.from_environment()
    with Store.open(settings.home, create=create) as store:
        builder = Builder(store, services.encoder(), settings.home, services.reader())
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
