"""Typing errors, missing diacritics, abbreviations that plans define, and how each is undone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from answer.corrections import Correction
from answer.definitions import agreed, definitions
from answer.keys import from_keys, spell_out
from answer.question import understand
from answer.result import Result, to_json
from answer.words import CorpusWords
from ingest.agencies import find_agencies
from ingest.files import plan_files
from ingest.parse import parse_file
from ingest.provinces import find_provinces
from ingest.settings import Settings

CORPUS = Path(__file__).parent.parent / "corpus"
SENTENCES = 300

PLAN = (
    "Phổ cập giáo dục mầm non cho trẻ em, tỷ lệ phổ cập giáo dục mầm non đạt 99%",
    "Thực hiện thường xuyên những nhiệm vụ phát triển nhà ở xã hội",
    "Quán triệt nghị quyết, thực hiện chương trình mục tiêu quốc gia",
    "Thu nhập bình quân đầu người, năng suất lao động bình quân, bình quân mỗi năm",
    "Điện thoại di động, đào tạo nghề nghiệp cho lao động",
    "Xây dựng đơn vị sạch, số sân vận động trên mười đơn vị, gửi báo cáo chậm nhất là ngày mười",
    "Chương trình phổ cập bơi, chương trình giảm nghèo, chương trình nước sạch",
)
WORDS = CorpusWords(PLAN * 8)

EVERYDAY = """
sân bay nào gần nhất
bóng đá có được đầu tư không
phở bò ở đâu ngon nhất
tôi muốn hỏi trường nào dạy bơi cho bé
mấy giờ thì tàu chạy
anh cho em hỏi học phí bao nhiêu một tháng
bố mẹ già có được hưởng trợ cấp gì không ạ
hôm nay trời mưa hay nắng vậy
ai là người phát minh ra bóng đèn
mua xe máy trả góp có cần bảo lãnh không
làm sao để mở quán cà phê
con tôi bị sốt thì uống thuốc gì
đội tuyển nào vô địch năm nay
xin cho biết lịch tiêm vắc xin cho trẻ
vợ chồng tôi muốn vay tiền mua chung cư
dịch vụ gửi hàng nhanh giá rẻ
cách nấu canh chua cá lóc
bao lâu thì được cấp lại giấy phép lái xe
chị ơi quán này mở cửa mấy giờ
tôi quên mật khẩu email thì làm thế nào
wifi ở thư viện có miễn phí không
khi nào trả lương hưu qua thẻ
nhà tôi bị dột thì ai sửa
cháu học lớp mười có được giảm vé xe buýt không
trung tâm nào dạy nghề may
bà con vùng lũ được hỗ trợ bao nhiêu gạo
""".strip().splitlines()


@pytest.fixture(scope="module")
def plans() -> list[str]:
    """The texts of the clauses of the four plans."""
    return [clause.text for path in plan_files(CORPUS) for clause in parse_file(path, Settings()).clauses]


@pytest.fixture(scope="module")
def words(plans: list[str]) -> CorpusWords:
    return CorpusWords(plans)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("việc phải làm thừong xuyên", "việc phải làm thường xuyên"),
        ("nhửng nhiẹm vụ của tỉnh", "những nhiệm vụ của tỉnh"),
        ("tỷ lệ phỏ cập giáo dục mầm nonn", "tỷ lệ phổ cập giáo dục mầm non"),
        ("quán triẹt nghị quyết", "quán triệt nghị quyết"),
        ("điện thoại di độg", "điện thoại di động"),
        ("thực hiện chuơng trình giảm nghèo", "thực hiện chương trình giảm nghèo"),
        ("quán trệit nghị quyết", "quán triệt nghị quyết"),  # swapped letters
        ("Phỏ cập giáo dục", "Phổ cập giáo dục"),  # the first word of a sentence is no name
        ("QUÁN TRIẸT NGHỊ QUYẾT", "QUÁN TRIỆT NGHỊ QUYẾT"),
        ("nhaf owr xax hooij", "nhà ở xã hội"),
        ("nha2 o73 xa4 ho65i", "nhà ở xã hội"),
        ("phat trein nha o xa hoi", "phát triển nhà ở xã hội"),
    ],
)
def test_a_typing_error_is_mended_and_told(typed: str, read: str) -> None:
    understood = understand(typed, WORDS)
    assert understood.text == read
    assert any(c.kind == "typo" for c in understood.corrections)
    assert any(note.startswith("sửa lỗi gõ: «") for note in understood.notes)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("thu nhập bình quan đầu người", "thu nhập bình quân đầu người"),  # both words are right by themselves
        ("chương trinh mục tiêu quốc gia", "chương trình mục tiêu quốc gia"),
        ("quán triet nghị quyết", "quán triệt nghị quyết"),
        ("gửi báo cáo cham nhat la ngay nao", "gửi báo cáo chậm nhất là ngày nào"),
        ("đào tạo nghề nghiep cho lao động", "đào tạo nghề nghiệp cho lao động"),
    ],
)
def test_diacritics_typed_by_half_are_put_back(typed: str, read: str) -> None:
    understood = understand(typed, WORDS)
    assert understood.text == read
    assert {c.kind for c in understood.corrections} == {"diacritics"}


@pytest.mark.parametrize(
    "typed",
    [
        "sân bay mới",  # the corpus has «sân», and «bay» nowhere
        "bà Nhửng phụ trách việc gì",  # a name
        "Sở Triẹt nghị quyết",
        "văn bản 12/2024/NQ-HĐND",
        "điện thoại 0912 và wifi",
        "hoá đơn của công ty",  # another spelling, not an error
        "ngay nào cũng được",  # «ngay» is a word, and nothing tells that its neighbours lack their marks
    ],
)
def test_what_is_no_error_is_left_alone(typed: str) -> None:
    assert [c for c in understand(typed, WORDS).corrections if c.kind != "abbreviation"] == []


@pytest.mark.parametrize("typed", EVERYDAY)
def test_everyday_questions_stay_as_typed(typed: str, words: CorpusWords) -> None:
    understood = understand(typed, words)
    assert understood.corrections == ()
    assert understood.text == typed


def test_sentences_of_the_plans_stay_as_printed(plans: list[str], words: CorpusWords) -> None:
    sentences = [s for text in plans for s in re.split(r"(?<=[.;])\s+", text) if 5 <= len(s.split()) <= 40]
    chosen = sentences[:: len(sentences) // SENTENCES][:SENTENCES]
    assert len(chosen) == SENTENCES
    changed = [c for s in chosen for c in understand(s, words).corrections if c.kind != "abbreviation"]
    assert changed == []


@pytest.mark.parametrize("slip", [lambda w: w + w[-1], lambda w: w[:-2] + w[-1] + w[-2]])
def test_slips_put_into_the_plans_are_found_again(
    slip: Callable[[str], str], plans: list[str], words: CorpusWords
) -> None:
    parts = sorted({p.strip(" -+.") for text in plans for p in re.split(r"[.;:,|]\s", text)})
    plain = [p for p in parts if 6 <= len(p.split()) <= 12 and not re.search(r"[\d()/:|]|[^\W\d_]-", p)]
    right = wrong = 0
    for part in plain[:: len(plain) // 150]:
        intact = part.split()
        at = max(range(1, len(intact)), key=lambda n: (intact[n].islower(), len(intact[n])))
        typed = [*intact[:at], slip(intact[at]), *intact[at + 1 :]]
        read = understand(" ".join(typed), words).text.split()
        right += read[at : at + 1] == [intact[at]]
        wrong += read[at : at + 1] not in ([intact[at]], [typed[at]])
    assert right >= 120
    assert wrong <= right / 20


def test_a_correction_shows_the_words_and_is_undone_by_them() -> None:
    question = "tỷ lệ phỏ cập giáo dục"
    (correction,) = understand(question, WORDS).corrections
    assert correction == Correction("phỏ cập", "phổ cập", "typo")
    assert understand(question, WORDS).notes == ("sửa lỗi gõ: «phỏ cập» → «phổ cập»",)
    for keep in (correction.typed, "phỏ", "Phỏ"):
        kept = understand(question, WORDS, frozenset({keep}))
        assert (kept.text, kept.corrections) == (question, ())


def test_every_kind_of_correction_is_undone_alone() -> None:
    question = "BHXH phỏ cập va quán triet nghị quyết"
    found = understand(question, WORDS).corrections
    assert [c.kind for c in found] == ["abbreviation", "typo", "diacritics"]
    for correction in found:
        kept = understand(question, WORDS, frozenset({correction.typed}))
        assert kept.corrections == tuple(c for c in found if c != correction)
        assert correction.typed in kept.text


def test_a_question_without_diacritics_is_one_correction() -> None:
    (correction,) = understand("phat trien nha o xa hoi", WORDS).corrections
    assert correction == Correction("phat trien nha o xa hoi", "phát triển nhà ở xã hội", "diacritics")
    assert understand("phat trien nha o xa hoi", WORDS).notes == ("thêm dấu: «phát triển nhà ở xã hội»",)
    kept = understand("phat trien nha o xa hoi", WORDS, frozenset({"nha o"}))
    assert kept.text == "phát triển nha o xã hội"


def test_corrections_stand_in_the_json_contract() -> None:
    result = Result("q", understand("tỷ lệ phỏ cập", WORDS), (), (), (), None, 0.0)
    told = to_json(result)["understood"]
    assert told["corrections"] == [{"typed": "phỏ cập", "read": "phổ cập", "kind": "typo"}]
    assert told["notes"] == ["sửa lỗi gõ: «phỏ cập» → «phổ cập»"]


@pytest.mark.parametrize(
    ("typed", "word"),
    [("dduwowcj", "được"), ("d9uoc75", "được"), ("thuongwf", "thường"), ("vieetj", "việt"), ("quyeets", "quyết")],
)
def test_keys_of_an_input_method(typed: str, word: str) -> None:
    assert from_keys(typed) == spell_out(word)


@pytest.mark.parametrize("typed", ["thanh", "m2", "km", "12", "ở", "TTg"])
def test_what_is_not_typed_in_keys(typed: str) -> None:
    assert from_keys(typed) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("của Ủy ban nhân dân (UBND) tỉnh", [("UBND", "Ủy ban nhân dân")]),
        ("Luật Bảo hiểm xã hội (sau đây gọi tắt là BHXH)", [("BHXH", "Bảo hiểm xã hội")]),
        ("hỗ trợ doanh nghiệp nhỏ và vừa (DNNVV), trong đó", [("DNNVV", "doanh nghiệp nhỏ và vừa")]),
        ("giao doanh nghiệp nhỏ và vừa (viết tắt: DNNV)", [("DNNV", "doanh nghiệp nhỏ và vừa")]),
        ("tại Trung tâm Kiểm soát bệnh tật (viết tắt là CDC)", [("CDC", "Trung tâm Kiểm soát bệnh tật")]),
        ("thực hiện Chương trình hành động (CTrHĐ)", [("CTrHĐ", "Chương trình hành động")]),
        ("chỉ số phát triển con người (HDI)", []),  # the letters are of another language
        ("Trung tâm Dịch vụ việc làm (sau đây gọi tắt là Trung tâm)", []),
        ("các xã (Phước Hòa, Tân Hải)", []),
    ],
)
def test_definitions_of_a_plan(text: str, found: list[tuple[str, str]]) -> None:
    assert definitions(text) == found


def test_definitions_that_disagree_are_dropped() -> None:
    assert agreed([("CT", "Chương trình"), ("CT", "Công tác"), ("DN", "Doanh nghiệp")]) == {"DN": "doanh nghiệp"}


def test_abbreviations_of_the_plans_are_written_out() -> None:
    words = CorpusWords(["hỗ trợ doanh nghiệp nhỏ và vừa (DNNVV)", "Ủy ban nhóm dịch (UBND)", "trẻ em (TE)"])
    understood = understand("chính sách cho dnnvv", words)
    assert understood.text == "chính sách cho doanh nghiệp nhỏ và vừa"
    assert understood.notes == ("dnnvv → doanh nghiệp nhỏ và vừa",)
    assert understand("UBND", words).text == "ủy ban nhân dân"  # the list of officials wins
    assert understand("chăm sóc TE", words).text == "chăm sóc trẻ em"
    assert understand("te giác", words).text == "te giác"  # what may be a word counts in capitals only


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("br-vt", ["Bà Rịa - Vũng Tàu"]),
        ("brvt có gì", ["Bà Rịa - Vũng Tàu"]),
        ("BR – VT", ["Bà Rịa - Vũng Tàu"]),
        ("tinh dong thap", ["Đồng Tháp"]),
        ("thai nguyen", ["Thái Nguyên"]),
        ("hcm", ["Hồ Chí Minh"]),
        ("ĐT", []),
        ("tỉnh mình", []),
        ("tinh ta", []),
        ("Đoàn TNCS Hồ Chí Minh", []),
        ("học tập tư tưởng Hồ Chí Minh", []),
    ],
)
def test_provinces_in_any_spelling(text: str, names: list[str]) -> None:
    assert [name for name, _, _ in find_provinces(text)] == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("sở lđ", ["Sở Lao động - Thương binh và Xã hội"]),
        ("so ld", ["Sở Lao động - Thương binh và Xã hội"]),
        ("sở ld-tb&xh", ["Sở Lao động - Thương binh và Xã hội"]),
        ("sở lao động", ["Sở Lao động - Thương binh và Xã hội"]),
        ("bhxh tinh", ["Bảo hiểm xã hội tỉnh"]),
        ("sở nn", ["Sở Nông nghiệp và Phát triển nông thôn"]),
        ("sở gd", ["Sở Giáo dục và Đào tạo"]),
        ("có sở y tế", ["Sở Y tế"]),
        ("cơ sở y tế", []),
        ("cơ sở giáo dục nghề nghiệp", []),
        ("số lao động có việc làm", []),
    ],
)
def test_agencies_in_any_spelling(text: str, names: list[str]) -> None:
    assert [span.name for span in find_agencies(text)] == names
