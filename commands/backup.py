"""`kehoach backup` and `kehoach restore`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from commands.output import progress_bar, say, user
from ingest.settings import Settings


def backup(target: Path, settings: Settings) -> int:
    """Write a backup; nobody who asks or brings in plans is kept waiting."""
    from index.backup import backup as write

    info = write(settings.home, target, datetime.now(UTC))
    megabytes = target.stat().st_size / 2**20
    say(f"Đã sao lưu {info.documents} văn bản vào {target} ({megabytes:.1f} MB, SHA-256 {info.digest[:16]}…).")
    return 0


def restore(source: Path, settings: Settings) -> int:
    """Bring a backup back; an app that runs takes it up by itself."""
    from index.backup import restore as bring_back
    from index.embed import load_encoder

    with progress_bar() as progress:
        report = bring_back(settings.home, source, load_encoder(settings.encoder), progress, user())
    gone = f", thay cho {len(report.removed)} văn bản khác" if report.removed else ""
    say(f"Đã khôi phục {report.documents} văn bản từ {source}{gone}.")
    return 0
