"""The corpus on disk is the corpus described: citations point at its lines, so not one byte may move."""

import hashlib
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

CORPUS = Path(__file__).parent.parent / "corpus"
PLANS: list[dict[str, Any]] = tomllib.loads((CORPUS / "corpus.toml").read_text(encoding="utf-8"))["plan"]


def test_every_file_is_listed_once() -> None:
    listed = [plan["file"] for plan in PLANS]
    on_disk = {path.name for path in CORPUS.iterdir()} - {"corpus.toml"}
    assert sorted(listed) == sorted(on_disk)


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan["file"])
def test_digest(plan: dict[str, Any]) -> None:
    assert hashlib.sha256((CORPUS / plan["file"]).read_bytes()).hexdigest() == plan["sha256"]


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan["file"])
def test_description_is_complete(plan: dict[str, Any]) -> None:
    assert set(plan) == {"file", "number", "province", "issued", "source", "sha256"}
    assert type(plan["issued"]) is date
    assert all(plan[key].strip() for key in ("number", "province", "source"))


def test_numbers_are_distinct() -> None:
    numbers = [plan["number"] for plan in PLANS]
    assert len(set(numbers)) == len(numbers)
