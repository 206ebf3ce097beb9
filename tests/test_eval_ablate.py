"""The ablation: passages without structure, variants of the index, a table that is the same every time."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import HOUSING, INSURANCE, TRAINING, HashEncoder

from eval.ablate import BM25, FULL, HYBRID, AblationRow, ablate, ablation_report
from eval.baseline import CHUNK, chunks, lines, passages
from eval.bench import MEASURES, RIGHT, Bench, Setting, holding
from eval.gold import Question
from eval.variants import RememberingEncoder, Variants, WordsAsTyped, is_compound, is_folded, is_pair
from index.build import Builder
from index.features import NO_COMPOUNDS, lexical_features
from index.fuse import BOTH, LEXICAL_ONLY
from index.generation import Generation
from index.hit import Query
from index.search import Searcher
from index.store import Store
from ingest.errors import IndexStateError
from ingest.model import Parsed

QUESTIONS = [
    Question("1", "ai chủ trì nhà ở xã hội cho công nhân?", "54/KH-UBND", "Thái Nguyên", "lead", "formal",
             (("Sở Xây dựng",),), (HOUSING,)),
    Question("2", "ty le tham gia bao hiem y te o Dong Nai", "9491/KH-UBND", None, "target", "no_diacritics",
             (("99,5%",),), (INSURANCE,)),
    Question("3", "đào tạo nghề cho lao động nông thôn", "9491/KH-UBND", None, "general", "formal",
             (("Đào tạo nghề",),), (TRAINING,)),
    Question("4", "số sân bay", "54/KH-UBND", "Thái Nguyên", "target", "formal", absent="sân bay"),
]  # fmt: skip


@pytest.fixture
def indexed(builder: Builder, home: Path, thai_nguyen: Parsed, dong_nai: Parsed) -> Path:
    builder.sync([thai_nguyen, dong_nai])
    return home


@pytest.fixture
def variants(indexed: Path, store: Store, encoder: HashEncoder) -> Variants:
    return Variants(store, Generation.open(indexed, encoder.name), RememberingEncoder(encoder))


def test_every_row_has_figures_and_a_row_to_be_held_against(indexed: Path, encoder: HashEncoder) -> None:
    told: list[tuple[str, int, int]] = []
    rows = ablate(QUESTIONS, indexed, encoder, indexed / "cache", lambda *step: told.append(step))
    by_key = {row.key: row for row in rows}
    assert len(by_key) == len(rows) == told[-1][1] == told[-1][2]
    assert {row.size for row in rows} == {3}  # the fourth has no answer
    assert {row.against for row in rows} == {FULL, HYBRID, BM25}
    for row in rows:
        whole = row.key == FULL or row.key.startswith("full_no_")
        assert set(row.figures) == {*MEASURES, *([RIGHT] if whole else [])}
        assert all(0 <= low <= mean <= high <= 1 for mean, low, high in row.figures.values())
        assert set(row.p) == (set() if row.key == FULL else set(row.figures) & set(by_key[row.against].figures))
    assert by_key[FULL].figures[RIGHT][0] > 0
    assert by_key[HYBRID].figures["hit@5"][0] == 1.0


def test_the_table_is_the_same_every_time_and_embeds_nothing_twice(indexed: Path, encoder: HashEncoder) -> None:
    first = ablate(QUESTIONS, indexed, encoder, indexed / "cache")
    embedded = len(encoder.texts)
    assert ablate(QUESTIONS, indexed, encoder, indexed / "cache") == first
    assert len(encoder.texts) == embedded
    assert isinstance(first[0], AblationRow)


def test_the_home_is_not_changed(indexed: Path, encoder: HashEncoder, tmp_path: Path) -> None:
    before = {p: p.read_bytes() for p in (indexed / "gen-1").rglob("*") if p.is_file()}
    ablate(QUESTIONS, indexed, encoder, tmp_path / "cache")
    assert {p: p.read_bytes() for p in (indexed / "gen-1").rglob("*") if p.is_file()} == before


def test_the_report_shows_each_group_with_its_row_of_reference() -> None:
    figures = {"hit@1": (0.5, 0.25, 0.75)}
    rows = [
        AblationRow("Từng bước", "chunks", "khúc", 4, figures, FULL, {"hit@1": 0.0312}),
        AblationRow("Từng bước", FULL, "đầy đủ", 4, {**figures, RIGHT: (1.0, 1.0, 1.0)}, FULL, {}),
        AblationRow("Bớt", "full_no_row", "bỏ dòng", 4, figures, FULL, {"hit@1": 1.0}),
    ]
    first, second = ablation_report(rows).split("| Bớt ")
    assert "| khúc | 0.500 [0.25–0.75], p 0.031 |  |" in first
    assert "| đầy đủ | 0.500 [0.25–0.75] | 1.000 [1.00–1.00] |" in first
    assert second.index("| đầy đủ |") < second.index("| bỏ dòng |")
    assert "4 câu hỏi; p: so với «đầy đủ»" in second
    assert rows[0].to_json() == json.loads(json.dumps(rows[0].to_json())) | {"figures": figures}


def test_an_index_of_another_encoder_is_refused(indexed: Path, tmp_path: Path) -> None:
    with pytest.raises(IndexStateError, match="khác"):
        ablate(QUESTIONS, indexed, HashEncoder("khác"), tmp_path)


def test_chunks_cover_the_text_and_cut_where_they_cut() -> None:
    text = "".join(chr(ord("a") + at % 26) for at in range(1100))
    plain = list(chunks(text))
    assert [len(piece) for piece in plain] == [CHUNK, CHUNK, 1100 - 2 * CHUNK]
    assert "".join(plain) == text
    overlapping = list(chunks(text, overlap=128))
    assert [text.index(piece) for piece in (overlapping[0],)] == [0]
    assert overlapping[1][:128] == overlapping[0][-128:]
    assert overlapping[-1].endswith(text[-1])
    assert list(chunks("  \n ")) == []
    assert list(lines("một\n\n  hai \n")) == ["một", "hai"]


def test_a_quote_cut_by_a_border_is_held_by_no_chunk() -> None:
    text = "x" * (CHUNK - 10) + HOUSING
    pieces = {str(at): piece for at, piece in enumerate(chunks(text))}
    assert holding(QUESTIONS[:1], pieces) == {"1": set()}
    assert holding(QUESTIONS[:1], {"whole": text}) == {"1": {"whole"}}


def test_quotes_are_compared_without_spacing_and_case() -> None:
    assert holding(QUESTIONS[:1], {"p": HOUSING.upper().replace(" ", "  \n")}) == {"1": {"p"}}


def test_passages_are_searched_within_their_plans(tmp_path: Path, encoder: HashEncoder) -> None:
    sources = {"one": (HOUSING, INSURANCE), "two": (INSURANCE, TRAINING)}
    found = passages(sources, lines, encoder, NO_COMPOUNDS, tmp_path)
    assert found.by_id == {"one#0": HOUSING, "one#1": INSURANCE, "two#2": INSURANCE, "two#3": TRAINING}
    vector = encoder.encode_query([INSURANCE])[0]
    assert found.search(vector, INSURANCE, ["two"], 5, BOTH) == ["two#2", "two#3"]
    assert found.search(vector, INSURANCE, ["one", "two"], 2, BOTH) == ["one#1", "two#2"]
    assert found.search(vector, INSURANCE, [], 5, BOTH) == []


def test_features_are_told_apart() -> None:
    compounds = replace(NO_COMPOUNDS, exact=frozenset({"nhà_ở"}), folded=frozenset({"nha_o"}), longest=2)
    features = lexical_features("nhà ở 143/KH-UBND", compounds)
    assert [f for f in features if is_compound(f)] == ["=nhà_ở", "~nha_o"]
    assert [f for f in features if is_pair(f) and not is_folded(f)] == ["=nhà ở", "=ở 143/kh-ubnd"]
    assert sum(map(is_folded, features)) == len(features) // 2


def test_what_an_index_does_not_hold_cannot_be_matched(variants: Variants, encoder: HashEncoder) -> None:
    exact = variants.searcher(variants.with_features(lambda f: not is_folded(f)), LEXICAL_ONLY)
    assert exact.search(Query("nha o xa hoi")) == []
    assert exact.search(Query("nhà ở xã hội"))[0].clause.text == HOUSING
    assert variants.searcher(weights=LEXICAL_ONLY).search(Query("nha o xa hoi"))[0].clause.text == HOUSING


def test_the_variant_with_nothing_left_out_is_the_index(
    variants: Variants, indexed: Path, encoder: HashEncoder
) -> None:
    rebuilt = variants.searcher(variants.with_features(lambda _: True))
    with Searcher.open(indexed, encoder) as searcher:
        for question in QUESTIONS:
            assert rebuilt.search(Query(question.question)) == searcher.search(Query(question.question))


def test_without_context_only_the_clause_is_embedded(variants: Variants, tmp_path: Path, encoder: HashEncoder) -> None:
    encoder.texts.clear()
    bare = variants.without_context(tmp_path)
    assert HOUSING in encoder.texts
    assert not any("NHIỆM VỤ" in text for text in encoder.texts)
    assert variants.searcher(bare, LEXICAL_ONLY).search(Query("nhiệm vụ")) == []
    assert variants.searcher(weights=LEXICAL_ONLY).search(Query("nhiệm vụ")) != []


def test_a_question_is_embedded_once(encoder: HashEncoder) -> None:
    remembering = RememberingEncoder(encoder)
    first = remembering.encode_query(["một", "hai", "một"])
    assert encoder.queries == 2
    np.testing.assert_array_equal(first[0], first[2])
    np.testing.assert_array_equal(remembering.encode_query(["hai"])[0], first[1])
    assert encoder.queries == 2
    assert remembering.encode_query([]).shape == (0, encoder.dimension)


def test_words_as_typed_restore_nothing(variants: Variants) -> None:
    assert WordsAsTyped([HOUSING]).restore("nha o xa hoi") == "nha o xa hoi"
    bench = Bench(QUESTIONS[:3], variants)
    assert bench.words.restore("nha o xa hoi") == "nhà ở xã hội"
    # Without its diacritics the second question still finds its place: the folded features do that.
    assert bench.search(Setting(bench.typed_words))["hit@1"][1] == 1.0
