"""The app's pages in every state, run without a browser: small plans, a hash for an encoder."""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Callable, Iterator
from html import escape, unescape
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlsplit

import pytest
import streamlit as st
from conftest import HashEncoder
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Widget

from answer.answerer import Answerer
from answer.result import Citation
from index.build import Builder
from index.embed import Encoder
from index.search import Searcher
from index.store import Store
from ingest.model import Clause, ClauseKind, Document, Place
from ingest.parse import parse_file
from ingest.settings import Settings
from ui import links, markup, quote, services

APP = Path(__file__).parent.parent / "app.py"
SCRIPT, IMAGE = "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'
HOUSING = "ai chủ trì nhà ở xã hội?"

_HEAD = """ỦY BAN NHÂN DÂN
TỈNH {upper}
-------

Số: {number}/KH-UBND

{province}, ngày 05 tháng 02 năm 2024

KẾ HOẠCH

Thực hiện chính sách xã hội trên địa bàn tỉnh {province}

"""
_LAO_CAI = f"""I. MỤC TIÊU

1. Đến năm 2030, xây dựng 3.200 căn hộ nhà ở xã hội cho công nhân.

2. Ghi chú của đơn vị soạn thảo {SCRIPT} và {IMAGE} về trạm y tế lưu động.
{{space}}
II. TỔ CHỨC THỰC HIỆN

1. Sở Xây dựng

- Chủ trì, phối hợp với các sở, ngành phát triển nhà ở xã hội cho công nhân khu công nghiệp.

- Báo cáo kết quả về UBND tỉnh trước ngày 15/12 hằng năm.

2. Sở Y tế: Chủ trì xây dựng trạm y tế ở các xã vùng cao.

TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH



Nguyễn Văn A
"""
_DONG_THAP = """I. NHIỆM VỤ

1. Tổ chức thực hiện theo Phụ lục kèm theo Kế hoạch này.

PHỤ LỤC I
PHÂN CÔNG NHIỆM VỤ

| TT | Nhiệm vụ | Cơ quan chủ trì | Cơ quan phối hợp | Thời gian |
|---|---|---|---|---|
| I | NHÀ Ở | | | |
| 1 | Phát triển nhà ở xã hội cho người thu nhập thấp | Sở Xây dựng | UBND các huyện | Năm 2025 |
| 2 | Xóa nhà tạm, nhà dột nát cho hộ nghèo | | UBND các huyện | Năm 2026 |
"""
_DONG_NAI = """I. NHIỆM VỤ

1. Tiếp tục phát triển nhà ở xã hội gần các khu công nghiệp.

2. Mở rộng nước sạch nông thôn.
"""


def write_plans(folder: Path, blank_lines: int = 1) -> list[Path]:
    """Three plans; `blank_lines` of the first stand before the place that is cited."""
    bodies = {
        ("12", "Lào Cai"): _LAO_CAI.format(space="\n" * blank_lines),
        ("77", "Đồng Tháp"): _DONG_THAP,
        ("88", "Đồng Nai"): _DONG_NAI,
    }
    paths = []
    for (number, province), body in bodies.items():
        paths.append(folder / f"{number}.txt")
        head = _HEAD.format(upper=province.upper(), number=number, province=province)
        paths[-1].write_text(head + body, encoding="utf-8")
    return paths


def build(home: Path, paths: list[Path], encoder: Encoder) -> None:
    with Store.open(home) as store:
        Builder(store, encoder, home).sync([parse_file(path, Settings()) for path in paths])


@pytest.fixture(scope="session")
def plans(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_plans(tmp_path_factory.mktemp("plans"))


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, plans: list[Path]) -> Path:
    """A home with the three plans; only read."""
    home = tmp_path_factory.mktemp("app") / "nha"
    build(home, plans, HashEncoder())
    return home


@pytest.fixture(autouse=True)
def environment(built: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("KEHOACH_HOME", str(built))
    monkeypatch.setenv("KEHOACH_MODEL", "hash")
    monkeypatch.delenv("KEHOACH_MAX_MB", raising=False)
    monkeypatch.delenv("KEHOACH_REORGANISATION", raising=False)
    monkeypatch.setattr(services, "load_encoder", lambda _: HashEncoder())
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


@pytest.fixture
def searcher(built: Path) -> Iterator[Searcher]:
    with Searcher.open(built, HashEncoder()) as found:
        yield found


def page(path: str = "", **params: str | list[str]) -> AppTest:
    """A page as its address opens it. AppTest knows the paths of pages only after a first run."""
    app = AppTest.from_file(APP, default_timeout=60)
    if path:
        app.run().switch_page(path)
    for name, value in params.items():
        app.query_params[name] = value
    return ran(app)


def ran(app: AppTest | Widget) -> AppTest:
    app = app.run()
    assert not app.exception
    return app


def html(app: AppTest) -> str:
    """All that we drew ourselves, without the style sheet and the one script."""
    bodies = [element.proto.body for element in app.get("html")]
    return "\n".join(body for body in bodies if not body.lstrip().startswith(("<style", "<script")))


def text(app: AppTest) -> str:
    """What can be read of it."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html(app))).split())


def answers(app: AppTest) -> list[str]:
    """«province number: answer», one each."""
    found = re.findall(r'kh-origin[^>]*>(.*?)</h2><div class="kh-answer[^>]*>(.*?)</div></div>', html(app))
    return [": ".join(" ".join(re.sub(r"<[^>]+>", " ", part).split()) for part in pair) for pair in found]


def source(searcher: Searcher, question: str, province: str) -> dict[str, str]:
    """Query parameters behind «Mở nguồn» of a province's answer."""
    result = Answerer(searcher).ask(question, province)
    return dict(parse_qsl(urlsplit(links.citation_link(result.citations[result.answers[0].citations[0]])).query))


# Hỏi đáp


def test_first_load() -> None:
    app = page()
    assert [field.label for field in app.text_input] == ["Câu hỏi"]
    assert app.selectbox[0].label == "Tỉnh, thành phố"
    assert app.selectbox[0].options == ["Tất cả các tỉnh", "Đồng Nai", "Đồng Tháp", "Lào Cai"]
    assert app.button[0].label == "Hỏi"
    assert len(app.button) == 5
    assert "3 kế hoạch trong kho" in text(app)
    links = re.findall(r'<a href="([^"]*)"(?: aria-current=page)?>', html(app))
    assert links == ["./", "so-sanh", "co-quan", "van-ban", "danh-gia"]


def test_an_example_is_asked_at_a_click() -> None:
    app = page()
    ran(app.button[1].click())
    assert app.text_input[0].value == "Ai chủ trì nhà ở xã hội?"
    assert app.query_params["q"] == "Ai chủ trì nhà ở xã hội?"
    assert "Lào Cai 12/KH-UBND: Sở Xây dựng" in answers(app)


def test_answers_of_each_province_and_what_was_understood() -> None:
    app = page()
    ran(app.text_input[0].set_value("ai chu tri nha o xa hoi"))
    assert sorted(answers(app)) == ["Lào Cai 12/KH-UBND: Sở Xây dựng", "Đồng Tháp 77/KH-UBND: Sở Xây dựng"]
    assert "Đang tìm: ai chủ trì nhà ở xã hội" in text(app)
    assert "thêm dấu" in text(app)
    assert "gạch đầu dòng thứ 1, khoản 1, mục II, Kế hoạch số 12/KH-UBND" in text(app)
    assert "<li" in html(app)
    assert "II. TỔ CHỨC THỰC HIỆN" in text(app)
    assert '<p class="kh-heading">1. <mark>Sở Xây dựng</mark></p>' in html(app)


def test_a_row_is_a_table_with_merged_cells_marked() -> None:
    drawn = html(page(q="ai chủ trì xóa nhà tạm?"))
    assert '<th scope="row">Nhiệm vụ</th><td>Xóa nhà tạm, nhà dột nát cho hộ nghèo</td>' in drawn
    merged = '<td><mark>Sở Xây dựng</mark> <span class="kh-merged">(ô gộp)</span></td>'
    assert f'<th scope="row">Cơ quan chủ trì</th>{merged}' in drawn


def test_a_plan_that_is_silent_is_listed_with_its_nearest_place() -> None:
    app = page(q=HOUSING)
    assert "Kế hoạch có nói đến nội dung này nhưng không nêu cơ quan chủ trì." in text(app)
    assert "Chỗ gần nhất" in [box.label for box in app.expander]
    nearest = next(box for box in app.expander if box.label == "Chỗ gần nhất")
    assert "gần các khu công nghiệp" in nearest.get("html")[0].proto.body


def test_nothing_found_says_why_and_shows_three_places() -> None:
    app = page(q="giá vàng thế giới")
    assert "Không tìm thấy câu trả lời. Không tìm thấy nội dung này trong các kế hoạch đã nạp." in text(app)
    assert not answers(app)
    assert "Những chỗ gần nhất" in text(app)
    three = next(element.proto.body for element in app.get("html") if "kh-card" in element.proto.body)
    assert three.count("<article") == 3
    assert re.fullmatch(r"Các đoạn liên quan khác \(\d+\)", app.expander[-1].label)


def test_what_became_of_names_is_told_once_beside_answer_and_citation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = _HEAD.format(upper="HẬU GIANG", number="31", province="Hậu Giang")
    duty = "I. NHIỆM VỤ\n\n1. Sở Giao thông vận tải: Chủ trì sửa chữa cầu treo qua kênh.\n"
    (tmp_path / "31.txt").write_text(head + duty, encoding="utf-8")
    build(tmp_path / "nha", [tmp_path / "31.txt"], HashEncoder())
    monkeypatch.setenv("KEHOACH_HOME", str(tmp_path / "nha"))
    app = page(q="Sở Xây dựng làm gì về sửa chữa cầu treo?")
    assert app.selectbox[0].options == ["Tất cả các tỉnh", "Cần Thơ", "Hậu Giang"]
    assert "Sở Xây dựng: tìm cả tên trước sắp xếp Sở Giao thông vận tải" in text(app)
    assert "Sở Giao thông vận tải: Chủ trì sửa chữa cầu treo" in text(app)  # as printed
    assert text(app).count("Kế hoạch ghi Sở Giao thông vận tải; từ 01/3/2025 chức năng thuộc Sở Xây dựng") == 1
    ran(app.selectbox[0].set_value("Cần Thơ"))
    assert len(answers(app)) == 1
    assert "Thành phố Cần Thơ từ 01/7/2025 gồm cả Hậu Giang" in text(app)


def test_a_broken_list_of_renamed_units_is_told_calmly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEHOACH_REORGANISATION", str(tmp_path / "khong-co.toml"))
    assert "Không đọc được tệp sắp xếp đơn vị" in text(page(q=HOUSING))


def test_a_province_without_a_plan() -> None:
    assert "Kho chưa có kế hoạch nào của Hà Nội." in text(page(q="nhà ở xã hội ở Hà Nội"))


def test_the_province_restricts_and_goes_into_the_address() -> None:
    app = page(q=HOUSING)
    ran(app.selectbox[0].set_value("Đồng Tháp"))
    assert answers(app) == ["Đồng Tháp 77/KH-UBND: Sở Xây dựng"]
    assert app.query_params == {"q": HOUSING, "province": "Đồng Tháp"}


def test_the_fields_follow_the_address() -> None:
    app = page(q=HOUSING, province="Đồng Tháp")
    assert answers(app) == ["Đồng Tháp 77/KH-UBND: Sở Xây dựng"]
    app.query_params["q"] = "ai ký kế hoạch?"  # the browser's back button
    app.query_params["province"] = "Lào Cai"
    ran(app)
    assert (app.text_input[0].value, app.selectbox[0].value) == ("ai ký kế hoạch?", "Lào Cai")
    assert answers(app) == ["Lào Cai 12/KH-UBND: Nguyễn Văn A"]


@pytest.mark.parametrize("province", ["Atlantis", SCRIPT, ""])
def test_an_unknown_province_in_the_address_is_ignored(province: str) -> None:
    app = page(q=HOUSING, province=province)
    assert app.selectbox[0].value == "Tất cả các tỉnh"
    assert len(answers(app)) == 2


@pytest.mark.parametrize("question", [" ", "a" * 9000, "%%%", "\0", "?", "1", SCRIPT * 40])
def test_odd_questions_are_answered_calmly(question: str) -> None:
    assert "kế hoạch trong kho" in text(page(q=question))


@pytest.mark.parametrize("path", ["", "ui/source.py"])
def test_no_index(path: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KEHOACH_HOME", str(tmp_path / "khong-co"))
    app = page(path, q=HOUSING)
    assert "kehoach ingest" in text(app)
    assert "chưa có chỉ mục" in text(app)
    assert not answers(app)


def test_a_damaged_index_names_the_remedy(built: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shutil.copytree(built, tmp_path / "hong")
    next((tmp_path / "hong").rglob("dense.faiss")).write_bytes(b"x")
    monkeypatch.setenv("KEHOACH_HOME", str(tmp_path / "hong"))
    assert "<code>kehoach doctor --repair</code>" in html(page())


def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEHOACH_MAX_MB", "nhiều")
    assert "KEHOACH_MAX_MB = «nhiều»" in text(page())


# One index for all sessions


def test_a_new_generation_is_picked_up(plans: list[Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    home = tmp_path / "nha"
    monkeypatch.setenv("KEHOACH_HOME", str(home))
    build(home, plans[:1], HashEncoder())
    app = page()
    assert "1 kế hoạch trong kho" in text(app)
    assert services.opened() is services.opened()
    build(home, plans, HashEncoder())
    assert "3 kế hoạch trong kho" in text(ran(app))
    shutil.rmtree(home)  # made again, it begins with gen-1 once more
    build(home, plans[1:], HashEncoder())
    assert "2 kế hoạch trong kho" in text(ran(app))


@pytest.mark.parametrize("path", ["", "ui/source.py"])
def test_an_index_without_plans(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = SimpleNamespace(documents=list)
    opened = SimpleNamespace(searcher=nothing, answerer=SimpleNamespace(documents=[]))
    monkeypatch.setattr(services, "opened", lambda: opened)
    assert "Kho chưa có kế hoạch nào." in text(page(path))


# Văn bản nguồn


def test_plans_to_choose_from(searcher: Searcher) -> None:
    app = page("ui/source.py")
    assert "Chọn một văn bản" in text(app)
    for document in searcher.documents():
        assert f'href="van-ban?doc={document.id}"' in html(app)
        assert f"{document.province} · {document.number}" in text(app)


def test_the_cited_lines_are_set_off_and_the_quote_marked(searcher: Searcher) -> None:
    app = page("ui/source.py", **source(searcher, HOUSING, "Lào Cai"))
    drawn = html(app)
    assert text(app).count("gạch đầu dòng thứ 1, khoản 1, mục II, Kế hoạch số 12/KH-UBND") == 2
    assert "05/02/2024" in drawn
    assert "Nguyễn Văn A" in drawn
    assert re.findall(r'class="kh-line kh-cited" id="dong-(\d+)"', drawn) == ["22", "24"]
    assert '1. <mark class="kh-quote">Sở Xây dựng</mark></span>' in drawn
    assert drawn.count("<mark") == 1
    assert sum("scrollTop" in element.proto.body for element in app.get("html")) == 1


def test_the_words_of_a_merged_cell_are_found_above(searcher: Searcher) -> None:
    drawn = html(page("ui/source.py", **source(searcher, "ai chủ trì xóa nhà tạm?", "Đồng Tháp")))
    assert '<mark class="kh-quote">Sở Xây dựng</mark> đứng trong ô gộp, in ở dòng 23.' in drawn
    assert '| <span class="kh-elsewhere">Sở Xây dựng</span> |' in drawn


def test_every_line_is_there_with_its_number(searcher: Searcher) -> None:
    for document in searcher.documents():
        drawn = html(page("ui/source.py", doc=document.id))
        lines = re.findall(r'<span class="kh-no">(\d+)</span><span class="kh-text">(.*?)</span></div>', drawn)
        assert [int(number) for number, _ in lines] == list(range(1, len(lines) + 1))
        assert [unescape(line) for _, line in lines] == list(searcher.source_lines(document.id))


@pytest.mark.parametrize("doc", ["khong-co", "", SCRIPT])
def test_an_unknown_plan_is_said_calmly_and_others_offered(doc: str) -> None:
    app = page("ui/source.py", doc=doc, clause="x")
    assert "Không có văn bản này trong kho" in text(app)
    assert html(app).count("van-ban?doc=") == 3


@pytest.mark.parametrize("clause", ["khong-co", "", IMAGE, "other"])
def test_an_unknown_place_shows_the_plan_from_its_start(clause: str, searcher: Searcher) -> None:
    first, other = (document.id for document in searcher.documents()[:2])
    app = page("ui/source.py", doc=first, clause=searcher.clauses(other)[0].id if clause == "other" else clause)
    assert "Không có đoạn này trong văn bản." in text(app)
    assert "kh-cited" not in html(app)
    assert 'id="dong-1"' in html(app)


@pytest.mark.parametrize(
    "extra", [{"quote": "9-3"}, {"quote": "0-99999"}, {"quote": "x"}, {"quote": "²-³"}, {"heading": "x"}]
)
def test_mangled_extras_do_not_matter(extra: dict[str, str], searcher: Searcher) -> None:
    params = source(searcher, "ai chủ trì xóa nhà tạm?", "Đồng Tháp") | extra
    assert 'class="kh-line kh-cited" id="dong-24"' in html(page("ui/source.py", **params))


# Text stays text


@pytest.mark.parametrize("path", ["", "ui/source.py"])
def test_hostile_text_stays_text(path: str, searcher: Searcher) -> None:
    question = f"ghi chú của đơn vị soạn thảo về trạm y tế lưu động {SCRIPT}{IMAGE}"
    app = page(path, q=question, **(source(searcher, question, "Lào Cai") if path else {}))
    drawn = html(app)
    assert escape(SCRIPT) in drawn
    assert escape(IMAGE) in drawn
    assert "<script" not in drawn
    assert "<img" not in drawn
    assert not re.search(r"<[^<>]*\son\w+\s*=", drawn)


def test_spans_are_cut_to_the_text_and_to_one_another() -> None:
    assert markup.marked("a<b>c", [(1, 4), (3, 99), (2, 3)]) == "a<mark>&lt;b&gt;</mark><mark>c</mark>"


# From a citation to its place and back


@pytest.mark.parametrize("question", [HOUSING, "ai chủ trì xóa nhà tạm?", "ai ký kế hoạch?", "nước sạch nông thôn"])
def test_a_link_leads_back_to_its_citation(question: str, searcher: Searcher) -> None:
    for citation in Answerer(searcher).ask(question).citations:
        params = dict(parse_qsl(urlsplit(links.citation_link(citation)).query))
        document = links.find_document(params, searcher)
        assert document == citation.document
        found = links.find_citation(params, citation.document, searcher)
        assert found is not None
        assert (found.text, found.quote, found.lines) == (citation.text, citation.quote, citation.lines)


@pytest.fixture
def cited(searcher: Searcher) -> Callable[[str, str, int], Citation]:
    """A citation of made-up text: the clause, the words quoted, which occurrence of them."""

    def cite(clause: str, words: str, last: int) -> Citation:
        start = clause.rindex(words)
        made = Clause("x", "x", 0, ClauseKind.PARAGRAPH, (), clause, Place(1, last))
        document: Document = searcher.documents()[0]
        return Citation(made, document, 1.0, quote=(start, start + len(words)))

    return cite


@pytest.mark.parametrize(
    ("lines", "clause", "words", "spans"),
    [
        (["Gửi trước n gày **30/11** hằng năm"], "Gửi trước ngày 30/11 hằng năm", "ngày 30/11", {1: [(10, 23)]}),
        (["Sở Y tế và", "", "Sở Y tế"], "Sở Y tế và Sở Y tế", "Sở Y tế", {3: [(0, 7)]}),
        (["đến năm", "2030 đạt"], "đến năm 2030 đạt", "năm 2030", {1: [(4, 7)], 2: [(0, 4)]}),
        ([unicodedata.normalize("NFD", "hằng năm")], "hằng năm", "năm", {1: [(5, 8)]}),
        (["không có gì"], "câu khác", "khác", None),
    ],
    ids=["spacing and marks", "second occurrence", "two lines", "decomposed", "absent"],
)
def test_words_are_found_in_the_source_as_printed(
    cited: Callable[[str, str, int], Citation],
    lines: list[str],
    clause: str,
    words: str,
    spans: dict[int, list[tuple[int, int]]] | None,
) -> None:
    found = quote.in_source(cited(clause, words, len(lines)), lines)
    assert [hit.spans for hit in found] == ([] if spans is None else [spans])
