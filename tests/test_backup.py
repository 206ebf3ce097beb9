"""`kehoach backup` and `restore`: one file with a digest, made and brought back while others read."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from commandline import CommandLine, plan_text
from conftest import HashEncoder, make_plan_file

from index.backup import backup, restore
from index.build import Builder
from index.hit import Query
from index.reports import Fault, Report, add_report, reports
from index.search import Searcher
from index.store import State, Store
from ingest.errors import IndexStateError, InputError, KehoachError, OutputError
from ingest.model import Parsed

NOW = datetime(2026, 1, 31, 2, 0, tzinfo=UTC)
LAO_CAI = make_plan_file("12/KH-UBND", "Lào Cai", ["Sở Y tế chủ trì xây dựng trạm y tế.", "- Báo cáo trước 15/12."])
SON_LA = make_plan_file("7/KH-UBND", "Sơn La", ["Sở Xây dựng chủ trì nhà ở xã hội."])
REPORT = Report(NOW, "q=x", "ai chủ trì?", "lead", Fault.ANSWER, "sai rồi")


def sync(home: Path, *parsed: Parsed) -> None:
    with Store.open(home) as store:
        Builder(store, HashEncoder(), home).sync(parsed)


def held(home: Path) -> list[Parsed]:
    with Store.open(home, create=False) as store:
        return [store.parsed(entry.key) for entry in store.entries(State.LIVE)]


def found(home: Path, question: str) -> list[str]:
    searcher = Searcher.open(home, HashEncoder())
    try:
        return [hit.clause.text for hit in searcher.search(Query(question), k=3)]
    finally:
        searcher.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    sync(tmp_path / "nha", LAO_CAI)
    return tmp_path / "nha"


@pytest.fixture
def saved(home: Path, tmp_path: Path) -> Path:
    with Store.open(home) as store:
        add_report(store, REPORT)
    backup(home, tmp_path / "ban-sao.zip", NOW)
    return tmp_path / "ban-sao.zip"


def test_what_was_saved_comes_back_into_an_empty_home_without_encoding_anew(saved: Path, tmp_path: Path) -> None:
    other, encoder = tmp_path / "khac", HashEncoder()
    report = restore(other, saved, encoder)
    assert (report.documents, report.embedded, encoder.texts) == (1, 0, [])
    assert held(other) == [LAO_CAI]
    with Store.open(other) as store:
        assert [(r.question, r.remark) for r in reports(store)] == [("ai chủ trì?", "sai rồi")]
    assert "trạm y tế" in found(other, "trạm y tế")[0]
    assert sorted(path.name for path in other.iterdir() if path.is_dir()) == ["gen-1"]


def test_later_changes_are_taken_back(saved: Path, home: Path) -> None:
    changed = make_plan_file("12/KH-UBND", "Lào Cai", ["Sở Nội vụ chủ trì."], source="12.txt", salt="new")
    sync(home, changed, SON_LA)
    report = restore(home, saved, HashEncoder())
    assert held(home) == [LAO_CAI]
    assert {document.province for document in report.removed} == {"Lào Cai", "Sơn La"}


def test_who_reads_meanwhile_keeps_what_was_opened(saved: Path, home: Path) -> None:
    sync(home, SON_LA)
    searcher = Searcher.open(home, HashEncoder())
    restore(home, saved, HashEncoder())
    assert searcher.search(Query("nhà ở xã hội"), k=1)[0].clause.text == SON_LA.clauses[0].text
    searcher.close()
    assert all("nhà ở" not in text for text in found(home, "nhà ở xã hội"))


def test_a_backup_is_one_state_of_a_database_that_is_written_to(home: Path, tmp_path: Path) -> None:
    with Store.open(home) as store, store.transaction():
        store.run("INSERT INTO settings VALUES ('half', 'done')")
        backup(home, tmp_path / "a.zip", NOW)
    restore(tmp_path / "khac", tmp_path / "a.zip", HashEncoder())
    with Store.open(tmp_path / "khac") as other:
        assert other.setting("half") == ""


def test_nothing_but_the_file_is_left_behind(saved: Path, home: Path, tmp_path: Path) -> None:
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ban-sao.zip", "nha"]
    with zipfile.ZipFile(saved) as archive:
        assert sorted(archive.namelist()) == ["kehoach.db", "manifest.json"]
        told = json.loads(archive.read("manifest.json"))
    assert (told["documents"], told["made"]) == (1, "2026-01-31T02:00:00+00:00")
    restore(home, saved, HashEncoder())
    assert not list(home.glob(".restore-*"))


def test_a_stopped_restore_leaves_everything_as_it_was(saved: Path, home: Path) -> None:
    sync(home, SON_LA)

    def stop(stage: str, done: int, total: int) -> None:
        if stage == "index":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore(home, saved, HashEncoder(), stop)
    assert sorted(found(home, "chủ trì")) == sorted(c.text for c in (*LAO_CAI.clauses, *SON_LA.clauses))
    restore(home, saved, HashEncoder())
    assert held(home) == [LAO_CAI]


def _rewritten(saved: Path, database: bytes | None = None, manifest: bytes | None = None) -> None:
    with zipfile.ZipFile(saved) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts |= {k: v for k, v in (("kehoach.db", database), ("manifest.json", manifest)) if v is not None}
    with zipfile.ZipFile(saved, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


@pytest.mark.parametrize("damage", ["cut", "byte", "database", "manifest", "list", "text", "empty", "missing"])
def test_a_damaged_backup_is_refused_and_nothing_changes(damage: str, saved: Path, home: Path) -> None:
    data = saved.read_bytes()
    match damage:
        case "cut":
            saved.write_bytes(data[: len(data) // 2])
        case "byte":
            saved.write_bytes(data[:2000] + bytes([data[2000] ^ 1]) + data[2001:])
        case "database":
            _rewritten(saved, database=b"SQLite format 3\0" + b"x" * 5000)
        case "manifest":
            _rewritten(saved, manifest=b'{"made": 1}')
        case "list":
            _rewritten(saved, manifest=b"[]")
        case "text":
            saved.write_bytes(b"no zip at all")
        case "empty":
            saved.write_bytes(b"")
        case "missing":
            saved.unlink()
    with pytest.raises(InputError, match=r"ban-sao\.zip"):
        restore(home, saved, HashEncoder())
    assert held(home) == [LAO_CAI]
    assert not list(home.glob(".restore-*"))


def test_a_backup_of_a_newer_program_is_refused(saved: Path, home: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(saved) as archive:
        archive.extract("kehoach.db", tmp_path / "moi")
        told = json.loads(archive.read("manifest.json"))
    database = tmp_path / "moi" / "kehoach.db"
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    from index.files import sha256

    told |= {"digest": sha256(database)}
    _rewritten(saved, database.read_bytes(), json.dumps(told).encode())
    with pytest.raises(IndexStateError, match="mới hơn"):
        restore(home, saved, HashEncoder())
    assert held(home) == [LAO_CAI]


def test_an_old_backup_is_not_written_over(saved: Path, home: Path) -> None:
    before = saved.read_bytes()
    with pytest.raises(OutputError, match="đã có"):
        backup(home, saved, NOW)
    assert saved.read_bytes() == before


@pytest.mark.parametrize("target", ["khong-co/a.zip", "nha/kehoach.db/a.zip"])
def test_a_place_that_cannot_be_written(target: str, home: Path, tmp_path: Path) -> None:
    with pytest.raises(KehoachError, match=r"a\.zip"):
        backup(home, tmp_path / target, NOW)


def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    kehoach = CommandLine(tmp_path / "nha", monkeypatch, capsys)
    monkeypatch.setattr("index.embed.load_encoder", lambda name: kehoach.encoder)
    assert "Chưa có chỉ mục" in kehoach.refused("backup", tmp_path / "a.zip")
    (tmp_path / "a.txt").write_text(plan_text(), encoding="utf-8")
    assert kehoach("ingest", tmp_path / "a.txt").code == 0
    outcome = kehoach("backup", tmp_path / "a.zip")
    assert outcome.out.startswith("Đã sao lưu 1 văn bản vào ")
    (number,) = [document["number"] for document in kehoach("documents", "--json").json]
    assert kehoach("remove", number).code == 0
    assert kehoach("restore", tmp_path / "a.zip").out.startswith("Đã khôi phục 1 văn bản từ ")
    assert [document["number"] for document in kehoach("documents", "--json").json] == [number]
    assert "bản sao lưu" in kehoach.refused("restore", tmp_path / "a.txt")
