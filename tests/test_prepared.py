"""What is kept with a document: an index put together of it is that which its clauses give from scratch."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

import bm25s
import numpy as np
import pytest
from commandline import plan_text
from conftest import Crash, HashEncoder

from index.bm25 import typical
from index.build import Builder
from index.counts import WordCounts
from index.features import Compounds, compounds_in, lexical_features
from index.generation import current_name
from index.lexical import LexicalIndex
from index.numbered import Worded, count_features
from index.passage import lexical_text
from index.positions import Scores
from index.store import Store
from index.tokens import Tokens
from ingest.errors import IndexStateError
from ingest.files import plan_files
from ingest.model import Parsed
from ingest.parse import parse_bytes, parse_file
from ingest.settings import Settings

LEXICAL = ("positions", "starts", "peaks", "times", "lengths", "common")
FILES = ("dense.faiss", "compounds.txt", "words.json", "lexical/vocabulary.json", "lexical/count.json",
         *(f"lexical/{name}.npy" for name in LEXICAL))  # fmt: skip


def plan(name: str, number: str, province: str, added: str = "") -> Parsed:
    text = plan_text(number, province).replace("III. TỔ CHỨC", f"{added}\nIII. TỔ CHỨC")
    return parse_bytes(text.encode(), Path(name), Settings())


PLANS = [plan(f"{n}.txt", f"{n}/KH-UBND", name) for n, name in enumerate(["Lào Cai", "Đồng Nai", "Cà Mau"], 1)]
LATER = plan("2.txt", "2/KH-UBND", "Đồng Nai", "3. Chuyển đổi số ngành y tế, trạm y tế xã đạt 95%.")


def files(home: Path) -> list[bytes]:
    return [(home / (current_name(home) or "") / name).read_bytes() for name in FILES]


def built(home: Path, *steps: Sequence[Parsed]) -> list[bytes]:
    with Store.open(home) as store:
        for step in steps:
            Builder(store, HashEncoder(), home).sync(step)
    return files(home)


def kept(store: Store) -> list[list[str]]:
    """What everything is kept by that was made of texts and documents."""
    queries = (
        "SELECT text_digest FROM vectors",
        "SELECT text_digest FROM compounds",
        "SELECT fingerprint FROM prepared",
    )
    return [sorted(row[0] for row in store.rows(query)) for query in queries]


@pytest.fixture(scope="module")
def texts() -> list[list[str]]:
    """The lexical texts of the plans of the corpus."""
    corpus = [parse_file(path, Settings()) for path in plan_files(Path(__file__).parent.parent / "corpus")[2:]]
    return [[lexical_text(each.document, clause) for clause in each.clauses] for each in corpus]


@pytest.fixture(scope="module")
def compounds(texts: list[list[str]]) -> Compounds:
    return Compounds.of(word for each in texts for text in each[::9] for word in compounds_in(text))


def scored(index: LexicalIndex, features: list[str]) -> Scores:
    return index.matches(features).scores(np.arange(index.count))


def test_features_counted_as_numbers_are_those_of_the_texts(
    texts: list[list[str]], compounds: Compounds, tmp_path: Path
) -> None:
    flat = [lexical_features(text, compounds) for each in texts for text in each]
    for name, index in (
        ("chuoi", LexicalIndex.build(flat)),
        ("so", LexicalIndex.of(count_features(Worded(Tokens.of(each), sorted(compounds.exact)) for each in texts))),
    ):
        (tmp_path / name).mkdir()
        index.save(tmp_path / name)
    assert len(compounds.exact) > 100
    for file in (tmp_path / "chuoi").rglob("*.*"):
        assert file.read_bytes() == (tmp_path / "so" / file.relative_to(tmp_path / "chuoi")).read_bytes()


def test_weights_are_those_of_an_implementation_that_others_use(
    texts: list[list[str]], compounds: Compounds, tmp_path: Path
) -> None:
    flat = [lexical_features(text, compounds) for text in texts[-1]]
    words = sorted(set(itertools.chain(*flat)))
    numbers = {word: at for at, word in enumerate(words)}
    # Theirs knows the mean length only: ours in steps is the mean with another k1 and b.
    mean = sum(map(len, flat)) / len(flat)
    k1 = 1.2 * (0.25 + 0.75 * mean / typical(mean))
    other = bm25s.BM25(k1=k1, b=1 - 1.2 * 0.25 / k1, method="lucene")
    other.index(([[numbers[f] for f in text] for text in flat], dict(numbers)), show_progress=False)
    ours = LexicalIndex.build(flat)
    starts = np.asarray(other.scores["indptr"])
    for word, (first, last) in zip(words, itertools.pairwise(starts), strict=False):
        expected = np.zeros(ours.count)
        expected[other.scores["indices"][first:last]] = other.scores["data"][first:last]
        assert ours.frequency(word) == last - first
        np.testing.assert_allclose(scored(ours, [word]), expected, atol=2e-6)


def test_overlapping_compounds_are_matched_from_the_left() -> None:
    words = ["a_b", "b_c_d", "c_d", "a_b_c"]
    lines = ["a b c d a b", "b c d", "x", "", "a", "b c", "b c d"]
    plans = [Worded(Tokens.of(some), words) for some in (lines[:3], [], lines[3:])]
    numbers = LexicalIndex.of(count_features(plans))
    strings = LexicalIndex.build([lexical_features(line, Compounds.of(words)) for line in lines])
    for word in ("=a_b", "=b_c_d", "=c_d", "=a_b_c", "~a_b_c", "=b c", "=x"):
        assert scored(numbers, [word]).tolist() == scored(strings, [word]).tolist()
    assert np.flatnonzero(scored(numbers, ["=a_b_c"])).tolist() == [0]
    assert np.flatnonzero(scored(numbers, ["=b_c_d"])).tolist() == [1, 6]


def test_a_compound_is_looked_for_in_its_own_plan() -> None:
    plans = [Worded(Tokens.of(["nhà ở xã hội"]), ["nhà_ở"]), Worded(Tokens.of(["nhà ở xã hội"]), ["xã_hội"])]
    index = LexicalIndex.of(count_features(plans))
    assert [index.frequency(word) for word in ("=nhà_ở", "~nha_o", "=xã_hội", "=nhà ở", "=xã hội")] == [1, 1, 1, 2, 2]
    assert np.flatnonzero(scored(index, ["=xã_hội"])).tolist() == [1]


def test_counts_add_up() -> None:
    lines = ["Nhà ở xã hội: 10", "nhà ở. Nhà trẻ", "Hộ nghèo"]
    assert WordCounts.total(map(WordCounts.of, [lines[:1], lines[1:], []])) == WordCounts.of(lines)
    assert WordCounts.from_json(WordCounts.of(lines).to_json()) == WordCounts.of(lines)


def test_a_plan_more_or_another_version_gives_the_index_that_is_built_from_scratch(tmp_path: Path) -> None:
    first, second, third = PLANS
    scratch = built(tmp_path / "mot-lan", [first, LATER, third])
    assert built(tmp_path / "dan-dan", [third], [first, second], [LATER]) == scratch
    assert built(tmp_path / "cu", PLANS) != scratch


def test_a_plan_less_gives_the_index_that_is_built_from_scratch(tmp_path: Path) -> None:
    home = tmp_path / "nha"
    built(home, PLANS[:1], [*PLANS[1:], LATER])
    with Store.open(home) as store:
        builder = Builder(store, HashEncoder(), home)
        builder.remove("1/KH-UBND")
        fewer = files(home)
        builder.undo()
        again = files(home)
        builder.rebuild()
    assert fewer == built(tmp_path / "it", [LATER, PLANS[2]])
    assert again == files(home) == built(tmp_path / "du", [PLANS[0], LATER, PLANS[2]])


def test_only_new_documents_are_worked_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    worked: list[int] = []
    original = Tokens.of
    monkeypatch.setattr("index.assemble.Tokens.of", lambda texts: worked.append(len(texts)) or original(texts))
    read: list[int] = []
    clauses_of = Store.clauses_of
    monkeypatch.setattr(Store, "clauses_of", lambda store, keys: read.extend(keys) or clauses_of(store, keys))
    built(tmp_path / "nha", PLANS[:2], [PLANS[2]])
    assert worked == [len(each.clauses) for each in sorted(PLANS[:2], key=lambda p: p.document.id)] + [
        len(PLANS[2].clauses)
    ]
    assert sorted(read) == [1, 2, 3]


def test_a_build_that_was_stopped_goes_on_with_the_words(tmp_path: Path) -> None:
    home = tmp_path / "nha"
    with pytest.MonkeyPatch.context() as patch, Store.open(home) as store:
        crash = Crash()
        patch.setattr("index.build.write_generation", lambda *_: (_ for _ in ()).throw(crash))
        with pytest.raises(Crash):
            Builder(store, HashEncoder(), home).sync(PLANS)
        patch.undo()
        patch.setattr("index.assemble.Tokens.of", lambda _: pytest.fail("worked on again"))
        Builder(store, HashEncoder(), home).sync(PLANS)
    assert files(home) == built(tmp_path / "khac", PLANS)


def test_what_a_stopped_build_did_not_delete_goes_with_the_next(tmp_path: Path) -> None:
    home = tmp_path / "nha"
    built(home, PLANS)
    with pytest.MonkeyPatch.context() as patch, Store.open(home) as store:
        patch.setattr("index.assemble.Derived.forget", lambda *_: (_ for _ in ()).throw(Crash()))
        with pytest.raises(Crash):
            Builder(store, HashEncoder(), home).sync([LATER])
        patch.undo()
        assert not Builder(store, HashEncoder(), home).sync([LATER]).built
        left = kept(store)
    built(tmp_path / "khac", [PLANS[0], LATER, PLANS[2]])
    with Store.open(tmp_path / "khac") as store:
        assert left == kept(store)


def test_what_was_prepared_goes_with_its_document(tmp_path: Path) -> None:
    home = tmp_path / "nha"
    built(home, PLANS)
    with Store.open(home) as store:
        for number in "123":
            Builder(store, HashEncoder(), home).remove(f"{number}/KH-UBND")
        assert store.rows("SELECT * FROM prepared") == []


@pytest.mark.parametrize("damage", ["DELETE FROM prepared", "UPDATE prepared SET text_version = 0",
                                    "UPDATE prepared SET fingerprint = passages"])  # fmt: skip
def test_what_is_missing_is_made_again(damage: str, tmp_path: Path) -> None:
    home = tmp_path / "nha"
    before = built(home, PLANS[:2])
    with Store.open(home) as store:
        with store.transaction():
            store.run(damage)
        Builder(store, HashEncoder(), home).sync(PLANS[2:])
    assert files(home) == built(tmp_path / "khac", PLANS)
    assert files(home) != before


@pytest.mark.parametrize("column", ["compounds", "words"])
def test_a_repair_makes_everything_again(column: str, tmp_path: Path) -> None:
    home = tmp_path / "nha"
    built(home, PLANS[:2])
    with Store.open(home) as store:
        with store.transaction():
            store.run(f"UPDATE prepared SET {column} = substr({column}, 2)")  # noqa: S608
        (home / "CURRENT").unlink()  # with the index before it, only what is new would be read
        with pytest.raises(IndexStateError, match="Không đọc được cơ sở dữ liệu"):
            Builder(store, HashEncoder(), home).sync(PLANS[2:])
        Builder(store, HashEncoder(), home).rebuild()
        Builder(store, HashEncoder(), home).sync(PLANS[2:])
    assert files(home) == built(tmp_path / "khac", PLANS)
