"""Gold questions: reading, checking, halves. The schema is documented in `eval/gold/README.md`."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from answer.intent import Intent
from ingest.clean import repair, strip_markup
from ingest.errors import InputError

GOLD = Path(__file__).parent / "gold"
STYLES = ("formal", "colloquial", "abbreviation", "no_diacritics", "typo")
REASONS = ("neighbour_says", "blank_cell", "wrong_year", "other_field")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_KINDS = tuple(intent.value for intent in Intent)

_COMMON = {"id", "question", "kind", "style", "note"}
_FIELDS = {
    "question": _COMMON | {"plan", "province", "answer", "answer_alt", "quotes", "section", "lines"},
    "unanswerable": _COMMON | {"plan", "province", "why", "absent"},
    "comparison": _COMMON | {"cells", "quotes"},
}
_OPTIONAL = {"province", "answer_alt", "section", "lines", "style", "plan", "note"}


class GoldError(InputError):
    """A gold file that cannot be used; names file, line, field and remedy."""


@dataclass(frozen=True, slots=True)
class Question:
    """A gold question; `where` names its file and line.

    `answers` are complete sets of strings, any one of which makes an answer right; empty where
    the plan does not say (`absent` is then a pattern that would match if it did). `cells` of a comparison maps a
    province to such a set, or None where its plan is silent; `cell_quotes` are the places of all cells."""

    id: str
    question: str
    plan: str
    province: str | None
    kind: str
    style: str
    answers: tuple[tuple[str, ...], ...] = ()
    quotes: tuple[str, ...] = ()
    absent: str = ""
    cells: Mapping[str, tuple[str, ...] | None] | None = None
    where: str = ""
    cell_quotes: tuple[str, ...] = ()

    @property
    def half(self) -> str:
        """`development` or `held_out`, by the first hex digit of SHA-256(id)."""
        return "development" if int(hashlib.sha256(self.id.encode()).hexdigest()[0], 16) % 2 == 0 else "held_out"

    @property
    def answerable(self) -> bool:
        """Whether the plan asked does answer."""
        return bool(self.answers)


def tight(text: str) -> str:
    """A text as quotes are compared: NFC, spacing repaired, without Markdown marks, blanks and case."""
    return re.sub(r"\s", "", repair(strip_markup(text))).casefold().replace("–", "-")


def load(paths: Sequence[Path] | None = None) -> list[Question]:
    """Questions of these files, by default of every file in `eval/gold/`.

    Raises:
        GoldError: a broken line, an unknown or missing field, a value of the wrong kind, a repeated id.
    """
    questions: list[Question] = []
    places: dict[str, str] = {}
    for path in paths or sorted(GOLD.glob("*.jsonl")):
        for found in read_lines(_lines(path), str(path), places):
            if isinstance(found, GoldError):
                raise found
            questions.append(found)
    if not questions:
        raise GoldError("Bộ câu hỏi trống.", "Thêm câu hỏi, mỗi dòng một đối tượng JSON.")
    return questions


def read_lines(lines: Sequence[str], name: str, places: dict[str, str] | None = None) -> Iterator[Question | GoldError]:
    """The question of each line that is not blank, or what is wrong with it.

    Args:
        lines: of a file.
        name: what messages call the file.
        places: id → where it was read before; ids of these lines are added.
    """
    places = {} if places is None else places
    for number, line in enumerate(lines, start=1):
        where = f"{name}, dòng {number}"
        if not line.strip():
            continue
        try:
            question = _question(line, where)
        except GoldError as error:
            yield error
            continue
        if question.id in places:
            yield GoldError(f"{where}: «id» {question.id} trùng với {places[question.id]}.", "Đặt id khác.")
            continue
        places[question.id] = where
        yield question


def faults(
    questions: Iterable[Question], texts: Mapping[str, str], provinces: Iterable[str]
) -> Iterator[tuple[Question, GoldError]]:
    """Questions that do not fit the plans: a plan or province that is not there, a quote that stands in no plan.

    Args:
        questions: to be held against the plans.
        texts: number of a plan → its source text.
        provinces: of the plans.
    """
    known = set(provinces)
    everything = {number: tight(text) for number, text in texts.items()}
    for question in questions:
        error = _fault(question, everything, known)
        if error:
            yield question, error


def _fault(question: Question, everything: Mapping[str, str], known: set[str]) -> GoldError | None:
    where = f"{question.where} ({question.id})"
    for province in [*filter(None, [question.province]), *(question.cells or {})]:
        if province not in known:
            have = f"Các tỉnh đã nạp: {', '.join(sorted(known))}."
            return GoldError(f"{where}: «province» {province} không có trong kho.", have)
    if question.plan and question.plan not in everything:
        have = f"Các kế hoạch đã nạp: {', '.join(sorted(everything))}."
        return GoldError(f"{where}: «plan» {question.plan} không có trong kho.", have)
    searched = [everything[question.plan]] if question.plan else list(everything.values())
    for quote in (*question.quotes, *question.cell_quotes):
        if not any(tight(quote) in text for text in searched):
            said = f"{where}: «quotes» không có trong kế hoạch: «{quote[:80]}»."
            return GoldError(said, "Chép lại đúng nguyên văn từ tệp nguồn.")
    return None


def _lines(path: Path) -> list[str]:
    try:
        return split(path.read_bytes())
    except (OSError, UnicodeDecodeError) as error:
        raise GoldError(f"Không đọc được tệp câu hỏi «{path}».", "Kiểm tra đường dẫn; tệp phải là UTF-8.") from error


def split(data: bytes) -> list[str]:
    """Lines of a UTF-8 file. Not `splitlines`: a JSON string may hold U+2028 and its like.

    Raises:
        UnicodeDecodeError: it is not UTF-8.
    """
    return data.decode("utf-8-sig").split("\n")


def _question(line: str, where: str) -> Question:
    try:
        item = json.loads(line)
    except (ValueError, RecursionError) as error:  # broken; a number of too many digits; nested without end
        said = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        raise GoldError(f"{where}: không phải JSON hợp lệ ({said}).", "Mỗi dòng là một đối tượng JSON.") from error
    if not isinstance(item, dict):
        raise GoldError(f"{where}: không phải đối tượng JSON.", 'Ví dụ: {"id": "1", "question": "…"}')
    form = "comparison" if "cells" in item else "unanswerable" if {"absent", "why"} & set(item) else "question"
    _check_fields(item, form, where)
    cells = {p: tuple(c) if c is not None else None for p, c in item["cells"].items()} if form == "comparison" else None
    quotes = item.get("quotes", []) if form == "question" else []
    answers = [item["answer"], *item.get("answer_alt", [])] if form == "question" else []
    return Question(
        id=item["id"],
        question=item["question"],
        plan=item.get("plan", ""),
        province=item.get("province"),
        kind=item["kind"],
        style=item.get("style", "formal"),
        answers=tuple(tuple(a) for a in answers),
        quotes=tuple(quotes),
        absent=item.get("absent", ""),
        cells=cells,
        where=where,
        cell_quotes=tuple(q for found in item["quotes"].values() for q in found or ()) if cells else (),
    )


def _check_fields(item: dict[str, Any], form: str, where: str) -> None:
    for name in sorted(set(item) - _FIELDS[form]):
        raise GoldError(f"{where}: không có trường «{name}».", f"Các trường: {', '.join(sorted(_FIELDS[form]))}.")
    for name in sorted(_FIELDS[form] - _OPTIONAL - set(item)):
        raise GoldError(f"{where}: thiếu trường «{name}».", "Xem eval/gold/README.md.")
    for name, value in item.items():
        if not _fits(name, value, form):
            raise GoldError(f"{where}: trường «{name}» có giá trị không hợp lệ.", "Xem eval/gold/README.md.")


def _fits(name: str, value: Any, form: str) -> bool:  # noqa: ANN401  (whatever JSON holds)
    if name in ("id", "question", "plan"):
        return _text(value)
    if name == "province":
        return value is None or _text(value)
    if name == "kind":
        return value in _KINDS
    if name == "style":
        return value in STYLES
    if name == "why":
        return value in REASONS
    if name == "absent":
        return isinstance(value, str) and _compiles(value)
    if name in ("answer", "section"):
        return _strings(value) and (bool(value) or name == "section")
    if name == "quotes" and form == "question":
        return _strings(value) and bool(value)
    if name == "answer_alt":
        return isinstance(value, list) and all(_strings(item) and item for item in value)
    if name == "quotes" and form == "comparison":
        return isinstance(value, dict) and all(q is None or _strings(q) for q in value.values())
    if name == "cells":
        return isinstance(value, dict) and all(c is None or (_strings(c) and c) for c in value.values())
    if name == "note":
        return isinstance(value, str)
    return name in ("lines", "quotes")


def _text(value: object) -> bool:
    """A string that says something and that UTF-8 can hold."""
    return isinstance(value, str) and bool(value.strip()) and not _LONE_SURROGATE.search(value)


def _strings(value: object) -> bool:
    return isinstance(value, list) and all(_text(item) for item in value)


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return False
    return True
