"""Harmful and damaged files of every kind in one directory with two good plans: those come in, and nothing else."""

from __future__ import annotations

import json
import os
import resource
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from commandline import CommandLine, plan_text
from hostile_files import EITHER, REFUSED, Bad, bad_files

from ingest.errors import SourceError
from ingest.intake import read_upload
from ingest.settings import Settings

BAD = bad_files()
SECONDS = 60.0
MEMORY = 2 << 30  # bytes


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("ke-hoach")
    for bad in BAD:
        (folder / bad.name).write_bytes(bad.data)
    for number, province in (("12/KH-UBND", "Thái Nguyên"), ("34/KH-UBND", "Đồng Nai")):
        (folder / f"{province}.txt").write_text(plan_text(number, province))
    huge = folder / "khổng lồ.txt"
    huge.touch()
    os.truncate(huge, 200 << 20)
    os.mkfifo(folder / "ống.txt")
    (folder / "thiết bị.txt").symlink_to("/dev/zero")
    (folder / "vòng").symlink_to(folder, target_is_directory=True)
    (folder / "tự trỏ.txt").symlink_to(folder / "tự trỏ.txt")
    yield folder
    huge.unlink()


def test_there_are_many() -> None:
    assert len({bad.name for bad in BAD}) == len(BAD) > 40


def test_a_directory_of_harmful_files(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = CommandLine(tmp_path / "home", monkeypatch, capsys)
    monkeypatch.setenv("KEHOACH_MAX_SECONDS", str(SECONDS))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    before = {path: path.lstat().st_mtime_ns for path in folder.rglob("*")}
    outcome = command("ingest", folder, "--json")
    assert outcome.code == 2, outcome.err[-3000:]
    assert "Traceback" not in outcome.err
    told = {Path(file["file"]).name: file for file in json.loads(outcome.out)["files"]}
    for bad in BAD:
        check(bad, told[bad.name])
    assert "vượt giới hạn 20 MB" in told["khổng lồ.txt"]["error"]
    assert not told.keys() & {"ống.txt", "thiết bị.txt", "tự trỏ.txt"}  # no files
    numbers = command.numbers()
    assert {"12/KH-UBND", "34/KH-UBND"} <= set(numbers)
    assert len(numbers) == sum(file["status"] in ("added", "replaced") for file in told.values())
    assert {path: path.lstat().st_mtime_ns for path in folder.rglob("*")} == before
    assert [path.name for path in tmp_path.iterdir()] == ["home"]  # no temporary file is left
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 < MEMORY


def check(bad: Bad, told: dict[str, str]) -> None:
    refused = told["status"] == "refused"
    assert bad.fate == EITHER or refused == (bad.fate == REFUSED), (bad.name, told)
    if refused:
        message, _, remedy = told["error"].partition("\n  → ")
        assert remedy, told
        assert bad.say in message, told
        assert any("LATIN" in unicodedata.name(c, "") and ord(c) > 127 for c in message), told  # Vietnamese


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd.txt",
        "..\\..\\boot.txt",
        "/etc/cron.d/x.txt",
        "a\x00b.txt",
        "\u202etxt.html",
        "x" * 300 + ".txt",
        ".txt",
    ],
)
def test_the_name_of_an_upload_is_no_path(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = read_upload(name, plan_text().encode(), Settings(home=tmp_path / "home"))
    assert outcome.path.name == str(outcome.path)
    assert len(outcome.path.name) <= 120
    assert outcome.parsed is not None or isinstance(outcome.error, SourceError)
    assert not list(tmp_path.iterdir())


def test_a_file_that_may_not_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = CommandLine(tmp_path / "home", monkeypatch, capsys)
    path = tmp_path / "kín.txt"
    path.write_text(plan_text())

    def deny(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", deny)  # the tests may run as root, who may read all
    monkeypatch.setattr(Path, "read_bytes", deny)
    assert str(path) in command.refused("ingest", path)
