"""Files that are in the stock as they are: not read again by the program that read them."""

from __future__ import annotations

from pathlib import Path

import pytest
from commandline import CommandLine, plan_text
from conftest import HashEncoder
from test_pdf import plain

from index.build import Builder
from index.kept import KeptReadings
from index.store import State, Store
from ingest.intake import read_paths
from ingest.model import Parsed
from ingest.settings import Settings

SETTINGS = Settings()


def two_pages() -> bytes:
    pdf = plain()
    pdf.page()
    pdf.text(72, 100, "2. Sở Y tế chủ trì khám sức khỏe cho người cao tuổi.")
    return pdf.build()


class Desk:
    """A directory of plans, brought into a stock again and again; `read` are the files that were read for it."""

    def __init__(self, folder: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        import ingest.intake

        self.folder, self.store = folder, store
        self.builder = Builder(store, HashEncoder(), folder.parent / "nha")
        self.read: list[str] = []
        whole = ingest.intake.parse_bytes

        def watched(data: bytes, path: Path, *rest: object) -> Parsed:
            self.read.append(path.name)
            return whole(data, path, *rest)  # type: ignore[arg-type]

        monkeypatch.setattr("ingest.intake.parse_bytes", watched)

    def ingest(self) -> list[str]:
        self.read.clear()
        outcomes = read_paths([self.folder], SETTINGS, KeptReadings(self.store))
        return [s.action.value for s in self.builder.sync([o.parsed for o in outcomes if o.parsed]).steps]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    folder = tmp_path / "ke-hoach"
    folder.mkdir()
    (folder / "a.txt").write_text(plan_text("1/KH-UBND", "Thái Nguyên"))
    (folder / "b.txt").write_text(plan_text("2/KH-UBND", "Đồng Nai"))
    return Desk(folder, Store.open(tmp_path / "nha"), monkeypatch)


def test_only_what_is_new_or_changed_is_read(desk: Desk) -> None:
    assert desk.ingest() == ["added", "added"]
    assert desk.read == ["a.txt", "b.txt"]
    (desk.folder / "c.txt").write_text(plan_text("3/KH-UBND", "Cà Mau"))
    (desk.folder / "b.txt").write_text(plan_text("2/KH-UBND", "Đồng Nai", lead="Sở Nội vụ"))
    assert desk.ingest() == ["unchanged", "replaced", "added"]
    assert desk.read == ["b.txt", "c.txt"]


def test_a_file_that_was_moved_is_known_by_its_content(desk: Desk) -> None:
    desk.ingest()
    (desk.folder / "a.txt").rename(desk.folder / "d.txt")
    assert desk.ingest() == ["unchanged", "duplicate"]
    assert desk.read == []
    (desk.folder / "d.txt").rename(desk.folder / "d.md")  # another suffix may be another format
    desk.ingest()
    assert desk.read == ["d.md"]


def test_another_program_reads_all_again_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.ingest()
    for module in ("index.build", "index.kept"):
        monkeypatch.setattr(f"{module}.reading_version", lambda: "khác")
    assert desk.ingest() == ["unchanged", "unchanged"]
    assert desk.read == ["a.txt", "b.txt"]
    assert desk.ingest() == ["unchanged", "unchanged"]
    assert desk.read == []


def test_a_corrected_header_stays_corrected(desk: Desk) -> None:
    desk.ingest()
    desk.builder.correct("1/KH-UBND", {"number": "11/KH-UBND"})
    for _ in range(3):
        assert desk.ingest() == ["unchanged", "unchanged"]
    assert desk.read == []
    (kept,) = (e for e in desk.store.entries(State.LIVE) if e.document.number == "11/KH-UBND")
    desk.builder.correct("11/KH-UBND", {"number": "1/KH-UBND"})
    assert desk.ingest() == ["unchanged", "unchanged"]
    assert kept.document.corrections
    assert {e.document.number for e in desk.store.entries(State.LIVE)} == {"1/KH-UBND", "2/KH-UBND"}


def test_a_kept_reading_is_what_reading_gives_without_the_file_of_its_pages(desk: Desk) -> None:
    (desk.folder / "in.pdf").write_bytes(two_pages())
    desk.ingest()
    kept = KeptReadings(desk.store)
    for outcome in read_paths([desk.folder], SETTINGS):
        parsed = outcome.parsed
        assert parsed is not None
        found = kept(outcome.path, parsed.document.digest)
        assert found is not None
        assert (found.document, found.clauses, found.coverage, found.lines) == (
            parsed.document, parsed.clauses, parsed.coverage, parsed.lines,
        )  # fmt: skip
        assert (found.printed is None) == (parsed.printed is None)
        assert found.printed is None or (found.printed.marks and not found.printed.original)
    (entry,) = (e for e in desk.store.entries(State.LIVE) if e.document.format == "pdf")
    desk.ingest()
    assert desk.store.original(entry.document.digest).startswith(b"%PDF")


def test_how_far_reading_is_told_by_file_and_page(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(two_pages())
    (tmp_path / "b.txt").write_text(plan_text())
    told: list[tuple[int, int, str, int, int]] = []
    missing = tmp_path / "không có.txt"
    read_paths([tmp_path, missing], SETTINGS, told=lambda *at: told.append(at))
    assert told == [
        (0, 3, "a.pdf", 0, 0), (0, 3, "a.pdf", 1, 2), (0, 3, "a.pdf", 2, 2), (1, 3, "b.txt", 0, 0),
        (2, 3, "không có.txt", 0, 0), (3, 3, "", 0, 0),
    ]  # fmt: skip


def test_an_unreadable_database_is_told_before_a_file_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = CommandLine(tmp_path / "home", monkeypatch, capsys)
    plan = tmp_path / "a.txt"
    plan.write_text(plan_text())
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "kehoach.db").write_bytes(b"SQLite rac " * 1000)
    assert "kehoach.db" in command.refused("ingest", plan)
