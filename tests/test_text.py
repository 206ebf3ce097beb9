"""Text for search: one spelling, whole numbers, questions without diacritics."""

from __future__ import annotations

import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.features import NO_COMPOUNDS, Compounds, compounds_in, lexical_features, query_features
from index.text import fold, normalise, segment, spelled_words, tokens

ROOT = Path(__file__).parent.parent

SPELLINGS = {
    "hoá": "hóa", "HOÁ": "hóa", "khoẻ": "khỏe", "uỷ": "ủy", "Uỷ": "ủy", "thuỷ": "thủy", "tuý": "túy", "loè": "lòe",
    "hoà": "hòa", "toả": "tỏa", "đoạ": "đọa", "hoàn": "hoàn", "toàn": "toàn", "thuyền": "thuyền", "khuỷu": "khuỷu",
    "ngoài": "ngoài", "ngoáy": "ngoáy", "quá": "quá", "quả": "quả", "giá": "giá", "giạ": "giạ", "hòan": "hoàn",
    "Hùynh": "huỳnh", "quý": "quí", "quỹ": "quĩ", "sỹ": "sĩ", "tỷ": "tỉ", "kỹ": "kĩ", "lý": "lí", "Mỹ": "mĩ",
    "hy": "hi", "ý": "ý", "y tế": "y tế", "thủy lợi": "thủy lợi", "bầy": "bầy", "m²": "m2", "Ðồng": "đồng",
    "2024–2030": "2024-2030", "bảo\u00a0hiểm": "bảo hiểm",
}  # fmt: skip


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(("written", "expected"), SPELLINGS.items())
def test_one_spelling(written: str, expected: str, form: str) -> None:
    decomposed = unicodedata.normalize(form, written)
    assert normalise(decomposed) == expected


def test_both_tone_placements_meet_in_every_tone() -> None:
    old = "hoà hoá hoả hoã hoạ xoè xoé xoẻ xoẽ xoẹ uỳ uý uỷ uỹ uỵ"
    assert normalise(old) == "hòa hóa hỏa hõa họa xòe xóe xỏe xõe xọe ùy úy ủy ũy ụy"
    assert normalise(normalise(old)) == normalise(old)


def test_length_is_kept_so_that_positions_carry_over() -> None:
    text = "Uỷ ban\u00a0nhân dân – Sở Y tế: 36,5 m² HOÁ"
    assert len(normalise(text)) == len(text)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_any_text_is_survived(text: str) -> None:
    once = normalise(text)
    assert tokens(once) == tokens(text)
    assert all(token and not token.isspace() for token in tokens(text))


def test_fold() -> None:
    assert fold("Đồng Tháp, Uỷ ban, đường") == "Dong Thap, Uy ban, duong"
    assert fold(unicodedata.normalize("NFD", "Bà Rịa - Vũng Tàu")) == "Ba Ria - Vung Tau"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kế hoạch số 143/KH-UBND", ["kế", "hoạch", "số", "143/kh-ubnd", "143"]),
        ("42-NQ/TW; 68/NQ-CP", ["42-nq/tw", "42", "68/nq-cp", "68"]),
        ("68/NQ-   CP, 54 /KH-UBND", ["68/nq-cp", "68", "54/kh-ubnd", "54"]),
        ("01/2021/NĐ-CP và 27/2023/QH15", ["01/2021/nđ-cp", "01", "và", "27/2023/qh15", "27"]),
        ("trước ngày 30/11", ["trước", "ngày", "30/11"]),
        ("17/3/2024, 05/6/2024", ["17/3/2024", "5/6/2024"]),
        ("ngày 05 tháng 6 năm 2024", ["ngày", "05", "tháng", "6", "năm", "2024", "5/6/2024"]),
        ("đạt 99,5%", ["đạt", "99,5%", "99,5"]),
        ("43-48; 15 - 20%", ["43-48", "15-20%", "15-20"]),
        ("2024-2030, 2024 – 2030", ["2024-2030", "2024-2030"]),
        ("36,5m²/người, 10.000 căn", ["36,5m2", "36,5", "người", "10.000", "căn"]),
        ("LĐ-TB&XH, GD&ĐT, BR-VT", ["lđ-tb&xh", "lđtbxh", "gd&đt", "gdđt", "br", "vt", "br-vt"]),
        ("Điều 5, 1.1 a)", ["điều", "5", "1.1", "a"]),
        ("- *** …", []),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected
    assert tokens(unicodedata.normalize("NFD", text)) == expected


def test_segment_protects_what_pyvi_splits() -> None:
    text = "UBND tỉnh Bà Rịa - Vũng Tàu thực hiện 57-NQ/TW giai đoạn 2025 – 2030 theo 123/QĐ-UBND ngày 05/6/2024"
    assert segment(text) == (
        "UBND tỉnh Bà_Rịa_-_Vũng_Tàu thực_hiện 57-NQ/TW giai_đoạn 2025-2030 theo 123/QĐ-UBND ngày 05/6/2024"
    )
    assert segment("") == ""


def test_compounds_of_a_text() -> None:
    assert compounds_in("Uỷ ban nhân dân tỉnh Bà Rịa - Vũng Tàu chủ trì 2025-2030") == [
        "bà_rịa_vũng_tàu", "chủ_trì", "nhân_dân", "ủy_ban",
    ]  # fmt: skip


def test_features_of_both_halves_do_not_meet() -> None:
    lexicon = Compounds.of(["bảo_hiểm", "bảo_hiểm_y_tế"])
    assert lexical_features("Bảo hiểm y tế", lexicon) == [
        "=bảo", "=hiểm", "=y", "=tế", "=bảo hiểm", "=hiểm y", "=y tế", "=bảo_hiểm_y_tế",
        "~bao", "~hiem", "~y", "~te", "~bao hiem", "~hiem y", "~y te", "~bao_hiem_y_te",
    ]  # fmt: skip


def test_question_without_diacritics_uses_the_folded_half_alone() -> None:
    lexicon = Compounds.of(["bảo_hiểm"])
    plain = query_features("bao hiem 143/KH-UBND", lexicon)
    assert plain == [
        "~bao", "~hiem", "~143/kh-ubnd", "~143", "~bao hiem", "~hiem 143/kh-ubnd", "~bao_hiem",
    ]  # fmt: skip
    assert set(plain) <= set(lexical_features("Bảo hiểm 143/KH-UBND", lexicon))


def test_document_number_is_found_by_its_leading_number() -> None:
    indexed = lexical_features("Kế hoạch số 143/KH-UBND", NO_COMPOUNDS)
    assert {"=143", "=kế hoạch"} <= set(indexed) & set(query_features("kế hoạch 143", NO_COMPOUNDS))


def test_a_question_never_imports_pyvi() -> None:
    code = (
        "import sys; from index.search import Searcher; from index.features import *;"
        "query_features('nhà ở xã hội', Compounds.of(['xã_hội']));"
        "print([m for m in ('pyvi', 'sklearn', 'torch', 'sentence_transformers') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert ran.stdout.strip() == "[]"


WRITTEN = st.text(st.sampled_from("aàáoòóeèuùúỳyỷqhklmstnđĐẠ ỜÝ06²½-–/_.,\u0301\u200b\u00a0\nİß'") | st.characters())


@given(WRITTEN)
def test_the_words_of_a_text_are_those_of_its_normalised_form(text: str) -> None:
    assert spelled_words(text) == re.findall(r"\w+", normalise(text))
