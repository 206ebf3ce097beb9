"""A user's own gold file: held against the schema and the plans, every fault named with its line.

The file comes from outside. `eval.gold` reads it from a temporary file whose name is ours; the messages name it as the
user does, and are plain text that `markup` escapes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from eval.gold import GoldError, Question, check_against, load
from index.search import Searcher

MAX_MB = 2
MAX_QUESTIONS = 2_000
MAX_FAULTS = 20  # that are named at once

_REMEDY = "Xem eval/gold/README.md."
_NUMBER = re.compile(r", dòng (\d+)")

Faults = dict[int, GoldError]  # by line; 0: the whole file


def check(name: str, data: bytes, searcher: Searcher) -> tuple[list[Question], list[GoldError]]:
    """The questions of a file that holds no fault, or its faults in the order of the lines.

    Args:
        name: what the user calls the file.
        data: its content.
        searcher: the plans that it must fit.
    """
    name = name[-80:]
    try:
        lines = _lines(name, data)
    except GoldError as error:
        return [], [error]
    odd = ((n, _odd(line, f"{name}, dòng {n}")) for n, line in enumerate(lines, start=1))
    faults: Faults = {n: fault for n, fault in odd if fault}
    questions = _load(name, lines, faults)
    _hold_against(name, questions, searcher, faults)
    told = [_shown(faults[n]) for n in sorted(faults)]
    return ([] if told else list(questions.values())), told[:MAX_FAULTS]


def _lines(name: str, data: bytes) -> list[str]:
    if len(data) > MAX_MB * 1024 * 1024:
        raise GoldError(f"{name}: tệp lớn hơn {MAX_MB} MB.", "Chia thành nhiều tệp nhỏ hơn.")
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise GoldError(f"{name}: không phải tệp văn bản UTF-8.", "Lưu lại tệp với mã UTF-8.") from error
    if sum(bool(line.strip()) for line in lines) > MAX_QUESTIONS:
        raise GoldError(f"{name}: quá {MAX_QUESTIONS} câu hỏi.", "Chia thành nhiều tệp nhỏ hơn.")
    return lines


def _odd(line: str, where: str) -> GoldError | None:
    """What valid JSON may hold that no gold file does, and that nothing after this is made for."""
    try:
        item = json.loads(line) if line.strip() else None
        json.dumps(item, ensure_ascii=False).encode()
    except json.JSONDecodeError:
        return None  # `load` says it
    except RecursionError:
        return GoldError(f"{where}: lồng nhau quá sâu.", _REMEDY)
    except ValueError:  # half of a surrogate pair, a number of thousands of digits
        return GoldError(f"{where}: có ký tự hoặc số không dùng được.", _REMEDY)
    for field, value in item.items() if isinstance(item, dict) else ():
        if not _fits(field, value):
            return GoldError(f"{where}: trường «{field}» có giá trị không hợp lệ.", _REMEDY)
    return None


def _fits(field: str, value: object) -> bool:
    if field == "plan" or (field == "province" and value is not None):
        return isinstance(value, str)
    if field == "absent" and isinstance(value, str):
        try:
            re.compile(value)
        except (re.error, OverflowError, RecursionError):
            return False
    return True


def _load(name: str, lines: Sequence[str], faults: Faults) -> dict[int, Question]:
    """Questions by line. The lines with a fault are left out, and read on, so that the user sees all faults at once."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "gold.jsonl"
        while len(faults) <= MAX_FAULTS:
            kept = ["" if n in faults else line for n, line in enumerate(lines, start=1)]
            path.write_text("\n".join(kept), "utf-8")
            try:
                questions = load([path])
            except GoldError as error:
                message = error.message.replace(str(path), name)
                found = _NUMBER.match(error.message.removeprefix(str(path)))
                if found is None and faults:  # nothing is left
                    break
                faults[int(found[1]) if found else 0] = GoldError(message, error.remedy)
                if found is None:
                    break
            else:
                return dict(zip(_filled(kept), questions, strict=True))
    return {}


def _filled(lines: Sequence[str]) -> Iterator[int]:
    return (n for n, line in enumerate(lines, start=1) if line.strip())


def _hold_against(name: str, questions: dict[int, Question], searcher: Searcher, faults: Faults) -> None:
    """Hold the questions against the plans, adding to the faults."""
    documents = searcher.documents()
    texts: dict[str, str] = {}
    for document in documents:
        text = "\n".join(searcher.source_lines(document.id))
        texts[document.number] = f"{texts.get(document.number, '')}\n{text}"
    while len(faults) <= MAX_FAULTS:
        # The line is said where `check_against` names the question.
        named = [replace(q, id=f"dòng {n} ({q.id})") for n, q in questions.items() if n not in faults]
        try:
            check_against(named, texts, {d.province for d in documents}, name)
        except GoldError as error:
            found = _NUMBER.match(error.message.removeprefix(name))
            faults[int(found[1]) if found else 0] = error
            if found is None:
                return
        else:
            return


def _shown(error: GoldError) -> GoldError:
    """As it can be shown: not endless, and without halves of surrogate pairs, which no page can hold."""
    message, remedy = (text[:600].encode("utf-8", "replace").decode() for text in (error.message, error.remedy))
    return GoldError(message, remedy)
