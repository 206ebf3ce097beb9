"""What names became in 2025: the data, an administrator's own list, and questions with today's names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from commandline import CommandLine
from conftest import make_plan_file, with_agency

from answer.renamed import citation_note
from answer.result import Citation
from ingest.agencies import find_agencies
from ingest.errors import InputError
from ingest.model import Role
from ingest.provinces import province_names
from ingest.reorganisation import Change, predecessors, reorganisation, successors, told
from ui import markup

LABOUR, FARMING = "Sở Lao động - Thương binh và Xã hội", "Sở Nông nghiệp và Phát triển nông thôn"
TODAY = "Sở Nông nghiệp và Môi trường"
BEFORE, AFTER = "ngày 05 tháng 3 năm 2024", "ngày 05 tháng 3 năm 2026"
ROW = """
[[agency]]
former = "Sở Giao thông vận tải"
today = "Sở Xây dựng"
since = 2025-03-01
until = 2025-02-28
source = "Nghị quyết của Hội đồng nhân dân"
"""


@pytest.fixture(autouse=True)
def packaged(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("KEHOACH_REORGANISATION", raising=False)
    monkeypatch.setenv("KEHOACH_HOME", str(tmp_path / "nha"))


# The data


def test_every_former_province_belongs_to_exactly_one_of_today() -> None:
    provinces = reorganisation().provinces
    former = [name for names in provinces.values() for name in names]
    assert len(provinces) == 34
    assert len(former) == 63
    assert sorted(former) == sorted(province_names())
    assert all(today in names for today, names in provinces.items())  # every unit took the name of one of its own


def test_every_row_has_names_that_plans_are_read_with_its_source_and_dates() -> None:
    changes = [change for rows in reorganisation().former.values() for change in rows]
    assert {change.kind for change in changes} == {"agency", "province"}
    for change in changes:
        assert change.source
        assert change.until < change.since
        assert (change.since - change.until).days == 1
        assert set(change.provinces) <= set(province_names())
        if change.kind == "agency":
            for name in filter(None, (change.former, change.today)):
                assert [span.name for span in find_agencies(name)] == [name]


def test_a_split_names_all_successors_and_a_unit_that_goes_on_has_none() -> None:
    assert [(c.today, c.function) for c in successors(LABOUR)][1:3] == [
        ("Sở Y tế", "bảo trợ xã hội, trẻ em, phòng chống tệ nạn xã hội"),
        ("Sở Giáo dục và Đào tạo", "giáo dục nghề nghiệp"),
    ]
    assert len(successors(LABOUR)) == 5
    assert successors("Sở Y tế") == successors("Thái Nguyên") == successors("Ủy ban nhân dân cấp huyện") == ()
    assert [c.former for c in predecessors(TODAY)] == ["Sở Tài nguyên và Môi trường", FARMING, LABOUR]
    assert [c.former for c in predecessors("Hồ Chí Minh")] == ["Bà Rịa - Vũng Tàu", "Bình Dương"]
    assert [c.former for c in predecessors("Đồng Tháp")] == ["Tiền Giang"]
    assert predecessors("Hà Nội") == ()


def test_a_change_is_told_in_one_sentence() -> None:
    assert told("Sở Kế hoạch và Đầu tư") == (
        "Kế hoạch ghi Sở Kế hoạch và Đầu tư; từ 01/3/2025 chức năng thuộc Sở Tài chính (Nghị định 45/2025/NĐ-CP)."
    )
    assert "mô hình chung cả nước" in told("Sở Kế hoạch và Đầu tư", "Cà Mau")
    assert "mô hình chung" not in told("Sở Kế hoạch và Đầu tư", "Trà Vinh")  # a source tells of this province
    assert all(f"{change.today} ({change.function})" in told(LABOUR) for change in successors(LABOUR))
    assert told("Bắc Kạn") == "Kế hoạch của Bắc Kạn; từ 01/7/2025 thuộc tỉnh Thái Nguyên (Nghị quyết 202/2025/QH15)."
    assert "không có đơn vị cùng loại thay thế" in told("Ủy ban nhân dân cấp huyện")
    assert told("Sở Y tế") == told("Đồng Tháp") == told("Hội Làm vườn") == ""


# An administrator's own list


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "rieng.toml"
        path.write_text(text, encoding="utf-8")
        monkeypatch.setenv("KEHOACH_REORGANISATION", str(path))
        return path

    return write


def test_an_own_list_replaces_the_packaged_one(own: Callable[[str], Path]) -> None:
    own("﻿" + ROW)
    assert successors("Sở Giao thông vận tải") == (
        Change(
            "agency", "Sở Giao thông vận tải", "Sở Xây dựng", "", date(2025, 3, 1), date(2025, 2, 28),
            "Nghị quyết của Hội đồng nhân dân", "", (),
        ),
    )  # fmt: skip
    assert successors(LABOUR) == ()


def test_a_list_beside_the_index_is_used_and_an_empty_one_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "nha").mkdir()
    (tmp_path / "nha" / "reorganisation.toml").write_text("", encoding="utf-8")
    assert successors(LABOUR) == predecessors("Hồ Chí Minh") == ()


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("[[agency", "", "không phải TOML"),
        ("[[so]]\nformer = 'x'", "", "không có phần «so»"),
        ("agency = 'x'", "agency", "phải là các dòng"),
        ("agency = ['x']", "[[agency]] thứ 1", "không phải một dòng dữ liệu"),
        (ROW + ROW, "[[agency]] thứ 2", "đã có ở dòng trước"),
        (ROW.replace('source = "Nghị quyết của Hội đồng nhân dân"', ""), "[[agency]] thứ 1", "thiếu «source»"),
        (ROW.replace("2025-03-01", '"01/3/2025"'), "[[agency]] thứ 1", "«since» không phải một ngày"),
        (ROW.replace("2025-03-01", "2025-03-01T00:00:00"), "[[agency]] thứ 1", "«since» không phải một ngày"),
        (ROW.replace("2025-03-01", "2024-03-01"), "[[agency]] thứ 1", "«until» phải trước «since»"),
        (ROW.replace("Sở Xây dựng", "SXD"), "[[agency]] thứ 1", "không nhận ra cơ quan «SXD»"),
        (ROW.replace("Sở Xây dựng", "Sở Giao thông vận tải"), "[[agency]] thứ 1", "kế tục chính mình"),
        (ROW + "tinh = 'x'", "[[agency]] thứ 1", "không có trường «tinh»"),
        (ROW + "provinces = 'Cà Mau'", "[[agency]] thứ 1", "«provinces» phải là danh sách"),
        (ROW + "provinces = ['Atlantis']", "[[agency]] thứ 1", "không nhận ra tỉnh «Atlantis»"),
        (ROW + "note = 5", "[[agency]] thứ 1", "«note» phải là chuỗi"),
        ("unchanged = 'Hà Nội'", "unchanged", "phải là danh sách tên tỉnh"),
        ("unchanged = [['Hà Nội']]", "unchanged", "phải là danh sách tên tỉnh"),
    ],
)
def test_a_broken_list_is_refused_by_file_and_row(own: Callable[[str], Path], text: str, where: str, what: str) -> None:
    path = own(text)
    with pytest.raises(InputError) as raised:
        successors(LABOUR)
    assert str(path) in raised.value.message
    assert where in raised.value.message
    assert what in raised.value.message
    assert "xóa tệp để dùng danh mục có sẵn" in raised.value.remedy


# What is told beside a clause


def cited(printed: str, issued: date | None, province: str = "Đồng Tháp", role: Role = Role.LEAD) -> Citation:
    plan = with_agency(make_plan_file("5/KH-UBND", province, ["Cấp nước sạch cho hộ dân"]), 0, printed, role)
    return Citation(plan.clauses[0], replace(plan.document, issued=issued), 1.0)


def test_only_plans_of_before_the_change_bear_a_note() -> None:
    assert cited(FARMING, date(2025, 2, 28)).note == told(FARMING, "Đồng Tháp")
    assert cited(FARMING, None).note == told(FARMING, "Đồng Tháp")
    assert cited(FARMING, date(2025, 3, 1)).note == ""
    assert cited("Sở Y tế", date(2024, 1, 1)).note == ""
    assert cited("Sở Y tế", date(2025, 6, 30), "Bắc Kạn").note == told("Bắc Kạn")
    assert cited("Sở Y tế", date(2025, 7, 1), "Bắc Kạn").note == ""


def test_districts_have_a_note_only_where_they_lead() -> None:
    assert "không có đơn vị cùng loại" in cited("Ủy ban nhân dân cấp huyện", date(2024, 1, 1)).note
    assert cited("Ủy ban nhân dân cấp huyện", date(2024, 1, 1), role=Role.COORDINATING).note == ""


def test_several_names_are_told_together_with_all_successors() -> None:
    one = cited(LABOUR, date(2024, 1, 1))
    several = replace(one.clause, agencies=one.clause.agencies + cited(FARMING, None).clause.agencies)
    note = citation_note(several, one.document)
    assert f"{FARMING} → {TODAY}" in note
    successors_of_labour = "Sở Nội vụ, Sở Y tế, Sở Giáo dục và Đào tạo, Sở Nông nghiệp và Môi trường, Công an tỉnh"
    assert f"{LABOUR} → {successors_of_labour} (chia theo chức năng)" in note
    assert successors_of_labour in one.note


def test_the_card_shows_the_note_escaped(own: Callable[[str], Path]) -> None:
    own(ROW.replace("Nghị quyết của Hội", "<b>Nghị quyết</b> của Hội"))
    card = markup.card(cited("Sở Giao thông vận tải", date(2024, 1, 1)))
    assert "từ 01/3/2025 chức năng thuộc Sở Xây dựng (&lt;b&gt;Nghị quyết" in card
    assert "<b>Nghị" not in card
    assert "kh-small" not in markup.card(cited("Sở Xây dựng", date(2024, 1, 1)))


# Questions


def plan(number: str, province: str, issued: str, *duties: str) -> str:
    """A plan whose last part charges agencies, a line each."""
    numbered = "\n".join(f"{at}. {duty}" for at, duty in enumerate(duties, start=1))
    return f"""ỦY BAN NHÂN DÂN
TỈNH {province.upper()}

Số: {number}/KH-UBND
{province}, {issued}

KẾ HOẠCH
Phát triển đời sống dân cư trên địa bàn tỉnh {province}

I. MỤC TIÊU
1. Đến năm 2030 hoàn thành khoảng 2.500 căn nhà ở cho công nhân.
II. TỔ CHỨC THỰC HIỆN
{numbered}

TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
Nguyễn Văn An
"""


OLD = plan(
    "11", "Hậu Giang", BEFORE,
    f"{FARMING}: Chủ trì cấp nước sạch cho hộ dân vùng xâm nhập mặn.",
    "Sở Tài nguyên và Môi trường: Chủ trì thu gom rác thải nhựa ở bến tàu.",
    "Sở Y tế: Chủ trì tiêm chủng mở rộng tại trạm y tế.",
    f"{LABOUR}: Chủ trì tư vấn cho trẻ em mồ côi và phụ nữ đơn thân.",
    "Sở Tài chính: Chủ trì thẩm định dự toán mua sắm.",
    "Sở Kế hoạch và Đầu tư: Chủ trì kêu gọi vốn xây dựng cầu cảng.",
)  # fmt: skip
NEW = plan(
    "12", "An Giang", AFTER,
    f"{TODAY}: Chủ trì cấp nước sạch cho hộ dân vùng xâm nhập mặn.",
    "Sở Y tế: Chủ trì tư vấn cho trẻ em mồ côi.",
)  # fmt: skip
SAME = plan("13", "Đồng Tháp", BEFORE, "Sở Xây dựng: Chủ trì phát triển nhà ở xã hội cho công nhân.")


@pytest.fixture
def kehoach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    folder = tmp_path / "ke-hoach"
    folder.mkdir()
    for name, text in {"cu.txt": OLD, "moi.txt": NEW, "giu-ten.txt": SAME}.items():
        (folder / name).write_text(text, encoding="utf-8")
    command = CommandLine(tmp_path / "nha", monkeypatch, capsys)
    assert command("ingest", folder).code == 0
    return command


def asked(kehoach: CommandLine, question: str, *options: str) -> dict[str, Any]:
    outcome = kehoach("ask", question, *options, "--json")
    assert outcome.code == 0, outcome
    answer: dict[str, Any] = outcome.json
    return answer


def given(result: dict[str, Any]) -> list[tuple[str, str]]:
    """Province and citation's text of each answer."""
    return [(a["province"], result["citations"][a["citations"][0] - 1]["text"]) for a in result["answers"]]


@pytest.mark.parametrize("question", [f"{TODAY} được giao làm gì?", "so nong nghiep va moi truong chu tri viec gi"])
def test_todays_agency_finds_what_its_predecessors_are_charged_with(kehoach: CommandLine, question: str) -> None:
    result = asked(kehoach, question)
    (first, own), *others = given(result)
    assert first == "An Giang"  # the plan that prints today's name
    assert "nước sạch" in own
    assert result["answers"][0]["note"] is None
    assert {(province, text.split(":")[0].split(". ")[-1]) for province, text in others} == {
        ("Hậu Giang", FARMING),
        ("Hậu Giang", "Sở Tài nguyên và Môi trường"),
    }
    for answer in result["answers"][1:]:
        citation = result["citations"][answer["citations"][0] - 1]
        assert f"chức năng thuộc {TODAY} (Nghị định 45/2025/NĐ-CP" in answer["note"]
        assert f"chức năng thuộc {TODAY}" in citation["note"]
        assert TODAY not in citation["text"]  # the printed name is never rewritten
    assert any(FARMING in note for note in result["understood"]["notes"])


def test_an_abbreviation_of_todays_agency_is_known(kehoach: CommandLine) -> None:
    result = asked(kehoach, "snnmt chủ trì việc gì", "--province", "Hậu Giang")
    assert {text.split(". ")[-1].split(":")[0] for _, text in given(result)} == {FARMING, "Sở Tài nguyên và Môi trường"}


def test_of_several_predecessors_only_the_one_with_the_topic_answers(kehoach: CommandLine) -> None:
    result = asked(kehoach, f"{TODAY} làm gì về nước sạch?", "--province", "Hậu Giang")
    assert [FARMING in text for _, text in given(result)] == [True]


def test_a_name_that_goes_on_comes_before_what_it_took_over(kehoach: CommandLine) -> None:
    result = asked(kehoach, "Sở Tài chính chủ trì gì?", "--province", "Hậu Giang")
    assert ["dự toán" in text for _, text in given(result)] == [True, False]
    assert "cầu cảng" in given(result)[1][1]
    assert result["answers"][0]["note"] == told("Hậu Giang")
    assert result["answers"][1]["note"] == f"{told('Sở Kế hoạch và Đầu tư', 'Hậu Giang')} {told('Hậu Giang')}"


def test_what_only_may_belong_comes_last_and_names_every_successor(kehoach: CommandLine) -> None:
    result = asked(kehoach, "Sở Y tế làm gì cho trẻ em?")
    assert given(result)[0][0] == "An Giang"
    last = result["answers"][-1]
    assert LABOUR in given(result)[-1][1]
    assert last["note"].startswith("Có thể thuộc Sở Y tế. Kế hoạch ghi Sở Lao động")
    assert all(f"{change.today} ({change.function})" in last["note"] for change in successors(LABOUR))


def test_without_a_topic_a_split_agency_is_left_out(kehoach: CommandLine) -> None:
    result = asked(kehoach, "Sở Y tế được giao làm gì?", "--province", "Hậu Giang")
    assert ["tiêm chủng" in text for _, text in given(result)] == [True]
    assert result["answers"][0]["note"] == told("Hậu Giang")
    assert result["understood"]["notes"] == []


@pytest.mark.parametrize("typed", ["Cần Thơ", "can tho"])
def test_todays_province_is_put_to_the_plans_of_those_that_went_into_it(kehoach: CommandLine, typed: str) -> None:
    result = asked(kehoach, f"ai chủ trì tiêm chủng mở rộng ở {typed}?")
    assert [(a["province"], a["text"]) for a in result["answers"]] == [("Hậu Giang", "Sở Y tế")]
    assert result["answers"][0]["note"] == told("Hậu Giang")
    assert result["understood"]["provinces"] == ["Cần Thơ"]
    (note,) = [note for note in result["understood"]["notes"] if "Hậu Giang" in note]
    assert note.startswith("Thành phố Cần Thơ từ 01/7/2025 gồm cả Hậu Giang (Nghị quyết 202/2025/QH15)")


def test_a_province_that_kept_its_name_and_one_without_any_plan(kehoach: CommandLine) -> None:
    result = asked(kehoach, "ai chủ trì nhà ở xã hội?", "--province", "Đồng Tháp")
    assert [(a["province"], a["text"], a["note"]) for a in result["answers"]] == [("Đồng Tháp", "Sở Xây dựng", None)]
    assert result["understood"]["notes"] == []
    assert asked(kehoach, "ai chủ trì nhà ở xã hội ở Cà Mau?")["reason"] == "Kho chưa có kế hoạch nào của Cà Mau."


def test_a_merged_province_has_its_own_plan_and_those_of_the_others(kehoach: CommandLine, tmp_path: Path) -> None:
    text = plan("14", "Tiền Giang", BEFORE, "Sở Xây dựng: Chủ trì phát triển nhà ở xã hội cho công nhân.")
    (tmp_path / "tien-giang.txt").write_text(text, encoding="utf-8")
    assert kehoach("ingest", tmp_path / "tien-giang.txt").code == 0
    result = asked(kehoach, "ai chủ trì nhà ở xã hội ở Đồng Tháp?")
    assert {a["province"]: a["note"] for a in result["answers"]} == {
        "Đồng Tháp": None,
        "Tiền Giang": told("Tiền Giang"),
    }
    assert "tìm cả kế hoạch của Tiền Giang" in result["understood"]["notes"][-1]
    former = asked(kehoach, "ai chủ trì nhà ở xã hội ở Tiền Giang?")
    assert [a["province"] for a in former["answers"]] == ["Tiền Giang"]  # a former name asks for that plan alone


def test_the_terminal_prints_the_note(kehoach: CommandLine) -> None:
    out = kehoach("ask", f"{TODAY} được giao làm gì?", "--province", "Hậu Giang").out
    assert f"  Lưu ý: {told(FARMING, 'Hậu Giang')} {told('Hậu Giang')}" in out.splitlines()
    assert "tìm cả tên trước sắp xếp Sở Tài nguyên và Môi trường" in out


def test_a_broken_list_stops_a_question(kehoach: CommandLine, own: Callable[[str], Path]) -> None:
    path = own(ROW + "note = 5")
    assert f"«{path}», [[agency]] thứ 1: «note» phải là chuỗi" in kehoach.refused("ask", "ai chủ trì nhà ở xã hội?")
    path.unlink()
    assert f"«{path}»" in kehoach.refused("ask", "ai chủ trì nhà ở xã hội?")
