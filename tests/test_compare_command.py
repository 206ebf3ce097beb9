"""`kehoach compare`: the contract, files that are written, and what is refused."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from commandline import CommandLine, plan_text

QUESTION = "ai chủ trì phát triển nhà ở xã hội?"
SIDE = {
    "province", "number", "answer", "kind", "confidence", "years", "subject", "unit", "lead", "section", "label",
    "reason", "note", "standing", "later", "others", "citations",
}  # fmt: skip


@pytest.fixture
def kehoach(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> CommandLine:
    """Plans of two provinces; only one names who leads."""
    command = CommandLine(home, monkeypatch, capsys)
    silent = plan_text("88/KH-UBND", "Cà Mau").replace("phát triển nhà ở xã hội.", "thực hiện Kế hoạch.")
    for name, text in (("a", plan_text()), ("b", silent)):
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    assert command("ingest", tmp_path / "a.txt", tmp_path / "b.txt").code == 0
    return command


def test_the_contract(kehoach: CommandLine) -> None:
    found = kehoach("compare", QUESTION, "--json").json
    assert set(found) == {"id", "question", "understood", "provinces", "reason", "took_ms"}
    assert all(set(side) == SIDE for side in found["provinces"])
    told = {side["province"]: side for side in found["provinces"]}
    assert told["Thái Nguyên"]["answer"] == told["Thái Nguyên"]["lead"] == "Sở Xây dựng"
    assert told["Thái Nguyên"]["label"].startswith("khoản 1, mục III, Kế hoạch số 12/KH-UBND")
    assert told["Cà Mau"]["answer"] is None
    assert told["Cà Mau"]["reason"]
    quote = told["Thái Nguyên"]["citations"][0]
    assert quote["text"][slice(*quote["quote"])] == "Sở Xây dựng"


def test_on_the_terminal(kehoach: CommandLine) -> None:
    out = kehoach("compare", QUESTION).out
    assert "Thái Nguyên (12/KH-UBND): Sở Xây dựng" in out
    assert "Cà Mau (88/KH-UBND): — Không quy định trong kế hoạch." in out
    assert "Gần nhất: " in out


def test_a_file_of_questions(kehoach: CommandLine, tmp_path: Path) -> None:
    lines = [{"id": 1, "question": QUESTION}, {"id": "b", "question": "ai ký?", "province": "Cà Mau"}]
    file = tmp_path / "q.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    first, second = kehoach("compare", "--file", file).lines
    assert (first["id"], second["id"]) == ("1", "b")
    assert len(first["provinces"]) == 2
    assert [side["province"] for side in second["provinces"]] == ["Cà Mau"]


def test_files_are_written(kehoach: CommandLine, tmp_path: Path) -> None:
    paths = {suffix: tmp_path / f"bang.{suffix}" for suffix in ("xlsx", "csv", "docx")}
    options = [part for suffix, path in paths.items() for part in (f"--{suffix}", path)]
    assert kehoach("compare", QUESTION, *options).code == 0
    with paths["csv"].open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["Tỉnh"], row["Trả lời"]) for row in rows] == [
        ("Cà Mau", "Không quy định trong kế hoạch. Kế hoạch có nói đến nội dung này nhưng không nêu cơ quan chủ trì."),
        ("Thái Nguyên", "Sở Xây dựng"),
    ]
    assert all(path.stat().st_size > 1000 for suffix, path in paths.items() if suffix != "csv")


def test_what_is_refused(kehoach: CommandLine, tmp_path: Path) -> None:
    assert "Câu hỏi trống" in kehoach.refused("compare", "")
    assert "Có phải: " in kehoach.refused("compare", QUESTION, "--province", "Thái Nguyen1")
    assert "Kho có kế hoạch của: Cà Mau" in kehoach.refused("compare", QUESTION, "--province", "Hà Nội")
    assert "không ghi được tệp" in kehoach.refused("compare", QUESTION, "--xlsx", tmp_path / "a.csv")
    assert "Không có thư mục" in kehoach.refused("compare", QUESTION, "--xlsx", tmp_path / "x" / "a.xlsx")
    assert "--file" in kehoach.refused("compare", QUESTION, "--file", tmp_path / "q.jsonl")
    assert "Không đọc được" in kehoach.refused("compare", "--file", tmp_path / "q.jsonl")
    (tmp_path / "q.jsonl").write_text('{"id": 1, "question": "x", "province": "Sao Hỏa"}\n')
    assert "dòng 1" in kehoach.refused("compare", "--file", tmp_path / "q.jsonl")


def test_an_empty_corpus(kehoach: CommandLine) -> None:
    assert kehoach("remove", "12/KH-UBND").code == kehoach("remove", "88/KH-UBND").code == 0
    assert "Kho chưa có kế hoạch nào" in kehoach.refused("compare", QUESTION)
    assert "Kho chưa có kế hoạch nào" in kehoach.refused("compare", "--indicators")


def test_plans_of_one_province_that_disagree_are_both_shown(kehoach: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "c.txt"
    file.write_text(plan_text("99/KH-UBND", lead="Sở Tài chính").replace("2. Sở Tài chính", "2. Sở Y tế"), "utf-8")
    assert kehoach("ingest", file).code == 0
    (side,) = kehoach("compare", QUESTION, "--province", "Thái Nguyên", "--json").json["provinces"]
    (other,) = side["others"]
    assert {side["answer"], other["answer"]} == {"Sở Xây dựng", "Sở Tài chính"}
    out = kehoach("compare", QUESTION, "--province", "Thái Nguyên").out
    assert "12/KH-UBND" in out
    assert "99/KH-UBND" in out
