"""A plan that was replaced or amended: said beside every citation, in every table, and when it is asked for itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from commandline import CommandLine
from conftest import HashEncoder
from streamlit.testing.v1 import AppTest
from test_app import build, environment, html, page, text

from answer.answerer import Answerer
from answer.compare import compare, comparison_table
from answer.compare import to_json as compare_json
from answer.indicators.matrix import matrix_of
from answer.indicators.present import matrix_json, matrix_table
from answer.indicators.select import Choice, select
from answer.result import Result, to_json
from answer.standing import Newer, behind, come_first, standing
from answer.tasks import agency_tasks
from answer.tasks_table import tasks_table
from answer.validity import StandingAsked, standing_asked
from export import csv_file, docx, xlsx
from index.filter import Filter
from index.lineage import Lineage
from index.search import Searcher
from ingest.model import Bond
from ingest.parse import parse_bytes
from ingest.settings import Settings

__all__ = ["environment"]

HEAD = """ỦY BAN NHÂN DÂN
TỈNH LÀO CAI
Số: {number}/KH-UBND
Lào Cai, ngày {day} tháng {month} năm {year}
KẾ HOẠCH
{title}
"""
OLD = (
    HEAD.format(number=12, day="05", month="3", year=2023, title="Chăm sóc người cao tuổi")
    + """I. MỤC TIÊU
1. Đến năm 2030, 60% xã có câu lạc bộ liên thế hệ.
II. TỔ CHỨC THỰC HIỆN
1. Sở Y tế: Chủ trì xây dựng câu lạc bộ liên thế hệ.
"""
)
REPLACING = "Kế hoạch này có hiệu lực từ ngày ký và thay thế Kế hoạch số 12/KH-UBND ngày 05/3/2023 của UBND tỉnh."
NEW = (
    HEAD.format(number=15, day="10", month="4", year=2024, title="Chăm sóc, phát huy người cao tuổi")
    + f"""I. MỤC TIÊU
1. Đến năm 2030, 80% xã có câu lạc bộ liên thế hệ.
II. TỔ CHỨC THỰC HIỆN
1. Sở Nội vụ: Chủ trì xây dựng câu lạc bộ liên thế hệ.
2. {REPLACING}
"""
)
AMENDING_TITLE = "Điều chỉnh, bổ sung một số nội dung của Kế hoạch số 15/KH-UBND ngày 10/4/2024 của UBND tỉnh"
AMENDING = (
    HEAD.format(number=40, day="20", month="9", year=2024, title=AMENDING_TITLE)
    + """I. NỘI DUNG
1. Đến năm 2030, 85% xã có câu lạc bộ liên thế hệ.
II. TỔ CHỨC THỰC HIỆN
Các nội dung khác giữ nguyên theo Kế hoạch số 15/KH-UBND ngày 10/4/2024.
"""
)
LAST = HEAD.format(number=50, day="01", month="2", year=2025, title="Thay thế Kế hoạch số 15/KH-UBND ngày 10/4/2024")
LAST += "I. MỤC TIÊU\n1. Đến năm 2030, mọi xã có câu lạc bộ.\n"
OTHER = (
    HEAD.format(number=77, day="05", month="3", year=2023, title="Nhà ở")
    .replace("LÀO CAI", "ĐỒNG NAI")
    .replace("Lào Cai", "Đồng Nai")
    + "I. MỤC TIÊU\n1. Đến năm 2030, 70% xã có câu lạc bộ liên thế hệ.\n"
)
REPLACED_NOTE = "Văn bản này đã được thay thế bởi Kế hoạch số 15/KH-UBND ngày 10/4/2024."
AMENDED_NOTE = "Văn bản này đã được sửa đổi, bổ sung bởi Kế hoạch số 40/KH-UBND ngày 20/9/2024."
SHARE = "Bao nhiêu phần trăm xã có câu lạc bộ liên thế hệ đến năm 2030?"
LEAD = "Ai chủ trì xây dựng câu lạc bộ liên thế hệ?"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("plans")
    for name, content in (("12", OLD), ("15", NEW), ("40", AMENDING), ("77", OTHER)):
        (folder / f"{name}.txt").write_text(content, encoding="utf-8")
    return sorted(folder.iterdir())


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, files: list[Path]) -> Path:
    home = tmp_path_factory.mktemp("standing") / "nha"
    build(home, files, HashEncoder())
    return home


@pytest.fixture
def searcher(built: Path) -> Iterator[Searcher]:
    with Searcher.open(built, HashEncoder()) as opened:
        yield opened


@pytest.fixture
def answerer(searcher: Searcher) -> Answerer:
    return Answerer(searcher)


def numbers(result: Result) -> list[str]:
    return [answer.number.split("/")[0] for answer in result.answers]


# Questions about anything


def test_the_plan_in_force_answers_first_and_the_older_ones_say_what_they_are(answerer: Answerer) -> None:
    result = answerer.ask(SHARE, "Lào Cai")
    assert numbers(result) == ["40", "15", "12"]
    first = {c.document.number: c.standing for c in reversed(result.citations)}
    assert first["40/KH-UBND"] == ""
    assert first["15/KH-UBND"] == AMENDED_NOTE
    assert first["12/KH-UBND"] == ("Văn bản này đã được thay thế bởi Kế hoạch số 15/KH-UBND ngày 10/4/2024.")
    order = [citation.document.number for citation in result.citations]
    assert order.index("15/KH-UBND") < order.index("12/KH-UBND")
    assert numbers(answerer.ask(LEAD, "Lào Cai")) == ["15", "12"]


def test_json_tells_which_plan_is_newer_and_in_which_words(answerer: Answerer) -> None:
    found = to_json(answerer.ask(LEAD, "Lào Cai"))
    cited = {citation["number"]: citation for citation in found["citations"]}
    assert cited["12/KH-UBND"]["standing"] == REPLACED_NOTE
    (later,) = cited["12/KH-UBND"]["later"]
    assert (later["bond"], later["number"], later["issued"]) == ("replaces", "15/KH-UBND", "2024-04-10")
    assert later["quote"] in NEW
    assert (cited["40/KH-UBND"]["standing"], cited["40/KH-UBND"]["later"]) == (None, [])


def test_a_chain_is_told_to_its_end() -> None:
    old, new = (parse_bytes(each.encode(), Path("x.txt"), Settings()).document for each in (OLD, NEW))
    last = parse_bytes(LAST.encode(), Path("x.txt"), Settings()).document
    assert standing(Lineage([new, last, old]).of(old)) == (
        f"{REPLACED_NOTE} Kế hoạch số 15/KH-UBND ngày 10/4/2024 sau đó đã được thay thế bởi Kế hoạch số 50/KH-UBND "
        "ngày 01/2/2025."
    )
    assert standing(Lineage([last, old]).of(old)) == ""


def test_what_comes_first_depends_on_the_bond() -> None:
    newer = {"old": Newer(frozenset({"new"}), frozenset({"part"}))}
    assert come_first({"old": 0.9, "new": 0.5, "part": 0.5}, newer) == {"old": {"new"}}
    assert come_first({"old": 0.95, "part": 0.9}, newer) == {"old": {"part"}}
    assert behind(["old", "x", "old", "new", "y"], str, {"old": {"new"}}) == ["x", "new", "old", "old", "y"]
    assert behind(["old", "x"], str, {"old": {"new"}}) == ["old", "x"]  # nothing of the new one: nothing is held back
    assert behind(["b", "a"], str, {}) == ["b", "a"]


# Questions about a plan's standing


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Kế hoạch 12/KH-UBND còn hiệu lực không?", StandingAsked(True, frozenset(Bond), "12/kh-ubnd")),
        ("ke hoach 12 con hieu luc khong", StandingAsked(True, frozenset(Bond), "12")),
        ("văn bản nào thay thế kế hoạch số 12?", StandingAsked(True, frozenset({Bond.REPLACES}), "12")),
        ("Kế hoạch 12 đã bị thay thế chưa?", StandingAsked(True, frozenset({Bond.REPLACES}), "12")),
        ("Kế hoạch số 15 được điều chỉnh tại văn bản nào?", StandingAsked(True, frozenset({Bond.AMENDS}), "15")),
        ("Kế hoạch số 15 thay thế văn bản nào?", StandingAsked(False, frozenset({Bond.REPLACES}), "15")),
        ("Kế hoạch 15 có thay thế Kế hoạch 12 không?", StandingAsked(False, frozenset({Bond.REPLACES}), "15", "12")),
        ("Kế hoạch của Lào Cai còn hiệu lực không?", StandingAsked(True, frozenset(Bond))),
        ("Theo Kế hoạch 143, sở nào tham mưu sửa đổi nghị định?", None),
        ("Mức sinh thay thế là bao nhiêu?", None),
        ("Kế hoạch có hiệu lực từ năm nào?", None),
        ("Ai chủ trì điều chỉnh định mức?", None),
    ],
)
def test_questions_about_standing_are_told_from_others(question: str, asked: StandingAsked | None) -> None:
    assert standing_asked(question) == asked


@pytest.mark.parametrize(
    ("question", "number", "quote"),
    [
        ("Kế hoạch 12/KH-UBND còn hiệu lực không?", "15/KH-UBND", REPLACING),
        ("Văn bản nào thay thế Kế hoạch số 12?", "15/KH-UBND", REPLACING),
        ("Kế hoạch số 15 thay thế văn bản nào?", "15/KH-UBND", REPLACING),
        ("Kế hoạch số 15 đã được sửa đổi, bổ sung bởi văn bản nào?", "40/KH-UBND", AMENDING_TITLE),
        ("Kế hoạch 40 điều chỉnh kế hoạch nào?", "40/KH-UBND", AMENDING_TITLE),
    ],
)
def test_they_are_answered_in_the_words_of_the_newer_plan(
    answerer: Answerer, question: str, number: str, quote: str
) -> None:
    (answer,) = answerer.ask(question).answers
    assert (answer.number, answer.kind) == (number, "metadata")
    assert answer.text.removeprefix("2. ").rstrip(".") == quote.rstrip(".")


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("Kế hoạch 77 còn hiệu lực không?", "thay thế hoặc sửa đổi, bổ sung văn bản số 77"),
        ("Kế hoạch 77 thay thế văn bản nào?", "Không tìm thấy chỗ nào trong văn bản số 77 nêu thay thế"),
        ("Kế hoạch 99 thay thế văn bản nào?", "Kho chưa có văn bản số 99."),
        ("Kế hoạch 12 của Đồng Nai còn hiệu lực không?", "Không tìm thấy văn bản nào"),
    ],
)
def test_what_no_plan_says_is_not_found(answerer: Answerer, question: str, reason: str) -> None:
    result = answerer.ask(question)
    assert result.abstained
    assert reason in (result.reason or "")


def test_the_plan_that_a_filter_leaves_is_the_one_that_is_asked_for(answerer: Answerer) -> None:
    (old,) = (d for d in answerer.documents if d.number == "12/KH-UBND")
    question = "Kế hoạch này còn hiệu lực không?"
    assert numbers(answerer.ask(question, restrict=Filter(documents=frozenset({old.id})))) == ["15"]
    (other,) = (d for d in answerer.documents if d.number == "77/KH-UBND")
    assert answerer.ask(question, restrict=Filter(documents=frozenset({other.id}))).abstained


# Tables


def test_a_comparison_shows_the_plan_in_force_and_marks_the_others(answerer: Answerer) -> None:
    found = compare(answerer, SHARE)
    (lao_cai,) = (side for side in found.sides if side.province == "Lào Cai")
    chain = [lao_cai, *lao_cai.others]
    assert [side.document.number for side in chain] == ["40/KH-UBND", "15/KH-UBND", "12/KH-UBND"]
    table = comparison_table(found, date(2026, 1, 1))
    assert "12/KH-UBND (đã được thay thế)" in {line.cells[1].text for line in table.lines}
    assert f"Kế hoạch số 12/KH-UBND ngày 05/3/2023: {REPLACED_NOTE}" in table.notes
    assert "đã được thay thế" in csv_file.content(table).decode("utf-8-sig")
    assert docx.content(table) and xlsx.content(table)
    (told,) = (each for each in compare_json(found)["provinces"] if each["number"] == "40/KH-UBND")
    assert [other["standing"] for other in told["others"]] == [AMENDED_NOTE, REPLACED_NOTE]


def test_tasks_and_indicators_say_so_too(searcher: Searcher) -> None:
    found = agency_tasks(searcher, "Sở Y tế", "Lào Cai")
    (line,) = tasks_table(found, date(2026, 1, 1)).lines
    assert line.cells[-1].text == REPLACED_NOTE
    selection = select(matrix_of(searcher), Choice())
    assert (
        f"Kế hoạch số 12/KH-UBND ngày 05/3/2023: {REPLACED_NOTE}"
        in matrix_table(selection, Choice(), date(2026, 1, 1)).notes
    )
    rows = [
        *matrix_json(selection)["indicators"],
        *(r for x in matrix_json(selection)["unmatched"].values() for r in x),
    ]
    cells = {cell["number"]: cell["standing"] for row in rows for cell in row["cells"].values()}
    assert (cells["12/KH-UBND"], cells["77/KH-UBND"]) == (REPLACED_NOTE, None)


# The command line


def test_commands_say_so(
    files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kehoach = CommandLine(tmp_path / "nha", monkeypatch, capsys)
    assert kehoach("ingest", files[0].parent).code == 0
    asked = kehoach("ask", LEAD, "--province", "Lào Cai").out
    assert asked.index("Lào Cai: Sở Nội vụ") < asked.index("Lào Cai: Sở Y tế")
    assert f"Lưu ý: {REPLACED_NOTE}" in asked
    assert f"Lưu ý: {REPLACED_NOTE}" in kehoach("compare", LEAD).out
    assert f"Lưu ý: {REPLACED_NOTE}" in kehoach("tasks", "--agency", "Sở Y tế").out
    listed = {document["number"]: document for document in kehoach("documents", "--json").json}
    (relation,) = listed["15/KH-UBND"]["relations"]
    assert (relation["bond"], relation["number"], relation["in_index"]) == ("replaces", "12/KH-UBND", True)
    assert [later["number"] for later in listed["12/KH-UBND"]["later"]] == ["15/KH-UBND"]
    # The newer plan is taken out: the older one stands again.
    assert kehoach("remove", "15/KH-UBND").code == 0
    assert "Lưu ý: Văn bản này" not in kehoach("ask", LEAD, "--province", "Lào Cai").out


# The app


def links(app: AppTest, name: str) -> list[str]:
    found = re.findall(r'<a [^>]*href="([^"]*)"[^>]*>([^<]*)</a>', html(app))
    return [unescape(href) for href, told in found if told == name]


def test_a_card_says_so_and_opens_the_newer_plan(searcher: Searcher) -> None:
    app = page(q=LEAD, province="Lào Cai")
    assert REPLACED_NOTE in text(app)
    new = next(d for d in searcher.documents() if d.number == "15/KH-UBND")
    assert f"van-ban?doc={new.id}" in links(app, "Mở Kế hoạch số 15/KH-UBND ngày 10/4/2024")


def test_the_page_of_a_plan_tells_both_directions_with_the_words(searcher: Searcher) -> None:
    by_number = {d.number.split("/")[0]: d for d in searcher.documents()}
    app = page("ui/source.py", doc=by_number["15"].id)
    told = text(app)
    assert AMENDED_NOTE in told
    assert f"Đã được sửa đổi, bổ sung bởi Kế hoạch số 40/KH-UBND ngày 20/9/2024 : «{AMENDING_TITLE}»" in told
    assert "Thay thế Kế hoạch số 12/KH-UBND ngày 05/3/2023 : «" in told
    assert f"van-ban?doc={by_number['12'].id}" in links(app, "Kế hoạch số 12/KH-UBND ngày 05/3/2023")
    where = next(href for href in links(app, "dòng 11") if by_number["15"].id in href)
    opened = page("ui/source.py", doc=by_number["15"].id, find=REPLACING, hit="1")
    assert "find=" in where
    assert "1 chỗ" in text(opened)


def test_the_list_of_plans_tells_both_directions() -> None:
    told = text(page("ui/source.py"))
    assert REPLACED_NOTE in told
    assert "Thay thế: Kế hoạch số 12/KH-UBND ngày 05/3/2023" in told
    assert "Sửa đổi, bổ sung: Kế hoạch số 15/KH-UBND ngày 10/4/2024" in told


def test_the_comparison_of_the_app_marks_a_plan_that_was_replaced() -> None:
    assert REPLACED_NOTE in text(page("ui/compare.py", q=LEAD))
