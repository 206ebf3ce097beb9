"""A user's own gold file: held against the schema and the plans, every fault named with its line.

The file comes from outside: it is never written to disk, and the messages are plain text that `markup` escapes.
"""

from __future__ import annotations

from eval.gold import GoldError, Question, faults, read_lines, split
from eval.run import plan_texts
from index.search import Searcher

MAX_MB = 2
MAX_QUESTIONS = 2_000
MAX_FAULTS = 20  # that are named at once
_LONGEST = 600


def check(name: str, data: bytes, searcher: Searcher) -> tuple[list[Question], list[GoldError]]:
    """The questions of a file that holds no fault, or its faults in the order of the lines.

    Args:
        name: what the user calls the file.
        data: its content.
        searcher: the plans that it must fit.
    """
    name = name[-80:]
    try:
        found = list(read_lines(_lines(name, data), name))
    except GoldError as error:
        return [], [error]
    questions = [q for q in found if isinstance(q, Question)]
    texts, provinces = plan_texts(searcher)
    unfit = {question.where: error for question, error in faults(questions, texts, provinces)}
    told = [q if isinstance(q, GoldError) else unfit.get(q.where) for q in found]
    shown = [_shown(error) for error in told if error][:MAX_FAULTS]
    if not found:
        shown = [GoldError(f"{name}: Bộ câu hỏi trống.", "Thêm câu hỏi, mỗi dòng một đối tượng JSON.")]
    return ([] if shown else questions), shown


def _lines(name: str, data: bytes) -> list[str]:
    if len(data) > MAX_MB * 1024 * 1024:
        raise GoldError(f"{name}: tệp lớn hơn {MAX_MB} MB.", "Chia thành nhiều tệp nhỏ hơn.")
    try:
        lines = split(data)
    except UnicodeDecodeError as error:
        raise GoldError(f"{name}: không phải tệp văn bản UTF-8.", "Lưu lại tệp với mã UTF-8.") from error
    if sum(bool(line.strip()) for line in lines) > MAX_QUESTIONS:
        raise GoldError(f"{name}: quá {MAX_QUESTIONS} câu hỏi.", "Chia thành nhiều tệp nhỏ hơn.")
    return lines


def _shown(error: GoldError) -> GoldError:
    """As it can be shown: not endless, and without halves of surrogate pairs, which no page can hold."""
    message, remedy = (t[:_LONGEST].encode("utf-8", "replace").decode() for t in (error.message, error.remedy))
    return GoldError(message, remedy)
