"""A newer generation takes the place of the one that is served: nothing is answered from the old one's cache."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from api_client import OPEN, Running, running
from conftest import HOUSING, INSURANCE, POVERTY, TRAINING, HashEncoder, make_plan_file, with_agency

from api.jobs import Ask, perform
from api.settings import ApiSettings
from index.build import Builder
from index.store import Store
from ingest.errors import IndexStateError
from ingest.model import Parsed
from ingest.settings import Settings
from serving.current import key_of
from serving.opened import Opened, Stock

QUESTION = "ai chủ trì nhà ở xã hội?"


def plan(lead: str, salt: str = "") -> Parsed:
    texts = [f"{lead} chủ trì {HOUSING}", INSURANCE, POVERTY, TRAINING]
    return with_agency(make_plan_file("54/KH-UBND", "Thái Nguyên", texts, salt=salt), 0, lead)


def publish(home: Path, lead: str, salt: str = "") -> None:
    with Store.open(home) as store:
        Builder(store, HashEncoder(), home).sync([plan(lead, salt)])


@pytest.fixture
def api(home: Path) -> Iterator[Running]:
    publish(home, "Sở Xây dựng")
    with running(home) as found:
        yield found


def leads(api: Running) -> str:
    return " ".join(citation["text"] for citation in api.ask(QUESTION)["citations"])


def test_a_new_generation_is_never_answered_from_the_old_one_s_cache(api: Running, home: Path) -> None:
    for lead in ("Sở Xây dựng", "Sở Y tế", "Sở Tài chính"):
        publish(home, lead)
        for _ in range(3):
            assert lead in leads(api)
        documents = api.client.get("/v1/documents")
        assert documents.headers["x-kehoach-generation"] == api.client.get("/v1/health").json()["generation"]
        assert (
            api.client.get(f"/v1/documents/{documents.json()[0]['id']}").json()["clauses"][0]["text"].startswith(lead)
        )


def test_what_is_asked_again_is_not_made_again(api: Running) -> None:
    first = leads(api)
    misses = api.count("kehoach_cache_misses_total")
    assert leads(api) == first
    assert api.count("kehoach_cache_misses_total") == misses
    for more in ({"province": "Thái Nguyên"}, {"keep": ["nhà"]}, {"part": "text"}, {"document": "54/KH-UBND"}):
        before = api.count("kehoach_cache_misses_total")
        api.ask(QUESTION, **more)
        assert api.count("kehoach_cache_misses_total") == before + 1
    api.ask(QUESTION + " ")
    assert api.count("kehoach_cache_misses_total") == before + 2


def test_the_same_bytes_are_answered_alike_without_the_routes(api: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    body = json.dumps({"question": QUESTION, "id": "câu 1"}).encode()
    sent = {"content": body, "headers": {"content-type": "application/json"}}
    first = api.client.post("/v1/ask", **sent)
    monkeypatch.setattr("fastapi.routing.APIRoute.matches", lambda *_: pytest.fail("a route was asked"))
    again = api.client.post("/v1/ask", **sent)
    assert first.json() | {"took_ms": 0} == again.json() | {"took_ms": 0}
    ours = ("content-type", "x-kehoach-generation", "cache-control", "x-content-type-options")
    assert [first.headers[name] for name in ours] == [again.headers[name] for name in ours]
    assert first.headers["x-request-id"] != again.headers["x-request-id"]
    assert api.count("kehoach_requests_total", route="/v1/ask", method="POST", status="200") == 2
    assert api.count("kehoach_cache_hits_total") == 1


def test_tasks_of_another_day_are_counted_anew(api: Running) -> None:
    days = [
        api.client.get("/v1/tasks", params={"agency": "Sở Xây dựng", "date": f"2026-11-{day}"}).json()["date"]
        for day in (29, 30, 29)
    ]
    assert days == ["2026-11-29", "2026-11-30", "2026-11-29"]


def test_without_the_cache_it_answers_the_same(home: Path) -> None:
    publish(home, "Sở Xây dựng")
    with running(home, ApiSettings(rate=0, cache_bytes=0)) as api:
        assert leads(api) == leads(api)
        assert api.count("kehoach_cache_hits_total") == 0
        assert api.count("kehoach_cache_entries") == 0


def test_generations_change_while_many_ask(api: Running, home: Path) -> None:
    """No request fails, and none that began after a generation was published is answered from an older one."""
    over, wrong, asked = threading.Event(), [], []
    published = [0]

    def ask() -> None:
        while not over.is_set():
            least = published[0]
            answer = api.client.post("/v1/ask", json={"question": QUESTION})
            found = int(answer.headers.get("x-kehoach-generation", "gen-0").removeprefix("gen-"))
            asked.append(found)
            if answer.status_code != 200 or found < least:
                wrong.append((answer.status_code, found, least))

    askers = [threading.Thread(target=ask) for _ in range(4)]
    for each in askers:
        each.start()
    for number in range(5):
        publish(home, "Sở Y tế" if number % 2 else "Sở Xây dựng", salt=str(number))
        published[0] = int((home / "CURRENT").read_text().strip().removeprefix("gen-"))
    over.set()
    for each in askers:
        each.join(30)
    assert not wrong
    assert len(set(asked)) > 1


def test_who_began_with_a_generation_ends_with_it(home: Path) -> None:
    publish(home, "Sở Xây dựng")
    stock = Stock(Settings(home=home, encoder="hash"), HashEncoder)
    with stock.current() as (old, key):
        publish(home, "Sở Y tế")
        with stock.current() as (new, newer):
            assert (key.name, newer.name) == ("gen-1", "gen-2")
            assert new is not old
        assert old.answerer.ask(QUESTION).citations  # not closed under it
    with pytest.raises(Exception, match="closed"):
        old.searcher.clauses()
    with stock.current() as (again, _):
        assert again is new
    stock.close()
    with pytest.raises(Exception, match="closed"):
        new.searcher.clauses()


def test_an_answer_whose_clauses_are_gone_is_made_anew(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Builds on, the clauses of a generation that is still open leave the database: the searcher says so."""
    publish(home, "Sở Xây dựng")
    stock = Stock(Settings(home=home, encoder="hash"), HashEncoder)
    run = Ask.run

    def late(job: Ask, opened: Opened) -> object:
        if opened.searcher.generation.name == "gen-1":
            publish(home, "Sở Tài chính")
            raise IndexStateError("Bản chỉ mục gen-1 đã được thay bằng bản mới hơn.", "Chạy lại.")
        return run(job, opened)

    monkeypatch.setattr(Ask, "run", late)
    made = perform(stock, Ask(QUESTION))
    assert made.key == key_of(Settings(home=home, encoder="hash"))
    assert "Sở Tài chính" in json.loads(made.answered.body)["citations"][0]["text"]
    stock.close()


def test_a_home_made_again_begins_with_the_same_name_and_is_told_apart(home: Path) -> None:
    publish(home, "Sở Xây dựng")
    with running(home, OPEN) as api:
        assert "Sở Xây dựng" in leads(api)
        shutil.rmtree(home)
        assert api.client.post("/v1/ask", json={"question": QUESTION}).status_code == 503
        publish(home, "Sở Y tế")
        assert "Sở Y tế" in leads(api)


def test_the_counters_tell_what_is_served(api: Running, home: Path) -> None:
    leads(api)
    assert api.count("kehoach_index_info", generation="gen-1", encoder="hash") == 1
    publish(home, "Sở Y tế")
    leads(api)
    api.client.get("/v1/health")
    assert api.count("kehoach_index_info", generation="gen-2", encoder="hash") == 1
    assert api.count("kehoach_index_info", generation="gen-1", encoder="hash") == 0
    assert (api.count("kehoach_documents"), api.count("kehoach_ready")) == (1, 1)
    assert api.count("kehoach_clauses") >= 1
