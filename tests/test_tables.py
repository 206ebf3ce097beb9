"""Every cell of the appendix tables of two real plans against a truth that was written by hand."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from ingest.model import Clause, ClauseKind
from ingest.parse import parse_file
from ingest.settings import Settings

TRUTH = Path(__file__).parent / "truth"
CORPUS = Path(__file__).parent.parent / "corpus"
PLANS = {"143": "ba-ria-vung-tau-143-kh-ubnd-2024.txt", "328": "dong-thap-328-kh-ubnd-2024.txt"}
COUNTS = {("143", "I"): 103, ("143", "II"): 82, ("143", "III"): 69, ("328", "I"): 105, ("328", "II"): 64}


def tight(text: str) -> str:
    return re.sub(r"\s", "", text)


def rows_of(plan: str, appendix: str) -> list[Clause]:
    clauses = parse_file(CORPUS / PLANS[plan], Settings()).clauses
    return [c for c in clauses if c.kind is ClauseKind.ROW and c.section[0].number == f"PHỤ LỤC {appendix}"]


@pytest.mark.parametrize(("plan", "appendix"), COUNTS)
def test_every_cell(plan: str, appendix: str) -> None:
    clauses = rows_of(plan, appendix)
    lines = (TRUTH / f"rows-{plan}.jsonl").read_text("utf-8").splitlines()
    truth = [t for t in map(json.loads, lines) if t["appendix"] == appendix]
    assert len(clauses) == len(truth) == COUNTS[plan, appendix]
    for clause, wanted in zip(clauses, truth, strict=True):
        row = clause.row
        assert row is not None
        assert (row.tt, row.parent, tight(row.group)) == (wanted["tt"], wanted["parent"], tight(wanted["group"]))
        assert {k: tight(v) for k, v in row.cells.items()} == {k: tight(v) for k, v in wanted["cells"].items()}
        assert sorted(row.inherited) == sorted(wanted["inherited"])
        assert clause.place.first <= wanted["line"] <= clause.place.last
