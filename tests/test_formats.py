"""The four plans as Word documents and as web pages, and one printed as PDF, are understood as their texts are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from agreement import OFFICE, cells, header, paths, pdf_of, share
from formats import docx_of
from html_formats import html_of

from ingest.model import Parsed
from ingest.parse import parse_file
from ingest.settings import Settings

CORPUS = Path(__file__).parent.parent / "corpus"
PLANS = sorted(path for path in CORPUS.iterdir() if path.suffix in (".txt", ".md"))
WANTED = 0.99
Write = Callable[[Parsed, Path], object]


@pytest.fixture(scope="module", params=PLANS, ids=lambda path: path.stem)
def plan(request: pytest.FixtureRequest) -> Parsed:
    return parse_file(request.param, Settings())


@pytest.mark.parametrize(("name", "write"), [("a.docx", docx_of), ("a.html", html_of)])
def test_a_plan_in_another_format_is_the_same_plan(name: str, write: Write, plan: Parsed, tmp_path: Path) -> None:
    write(plan, tmp_path / name)
    check(plan, parse_file(tmp_path / name, Settings()), name.removeprefix("a."))


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_a_printed_plan_is_the_same_plan(tmp_path: Path) -> None:
    """The smallest of the four; `benchmarks/formats.py` prints all."""
    plan = parse_file(min(PLANS, key=lambda path: path.stat().st_size), Settings())
    pdf_of(plan, tmp_path / "a.pdf")
    check(plan, parse_file(tmp_path / "a.pdf", Settings()), "pdf")


def check(plan: Parsed, found: Parsed, form: str) -> None:
    assert found.document.format == form
    assert header(found) == header(plan)
    assert share(cells(plan), cells(found)) >= WANTED
    assert share(paths(plan), paths(found)) >= WANTED
    assert not found.document.warnings
