"""The page Đánh giá in every state: runs and ablations as files, a user's gold file; no browser."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import streamlit as st
from conftest import HashEncoder
from streamlit.testing.v1 import AppTest
from test_app import HOUSING, IMAGE, SCRIPT, build, html, page, ran, text, write_plans

from eval import run as runs
from eval.judge import Cell, Record
from eval.metrics import RETRIEVAL
from eval.report import misses
from eval.run import Run, save
from index.search import Searcher
from ui import services, upload

PAGE = "ui/evaluate.py"
LEAD_QUOTE = "Chủ trì, phối hợp với các sở, ngành phát triển nhà ở xã hội"
GOOD: dict[str, Any] = {
    "id": "a-1", "question": HOUSING, "plan": "12/KH-UBND", "province": "Lào Cai", "kind": "lead", "style": "formal",
    "answer": ["Sở Xây dựng"], "quotes": [LEAD_QUOTE],
}  # fmt: skip
WRONG = GOOD | {"id": "a-2", "question": f"ai chủ trì nhà ở xã hội? {SCRIPT}{IMAGE}", "answer": ["Sở Y tế"]}
ABSENT: dict[str, Any] = {
    "id": "u-1", "question": "giá vàng thế giới?", "plan": "12/KH-UBND", "kind": "target", "style": "colloquial",
    "why": "other_field", "absent": "vàng",
}  # fmt: skip
COMPARED: dict[str, Any] = {
    "id": "c-1", "question": "So sánh cơ quan chủ trì nhà ở xã hội", "kind": "lead", "style": "typo",
    "cells": {"Lào Cai": ["Sở Tài chính"], "Đồng Nai": None}, "quotes": {},
}  # fmt: skip


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("eval")
    build(folder / "nha", write_plans(folder), HashEncoder())
    return folder / "nha"


@pytest.fixture(autouse=True)
def environment(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The small index, and no run yet."""
    monkeypatch.setenv("KEHOACH_HOME", str(built))
    monkeypatch.setenv("KEHOACH_MODEL", "hash")
    monkeypatch.setattr(services, "load_encoder", lambda _: HashEncoder())
    monkeypatch.setattr(runs, "RUNS", tmp_path / "runs")
    monkeypatch.setattr(runs, "RECORDED", tmp_path / "recorded.json")
    (tmp_path / "runs").mkdir()
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


@pytest.fixture(scope="module")
def searcher(built: Path) -> Iterator[Searcher]:
    with Searcher.open(built, HashEncoder()) as found:
        yield found


def record(identifier: str, *, half: str = "held_out", **other: Any) -> Record:  # noqa: ANN401
    fields: dict[str, Any] = {
        "id": identifier, "question": HOUSING, "half": half, "kind": "lead", "style": "formal", "plan": "12/KH-UBND",
        "answerable": True, "ranking": ("x", "y"), "hits": ("y",), "answer": "Sở Xây dựng", "right": True,
        "right_short": True, "citation_right": True, "refused": False, "confidence": 1.0, "took_ms": 50.0,
        "expected": "Sở Xây dựng", "returned": "khoản 1",
    }  # fmt: skip
    return Record(**fields | other)


def saved(name: str = "gold", *records: Record, cells: tuple[Cell, ...] = (), age: int = 0) -> Path:
    """A run's file; hit@5 of every question is 1, MRR@10 is 0.5."""
    values = dict.fromkeys(RETRIEVAL, 1.0) | {"mrr@10": 0.5}
    run = Run(records or RECORDS, {r.id: values for r in records or RECORDS}, cells)
    path = save(run, name, "hash", runs.RUNS / f"{name}.json")
    os.utime(path, (10**9 - age, 10**9 - age))
    return path


RECORDS = (
    record("a-1"),
    record("a-2", right=False, answer=SCRIPT, expected=IMAGE, question=f"ai chủ trì? {SCRIPT}", kind="target"),
    record("a-3", right=False, answer="", hits=(), style="typo", half="development", plan="77/KH-UBND"),
    record("u-1", answerable=False, hits=(), answer="9 %", question="giá vàng?", kind="target"),
    record("u-2", answerable=False, refused=True, answer="", hits=()),
)
CELLS = (Cell("c-1", "held_out", "Đồng Tháp", ("Sở A",), "Sở B"), Cell("c-1", "held_out", "Lào Cai", None, None))


def cards(app: AppTest) -> list[str]:
    return re.findall(r"<article.*?</article>", html(app), re.DOTALL)


def ids(app: AppTest) -> list[str]:
    return re.findall(r"<b>([\w-]+)</b> ·", "".join(cards(app)))


def uploaded(*lines: object, name: str = "cua toi.jsonl") -> AppTest:
    data = "\n".join(line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
    app = page(PAGE)
    return ran(app.file_uploader[0].set_value((name, data.encode(), "application/json")))


def notices(app: AppTest) -> list[str]:
    """What was said in answer to a file."""
    found = re.findall(r"kh-notice[^>]*><p>(.*?)</p><p>(.*?)</p>", html(app), re.DOTALL)
    return [" → ".join(pair) for pair in found if "kehoach eval" not in pair[1]]


def click(app: AppTest, label: str) -> AppTest:
    return ran(next(button for button in app.button if button.label == label).click())


def assert_harmless(app: AppTest) -> None:
    drawn = html(app)
    assert "<script" not in drawn
    assert "<img" not in drawn
    assert not re.search(r"<[^<>]*\son\w+\s*=", drawn)


# Saved runs


def test_no_run_yet() -> None:
    app = page(PAGE)
    assert "Chưa có lần đánh giá nào." in text(app)
    assert "<code>kehoach eval</code>" in html(app)
    assert "<code>kehoach eval --ablate</code>" in html(app)
    assert '<a href="danh-gia" aria-current=page>Đánh giá</a>' in html(app)
    assert [tab.label for tab in app.tabs] == ["Bộ câu hỏi mẫu", "Bộ câu hỏi của bạn", "Báo sai"]


def test_figures_of_each_half() -> None:
    saved(cells=CELLS)
    app = page(PAGE)
    shown = text(app)
    assert "Bộ câu hỏi bộ mẫu Mô hình véc-tơ hash Số câu hỏi 6" in shown
    assert "Số đo Nửa phát triển Nửa kiểm tra" in shown
    assert "Số câu hỏi có câu trả lời 1 2" in shown
    assert "(hit@5). 100,0 % (100–100) 100,0 % (100–100)" in shown
    assert "(MRR@10). 0,500 (0,50–0,50)" in shown
    assert "không quá 400 ký tự. 0,0 % (0–0) 50,0 % (0–100)" in shown
    assert "đã bị từ chối (recall). — 50,0 %" in shown  # the development half asks nothing unanswerable
    assert "và nêu đúng. — 0,0 % (của 1 ô)" in shown
    assert "được để trống. — 100,0 % (của 1 ô)" in shown
    assert "50 ms 50 ms" in shown


def test_figures_by_kind_style_and_plan_of_the_chosen_half() -> None:
    saved()
    app = page(PAGE)
    assert app.radio[0].options == ["Nửa phát triển", "Nửa kiểm tra"]
    assert "Cơ quan chủ trì 1 100 % 100–100" in text(app)
    assert "Chỉ tiêu 1 100 % 100–100" in text(app)
    assert "12/KH-UBND, Lào Cai 2" in text(app)
    assert "77/KH-UBND, Đồng Tháp 1" not in text(app)
    ran(app.radio[0].set_value("development"))
    assert "Gõ sai 1 100 % 100–100" in text(app)
    assert "77/KH-UBND, Đồng Tháp 1" in text(app)


def test_the_newest_run_is_shown_and_files_that_are_none_are_passed_over() -> None:
    saved("older", age=100)
    saved("newer", age=50)
    (runs.RUNS / "broken.json").write_text('{"records": [{}]}', "utf-8")
    (runs.RUNS / "cut.json").write_text('{"rec', "utf-8")
    saved("no-metrics").write_text(saved("x").read_text("utf-8").replace('"a-1": {', '"a-9": {'), "utf-8")
    (runs.RUNS / "x.json").unlink()
    assert "Bộ câu hỏi newer" in text(page(PAGE))
    saved("newest")
    assert "Bộ câu hỏi newest" in text(page(PAGE))


def test_the_recorded_run_stands_in(tmp_path: Path) -> None:
    saved("recorded").rename(tmp_path / "recorded.json")
    assert "Bộ câu hỏi recorded" in text(page(PAGE))


def test_figures_without_an_index(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KEHOACH_HOME", str(tmp_path / "khong-co"))
    saved()
    app = page(PAGE)
    assert "Số câu hỏi có câu trả lời 1 2" in text(app)
    ran(app.file_uploader[0].set_value(("a.jsonl", b"{}", "")))
    assert "kehoach ingest" in text(app)


# Ablation


def write_ablation(content: object) -> None:
    (runs.RUNS / "ablation.json").write_text(json.dumps(content, ensure_ascii=False), "utf-8")


def step(name: str, low: float, **other: object) -> dict[str, object]:
    values = {"hit@5": [low + 0.05, low, low + 0.1], "mrr@10": [low, low - 0.05, low + 0.05]}
    return {"name": name, "figures": values, "p": {}} | other


def test_the_recorded_ablation_where_none_was_run() -> None:
    content = {"half": "development", "rows": [step("đầy đủ", 0.9, group="Từng bước", key="full", against="full")]}
    runs.RECORDED.with_name("recorded_ablation.json").write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    saved()
    assert "đầy đủ" in text(page(PAGE))
    write_ablation(
        {"half": "development", "rows": [step("mới chạy", 0.9, group="Từng bước", key="full", against="full")]}
    )
    assert "mới chạy" in text(page(PAGE))


def test_the_ablation_as_chart_and_table() -> None:
    rows = [
        step("khúc 512", 0.7, group="Từng bước", key="chunks", against="full", p={"hit@5": 0.0001, "mrr@10": 0.25}),
        step(f"đầy đủ {SCRIPT}", 0.9, group="Từng bước", key="full", against="full"),
    ]
    write_ablation({"half": "held_out", "rows": rows})
    app = page(PAGE)
    assert "kehoach eval --ablate" not in html(app)
    assert "Cùng các câu hỏi (nửa kiểm tra)" in text(app)
    label = "Trúng trong 5 đoạn (hit@5): 75,0\u00a0% (70–80); Hạng của đoạn đúng (MRR@10): 0,700 (0,65–0,75)"
    assert f'aria-label="{label}"' in html(app)
    assert 'style="left:37.5%"' in html(app)  # 75 % on an axis from 60 to 100 %
    assert "60 % 70 % 80 % 90 % 100 %" in text(app)
    assert "khúc 512 75,0 % (70–80) 0,700 (0,65–0,75) < 0,001 0,250" in text(app)
    assert f"Từng bước; p so với «đầy đủ {SCRIPT}»" in text(app)
    assert_harmless(app)


def test_an_ablation_of_the_bare_form() -> None:
    write_ablation({"half": "development", "rows": [step("bm25", 0.3), step("dense", 0.5, p={"hit@5": 0.5})]})
    app = page(PAGE)
    assert "bm25 35,0 % (30–40)" in text(app)
    assert "0,500 —" in text(app)


@pytest.mark.parametrize("content", [{}, [], {"half": "x", "rows": [{}]}, {"half": "x", "rows": []}, {"rows": 3}])
def test_an_ablation_that_cannot_be_read(content: object) -> None:
    write_ablation(content)
    assert "<code>kehoach eval --ablate</code>" in html(page(PAGE))


# Misses


def test_misses_say_what_was_wanted_and_link_to_the_question() -> None:
    saved(cells=CELLS)
    app = page(PAGE)
    assert "Các câu chưa đúng (4)" in text(app)
    assert ids(app) == ["a-2", "a-3", "u-1", "c-1"]
    wrong, unanswered, unanswerable, cell = cards(app)
    assert f"<td>{escape(IMAGE)}</td>" in wrong
    assert f"<td>{escape(SCRIPT)}</td>" in wrong
    assert "có trong năm đoạn đầu" in wrong
    assert "Không trả lời." in unanswered
    assert "không có trong năm đoạn đầu" in unanswered
    assert "kế hoạch không nêu điều này" in unanswerable
    assert "Đồng Tháp: Sở A" in cell
    assert "Đồng Tháp: Sở B" in cell
    (link,) = re.findall(r'href="([^"]*)"', wrong)
    assert link.startswith("./?q=")
    assert parse_qs(urlsplit(link).query) == {"q": [f"ai chủ trì? {SCRIPT}"]}
    assert_harmless(app)


def test_the_link_carries_the_province_that_was_chosen_beside_the_question(monkeypatch: pytest.MonkeyPatch) -> None:
    gold = runs.RUNS / "gold.jsonl"
    gold.write_text(json.dumps(GOOD), "utf-8")
    monkeypatch.setattr("eval.gold.GOLD", runs.RUNS)
    saved("gold", record("a-1", right=False))
    (link,) = re.findall(r'href="(\./[^"]*)"', cards(page(PAGE))[0])
    params = parse_qs(urlsplit(link.replace("&amp;", "&")).query)
    assert params == {"q": [HOUSING], "province": ["Lào Cai"]}
    app = page(q=params["q"][0], province=params["province"][0])
    assert app.selectbox[0].value == "Lào Cai"


def test_misses_are_filtered() -> None:
    saved(cells=CELLS)
    app = page(PAGE)
    boxes = {box.label: box for box in app.selectbox}
    assert list(boxes) == ["Loại câu hỏi", "Cách viết", "Kế hoạch", "Nửa"]
    assert boxes["Kế hoạch"].options == ["Tất cả", "12/KH-UBND, Lào Cai", "77/KH-UBND, Đồng Tháp"]
    ran(boxes["Loại câu hỏi"].set_value("target"))
    assert ids(app) == ["a-2", "u-1"]
    assert "2 câu được chọn." in text(app)
    ran(app.selectbox[1].set_value("typo"))
    assert ids(app) == []
    ran(app.selectbox[0].set_value(""))
    assert ids(app) == ["a-3"]
    ran(app.selectbox[3].set_value("held_out"))
    assert ids(app) == []
    ran(app.selectbox[1].set_value(""))
    ran(app.selectbox[2].set_value("77/KH-UBND"))
    assert ids(app) == ["c-1"]


def test_many_misses_are_shown_in_parts() -> None:
    saved("gold", *(record(f"m-{n}", right=False) for n in range(45)))
    app = page(PAGE)
    assert len(cards(app)) == 20
    click(app, "Xem thêm 20 câu")
    click(app, "Xem thêm 5 câu")
    assert len(cards(app)) == 45
    assert not [button for button in app.button if button.label.startswith("Xem thêm")]


def test_no_miss() -> None:
    saved("gold", record("a-1"))
    assert "Không có câu nào sai." in text(page(PAGE))


def test_the_command_lists_the_same_misses() -> None:
    told = misses(Run(RECORDS, {}, ()))
    assert [line.split()[0] for line in told.splitlines() if "[" in line] == ["a-2", "a-3", "u-1"]
    assert "a-2 [target, formal; đúng chỗ]" in told
    assert "a-3 [lead, typo; sai chỗ]" in told


# A user's own file


def test_an_own_file_is_run_and_kept_in_the_session(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, int]] = []
    evaluate = runs.evaluate

    def watched(questions: Any, answerer: Any, clauses: Any, progress: Any) -> Run:  # noqa: ANN401
        def both(done: int, total: int) -> None:
            told.append((done, total))
            progress(done, total)

        return evaluate(questions, answerer, clauses, both)

    monkeypatch.setattr(runs, "evaluate", watched)
    app = uploaded(GOOD, "", WRONG, ABSENT, COMPARED)
    assert notices(app) == []
    assert "Tệp hợp lệ: 4 câu hỏi." in text(app)
    click(app, "Chạy đánh giá")
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert "Số đo Tất cả" in text(app)
    assert "Số câu hỏi có câu trả lời 2" in text(app)
    assert "không quá 400 ký tự. 50,0 % (0–100)" in text(app)
    assert "Các câu chưa đúng (2)" in text(app)
    assert ids(app) == ["a-2", "c-1"]
    assert "province=L%C3%A0o+Cai" in cards(app)[0]
    assert "So sánh cơ quan chủ trì nhà ở xã hội" in cards(app)[1]
    assert_harmless(app)
    assert not list(runs.RUNS.iterdir())
    ran(app)
    assert len(told) == 4
    ran(app.file_uploader[0].set_value(("khac.jsonl", json.dumps(GOOD).encode(), "")))
    assert "Số đo Tất cả" not in text(app)
    assert not cards(app)


@pytest.mark.parametrize("line", [ABSENT, COMPARED, GOOD | {"quotes": ["Sở Y tế: Chủ trì xây dựng trạm y tế"]}])
def test_a_file_of_one_kind_of_question(line: dict[str, Any]) -> None:
    app = click(uploaded(line), "Chạy đánh giá")
    assert "Số đo Tất cả" in text(app)


@pytest.mark.parametrize(
    ("line", "message", "remedy"),
    [
        ("{", "không phải JSON hợp lệ", "Mỗi dòng là một đối tượng JSON."),
        ("[1]", "không phải đối tượng JSON", "Ví dụ"),
        ({k: v for k, v in GOOD.items() if k != "kind"}, "thiếu trường «kind»", "README"),
        (GOOD | {"loai": "x"}, "không có trường «loai»", "Các trường"),
        (GOOD | {"kind": "x"}, "trường «kind» có giá trị không hợp lệ", "README"),
        (GOOD | {"plan": ["x"]}, "trường «plan» có giá trị không hợp lệ", "README"),
        (GOOD | {"plan": None}, "trường «plan» có giá trị không hợp lệ", "README"),
        (GOOD | {"province": 7}, "trường «province» có giá trị không hợp lệ", "README"),
        (GOOD | {"province": "Hà Nội"}, "(a-1): «province» Hà Nội không có trong kho", "Các tỉnh đã nạp: Lào Cai"),
        (GOOD | {"plan": "1/KH"}, "(a-1): «plan» 1/KH không có trong kho", "12/KH-UBND"),
        (GOOD | {"quotes": [SCRIPT + "x"]}, f"«quotes» không có trong kế hoạch: «{escape(SCRIPT)}x»", "Chép lại"),
        (ABSENT | {"absent": "("}, "trường «absent» có giá trị không hợp lệ", "README"),
        (ABSENT | {"absent": "a{99999999999999}"}, "trường «absent» có giá trị không hợp lệ", "README"),
        (ABSENT | {"absent": "(" * 20_000}, "trường «absent» có giá trị không hợp lệ", "README"),
        ("[" * 100_000, "không phải JSON hợp lệ", "Mỗi dòng là một đối tượng JSON."),
        (json.dumps(GOOD | {"question": "\ud800"}), "trường «question» có giá trị không hợp lệ", "README"),
        ('{"id": ' + "9" * 5000 + "}", "không phải JSON hợp lệ", "Mỗi dòng là một đối tượng JSON."),
    ],
)
def test_a_broken_line_is_named(line: object, message: str, remedy: str, searcher: Searcher) -> None:
    data = line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)
    questions, faults = upload.check("tôi.jsonl", f"\n{data}\n".encode(), searcher)
    assert not questions
    (fault,) = faults
    assert fault.message.startswith("tôi.jsonl, dòng 2")
    assert message in escape(fault.message)
    assert remedy in fault.remedy


def test_all_faults_are_named_at_once_in_the_order_of_the_lines() -> None:
    lines = [GOOD, "{", WRONG | {"quotes": ["không có"]}, GOOD, COMPARED | {"cells": {"Huế": None}}, ABSENT]
    app = uploaded(*lines)
    found = notices(app)
    assert [re.findall(r"dòng (\d)", line)[0] for line in found] == ["2", "3", "4", "5"]
    assert "«id» a-1 trùng với cua toi.jsonl, dòng 1." in found[2]
    assert not [button for button in app.button if button.label == "Chạy đánh giá"]
    assert "gold.jsonl" not in html(app)


def test_only_the_first_faults_are_named() -> None:
    app = uploaded(*["{"] * 300)
    assert len(notices(app)) == upload.MAX_FAULTS
    assert "Chỉ nêu 20 lỗi đầu tiên." in text(app)


def test_a_hostile_file() -> None:
    hostile = GOOD | {"id": SCRIPT, "question": IMAGE, "quotes": [IMAGE * 2]}
    app = uploaded(hostile, {SCRIPT: 1}, GOOD | {"province": IMAGE}, name=f"../../{IMAGE}.jsonl")
    assert len(notices(app)) == 3
    assert escape(f"../../{IMAGE}.jsonl, dòng 1 ({SCRIPT})") in html(app)
    assert_harmless(app)
    good = GOOD | {"id": SCRIPT, "question": f"ai chủ trì? {IMAGE}", "answer": [SCRIPT]}
    app = click(uploaded(good, name=f"{SCRIPT}.jsonl"), "Chạy đánh giá")
    assert escape(SCRIPT) in cards(app)[0]
    assert escape(IMAGE) in cards(app)[0]
    assert_harmless(app)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b" " * (2 * 1024 * 1024 + 1), "tệp lớn hơn 2 MB"),
        (b"{}\n" * 2001, "quá 2000 câu hỏi"),
        (b"\xff\xfe\x00", "không phải tệp văn bản UTF-8"),
        (b"", "Bộ câu hỏi trống"),
        (b"\n \n", "Bộ câu hỏi trống"),
    ],
    ids=["large", "many", "binary", "empty", "blank"],
)
def test_a_file_that_is_none(data: bytes, message: str, searcher: Searcher) -> None:
    questions, faults = upload.check("a.jsonl", data, searcher)
    assert not questions
    assert [message in fault.message for fault in faults] == [True]
    assert faults[0].remedy
