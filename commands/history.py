"""`kehoach history` and `kehoach undo`: what was changed in the stock, and the last change taken back."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from commands.output import progress_bar, say, user
from index.build import Builder
from index.embed import load_encoder
from index.generation import current_name
from index.history import Change, told
from index.history import history as stored
from index.store import Store
from ingest.settings import Settings


def history(settings: Settings, as_json: bool) -> int:
    """Print the changes, newest first."""
    with Store.open(settings.home, create=False) as store:
        changes = stored(store, current_name(settings.home))
    if as_json:
        say(json.dumps([_json(change) for change in changes], ensure_ascii=False, indent=2))
    elif not changes:
        say("Chưa có thay đổi nào được ghi.")
    for change in () if as_json else changes:
        say(f"{change.made.astimezone():%d/%m/%Y %H:%M} {change.who or '?'}: {told(change)}")
    return 0


def _json(change: Change) -> dict[str, Any]:
    return asdict(change) | {"made": change.made.isoformat()}


def undo(settings: Settings) -> int:
    """Take the last change back."""
    with Store.open(settings.home, create=False) as store, progress_bar() as progress:
        report = Builder(store, load_encoder(settings.encoder), settings.home, user()).undo(progress)
    say(f"Đã hoàn tác thay đổi gần nhất; kho có {report.documents} văn bản. Chạy lại lệnh này để làm lại thay đổi đó.")
    return 0
