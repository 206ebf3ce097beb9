"""What the API refuses: always a status that says so, and in Vietnamese what is wrong and what to do."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from api_client import HOST, OPEN, Running, running
from conftest import HashEncoder, make_plan_file
from starlette.testclient import TestClient

from api import gate
from api.app import create_app
from api.buckets import Buckets
from api.errors import refusal_of
from api.keys import Keys, digest_of, named, new_key, read_keys
from api.metrics import Metrics
from api.models import ErrorBody
from api.settings import ApiSettings
from index.build import Builder
from index.store import Store
from ingest.errors import EngineError, InputError
from ingest.settings import Settings

JSON = {"content-type": "application/json"}
KEYS = Keys((("phong-a", digest_of("a" * 43)), ("phong-b", digest_of("b" * 43))))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("api") / "nha"
    plan = make_plan_file("54/KH-UBND", "Thái Nguyên", ["Sở Xây dựng chủ trì phát triển nhà ở xã hội."])
    with Store.open(home) as store:
        Builder(store, HashEncoder(), home).sync([plan])
    return home


@pytest.fixture(scope="module")
def api(built: Path) -> Iterator[Running]:
    with running(built) as found:
        yield found


def refused(answer: Any, status: int) -> str:  # noqa: ANN401
    """The message of a refusal, once its form was found right."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-request-id"]
    told = ErrorBody.model_validate_json(answer.text, strict=True).error
    assert told.message
    assert told.remedy
    return told.message


@pytest.mark.parametrize("raw", [b"", b"{", b"null", b"[]", b'"x"', b"{}", b'{"question": 1}', b'{"question": ""}',
                                 b'{"question": "\\ud800"}', b'{"question": "x", "id": true}', b"[" * 5000,
                                 b'{"question": "x", "provinec": "y"}', b'{"question": "x", "keep": "y"}',
                                 b'{"question": "x", "part": "bang"}', b'{"question": " \\n "}',
                                 b'{"question": "y", "province": "Atlantis"}', b'{"question": "y", "document": "1/X"}',
                                 b'{"question": "y", "agency": "x"}', b'{"question": "y", "keep": null}',
                                 '{"question": "%s"}'.replace("%s", "x" * 2001).encode()])  # fmt: skip
def test_a_body_that_cannot_be_asked(api: Running, raw: bytes) -> None:
    answer = api.client.post("/v1/ask", content=raw, headers=JSON)
    refused(answer, 400 if raw in (b"{", b"[" * 5000) else 422)


@pytest.mark.parametrize("raw", [b'{"question": "\xff"}', '{"question": "hỏi"}'.encode("utf-16"), b"\x00"])
def test_bytes_that_are_no_text(api: Running, raw: bytes) -> None:
    refused(api.client.post("/v1/ask", content=raw, headers=JSON), 400)


@pytest.mark.parametrize("kind", [None, "text/plain", "application/json; charset=latin-1", "application/jsonp", ""])
def test_a_body_that_is_not_said_to_be_json(api: Running, kind: str | None) -> None:
    headers = {} if kind is None else {"content-type": kind}
    refused(api.client.post("/v1/ask", content=b'{"question": "x"}', headers=headers), 415)


def test_other_addresses_and_methods(api: Running) -> None:
    for path in ("/", "/v1", "/v1/ask/", "/v2/ask", "/docs", "/v1/documents/%00/x", "/v1/documents/../../etc/passwd"):
        refused(api.client.get(path), 404 if path != "/v1/ask" else 405)
    for method, path in (
        ("GET", "/v1/ask"),
        ("DELETE", "/v1/documents"),
        ("OPTIONS", "/v1/ask"),
        ("PUT", "/v1/export"),
    ):
        answer = api.client.request(method, path)
        refused(answer, 405)
        assert answer.headers["allow"]
    assert api.client.head("/v1/documents").status_code == 405


@pytest.mark.parametrize(
    "key", ["x", "..%2F..%2Fetc%2Fpasswd", "54%2FKH-UBND", "%00", "%F0%9F%98%80", "a" * 100, "'--"]
)
def test_a_document_that_there_is_not(api: Running, key: str) -> None:
    refused(api.client.get(f"/v1/documents/{key}"), 404)


@pytest.mark.parametrize("query", ["", "agency=", "agency=Sở+Xây+dựng&role=boss", "agency=x&due=-1",
                                   "agency=x&due=99999", "agency=Sở+Y+tế&date=2026-13-01", "agency=zzzzqqqq",
                                   "agency=Sở+Y+tế&date=9999-01-01",
                                   "agency=Sở+Y+tế&when=now", "agency=Sở+Y+tế&province=Atlantis"])  # fmt: skip
def test_tasks_that_cannot_be_listed(api: Running, query: str) -> None:
    refused(api.client.get(f"/v1/tasks?{query}"), 422)


def test_without_an_index_nothing_is_answered_but_it_lives(tmp_path: Path) -> None:
    with running(tmp_path / "nha") as api:
        message = refused(api.client.post("/v1/ask", json={"question": "y tế"}), 503)
        assert "chỉ mục" in message
        for path in ("/v1/health", "/v1/documents", "/v1/export", "/v1/agencies", "/v1/tasks?agency=Sở+Y+tế"):
            refused(api.client.get(path), 503)
        assert api.client.get("/v1/health/live").status_code == 200
        assert api.count("kehoach_ready") == 0
        refused(api.client.post("/v1/ask", json={"question": ""}), 422)


def test_a_search_engine_that_is_silent_is_no_fault_of_the_request() -> None:
    told = refusal_of(EngineError("Máy tìm kiếm không trả lời.", "Khởi động lại."))
    assert (told.status, told.message, told.remedy) == (503, "Máy tìm kiếm không trả lời.", "Khởi động lại.")


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8600", "127.0.0.1.evil.example", "x@127.0.0.1.example"])
def test_a_foreign_name(api: Running, host: str) -> None:
    for path in ("/v1/documents", "/v1/health", "/v1/openapi.json"):
        refused(api.client.get(path, headers={"host": host}), 400)


@pytest.mark.parametrize("host", ["localhost:8600", "127.0.0.1", "[::1]:80", "Kehoach.Example.vn"])
def test_its_own_names(built: Path, host: str) -> None:
    with running(built, ApiSettings(names=("kehoach.example.vn",))) as api:
        assert api.client.get("/v1/health", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    ("headers", "name"),
    [({"Authorization": "Bearer " + "b" * 43}, "phong-b"), ({"authorization": "bearer   " + "b" * 43}, "phong-b"),
     ({"X-API-Key": "b" * 43}, "phong-b"), ({}, ""), ({"X-API-Key": "b" * 42}, ""), ({"Authorization": "b" * 43}, ""),
     ({"Authorization": "Basic " + "b" * 43}, ""), ({"X-API-Key": digest_of("b" * 43)}, ""), ({"X-API-Key": ""}, ""),
     ({"Authorization": "Bearer nope", "X-API-Key": "b" * 43}, "")],
)  # fmt: skip
def test_keys(built: Path, headers: dict[str, str], name: str) -> None:
    with running(built, ApiSettings(keys=KEYS)) as api:
        answer = api.client.get("/v1/documents", headers=headers)
        if name:
            assert answer.status_code == 200
        else:
            refused(answer, 401)
            assert answer.headers["www-authenticate"] == "Bearer"
        assert api.client.get("/v1/health").status_code == 200


def test_nothing_is_read_of_a_stranger(built: Path) -> None:
    with running(built, ApiSettings(keys=KEYS, max_body=100)) as api:
        refused(api.client.post("/v1/ask", content=b"x" * 1000), 401)
        refused(api.client.get("/v1/nowhere"), 401)


def test_keys_are_read_as_digests(tmp_path: Path) -> None:
    key = new_key()
    assert len(key) > 40
    file = tmp_path / "keys"
    file.write_text(f"# hai khóa\n\n{named('a', key)}  # phòng A\n", encoding="utf-8")
    keys = read_keys(f"{named('b', 'other')},", str(file))
    assert (keys.owner(key), keys.owner("other"), keys.owner("x")) == ("a", "b", None)
    assert key not in repr(keys)


@pytest.mark.parametrize("told", ["khoa-ro", "a:abc", "a b:" + "0" * 64, f"a:{'0' * 64},a:{'1' * 64}"])
def test_keys_that_cannot_be_used_are_not_repeated(told: str) -> None:
    with pytest.raises(InputError) as error:
        read_keys(told, "")
    assert "khoa-ro" not in str(error.value)


def test_files_of_keys_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("# nobody\n", encoding="utf-8")
    for file in ("missing", "empty"):
        with pytest.raises(InputError, match=file):
            read_keys("", str(tmp_path / file))
    with pytest.raises(InputError):
        named("a b", "key")


def test_a_body_that_says_it_is_too_large(built: Path) -> None:
    with running(built, ApiSettings(max_body=200)) as api:
        answer = api.client.post("/v1/ask", json={"question": "x" * 300})
        refused(answer, 413)
        assert answer.headers["connection"] == "close"


def test_a_body_that_comes_in_pieces_is_stopped_where_it_is_too_large(built: Path) -> None:
    sent = 0

    async def receive() -> dict[str, object]:
        nonlocal sent
        sent += 1
        return {"type": "http.request", "body": b" " * 100, "more_body": True}

    with running(built, ApiSettings(max_body=1000)) as api:
        status, body = asyncio.run(raw(api, receive))
    assert (status, sent) == (413, 11)
    assert "error" in json.loads(body)


@pytest.mark.parametrize("forever", [True, False])
def test_a_body_that_does_not_come(built: Path, forever: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "BODY_SECONDS", 0.1)

    async def receive() -> dict[str, object]:
        await asyncio.sleep(60 if forever else 0)
        return {"type": "http.disconnect"}

    with running(built) as api:
        assert asyncio.run(raw(api, receive))[0] == 408


async def raw(api: Running, receive: Any) -> tuple[int, bytes]:  # noqa: ANN401
    """POST /v1/ask past the client, which sends a body whole: status and body."""
    told: list[dict[str, Any]] = []

    async def send(message: Any) -> None:  # noqa: ANN401
        told.append(message)

    headers = [(b"content-type", b"application/json"), (b"host", b"127.0.0.1"), (b"transfer-encoding", b"chunked")]
    scope = {"type": "http", "method": "POST", "path": "/v1/ask", "headers": headers, "query_string": b""}
    await api.app(scope, receive, send)
    return told[0]["status"], b"".join(message.get("body", b"") for message in told[1:])


def test_too_many_requests(built: Path) -> None:
    with running(built, ApiSettings(rate=60, burst=3, keys=KEYS)) as api:
        first, second = {"X-API-Key": "b" * 43}, {"X-API-Key": "a" * 43}
        assert [api.client.get("/v1/documents", headers=first).status_code for _ in range(3)] == [200, 200, 200]
        answer = api.client.get("/v1/documents", headers=first)
        refused(answer, 429)
        assert answer.headers["retry-after"] == "1"
        assert api.client.get("/v1/documents", headers=second).status_code == 200
        assert api.client.get("/v1/health", headers=first).status_code == 200


def test_a_batch_counts_as_its_questions(built: Path) -> None:
    with running(built, ApiSettings(rate=60, burst=3)) as api:
        body = {"questions": [{"question": "nhà ở"}] * 10}
        assert api.client.post("/v1/ask/batch", json=body).status_code == 200
        answer = api.client.get("/v1/documents")
        refused(answer, 429)
        assert int(answer.headers["retry-after"]) in (7, 8)


def test_buckets_fill_evenly() -> None:
    now = [0.0]
    buckets = Buckets(60, 2, lambda: now[0])
    assert [buckets.take("a") for _ in range(3)] == [0, 0, 1]
    assert buckets.take("b") == 0
    now[0] = 0.5
    assert buckets.take("a") == 1
    now[0] = 1.0
    assert buckets.take("a") == 0
    now[0] = 1000.0
    assert [buckets.take("a") for _ in range(3)] == [0, 0, 1]
    assert [Buckets(0, 1).take("a") for _ in range(9)] == [0] * 9


def test_a_batch_of_too_many(api: Running) -> None:
    refused(api.client.post("/v1/ask/batch", json={"questions": [{"question": "y tế"}] * 101}), 422)
    refused(api.client.post("/v1/ask/batch", json={"questions": []}), 422)


def test_a_defect_is_told_without_its_traceback(built: Path) -> None:
    class Broken:
        def submit(self, job: object, done: object) -> None:
            raise RuntimeError("secret")

        def warm(self) -> None: ...
        def close(self) -> None: ...
        def pids(self) -> list[int]:
            return []

    app = create_app(Settings(home=built, encoder="hash"), OPEN, Broken(), Metrics())  # type: ignore[arg-type]
    with TestClient(app, base_url=HOST, raise_server_exceptions=False) as client:
        answer = client.post("/v1/ask", json={"question": "y tế"})
        assert refused(answer, 500) == "Lỗi của chương trình."
        assert "secret" not in answer.text


@pytest.mark.parametrize(
    "environ",
    [{"KEHOACH_API_RATE": "-1"}, {"KEHOACH_API_BURST": "0"}, {"KEHOACH_API_MAX_KB": "x"}, {"KEHOACH_CACHE_MB": "½"},
     {"KEHOACH_LOG_QUESTIONS": "yes"}, {"KEHOACH_API_KEYS": "x"}, {"KEHOACH_API_KEYS_FILE": "/nowhere"}],
)  # fmt: skip
def test_settings_that_cannot_be_used(environ: dict[str, str]) -> None:
    with pytest.raises(InputError) as error:
        ApiSettings.from_environment(environ)
    assert error.value.remedy


def test_settings() -> None:
    told = {
        "KEHOACH_API_RATE": "0",
        "KEHOACH_API_BURST": "5",
        "KEHOACH_API_MAX_KB": "2",
        "KEHOACH_API_NAMES": "A.vn, b",
    }
    own = ApiSettings.from_environment(told | {"KEHOACH_CACHE_MB": "1", "KEHOACH_LOG_QUESTIONS": "1"})
    assert (own.rate, own.burst, own.max_body, own.names) == (0, 5, 2048, ("a.vn", "b"))
    assert (own.cache_bytes, own.log_questions) == (1024 * 1024, True)
    assert ApiSettings.from_environment({}) == ApiSettings()
