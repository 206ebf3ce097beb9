"""What comes in beside what is there: versions, copies in another format, texts alike, corrections that last."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from conftest import HashEncoder, make_plan_file

from index.arrival import Choices, skipped
from index.build import Builder
from index.history import history, told
from index.plan import Action, Decision, Kinship, default
from index.sketch import resemblance, sketch_of, sketch_of_plan
from index.store import State, Store
from ingest.corrections import FIELDS, checked, corrected, corrections_for, uncorrected, value_of
from ingest.errors import InputError
from ingest.model import Clause, ClauseKind, Correction, HeaderFact, Parsed, Place
from ingest.parse import parse_bytes
from ingest.settings import Settings

TEXTS = [
    f"Nhiệm vụ {n}: Sở Y tế chủ trì rà soát {what} trên địa bàn, báo cáo trước ngày 15 tháng {n} hằng năm"
    for n, what in enumerate(
        ["trạm y tế xã", "kho thuốc dự phòng", "xe cứu thương", "điểm tiêm chủng", "hồ sơ sức khỏe", "nhân lực"], 1
    )
]
LETTER = """ỦY BAN NHÂN DÂN
TỈNH LÀO CAI
Số:      /KH-UBND
Lào Cai, ngày      tháng 3 năm 2025
KẾ HOẠCH
Phát triển y tế cơ sở năm 2025
I. NHIỆM VỤ
1. Sở Y tế chủ trì rà soát trạm y tế xã.
2. Sở Tài chính bố trí kinh phí.
"""


def plan(number: str, name: str, texts: list[str] | None = None, form: str = "docx", salt: str = "") -> Parsed:
    made = make_plan_file(number, "Lào Cai", texts or TEXTS, name, salt or name)
    return replace(made, document=replace(made.document, format=form))


def live(store: Store) -> list[str]:
    return sorted(entry.document.source for entry in store.entries(State.LIVE))


@pytest.fixture
def draft() -> Parsed:
    return parse_bytes(LETTER.encode(), Path("du-thao.txt"), Settings())


def test_a_sketch_tells_copies_from_plans_of_the_same_kind() -> None:
    text = [f"{word} {number}" for number, word in enumerate(TEXTS * 40)]
    other = [f"{word} {number + 7000}" for number, word in enumerate(TEXTS * 40)]
    blurred = [line.replace("chủ trì", "chú trì") if at % 9 == 0 else line for at, line in enumerate(text)]
    assert resemblance(sketch_of(text), sketch_of(text)) == 1
    assert resemblance(sketch_of(text), sketch_of(blurred)) > 0.75
    assert resemblance(sketch_of(text), sketch_of(other)) < 0.55
    assert resemblance(sketch_of([]), sketch_of(text)) < 0.01
    assert sketch_of(text).dtype == "uint64"
    assert len(sketch_of(text)) == 256


def test_a_sketch_is_made_once(builder: Builder, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    monkeypatch.setattr("index.sketch.sketch_of", lambda texts: made.append(1) or sketch_of(texts))
    first, second = plan("1/KH-UBND", "a.docx"), plan("2/KH-UBND", "b.docx", TEXTS[:3])
    builder.sync([first])
    builder.sync([first, second])
    builder.remove("1/KH-UBND")
    builder.sync([second])
    assert len(made) == 2
    assert {row[0] for row in store.rows("SELECT digest FROM sketches")} == {
        first.document.digest, second.document.digest,
    }  # fmt: skip


def test_the_header_is_no_part_of_a_sketch(draft: Parsed) -> None:
    numbered = corrected(draft, corrections_for(draft.document, {"number": "12/KH-UBND"}))
    assert (sketch_of_plan(draft) == sketch_of_plan(numbered)).all()


@pytest.mark.parametrize(
    ("new", "standing", "kinship", "decision"),
    [
        ("docx", "docx", Kinship.VERSION, Decision.REPLACE),
        ("image", "docx", Kinship.VERSION, Decision.REPLACE),
        ("docx", "pdf", Kinship.COPY, Decision.REPLACE),
        ("pdf", "docx", Kinship.COPY, Decision.SKIP),
        ("image", "pdf", Kinship.COPY, Decision.SKIP),
        ("html", "docx", Kinship.COPY, Decision.REPLACE),
        ("docx", "docx", Kinship.ALIKE, Decision.KEEP),
    ],
)
def test_what_is_done_where_nobody_decides(new: str, standing: str, kinship: Kinship, decision: Decision) -> None:
    one, other = (plan("1/KH-UBND", f"a.{form}", form=form).document for form in (new, standing))
    assert default(one, other, kinship) is decision


def test_a_pdf_of_a_plan_that_is_there_as_word_file_is_left_out_and_stays_so(builder: Builder, store: Store) -> None:
    word, pdf = plan("7/KH-UBND", "a.docx"), plan("7/KH-UBND", "a.pdf", form="pdf")
    builder.sync([word])
    for _ in range(2):
        (step,) = builder.sync([pdf]).steps
        assert (step.action, step.kinship, step.other) == (Action.SKIPPED, Kinship.COPY, word.document)
    assert live(store) == ["a.docx"]
    (step,) = builder.sync([pdf], choices=Choices({"a.pdf": Decision.REPLACE})).steps
    assert (step.action, step.decision, live(store)) == (Action.REPLACED, Decision.REPLACE, ["a.pdf"])
    assert not skipped(store)


def test_what_was_left_out_by_choice_is_left_out_again_until_its_kin_is_gone(builder: Builder, store: Store) -> None:
    old, new = plan("7/KH-UBND", "cu.docx"), plan("7/KH-UBND", "moi.docx", TEXTS[:3])
    builder.sync([old])
    builder.sync([new], choices=Choices({"moi.docx": Decision.SKIP}))
    assert builder.sync([new]).steps[0].action is Action.SKIPPED
    builder.remove("7/KH-UBND")
    assert builder.sync([new]).steps[0].action is Action.ADDED
    assert live(store) == ["moi.docx"]


def test_both_are_kept_when_that_is_chosen_however_often_they_come(builder: Builder, store: Store) -> None:
    old, new = plan("7/KH-UBND", "cu.docx"), plan("7/KH-UBND", "moi.docx", TEXTS[:3])
    builder.sync([old])
    (step,) = builder.sync([new], choices=Choices({"moi.docx": Decision.KEEP})).steps
    assert (step.action, step.kinship, step.other) == (Action.ADDED, Kinship.VERSION, old.document)
    for batch in ([new], [old], [new, old]):
        assert {s.action for s in builder.sync(batch).steps} == {Action.UNCHANGED}
    changed = plan("7/KH-UBND", "moi.docx", TEXTS[:4], salt="later")
    assert builder.sync([changed]).steps[0].action is Action.REPLACED
    assert live(store) == ["cu.docx", "moi.docx"]


def test_of_several_of_its_number_a_file_takes_the_place_of_the_most_alike(builder: Builder, store: Store) -> None:
    one, two = plan("7/KH-UBND", "1.docx", TEXTS[:2]), plan("7/KH-UBND", "2.docx", TEXTS[3:])
    builder.sync([one])
    builder.sync([two], choices=Choices({"2.docx": Decision.KEEP}))
    three = plan("7/KH-UBND", "3.docx", [*TEXTS[:2], "Việc mới"])
    assert builder.sync([three]).steps[0].other == one.document
    assert live(store) == ["2.docx", "3.docx"]


def test_the_same_text_without_a_number_is_noticed_and_nothing_is_lost(builder: Builder, store: Store) -> None:
    draft, signed = plan("", "du-thao.docx"), plan("7/KH-UBND", "ky.docx")
    builder.sync([draft])
    (step,) = builder.sync([signed]).steps
    assert (step.action, step.kinship, step.other) == (Action.ADDED, Kinship.ALIKE, draft.document)
    assert live(store) == ["du-thao.docx", "ky.docx"]
    assert builder.sync([signed, draft]).steps[0].action is Action.UNCHANGED


def test_the_same_text_of_another_province_is_another_plan(builder: Builder) -> None:
    here = plan("7/KH-UBND", "a.docx")
    there = replace(here, document=replace(here.document, province="Sơn La", source="b.docx", digest="f" * 64))
    builder.sync([here])
    (step,) = builder.plan([there]).steps
    assert (step.action, step.kinship) == (Action.ADDED, None)


def test_in_one_batch_the_word_file_stands_before_its_scan(builder: Builder, store: Store) -> None:
    files = [plan("7/KH-UBND", "a.docx"), plan("7/KH-UBND", "b.pdf", form="image")]
    assert [step.action for step in builder.sync(files).steps] == [Action.ADDED, Action.SKIPPED]
    assert live(store) == ["a.docx"]


def test_sketches_of_documents_that_are_gone_are_dropped(builder: Builder, store: Store) -> None:
    for number in range(4):
        builder.sync([plan("7/KH-UBND", "a.docx", salt=str(number))])
    assert len(store.rows("SELECT * FROM sketches")) <= 2


# Corrections


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        ("issued", " 5/3/2025 ", "2025-03-05"),
        ("issued", "05-03-2025", "2025-03-05"),
        ("issued", "", ""),
        ("province", "tinh lao cai", "Lào Cai"),
        ("number", "12/KH-UBND ", "12/KH-UBND"),
        ("title", "Kế  hoạch", "Kế hoạch"),
    ],
)
def test_what_is_typed_is_understood(field: str, typed: str, value: str) -> None:
    assert checked(field, typed) == value


@pytest.mark.parametrize(
    ("field", "typed"),
    [("issued", "31/2/2025"), ("issued", "3/2025"), ("issued", "1/1/0025"), ("province", "Atlantis"),
     ("number", "x" * 700), ("title", "a\u202eb")],
)  # fmt: skip
def test_what_cannot_be_is_refused(field: str, typed: str) -> None:
    with pytest.raises(InputError) as caught:
        checked(field, typed)
    assert caught.value.remedy


def test_a_correction_stands_in_the_field_and_in_the_header_with_what_the_file_says(draft: Parsed) -> None:
    values = {"issued": "2025-03-05", "number": "12/KH-UBND", "signer": "Người Ký"}
    right = corrected(draft, corrections_for(draft.document, values))
    assert (right.document.issued, right.document.number) == (date(2025, 3, 5), "12/KH-UBND")
    texts = [clause.text for clause in right.clauses if clause.kind is ClauseKind.HEADER]
    assert "Ngày ban hành: 05/03/2025 (sửa khi nạp; tệp ghi: «Lào Cai, ngày tháng 3 năm 2025»)" in texts
    assert any(text.startswith("Số, ký hiệu: 12/KH-UBND (sửa khi nạp; tệp ghi: «Số:") for text in texts)
    assert "Người ký: Người Ký (sửa khi nạp)" in texts
    assert [clause.ordinal for clause in right.clauses] == list(range(len(right.clauses)))
    assert len({clause.id for clause in right.clauses}) == len(right.clauses)
    assert uncorrected(right) == draft


def test_what_is_as_it_was_read_is_no_correction(draft: Parsed) -> None:
    same = {field: value_of(draft.document, field) for field in FIELDS}
    assert corrections_for(draft.document, same) == []
    assert corrected(draft, []) is draft
    assert uncorrected(draft) is draft


def test_a_second_fact_of_a_name_is_found_by_what_was_read() -> None:
    base = make_plan_file("1/KH-UBND", "Lào Cai", ["x"])
    clauses = tuple(
        Clause(
            f"{base.document.id}/header-signer{tail}", base.document.id, at, ClauseKind.HEADER, (), text, Place(at, at)
        )
        for at, (tail, text) in enumerate([("", "KT. CHỦ TỊCH"), ("~2", "Nguyễn Vân A")], 1)
    )
    facts = tuple(HeaderFact("signer", clause.text, clause.place) for clause in clauses)
    document = replace(base.document, signer="Nguyễn Vân A", facts=facts)
    read = replace(base, document=document, clauses=tuple(replace(c, ordinal=at) for at, c in enumerate(clauses)))
    right = corrected(read, [Correction("signer", "Nguyễn Vân A", "Nguyễn Văn A")])
    assert [c.text for c in right.clauses] == [
        "KT. CHỦ TỊCH", "Người ký: Nguyễn Văn A (sửa khi nạp; tệp ghi: «Nguyễn Vân A»)",
    ]  # fmt: skip
    assert uncorrected(right) == read


def test_a_correction_survives_removal_and_coming_again(builder: Builder, store: Store, draft: Parsed) -> None:
    builder.sync([draft])
    report = builder.correct(draft.document.id, {"number": "12/KH-UBND", "issued": "2025-03-05"})
    assert report.built
    assert builder.sync([draft]).steps[0].action is Action.UNCHANGED
    builder.remove("12/KH-UBND")
    builder.sync([draft])
    (entry,) = store.entries(State.LIVE)
    assert (entry.document.number, entry.document.issued) == ("12/KH-UBND", date(2025, 3, 5))
    assert store.check() == []


def test_a_correction_can_be_added_to_and_taken_back(builder: Builder, store: Store, draft: Parsed) -> None:
    builder.sync([draft])
    builder.correct(draft.document.id, {"number": "12/KH-UBND"})
    builder.correct("12/KH-UBND", {"signer": "Người Ký"})
    (entry,) = store.entries(State.LIVE)
    assert {c.field: c.value for c in entry.document.corrections} == {"number": "12/KH-UBND", "signer": "Người Ký"}
    builder.correct("12/KH-UBND", {"number": "", "signer": ""})
    (entry,) = store.entries(State.LIVE)
    assert store.parsed(entry.key) == draft
    assert not builder.correct(draft.document.id, {"number": ""}).built


def test_a_correction_goes_over_to_a_new_version_of_the_file_where_it_reads_the_same(
    builder: Builder, store: Store, draft: Parsed
) -> None:
    builder.sync([draft])
    builder.correct(draft.document.id, {"number": "12/KH-UBND", "issued": "2025-03-05"})
    later = parse_bytes(
        LETTER.replace("ngày      tháng", "ngày 06 tháng").replace("bố trí", "phân bổ").encode(),
        Path("du-thao.txt"), Settings(),
    )  # fmt: skip
    (step,) = builder.sync([later]).steps
    assert step.action is Action.REPLACED
    (entry,) = store.entries(State.LIVE)
    assert (entry.document.number, entry.document.issued) == ("12/KH-UBND", date(2025, 3, 6))
    assert uncorrected(store.parsed(entry.key)) == later


def test_undo_takes_a_correction_back_for_good(builder: Builder, store: Store, draft: Parsed, home: Path) -> None:
    builder.sync([draft])
    builder.correct(draft.document.id, {"number": "12/KH-UBND"})
    builder.undo()
    assert builder.sync([draft]).steps[0].action is Action.UNCHANGED
    assert store.entries(State.LIVE)[0].document.number == ""
    builder.undo()
    assert builder.sync([draft]).steps[0].action is Action.UNCHANGED
    assert store.entries(State.LIVE)[0].document.number == "12/KH-UBND"
    newest = [told(change) for change in history(store, None)][::-1]
    assert newest[1] == "sửa thông tin: thay bản cũ của 12/KH-UBND (Lào Cai)"


def test_choices_of_files_are_corrected_before_kin_is_looked_for(builder: Builder, store: Store, draft: Parsed) -> None:
    builder.sync([plan("12/KH-UBND", "cu.docx")])
    wanted = corrections_for(draft.document, {"number": "12/KH-UBND", "issued": "2024-03-05"})
    (step,) = builder.sync([draft], choices=Choices({}, {draft.document.source: wanted})).steps
    assert (step.action, step.kinship, step.parsed.document.number) == (
        Action.REPLACED, Kinship.VERSION, "12/KH-UBND",
    )  # fmt: skip
    assert builder.sync([draft]).steps[0].action is Action.UNCHANGED
    assert live(store) == ["du-thao.txt"]


def test_a_stock_that_does_not_exist_yet_can_be_planned_for(draft: Parsed) -> None:
    from index.arrival import plan_arrival

    twice = replace(draft, document=replace(draft.document, source="b.txt", digest="f" * 64, number="1/KH-UBND"))
    steps = plan_arrival(None, [draft, twice], Choices()).steps
    assert [(step.action, step.kinship) for step in steps] == [(Action.ADDED, None), (Action.ADDED, Kinship.ALIKE)]


def test_a_correction_is_searched_and_answered(
    builder: Builder, encoder: HashEncoder, draft: Parsed, home: Path
) -> None:
    from answer.answerer import Answerer
    from index.search import Searcher

    builder.sync([draft])
    builder.correct(draft.document.id, {"issued": "2025-03-05"})
    result = Answerer(Searcher.open(home, encoder)).ask("Kế hoạch ban hành ngày nào?")
    assert [answer.text for answer in result.answers] == ["05/03/2025"]
    assert result.citations[0].note == "Người biên tập đã sửa ngày ban hành: tệp không nêu."
