"""The questions of a run that were not answered right: what was wanted, what came, the way to ask again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from textwrap import shorten

from eval.gold import Question
from eval.judge import Cell, Record
from eval.report import found_place, wrong
from eval.run import Run
from ui.figures import order, value_name
from ui.links import question_link

FIELDS = ("kind", "style", "plan", "half")
_SHOWN = 400  # characters of a text


@dataclass(frozen=True, slots=True)
class Miss:
    """A question not answered right. `place` says whether the right place was found; `first` names the first place."""

    id: str
    question: str
    province: str | None
    half: str
    kind: str
    style: str
    plan: str
    expected: str
    given: str
    place: str = ""
    first: str = ""


def misses(run: Run, questions: Mapping[str, Question], plans: Mapping[str, str]) -> list[Miss]:
    """Questions answered wrong, then answered though the plan does not say, then wrong cells of comparisons.

    `questions`, by id, say what a run's file does not: the province chosen beside the question, the text of a
    comparison. `plans` maps a plan's number to its province.
    """
    found = [_of_record(record, questions.get(record.id)) for record in wrong(run)]
    return found + [_of_cell(cell, questions.get(cell.id), plans) for cell in run.cells if not cell.right]


def _of_record(record: Record, gold: Question | None) -> Miss:
    province = gold.province if gold and gold.question == record.question else None
    place = "có trong năm đoạn đầu" if found_place(record) else "không có trong năm đoạn đầu"
    return Miss(
        record.id, record.question, province, record.half, record.kind, record.style, record.plan,
        expected=record.expected if record.answerable else "Từ chối: kế hoạch không nêu điều này.",
        given=record.answer or "Không trả lời.",
        place=place if record.answerable else "",
        first=record.returned if record.answerable else "",
    )  # fmt: skip


def _of_cell(cell: Cell, gold: Question | None, plans: Mapping[str, str]) -> Miss:
    numbers = [number for number, province in plans.items() if province == cell.province]
    return Miss(
        cell.id, gold.question if gold else "", None, cell.half, gold.kind if gold else "", gold.style if gold else "",
        plan=numbers[0] if len(numbers) == 1 else cell.province,
        expected=f"{cell.province}: " + (" + ".join(cell.expected) if cell.expected else "ô trống"),
        given=f"{cell.province}: {cell.given or 'ô trống'}",
    )  # fmt: skip


def values(found: Sequence[Miss], field: str) -> list[str]:
    """The values of a field that occur, to choose from."""
    return sorted({value for miss in found if (value := getattr(miss, field))}, key=partial(order, field))


def chosen(found: Sequence[Miss], choice: Mapping[str, str]) -> list[Miss]:
    """Those that have all the chosen values; "" chooses nothing."""
    return [miss for miss in found if all(value in ("", getattr(miss, field)) for field, value in choice.items())]


def card(miss: Miss, plans: Mapping[str, str], fields: Sequence[str] = FIELDS) -> str:
    """A miss: id and groups, question, wanted and given, place, link."""
    groups = [value_name(field, value, plans) for field in fields if (value := getattr(miss, field))]
    pairs = [("Cần", miss.expected), ("Được", miss.given), ("Chỗ đúng", miss.place), ("Đoạn đầu", miss.first)]
    rows = "".join(f'<tr><th scope="row">{name}</th><td>{_text(text)}</td></tr>' for name, text in pairs if text)
    link = f'<a class="kh-open" href="{escape(question_link(miss.question, miss.province))}">Mở trong Hỏi đáp</a>'
    return (
        f'<article class="kh-card kh-miss" lang="vi"><div class="kh-small"><b>{_text(miss.id)}</b> · '
        f'{_text(" · ".join(groups))}</div><p class="kh-clause">{_text(miss.question or "(không rõ câu hỏi)")}</p>'
        f'<table class="kh-row">{rows}</table>{link if miss.question else ""}</article>'
    )


def _text(text: str) -> str:
    return escape(shorten(text, _SHOWN, placeholder="…"))
