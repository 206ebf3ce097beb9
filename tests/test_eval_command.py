"""`kehoach eval` from the command line: an own gold file, another encoder, saved runs held against each other."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import cli
import commands.evaluate
import eval.run
from eval.gold import Question

PLAN = """ỦY BAN NHÂN DÂN
TỈNH YÊN BÁI
Số: 15/KH-UBND
Yên Bái, ngày 02 tháng 02 năm 2025
KẾ HOẠCH
Phát triển nhà ở xã hội năm 2025
I. NHIỆM VỤ
1. Sở Xây dựng: Chủ trì, phối hợp với Sở Tài chính phát triển nhà ở xã hội cho công nhân.
2. Sở Y tế: Chủ trì, phối hợp với Bảo hiểm xã hội tỉnh mở rộng bảo hiểm y tế toàn dân.
"""
QUESTION = {
    "id": "yb-1", "question": "ai chủ trì nhà ở xã hội?", "kind": "lead", "style": "formal", "plan": "15/KH-UBND",
    "province": "Yên Bái", "answer": ["Sở Xây dựng"], "answer_alt": [],
    "quotes": ["phát triển nhà ở xã hội cho công nhân"], "section": [], "lines": [8, 8],
}  # fmt: skip


@pytest.fixture
def gold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KEHOACH_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(eval.run, "RUNS", tmp_path / "runs")
    (tmp_path / "plan.txt").write_text(PLAN, "utf-8")
    file = tmp_path / "own.jsonl"
    file.write_text(json.dumps(QUESTION, ensure_ascii=False), "utf-8")
    return file


def test_an_own_gold_file_with_another_encoder(tiny: Path, gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["ingest", str(gold.parent / "plan.txt"), "--model", str(tiny)]) == 0
    capsys.readouterr()
    assert cli.run(["eval", "--gold", str(gold), "--model", str(tiny), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    (half,) = figures["halves"].values()
    assert half["groups"][0]["hit@5"][0] == 1.0
    assert half["groups"][0]["right"][0] == 1.0
    (saved,) = (gold.parent / "runs").glob("*-own.json")
    assert json.loads(saved.read_text("utf-8"))["encoder"] == str(tiny)
    assert cli.run(["eval", "--compare", str(saved), str(saved)]) == 0
    assert "| hit@5 | 1.000 | 1.000 | +0.000 | 1.000 | 0/1/0 |" in capsys.readouterr().out


def test_a_gold_file_that_does_not_fit_is_refused(tiny: Path, gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["ingest", str(gold.parent / "plan.txt"), "--model", str(tiny)]) == 0
    gold.write_text(json.dumps(QUESTION | {"quotes": ["không có"]}), "utf-8")
    assert cli.run(["eval", "--gold", str(gold), "--model", str(tiny)]) == 2
    assert "dòng 1 (yb-1): «quotes» không có trong kế hoạch" in capsys.readouterr().err


def test_a_run_that_is_none_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["eval", "--compare", str(tmp_path / "a"), str(tmp_path / "b")]) == 2
    assert "không phải là tệp kết quả" in capsys.readouterr().err
    assert commands.evaluate.RECORDED.exists()
    for content in ("{}", '{"records": {}, "metrics": null, "cells": []}', "[" * 50_000):
        (tmp_path / "a").write_text(content)
        assert cli.run(["eval", "--compare", str(tmp_path / "a"), str(tmp_path / "a")]) == 2
        assert "không phải là tệp kết quả" in capsys.readouterr().err


def test_one_half_of_the_questions(tiny: Path, gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["ingest", str(gold.parent / "plan.txt"), "--model", str(tiny)]) == 0
    other = next(f"yb-{n}" for n in range(2, 99) if _half(f"yb-{n}") != _half("yb-1"))
    lines = [json.dumps(QUESTION | {"id": name}, ensure_ascii=False) for name in ("yb-1", other)]
    gold.write_text("\n".join(lines), "utf-8")
    capsys.readouterr()
    assert cli.run(["eval", "--gold", str(gold), "--model", str(tiny), "--json", "--half", _half(other)]) == 0
    assert list(json.loads(capsys.readouterr().out)["halves"]) == [_half(other)]
    assert cli.run(["eval", "--half", "giữa", "--model", str(tiny)]) == 2
    assert "Không có nửa «giữa»" in capsys.readouterr().err
    assert cli.run(["eval", "--record", "--half", _half(other), "--model", str(tiny)]) == 2
    assert "toàn bộ câu hỏi mẫu" in capsys.readouterr().err


def _half(identifier: str) -> str:
    return Question(identifier, "?", "", None, "lead", "formal").half
