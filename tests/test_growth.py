"""What `benchmarks/growth.py` makes stocks of, and draws."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from index.build import Builder
from index.store import Store
from ingest.model import Parsed

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], ModuleType]:
    """Imports a module of the benchmarks."""
    monkeypatch.setattr(sys, "path", [str(BENCHMARKS), *sys.path])
    return importlib.import_module


def test_plans_are_made_of_plans(
    load: Callable[[str], ModuleType], thai_nguyen: Parsed, dong_nai: Parsed, tmp_path: Path
) -> None:
    module, encoder = load("_multiplied"), load("_encoder").CheapEncoder()
    with Store.open(tmp_path / "a") as store:
        Builder(store, encoder, tmp_path / "a").sync([thai_nguyen, dong_nai])
    plans = module.stocked(tmp_path / "a", encoder.name)
    made = module._Maker(plans)  # what its processes run
    first, second, again = made.plan(7), made.plan(9), made.plan(7)
    assert first.parsed == again.parsed
    assert len({plan.parsed.document.id for plan in (first, second, *plans)}) == 4
    assert all(clause.id.startswith(first.parsed.document.id) for clause in first.parsed.clauses)
    assert len(first.parsed.clauses) == len(first.digests.passages) == first.words.tokens.count
    for digest, vector in first.vectors.items():
        assert np.isclose(np.linalg.norm(vector), 1)
        assert (again.vectors[digest] == vector).all()
    with Store.open(tmp_path / "b") as store:
        report = Builder(store, encoder, tmp_path / "b").become(module.Multiplied(store, encoder.name, plans, 2))
    assert (report.documents, report.embedded) == (2, 0)


def test_curves_are_a_picture(load: Callable[[str], ModuleType]) -> None:
    curves = load("_curves")
    chart = curves.Chart("Giây & <phút>", [10, 1_000], {"một": [1.0, 50.0], "hai": [2.0, 40.0]}, 30.0)
    drawn = ET.fromstring(curves.picture([chart, chart, chart]))  # noqa: S314 (our own)
    assert len(drawn.findall(f".//{SVG}polyline")) == 6
    texts = [text.text for text in drawn.iter(f"{SVG}text")]
    assert texts.count("Giây & <phút>") == 3
    lines = [line.get("points").split() for line in drawn.findall(f".//{SVG}polyline")]
    for line in lines:
        (x0, y0), (x1, y1) = (map(float, point.split(",")) for point in line)
        assert x0 < x1
        assert y0 > y1  # more is higher
