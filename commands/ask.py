"""`kehoach ask`: one question, or a file of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from answer.answerer import Answerer
from answer.places import known_province
from answer.result import Citation, Result, to_json
from commands.output import say
from index.search import Searcher
from ingest.corrections import corrections_of
from ingest.errors import QuestionError
from ingest.provinces import canonical_province
from ingest.settings import Settings

_FIELDS = ("id", "question", "province")


@dataclass(frozen=True, slots=True)
class BatchQuestion:
    """A line of a question file."""

    id: str
    question: str
    province: str | None


def ask(question: str, province: str | None, keep: frozenset[str], settings: Settings, as_json: bool) -> int:
    """Answer one question on the terminal or as JSON; `keep` is left as typed."""
    with Searcher.open(settings.home, settings.encoder, where=settings.engine) as searcher:
        result = Answerer(searcher).ask(question, province, keep)
    say(json.dumps(to_json(result), ensure_ascii=False)) if as_json else _print(result)
    return 0


def ask_file(file: Path, province: str | None, keep: frozenset[str], settings: Settings) -> int:
    """Answer every line of a JSONL file, one JSON object a line in the same order.

    `province` restricts the lines that have none of their own, `keep` is left as typed in all of them.

    Raises:
        QuestionError: the file is missing or empty, a line is broken, or `province` is no province; nothing has been
            printed then.
    """
    if province is not None:
        known_province(province)
    questions = read_questions(file)
    with Searcher.open(settings.home, settings.encoder, where=settings.engine) as searcher:
        asked = [(item.question, item.province or province) for item in questions]
        results = Answerer(searcher).ask_all(asked, keep)
        for item, result in zip(questions, results, strict=True):
            say(json.dumps(to_json(result, item.id), ensure_ascii=False))
    return 0


def read_questions(file: Path) -> list[BatchQuestion]:
    """Lines `{"id", "question", "province"?}`.

    Raises:
        QuestionError: names the file, the line and what is wrong; or the file holds no question.
    """
    try:
        lines = file.read_text("utf-8-sig").split("\n")  # U+2028 may stand in a JSON string: no line ends there
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionError(
            f"Không đọc được tệp câu hỏi «{file}».", "Kiểm tra đường dẫn; tệp phải là UTF-8."
        ) from error
    numbered = enumerate(lines, start=1)
    questions = [_question(line, f"{file}, dòng {number}") for number, line in numbered if line.strip()]
    if not questions:
        raise QuestionError(f"Tệp câu hỏi «{file}» trống.", 'Mỗi dòng một câu hỏi, ví dụ: {"id": "1", "question": "…"}')
    return questions


def _question(line: str, where: str) -> BatchQuestion:
    try:
        item = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise QuestionError(f"{where}: không phải JSON hợp lệ ({error}).", "Mỗi dòng là một đối tượng JSON.") from error
    if not isinstance(item, dict) or not isinstance(item.get("question"), str):
        raise QuestionError(f"{where}: thiếu «id» hoặc «question».", 'Ví dụ: {"id": "1", "question": "…"}')
    for name in item:
        if name not in _FIELDS:
            raise QuestionError(f"{where}: không có trường «{name}».", f"Các trường: {', '.join(_FIELDS)}.")
    if not isinstance(item.get("id"), str | int) or isinstance(item["id"], bool):
        raise QuestionError(f"{where}: thiếu «id», hoặc «id» không phải chuỗi hay số.", 'Ví dụ: {"id": "1", …}')
    if not item["question"].strip():
        raise QuestionError(f"{where}: «question» trống.", "Ghi câu hỏi hoặc xóa dòng này.")
    province = item.get("province")
    if province is not None and not isinstance(province, str):
        raise QuestionError(f"{where}: «province» phải là chuỗi.", 'Ví dụ: "province": "Đồng Tháp"')
    if province and canonical_province(province) is None:
        raise QuestionError(f"{where}: không nhận ra tỉnh «{province}».", 'Viết đủ tên, ví dụ: "province": "Đồng Tháp"')
    return BatchQuestion(str(item["id"]), item["question"], province or None)


def _print(result: Result) -> None:
    understood = result.understood
    say(f"Đang tìm: {understood.text}" + (f"  [{'; '.join(understood.notes)}]" if understood.notes else ""))
    if result.abstained:
        say(f"\nKhông tìm thấy câu trả lời. {result.reason}")
        for citation in result.citations[:3]:
            _print_citation(citation, "Gần nhất: ")
        return
    for answer in result.answers:
        say(f"\n{answer.province or answer.number}: {answer.text}")
        if answer.note:
            say(f"  Lưu ý: {answer.note}")
        for number in answer.citations:
            _print_citation(result.citations[number], "  ")
    for silence in result.silent:
        say(f"\n{silence.province or silence.number}: — {silence.reason}")
        for number in silence.citations:
            _print_citation(result.citations[number], "  Gần nhất: ")


def _print_citation(citation: Citation, lead: str) -> None:
    first, last = citation.lines
    place = f"dòng {first}" if first == last else f"dòng {first}–{last}"
    page = f"trang {citation.clause.place.page}, " if citation.clause.place.page else ""
    say(f"{lead}{citation.label} ({page}{place})")
    if citation.doubts:
        say(f"  Đọc từ ảnh, cần kiểm tra: {', '.join(citation.doubts)}")
    if right := corrections_of(citation.document, citation.clause):
        say(f"  Lưu ý: người biên tập đã sửa {'; '.join(right)}")
    if citation.standing:
        say(f"  Lưu ý: {citation.standing}")
