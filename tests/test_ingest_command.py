"""`kehoach ingest` before it writes: preview, questions at a terminal, options for scripts; and `kehoach correct`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from commandline import CommandLine, plan_text

from commands import ingest
from index.store import State, Store

NEWER = plan_text().replace("2.500 căn", "3.000 căn")


@pytest.fixture
def kehoach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(tmp_path / "nha", monkeypatch, capsys)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def written(name: str, text: str = plan_text()) -> Path:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return written


@pytest.fixture
def typing(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Somebody at a terminal who types these lines; the list gathers what they were asked."""

    def typed(*lines: str) -> list[str]:
        asked: list[str] = []
        left = iter(lines)
        for stream in (sys.stdin, sys.stdout):
            monkeypatch.setattr(stream, "isatty", lambda: True, raising=False)
        monkeypatch.setattr("builtins.input", lambda prompt: asked.append(prompt) or next(left))
        return asked

    return typed


def files(kehoach: CommandLine) -> list[str]:
    with Store.open(kehoach.home, create=False) as store:
        return sorted(entry.document.file for entry in store.entries(State.LIVE))


def test_a_dry_run_tells_everything_and_writes_nothing(kehoach: CommandLine, write: Callable[..., Path]) -> None:
    outcome = kehoach("ingest", "--dry-run", write("a.txt"))
    assert (outcome.code, kehoach.home.exists()) == (0, False)
    for told in ("a.txt — mới", "12/KH-UBND, Thái Nguyên, 05/03/2024; ký: Nguyễn Văn An", "Chưa nạp: chỉ xem trước."):
        assert told in outcome.out
    assert "Đề mục: I. MỤC TIÊU; II. NHIỆM VỤ; III. TỔ CHỨC THỰC HIỆN" in outcome.out
    later = write(
        "c.txt", NEWER.replace("12/KH-UBND", "15/KH-UBND") + "\nKế hoạch này thay thế Kế hoạch số 12/KH-UBND.\n"
    )
    assert "Quan hệ: Thay thế Kế hoạch số 12/KH-UBND (dòng " in kehoach("ingest", "--dry-run", later).out
    ((relation,),) = (f["relations"] for f in kehoach("ingest", "--dry-run", "--json", later).json["files"])
    assert (relation["bond"], relation["number"]) == ("replaces", "12/KH-UBND")
    kehoach("ingest", write("a.txt"))
    (file,) = kehoach("ingest", "--dry-run", "--json", write("b.txt", NEWER)).json["files"]
    assert (file["status"], file["decision"], file["existing"]) == (
        "replaced", "replace", {"number": "12/KH-UBND", "file": "a.txt"},
    )  # fmt: skip
    assert files(kehoach) == ["a.txt"]


@pytest.mark.parametrize(
    ("existing", "status", "left"),
    [("replace", "replaced", ["b.txt"]), ("keep", "added", ["a.txt", "b.txt"]), ("skip", "skipped", ["a.txt"])],
)
def test_a_script_says_what_is_done_with_what_is_there(
    existing: str, status: str, left: list[str], kehoach: CommandLine, write: Callable[..., Path]
) -> None:
    kehoach("ingest", write("a.txt"))
    told = kehoach("ingest", write("b.txt", NEWER), "--existing", existing, "--json").json
    assert [file["status"] for file in told["files"]] == [status]
    assert files(kehoach) == left


def test_what_is_no_decision_is_refused(kehoach: CommandLine, write: Callable[..., Path]) -> None:
    assert "Không có lựa chọn «burn»; có: 'replace', 'keep', 'skip'." in kehoach.refused(
        "ingest", write("a.txt"), "--existing", "burn"
    )


def test_at_a_terminal_the_user_is_asked_for_each_and_for_all(
    kehoach: CommandLine, write: Callable[..., Path], typing: Callable[..., list[str]]
) -> None:
    asked = typing("")
    assert "Chỉ mục đã dựng" in kehoach("ingest", write("a.txt")).out
    assert asked == ["Nạp 1 văn bản vào kho? [C/k]: "]
    asked = typing("g", "k")
    outcome = kehoach("ingest", write("b.txt", NEWER))
    assert "Cùng số" in outcome.out
    assert "Chưa nạp; kho không thay đổi." in outcome.out
    assert asked[0] == "  t = thay bản đang có, g = giữ cả hai, b = bỏ qua tệp này [t]: "
    typing("g", "c")
    assert "a.txt — " not in kehoach("ingest", write("b.txt", NEWER)).err
    assert files(kehoach) == ["a.txt", "b.txt"]


def test_nothing_is_asked_where_nothing_is_new_or_it_was_said_before(
    kehoach: CommandLine, write: Callable[..., Path], typing: Callable[..., list[str]]
) -> None:
    assert not typing()
    assert kehoach("ingest", write("a.txt"), "--yes").code == 0
    assert kehoach("ingest", write("a.txt")).code == 0
    asked = typing("c")
    assert kehoach("ingest", write("b.txt", NEWER), "--existing", "keep").code == 0
    assert asked == ["Nạp 1 văn bản vào kho? [C/k]: "]


def test_whoever_ends_the_input_has_brought_in_nothing(
    kehoach: CommandLine, write: Callable[..., Path], typing: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    kehoach("ingest", write("a.txt"))
    typing()

    def end(prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr("builtins.input", end)
    outcome = kehoach("ingest", write("b.txt", NEWER))
    assert (outcome.code, "kho không thay đổi" in outcome.out) == (0, True)
    assert files(kehoach) == ["a.txt"]


def test_headings_beyond_a_dozen_are_cut(kehoach: CommandLine, write: Callable[..., Path]) -> None:
    numbers = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV"]
    parts = "\n".join(f"{number}. PHẦN SỐ {number}\nNội dung của phần này." for number in numbers)
    head, _, tail = plan_text().partition("I. MỤC TIÊU\n")
    text = f"{head}{parts}\n{tail[tail.index('Nơi nhận') :]}"
    assert f"{numbers[ingest._SHOWN - 1]}. PHẦN SỐ XII; …" in kehoach("ingest", write("a.txt", text)).out


# Corrections


def test_a_header_is_corrected_and_stays_so(kehoach: CommandLine, write: Callable[..., Path]) -> None:
    path = write("a.txt")
    kehoach("ingest", path)
    outcome = kehoach("correct", "12/KH-UBND", "--date", "7/3/2024", "--number", "13/KH-UBND")
    assert outcome.out == "Đã sửa số, ký hiệu, ngày ban hành; nạp lại tệp này vẫn giữ.\n"
    assert kehoach("correct", "13/KH-UBND", "--date", "07/03/2024").out == "Không có gì thay đổi.\n"
    (file,) = kehoach("ingest", path, "--json").json["files"]
    assert (file["status"], file["issued"], file["number"]) == ("unchanged", "2024-03-07", "13/KH-UBND")
    assert file["corrections"]["issued"] == {"read": "2024-03-05", "value": "2024-03-07"}
    assert kehoach("doctor").code == 0
    assert "sửa thông tin: thay bản cũ của 13/KH-UBND" in kehoach("history").out


def test_what_cannot_be_corrected_is_refused(kehoach: CommandLine, write: Callable[..., Path]) -> None:
    kehoach("ingest", write("a.txt"))
    assert "Chưa nêu thông tin cần sửa" in kehoach.refused("correct", "12/KH-UBND")
    assert "không phải là một ngày" in kehoach.refused("correct", "12/KH-UBND", "--date", "hôm qua")
    assert "Không có văn bản số «9»" in kehoach.refused("correct", "9", "--signer", "A")
