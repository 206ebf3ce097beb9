"""A generation on disk: written whole or not at all, checked when opened; its two halves; fusion."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from conftest import HashEncoder

from index import generation as gen
from index.build import Builder
from index.dense import DenseIndex
from index.fuse import BOTH, DENSE_ONLY, LEXICAL_ONLY, fuse, z_normalise
from index.generation import Generation
from index.hit import Query
from index.lexical import LexicalIndex
from index.positions import Scores
from index.search import Searcher
from ingest.errors import IndexStateError
from ingest.model import Parsed

UNIT = np.array([[1, 0], [0, 1], [0.6, 0.8], [0.6, 0.8]], dtype=np.float32)
QUESTION = np.array([0, 1], dtype=np.float32)


def positions(*values: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(values, dtype=np.int64)


def test_dense_search_and_scores(tmp_path: Path) -> None:
    DenseIndex.build(UNIT).save(tmp_path)
    index = DenseIndex.load(tmp_path)
    assert index.search(QUESTION, None, 1).tolist() == [1]
    assert index.search(QUESTION, positions(0, 2), 1).tolist() == [2]
    assert sorted(index.search(QUESTION, positions(0, 2), 9).tolist()) == [0, 2]
    assert index.search(QUESTION, positions(), 9).tolist() == []
    assert index.scores(QUESTION, positions(3, 0, 2)).tolist() == [0.8, 0.0, 0.8]


def scored(index: LexicalIndex, features: list[str]) -> Scores:
    return index.matches(features).scores(np.arange(index.count))


def test_lexical_scores_by_hand(tmp_path: Path) -> None:
    LexicalIndex.build([["a", "b"], ["a", "c"], ["d", "d"], []]).save(tmp_path)
    index = LexicalIndex.load(tmp_path)
    # Lucene BM25 without the factor k1 + 1: idf = ln(1 + (N - df + 0.5) / (df + 0.5)), N = 4, k1 1.2;
    # the mean length 1.5 lies in the step of √2.
    length = 1.2 * (1 - 0.75 + 0.75 * 2 / 2**0.5)
    one, two = 1 / (1 + length), 2 / (2 + length)
    idf_a, idf_d = np.log(1 + 2.5 / 2.5), np.log(1 + 3.5 / 1.5)
    np.testing.assert_allclose(scored(index, ["a", "lạ"]), [idf_a * one, idf_a * one, 0, 0], atol=1e-6)
    np.testing.assert_allclose(scored(index, ["d"]), [0, 0, idf_d * two, 0], atol=1e-6)
    assert scored(index, ["lạ"]).tolist() == [0, 0, 0, 0]
    assert scored(index, []).tolist() == [0, 0, 0, 0]


def test_lexical_files_do_not_depend_on_the_run(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
        LexicalIndex.build([["x", "y"], ["z", "x"]]).save(tmp_path / name)
    for file in (tmp_path / "a").rglob("*.*"):
        assert file.read_bytes() == (tmp_path / "b" / file.relative_to(tmp_path / "a")).read_bytes()


@pytest.mark.parametrize("features", [[], [[], []]])
def test_lexical_index_of_nothing(features: list[list[str]], tmp_path: Path) -> None:
    LexicalIndex.build(features).save(tmp_path)
    assert scored(LexicalIndex.load(tmp_path), ["a"]).tolist() == [0.0] * len(features)


def test_fusion_by_hand() -> None:
    dense, lexical = np.array([0.9, 0.7, 0.8]), np.array([0.0, 3.0, 6.0])
    assert z_normalise(np.array([2.0, 2.0])).tolist() == [0, 0]
    root = np.sqrt(1.5)  # z of three evenly spaced values: ±sqrt(3/2), 0
    ranking = fuse(positions(5, 6, 7), dense, lexical, BOTH)
    assert ranking.positions.tolist() == [5, 7, 6]
    np.testing.assert_allclose(ranking.scores, [root, root, -2 * root], atol=1e-8)
    assert ranking.dense.tolist() == [0.9, 0.8, 0.7]
    assert fuse(positions(5, 6, 7), dense, lexical, DENSE_ONLY).positions.tolist() == [5, 7, 6]
    assert fuse(positions(5, 6, 7), dense, lexical, LEXICAL_ONLY).positions.tolist() == [7, 6, 5]


def test_fusion_breaks_ties_by_position() -> None:
    flat = np.array([0.5, 0.5, 0.5])
    assert fuse(positions(9, 3, 5), flat, flat, BOTH).positions.tolist() == [3, 5, 9]


@pytest.fixture
def built(builder: Builder, thai_nguyen: Parsed, home: Path) -> Path:
    builder.sync([thai_nguyen])
    return home / "gen-1"


def refused(home: Path, encoder: str = "hash") -> IndexStateError:
    with pytest.raises(IndexStateError) as caught:
        Generation.open(home, encoder)
    return caught.value


def test_manifest_tells_what_it_was_made_of(built: Path, thai_nguyen: Parsed) -> None:
    told = json.loads((built / "manifest.json").read_text(encoding="utf-8"))
    assert (told["encoder"], told["dimension"], told["clauses"]) == ("hash", 32, 3)
    assert [m["id"] for m in told["documents"]] == [thai_nguyen.document.id]
    on_disk = {f.relative_to(built).as_posix() for f in built.rglob("*") if f.is_file()}
    assert set(told["files"]) == on_disk - {"manifest.json"}
    assert {"dense.faiss", "rows.npy", "compounds.txt"} <= on_disk


@pytest.mark.parametrize(
    "file", ["dense.faiss", "rows.npy", "compounds.txt", "words.json", "lexical/vocabulary.json", "lexical/times.npy"]
)
@pytest.mark.parametrize("damage", ["flip", "cut", "gone"])
def test_damage_is_found_and_named(built: Path, home: Path, file: str, damage: str) -> None:
    target = built / file
    content = target.read_bytes()
    if damage == "gone":
        target.unlink()
    else:
        target.write_bytes(content[:-1] + (bytes([content[-1] ^ 1]) if damage == "flip" else b""))
    error = refused(home)
    assert str(target) in error.message
    assert "kehoach doctor --repair" in error.remedy


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 1}', '{"documents": 3}'])
def test_a_manifest_that_cannot_be_read(built: Path, home: Path, text: str) -> None:
    (built / "manifest.json").write_text(text, encoding="utf-8")
    assert str(built / "manifest.json") in refused(home).message


@pytest.mark.parametrize("text", ["", "gen-x", "../gen-1", "gen-0"])
def test_a_current_that_names_nothing(built: Path, home: Path, text: str) -> None:
    (home / "CURRENT").write_text(text, encoding="utf-8")
    error = refused(home)
    assert str(home / "CURRENT") in error.message
    assert "doctor --repair" in error.remedy


def test_a_current_that_names_a_missing_generation(built: Path, home: Path) -> None:
    (home / "CURRENT").write_text("gen-7", encoding="utf-8")
    assert "doctor --repair" in refused(home).remedy


def test_another_encoder_names_both_and_the_commands(built: Path, home: Path) -> None:
    error = refused(home, "vinai/phobert-base")
    assert "«hash»" in error.message
    assert "«vinai/phobert-base»" in error.message
    assert "KEHOACH_MODEL=hash" in error.remedy
    assert "kehoach ingest corpus/ --model vinai/phobert-base" in error.remedy


def test_another_text_version_is_rebuilt(built: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gen, "TEXT_VERSION", 99)
    assert "doctor --repair" in refused(home).remedy


def test_no_index_says_what_to_run(home: Path, encoder: HashEncoder) -> None:
    with pytest.raises(IndexStateError) as caught:
        Searcher.open(home, encoder)
    assert caught.value.message == f"Chưa có chỉ mục trong {home}."
    assert caught.value.remedy == "Chạy `kehoach ingest corpus/` để tạo chỉ mục."


def test_repair_after_damage_embeds_nothing(built: Path, home: Path, builder: Builder, encoder: HashEncoder) -> None:
    with Searcher.open(home, encoder) as searcher:
        before = searcher.search(Query("nhà ở xã hội"))
    (built / "dense.faiss").write_bytes(b"")
    encoder.texts.clear()
    report = builder.rebuild()
    assert (report.generation, report.embedded, encoder.texts) == ("gen-2", 0, [])
    with Searcher.open(home, encoder) as searcher:
        assert searcher.search(Query("nhà ở xã hội")) == before
