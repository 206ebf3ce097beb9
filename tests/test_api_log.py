"""What the servers note of a request: one JSON object a line, without keys, without questions unless asked for."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from api_client import Running, running
from conftest import HOUSING, INSURANCE, HashEncoder, make_plan_file

from api.keys import Keys, digest_of
from api.settings import ApiSettings
from index.build import Builder
from index.store import Store
from ingest.errors import InputError
from serving import log

KEY = "k" * 43
QUESTION = "ai chủ trì nhà ở xã hội?"


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Iterator[Any]:
    """The log in JSON, as it is written; switched off again at the end."""
    log.configure(as_json=True)
    yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    for name in ("kehoach", "uvicorn.error"):
        logging.getLogger(name).handlers = []


@pytest.fixture
def built(home: Path) -> Path:
    with Store.open(home) as store:
        plan = make_plan_file("54/KH-UBND", "Thái Nguyên", [HOUSING, INSURANCE])
        Builder(store, HashEncoder(), home).sync([plan])
    return home


def api(home: Path, **more: Any) -> Any:  # noqa: ANN401
    return running(home, ApiSettings(rate=0, keys=Keys((("phong-a", digest_of(KEY)),)), **more))


def ask(found: Running, question: str = QUESTION, **more: str) -> Any:  # noqa: ANN401
    return found.client.post("/v1/ask", json={"question": question, **more}, headers={"X-API-Key": KEY})


def test_a_question_is_a_line(built: Path, lines: Any) -> None:  # noqa: ANN401
    with api(built) as found:
        ask(found)
        answer = ask(found)
    first, second = lines()
    assert list(first)[:3] == ["time", "level", "event"]
    assert (first["event"], first["route"], first["method"], first["status"]) == ("request", "/v1/ask", "POST", 200)
    assert (first["generation"], first["key"]) == ("gen-1", "phong-a")
    assert (first["cached"], second["cached"]) == (False, True)
    assert isinstance(first["answers"], int)
    assert first["abstained"] is (first["answers"] == 0)
    assert first["took_ms"] > 0
    assert second["id"] == answer.headers["x-request-id"] != first["id"]


def test_neither_key_nor_question_is_noted(built: Path, lines: Any) -> None:  # noqa: ANN401
    with api(built) as found:
        ask(found)
        found.client.get("/v1/tasks", params={"agency": "Sở Bí mật"}, headers={"X-API-Key": KEY})
        found.client.get(f"/v1/documents/{KEY}", headers={"Authorization": f"Bearer {KEY}"})
        found.client.get(f"/{KEY}", headers={"X-API-Key": "x" + KEY})
    told = json.dumps(lines(), ensure_ascii=False)
    assert KEY not in told
    assert digest_of(KEY) not in told
    assert "nhà ở" not in told
    assert "Bí mật" not in told


def test_questions_are_noted_where_that_is_asked_for(built: Path, lines: Any) -> None:  # noqa: ANN401
    with api(built, log_questions=True) as found:
        ask(found)
        items = [{"question": QUESTION}, {"question": "y tế\nở đâu?"}]
        found.client.post("/v1/ask/batch", json={"questions": items}, headers={"X-API-Key": KEY})
    first, batch = lines()
    assert first["question"] == [QUESTION]
    assert batch["question"] == [QUESTION, "y tế\nở đâu?"]
    assert batch["cached"] == 1


def test_refusals_and_odd_ids(built: Path, lines: Any) -> None:  # noqa: ANN401
    with api(built) as found:
        for given in ("a-b_1.2", "x" * 65, "a b", '"', ""):
            answer = found.client.get("/v1/nowhere", headers={"X-Request-Id": given})
            assert (answer.headers["x-request-id"] == given) is (given == "a-b_1.2")
    told = lines()
    assert [line["status"] for line in told] == [401] * 5
    assert {line["route"] for line in told} == {"other"}
    assert all(len(line["id"]) <= 64 for line in told)


def test_to_be_read_it_is_one_line_too(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging.getLogger("kehoach"), "propagate", False)  # the test runner cannot hand a surrogate on
    log.configure(as_json=False)
    try:
        log.event("request", route="/v1/ask", question="a\nb", none=None)
        log.failure("worker died", ValueError("\ud800"))
    finally:
        logging.getLogger("kehoach").handlers = []
    first, second, *_ = capsys.readouterr().err.splitlines()
    assert first.endswith('INFO request route=/v1/ask question="a\\nb"')
    assert "ERROR worker died" in second


def test_without_being_asked_nothing_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    log.event("request", route="/v1/ask")
    log.failure("x", None)
    assert capsys.readouterr().err == ""


def test_its_settings() -> None:
    assert log.in_json({"KEHOACH_LOG": "json"})
    assert not log.in_json({})
    assert not log.with_questions({})
    for environ in ({"KEHOACH_LOG": "xml"}, {"KEHOACH_LOG_QUESTIONS": "2"}):
        with pytest.raises(InputError):
            log.in_json(environ)
            log.with_questions(environ)
