"""`kehoach tasks`: the JSON contract, what is printed, files, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from commandline import CommandLine, plan_text
from openpyxl import load_workbook
from test_cli import check

DEADLINE = {
    "text": str, "from": str | None, "to": str | None, "yearly": bool, "every_months": int | None, "until": str | None,
}  # fmt: skip
TASK = {
    "province": str, "number": str, "clause_id": str, "kind": str, "type": str, "group": str, "section": [str],
    "label": str, "content": str, "target": str | None, "text": str, "roles": [str], "names": [str], "quote": str,
    "quotes": [str], "deadline": dict | None, "deadlines": [DEADLINE], "next_due": str | None, "part": str | None,
    "note": str | None, "standing": str | None, "lines": [int], "page": int | None,
}  # fmt: skip
TASKS = {
    "asked": str, "agency": str, "province": str | None, "role": str | None, "date": str, "due_days": int | None,
    "names": [{"name": str, "function": str | None, "source": str | None, "since": str | None, "split": bool}],
    "counts": dict, "plans": [{"province": str, "number": str, "items": int, "counts": dict, "standing": str | None}],
    "items": [TASK],
    "possible": [TASK], "unassigned": int, "reported": int, "shared": int, "notes": [str],
}  # fmt: skip
AGENCY = {"name": str, "counts": dict, "variants": [{"text": str, "count": int}], "provinces": [str]}

TABLE = """
PHỤ LỤC I
PHÂN CÔNG NHIỆM VỤ

| TT | Nhiệm vụ | Cơ quan chủ trì | Cơ quan phối hợp | Thời gian |
|---|---|---|---|---|
| I | NHÀ Ở | | | |
| 1 | =cmd|'/c calc'!A0 xóa nhà tạm | Sở Xây dựng | Sở Y tế | Năm 2025 |
| 2 | Quan trắc môi trường nước | Sở TN&MT | Sở Y tế; Sở XD | Trước ngày 30/11 hằng năm |
| 3 | Giảm nghèo bền vững ở vùng cao | Sở LĐTBXH | Sở Y tế | Quý IV/2026 |
| 4 | Đào tạo nghề cho lái xe | Sở LĐTBXH | Sở GTVT | 2027 |
"""


@pytest.fixture
def kehoach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    command = CommandLine(tmp_path / "nha", monkeypatch, capsys)
    folder = tmp_path / "ke-hoach"
    folder.mkdir()
    (folder / "a.txt").write_text(plan_text("12/KH-UBND", "Thái Nguyên") + TABLE, encoding="utf-8")
    (folder / "b.txt").write_text(plan_text("7/KH-UBND", "Đồng Nai"), encoding="utf-8")
    assert command("ingest", folder).code == 0
    return command


def test_contract(kehoach: CommandLine) -> None:
    told = kehoach("tasks", "--agency", "sở nn&mt", "--date", "2026-11-22", "--json").json
    check(told, TASKS)
    check([item["deadline"] for item in told["items"]], [DEADLINE])
    assert (told["asked"], told["agency"]) == ("sở nn&mt", "Sở Nông nghiệp và Môi trường")
    assert [name["name"] for name in told["names"] if name["split"]] == ["Sở Lao động - Thương binh và Xã hội"]
    (item,) = told["items"]
    assert (item["content"], item["quote"], item["roles"]) == ("Quan trắc môi trường nước", "Sở TN&MT", ["lead"])
    assert item["group"] == "I. NHÀ Ở"
    assert item["names"] == ["Sở Tài nguyên và Môi trường"]
    assert (item["deadline"]["yearly"], item["next_due"]) == (True, "2026-11-30")
    assert "từ 01/3/2025 chức năng thuộc Sở Nông nghiệp và Môi trường" in item["note"]
    assert [(other["content"], other["part"]) for other in told["possible"]] == [
        ("Giảm nghèo bền vững ở vùng cao", "giảm nghèo")
    ]
    assert told["unassigned"] == 1
    assert told["counts"] == {"lead": 1}
    assert told["plans"] == [
        {"province": "Thái Nguyên", "number": "12/KH-UBND", "items": 1, "counts": {"lead": 1}, "standing": None}
    ]


def test_role_province_and_days_restrict(kehoach: CommandLine) -> None:
    every = kehoach("tasks", "--agency", "SXD", "--json").json
    assert [(i["province"], i["roles"]) for i in every["items"]] == [
        ("Thái Nguyên", ["lead"]),
        ("Thái Nguyên", ["lead"]),
        ("Thái Nguyên", ["coordinating"]),
        ("Thái Nguyên", ["coordinating"]),  # as Sở Giao thông vận tải
        ("Đồng Nai", ["lead"]),
    ]
    some = kehoach("tasks", "--agency", "SXD", "--role", "coordinating", "--json").json
    assert [i["content"] for i in some["items"]] == ["Quan trắc môi trường nước", "Đào tạo nghề cho lái xe"]
    other = kehoach("tasks", "--agency", "SXD", "--province", "dong nai", "--json").json
    assert [i["number"] for i in other["items"]] == ["7/KH-UBND"]
    due = kehoach("tasks", "--agency", "SXD", "--due", "10", "--date", "22/11/2026", "--json").json
    assert [(i["next_due"], i["roles"]) for i in due["items"]] == [("2026-11-30", ["coordinating"])]


def test_what_is_printed(kehoach: CommandLine) -> None:
    out = kehoach("tasks", "--agency", "so xay dugn", "--date", "2026-11-22").out
    assert out.startswith("Sở Xây dựng (đã gõ «so xay dugn»): 5 việc: chủ trì 3, phối hợp 2.\n")
    assert "Tìm cả tên trước khi sắp xếp: Sở Giao thông vận tải." in out
    assert "Sắp đến hạn trong 90 ngày kể từ 22/11/2026: 1 việc (hạn đã qua: 1 việc)" in out
    assert "Thái Nguyên, 12/KH-UBND — 4 việc: chủ trì 2, phối hợp 2" in out
    assert "[phối hợp] Quan trắc môi trường nước\n        Hạn: Trước ngày 30/11 hằng năm — dòng " in out


def test_only_what_is_due_is_printed_by_day(kehoach: CommandLine) -> None:
    out = kehoach("tasks", "--agency", "Sở Y tế", "--due", "60", "--date", "2026-11-22").out
    assert out.index("30/11/2026  [phối hợp] Quan trắc") < out.index("31/12/2026  [phối hợp] Giảm nghèo")
    assert "xóa nhà tạm" not in out


def test_agencies_are_listed_with_counts_and_variants(kehoach: CommandLine) -> None:
    told = kehoach("tasks", "--json").json
    check(told, [AGENCY])
    building = next(agency for agency in told if agency["name"] == "Sở Xây dựng")
    assert building["counts"] == {"lead": 3, "coordinating": 1}
    assert building["variants"] == [{"text": "Sở Xây dựng", "count": 3}, {"text": "Sở XD", "count": 1}]
    assert building["provinces"] == ["Thái Nguyên", "Đồng Nai"]
    assert "Sở Xây dựng: chủ trì 3, phối hợp 1\n    còn in là: Sở XD (1)\n" in kehoach("tasks").out


def test_files(kehoach: CommandLine, tmp_path: Path) -> None:
    files = [tmp_path / f"viec{suffix}" for suffix in (".xlsx", ".csv", ".docx")]
    out = kehoach("tasks", "--agency", "SXD", "--xlsx", files[0], "--csv", files[1], "--docx", files[2])
    assert out.code == 0
    assert all(f"Đã ghi {file}: Sở Xây dựng, 5 việc" in out.out for file in files)
    cells = [cell for row in load_workbook(files[0]).active.iter_rows() for cell in row]
    formula = next(cell for cell in cells if "xóa nhà tạm" in str(cell.value))
    assert formula.data_type == "s"
    assert "Quan trắc môi trường nước" in files[1].read_text("utf-8-sig")
    assert files[2].stat().st_size > 1000


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--agency", "Sở Bí Mật"), "Không nhận ra cơ quan «Sở Bí Mật»"),
        (("--agency", "Sở Y tế, Sở Xây dựng"), "nêu nhiều cơ quan"),
        (("--agency", "SXD", "--province", "Đồng Nay"), "Có phải: Đồng Nai"),
        (("--agency", "SXD", "--province", "Hà Nội"), "Kho chưa có kế hoạch nào của Hà Nội"),
        (("--agency", "SXD", "--role", "boss"), "Không có vai trò «boss»"),
        (("--agency", "SXD", "--due", "mai"), "--due = «mai» không phải số ngày"),
        (("--agency", "SXD", "--due", "-1"), "--due = «-1» không phải số ngày"),
        (("--agency", "SXD", "--due", "9" * 400), "không phải số ngày"),
        (("--agency", "SXD", "--due", "٣"), "không phải số ngày"),
        (("--agency", "SXD", "--date", "31/02/2026"), "không phải một ngày"),
        (("--agency", "SXD", "--date", "9999-12-31"), "không phải một ngày"),
        (("--agency", "SXD", "--xlsx", "/khong-co/x.xlsx"), "Không có thư mục «/khong-co»"),
        (("--agency", "SXD", "--csv", "x.xlsx"), "--csv không ghi được tệp «x.xlsx»"),
        (("--agency", "SXD", "--docx", "x"), "Đặt tên tệp có đuôi .docx"),
        (("--role", "lead"), "Chưa nêu cơ quan"),
    ],
)
def test_refused(kehoach: CommandLine, arguments: tuple[str, ...], said: str) -> None:
    assert said in kehoach.refused("tasks", *arguments)


def test_no_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    kehoach = CommandLine(tmp_path / "nha", monkeypatch, capsys)
    assert "Chưa có chỉ mục" in kehoach.refused("tasks", "--agency", "SXD")
    plan = tmp_path / "a.txt"
    plan.write_text(plan_text(), encoding="utf-8")
    assert kehoach("ingest", plan).code == 0
    assert kehoach("remove", "12/KH-UBND").code == 0
    assert "Kho chưa có kế hoạch nào" in kehoach.refused("tasks", "--agency", "SXD")
    assert "Kho chưa có kế hoạch nào" in kehoach.refused("tasks")
