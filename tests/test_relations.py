"""Which earlier documents a plan says that it replaces or amends, and how the documents of an index hang together."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from conftest import make_plan_file

from index.lineage import Lineage
from ingest.files import plan_files
from ingest.model import Bond, Clause, ClauseKind, Document, HeaderFact, Place, Rank, Relation, Section
from ingest.parse import parse_bytes, parse_file
from ingest.relations import relations_of
from ingest.settings import Settings

ARTICLE = (Section(Rank.ARTICLE, "Điều 1.", ""),)
REPLACES, AMENDS = Bond.REPLACES, Bond.AMENDS
Told = list[tuple[Bond, str, str]]


def clause(text: str, section: tuple[Section, ...] = (), kind: ClauseKind = ClauseKind.PARAGRAPH) -> Clause:
    return Clause("d/1", "d", 1, kind, section, text, Place(7, 8))


def told(relations: tuple[Relation, ...]) -> Told:
    return [(r.bond, r.number, r.issued.isoformat() if r.issued else "") for r in relations]


def of_text(text: str, kind: str = "Kế hoạch", section: tuple[Section, ...] = (), number: str = "15/KH-UBND") -> Told:
    return told(relations_of(number, None, kind, (), [clause(text, section)]))


def of_title(text: str, field: str = "title", number: str = "15/KH-UBND") -> Told:
    return told(relations_of(number, None, "Kế hoạch", [HeaderFact(field, text, Place(3, 3))], []))


@pytest.mark.parametrize(
    ("title", "bond", "issued"),
    [
        ("Điều chỉnh, bổ sung Kế hoạch số 12/KH-UBND ngày 05/3/2025 của UBND tỉnh", AMENDS, "2025-03-05"),
        ("Kế hoạch điều chỉnh Kế hoạch số 12/KH-UBND ngày 05 tháng 3 năm 2025", AMENDS, "2025-03-05"),
        ("SỬA ĐỔI, BỔ SUNG MỘT SỐ NỘI DUNG CỦA KẾ HOẠCH SỐ 12/KH-UBND NGÀY 05/3/2025", AMENDS, "2025-03-05"),
        ("Về việc điều chỉnh thời gian thực hiện Kế hoạch số 12/KH-UBND", AMENDS, ""),
        ("Phê duyệt điều chỉnh Kế hoạch nhà ở ban hành kèm theo Công văn số 12/KH-UBND", AMENDS, ""),
        ("Phát triển nhà ở năm 2025 (thay thế Kế hoạch số 12/KH-UBND ngày 05/3/2024)", REPLACES, "2024-03-05"),
        ("Về việc bãi bỏ Kế hoạch số 12/KH-UBND", REPLACES, ""),
    ],
)
def test_a_title_tells_what_it_amends_or_replaces(title: str, bond: Bond, issued: str) -> None:
    assert of_title(title) == [(bond, "12/KH-UBND", issued)]


def test_the_subject_line_of_a_letter_and_a_page_s_metadata_are_titles_too() -> None:
    line = "Số: 1234/UBND-KGVX V/v điều chỉnh Kế hoạch số 12/KH-UBND"
    assert of_title(line, "number", "1234/UBND-KGVX") == [(AMENDS, "12/KH-UBND", "")]
    named = "Kế hoạch 15/KH-UBND năm 2025 sửa đổi Kế hoạch 12/KH-UBND về giảm nghèo"
    assert of_title(named, "metadata") == [(AMENDS, "12/KH-UBND", "")]


@pytest.mark.parametrize(
    ("text", "bond", "issued"),
    [
        ("Kế hoạch này thay thế Kế hoạch số 12/KH-UBND ngày 05/3/2024 của UBND tỉnh.", REPLACES, "2024-03-05"),
        ("3. Kế hoạch này có hiệu lực từ ngày ký và thay thế Kế hoạch số 12 /KH-UBND ngày 5.3.2024.", REPLACES,
         "2024-03-05"),
        ("Kế hoạch này được ban hành để thay thế cho Kế hoạch số 12/KH-UBND; các sở căn cứ thực hiện.", REPLACES, ""),
        ("Yêu cầu các đơn vị thực hiện theo Kế hoạch này và bãi bỏ Kế hoạch số 12/KH-UBND.", REPLACES, ""),
        ("Ban hành kèm theo Quyết định này Kế hoạch nhà ở, thay thế Kế hoạch số 12/KH-UBND.", REPLACES, ""),
        ("Kế hoạch số 12/KH-UBND ngày 05/3/2024 hết hiệu lực kể từ ngày Kế hoạch này có hiệu lực.", REPLACES,
         "2024-03-05"),
        ("Kể từ ngày Kế hoạch này có hiệu lực, Kế hoạch số 12/KH-UBND hết hiệu lực thi hành.", REPLACES, ""),
        ("Kế hoạch số 12/KH-UBND ngày 05/3/2024 được thay thế bởi Kế hoạch này.", REPLACES, "2024-03-05"),
        ("UBND tỉnh ban hành Kế hoạch nhà ở, thay thế Kế hoạch số 12/KH-UBND, cụ thể như sau:", REPLACES, ""),
        ("UBND tỉnh điều chỉnh, bổ sung Kế hoạch số 12/KH-UBND ngày 05/3/2025 như sau:", AMENDS, "2025-03-05"),
        ("Các nội dung khác giữ nguyên theo Kế hoạch số 12/KH-UBND ngày 05/3/2025.", AMENDS, "2025-03-05"),
        ("Kế hoạch này thay thế Phụ lục 2 ban hành kèm theo Kế hoạch số 12/KH-UBND.", AMENDS, ""),
        ("Kế hoạch này là bộ phận không tách rời của Kế hoạch số 12/KH-UBND.", AMENDS, ""),
    ],
)  # fmt: skip
def test_a_clause_tells_what_the_document_does(text: str, bond: Bond, issued: str) -> None:
    assert of_text(text) == [(bond, "12/KH-UBND", issued)]


def test_an_article_of_a_decision_acts_without_a_subject_and_a_task_of_a_plan_does_not() -> None:
    decision = ("Quyết định", ARTICLE, "9/QĐ-UBND")
    assert of_text("Điều 1. Bãi bỏ Quyết định số 5/QĐ-UBND", *decision) == [(REPLACES, "5/QĐ-UBND", "")]
    part = "Điều 1. Sửa đổi Điều 3 Quyết định số 5/QĐ-UBND như sau:"
    assert of_text(part, *decision) == [(AMENDS, "5/QĐ-UBND", "")]
    assert of_text("- Bãi bỏ Quyết định số 5/QĐ-UBND") == []
    assert of_text("Bãi bỏ Quyết định số 5/QĐ-UBND", "Kế hoạch", ARTICLE) == []


def test_lists_are_read_to_their_end_and_what_their_titles_cite_is_left() -> None:
    text = "Kế hoạch này thay thế các Kế hoạch số 12/KH-UBND ngày 05/3/2024, số 13/KH-UBND và số 14/KH-UBND."
    assert [number for _, number, _ in of_text(text)] == ["12/KH-UBND", "13/KH-UBND", "14/KH-UBND"]
    text = (
        "Quyết định này thay thế Quyết định số 5/QĐ-UBND ngày 5/1/2023 về thực hiện Nghị quyết số 7/NQ-UBND và Quyết "
        "định số 8/QĐ-UBND ngày 6/1/2024 về việc sửa đổi, bổ sung một số điều của Quyết định số 4/QĐ-UBND."
    )
    assert of_text(text, number="9/QĐ-UBND") == [(REPLACES, "5/QĐ-UBND", "2023-01-05")]
    text = text.replace(" về thực hiện Nghị quyết số 7/NQ-UBND", "")
    assert [number for _, number, _ in of_text(text, number="9/QĐ-UBND")] == ["5/QĐ-UBND", "8/QĐ-UBND"]


@pytest.mark.parametrize(
    "text",
    [
        "Căn cứ Nghị định số 76/2024/NĐ-CP sửa đổi, bổ sung một số điều của Nghị định số 20/2021/NĐ-CP;",
        "Căn cứ Quyết định số 8/QĐ-UBND thay thế Quyết định số 5/QĐ-UBND;",
        "Căn cứ Kế hoạch này, Sở Y tế tham mưu UBND tỉnh sửa đổi, bổ sung Quyết định số 5/QĐ-UBND.",
        "Tham mưu sửa đổi, bổ sung Quyết định số 5/QĐ-UBND ngày 5/1/2023.",
        "Trường hợp các văn bản dẫn chiếu tại Kế hoạch này được thay thế thì áp dụng Quyết định số 5/QĐ-UBND.",
        "Trong quá trình thực hiện Kế hoạch này, nếu cần sửa đổi, bổ sung Kế hoạch số 12/KH-UBND thì báo cáo.",
        "Kế hoạch này thực hiện theo Kế hoạch số 12/KH-UBND đã được sửa đổi tại Kế hoạch số 13/KH-UBND.",
        "Quyết định số 8/QĐ-UBND có hiệu lực và thay thế Quyết định số 5/QĐ-UBND.",
        "Sở Y tế chủ trì thực hiện Kế hoạch này và điều chỉnh Kế hoạch số 12/KH-UBND.",
        "Kế hoạch này thay thế Nghị định số 5/2020/NĐ-CP.",
        "Triển khai Nghị định sửa đổi Nghị định số 20/2021/NĐ-CP như sau:",
        "Kế hoạch này thay thế Kế hoạch số 15/KH-UBND.",
    ],
)
def test_what_others_do_or_are_to_do_is_no_relation(text: str) -> None:
    assert of_text(text) == []


@pytest.mark.parametrize(
    "title",
    [
        "Triển khai Nghị định sửa đổi, bổ sung một số điều của Nghị định số 131/2021/NĐ-CP",
        "Triển khai thực hiện Quyết định số 5/QĐ-UBND thay thế Quyết định số 4/QĐ-UBND",
        "Điều chỉnh Kế hoạch triển khai Nghị quyết số 42-NQ/TW",
        "Điều chỉnh chỉ tiêu theo Nghị quyết số 5/NQ-UBND",
        "Thực hiện Kế hoạch số 12/KH-UBND",
    ],
)
def test_a_title_that_names_another_s_amendment_tells_nothing(title: str) -> None:
    assert of_title(title) == []


def test_the_same_number_of_another_year_is_another_document() -> None:
    text = "Kế hoạch này thay thế Kế hoạch số 15/KH-UBND ngày 05/3/2024."
    (relation,) = relations_of("15/KH-UBND", date(2025, 4, 10), "Kế hoạch", (), [clause(text)])
    assert (relation.number, relation.issued, relation.quote) == ("15/KH-UBND", date(2024, 3, 5), text)
    assert relation.place == Place(7, 8)


def test_a_row_of_a_table_tells_nothing_and_no_text_is_too_long() -> None:
    text = "Kế hoạch này thay thế Kế hoạch số 12/KH-UBND."
    assert relations_of("15/KH-UBND", None, "Kế hoạch", (), [clause(text, kind=ClauseKind.ROW)]) == ()
    hostile = ["Kế hoạch này " + "1 " * 9000 + "thay thế", "thay thế, " * 20_000, "Kế hoạch này " * 20_000]
    hostile += ["ngày " * 20_000, "Kế hoạch này " + "1" * 3900, text * 5000]
    started = time.process_time()
    relations_of("15/KH-UBND", None, "Kế hoạch", (), [clause(each) for each in hostile])
    assert time.process_time() - started < 5


DECISION = """ỦY BAN NHÂN DÂN
TỈNH LÀO CAI
Số: 45/QĐ-UBND
Lào Cai, ngày 10 tháng 4 năm 2025
QUYẾT ĐỊNH
Về việc điều chỉnh, bổ sung một số nội dung của Kế hoạch ban hành kèm theo Quyết định số 12/QĐ-UBND ngày 05/3/2025
Căn cứ Nghị định số 76/2024/NĐ-CP sửa đổi, bổ sung một số điều của Nghị định số 20/2021/NĐ-CP;
QUYẾT ĐỊNH:
Điều 1. Điều chỉnh mục tiêu như sau: tỷ lệ bao phủ bảo hiểm y tế đạt 96%.
Điều 2. Bãi bỏ các văn bản sau:
1. Quyết định số 7/QĐ-UBND ngày 01/02/2024 của UBND tỉnh.
2. Kế hoạch số 9/KH-UBND ngày 03/02/2024 của UBND tỉnh.
Điều 3. Quyết định này có hiệu lực kể từ ngày ký và thay thế Quyết định số 5/QĐ-UBND ngày 05/01/2023.
"""


def test_a_decision_is_parsed_with_its_relations_and_where_they_stand() -> None:
    document = parse_bytes(DECISION.encode(), Path("45.txt"), Settings()).document
    assert [(r.bond, r.number, r.place.first) for r in document.relations] == [
        (AMENDS, "12/QĐ-UBND", 6),
        (REPLACES, "7/QĐ-UBND", 11),
        (REPLACES, "9/KH-UBND", 12),
        (REPLACES, "5/QĐ-UBND", 13),
    ]
    assert all(relation.quote in DECISION for relation in document.relations)


def test_the_published_plans_replace_nothing() -> None:
    corpus = Path(__file__).parent.parent / "corpus"
    assert [parse_file(path, Settings()).document.relations for path in plan_files(corpus)] == [()] * 4


# How documents hang together


def plan(number: str, issued: date | None, *relations: Relation, province: str = "Lào Cai", salt: str = "") -> Document:
    document = make_plan_file(number, province, ["x"], salt=f"{issued}{salt}").document
    return replace(document, issued=issued, relations=relations)


def does(bond: Bond, number: str, issued: date | None = None) -> Relation:
    return Relation(bond, number, issued, f"thay {number}", Place(1, 1))


def newer(lineage: Lineage, document: Document) -> list[tuple[Bond, str]]:
    return [(later.relation.bond, later.document.number) for later in lineage.of(document).later]


OLD, NEW, LAST = date(2023, 1, 5), date(2024, 3, 5), date(2025, 4, 10)


def test_a_chain_is_known_from_its_oldest_plan() -> None:
    a, b = plan("1/KH-UBND", OLD), plan("2/KH-UBND", NEW, does(REPLACES, "1 / kh–ubnd", OLD))
    c = plan("3/KH-UBND", LAST, does(REPLACES, "2/KH-UBND"), does(AMENDS, "8/KH-UBND"))
    lineage = Lineage([c, a, b])
    assert newer(lineage, a) == [(REPLACES, "2/KH-UBND")]
    assert newer(lineage, lineage.of(a).later[0].document) == [(REPLACES, "3/KH-UBND")]
    assert [(e.relation.number, e.document) for e in lineage.earlier(c)] == [("2/KH-UBND", b), ("8/KH-UBND", None)]
    assert (lineage.of(a), lineage.of(c).later) == (a, ())


@pytest.mark.parametrize(
    ("older", "told_date", "is_linked"),
    [
        (plan("1/KH-UBND", OLD), OLD, True),
        (plan("1/KH-UBND", OLD), date(2022, 1, 5), False),  # the plan of another year
        (plan("1/KH-UBND", OLD), None, True),
        (plan("1/KH-UBND", None), OLD, True),
        (plan("1/KH-UBND", date(2026, 1, 1)), None, False),  # later than what should replace it
        (plan("1/KH-UBND", OLD, province="Đồng Nai"), OLD, False),
        (plan("1/KH-UBND", OLD, province=""), OLD, True),
        (plan("1/QĐ-UBND", OLD), OLD, False),
    ],
)
def test_number_province_and_date_tell_which_plan_is_meant(older: Document, told_date: date, is_linked: bool) -> None:
    lineage = Lineage([older, plan("2/KH-UBND", LAST, does(REPLACES, "1/KH-UBND", told_date))])
    assert bool(lineage.of(older).later) is is_linked


def test_of_plans_of_one_number_the_newest_is_meant_with_every_copy_of_it() -> None:
    old, copies = plan("1/KH-UBND", OLD), [plan("1/KH-UBND", NEW, salt=salt) for salt in "ab"]
    lineage = Lineage([old, *copies, plan("2/KH-UBND", LAST, does(AMENDS, "1/KH-UBND"))])
    assert not lineage.of(old).later
    assert all(newer(lineage, copy) == [(AMENDS, "2/KH-UBND")] for copy in copies)


def test_a_province_that_went_into_another_is_meant_by_the_date_alone() -> None:
    older = plan("1/KH-UBND", NEW, province="Hải Dương")
    for told_date, is_linked in ((NEW, True), (None, False)):
        replacing = plan("2/KH-UBND", date(2025, 9, 1), does(REPLACES, "1/KH-UBND", told_date), province="Hải Phòng")
        assert bool(Lineage([older, replacing]).of(older).later) is is_linked


def test_plans_that_replace_each_other_end_in_no_circle() -> None:
    a = plan("1/KH-UBND", NEW, does(REPLACES, "2/KH-UBND"))
    b = plan("2/KH-UBND", NEW, does(REPLACES, "1/KH-UBND"))
    for documents in ([a, b], [b, a]):
        lineage = Lineage(documents)
        assert sorted(len(lineage.of(each).later) for each in documents) == [0, 1]
        assert newer(lineage, a) == newer(Lineage([a, b]), a)
