"""The list of everyday expressions and how a question is cut into them."""

from __future__ import annotations

import tomllib
from importlib import resources

from answer.everyday import expressions, printed_words
from index.text import normalise
from ingest.clean import fold

LINES = [
    line
    for line in resources.files("answer").joinpath("data/everyday.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


def test_every_line_is_in_the_form_that_is_compared() -> None:
    odd = [line for line in LINES if normalise(line) != line or line.count(" = ") != 1 or "," in line]
    assert odd == []


def test_no_expression_stands_twice_or_for_itself() -> None:
    said = [line.split(" = ")[0] for line in LINES]
    assert sorted({s for s in said if said.count(s) > 1}) == []
    assert [line for line in LINES if line.split(" = ")[0] in line.split(" = ")[1].split("; ")] == []


def test_expressions_are_short() -> None:
    assert [line for line in LINES if len(line.split(" = ")[0].split()) > 6] == []
    assert [line for line in LINES if len(line.split(" = ")[1].split("; ")) > 6] == []


def test_the_longest_expression_is_read_first() -> None:
    found = [said for said, _ in expressions(["bao", "nhiêu", "trẻ", "con", "lang", "thang"])]
    assert found == [("bao",), ("nhiêu",), ("trẻ", "con"), ("lang",), ("thang",)]
    assert printed_words(["trẻ", "con"]) == ["trẻ", "em"]
    assert printed_words(["nghề"]) == []


def test_no_abbreviation_stands_in_the_list() -> None:
    """They are written out as such, and a user can undo it."""
    text = resources.files("answer").joinpath("data/abbreviations.toml").read_text("utf-8")
    short = {fold(name) for name in tomllib.loads(text)["abbreviations"]}
    assert [line for line in LINES if fold(line.split(" = ")[0]) in short] == []
