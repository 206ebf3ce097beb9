"""What is read from a question, on words of its own: no plan, no gold question."""

from __future__ import annotations

import pytest

from answer.asked import Sent, asked_of
from answer.cited import CitedAsked, cited, cited_asked
from answer.intent import Intent, intent_of
from answer.metadata import metadata_answer
from answer.question import Understood, expand, understand
from answer.words import CorpusWords
from ingest.model import Clause, ClauseKind, Document, Place
from ingest.provinces import find_provinces

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
    assert cited_asked(question).kind == (kind or "")


def cited_texts(text: str, asked: CitedAsked) -> list[str]:
    return [text[a:b] for a, b in cited(text, asked)]


def test_documents_of_a_kind_in_a_text() -> None:
    text = "Thực hiện Quyết định số 9/QĐ-TTg ngày 01/02/2023 và Nghị quyết 5-NQ/TU; Quyết định 77/2019/QĐ-TTg."
    assert cited_texts(text, CitedAsked("quyet dinh")) == [
        "Quyết định số 9/QĐ-TTg ngày 01/02/2023",
        "Quyết định 77/2019/QĐ-TTg",
    ]
    assert cited_texts(text, CitedAsked("nghi quyet")) == ["Nghị quyết 5-NQ/TU"]
    assert cited_texts(text, CitedAsked("chi thi")) == []


def test_documents_of_an_issuer_by_the_words_behind_or_the_end_of_the_number() -> None:
    text = "Nghị quyết số 7-NQ/TW ngày 02/3/2022 về biển, Nghị quyết số 8/NQ-CP của Chính phủ, Nghị quyết 9"
    assert cited_texts(text, CitedAsked("nghi quyet", "bo chinh tri")) == ["Nghị quyết số 7-NQ/TW ngày 02/3/2022"]
    assert cited_texts(text, CitedAsked("nghi quyet", "chinh phu")) == ["Nghị quyết số 8/NQ-CP"]
    assert cited_texts(text, CitedAsked("nghi quyet", "hoi dong nhan dan")) == []  # the ends say that they are others'


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Kết luận số 12-KL/TW ký ngày nào?", CitedAsked("ket luan", "", "12-kl/tw")),
        ("Ngày Bộ Chính trị ký Kết luận số 12-KL/TW là ngày nào?", CitedAsked("ket luan", "", "12-kl/tw")),
        ("Chỉ thị 5-CT/TU là của cơ quan nào?", CitedAsked("chi thi", "", "5-ct/tu", whose=True)),
        ("kế hoạch 5 nhắc tới kế hoạch 7 về nước sạch, kế hoạch đó ra ngày nào", CitedAsked("ke hoach", "", "7")),
        ("kế hoạch 5 ban hành ngày nào", CitedAsked()),
        ("thực hiện kế hoạch 5 báo cáo trước ngày nào", CitedAsked()),
        ("nghị quyết của Bộ Chính trị làm căn cứ số mấy?", CitedAsked("nghi quyet", "bo chinh tri")),
        ("chương trình hành động của Đảng bộ tỉnh có số, ký hiệu gì?", CitedAsked("chuong trinh hanh dong", "dang bo")),
        ("kế hoạch của Tỉnh ủy mà tỉnh dựa vào đề ngày nào?", CitedAsked("ke hoach", "tinh uy")),
    ],
)
def test_the_document_that_is_asked_for(question: str, asked: CitedAsked) -> None:
    assert cited_asked(question, "5") == asked


def test_the_issuer_of_a_document_is_told_with_it() -> None:
    text = "thực hiện Chỉ thị số 5-CT/TU ngày 02/3/2022 của Ban Thường vụ Tỉnh ủy về nước sạch và Luật Nhà ở"
    assert cited_texts(text, CitedAsked("chi thi", "", "5", whose=True)) == [
        "Chỉ thị số 5-CT/TU ngày 02/3/2022 của Ban Thường vụ Tỉnh ủy"
    ]


def asked_in(question: str) -> Understood:
    return understand(question, WORDS)


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("Theo kế hoạch số 5/KH-UBND, du lịch biển đảo ra sao", "du lịch biển đảo ra sao"),
        ("kế hoạch 5 nêu du lịch biển đảo", "nêu du lịch biển đảo"),
        ("du lịch biển đảo trong kế hoạch này", "du lịch biển đảo"),
        ("trồng rừng của kế hoạch phát triển", "trồng rừng của kế hoạch phát triển"),
    ],
)
def test_the_plan_that_is_asked_is_no_topic(question: str, topic: str) -> None:
    assert asked_in(question).topic == topic


def test_whom_something_is_sent_to() -> None:
    assert asked_in("các huyện gửi báo cáo về Sở Xây dựng trước ngày nào").recipients == ("Sở Xây dựng",)
    assert asked_in("Sở Xây dựng gửi báo cáo trước ngày nào").recipients == ()


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("ai được tặng quà Tết?", Intent.GENERAL),
        ("ai được giao chủ trì?", Intent.LEAD),
        ("tăng cường nguồn lực nào?", Intent.GENERAL),
        ("lúc nào nộp báo cáo?", Intent.DEADLINE),
        ("mấy huyện được hỗ trợ gì?", Intent.GENERAL),
        ("mấy huyện đạt chuẩn?", Intent.TARGET),
        ("làm cùng với các cơ quan nào?", Intent.COORDINATING),
        ("xét những dịch vụ cơ bản nào?", Intent.GENERAL),
        ("ngân hàng nào cho vay?", Intent.LEAD),
        ("hội nghị bao lâu tổ chức một lần?", Intent.DEADLINE),
        ("xin cho biết ngày, tháng, năm ghi trên kế hoạch", Intent.METADATA),
    ],
)
def test_what_is_asked(question: str, intent: Intent) -> None:
    assert intent_of(question, has_year=False) is intent


@pytest.mark.parametrize(
    ("question", "field", "value"),
    [
        ("bao nhiêu giường và mấy bác sĩ", "quantities", True),
        ("bao nhiêu giường bệnh", "quantities", False),
        ("báo cáo quý I trước ngày nào", "rhythm", r"\bquy\b"),
        ("báo cáo trước ngày nào", "rhythm", ""),
        ("ngân hàng nào cho vay", "body", "ngan hang"),
        ("môi trường nào", "body", ""),
        ("tổng kinh phí là bao nhiêu", "measured", ("dong",)),
        ("bao nhiêu tiền một tháng", "measured", ("dong",)),
    ],
)
def test_the_form_of_the_answer(question: str, field: str, value: object) -> None:
    assert getattr(asked_of(question), field) == value


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


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("việc làm Đồng Nai", ["Đồng Nai"]),
        ("viec lam dong nai", ["Đồng Nai"]),
        ("việc làm đồng nai", ["Đồng Nai"]),
        ("tỉnh Lâm Đồng", ["Lâm Đồng"]),
        ("lam dong va dong nai", ["Lâm Đồng", "Đồng Nai"]),
        ("Đông Nai", ["Đồng Nai"]),
    ],
)
def test_provinces_that_share_a_word(text: str, names: list[str]) -> None:
    assert [name for name, _, _ in find_provinces(text)] == names


@pytest.mark.parametrize(
    ("question", "sent"),
    [
        ("các sở nộp báo cáo về đâu?", Sent.TO),
        ("gửi báo cáo lên tỉnh qua sở nào?", Sent.VIA),
        ("trợ cấp bảo trợ xã hội thuộc về cấp nào?", None),
    ],
)
def test_where_something_is_sent(question: str, sent: Sent | None) -> None:
    assert asked_of(question).sent is sent


def test_documents_with_the_same_digits_are_told_apart() -> None:
    text = "Nghị quyết số 28-NQ/TW và Nghị định số 28/2012/NĐ-CP; Chỉ thị số 280-CT/TW"
    assert cited_texts(text, CitedAsked("nghi quyet", "", "28-nq/tw")) == ["Nghị quyết số 28-NQ/TW"]
    assert cited_texts(text, CitedAsked("nghi dinh", "", "28")) == ["Nghị định số 28/2012/NĐ-CP"]
    assert cited_texts(text, CitedAsked("nghi quyet", "quoc hoi")) == []  # a Party resolution is none of the Assembly's
