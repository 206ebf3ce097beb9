"""Building: only what changed is worked on; a crash at any step leaves the last good index and a rerun ends."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import HOUSING, TRAINING, Crash, HashEncoder, make_plan_file

from index import assemble
from index.build import Builder
from index.files import exclusive
from index.generation import names
from index.hit import Query
from index.plan import Action
from index.search import Searcher
from index.store import State, Store
from ingest.errors import IndexStateError, InputError
from ingest.model import Parsed


def found(home: Path, encoder: HashEncoder, question: str = HOUSING) -> list[tuple[str, str]]:
    """Province and text of everything found by a reader that opens the index now."""
    with Searcher.open(home, encoder) as searcher:
        return [(hit.document.province, hit.clause.text) for hit in searcher.search(Query(question), k=50)]


def live_numbers(store: Store) -> list[str]:
    return [entry.document.number for entry in store.entries(State.LIVE)]


def test_first_build_embeds_every_text_once(
    builder: Builder, encoder: HashEncoder, thai_nguyen: Parsed, dong_nai: Parsed, home: Path
) -> None:
    seen: list[tuple[str, int, int]] = []
    report = builder.sync([thai_nguyen, dong_nai], lambda *step: seen.append(step))
    # Both plans hold HOUSING under the same heading: six clauses, five texts.
    assert (report.clauses, report.embedded, len(encoder.texts)) == (6, 5, 5)
    assert [step.action for step in report.steps] == [Action.ADDED, Action.ADDED]
    assert (report.built, report.generation, report.documents, report.removed) == (True, "gen-1", 2, ())
    assert {("store", 2, 2), ("embed", 5, 5), ("words", 5, 5), ("index", 1, 1)} <= set(seen)
    assert sorted(found(home, encoder)[:2]) == [("Thái Nguyên", HOUSING), ("Đồng Nai", HOUSING)]


def test_unchanged_costs_nothing(builder: Builder, encoder: HashEncoder, thai_nguyen: Parsed, home: Path) -> None:
    builder.sync([thai_nguyen])
    encoder.texts.clear()
    report = builder.sync([thai_nguyen])
    assert (report.built, report.generation, report.embedded, encoder.texts) == (False, "gen-1", 0, [])
    assert [step.action for step in report.steps] == [Action.UNCHANGED]
    assert names(home) == ["gen-1"]


def test_a_changed_file_embeds_only_new_text_and_the_old_is_not_found(
    builder: Builder, encoder: HashEncoder, thai_nguyen: Parsed, store: Store, home: Path
) -> None:
    builder.sync([thai_nguyen])
    encoder.texts.clear()
    texts = [clause.text for clause in thai_nguyen.clauses]
    report = builder.sync([make_plan_file("54/KH-UBND", "Thái Nguyên", [texts[0], TRAINING])])
    assert [(s.action, s.other) for s in report.steps] == [(Action.REPLACED, thai_nguyen.document)]
    assert report.removed == (thai_nguyen.document,)
    assert encoder.texts == [f"NHIỆM VỤ\n{TRAINING}"]
    assert sorted(found(home, encoder)) == sorted([("Thái Nguyên", HOUSING), ("Thái Nguyên", TRAINING)])
    assert [e.state for e in store.entries()] == [State.RETIRED, State.LIVE]


def test_two_generations_are_kept_and_older_documents_deleted(
    builder: Builder, thai_nguyen: Parsed, store: Store, home: Path
) -> None:
    for salt in "abcd":
        builder.sync([make_plan_file("54/KH-UBND", "Thái Nguyên", [f"bản {salt}"])])
    assert names(home) == ["gen-3", "gen-4"]
    assert [store.clauses(e.key)[0].text for e in store.entries()] == ["bản c", "bản d"]


def test_going_back_to_an_earlier_version(builder: Builder, thai_nguyen: Parsed, store: Store, home: Path) -> None:
    later = make_plan_file("54/KH-UBND", "Thái Nguyên", ["khác hẳn"])
    for version in (thai_nguyen, later, thai_nguyen):
        builder.sync([version])
    (entry,) = store.entries(State.LIVE)
    assert store.parsed(entry.key) == thai_nguyen


def test_a_correction_of_the_header_is_taken_over_without_embedding(
    builder: Builder, encoder: HashEncoder, thai_nguyen: Parsed, home: Path
) -> None:
    builder.sync([thai_nguyen])
    encoder.texts.clear()
    builder.sync([replace(thai_nguyen, document=replace(thai_nguyen.document, signer="Lê Quang Tiến"))])
    with Searcher.open(home, encoder) as searcher:
        assert [d.signer for d in searcher.documents()] == ["Lê Quang Tiến"]
    assert encoder.texts == []


def test_a_duplicate_is_skipped_and_reported(builder: Builder, thai_nguyen: Parsed, store: Store) -> None:
    copy = replace(thai_nguyen, document=replace(thai_nguyen.document, source="ban-sao.txt"))
    report = builder.sync([thai_nguyen, copy])
    assert [(s.action, s.parsed.document.source) for s in report.steps] == [
        (Action.ADDED, "54.txt"), (Action.DUPLICATE, "ban-sao.txt"),
    ]  # fmt: skip
    assert live_numbers(store) == ["54/KH-UBND"]


def test_damaged_compounds_are_found_anew(builder: Builder, store: Store, thai_nguyen: Parsed) -> None:
    builder.sync([thai_nguyen])
    with store.transaction():
        store.run("UPDATE compounds SET words = substr(words, 2)")
    assert builder.rebuild().built
    assert all(json.loads(row[0]) is not None for row in store.rows("SELECT words FROM compounds"))


def test_remove(builder: Builder, encoder: HashEncoder, thai_nguyen: Parsed, dong_nai: Parsed, home: Path) -> None:
    builder.sync([thai_nguyen, dong_nai])
    encoder.texts.clear()
    report = builder.remove("54/kh-ubnd")
    assert (report.removed, report.clauses, encoder.texts) == ((thai_nguyen.document,), 3, [])
    assert {province for province, _ in found(home, encoder)} == {"Đồng Nai"}


def test_the_last_document_can_be_removed(
    builder: Builder, encoder: HashEncoder, thai_nguyen: Parsed, home: Path
) -> None:
    builder.sync([thai_nguyen])
    assert builder.remove("54/KH-UBND").clauses == 0
    assert found(home, encoder) == []


def test_remove_names_what_there_is(builder: Builder, thai_nguyen: Parsed) -> None:
    builder.sync([thai_nguyen, make_plan_file("54/KH-UBND", "Đồng Nai", ["x"], "khac.txt")])
    with pytest.raises(InputError, match="Không có văn bản số «1/KH-UBND»"):
        builder.remove("1/KH-UBND")
    with pytest.raises(InputError, match="Thái Nguyên, Đồng Nai"):
        builder.remove("54/KH-UBND")
    assert builder.remove("54/KH-UBND", "Đồng Nai").documents == 1


def test_rebuild_gives_the_same_answers_without_embedding(
    builder: Builder, encoder: HashEncoder, thai_nguyen: Parsed, dong_nai: Parsed, home: Path
) -> None:
    builder.sync([thai_nguyen, dong_nai])
    before = found(home, encoder)
    encoder.texts.clear()
    report = builder.rebuild()
    assert (report.built, report.generation, report.embedded, encoder.texts) == (True, "gen-2", 0, [])
    assert found(home, encoder) == before


def test_the_index_does_not_depend_on_its_history(
    builder: Builder, encoder: HashEncoder, thai_nguyen: Parsed, dong_nai: Parsed, home: Path, tmp_path: Path
) -> None:
    builder.sync([dong_nai])
    builder.sync([thai_nguyen])
    with Store.open(tmp_path / "khac") as other:
        Builder(other, encoder, tmp_path / "khac").sync([thai_nguyen, dong_nai])
    for file in ("dense.faiss", "lexical/vocabulary.json", "lexical/times.npy", "compounds.txt", "words.json"):
        assert (home / "gen-2" / file).read_bytes() == (tmp_path / "khac" / "gen-1" / file).read_bytes()


def test_another_encoder_embeds_again_and_going_back_does_not(
    builder: Builder, encoder: HashEncoder, thai_nguyen: Parsed, store: Store, home: Path
) -> None:
    builder.sync([thai_nguyen])
    other = HashEncoder("khác", dimension=16)
    report = Builder(store, other, home).sync([thai_nguyen])
    assert ([s.action for s in report.steps], report.built, report.embedded) == ([Action.UNCHANGED], True, 3)
    assert found(home, other)[0][1] == HOUSING
    encoder.texts.clear()
    assert builder.sync([thai_nguyen]).built
    assert encoder.texts == []


def test_a_lost_current_is_healed_from_the_database(
    builder: Builder, encoder: HashEncoder, thai_nguyen: Parsed, dong_nai: Parsed, home: Path
) -> None:
    builder.sync([thai_nguyen])
    (home / "CURRENT").unlink()
    with pytest.raises(IndexStateError, match="CURRENT"):
        Searcher.open(home, encoder)
    builder.sync([dong_nai])
    assert {province for province, _ in found(home, encoder)} == {"Thái Nguyên", "Đồng Nai"}


def test_a_database_from_a_backup_is_not_read_with_a_later_generation(
    builder: Builder, encoder: HashEncoder, thai_nguyen: Parsed, store: Store, home: Path
) -> None:
    builder.sync([thai_nguyen])
    with store.transaction():  # what a restored database would say
        store.run("UPDATE documents SET fingerprint = 'khác'")
    with pytest.raises(IndexStateError, match="không khớp với cơ sở dữ liệu"):
        Searcher.open(home, encoder)
    builder.rebuild()
    assert found(home, encoder)[0] == ("Thái Nguyên", HOUSING)


def test_two_builders_at_once(builder: Builder, thai_nguyen: Parsed, home: Path) -> None:
    with exclusive(home), pytest.raises(IndexStateError) as caught:
        builder.sync([thai_nguyen])
    assert caught.value.message == f"Một lần nạp khác đang ghi vào {home}."
    assert builder.sync([thai_nguyen]).built


BEFORE_COMMIT = [
    "index.assemble.Derived.save_vectors",
    "index.assemble.Derived.save_compounds",
    "index.assemble.Prepared.save",
    "index.assemble.count_features",
    "index.assemble.grown",
    "index.build.write_generation",
    "index.generation.sync_tree",
    "index.generation.sync_folder",
    "index.build.publish",
    "index.files._sync",
]
AFTER_COMMIT = ["index.files.sync_folder", "index.assemble.Derived.forget"]


@pytest.mark.parametrize("step", BEFORE_COMMIT + AFTER_COMMIT)
@pytest.mark.parametrize("start", ["first build", "replacement"])
def test_a_crash_leaves_the_last_good_index_and_a_rerun_ends(
    step: str,
    start: str,
    failing: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
    thai_nguyen: Parsed,
    dong_nai: Parsed,
    home: Path,
) -> None:
    encoder = HashEncoder()
    later = make_plan_file("54/KH-UBND", "Thái Nguyên", [HOUSING, "việc mới"])
    with Store.open(home) as store:
        if start == "replacement":
            Builder(store, encoder, home).sync([thai_nguyen])
        before = found(home, encoder) if start == "replacement" else None
        failing(step)
        with pytest.raises(Crash):
            Builder(store, encoder, home).sync([later, dong_nai])
    monkeypatch.undo()
    expected = sorted((p.document.province, c.text) for p in (later, dong_nai) for c in p.clauses)
    if step in AFTER_COMMIT:
        assert sorted(found(home, encoder)) == expected
    elif before is not None:
        assert found(home, encoder) == before
    else:
        with pytest.raises(IndexStateError, match="Chưa có chỉ mục"):
            found(home, encoder)
    with Store.open(home) as store:
        Builder(store, encoder, home).sync([later, dong_nai])
        assert sorted(live_numbers(store)) == ["54/KH-UBND", "9491/KH-UBND"]
        assert State.STAGED not in {entry.state for entry in store.entries()}
    assert sorted(found(home, encoder)) == expected
    assert not list(home.glob(".draft-*"))


def test_a_rerun_goes_on_where_embedding_stopped(
    store: Store, home: Path, thai_nguyen: Parsed, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Dying(HashEncoder):
        def encode_document(self, texts):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            if len(self.texts) == 2:
                raise Crash
            return super().encode_document(texts)

    monkeypatch.setattr(assemble, "BATCH", 1)
    with pytest.raises(Crash):
        Builder(store, Dying(), home).sync([thai_nguyen])
    encoder = HashEncoder()
    assert Builder(store, encoder, home).sync([thai_nguyen]).embedded == 1
    assert len(encoder.texts) == 1


def test_a_crash_between_commit_and_reconcile_heals_at_the_next_start(
    builder: Builder, thai_nguyen: Parsed, store: Store, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = make_plan_file("54/KH-UBND", "Thái Nguyên", ["mới"])
    builder.sync([thai_nguyen])
    calls: list[int] = []

    def once(*states: object) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise Crash
        original(store, *states)  # type: ignore[arg-type]

    original = Store.set_states
    monkeypatch.setattr(store, "set_states", once)
    with pytest.raises(Crash):
        builder.sync([later])
    monkeypatch.undo()
    assert [(e.state, e.document.id) for e in store.entries()] == [
        (State.LIVE, thai_nguyen.document.id), (State.STAGED, later.document.id),
    ]  # fmt: skip
    report = builder.sync([later])
    assert ([s.action for s in report.steps], report.built) == ([Action.UNCHANGED], False)
    assert [(e.state, e.document.id) for e in store.entries()] == [
        (State.RETIRED, thai_nguyen.document.id), (State.LIVE, later.document.id),
    ]  # fmt: skip


def test_a_reader_keeps_its_generation_while_others_are_built(
    builder: Builder, encoder: HashEncoder, thai_nguyen: Parsed, dong_nai: Parsed, home: Path
) -> None:
    builder.sync([thai_nguyen])
    expected = found(home, encoder)
    wrong: list[object] = []
    done = threading.Event()
    with Searcher.open(home, encoder) as reader:

        def read() -> None:
            while not done.is_set():
                hits = reader.search(Query(HOUSING), k=50)
                if [(h.document.province, h.clause.text) for h in hits] != expected:
                    wrong.append(hits)

        threads = [threading.Thread(target=read) for _ in range(3)]
        for thread in threads:
            thread.start()
        builder.sync([dong_nai])
        done.set()
        for thread in threads:
            thread.join()
        assert wrong == []
        assert reader.source_lines(thai_nguyen.document.id) == thai_nguyen.lines
    assert len(found(home, encoder)) == 6


def test_a_reader_two_generations_behind_is_told_to_reopen(
    builder: Builder, encoder: HashEncoder, thai_nguyen: Parsed, home: Path
) -> None:
    builder.sync([thai_nguyen])
    with Searcher.open(home, encoder) as reader:
        for salt in "abc":
            builder.sync([make_plan_file("54/KH-UBND", "Thái Nguyên", [f"bản {salt}"])])
        with pytest.raises(IndexStateError, match="đã được thay bằng bản mới hơn"):
            reader.search(Query(HOUSING))
        with pytest.raises(IndexStateError, match="đã được thay bằng bản mới hơn"):
            reader.clauses(thai_nguyen.document.id)  # never as if the plan had none
