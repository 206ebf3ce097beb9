"""Weights chosen on the development half of the gold set by `kehoach eval --tune`, stored with the figures reached."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

FILE = "data/weights.toml"
PATH = Path(__file__).parent / FILE


@cache
def stored() -> dict[str, Any]:
    """The tables `steps` and `confidence` of the file."""
    return tomllib.loads(resources.files("answer").joinpath(FILE).read_text("utf-8"))
