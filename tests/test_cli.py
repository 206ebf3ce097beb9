"""The contract of DESIGN, section 8: fields and types of what is printed, exit codes, help; and what is imported."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import unicodedata
from datetime import date
from pathlib import Path
from types import UnionType
from typing import Any

import pytest
import typer
from commandline import ROOT, CommandLine, plan_text

import cli
from ingest.errors import CoverageError

QUESTION = "ai chủ trì nhà ở xã hội?"
Shape = type | UnionType | dict[str, Any] | list[Any]

ROW = {"tt": str, "group": str, "parent": str | None, "inherited": list}
UNDERSTOOD = {
    "text": str, "intent": str, "provinces": [str], "agencies": [str], "year": int | None, "notes": [str],
    "corrections": [{"typed": str, "read": str, "kind": str}],
}  # fmt: skip
ANSWER = {
    "province": str, "number": str, "text": str, "kind": str, "citations": [int], "confidence": int | float,
    "note": str | None,
}  # fmt: skip
CITATION = {
    "n": int, "clause_id": str, "number": str, "province": str, "title": str, "issued": str | None, "section": [str],
    "label": str, "text": str, "quote": list | None, "lines": [int], "page": int | None, "row": dict | None,
    "score": int | float, "note": str | None, "standing": str | None, "later": list,
}  # fmt: skip
RESULT = {
    "id": str | None, "question": str, "understood": UNDERSTOOD, "abstained": bool, "reason": str | None,
    "answers": [ANSWER], "citations": [CITATION], "took_ms": int | float,
}  # fmt: skip
CLAUSE = {
    "number": str, "province": str, "kind": str, "section": [str], "text": str, "lines": [int], "page": int | None,
    "agencies": [{"name": str, "role": str, "quote": str}], "row": dict | None,
}  # fmt: skip
DOCUMENT = {
    "id": str, "number": str, "kind": str, "province": str, "issued": str | None, "signer": str, "title": str,
    "period": str, "basis": [str], "source": str, "digest": str, "format": str, "clauses": int, "warnings": [str],
}  # fmt: skip
FILE = {
    "file": str, "status": str, "number": str, "province": str, "issued": str | None, "clauses": int, "rows": dict,
    "coverage": {"lines": int, "in_clauses": int, "in_header": int, "discarded": dict}, "warnings": [str],
}  # fmt: skip
INGEST = {"files": [FILE], "index": {"documents": int, "clauses": int, "embedded": int}}
DOCTOR = {"ok": bool, "home": str, "checks": [{"name": str, "ok": bool, "detail": str}]}

TABLE = """
PHỤ LỤC I
CHỈ TIÊU NHÀ Ở XÃ HỘI

TT
Chỉ tiêu
Đơn vị tính
Đến năm 2025
Đến năm 2030
Cơ quan chủ trì
Cơ quan phối hợp
1
Số căn nhà ở xã hội hoàn thành
Căn
1.200
2.500
Sở Xây dựng
Các sở, ngành liên quan
2
Tỷ lệ hộ nghèo có nhà ở kiên cố
%
80
100
Sở Lao động - Thương binh và Xã hội
Các sở, ngành liên quan
"""


def check(value: object, shape: Shape, where: str = "$") -> None:
    """Every field of the contract is there and of its type. More fields may stand beside them."""
    if isinstance(shape, dict):
        assert isinstance(value, dict), where
        assert set(shape) <= set(value), (where, set(shape) - set(value))
        for name, inner in shape.items():
            check(value[name], inner, f"{where}.{name}")
    elif isinstance(shape, list):
        assert isinstance(value, list), where
        for item in value:
            check(item, shape[0], f"{where}[]")
    else:
        assert isinstance(value, shape), (where, value)
        assert shape is bool or not isinstance(value, bool), where


@pytest.fixture
def kehoach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(tmp_path / "nha", monkeypatch, capsys)


@pytest.fixture
def plans(tmp_path: Path) -> Path:
    folder = tmp_path / "ke-hoach"
    folder.mkdir()
    (folder / "a.txt").write_text(plan_text() + TABLE, encoding="utf-8")
    (folder / "b.md").write_text(plan_text("7/KH-UBND", "Đồng Nai"), encoding="utf-8")
    return folder


@pytest.fixture
def indexed(kehoach: CommandLine, plans: Path) -> CommandLine:
    assert kehoach("ingest", plans).code == 0
    return kehoach


def documented(told: dict[str, Any]) -> None:
    """One result of `ask`, beyond the types."""
    check(told, RESULT)
    assert told["abstained"] == (not told["answers"])
    assert (told["reason"] is not None) or told["answers"]
    assert [c["n"] for c in told["citations"]] == list(range(1, len(told["citations"]) + 1))
    for citation in told["citations"]:
        first, last = citation["lines"]
        assert 1 <= first <= last
        start, end = citation["quote"] or [0, 0]  # null: evidence that no answer is taken from
        assert 0 <= start <= end <= len(citation["text"])
        assert citation["issued"] is None or date.fromisoformat(citation["issued"])
        if citation["row"]:
            check(citation["row"], ROW)
    for answer in told["answers"]:
        assert answer["citations"]
        assert set(answer["citations"]) <= {c["n"] for c in told["citations"]}
        assert all(told["citations"][n - 1]["quote"] for n in answer["citations"])
        assert 0 <= answer["confidence"] <= 1


@pytest.mark.parametrize(
    "question",
    [QUESTION, "chỉ tiêu số căn nhà ở xã hội đến năm 2030", "ai ký kế hoạch của Đồng Nai", "giá vàng hôm nay", "?!"],
)
def test_ask_json(indexed: CommandLine, question: str) -> None:
    outcome = indexed("ask", question, "--json")
    assert (outcome.code, outcome.err) == (0, "")
    (told,) = outcome.lines
    documented(told)
    assert (told["id"], told["question"]) == (None, question)


def test_ask_of_one_province(indexed: CommandLine) -> None:
    for spelling in ("Thái Nguyên", "thai nguyen", "tỉnh Thái Nguyên"):
        told = indexed("ask", QUESTION, "--province", spelling, "--json").json
        assert told["understood"]["provinces"] == ["Thái Nguyên"]
        assert {c["province"] for c in told["citations"]} == {"Thái Nguyên"}
    told = indexed("ask", QUESTION, "--province", "Cà Mau", "--json").json
    assert told["abstained"]
    assert "Cà Mau" in told["reason"]


def test_ask_file_keeps_ids_and_order(indexed: CommandLine, tmp_path: Path) -> None:
    asked: list[dict[str, Any]] = [
        {"id": "z", "question": QUESTION},
        {"id": "a", "question": "ai ký kế hoạch?", "province": "Đồng Nai"},
        {"id": 7, "question": "đào tạo nghề\u2028cho ai", "province": None},
        {"id": "z", "question": "ai chu tri nha o xa hoi", "province": ""},
    ]
    path = tmp_path / "câu hỏi.jsonl"
    path.write_text("\ufeff" + "\r\n\n".join(json.dumps(a, ensure_ascii=False) for a in asked), encoding="utf-8")
    outcome = indexed("ask", "--file", path, "--json")
    assert (outcome.code, outcome.err) == (0, "")
    told = [json.loads(line) for line in outcome.out.removesuffix("\n").split("\n")]
    assert [t["id"] for t in told] == ["z", "a", "7", "z"]
    assert [t["question"] for t in told] == [a["question"] for a in asked]
    for result in told:
        documented(result)
    assert {c["province"] for c in told[1]["citations"]} == {"Đồng Nai"}
    assert {a["province"] for a in told[3]["answers"]} == {"Thái Nguyên", "Đồng Nai"}


def test_ask_file_answers_as_one_question_does(indexed: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(json.dumps({"id": "1", "question": QUESTION}), encoding="utf-8")
    batch, one = indexed("ask", "--file", path).lines[0], indexed("ask", QUESTION, "--json").json
    for told in (batch, one):
        del told["id"], told["took_ms"]
    assert batch == one


def test_ask_file_encodes_many_questions_in_one_call(
    indexed: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("answer.answerer.CHUNK", 4)
    asked = [{"id": n, "question": f"{QUESTION} {n}"} for n in range(10)]
    path = tmp_path / "q.jsonl"
    path.write_text("\n".join(map(json.dumps, asked)), encoding="utf-8")
    indexed.encoder.queries = 0
    told = indexed("ask", "--file", path).lines
    assert indexed.encoder.queries == 3
    assert [(t["id"], t["question"]) for t in told] == [(str(a["id"]), a["question"]) for a in asked]


def test_ask_file_of_one_province(indexed: CommandLine, tmp_path: Path) -> None:
    asked = [{"id": 1, "question": QUESTION}, {"id": 2, "question": QUESTION, "province": "Thái Nguyên"}]
    path = tmp_path / "q.jsonl"
    path.write_text("\n".join(map(json.dumps, asked)), encoding="utf-8")
    told = indexed("ask", "--file", path, "--province", "dong nai").lines
    assert [t["understood"]["provinces"] for t in told] == [["Đồng Nai"], ["Thái Nguyên"]]
    assert [{c["province"] for c in t["citations"]} for t in told] == [{"Đồng Nai"}, {"Thái Nguyên"}]


def test_ask_in_words(indexed: CommandLine) -> None:
    outcome = indexed("ask", QUESTION)
    assert outcome.code == 0
    assert "Thái Nguyên: Sở Xây dựng" in outcome.out
    assert re.search(r"Kế hoạch số 12/KH-UBND.*\(dòng \d+", outcome.out)


def test_ask_keeps_words_as_typed(indexed: CommandLine, tmp_path: Path) -> None:
    question = "ai chủ trì NOXH, tỷ lệ BHYT?"
    assert "[BHYT → bảo hiểm y tế; NOXH → nhà ở xã hội]" in indexed("ask", question).out
    assert "Đang tìm: ai chủ trì NOXH, tỷ lệ bảo hiểm y tế?  [BHYT" in indexed("ask", question, "--keep", "NOXH").out
    kept = ("--keep", "NOXH", "--keep", unicodedata.normalize("NFD", " tỷ  lệ BHYT"))
    assert indexed("ask", question, *kept, "--json").json["understood"]["corrections"] == []
    path = tmp_path / "q.jsonl"
    path.write_text(json.dumps({"id": 1, "question": question}), encoding="utf-8")
    assert indexed("ask", "--file", path, *kept).lines[0]["understood"]["text"] == question


def test_export(indexed: CommandLine, plans: Path) -> None:
    outcome = indexed("export", "--format", "jsonl")
    assert outcome.code == 0
    source = {n: (plans / f).read_text("utf-8").splitlines() for n, f in (("12", "a.txt"), ("7", "b.md"))}
    for clause in outcome.lines:
        check(clause, CLAUSE)
        first, last = clause["lines"]
        assert any(source[clause["number"].split("/")[0]][first - 1 : last])
        assert clause["kind"] in {"heading", "paragraph", "bullet", "row", "note"}
        assert {a["role"] for a in clause["agencies"]} <= {"lead", "coordinating", "advising", "reporting_to"}
        assert (clause["row"] is not None) == (clause["kind"] == "row")
    rows = [clause["row"] for clause in outcome.lines if clause["row"]]
    assert [row["tt"] for row in rows] == ["1", "2"]
    check(rows[0], ROW | dict.fromkeys(("indicator", "unit", "target_2025", "target_2030", "lead"), str))
    assert rows[0]["target_2030"] == "2.500"


def test_documents(indexed: CommandLine) -> None:
    told = indexed("documents", "--json").json
    check(told, [DOCUMENT])
    assert [(d["number"], d["province"], d["issued"], d["signer"]) for d in told] == [
        ("12/KH-UBND", "Thái Nguyên", "2024-03-05", "Nguyễn Văn An"),
        ("7/KH-UBND", "Đồng Nai", "2024-03-05", "Nguyễn Văn An"),
    ]
    words = indexed("documents").out
    assert "12/KH-UBND — Thái Nguyên — 2024-03-05" in words


def test_the_same_relative_path_in_another_directory_is_another_plan(
    kehoach: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, province in ((12, "LÀO CAI"), (34, "CÀ MAU")):
        folder = tmp_path / str(number)
        folder.mkdir()
        text = f"ỦY BAN NHÂN DÂN\nTỈNH {province}\nSố: {number}/KH-UBND\nKẾ HOẠCH\nI. MỤC TIÊU\n1. Trồng rừng."
        (folder / "ke-hoach.txt").write_text(text, "utf-8")
        monkeypatch.chdir(folder)
        assert kehoach("ingest", "ke-hoach.txt").code == 0
    assert [d["number"] for d in kehoach("documents", "--json").json] == ["34/KH-UBND", "12/KH-UBND"]


def test_ingest_json(kehoach: CommandLine, plans: Path) -> None:
    outcome = kehoach("ingest", plans, "--json")
    assert (outcome.code, outcome.err) == (0, "")
    check(outcome.json, INGEST)
    for file in outcome.json["files"]:
        coverage = file["coverage"]
        told = coverage["in_clauses"] + coverage["in_header"] + sum(coverage["discarded"].values())
        assert coverage["lines"] == told
        assert file["status"] == "added"
    assert outcome.json["index"]["documents"] == 2
    again = kehoach("ingest", plans, "--json").json
    assert [file["status"] for file in again["files"]] == ["unchanged"] * 2
    assert again["index"]["embedded"] == 0


def test_ingest_json_of_a_refused_file(kehoach: CommandLine, plans: Path) -> None:
    (plans / "c.txt").write_bytes(b"")
    outcome = kehoach("ingest", plans / "c.txt", "--json")
    assert outcome.code == 2
    (file,) = outcome.json["files"]
    check(file, {"file": str, "status": str, "error": str})
    assert (file["status"], outcome.json["index"]) == ("refused", None)
    assert file["error"].splitlines()[0] in outcome.err


def test_a_changed_file_replaces_and_a_number_removes(indexed: CommandLine, plans: Path) -> None:
    changed = plans / "a.txt"
    changed.write_text(changed.read_text("utf-8").replace("Nguyễn Văn An", "Trần Thị Bình"), encoding="utf-8")
    assert [f["status"] for f in indexed("ingest", changed, "--json").json["files"]] == ["replaced"]
    assert [d["signer"] for d in indexed("documents", "--json").json] == ["Trần Thị Bình", "Nguyễn Văn An"]
    outcome = indexed("remove", "7/kh-ubnd")
    assert (outcome.code, outcome.out) == (0, "Đã gỡ Kế hoạch số 7/KH-UBND (Đồng Nai).\n")
    assert indexed.numbers() == ["12/KH-UBND"]


def test_doctor_json(indexed: CommandLine) -> None:
    outcome = indexed("doctor", "--json")
    assert outcome.code == 0
    check(outcome.json, DOCTOR)
    assert outcome.json["ok"]
    assert outcome.json["home"] == str(indexed.home)
    assert indexed("doctor").out.count("✓") == len(outcome.json["checks"])
    (indexed.home / "CURRENT").unlink()
    outcome = indexed("doctor", "--json")
    assert outcome.code == 2
    assert not outcome.json["ok"]
    assert any("kehoach doctor --repair" in c["detail"] for c in outcome.json["checks"] if not c["ok"])


def test_our_own_failure_is_exit_code_1_and_stops_no_other_file(
    kehoach: CommandLine, plans: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ingest import intake

    def failing(data: bytes, path: Path, *rest: object) -> object:
        if path.suffix == ".txt":
            raise CoverageError(f"{path}: dòng không thuộc phần nào: [3]")
        return parse(data, path, *rest)  # type: ignore[arg-type]

    parse = intake.parse_bytes
    monkeypatch.setattr(intake, "parse_bytes", failing)
    outcome = kehoach("ingest", plans)
    assert outcome.code == 1
    assert f"Lỗi của chương trình: {plans / 'a.txt'}" in outcome.err
    assert kehoach.numbers() == ["7/KH-UBND"]


# The process


def run(*arguments: str, home: Path, **settings: str) -> subprocess.CompletedProcess[bytes]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("KEHOACH_", "LC_", "PYTHONIOENCODING"))}
    environment |= {"PYTHONPATH": str(ROOT), "KEHOACH_HOME": str(home), **settings}
    command = [sys.executable, *arguments]
    return subprocess.run(command, env=environment, cwd=home.parent, capture_output=True, check=False)


def test_help_lists_every_command_in_vietnamese(tmp_path: Path) -> None:
    done = run(str(ROOT / "cli.py"), "--help", home=tmp_path / "nha", COLUMNS="200")
    text = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b"")
    commands = typer.main.get_command(cli.app).commands  # type: ignore[attr-defined]
    assert {"ingest", "remove", "ask", "export", "documents", "doctor"} <= set(commands)
    for name, command in commands.items():
        summary = command.help.splitlines()[0]
        assert re.search(rf"^│ {name} +{re.escape(summary)}", text, re.MULTILINE), name
        assert not summary.isascii(), name
    for title in ("Tùy chọn", "Lệnh"):
        assert title in text


def test_every_command_has_help_in_vietnamese(kehoach: CommandLine) -> None:
    for name, command in typer.main.get_command(cli.app).commands.items():  # type: ignore[attr-defined]
        outcome = kehoach(name, "--help")
        assert (outcome.code, outcome.err) == (0, "")
        assert "Tùy chọn" in outcome.out
        assert all(p.help and not p.help.isascii() for p in command.params if p.name != "help"), name


@pytest.mark.parametrize("settings", [{"LC_ALL": "C"}, {"PYTHONIOENCODING": "latin-1"}, {"PYTHONIOENCODING": "ascii"}])
def test_output_is_utf8_under_any_locale(indexed: CommandLine, settings: dict[str, str]) -> None:
    done = run(str(ROOT / "cli.py"), "documents", home=indexed.home, **settings)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "Đồng Nai" in done.stdout.decode()
    done = run(str(ROOT / "cli.py"), "remove", "không có", home=indexed.home, **settings)
    assert done.returncode == 2
    assert "Không có văn bản số «không có»" in done.stderr.decode()


def test_a_reader_that_stops_early_is_no_error(kehoach: CommandLine, plans: Path) -> None:
    text = plan_text() + "\nPHỤ LỤC I\nDANH MỤC\n\n" + "".join(f"- Nhiệm vụ số {n} của kế hoạch.\n" for n in range(600))
    (plans / "a.txt").write_text(text, encoding="utf-8")
    assert kehoach("ingest", plans).code == 0
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "KEHOACH_HOME": str(kehoach.home)}
    command = [sys.executable, str(ROOT / "cli.py"), "export"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert json.loads(process.stdout.readline())
        process.stdout.close()
        assert process.stderr.read() == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
@pytest.mark.parametrize("buffered", ["", "1"])
@pytest.mark.parametrize("arguments", [["documents"], ["--help"]])
def test_a_full_disk_behind_standard_output(indexed: CommandLine, arguments: list[str], buffered: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "KEHOACH_HOME": str(indexed.home)}
    environment["PYTHONUNBUFFERED"] = buffered
    command = [sys.executable, str(ROOT / "cli.py"), *arguments]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, env=environment, stdout=full, stderr=subprocess.PIPE, check=False)
    told = done.stderr.decode()
    assert done.returncode == 2, told
    assert told.startswith("Lỗi: Không ghi được kết quả ra đầu ra chuẩn")
    assert "\n  → Kiểm tra dung lượng đĩa" in told
    assert told.count("\n") == 2


@pytest.mark.parametrize(("closed", "code"), [("documents >&-", 0), ("lenh-la 2>&-", 2), ("documents | true", 0)])
def test_a_stream_that_is_closed(indexed: CommandLine, closed: str, code: int) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "KEHOACH_HOME": str(indexed.home)}
    command = ["/bin/sh", "-c", f'"$0" "$1" {closed}', sys.executable, str(ROOT / "cli.py")]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (code, b"", b"")


HEAVY = ("torch", "sentence_transformers", "transformers", "streamlit", "sklearn", "pyvi")
PROGRAM = """
import sys, cli
code = cli.run(sys.argv[2:])
loaded = [name for name in sys.argv[1].split(",") if name in sys.modules]
sys.exit(f"{code} {loaded}" if code or loaded else 0)
"""


def test_commands_do_not_import_what_they_do_not_need(tmp_path: Path, plans: Path) -> None:
    home = tmp_path / "nha"
    # pyvi (and the scikit-learn it brings) finds compounds while plans are ingested; nothing else needs it.
    steps = [
        (HEAVY, ["--help"]),
        (HEAVY, ["ask", "--help"]),
        (HEAVY[:4], ["ingest", str(plans)]),
        (HEAVY, ["ingest", str(plans)]),
        (HEAVY, ["ask", QUESTION, "--json"]),
        (HEAVY, ["ask", "chi tieu nha o xa hoi 2030"]),
        ((*HEAVY, "onnxruntime"), ["documents"]),
        ((*HEAVY, "onnxruntime"), ["export"]),
    ]
    for unwanted, arguments in steps:
        done = run("-c", PROGRAM, ",".join(unwanted), *arguments, home=home, PYTHONUTF8="1")
        assert done.returncode == 0, (arguments, done.stderr.decode()[-500:])
