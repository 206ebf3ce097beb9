"""`kehoach eval`: gold questions, saved runs, comparison of runs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import fmean

from answer.answerer import Answerer
from answer.confidence import ALWAYS
from answer.evidence import STEPS, Steps
from answer.weights import PATH
from answer.words import CorpusWords
from commands.output import progress_bar, say
from eval.ablate import ablate, ablation_report
from eval.beir import run_beir
from eval.compare import compare
from eval.gold import Question, faults, load
from eval.report import comparison_report, misses, run_json, run_report, table
from eval.run import HALVES, RECORDED, RUNS, Run, evaluate, plan_texts, read, save
from eval.tune import choose_steps, fit, samples, to_toml
from eval.variants import RememberingEncoder
from index.embed import load_encoder
from index.search import Searcher
from ingest.errors import QuestionError
from ingest.settings import Settings


@contextmanager
def opened(settings: Settings) -> Iterator[Searcher]:
    """The index that is evaluated."""
    with Searcher.open(settings.home, settings.encoder, where=settings.engine) as searcher:
        yield searcher


def run_gold(gold: Path | None, half: str, settings: Settings, as_json: bool, show_misses: bool, record: bool) -> int:
    """Run gold questions (of one half, or all), print the figures, save the run.

    With `record` tests hold later runs against it.

    Raises:
        GoldError: the gold file is broken or does not fit the plans in the index.
        QuestionError: there is no such half, or a part of the questions is to be recorded.
    """
    if record and (gold or half):
        raise QuestionError("Chỉ ghi mốc được cho toàn bộ câu hỏi mẫu.", "Bỏ --gold và --half.")
    questions = _of_half(load([gold] if gold else None), half)
    with opened(settings) as searcher, progress_bar() as progress:
        check_questions(questions, searcher)
        run = evaluate(
            questions, Answerer(searcher), searcher.clauses(), lambda done, total: progress("ask", done, total)
        )
    target = save(run, gold.stem if gold else "gold", settings.encoder)
    if record:
        save(run, "gold", settings.encoder, RECORDED)
    _print(run, as_json, show_misses)
    if not as_json:
        say(f"\nĐã lưu: {target}")
    return 0


def _of_half(questions: Sequence[Question], half: str) -> list[Question]:
    if half and half not in HALVES:
        raise QuestionError(f"Không có nửa «{half}».", f"Chọn --half {' hoặc '.join(HALVES)}.")
    return [q for q in questions if not half or q.half == half]


def check_questions(questions: Sequence[Question], searcher: Searcher) -> None:
    """Hold gold questions against the plans in the index.

    Raises:
        GoldError: a quote, plan or province that is not there.
    """
    for _, error in faults(questions, *plan_texts(searcher)):
        raise error


def _print(run: Run, as_json: bool, show_misses: bool) -> None:
    if as_json:
        say(json.dumps(run_json(run), ensure_ascii=False, indent=2))
        return
    say(run_report(run))
    if show_misses:
        say("\n" + misses(run))


def compare_runs(first: Path, second: Path) -> int:
    """Print what changed from one saved run to another.

    Raises:
        QuestionError: a file is missing or is no run.
    """
    say(comparison_report(*compare(read(first), read(second))))
    return 0


def run_ablation(half: str, settings: Settings, as_json: bool, record: bool) -> int:
    """What each step brings, on one half of the gold set; the table is also kept for the app, with `record` for good.

    Raises:
        IndexStateError: there is no index, or it is of another encoder.
    """
    half = half or HALVES[0]
    questions = _of_half(load(), half)
    with progress_bar() as progress:
        rows = ablate(questions, settings.home, load_encoder(settings.encoder), _cache(settings), progress)
    content = json.dumps({"half": half, "rows": [row.to_json() for row in rows]}, ensure_ascii=False, indent=1)
    targets = [RUNS / "ablation.json"] + [RECORDED.with_name("recorded_ablation.json")] * record
    for target in targets:
        write_text(target, content)
    say(content if as_json else ablation_report(rows))
    return 0


def run_tuning(settings: Settings) -> int:
    """Choose the weights of the second stage and of confidence on the development half, and store them.

    Raises:
        IndexStateError: there is no index, or it is of another encoder.
    """
    questions = _of_half(load(), HALVES[0])
    encoder = RememberingEncoder(load_encoder(settings.encoder))
    with Searcher.open(settings.home, encoder) as searcher, progress_bar() as progress:
        answerable, clauses = [q for q in questions if q.answerable], searcher.clauses()
        words = CorpusWords([clause.text for clause in clauses], searcher.generation.parts.counts)

        def reached(steps: Steps) -> tuple[float, float, int]:
            run = evaluate(answerable, Answerer(searcher, steps, words, ALWAYS), clauses)
            mrr = [run.metrics[q.id]["mrr@10"] for q in answerable]
            return fmean(mrr), fmean(record.right for record in run.records), len(answerable)

        choice = choose_steps(reached, STEPS, lambda done, total: progress("ask", done, total))
        found = list(samples(questions, Answerer(searcher, choice.steps, words)))
    content = to_toml(choice, fit(found))
    write_text(PATH, content)
    say(content)
    return 0


def run_public_set(directory: Path, settings: Settings, as_json: bool) -> int:
    """Retrieval figures of a set in BEIR form: corpus.jsonl, queries.jsonl, qrels.tsv.

    Raises:
        GoldError: a file is missing or broken.
    """
    with progress_bar() as progress:
        rows = run_beir(directory, load_encoder(settings.encoder), _cache(settings), progress)
    listed = [{"name": r.name, "n": r.size, **{m: list(v) for m, v in r.figures.items()}} for r in rows]
    say(json.dumps(listed, ensure_ascii=False, indent=2) if as_json else table(rows, intervals=True))
    return 0


def write_text(target: Path, content: str) -> None:
    """Put a file in its place at once."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    part.write_text(content, "utf-8")
    part.replace(target)


def _cache(settings: Settings) -> Path:
    """Where vectors are kept that only evaluation needs."""
    return settings.home / "eval-cache"
