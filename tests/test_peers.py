"""What `benchmarks/peers.py` compares with: judged by one rule, with the same weights. No peer is installed here."""

from __future__ import annotations

import importlib
import io
import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from eval.baseline import chunks
from eval.gold import Question
from index.packed import Vocabulary

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
QUOTE = "Sở Y tế chủ trì, hoàn thành trước ngày 30/11"
QUESTION = Question("a-1", "ai chủ trì?", "1/KH-UBND", None, "lead", "formal", (("Sở Y tế",),), (QUOTE,))


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> object:
    """Imports a module of the benchmarks."""
    monkeypatch.setattr(sys, "path", [str(BENCHMARKS), str(BENCHMARKS / "peers"), *sys.path])
    return importlib.import_module


def returned(*texts: str, number: str = "1/KH-UBND") -> dict[str, list[dict[str, str]]]:
    return {"passages": [{"text": text, "number": number} for text in texts]}


@pytest.fixture
def judge(load: object) -> ModuleType:
    return load("_peer_judge")


def test_a_passage_that_holds_a_quote_is_a_hit_however_it_is_broken(judge: ModuleType) -> None:
    broken = "a. " + QUOTE.replace(", ", ",\n  ").upper() + " b"
    found = judge.quality([QUESTION], {"a-1": returned("khác", "Sở Y tế", broken)})
    assert (found["hit@5_%"], found["mrr@10_%"]) == (100, pytest.approx(100 / 3))
    missed = judge.quality([QUESTION], {"a-1": returned("khác", QUOTE[:-5])})
    assert (missed["hit@5_%"], missed["mrr@10_%"]) == (0, 0)
    late = judge.quality([QUESTION], {"a-1": returned(*["khác"] * 5, QUOTE)})
    assert (late["hit@5_%"], late["mrr@10_%"]) == (0, pytest.approx(100 / 6))


def test_the_answer_of_what_returns_passages_is_the_best_of_the_plan_asked(judge: ModuleType) -> None:
    other, own = returned("Sở Công Thương", number="2/KH-UBND"), returned("Giao Sở Y tế.", "Sở Xây dựng")
    both = {"passages": other["passages"] + own["passages"]}
    assert judge.answer(QUESTION, both) == ("Giao Sở Y tế.", "Giao Sở Y tế.")
    assert judge.answer(QUESTION, other) == ("", "")
    assert judge.quality([QUESTION], {"a-1": both})["right_%"] == 100


def test_an_answer_of_any_length_is_forgiven_in_a_column_of_its_own(judge: ModuleType) -> None:
    long = judge.quality([QUESTION], {"a-1": returned("Sở Y tế " + "x" * 400)})
    assert (long["right_%"], long["holds_answer_%"]) == (0, 100)
    none = judge.quality([QUESTION], {"a-1": returned()})
    assert (none["right_%"], none["holds_answer_%"], none["hit@5_%"], none["answer_length"]) == (0, 0, 0, 0)


def test_what_answers_is_judged_by_its_answer_and_the_passage_cited(judge: ModuleType) -> None:
    cited = {"text": "Sở Y tế", "passage": QUOTE}
    answers = {**returned(QUOTE), "answers": {"1/KH-UBND": cited}}
    found = judge.quality([QUESTION], {"a-1": answers})
    assert (found["right_%"], found["holds_answer_%"], found["answer_length"]) == (100, 100, 7)
    refused = judge.quality([QUESTION], {"a-1": {**answers, "answers": {}}})
    assert (refused["right_%"], refused["holds_answer_%"], refused["hit@5_%"]) == (0, 0, 100)


def test_shares_are_over_all_questions(judge: ModuleType) -> None:
    both = [QUESTION, replace(QUESTION, id="a-2")]
    found = judge.quality(both, {"a-1": returned(QUOTE), "a-2": returned("khác")})
    assert (found["hit@5_%"], found["right_%"]) == (50, 50)
    assert found["five_length"] == (len(QUOTE) + len("khác")) / 2
    assert judge.percentile([3.0, 1.0, 2.0], 0.5) == 2.0


def test_peers_get_the_chunks_of_the_ablation(load: object, tmp_path: Path) -> None:
    text = " x" * 700 + "Điều 1.\n" * 300
    (tmp_path / "plan.txt").write_text(text, "utf-8")
    job = {"plans": [{"path": str(tmp_path / "plan.txt"), "number": "1"}], "index": str(tmp_path)}
    speak = load("_speak")
    found = speak.fixed_chunks(job)
    assert [passage["text"] for passage in found] == list(chunks(text))
    speak.keep(job, found)
    assert speak.kept(job) == found


def test_all_questions_are_asked_and_those_named_again(
    load: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    speak, asked = load("_speak"), []
    job = {"questions": [{"id": name} for name in "abcd"], "result": str(tmp_path / "told.json")}
    (tmp_path / "job.json").write_text(json.dumps(job))

    def opened(_: object) -> object:
        return lambda question: asked.append(question["id"]) or returned(question["id"])

    monkeypatch.setattr(sys, "stdin", io.StringIO("0 3\n1\n"))
    for verb, wanted in (("cold", ["a"]), ("ask", [*"a", *"abcd", *"ad", "b"])):
        monkeypatch.setattr(sys, "argv", ["run", verb, str(tmp_path / "job.json")])
        speak.run(lambda _: None, opened)
        assert asked == wanted
        assert capsys.readouterr().out == "answered\n" * (1 if verb == "cold" else 3)
    told = json.loads((tmp_path / "told.json").read_text())
    assert told["results"]["b"] == returned("b")
    assert (len(told["first_ms"]), len(told["again_ms"])) == (4, 3)
    assert told["peak_mb"] > 1


def test_peers_answer_by_turns(load: object, tmp_path: Path) -> None:
    speaking = (
        "import sys\nprint('a bar'); print('answered', flush=True)\n"
        "for line in sys.stdin:\n"
        "    open('told', 'a').write(sys.argv[1] + ' ' + line); print('answered', flush=True)\n"
        "open('told', 'a').write(sys.argv[1] + ' ended\\n')\n"
    )
    turns = load("_peer_turns")
    commands = {name: [sys.executable, "-c", speaking, name] for name in "ab"}
    turns.by_turns(commands, range(0, 39, 3), {}, tmp_path)
    first, second = " ".join(map(str, range(0, 33, 3))), "33 36"
    told = (tmp_path / "told").read_text().splitlines()
    assert [sorted(told[at : at + 2]) for at in (0, 2, 4)] == [
        [f"a {first}", f"b {first}"],
        [f"a {second}", f"b {second}"],
        ["a ended", "b ended"],
    ]


@pytest.mark.parametrize("code", ["print('answered')", "print('answered'); input(); exit(3)", "pass"])
def test_a_peer_that_ends_too_early_is_told(code: str, load: object, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="a ended"):
        load("_peer_turns").by_turns({"a": [sys.executable, "-c", code]}, [1], {}, tmp_path)


def test_no_peer_is_left_when_another_fails(load: object, tmp_path: Path) -> None:
    waiting = "import time; print('Loading', end=''); print('answered', flush=True); time.sleep(600)"
    commands = {"waiting": [sys.executable, "-c", waiting], "a": [sys.executable, "-c", "pass"]}
    started = time.monotonic()
    with pytest.raises(RuntimeError, match="a ended"):
        load("_peer_turns").by_turns(commands, [1], {}, tmp_path)
    assert time.monotonic() - started < 300


def test_limits_are_missed_where_a_peer_is_as_good(load: object) -> None:
    peers = load("peers")
    equal = dict.fromkeys(("hit@5_%", "right_%", "holds_answer_%", "p50_ms", "peak_mb", "cold_s"), 50.0)
    found = {peer.key: equal for peer in (peers.OURS, *peers.PEERS)}
    figures, limits = peers.flat(found), peers.limits(found)
    assert limits.keys() <= figures.keys()
    missed = {name for name, limit in limits.items() if figures[name] > limit}
    assert "bm25 less ours hit@5_%" in missed
    assert "ours / haystack p50_ms" in missed
    better = {
        **found,
        "kehoach": {**equal, "hit@5_%": 60, "right_%": 60, "holds_answer_%": 60, "p50_ms": 20, "peak_mb": 40},
    }
    assert all(peers.flat(better)[name] <= limit for name, limit in limits.items())


def test_every_peer_has_its_script_and_every_column_a_figure(load: object) -> None:
    peers = load("peers")
    every = (peers.OURS, *peers.PEERS)
    assert all(peer.script.is_file() for peer in every)
    assert {peer.script.name for peer in every} == {path.name for path in (BENCHMARKS / "peers").glob("run_*.py")}
    row = dict.fromkeys(peers.COLUMNS, 1234.5)
    lines = peers.table({peer.key: row for peer in every}, every).splitlines()
    assert len({line.count("|") for line in lines}) == 1
    assert len(lines) == 2 + len(every)
    assert all(path.is_file() for path in peers.plan_files().values())


def test_what_is_weighed_is_files_and_no_byte_code(load: object, tmp_path: Path) -> None:
    for name, size in (("a/x.py", 10), ("a/__pycache__/x.pyc", 100), ("pip/x.py", 1000), ("pip-1.dist-info/R", 1000)):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x" * size)
    assert load("_peer_homes").weight(tmp_path, ("pip", "pip-*")) == 10


def test_exported_pieces_are_cut_as_the_packaged_encoder_cuts_them(load: object) -> None:
    from index.pieces import Pieces

    names = ["<s>", "<pad>", "</s>", "<unk>", "▁", "▁nhà", "nh", "à", "▁n", "hà", "a"]
    scores = [0.0, 0.0, 0.0, 0.0, -2.0, -5.0, -3.0, -3.0, -4.0, -4.0, -3.0]
    replaced = {0x9: " ", 0x200B: " ", 0x1: "", 0xC0: "À"}
    vocabulary = Vocabulary([name.encode() for name in names], scores, 0, 2, 1, 3, replaced)
    exported, packaged = load("_weights").tokenizer(vocabulary), Pieces(vocabulary)
    for text in ("nhà", "  a \t nhà", "nhà\u200ba", "a\x01a", "xa nhà", "nhà hà nh"):
        assert exported.encode(text).ids == [0, *packaged.of(text.strip()), 2]
