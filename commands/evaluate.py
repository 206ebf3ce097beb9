"""`kehoach eval`: gold questions, saved runs, comparison of runs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from answer.answerer import Answerer
from commands.output import progress_bar, say
from eval.compare import compare
from eval.gold import GOLD, Question, check_against, load
from eval.report import comparison_report, misses, run_json, run_report
from eval.run import RECORDED, Run, evaluate, read, save
from index.search import Searcher
from ingest.settings import Settings


@contextmanager
def opened(settings: Settings) -> Iterator[Searcher]:
    """The index that is evaluated."""
    with Searcher.open(settings.home, settings.encoder) as searcher:
        yield searcher


def run_gold(gold: Path | None, settings: Settings, as_json: bool, show_misses: bool, record: bool) -> int:
    """Run gold questions, print the figures, save the run; with `record` tests hold later runs against it.

    Raises:
        GoldError: the gold file is broken or does not fit the plans in the index.
    """
    questions = load([gold] if gold else None)
    with opened(settings) as searcher, progress_bar() as progress:
        check_questions(questions, searcher, str(gold or GOLD))
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


def check_questions(questions: Sequence[Question], searcher: Searcher, source: str) -> None:
    """Hold gold questions against the plans in the index.

    Raises:
        GoldError: a quote, plan or province that is not there.
    """
    documents = searcher.documents()
    texts: dict[str, str] = {}
    for document in documents:
        text = "\n".join(searcher.source_lines(document.id))
        texts[document.number] = f"{texts.get(document.number, '')}\n{text}"
    check_against(questions, texts, {d.province for d in documents}, source)


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
