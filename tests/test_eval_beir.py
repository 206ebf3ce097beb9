"""Sets in BEIR form: the same search as the plans', a cache that goes on, errors that name the line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from conftest import HOUSING, INSURANCE, POVERTY, TRAINING, HashEncoder
from numpy.typing import NDArray

from eval.beir import CONFIGURATIONS, CORPUS, QRELS, QUERIES, read_set, run_beir
from eval.gold import GoldError
from eval.memory import best_positions
from eval.metrics import RETRIEVAL
from eval.vectors import compounds_of, encode_documents, encode_queries
from index.build import Builder
from index.files import exclusive
from index.fuse import BOTH, DENSE_ONLY, LEXICAL_ONLY, Weights
from index.hit import Query
from index.search import Searcher
from ingest.errors import IndexStateError
from ingest.model import Parsed

TEXTS = {"a": HOUSING, "b": INSURANCE, "c": POVERTY, "d": TRAINING}
QUESTIONS = {"q1": "nhà ở xã hội cho công nhân", "q2": "ty le bao hiem y te", "q3": "đào tạo nghề", "q4": "bỏ qua"}
JUDGED = [("q1", "a", "1"), ("q2", "b", "2"), ("q3", "d", "1"), ("q4", "c", "0")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A set of four texts and three judged questions."""
    found = tmp_path / "set"
    found.mkdir()
    write(found / CORPUS, [{"_id": i, "title": "", "text": text} for i, text in TEXTS.items()])
    write(found / QUERIES, [{"_id": i, "text": text} for i, text in QUESTIONS.items()])
    judged = ["query-id\tcorpus-id\tscore", *("\t".join(line) for line in JUDGED)]
    (found / QRELS).write_text("\n".join(judged) + "\n", "utf-8")
    return found


def write(path: Path, items: Sequence[object]) -> None:
    path.write_text("".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items), "utf-8")


def test_a_row_for_the_whole_and_for_each_half(folder: Path, tmp_path: Path, encoder: HashEncoder) -> None:
    seen: set[str] = set()
    rows = run_beir(folder, encoder, tmp_path / "cache", lambda stage, *_: seen.add(stage))
    assert [row.name for row in rows] == list(CONFIGURATIONS)
    assert {row.size for row in rows} == {3}  # the fourth question has no relevant text
    assert all(tuple(row.figures) == RETRIEVAL for row in rows)
    # Each question shares words with its text alone; the second has no diacritics, which BM25 must not mind.
    assert rows[0].figures["ndcg@10"] == rows[2].figures["mrr@10"] == (1.0, 1.0, 1.0)
    assert seen == {"embed", "words", "ask"}
    assert run_beir(folder, encoder, tmp_path / "cache") == rows


def test_reads_titles_byte_order_marks_and_odd_separators(folder: Path) -> None:
    line = {"_id": 7, "title": "Luật", "text": "Điều 1\u2028khoản 2"}
    (folder / CORPUS).write_text("\ufeff" + json.dumps(line, ensure_ascii=False) + "\r\n\r\n", "utf-8")
    (folder / QRELS).write_text("q1\t7\t1\r\n", "utf-8")  # no heading
    found = read_set(folder)
    assert found.documents == {"7": "Luật\nĐiều 1\u2028khoản 2"}
    assert (found.queries, found.relevant) == ({"q1": QUESTIONS["q1"]}, {"q1": {"7"}})


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        (CORPUS, None, "Không đọc được"),
        (QUERIES, None, "Không đọc được"),
        (QRELS, None, "Không đọc được"),
        (CORPUS, "", "tệp trống"),
        (CORPUS, '{"_id": "a", "text": "x"}\n{broken', "dòng 2: không phải JSON"),
        (CORPUS, '["a"]', "dòng 1: thiếu trường «_id»"),
        (CORPUS, '{"text": "x"}', "thiếu trường «_id»"),
        (QUERIES, '{"_id": "q1"}', "thiếu trường «text»"),
        (QUERIES, '{"_id": "q1", "text": "x"}\n{"_id": "q1", "text": "y"}', "dòng 2: «_id» q1 bị trùng"),
        (QRELS, "query-id\tcorpus-id\tscore\nq1 a 1", "dòng 2: cần ba cột"),
        (QRELS, "h\th\th\nq1\ta\tcao", "dòng 2: cần ba cột"),
        (QRELS, "h\th\th\nq1\ta\t1\nq9\ta\t1", "dòng 3: «query-id» q9"),
        (QRELS, "h\th\th\nq1\tz\t1", "dòng 2: «corpus-id» z"),
        (QRELS, "h\th\th\nq1\ta\t0", "không có đánh giá"),
    ],
)
def test_errors_name_file_and_line(folder: Path, name: str, content: str | None, told: str) -> None:
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_text(content, "utf-8")
    with pytest.raises(GoldError) as caught:
        read_set(folder)
    assert told in caught.value.message
    assert name in caught.value.message
    assert caught.value.remedy


def test_a_file_that_is_not_utf8_is_named(folder: Path) -> None:
    (folder / QUERIES).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(GoldError, match=r"queries\.jsonl"):
        read_set(folder)


class _Interrupted(HashEncoder):
    """Stops after so many texts, as a user does who presses Ctrl-C."""

    def encode_document(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if len(self.texts) >= 64:
            raise KeyboardInterrupt
        return super().encode_document(texts)


def test_an_interrupted_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    texts = [f"đoạn {at}" for at in range(100)]
    with pytest.raises(KeyboardInterrupt):
        encode_documents(_Interrupted(), texts, tmp_path)
    (part,) = tmp_path.glob("*.part")
    part.write_bytes(part.read_bytes() + b"torn")  # the process died in the middle of a row
    second = HashEncoder()
    vectors = encode_documents(second, texts, tmp_path)
    assert second.texts == texts[64:]
    np.testing.assert_array_equal(vectors, HashEncoder().encode_document(texts))
    assert encode_documents(second, texts, tmp_path).shape == (100, 32)
    assert second.texts == texts[64:]
    assert not list(tmp_path.glob("*.part"))


def test_the_cache_tells_encoders_texts_and_roles_apart(tmp_path: Path) -> None:
    texts = ["nhà ở", "y tế"]
    one, other = HashEncoder("một/hai"), HashEncoder("một-hai")
    assert not np.array_equal(encode_documents(one, texts, tmp_path), encode_documents(other, texts, tmp_path))
    encode_documents(one, texts[::-1], tmp_path)
    encode_queries(one, texts, tmp_path)
    assert len(list(tmp_path.glob("*.npy"))) == 4
    assert one.queries == 1


def test_a_damaged_cache_file_is_made_again(tmp_path: Path, encoder: HashEncoder) -> None:
    first = encode_documents(encoder, ["nhà ở"], tmp_path)
    (file,) = tmp_path.glob("*.npy")
    file.write_bytes(b"not an array")
    np.testing.assert_array_equal(encode_documents(encoder, ["nhà ở"], tmp_path), first)


def test_two_runs_at_once_do_not_share_a_file(tmp_path: Path, encoder: HashEncoder) -> None:
    with exclusive(tmp_path), pytest.raises(IndexStateError, match="Đợi"):
        encode_documents(encoder, ["nhà ở"], tmp_path)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, encoder: HashEncoder) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    for work in (lambda p: encode_documents(encoder, ["nhà"], p), lambda p: compounds_of(["nhà ở"], p)):
        with pytest.raises(IndexStateError, match="bộ nhớ đệm"):
            work(tmp_path / "file" / "cache")


def test_compounds_are_found_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = compounds_of([HOUSING, INSURANCE], tmp_path)
    assert "công_nhân" in found.exact
    monkeypatch.setattr("eval.vectors.compounds_in", lambda _: pytest.fail("tách từ lại"))
    assert compounds_of([HOUSING, INSURANCE], tmp_path) == found


@pytest.mark.parametrize("weights", [BOTH, DENSE_ONLY, LEXICAL_ONLY], ids=["both", "dense", "bm25"])
def test_ranks_as_the_searcher_of_the_plans_does(
    builder: Builder, home: Path, encoder: HashEncoder, thai_nguyen: Parsed, dong_nai: Parsed, weights: Weights
) -> None:
    builder.sync([thai_nguyen, dong_nai])
    with Searcher.open(home, encoder, weights) as searcher:
        parts = searcher.generation.parts
        ids = sorted(clause.id for clause in searcher.clauses())  # positions are in the order of clause ids
        for question in (*QUESTIONS.values(), INSURANCE):
            vector = encoder.encode_query([question])[0]
            expected = [hit.clause.id for hit in searcher.search(Query(question), k=4)]
            assert [ids[at] for at in best_positions(parts, vector, question, None, 4, weights)] == expected
