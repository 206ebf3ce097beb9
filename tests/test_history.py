"""What was changed in the stock is kept, and the last change can be taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from commandline import CommandLine, plan_text
from conftest import HashEncoder, make_plan_file
from test_backup import NOW

from index.backup import backup, restore
from index.build import Builder
from index.generation import current_name
from index.history import Cause, Effect, history, told
from index.store import State, Store
from ingest.errors import InputError
from ingest.model import Parsed

LAO_CAI = make_plan_file("12/KH-UBND", "Lào Cai", ["Sở Y tế chủ trì xây dựng trạm y tế."])
NEWER = make_plan_file("12/KH-UBND", "Lào Cai", ["Sở Xây dựng chủ trì xây dựng trạm y tế."])
SON_LA = make_plan_file("7/KH-UBND", "Sơn La", ["Sở Xây dựng chủ trì nhà ở xã hội."])
UNNAMED = make_plan_file("", "", ["Văn bản không số."], source="khong-so.txt")


def builder(store: Store, home: Path, who: str = "an") -> Builder:
    return Builder(store, HashEncoder(), home, who)


def sync(home: Path, *parsed: Parsed, who: str = "an") -> None:
    with Store.open(home) as store:
        builder(store, home, who).sync(parsed)


def undo(home: Path) -> None:
    with Store.open(home) as store:
        builder(store, home, "binh").undo()


def past(home: Path) -> list[tuple[str, str]]:
    with Store.open(home) as store:
        return [(change.who, told(change)) for change in history(store, current_name(home))]


def held(home: Path) -> set[str]:
    with Store.open(home) as store:
        return {store.parsed(entry.key).clauses[0].text for entry in store.entries(State.LIVE)}


def texts(*parsed: Parsed) -> set[str]:
    return {one.clauses[0].text for one in parsed}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    sync(tmp_path / "nha", LAO_CAI, UNNAMED)
    return tmp_path / "nha"


def test_every_change_says_who_and_what(home: Path) -> None:
    sync(home, NEWER, who="")
    sync(home, NEWER)  # nothing changes
    with Store.open(home) as store:
        builder(store, home, "chi").remove("12/KH-UBND")
    assert past(home) == [
        ("chi", "gỡ: bỏ 12/KH-UBND (Lào Cai)"),
        ("", "nạp: thay bản cũ của 12/KH-UBND (Lào Cai)"),
        ("an", "nạp: thêm khong-so.txt"),
        ("an", "nạp: thêm 12/KH-UBND (Lào Cai)"),
    ]


@pytest.mark.parametrize("change", ["ingest", "replace", "remove"])
def test_the_last_change_is_taken_back_and_done_again(change: str, home: Path) -> None:
    if change == "remove":
        with Store.open(home) as store:
            builder(store, home).remove("12/KH-UBND")
        after = texts(UNNAMED)
    else:
        new = SON_LA if change == "ingest" else NEWER
        sync(home, new)
        after = texts(new, UNNAMED) | (texts(LAO_CAI) if change == "ingest" else set())
    assert held(home) == after
    undo(home)
    assert held(home) == texts(LAO_CAI, UNNAMED)
    assert past(home)[0][0] == "binh"
    assert past(home)[0][1].startswith("hoàn tác: ")
    undo(home)
    assert held(home) == after


def test_nothing_to_take_back(home: Path, tmp_path: Path) -> None:
    before = past(home)
    with pytest.raises(InputError, match="Không có thay đổi nào"):
        undo(home)
    assert (held(home), past(home)) == (texts(LAO_CAI, UNNAMED), before)
    with Store.open(home) as store:
        builder(store, home).rebuild()  # a new index of the same plans is no change
    with pytest.raises(InputError, match="Không có thay đổi nào"):
        undo(home)
    assert past(home) == before


def test_a_stopped_change_never_was(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = past(home)
    with monkeypatch.context() as patch:
        patch.setattr("index.build.publish", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            sync(home, SON_LA)
    assert past(home) == before
    sync(home, NEWER)
    assert [line for _, line in past(home)][:2] == [
        "nạp: thay bản cũ của 12/KH-UBND (Lào Cai)", "nạp: thêm khong-so.txt",
    ]  # fmt: skip


def test_a_change_counts_from_the_moment_at_which_its_index_does(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("index.build.reconcile", lambda store, at: None)
        sync(home, SON_LA)
    assert past(home)[0] == ("an", "nạp: thêm 7/KH-UBND (Sơn La)")
    sync(home, NEWER)
    assert [line for _, line in past(home)][:2] == [
        "nạp: thay bản cũ của 12/KH-UBND (Lào Cai)", "nạp: thêm 7/KH-UBND (Sơn La)",
    ]  # fmt: skip


def test_restoring_is_a_change_too(home: Path, tmp_path: Path) -> None:
    backup(home, tmp_path / "a.zip", NOW)
    sync(home, NEWER, SON_LA)
    restore(home, tmp_path / "a.zip", HashEncoder(), who="dung")
    with Store.open(home) as store:
        found = history(store, current_name(home))[:2]
    assert [(c.who, c.cause, c.effect, c.province) for c in found] == [
        ("dung", Cause.RESTORE, Effect.REMOVED, "Sơn La"), ("dung", Cause.RESTORE, Effect.REPLACED, "Lào Cai"),
    ]  # fmt: skip
    undo(home)
    assert held(home) == texts(NEWER, SON_LA, UNNAMED)


def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    kehoach = CommandLine(tmp_path / "nha", monkeypatch, capsys)
    monkeypatch.setattr("commands.history.load_encoder", lambda name: kehoach.encoder)
    monkeypatch.setattr("commands.ingest.user", lambda: "an")
    (tmp_path / "a.txt").write_text(plan_text(), encoding="utf-8")
    assert kehoach("ingest", tmp_path / "a.txt").code == 0
    assert "an: nạp: thêm " in kehoach("history").out
    (told_json,) = kehoach("history", "--json").json
    assert (told_json["who"], told_json["effect"]) == ("an", "added")
    assert kehoach("remove", told_json["number"]).code == 0
    assert kehoach("undo").out.startswith("Đã hoàn tác thay đổi gần nhất; kho có 1 văn bản.")
    assert len(kehoach("history").out.splitlines()) == 3
