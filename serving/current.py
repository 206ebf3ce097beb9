"""Which generation of an index is current: what everything that is remembered is remembered under."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from index.generation import CURRENT, current_name
from ingest.settings import Settings
from ingest.where import Where


class Key(NamedTuple):
    """Home, encoder, the generation with the moment of its publication, and the engine that searches it."""

    home: str
    encoder: str
    generation: str
    where: Where

    @property
    def name(self) -> str:
        """The generation without that moment: «gen-3»; "" where there is none."""
        return self.generation.partition("@")[0]


def key_of(settings: Settings) -> Key:
    """What the settings say is to be opened."""
    return Key(str(settings.home.absolute()), settings.encoder, published(settings.home), settings.engine)


def published(home: Path) -> str:
    """Name of the current generation and when it was published; "" where there is none.

    The name alone would not do: a home that was deleted and made again begins with `gen-1` once more.
    """
    name = current_name(home)
    try:
        return f"{name}@{(home / CURRENT).stat().st_mtime_ns}" if name else ""
    except OSError:  # deleted between the two looks: opening says what is wrong
        return ""
