"""The outline of a plan, its document view and its tables, as pure functions."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest
from conftest import make_plan_file

from answer.outline import Node, outline
from ingest.files import plan_files
from ingest.model import Clause, Parsed
from ingest.parse import parse_file
from ingest.settings import Settings
from ui.document import anchor, as_printed, document_html
from ui.find_in import find_in, parts
from ui.inked import Ink, Inked, inked, of_find
from ui.outline import outline_html

_HEAD = """ỦY BAN NHÂN DÂN
TỈNH CÀ MAU

Số: 5/KH-UBND

Cà Mau, ngày 05 tháng 02 năm 2024

KẾ HOẠCH

Thực hiện chính sách xã hội trên địa bàn tỉnh Cà Mau

"""
_BODY = """I. MỤC TIÊU

1. Chỉ tiêu chung

a) Xây 300 căn nhà.

b) Đào tạo nghề:

- Mỗi năm hai lớp.

2. Từng bước mở rộng các dịch vụ xã hội ở các xã.

II. TỔ CHỨC THỰC HIỆN

1. Sở Y tế: Chủ trì xây trạm y tế.

TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH

Nguyễn Văn A

PHỤ LỤC I
CHỈ TIÊU CHỦ YẾU

TT
Chỉ tiêu
Đơn vị
Mục tiêu
Phân công đơn vị thực hiện
Đến năm 2025
Đến năm 2030
Chủ trì
Phối hợp
1.
Nhà ở
1.1
Căn hộ <nhà ở xã hội>
Căn
10
30
Sở Xây dựng
UBND các huyện
1.2
Tỷ lệ nhà ở kiên cố
%
80
95
"""


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Parsed:
    path = tmp_path_factory.mktemp("outline") / "5.txt"
    path.write_text(_HEAD + _BODY, encoding="utf-8")
    return parse_file(path, Settings())


def tree(nodes: list[Node]) -> list[object]:
    return [[node.text, *tree(node.children)] if node.children else node.text for node in nodes]


def drawn(plan: Parsed, shown: Inked | None = None) -> str:
    return document_html(plan.document, plan.clauses, plan.lines, shown or Inked())


def test_sections_nest_and_tables_count_their_rows(plan: Parsed) -> None:
    found = outline(plan.clauses)
    assert tree(found) == [
        ["I. MỤC TIÊU", ["1. Chỉ tiêu chung", "b) Đào tạo nghề"], "2. Từng bước mở rộng các dịch vụ xã hội ở các xã."],
        ["II. TỔ CHỨC THỰC HIỆN", "1. Sở Y tế"],
        ["PHỤ LỤC I. CHỈ TIÊU CHỦ YẾU", "1. Nhà ở"],
    ]
    assert [node.rows for node in found] == [0, 0, 2]
    assert found[2].children[0].rows == 2


def test_a_long_or_hostile_title_is_cut_and_escaped() -> None:
    plan = make_plan_file("1/KH-UBND", "Huế", ["x"])
    (clause,) = plan.clauses
    section = replace(clause.section[0], title='<img src=x onerror=alert(1)>"' + " chữ" * 60)
    drawn = outline_html(outline([replace(clause, section=(section,))]), lambda c: f'href="{c.ordinal}"')
    assert drawn.startswith('<ol class="kh-tree"><li><a href="0">I. &lt;img src=x onerror=alert(1)&gt;&quot; chữ')
    assert len(drawn) < 220


def test_every_clause_has_an_anchor_of_its_own_and_a_named_link(plan: Parsed) -> None:
    html = drawn(plan)
    anchors = re.findall(r' id="(doan-[^"]+)"', html)
    assert anchors == [anchor(clause) for clause in plan.clauses]
    assert len(set(anchors)) == len(anchors)
    links = re.findall(
        r'<a class="kh-self" href="[^"]+clause=[^"]+" data-to="([^"]+)" [^>]*aria-label="([^"]+)">¶', html
    )
    assert [target for target, _ in links] == anchors
    assert "Liên kết tới điểm a, khoản 1, mục I (dòng 16)" in [name for _, name in links]


def test_headings_go_down_by_one_level_at_a_time(plan: Parsed) -> None:
    levels = [int(level) for level in re.findall(r"<h(\d)>", drawn(plan))]
    assert levels[0] == 2
    assert all(below <= above + 1 for above, below in pairwise(levels))


def test_a_table_has_its_two_level_header_groups_and_merged_cells(plan: Parsed) -> None:
    html = drawn(plan)
    head, body = re.findall(r"<thead>(.*?)</thead><tbody>(.*?)</tbody>", html, re.DOTALL)[0]
    cells = [
        re.findall(r"<th[^>]*?((?: colspan=\"\d\")?(?: rowspan=\"\d\")?)>([^<]*)", row) for row in head.split("</tr>")
    ]
    assert [[name for _, name in row] for row in cells] == [
        ["TT", "Chỉ tiêu", "Đơn vị", "Mục tiêu", "Phân công đơn vị thực hiện"],
        ["Đến năm 2025", "Đến năm 2030", "Chủ trì", "Phối hợp"],
        [],
    ]
    assert [span.strip() for span, _ in cells[0]] == ['rowspan="2"'] * 3 + ['colspan="2"'] * 2
    assert '<th scope="colgroup" colspan="7"' in body
    assert "Căn hộ &lt;nhà ở xã hội&gt;" in body
    assert 'kh-inherited">Sở Xây dựng <span class="kh-merged">(ô gộp)</span></td>' in body
    assert body.count("<td") == 2 * 7


def test_signature_and_appendix_keep_their_line_breaks(plan: Parsed) -> None:
    assert "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\nNguyễn Văn A" in drawn(plan)
    assert "PHỤ LỤC I\nCHỈ TIÊU CHỦ YẾU" in drawn(plan)
    for clause in plan.clauses:
        assert as_printed(clause, plan.lines).replace("\n", " ") == clause.text


def test_what_is_looked_for_is_marked_with_an_id_each(plan: Parsed) -> None:
    html = drawn(plan, of_find(find_in(plan.clauses, "xa hoi"), current=2))
    marks = re.findall(r'<mark class="kh-hit( kh-now kh-goal)?" id="(cho-\d+)">([^<]*)</mark>', html)
    assert [name for _, name, _ in marks] == [f"cho-{n}" for n in range(1, len(marks) + 1)]
    assert [n for n, (now, _, _) in enumerate(marks, 1) if now] == [2]
    assert {words.lower() for _, _, words in marks} == {"xã hội"}


def test_inks_are_cut_to_the_text_and_to_one_another() -> None:
    inks = [Ink(3, 99, '<mark id="b">'), Ink(1, 4, "<mark>"), Ink(2, 3, "<mark>")]
    assert inked("a<b>c", inks) == 'a<mark>&lt;b&gt;</mark><mark id="b">c</mark>'


@pytest.mark.parametrize("path", plan_files(Path(__file__).parent.parent / "corpus"), ids=lambda path: path.stem)
def test_nothing_of_a_plan_is_lost_in_the_document(path: Path) -> None:
    plan = parse_file(path, Settings())
    elements = re.split(r' id="(doan-[^"]+)"', drawn(plan))
    said = {name: _letters(body) for name, body in zip(elements[1::2], elements[2::2], strict=True)}
    for clause in plan.clauses:
        for text in parts(clause).values():
            assert _letters(text) in said[anchor(clause)], clause.id
    assert _order(plan.clauses) == list(said)


def _order(clauses: tuple[Clause, ...]) -> list[str]:
    return [anchor(clause) for clause in clauses]


def _letters(html: str) -> str:
    """Letters and digits of what can be read."""
    return re.sub(r"\W+", "", unescape(re.sub(r"<[^>]*>", " ", html))) if "<" in html else re.sub(r"\W+", "", html)
