"""`kehoach compare --indicators`: on the terminal, as JSON, as files, and what is refused."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from commandline import CommandLine
from test_indicators import LAYOUTS, PLAN

ROW = {"name", "group", "unit", "confidence", "doubtful", "cells"}
CELL = {"name", "parent", "number", "standing", "confidence", "doubtful", "values", "also", "citations"}


@pytest.fixture
def kehoach(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> CommandLine:
    command = CommandLine(home, monkeypatch, capsys)
    (tmp_path / "lam-dong.txt").write_text(PLAN, encoding="utf-8")
    assert command("ingest", tmp_path / "lam-dong.txt", LAYOUTS / "quang-ninh-indicators.txt").code == 0
    return command


def test_the_contract(kehoach: CommandLine) -> None:
    told = kehoach("compare", "--indicators", "--json").json
    assert set(told) == {"provinces", "years", "indicators", "unmatched"}
    assert [plan["province"] for plan in told["provinces"]] == ["Lâm Đồng", "Quảng Ninh"]
    rows = [*told["indicators"], *(row for found in told["unmatched"].values() for row in found)]
    assert all(set(row) == ROW for row in rows)
    assert all(set(cell) == CELL for row in rows for cell in row["cells"].values())
    insured = next(row for row in told["indicators"] if "tự nguyện" in row["name"])
    assert insured["cells"]["Lâm Đồng"]["values"]["2030"]["text"] == "35 nghìn người"
    assert insured["cells"]["Quảng Ninh"]["values"]["2030"] | {"clause_id": ""} == {
        "text": "35", "comparison": "", "low": 35.0, "high": 35.0, "unit": "Nghìn người", "clause_id": "",
    }  # fmt: skip
    assert kehoach("compare", "--indicators", "--json").json == told


def test_on_the_terminal(kehoach: CommandLine) -> None:
    out = kehoach("compare", "--indicators", "--year", "2030").out
    assert "Quảng Ninh: 2030: <10" in out
    assert "Lâm Đồng: 2030: dưới 10%" in out
    assert "CHỈ CÓ Ở QUẢNG NINH" in out


def test_doctor_finds_the_index_sound_afterwards(kehoach: CommandLine) -> None:
    assert kehoach("compare", "--indicators").code == 0
    assert list(kehoach.home.glob("gen-*/indicator-names.npz"))
    assert kehoach("doctor").code == 0


def test_files(kehoach: CommandLine, tmp_path: Path) -> None:
    files = {option: tmp_path / f"bang.{option}" for option in ("xlsx", "csv", "docx")}
    options = [part for option, file in files.items() for part in (f"--{option}", file)]
    assert kehoach("compare", "--indicators", *options).code == 0
    assert all(file.stat().st_size > 1000 for file in files.values())
    with files["csv"].open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    (head,) = (row for row in rows if "Chỉ tiêu" in row)
    assert {"Nhóm", "Chỉ tiêu", "Đơn vị", "Lâm Đồng 2030", "Quảng Ninh 2030", "Độ tin cậy"} <= set(head)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--indicators", "--group", "không có"), "Không có nhóm chỉ tiêu «không có»"),
        (("--indicators", "--year", "1999"), "1999"), (("--indicators", "--province", "Hà Nộp"), "Hà Nội"),
        (("--indicators", "--province", "Cà Mau"), "Quảng Ninh"), (("--indicators", "ai ký?"), "--indicators"),
        (("--year", "2030"), "--indicators"), (("--indicators", "--csv", "/khong/co/a.csv"), "/khong/co"),
    ],
)  # fmt: skip
def test_what_is_refused(kehoach: CommandLine, arguments: tuple[str, ...], told: str) -> None:
    outcome = kehoach("compare", *arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert told in outcome.err


def test_plans_without_indicators(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = CommandLine(home, monkeypatch, capsys)
    head = PLAN.split("I. MỤC TIÊU")[0]
    (tmp_path / "a.txt").write_text(head + "I. GIẢI PHÁP\n1. Tuyên truyền sâu rộng.\n", encoding="utf-8")
    assert command("ingest", tmp_path / "a.txt").code == 0
    assert "không có chỉ tiêu nào" in command("compare", "--indicators").out
    assert command("compare", "--indicators", "--json").json["indicators"] == []
