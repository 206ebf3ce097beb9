"""The engines against each other: what Milvus finds is what one machine finds, after whatever happened to it."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from conftest import HashEncoder, make_plan_file, with_agency
from engines import REAL, LiteServer, RealServer, Running, free_port

from index.build import Builder
from index.cluster import push as push_module
from index.cluster.connect import look, milvus_engine, push
from index.cluster.names import first_key
from index.cluster.rows import Source
from index.cluster.tables import Table
from index.engine import Engine, Probe
from index.features import query_features
from index.filter import EVERYTHING, Filter
from index.fuse import BOTH, DENSE_ONLY, LEXICAL_ONLY
from index.generation import Generation
from index.local import LocalEngine, Selector
from index.progress import silent
from index.search import Query, Searcher
from index.store import Store
from ingest.errors import EngineError, InputError
from ingest.model import ClauseKind, Parsed
from ingest.where import Where, parse_where

ENCODER = HashEncoder()
SAID = (
    "phát triển nhà ở xã hội cho công nhân khu công nghiệp tỷ lệ tham gia bảo hiểm y tế đạt dân số giảm hộ nghèo theo "
    "chuẩn đa chiều đào tạo nghề lao động nông thôn giai đoạn trẻ em trường học quốc gia bác sĩ giường bệnh môi trường "
    "rừng nước sạch an sinh văn hóa thể thao du lịch hợp tác xã chuyển đổi số"
)
QUOTED = 'Tỉnh "lạ" \\ \') or key > 0 or province in ["'
SMALL = ["Đất đai", "Nước sạch nông thôn", "Trồng rừng ngập mặn"]


def plans(count: int, seed: int = 1) -> list[Parsed]:
    """Plans of made-up clauses, some of which stand in several of them."""
    dice = random.Random(seed)  # noqa: S311
    made = []
    for number in range(count):
        texts = [" ".join(dice.choices(SAID.split(), k=dice.randint(3, 40))) for _ in range(dice.randint(30, 45))]
        texts[0] = "Phát triển nhà ở xã hội cho công nhân"
        texts[1] = "- " + texts[1]
        province = QUOTED if number == 1 else f"Tỉnh {number % 4}"
        plan = make_plan_file(f"{number}/KH-UBND", province, texts, salt=str(seed))
        plan = with_agency(plan, 0, "Sở Xây dựng")
        made.append(with_agency(plan, 2, 'Sở "Y" tế'))
    return made


def build(home: Path, parsed: list[Parsed]) -> None:
    with Store.open(home) as store:
        Builder(store, ENCODER, home).sync(parsed)


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("kho") / "nha"
    build(home, plans(6, seed=3))
    return home


@pytest.fixture
def own(stock: Path, tmp_path: Path) -> Path:
    """A copy of the stock that a test may change."""
    return Path(shutil.copytree(stock, tmp_path / "rieng"))


def generation(home: Path) -> Generation:
    return Generation.open(home, ENCODER.name)


def fill(where: Where, home: Path) -> push_module.Report:
    return push(where, home, generation(home), silent)


def digests(home: Path) -> dict[int, str]:
    with Store.open(home, create=False) as store:
        source = Source(store, generation(home), words=True)
        return {row.key: row.digest() for row in source.rows(source.keys())}


@dataclass
class Late:
    """A server that is started while other tests run."""

    server: RealServer
    started: threading.Thread

    def ready(self) -> RealServer:
        self.started.join()
        return self.server


@pytest.fixture(scope="module", autouse=REAL)
def late(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Late]:
    if not REAL:
        pytest.skip("no server for this machine")
    server = RealServer(tmp_path_factory.mktemp("milvus") / "du-lieu")
    started = threading.Thread(target=server.start)
    started.start()
    yield Late(server, started)
    started.join()
    server.kill()


@pytest.fixture(scope="module")
def lite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiteServer]:
    server = LiteServer(tmp_path_factory.mktemp("lite") / "du-lieu")
    server.start()
    yield server
    server.kill()


KINDS = ["local", "lite", pytest.param("real", marks=pytest.mark.skipif(not REAL, reason="no server"))]


@pytest.fixture(scope="module", params=KINDS)
def engine(request: pytest.FixtureRequest, stock: Path) -> Iterator[Engine]:
    """Each engine, filled with the stock."""
    with Store.open(stock, create=False) as store:
        if request.param == "local":
            yield LocalEngine(generation(stock).parts, Selector(store, generation(stock)))
            return
        server: Running = (
            request.getfixturevalue("late").ready() if request.param == "real" else request.getfixturevalue("lite")
        )
        where = parse_where(server.address, "hop_dong")
        fill(where, stock)
        found = milvus_engine(where, store, Generation.open(stock, ENCODER.name, searched=False))
        yield found
        found.close()


def filters(home: Path) -> list[Filter]:
    with Store.open(home, create=False) as store:
        ids = [entry.document.id for entry in store.entries()]
    return [
        EVERYTHING,
        Filter(provinces=frozenset({"Tỉnh 0", "Tỉnh 2"})),
        Filter(provinces=frozenset({QUOTED})),
        Filter(provinces=frozenset({"Cà Mau", '"] or key > 0 or province in ["'})),
        Filter(documents=frozenset(ids[2:4])),
        Filter(kinds=frozenset({ClauseKind.BULLET})),
        Filter(agencies=frozenset({"Sở Xây dựng"})),
        Filter(agencies=frozenset({'Sở "Y" tế', "Sở khác"}), provinces=frozenset({"Tỉnh 3"})),
        Filter(kinds=frozenset({ClauseKind.PARAGRAPH}), documents=frozenset(ids[:1])),
    ]


@pytest.mark.parametrize("weights", [BOTH, DENSE_ONLY, LEXICAL_ONLY], ids=["ca-hai", "nghia", "tu"])
def test_every_engine_finds_what_one_machine_finds(engine: Engine, stock: Path, weights: object) -> None:
    held = generation(stock)
    asked = ["Nhà ở xã hội, nhà ở công nhân", "ty le bao hiem y te", "zzz"]
    with Store.open(stock, create=False) as store:
        here = LocalEngine(held.parts, Selector(store, held))
        for text in asked:
            vector = ENCODER.encode_query([text])[0] * (weights is not LEXICAL_ONLY)
            probe = Probe(vector, query_features(text, held.parts.compounds))
            for pool in (15, 600):
                ours = here.candidates(probe, filters(stock), pool, weights)
                theirs = engine.candidates(probe, filters(stock), pool, weights)
                for one, other in zip(ours, theirs, strict=True):
                    assert other.positions.tolist() == one.positions.tolist()
                    assert other.dense.tolist() == one.dense.tolist()
                    assert np.allclose(other.lexical, one.lexical, atol=1e-5)


@pytest.mark.parametrize("name", ["provinces", "documents", "kinds", "agencies"])
def test_an_empty_list_finds_nothing(engine: Engine, name: str) -> None:
    probe = Probe(ENCODER.encode_query(["nhà ở"])[0], ["=nhà"])
    nothing = Filter(**{name: frozenset()})  # type: ignore[arg-type]
    none, some = engine.candidates(probe, [nothing, EVERYTHING], 20, BOTH)
    assert len(none.positions) == 0 < len(some.positions)


def test_cosines_of_given_clauses(engine: Engine, stock: Path) -> None:
    held = generation(stock)
    vector, positions = ENCODER.encode_query(["rừng"])[0], np.arange(0, len(held.parts.rows), 3)
    assert engine.cosines(vector, positions).tolist() == held.parts.dense.scores(vector, positions).tolist()
    assert engine.cosines(vector, np.zeros(0, dtype=np.int64)).tolist() == []


# Filling


def test_only_what_is_missing_is_sent(own: Path, lite: LiteServer) -> None:
    where = parse_where(lite.address, "tang_dan")
    before = digests(own)
    rows = len(before)
    assert fill(where, own).sent == rows
    again = fill(where, own)
    assert (again.sent, again.unchanged, again.removed, again.rows) == (0, rows, 0, rows)
    build(own, [make_plan_file("99/KH-UBND", "Tỉnh 9", SMALL)])
    third = fill(where, own)
    after = digests(own)
    assert third.sent == sum(before.get(key) != after[key] for key in after)
    assert len(SMALL) <= third.sent < rows / 4  # the new ones, and those in which a compound of the new plan stands
    assert third.rows == rows + len(SMALL)
    with Store.open(own) as store:
        Builder(store, ENCODER, own).remove("99/KH-UBND")
        Builder(store, ENCODER, own).remove("0/KH-UBND")
    fourth = fill(where, own)
    assert fourth.removed > len(SMALL)
    assert fourth.rows == len(generation(own).parts.rows) == look(where, generation(own)).rows


def test_a_corrected_plan_is_found_under_its_new_province(own: Path, lite: LiteServer) -> None:
    where = parse_where(lite.address, "sua")
    fill(where, own)
    with Store.open(own) as store:
        Builder(store, ENCODER, own).correct("3/KH-UBND", {"province": "Cà Mau"})
    with Searcher.open(own, ENCODER, where=where) as searcher:
        with pytest.raises(EngineError, match="chưa có đủ bản chỉ mục") as caught:
            searcher.search(Query("nhà ở xã hội"))
        assert "kehoach index push" in caught.value.remedy
        fill(where, own)
        found = searcher.search(Query("nhà ở xã hội"), Filter(provinces=frozenset({"Cà Mau"})), 100)
    assert {hit.document.number for hit in found} == {"3/KH-UBND"}
    assert all(hit.lexical or hit.dense for hit in found)


def test_departments_do_not_meet(own: Path, tmp_path: Path, lite: LiteServer) -> None:
    other = tmp_path / "khac"
    build(other, [make_plan_file("7/KH-UBND", "Tỉnh 7", SMALL)])  # with the same row keys
    ours, theirs = parse_where(lite.address, "so_a"), parse_where(lite.address, "so_a_b")
    fill(ours, own)
    fill(theirs, other)
    assert fill(ours, own).sent == 0
    with Searcher.open(other, ENCODER, where=theirs) as searcher:
        assert {hit.document.number for hit in searcher.search(Query("nhà ở nước sạch"), k=50)} == {"7/KH-UBND"}
    with Searcher.open(other, ENCODER, where=ours) as searcher, pytest.raises(EngineError, match="so_a"):
        searcher.search(Query("nhà ở"))
    keys = {first_key(name, "chung") for name in ("chung", "so_a", "so_a_b", "so_y_te")}
    assert len(keys) == 4
    assert max(keys) + 2**40 < 2**63


class StopError(Exception):
    """Stands for the end of the process that fills."""


def test_filling_may_be_stopped_before_and_after_every_change(
    own: Path, lite: LiteServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(push_module, "_SENT", 60)
    where = parse_where(lite.address, "dung")
    fill(where, own)
    with Store.open(own) as store:
        builder = Builder(store, ENCODER, own)
        builder.remove("0/KH-UBND")
        builder.sync([*plans(3, seed=2), make_plan_file("99/KH-UBND", "Tỉnh 9", SMALL)])
    stops = 0
    while _stopped(where, own, monkeypatch, before=stops % 2 == 0):
        stops += 1
        held = generation(own)
        if not look(where, held).current:
            with Searcher.open(own, ENCODER, where=where) as searcher, pytest.raises(EngineError, match="chưa có đủ"):
                searcher.search(Query("nhà ở"))
    assert stops > 8
    found = look(where, generation(own))
    assert (found.current, found.rows) == (True, len(generation(own).parts.rows))
    assert fill(where, own).sent == 0


def _stopped(where: Where, home: Path, monkeypatch: pytest.MonkeyPatch, *, before: bool) -> bool:
    """Fill, and be stopped right before or right after the first change; False where there was nothing to change."""

    def stopping(change: Callable[..., None]) -> Callable[..., None]:
        def run(self: Table, what: object) -> None:
            if what and before:
                raise StopError
            change(self, what)
            if what:
                raise StopError

        return run

    with monkeypatch.context() as patched:
        for name in ("put", "drop", "withdraw", "declare"):
            patched.setattr(Table, name, stopping(getattr(Table, name)))
        try:
            fill(where, home)
        except StopError:
            return True
    return False


# The real server


@pytest.mark.skipif(not REAL, reason="no server")
def test_a_killed_server_loses_and_doubles_nothing(own: Path, late: Late, monkeypatch: pytest.MonkeyPatch) -> None:
    server = late.ready()
    where = parse_where(server.address, "giet")
    monkeypatch.setattr(push_module, "_SENT", 30)
    put, sent = Table.put, 0

    def killing(self: Table, rows: object) -> None:
        nonlocal sent
        sent += 1
        put(self, rows)  # type: ignore[arg-type]
        if sent == 3:
            server.kill()

    with Searcher.open(own, ENCODER, where=where) as away, Searcher.open(own, ENCODER) as here:
        with monkeypatch.context() as patched:
            patched.setattr(Table, "put", killing)
            began = time.monotonic()
            with pytest.raises(EngineError, match="không trả lời"):
                fill(where, own)
        with pytest.raises(EngineError, match="không trả lời") as caught:
            away.search(Query("nhà ở"))
        assert time.monotonic() - began < 30
        assert "Milvus có đang chạy" in caught.value.remedy
        server.start()
        _push_and_die(where, own)
        report = fill(where, own)
        assert report.unchanged >= 5 * 30
        assert report.sent + report.unchanged == report.rows == look(where, generation(own)).rows
        assert away.search(Query("nhà ở xã hội"), k=30) == here.search(Query("nhà ở xã hội"), k=30)


def _push_and_die(where: Where, home: Path) -> None:
    """Fill from another process, which kills itself after its second message."""
    code = (
        "import os, signal, sys; from pathlib import Path; sys.path[:0] = ['tests']\n"
        "from conftest import HashEncoder; from index.cluster import push as p, connect, tables\n"
        "from index.generation import Generation; from ingest.where import parse_where\n"
        "from index.progress import silent\n"
        "p._SENT = 30; put, sent = tables.Table.put, []\n"
        "def dying(self, rows):\n"
        "    put(self, rows); sent.append(1)\n"
        "    if len(sent) == 2: os.kill(os.getpid(), signal.SIGKILL)\n"
        "tables.Table.put = dying\n"
        f"home = Path({str(home)!r})\n"
        f"where = parse_where({where.address.replace('http', 'milvus')!r}, {where.tenant!r})\n"
        "connect.push(where, home, Generation.open(home, HashEncoder().name), silent)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=120, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


@pytest.mark.skipif(REAL, reason="the real server shows it")
def test_a_searcher_outlives_its_server(own: Path, tmp_path: Path) -> None:
    server = LiteServer(tmp_path / "lite")
    server.start()
    where = parse_where(server.address)
    fill(where, own)
    try:
        with Searcher.open(own, ENCODER, where=where) as searcher:
            before = searcher.search(Query("du lịch"))
            server.kill()
            began = time.monotonic()
            with pytest.raises(EngineError, match="không trả lời"):
                searcher.search(Query("môi trường rừng"))
            assert time.monotonic() - began < 15
            server.start()
            assert searcher.search(Query("du lịch")) == before
    finally:
        server.kill()


# What the application server needs


def test_files_of_the_engine_of_one_machine_are_not_needed(own: Path, lite: LiteServer) -> None:
    where = parse_where(lite.address, "gon")
    fill(where, own)
    with Searcher.open(own, ENCODER) as here:
        wanted = here.search(Query("nhà ở xã hội cho trẻ em"), k=20)
    folder = own / generation(own).name
    for name in ("dense.faiss", "lexical/times.npy", "lexical/positions.npy"):
        (folder / name).unlink()
    with Searcher.open(own, ENCODER, where=where) as away:
        found = away.search(Query("nhà ở xã hội cho trẻ em"), k=20)
    assert [hit.clause.id for hit in found] == [hit.clause.id for hit in wanted]


def test_milvus_lite_in_this_process(own: Path, tmp_path: Path) -> None:
    where = parse_where(f"milvus+lite:{tmp_path / 'nhung'}")
    fill(where, own)
    with Searcher.open(own, ENCODER, where=where) as away, Searcher.open(own, ENCODER) as here:
        assert [h.clause.id for h in away.search(Query("rừng"), k=9)] == [
            h.clause.id for h in here.search(Query("rừng"), k=9)
        ]
    from milvus_lite import server_manager_instance

    server_manager_instance.release_server(where.address)
    folder = LiteServer(Path(where.address))
    folder.start()  # another process that has it open
    try:
        with pytest.raises(EngineError, match="Milvus Lite") as caught:
            look(where, generation(own))
        assert "Chỉ một chương trình" in caught.value.remedy
    finally:
        folder.kill()


def test_nobody_home(stock: Path) -> None:
    where = parse_where(f"milvus://127.0.0.1:{free_port()}")
    began = time.monotonic()
    with pytest.raises(EngineError, match="không trả lời") as caught:
        look(where, generation(stock))
    assert time.monotonic() - began < 10
    assert isinstance(caught.value, InputError)


def test_the_library_is_loaded_only_where_it_is_chosen(own: Path) -> None:
    code = (
        "import sys; sys.path[:0] = ['tests']; from pathlib import Path; import cli, ui.services\n"
        "from conftest import HashEncoder; from index.search import Searcher, Query\n"
        f"Searcher.open(Path({str(own)!r}), HashEncoder()).search(Query('nhà ở'))\n"
        "print([name for name in sys.modules if name.split('.')[0] in {'pymilvus', 'milvus_lite', 'grpc'}])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"


def test_a_missing_library_is_told(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    with pytest.raises(EngineError, match="Thiếu gói pymilvus") as caught:
        Searcher.open(own, ENCODER, where=parse_where("milvus://127.0.0.1"))
    assert "kehoach[cluster]" in caught.value.remedy


def test_two_do_not_fill_at_once(own: Path, lite: LiteServer) -> None:
    from index.files import alone

    with alone(own, ".push.lock", "x"), pytest.raises(InputError, match="lệnh đẩy khác"):
        fill(parse_where(lite.address, "hai"), own)


def test_what_the_engine_lost_is_noticed(own: Path, lite: LiteServer, monkeypatch: pytest.MonkeyPatch) -> None:
    where = parse_where(lite.address, "mat")
    dropped = replace(where)
    monkeypatch.setattr(Table, "put", lambda self, rows: None)
    with pytest.raises(EngineError, match="không giữ đúng"):
        fill(dropped, own)
    assert not look(where, generation(own)).current


os.environ.setdefault("GRPC_VERBOSITY", "NONE")  # what the C library says of servers that were killed
