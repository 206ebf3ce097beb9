"""Documents in further layouts, each with its structure written down by hand, independently of the code."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from word import docx_from

from ingest.agencies import find_agencies
from ingest.model import Clause, ClauseKind, Parsed
from ingest.parse import parse_file
from ingest.settings import Settings

LAYOUTS = Path(__file__).parent / "layouts"
NAMES = sorted(p.name.removesuffix(".expected.json") for p in LAYOUTS.glob("*.expected.json"))


def squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("**", "").lstrip("# ")).strip()


@pytest.fixture(scope="module", params=NAMES)
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Parsed, dict[str, Any]]:
    """A document as it was read and what it says. `*.docx.html` is written as a Word file first."""
    name = request.param
    source = next(p for p in LAYOUTS.glob(f"{name}.*") if p.suffix in {".txt", ".md", ".html"})
    if source.name.endswith(".docx.html"):
        source = docx_from(source, tmp_path_factory.mktemp("word") / f"{name}.docx")
    expected = json.loads((LAYOUTS / f"{name}.expected.json").read_text("utf-8"))
    return parse_file(source, Settings()), expected


def find(parsed: Parsed, starts: str) -> Clause:
    found = [c for c in parsed.clauses if squeeze(c.text).startswith(squeeze(starts))]
    assert found, f"no clause starts with «{starts}»"
    return found[0]


def test_header(case: tuple[Parsed, dict[str, Any]]) -> None:
    parsed, expected = case
    document = parsed.document
    assert document.number == expected["number"]
    assert document.kind == expected["kind"]
    assert document.province == expected["province"]
    assert (document.issued.isoformat() if document.issued else None) == expected["issued"]
    assert document.signer == expected["signer"]
    assert squeeze(expected["title_contains"]).lower() in squeeze(document.title).lower()
    assert document.position == expected.get("position", document.position)
    assert set(expected.get("basis", ())) <= set(document.basis)
    assert set(expected.get("recipients", ())) <= set(document.recipients)
    for part in expected["warnings_contain"]:
        assert any(part.lower() in warning.lower() for warning in document.warnings)


def test_clauses(case: tuple[Parsed, dict[str, Any]]) -> None:
    parsed, expected = case
    wrong = []
    for item in expected["clauses"]:
        clause = find(parsed, item["starts"])
        path = [squeeze(section.text) for section in clause.section]
        if clause.kind != item["kind"] or path != [squeeze(s) for s in item["section"]]:
            wrong.append((item["starts"], clause.kind.value, path, item["kind"], item["section"]))
    assert not wrong


def test_rows(case: tuple[Parsed, dict[str, Any]]) -> None:
    parsed, expected = case
    rows = [c.row for c in parsed.clauses if c.kind is ClauseKind.ROW and c.row]
    assert len(rows) == expected["row_count"]
    for row, wanted in zip(rows, expected["rows"], strict=True):
        got = (row.tt, row.parent, row.group, {k: squeeze(v) for k, v in row.cells.items()}, sorted(row.inherited))
        cells = {k: squeeze(v) for k, v in wanted["cells"].items()}
        assert got == (wanted["tt"], wanted["parent"], wanted["group"], cells, sorted(wanted["inherited"]))
        assert wanted["table_contains"].lower() in row.table.lower()


def test_agencies(case: tuple[Parsed, dict[str, Any]]) -> None:
    parsed, expected = case
    missing = []
    for item in expected["agencies"]:
        clause = find(parsed, item["starts"])
        name = next((s.name for s in find_agencies(item["name"])), item["name"])
        if (name, item["role"]) not in {(a.name, a.role.value) for a in clause.agencies}:
            missing.append((item, [(a.name, a.role.value) for a in clause.agencies]))
    assert not missing


def test_coverage(case: tuple[Parsed, dict[str, Any]]) -> None:
    coverage = case[0].coverage
    assert coverage.in_clauses + coverage.in_header + sum(coverage.discarded.values()) == coverage.total
