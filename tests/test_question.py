"""What is read from a question, on words of its own: no plan, no gold question."""

from __future__ import annotations

import pytest

from answer.cited import asked_kind, cited
from answer.intent import Intent
from answer.metadata import metadata_answer
from answer.question import expand, understand
from answer.words import CorpusWords
from ingest.model import Clause, ClauseKind, Document, Place

WORDS = CorpusWords(["kế hoạch phát triển du lịch biển đảo", "quyết định phê duyệt đề án trồng rừng"])


def document(recipients: tuple[str, ...]) -> Document:
    return Document(
        id="d", number="12/KH-UBND", kind="Kế hoạch", province="Lào Cai", issued=None, signer="", position="",
        title="", period="", basis=(), recipients=recipients, source="a.txt", digest="", format="text", warnings=(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("trồng rừng theo quyết định nào", "quyet dinh"),
        ("thuc hien nghi quyet so may cua Tinh uy", "nghi quyet"),
        ("Chương trình hành động của Ban Chấp hành Đảng bộ tỉnh mang số bao nhiêu?", "chuong trinh hanh dong"),
        ("tờ trình gì", "to trinh"),
        ("quyết định này số mấy", None),
        ("chương trình nào do Sở Y tế chủ trì", None),
        ("kế hoạch số mấy", None),
    ],
)
def test_the_kind_of_document_asked_for(question: str, kind: str | None) -> None:
    assert asked_kind(question) == kind


def test_documents_of_a_kind_in_a_text() -> None:
    text = "Thực hiện Quyết định số 9/QĐ-TTg ngày 01/02/2023 và Nghị quyết 5-NQ/TU; Quyết định 77/2019/QĐ-TTg."
    assert [text[a:b] for a, b in cited(text, "quyet dinh")] == [
        "Quyết định số 9/QĐ-TTg ngày 01/02/2023",
        "Quyết định 77/2019/QĐ-TTg",
    ]
    assert [text[a:b] for a, b in cited(text, "nghi quyet")] == ["Nghị quyết 5-NQ/TU"]
    assert cited(text, "chi thi") == []


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("theo NQ nào", "theo nghị quyết nào"),
        ("KH 12 nói gì", "kế hoạch 12 nói gì"),
        ("68/NQ-CP", "68/NQ-CP"),
        ("Kế hoạch 12/KH-UBND của UBND tỉnh", "Kế hoạch 12/KH-UBND của ủy ban nhân dân tỉnh"),
        ("Quyết định 45/2016/QĐ-TTg", "Quyết định 45/2016/QĐ-TTg"),
    ],
)
def test_abbreviations_are_written_out_but_for_those_in_a_number(typed: str, written: str) -> None:
    assert expand(typed)[0] == written


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("kế hoạch 12 có mấy mục tiêu", "12"),
        ("KH 12 có mấy mục tiêu", "12"),
        ("kế hoạch 12/KH-UBND", "12"),
        ("trồng rừng theo quyết định 897 đến năm nào", None),
        ("trồng rừng theo QĐ 897 đến năm nào", None),
    ],
)
def test_the_number_of_the_plan_asked(question: str, number: str | None) -> None:
    assert understand(question, WORDS).number == number


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("Kế hoạch này được gửi đến những đơn vị nào?", Intent.METADATA),
        ("trồng rừng theo thông tư nào", Intent.BASIS),
        ("kế hoạch ban hành trên cơ sở tờ trình số mấy", Intent.BASIS),
        ("kế hoạch này số mấy", Intent.METADATA),
        ("các sở gửi báo cáo cho cơ quan nào", Intent.LEAD),
    ],
)
def test_the_kind_of_question(question: str, intent: Intent) -> None:
    assert understand(question, WORDS).intent is intent


def test_recipients_from_the_first_to_the_last_without_the_file_copy() -> None:
    plan = document(("Bộ Xây dựng", "Các sở, ngành", "Lưu: VT"))
    text = "Nơi nhận: - Bộ Xây dựng; - Các sở, ngành; - Lưu: VT."
    header = Clause("d/header-recipients", "d", 0, ClauseKind.HEADER, (), text, Place(9, 12))
    found = metadata_answer(understand("kế hoạch được gửi đến những nơi nào", WORDS), plan, [header], [])
    assert found is not None
    assert text[found[1] : found[2]] == "Bộ Xây dựng; - Các sở, ngành"
    assert metadata_answer(understand("nơi nhận", WORDS), document(("Lưu: VT",)), [header], []) is None


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("ke hoach phat trien du lich", "kế hoạch phát triển du lịch"),
        ("kế hoạch phát trien du lịch", "kế hoạch phát triển du lịch"),
        ("du lịch bằng xe đap đien", "du lịch bằng xe đap đien"),  # the corpus has neither word
        ("dao ngọc", "dao ngọc"),  # «đảo» is known, but not beside «ngọc»
    ],
)
def test_diacritics_are_put_back_where_the_corpus_has_the_words_together(typed: str, written: str) -> None:
    assert WORDS.restore(typed) == written
