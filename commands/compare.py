"""`kehoach compare`: one question put to every plan, or a file of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from answer.agency import documents_of
from answer.answerer import Answerer
from answer.compare import NOT_STATED, Comparison, Side, compare, compare_all, comparison_table, to_json
from answer.result import Citation
from commands.ask import read_questions
from commands.files import write_all
from commands.output import say
from index.search import Searcher
from ingest.settings import Settings


def compare_plans(
    question: str, provinces: Sequence[str], settings: Settings, as_json: bool, files: Sequence[Path]
) -> int:
    """Compare on the terminal or as JSON, and write the table to `files`, which were found fit for it."""
    with Searcher.open(settings.home, settings.encoder, where=settings.engine) as searcher:
        documents_of(searcher)
        found = compare(Answerer(searcher), question, provinces)
    write_all(lambda: comparison_table(found, date.today()), files)
    say(json.dumps(to_json(found), ensure_ascii=False)) if as_json else _print(found)
    return 0


def compare_file(file: Path, provinces: Sequence[str], settings: Settings) -> int:
    """Compare for every line of a JSONL file, one JSON object a line in the same order.

    `provinces` are those of the lines that name none.

    Raises:
        QuestionError: the file is missing or empty, a line is broken, or a province is unknown or without a plan.
    """
    questions = read_questions(file)
    asked = [(q.question, (q.province,) if q.province else tuple(provinces)) for q in questions]
    with Searcher.open(settings.home, settings.encoder, where=settings.engine) as searcher:
        documents_of(searcher)
        for item, found in zip(questions, compare_all(Answerer(searcher), asked), strict=True):
            say(json.dumps(to_json(found, item.id), ensure_ascii=False))
    return 0


def _print(found: Comparison) -> None:
    understood = found.understood
    say(f"Đang tìm: {understood.text}" + (f"  [{'; '.join(understood.notes)}]" if understood.notes else ""))
    if not found.sides:
        say(f"\nKhông so sánh được. {found.reason}")
    elif found.reason:
        say(f"\n{found.reason}")
    for side in found.sides:
        _print_side(side)


def _print_side(side: Side) -> None:
    number = f" ({side.document.number})" if side.document.number and side.document.province else ""
    if side.answer is None:
        say(f"\n{side.province}{number}: — {NOT_STATED}. {side.reason}".rstrip())
        for citation in side.citations[:1]:
            say(f"  Gần nhất: {_place(citation)}")
        if side.standing:
            say(f"  Lưu ý: {side.standing}")
        return
    said = [f"năm {side.years_told}"] if side.years else []
    said += [f"chủ trì: {' '.join(side.lead.split())}"] if side.lead and side.lead != side.answer.text else []
    said += [f"độ tin cậy {side.answer.confidence:.0%}"]
    say(f"\n{side.province}{number}: {side.answer.text}")
    say(f"  {'; '.join(said)}")
    say(f"  {_place(side.citations[0])}")
    for note in filter(None, (side.standing, side.note)):
        say(f"  Lưu ý: {note}")
    for other in side.others:
        _print_side(other)


def _place(citation: Citation) -> str:
    first, last = citation.lines
    return f"{citation.label} ({f'dòng {first}' if first == last else f'dòng {first}–{last}'})"
