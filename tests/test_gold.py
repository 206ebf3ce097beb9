"""The gold set: sound, spread as documented, and true to the plans; and what a broken file is told."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from eval.gold import GOLD, GoldError, Question, faults, load, tight
from eval.judge import holds
from ingest.clean import repair, strip_markup
from ingest.files import plan_files
from ingest.parse import parse_file
from ingest.settings import Settings

CORPUS = Path(__file__).parent.parent / "corpus"


@pytest.fixture(scope="module")
def plans() -> dict[str, str]:
    parsed = [parse_file(path, Settings()) for path in plan_files(CORPUS)]
    return {p.document.number: "\n".join(p.lines) for p in parsed}


@pytest.fixture(scope="module")
def questions() -> list[Question]:
    return load()


def raw(kind: str) -> list[dict[str, object]]:
    files = [p for p in sorted(GOLD.glob("*.jsonl")) if (p.stem in ("unanswerable", "comparison")) == (kind == "other")]
    return [json.loads(line) for p in files for line in p.read_text("utf-8").splitlines() if line.strip()]


def test_every_quote_stands_in_its_plan(questions: list[Question], plans: dict[str, str]) -> None:
    provinces = {"Thái Nguyên", "Bà Rịa - Vũng Tàu", "Đồng Nai", "Đồng Tháp"}
    assert list(faults(questions, plans, provinces)) == []


def test_every_answer_stands_near_its_lines(plans: dict[str, str]) -> None:
    """A merged cell stands up to a page above the row that inherits it, so the plan as a whole is searched then."""
    clean = {number: [repair(strip_markup(line)) for line in text.split("\n")] for number, text in plans.items()}
    tight_plans = {number: tight(" ".join(lines)) for number, lines in clean.items()}
    missing = []
    for item in raw("question"):
        plan = str(item["plan"])
        first, last = item["lines"]  # type: ignore[misc]
        near = " ".join(clean[plan][first - 1 : last])
        parts: list[str] = item["answer"]  # type: ignore[assignment]
        far = [part for part in parts if not holds(near, part)]
        missing += [(item["id"], part) for part in far if tight(part) not in tight_plans[plan]]
    assert not missing


def test_unanswerable_facts_are_absent(questions: list[Question], plans: dict[str, str]) -> None:
    texts = {number: re.sub(r"\s+", " ", repair(strip_markup(text))) for number, text in plans.items()}
    asked = [q for q in questions if q.absent]
    assert len(asked) >= 40
    found = [q.id for q in asked if re.search(q.absent, texts[q.plan], re.IGNORECASE)]
    assert not found


def test_size_and_spread(questions: list[Question], plans: dict[str, str]) -> None:
    answerable = [q for q in questions if q.answerable]
    assert len(answerable) >= 240
    assert min(Counter(q.plan for q in answerable).values()) >= 60
    assert len([q for q in questions if q.cells is not None]) >= 24
    assert {q.kind for q in answerable} == {
        "lead", "coordinating", "tasks", "target", "deadline", "funding", "basis", "metadata", "general",
    }  # fmt: skip
    styles = Counter(q.style for q in answerable)
    shares = {style: styles[style] / len(answerable) for style in styles}
    wanted = {"formal": 0.4, "colloquial": 0.3, "abbreviation": 0.1, "no_diacritics": 0.1, "typo": 0.1}
    assert all(abs(shares[style] - share) < 0.03 for style, share in wanted.items())
    assert 0.55 < sum(q.province is None for q in answerable) / len(answerable) < 0.65
    halves = Counter(q.half for q in questions)
    assert min(halves.values()) >= 400


def test_spread_over_the_whole_plan(plans: dict[str, str]) -> None:
    """Every fifth of a plan is asked about."""
    for number, text in plans.items():
        size = len(text.split("\n"))
        parts = {int(5 * item["lines"][0] / size) for item in raw("question") if item["plan"] == number}  # type: ignore[index]
        assert {0, 1, 2, 3, 4} <= parts


GOOD = {
    "id": "x-1", "question": "ai chủ trì?", "kind": "lead", "style": "formal", "plan": "54/KH-UBND",
    "province": None, "answer": ["Sở Y tế"], "answer_alt": [], "quotes": ["Sở Y tế"], "section": [], "lines": [1, 1],
}  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["{"], "dòng 1: không phải JSON"),
        (["[1]"], "dòng 1: không phải đối tượng"),
        ([json.dumps(GOOD | {"colour": "red"})], "dòng 1: không có trường «colour»"),
        ([json.dumps({k: v for k, v in GOOD.items() if k != "answer"})], "dòng 1: thiếu trường «answer»"),
        ([json.dumps(GOOD | {"kind": "colour"})], "dòng 1: trường «kind»"),
        ([json.dumps(GOOD | {"answer": []})], "dòng 1: trường «answer»"),
        ([json.dumps(GOOD | {"question": " "})], "dòng 1: trường «question»"),
        ([json.dumps(GOOD | {"question": "\ud800"})], "dòng 1: trường «question»"),
        ([json.dumps(GOOD | {"answer": [" "]})], "dòng 1: trường «answer»"),
        ([json.dumps(GOOD | {"plan": 54})], "dòng 1: trường «plan»"),
        ([json.dumps(GOOD | {"province": ["Thái Nguyên"]})], "dòng 1: trường «province»"),
        (["[" * 100_000], "dòng 1: không phải JSON"),
        (['{"id": ' + "9" * 5_000 + "}"], "dòng 1: không phải JSON"),
        ([json.dumps(GOOD, ensure_ascii=False).replace("?", "\u2028?"), "{"], "dòng 2: không phải JSON"),
        ([json.dumps(GOOD), "", json.dumps(GOOD)], "dòng 3: «id» x-1 trùng"),
        ([""], "trống"),
    ],
)
def test_a_broken_file_is_told_where(tmp_path: Path, lines: list[str], said: str) -> None:
    file = tmp_path / "gold.jsonl"
    file.write_text("\n".join(lines), "utf-8")
    with pytest.raises(GoldError, match=re.escape(said)) as caught:
        load([file])
    assert caught.value.remedy


def test_the_quotes_of_a_comparison_must_fit_too(tmp_path: Path) -> None:
    file = tmp_path / "gold.jsonl"
    item = {k: GOOD[k] for k in ("id", "question", "kind", "style")} | {"cells": {"Thái Nguyên": ["Sở Y tế"]}}
    file.write_text(json.dumps(item | {"quotes": {"Thái Nguyên": ["không có câu này"]}}), "utf-8")
    [(_, error)] = faults(load([file]), {"54/KH-UBND": "4. Sở Y tế: Chủ trì"}, {"Thái Nguyên"})
    assert "«quotes» không có trong kế hoạch" in error.message
    file.write_text(json.dumps(item | {"quotes": {"Thái Nguyên": "x"}}), "utf-8")
    with pytest.raises(GoldError, match="trường «quotes»"):
        load([file])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"quotes": ["không có câu này"]}, "«quotes»"),
        ({"province": "Hà Giang"}, "«province» Hà Giang"),
        ({"plan": "9/KH-UBND"}, "«plan» 9/KH-UBND"),
    ],
)
def test_questions_must_fit_the_corpus(tmp_path: Path, change: dict[str, object], said: str) -> None:
    file = tmp_path / "gold.jsonl"
    file.write_text(json.dumps(GOOD | change), "utf-8")
    [(question, error)] = faults(load([file]), {"54/KH-UBND": "4. Sở Y tế: Chủ trì"}, {"Thái Nguyên"})
    assert question.id == GOOD["id"]
    assert said in error.message
    assert error.message.startswith(f"{file}, dòng 1 (")
    assert error.remedy


@pytest.mark.parametrize(
    ("text", "part", "found"),
    [
        ("33 điều dưỡng viên trên 10.000 dân", "10", False),
        ("Đến năm 2025: 10 | Đến năm 2030: 15", "10", True),
        ("trước ngày 30/11 hằng năm", "30/11", True),
        ("dưới 3%, tỷ lệ", "dưới 3%", True),
        ("99,5", "99", False),
        ("SỞ XÂY DỰNG", "Sở Xây dựng", True),
        ("giai đoạn 2021 – 2025", "2021-2025", True),
    ],
)
def test_an_expected_string_stands_as_a_whole(text: str, part: str, found: bool) -> None:
    assert holds(text, part) is found
