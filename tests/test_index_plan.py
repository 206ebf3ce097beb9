"""What a batch does to the index, decided before anything is written; and the texts that stand for a clause."""

from __future__ import annotations

from dataclasses import replace

from conftest import make_plan_file

from index.codec import fingerprint
from index.passage import MAX_CHARACTERS, lexical_text, passage_text
from index.plan import Action, make_plan
from index.store import Entry, State
from ingest.model import Parsed, Rank, Row, Section


def live(*parsed: Parsed) -> list[Entry]:
    return [Entry(at, State.LIVE, fingerprint(p), p.document) for at, p in enumerate(parsed, start=1)]


OLD = make_plan_file("54/KH-UBND", "Thái Nguyên", ["cũ"], "a.txt")
NEW = make_plan_file("54/KH-UBND", "Thái Nguyên", ["mới"], "a.txt")
OTHER = make_plan_file("9491/KH-UBND", "Đồng Nai", ["khác"], "b.txt")


def actions(entries: list[Entry], *batch: Parsed) -> tuple[list[Action], frozenset[int]]:
    plan = make_plan(entries, batch)
    return [step.action for step in plan.steps], plan.stay


def test_a_new_file_is_added_beside_the_others() -> None:
    assert actions(live(OTHER), NEW) == ([Action.ADDED], frozenset({1}))


def test_the_same_file_is_unchanged() -> None:
    assert actions(live(OLD, OTHER), OLD) == ([Action.UNCHANGED], frozenset({1, 2}))


def test_another_content_under_the_same_path_replaces() -> None:
    renumbered = make_plan_file("55/KH-UBND", "Thái Nguyên", ["mới"], "a.txt")
    assert actions(live(OLD, OTHER), renumbered) == ([Action.REPLACED], frozenset({2}))


def test_the_same_number_of_the_same_province_replaces_under_another_path() -> None:
    moved = replace(NEW, document=replace(NEW.document, source="c.pdf"))
    plan = make_plan(live(OLD), [moved])
    assert [(s.action, s.other) for s in plan.steps] == [(Action.REPLACED, OLD.document)]


def test_the_same_number_of_another_province_is_another_document() -> None:
    other = make_plan_file("54/KH-UBND", "Đồng Nai", ["x"], "c.txt")
    assert actions(live(OLD), other) == ([Action.ADDED], frozenset({1}))


def test_documents_without_number_do_not_replace_each_other() -> None:
    first, second = (make_plan_file("", "Thái Nguyên", [t], f"{t}.txt") for t in "ab")
    assert actions(live(first), second) == ([Action.ADDED], frozenset({1}))


def test_the_same_content_under_another_path_is_a_duplicate() -> None:
    copy = replace(OLD, document=replace(OLD.document, source="ban-sao.txt"))
    assert actions(live(OLD), copy) == ([Action.DUPLICATE], frozenset({1}))
    assert actions([], OLD, copy) == ([Action.ADDED, Action.DUPLICATE], frozenset())


def test_the_same_bytes_understood_otherwise_replace() -> None:
    corrected = replace(OLD, document=replace(OLD.document, signer="Nguyễn Văn A"))
    assert actions(live(OLD), corrected) == ([Action.REPLACED], frozenset())


def test_of_two_versions_in_one_batch_the_later_wins_however_often_it_is_run() -> None:
    later = replace(NEW, document=replace(NEW.document, source="c.pdf"))
    assert actions([], OLD, later) == ([Action.DUPLICATE, Action.ADDED], frozenset())
    assert actions(live(later), OLD, later) == ([Action.DUPLICATE, Action.UNCHANGED], frozenset({1}))


def test_a_file_that_takes_two_places_replaces_both() -> None:
    both = make_plan_file("9491/KH-UBND", "Đồng Nai", ["mới"], "a.txt")
    assert actions(live(OLD, OTHER), both) == ([Action.REPLACED], frozenset())


def test_passage_of_a_row_is_what_sets_it_apart_and_words_are_all_of_it(full: Parsed) -> None:
    (clause,) = full.clauses
    assert passage_text(full.document, clause) == "9.1\nXây nhà ở xã hội; Sở Xây dựng"
    assert lexical_text(full.document, clause) == (
        "CHỈ TIÊU\nPhụ lục I. Danh mục nhiệm vụ\nIX. Nhà ở\n9.1\n"
        "Nội dung: Xây nhà ở xã hội; Cột lạ: •; Cơ quan\nchủ trì: Sở Xây dựng"
    )


def test_passage_of_a_row_without_known_columns_is_the_whole_row(full: Parsed) -> None:
    (clause,) = full.clauses
    row = Row("Bảng", "", "1", None, {"Tên": "Trạm y tế", "lead": " ", "Số lượng": "12"})
    assert passage_text(full.document, replace(clause, row=row)) == "Tên: Trạm y tế; Số lượng: 12"


def test_passage_holds_the_two_innermost_titles() -> None:
    (clause,) = OLD.clauses
    sections = tuple(Section(Rank.ARABIC, f"{n}.", f"Mục {n}") for n in range(1, 6))
    assert passage_text(OLD.document, replace(clause, section=sections)) == "Mục 4\nMục 5\ncũ"


def test_long_passages_are_cut_at_a_word_and_lexical_text_is_not() -> None:
    (clause,) = OLD.clauses
    long = replace(clause, text="chương trình " * 400)
    passage = passage_text(OLD.document, long)
    assert len(passage) <= MAX_CHARACTERS
    assert passage.endswith(("chương", "trình"))
    assert lexical_text(OLD.document, long) == "NHIỆM VỤ\n" + long.text
