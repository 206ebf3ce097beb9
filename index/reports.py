"""What readers report as wrong: question, answer and citation as they saw them, and their remark."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from index.codec import dump
from index.store import Store
from ingest.errors import QuestionError

MAX_REMARK = 2_000  # characters
MAX_OPEN = 5_000  # reports that wait for somebody: more are noise, and the disk is not without end


class Fault(StrEnum):
    """What a reader finds wrong."""

    ANSWER = "answer"
    PLACE = "place"
    INCOMPLETE = "incomplete"
    UNANSWERED = "unanswered"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Report:
    """One report. `address` is the page's query string, which asks again; `kind` the kind of question understood.

    Of a question that was not answered `answer`, `clause_id`, `label` and `quote` are empty and `lines` (0, 0).
    `who` is the reader's e-mail where people log in; `key` 0 means not stored yet.
    """

    made: datetime
    address: str
    question: str
    kind: str
    fault: Fault
    remark: str
    who: str = ""
    province: str = ""
    number: str = ""
    answer: str = ""
    clause_id: str = ""
    label: str = ""
    quote: str = ""
    section: tuple[str, ...] = ()
    lines: tuple[int, int] = (0, 0)
    settled: bool = False
    key: int = 0


def add_report(store: Store, report: Report) -> int:
    """Store a report; its key.

    Raises:
        QuestionError: too many wait already.
        IndexStateError: the database cannot be written.
    """
    with store.transaction():
        (count,) = store.rows("SELECT COUNT(*) FROM reports WHERE NOT settled")[0]
        if count >= MAX_OPEN:
            raise QuestionError(
                f"Đã có {count} báo sai chưa xem, không nhận thêm.", "Báo người quản trị xem ở trang Đánh giá."
            )
        columns = _columns(report)
        names, marks = ", ".join(columns), ", ".join("?" * len(columns))
        cursor = store.run(f"INSERT INTO reports ({names}) VALUES ({marks})", *columns.values())  # noqa: S608 (own names)
    return int(cursor.lastrowid or 0)


def reports(store: Store) -> list[Report]:
    """All reports, those that nobody settled first, newest first."""
    return [_report(row) for row in store.rows("SELECT * FROM reports ORDER BY settled, key DESC")]


def settle(store: Store, key: int, *, settled: bool = True) -> None:
    """Mark a report as seen to, or take that back."""
    with store.transaction():
        store.run("UPDATE reports SET settled = ? WHERE key = ?", int(settled), key)


def as_gold(found: list[Report]) -> Iterator[str]:
    """Each report as a line of a gold file (`eval/gold/README.md`), to be checked by a person.

    `answer` is left empty, which the evaluation refuses: whoever checks the question writes the right one, out of the
    plan. What was answered and the remark stand in `note`.
    """
    for report in found:
        given = f"Đã trả lời: «{report.answer}» ({report.label})." if report.answer else "Không trả lời."
        item = {
            "id": f"report-{report.key}",
            "question": report.question,
            "plan": report.number,
            "province": report.province or None,
            "kind": report.kind,
            "style": "colloquial",
            "answer": [],
            "quotes": [report.quote] if report.quote else [],
            "section": list(report.section),
            "lines": list(report.lines),
            "note": " ".join(filter(None, [f"[{report.fault.value}]", report.remark, given])),
        }
        yield json.dumps(item, ensure_ascii=False)


def _columns(report: Report) -> dict[str, object]:
    return {
        "made": report.made.astimezone(UTC).isoformat(timespec="seconds"),
        "who": report.who,
        "address": report.address,
        "question": report.question,
        "kind": report.kind,
        "province": report.province,
        "number": report.number,
        "answer": report.answer,
        "clause_id": report.clause_id,
        "label": report.label,
        "quote": report.quote,
        "section": dump(list(report.section)),
        "first": report.lines[0],
        "last": report.lines[1],
        "fault": report.fault.value,
        "remark": report.remark[:MAX_REMARK],
    }


def _report(row: sqlite3.Row) -> Report:
    return Report(
        made=datetime.fromisoformat(row["made"]),
        address=row["address"],
        question=row["question"],
        kind=row["kind"],
        fault=Fault(row["fault"]),
        remark=row["remark"],
        who=row["who"],
        province=row["province"],
        number=row["number"],
        answer=row["answer"],
        clause_id=row["clause_id"],
        label=row["label"],
        quote=row["quote"],
        section=tuple(json.loads(row["section"])),
        lines=(row["first"], row["last"]),
        settled=bool(row["settled"]),
        key=row["key"],
    )
