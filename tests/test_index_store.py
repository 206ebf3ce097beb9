"""The database: what goes in comes out equal; damage and newer versions are told."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from conftest import make_plan_file

from index.codec import fingerprint
from index.derived import Derived
from index.schema import SCHEMA_VERSION
from index.store import DATABASE, State, Store
from ingest.errors import IndexStateError
from ingest.model import Parsed


def test_everything_comes_back_equal(store: Store, full: Parsed, thai_nguyen: Parsed) -> None:
    key = store.stage(full)
    other = store.stage(thai_nguyen)
    assert store.parsed(key) == full
    assert store.parsed(other) == thai_nguyen
    assert list(store.parsed(key).clauses[0].row.cells) == ["task", "Cột lạ", "lead", "time"]  # type: ignore[union-attr]


def test_it_is_there_after_reopening(home: Path, full: Parsed) -> None:
    with Store.open(home) as first:
        key = first.stage(full)
    with Store.open(home, create=False) as second:
        assert second.parsed(key) == full
        assert [(e.key, e.state, e.fingerprint) for e in second.entries()] == [(key, State.STAGED, fingerprint(full))]


def test_a_document_without_date(store: Store, full: Parsed) -> None:
    silent = replace(full, document=replace(full.document, issued=None, facts=()))
    assert store.parsed(store.stage(silent)) == silent


def test_fingerprint_tells_another_reading_of_the_same_bytes(full: Parsed) -> None:
    corrected = replace(full, document=replace(full.document, issued=date(2024, 6, 5)))
    assert fingerprint(full) == fingerprint(replace(full))
    assert fingerprint(corrected) != fingerprint(full)


def test_row_keys_are_never_used_again(store: Store, thai_nguyen: Parsed, full: Parsed) -> None:
    first = store.stage(thai_nguyen)
    clause_keys = [key for key, _, _ in store.clauses_of([first])]
    store.set_states([], [])
    assert store.entries() == []
    second = store.stage(full)
    assert second > first
    assert min(key for key, _, _ in store.clauses_of([second])) > max(clause_keys)


def test_states_are_set_together(store: Store, thai_nguyen: Parsed, full: Parsed, dong_nai: Parsed) -> None:
    first, second, third = (store.stage(p) for p in (thai_nguyen, full, dong_nai))
    store.set_states([second], [first, second])
    assert {e.key: e.state for e in store.entries()} == {first: State.RETIRED, second: State.LIVE}
    store.set_states([first], [first, second])
    assert [e.key for e in store.entries(State.LIVE)] == [first]
    assert third not in {e.key for e in store.entries()}


def test_the_same_id_may_be_staged_beside_the_live_one(store: Store, thai_nguyen: Parsed) -> None:
    first = store.stage(thai_nguyen)
    store.set_states([first], [])
    second = store.stage(thai_nguyen)
    store.set_states([second], [first])
    assert {e.key: e.state for e in store.entries()} == {first: State.RETIRED, second: State.LIVE}


def test_vectors_come_back_bit_equal_by_encoder_and_length(store: Store) -> None:
    derived = Derived(store)
    vectors = np.random.default_rng(1).normal(size=(2, 4)).astype(np.float32)
    derived.save_vectors("e", {"a": vectors[0], "b": vectors[1]})
    assert np.array_equal(derived.vectors("e", ["b", "a", "b"], 4), vectors[[1, 0, 1]])
    assert derived.missing_vectors("e", ["c", "a", "c", "d"], 4) == ["c", "d"]
    assert derived.missing_vectors("e", ["a"], 8) == ["a"]
    assert derived.missing_vectors("khác", ["a"], 4) == ["a"]
    assert derived.vectors("e", [], 4).shape == (0, 4)
    derived.forget(["b"], [])
    assert derived.missing_vectors("e", ["a", "b"], 4) == ["a"]


def test_settings(store: Store) -> None:
    assert store.setting("ngưỡng", "0,5") == "0,5"
    store.set_setting("ngưỡng", "0,7")
    assert store.setting("ngưỡng") == "0,7"


def test_a_failed_transaction_leaves_nothing(store: Store) -> None:
    with pytest.raises(KeyError), store.transaction():
        store.run("INSERT INTO settings VALUES ('a', 'b')")
        raise KeyError
    assert store.setting("a") == ""


def test_threads_share_a_store(store: Store, thai_nguyen: Parsed) -> None:
    key = store.stage(thai_nguyen)
    wrong: list[object] = []

    def work() -> None:
        wrong.extend(1 for _ in range(50) if store.parsed(key) != thai_nguyen)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for at in range(50):
        store.set_setting("n", str(at))
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_newer_database_is_refused(home: Path) -> None:
    Store.open(home).close()
    raw = sqlite3.connect(home / DATABASE)
    raw.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    raw.close()
    with pytest.raises(IndexStateError) as caught:
        Store.open(home)
    assert "phiên bản mới hơn" in caught.value.message
    assert str(home / DATABASE) in caught.value.message


def test_a_file_that_is_no_database_is_named(home: Path) -> None:
    home.mkdir()
    (home / DATABASE).write_bytes(b"khong phai SQLite" * 400)
    with pytest.raises(IndexStateError) as caught:
        Store.open(home)
    assert str(home / DATABASE) in caught.value.message
    assert "kehoach ingest corpus/" in caught.value.remedy


def test_a_damaged_page_is_told_when_it_is_read(home: Path) -> None:
    with Store.open(home) as store:
        store.stage(make_plan_file("1/KH-UBND", "Cà Mau", ["chữ " * 2000] * 5))
        assert store.check() == []
        store.run("PRAGMA wal_checkpoint(TRUNCATE)")
    file = home / DATABASE
    file.write_bytes(file.read_bytes()[:4096] + b"\xff" * (file.stat().st_size - 4096))
    with pytest.raises(IndexStateError, match="Không đọc được cơ sở dữ liệu"), Store.open(home) as store:
        store.entries()


def test_without_create_nothing_is_made(home: Path) -> None:
    with pytest.raises(IndexStateError, match="Chưa có chỉ mục"):
        Store.open(home, create=False)
    assert not home.exists()
