"""What agencies are charged with, against a list made by reading the four plans; names, reorganisation, what is due."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import HashEncoder, make_plan_file, with_agency

from answer.agency import listed_agencies, recognised_agency
from answer.functions import part_named
from answer.places import recognised_province
from answer.task_words import notes
from answer.tasks import AgencyTasks, Task, agency_tasks, counts_by_role, due_soon, overdue, plans
from answer.tasks_table import tasks_table
from index.build import Builder
from index.search import Searcher
from index.store import Store
from ingest.errors import IndexStateError, QuestionError
from ingest.model import AgencyMention, Parsed, Role

BUILDING, LABOUR = "Sở Xây dựng", "Sở Lao động - Thương binh và Xã hội"
LAND, FARMING = "Sở Tài nguyên và Môi trường", "Sở Nông nghiệp và Phát triển nông thôn"
TODAY_FARMING = "Sở Nông nghiệp và Môi trường"
TODAY = date(2026, 11, 22)
Mention = tuple[str, int, int, str, str]  # plan, first and last line, agency, role

_LINES = (Path(__file__).parent / "truth" / "agency-tasks.jsonl").read_text("utf-8").splitlines()
TRUTH: list[dict[str, Any]] = [json.loads(line) for line in _LINES]


@pytest.fixture(scope="module")
def corpus(corpus_home: Path) -> Iterator[Searcher]:
    with Searcher.open(corpus_home) as opened:
        yield opened


def wanted(names: set[str], role: str | None = None) -> set[Mention]:
    """Plan, lines, agency and role of every place that the list holds of these agencies."""
    duties = {"lead", "coordinating", "advising"}
    return {
        (t["number"], *t["lines"], t["agency"], said)
        for t in TRUTH
        if t["agency"] in names and (role in t["roles"] if role else duties & set(t["roles"]))
        for said in t["roles"]
    }


def covers(task: Task, number: str, first: int, last: int) -> bool:
    place = task.clause.place
    return task.document.number == number and place.first <= last and place.last >= first


def compared(found: AgencyTasks, listed: set[Mention]) -> tuple[float, float]:
    """Recall and precision of (place, agency, role)."""
    told = {
        (task.document.number, task.clause.place.first, task.clause.place.last, mention.name, mention.role.value)
        for task in found.items
        for mention in task.clause.agencies
        if mention.name in found.names
    }
    hits = {(a, b) for a in listed for b in told if _same(a, b)}
    return len({a for a, _ in hits}) / len(listed), len({b for _, b in hits}) / len(told)


def _same(one: Mention, other: Mention) -> bool:
    return (one[0], *one[3:]) == (other[0], *other[3:]) and one[1] <= other[2] and one[2] >= other[1]


@pytest.mark.parametrize(
    ("asked", "names", "count"),
    [
        ("Sở Xây dựng", {BUILDING}, 48),
        ("sở lđtbxh", {LABOUR}, 175),
        ("Sở Nông nghiệp và Môi trường", {LAND, FARMING}, 22),
    ],
)
def test_everything_an_agency_is_charged_with(corpus: Searcher, asked: str, names: set[str], count: int) -> None:
    found = agency_tasks(corpus, asked)
    assert compared(found, wanted(names)) == (1.0, 1.0)
    assert len(found.items) == len({(number, first) for number, first, *_ in wanted(names)}) == count


def test_places_that_only_report_to_it_are_counted_apart(corpus: Searcher) -> None:
    found = agency_tasks(corpus, "sở lđtbxh", role=Role.REPORTING_TO)
    assert compared(found, wanted({LABOUR}, "reporting_to")) == (1.0, 1.0)
    assert agency_tasks(corpus, "sở lđtbxh").reported == len(found.items) - 1  # one also charges it


def test_each_place_once_with_all_its_roles(corpus: Searcher) -> None:
    found = agency_tasks(corpus, "sở lđtbxh")
    assert len({task.clause.id for task in found.items}) == len(found.items)
    both = next(task for task in found.items if covers(task, "143/KH-UBND", 280, 280))
    assert both.roles == (Role.LEAD, Role.ADVISING)
    assert counts_by_role(found.items)[Role.COORDINATING] == 10


def test_todays_name_finds_its_predecessors_and_says_so(corpus: Searcher) -> None:
    found = agency_tasks(corpus, "so nong nghiep va moi truong")
    assert found.names == (TODAY_FARMING, LAND, FARMING)
    assert {name for task in found.items for name in task.names} == {LAND, FARMING}
    told = " ".join(notes(found))
    assert "Kế hoạch ghi Sở Tài nguyên và Môi trường; từ 01/3/2025 chức năng thuộc Sở Nông nghiệp và Môi trường" in told
    assert "Nghị định 45/2025/NĐ-CP" in told


def test_of_a_split_agency_only_what_speaks_of_the_part_is_shown_and_apart(corpus: Searcher) -> None:
    found = agency_tasks(corpus, TODAY_FARMING)
    assert {task.part for task in found.possible} == {"giảm nghèo"}
    assert all(task.names == (LABOUR,) for task in found.possible)
    about = [t for t in TRUTH if t.get("about") == "giảm nghèo"]
    missed = [t for t in about if not any(covers(task, t["number"], *t["lines"]) for task in found.possible)]
    assert len(about) == 13
    assert not missed
    assert found.unassigned == {LABOUR: 175 - len(found.possible)}
    assert any("«Có thể thuộc»" in note and "151 việc khác" in note for note in notes(found))


def test_province_and_role_restrict(corpus: Searcher) -> None:
    found = agency_tasks(corpus, BUILDING, "dong thap")
    assert {task.document.number for task in found.items} == {"328/KH-UBND"}
    assert [document.number for document, _ in plans(found.items)] == ["328/KH-UBND"]
    advising = agency_tasks(corpus, BUILDING, role=Role.ADVISING)
    assert [task.clause.place.first for task in advising.items] == [153]


def test_a_province_of_today_holds_the_plans_of_those_that_went_into_it(corpus: Searcher) -> None:
    found = agency_tasks(corpus, BUILDING, "TP. Hồ Chí Minh")
    assert {task.document.province for task in found.items} == {"Bà Rịa - Vũng Tàu"}
    assert any("Nghị quyết 202/2025/QH15" in note for note in notes(found))


def test_what_is_due_soon(corpus: Searcher) -> None:
    soon = due_soon(agency_tasks(corpus, "sở lđtbxh").items, TODAY, 20)
    assert [(item.day.isoformat(), item.task.clause.place.first) for item in soon] == [
        ("2026-11-30", 30),
        ("2026-12-05", 280),
    ]
    year = due_soon(agency_tasks(corpus, "sở lđtbxh").items, TODAY, 365)
    assert [item.day for item in year] == sorted(item.day for item in year)
    # a report every half year, of a plan whose years ended with 2025
    assert not any(item.task.document.number == "9491/KH-UBND" for item in year)


def test_the_table_holds_what_the_list_shows(corpus: Searcher) -> None:
    found = agency_tasks(corpus, TODAY_FARMING)
    table = tasks_table(found, TODAY)
    assert len(table.lines) == len(found.items) + len(found.possible)
    assert all(len(line.cells) == len(table.columns) and line.sources for line in table.lines)
    assert table.made == TODAY
    assert [line.cells[-1].text.startswith("Có thể thuộc") for line in table.lines] == [False] * 22 + [True] * 24
    assert {line.cells[-1].text for line in table.lines[:22]} == {"Tên trước khi sắp xếp"}
    soon = tasks_table(agency_tasks(corpus, "sở lđtbxh"), TODAY, 20)
    assert [line.cells[7].text for line in soon.lines] == ["30/11/2026", "05/12/2026"]
    assert "đến hạn từ 22/11/2026 đến 12/12/2026" in soon.asked


# Small plans


def opened(home: Path, *parsed: Parsed) -> Searcher:
    with Store.open(home) as store:
        Builder(store, HashEncoder(), home).sync(list(parsed))
    return Searcher.open(home, HashEncoder())


def test_a_heading_counts_only_where_nothing_stands_under_it(tmp_path: Path) -> None:
    from ingest.parse import parse_file
    from ingest.settings import Settings

    plan = tmp_path / "plan.txt"
    plan.write_text(
        "ỦY BAN NHÂN DÂN\nTỈNH CÀ MAU\n\nSố: 12/KH-UBND\n\nCà Mau, ngày 05 tháng 02 năm 2024\n\nKẾ HOẠCH\n\n"
        "Nước sạch nông thôn\n\nI. TỔ CHỨC THỰC HIỆN\n\n1. Sở Y tế\n\n- Kiểm tra chất lượng nước.\n\n"
        "2. Giao Sở Y tế tập huấn cán bộ.\n\nTM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\n\nNguyễn Văn A\n",
        encoding="utf-8",
    )
    with opened(tmp_path / "nha", parse_file(plan, Settings())) as searcher:
        found = agency_tasks(searcher, "Sở Y tế")
    assert [task.content for task in found.items] == ["Kiểm tra chất lượng nước.", "2. Giao Sở Y tế tập huấn cán bộ."]


def test_variants_and_counts_of_the_agencies(tmp_path: Path) -> None:
    first = with_agency(make_plan_file("1/KH-UBND", "Cà Mau", ["Xây cầu", "Xây chợ"]), 0, "Sở Y tế")
    mention = AgencyMention("Sở Y tế", Role.COORDINATING, "SYT")
    clauses = (first.clauses[0], replace(first.clauses[1], agencies=(mention,)))
    second = with_agency(make_plan_file("2/KH-UBND", "Lào Cai", ["Xây chợ"]), 0, "Sở Nội vụ")
    with opened(tmp_path / "nha", replace(first, clauses=clauses), second) as searcher:
        listed = listed_agencies(searcher)
        assert searcher.agencies() == {"Sở Y tế", "Sở Nội vụ"}
    assert [(a.name, a.total, a.provinces) for a in listed] == [
        ("Sở Y tế", 2, ("Cà Mau",)),
        ("Sở Nội vụ", 1, ("Lào Cai",)),
    ]
    assert listed[0].variants == (("SYT", 1), ("Sở Y tế", 1))
    assert listed[0].roles == {Role.LEAD: 1, Role.COORDINATING: 1}


def test_no_plan_at_all(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        builder = Builder(store, HashEncoder(), tmp_path)
        builder.sync([make_plan_file("1/KH-UBND", "Cà Mau", ["Xây cầu"])])
        builder.remove("1/KH-UBND")
    with Searcher.open(tmp_path, HashEncoder()) as searcher, pytest.raises(IndexStateError, match="chưa có kế hoạch"):
        agency_tasks(searcher, "Sở Y tế")


def test_overdue_is_what_has_no_day_to_come(tmp_path: Path) -> None:
    texts = ["Xong trong năm 2025", "Báo cáo trước ngày 01/10 hằng năm", "Xong trong năm 2030", "Làm ngay"]
    plan = make_plan_file("1/KH-UBND", "Cà Mau", texts)
    for at in range(len(texts)):
        plan = with_agency(plan, at, "Sở Y tế")
    with opened(tmp_path / "nha", plan) as searcher:
        found = agency_tasks(searcher, "Sở Y tế")
    assert [task.content for task in overdue(found.items, TODAY)] == ["Xong trong năm 2025"]


# Names


PRINTED = {BUILDING, LABOUR, "Sở Y tế", "Sở Công Thương", "Bảo hiểm xã hội tỉnh"}


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("SXD", BUILDING),
        ("so xay dung", BUILDING),
        ("  sở XÂY DỰNG.", BUILDING),
        ("xây dựng", BUILDING),
        ("so xay dugn", BUILDING),
        ("LĐTBXH", LABOUR),
        ("Sở LĐ-TB&XH", LABOUR),
        ("sở lao đông thuong binh", LABOUR),
        ("bhxh", "Bảo hiểm xã hội tỉnh"),
        ("sở công thươg", "Sở Công Thương"),
        ("Sở Dân tộc và Tôn giáo", "Sở Dân tộc và Tôn giáo"),
        ("nn&mt", TODAY_FARMING),
    ],
)
def test_a_name_in_any_spelling(typed: str, name: str) -> None:
    assert recognised_agency(typed, PRINTED) == name


@pytest.mark.parametrize("typed", ["", "   ", "Sở Bí Mật", "xyz", "ai chủ trì nhà ở", "🏠", "Sở", "x" * 5000])
def test_an_unknown_name_is_refused(typed: str) -> None:
    with pytest.raises(QuestionError, match="Không nhận ra cơ quan") as refused:
        recognised_agency(typed, PRINTED)
    assert "kehoach tasks" in refused.value.remedy


def test_the_nearest_names_are_offered() -> None:
    with pytest.raises(QuestionError) as refused:
        recognised_agency("sở công nghiệp thương", PRINTED)
    assert "Sở Công Thương" in refused.value.remedy
    with pytest.raises(QuestionError, match="nhiều cơ quan"):
        recognised_agency("Sở Y tế và Sở Xây dựng", PRINTED)


def test_provinces() -> None:
    have = {"Đồng Tháp", "Đồng Nai", "Bà Rịa - Vũng Tàu"}
    assert recognised_province("tinh dong thap", have) == "Đồng Tháp"
    assert recognised_province("TP HCM", have) == "Hồ Chí Minh"
    with pytest.raises(QuestionError) as refused:
        recognised_province("Đồng Tấp", have)
    assert refused.value.remedy.startswith("Có phải: Đồng Tháp")
    with pytest.raises(QuestionError, match="chưa có kế hoạch nào của Hà Giang"):
        recognised_province("Hà Giang", have)


@pytest.mark.parametrize(
    ("function", "text", "part"),
    [
        ("giảm nghèo", "Hỗ trợ hộ nghèo vay vốn", "giảm nghèo"),
        ("giảm nghèo", "Giảm tỷ lệ thất nghiệp", ""),
        ("lao động, việc làm", "Sở Lao động - Thương binh và Xã hội hỗ trợ người già", ""),
        ("lao động, việc làm", "Giới thiệu việc làm cho thanh niên", "việc làm"),
        ("bảo trợ xã hội, phòng, chống tệ nạn xã hội", "Phòng chống mại dâm", "phòng, chống tệ nạn xã hội"),
        ("thông tin và truyền thông, trừ báo chí và xuất bản", "Phát triển báo chí", ""),
        ("công nghệ thông tin, các việc còn lại", "Phổ cập chuyển đổi số", "công nghệ thông tin"),
        ("công nghệ thông tin, các việc còn lại", "Phủ sóng ở vùng cao", "các việc còn lại"),
        ("đường thủy nội địa, cảng cá", "Nạo vét cảng cá", "cảng cá"),
    ],
)
def test_which_part_of_the_functions_a_text_is_about(function: str, text: str, part: str) -> None:
    assert part_named(function, text) == part
