"""Streamlit's own files and its page, as `kehoach serve` hands them out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from ui.frontend import Frontend, scripts

MANIFEST = {
    "lib/Html.tsx": {"file": "static/js/Html.1.js", "imports": ["_a.js", "_gone.js"]},
    "lib/Chart.tsx": {"file": "static/js/Chart.1.js", "imports": []},
    "_a.js": {"file": "static/js/a.1.js", "imports": ["_b.js"]},
    "_b.js": {"file": "static/js/b.1.js", "imports": ["_a.js"]},
}
INDEX = """<!DOCTYPE html><html lang="en"><head><title>Streamlit</title>
<link rel="modulepreload" crossorigin href="./static/js/b.1.js"></head><body></body></html>"""


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    static = tmp_path / "in"
    (static / "static" / "js").mkdir(parents=True)
    (static / "index.html").write_text(INDEX, "utf-8")
    (static / "manifest.json").write_text(json.dumps(MANIFEST), "utf-8")
    (static / "static" / "js" / "Html.1.js").write_text("export const html = 1;", "utf-8")
    (tmp_path / "secret.js").write_text("secret", "utf-8")
    return static


@pytest.fixture
def client(directory: Path) -> TestClient:
    async def page(request: Request) -> Response:
        return HTMLResponse(INDEX, headers={"X-Theirs": "1"})

    async def other(request: Request) -> Response:
        return PlainTextResponse(f"theirs: {request.method} {request.url.path}")

    async def missing(request: Request) -> Response:
        return HTMLResponse("<p>missing</p>", status_code=404)

    routes = [
        Route("/", page),
        Route("/so-sanh", page),
        Route("/a/b/c", page),
        Route("/missing", missing),
        Route("/{rest:path}", other, methods=["GET", "POST"]),
    ]
    return TestClient(Frontend(Starlette(routes=routes), directory, "Kế hoạch <của> tỉnh"))


@pytest.mark.parametrize("address", ["/", "/so-sanh"])
def test_every_page_is_ours(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert answer.headers["Content-Type"].startswith("text/html")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert '<html lang="vi">' in answer.text
    assert "<title>Kế hoạch &lt;của&gt; tỉnh</title>" in answer.text
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    assert answer.text.count("<!DOCTYPE html>") == 1


def test_an_address_of_several_levels_leads_to_the_first_page(client: TestClient) -> None:
    answer = client.get("/a/b/c", follow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (307, "/")


def test_the_page_names_what_its_fields_need_once(client: TestClient) -> None:
    text = client.get("/").text
    assert [text.count(f'href="./static/js/{name}.1.js"') for name in ("Html", "a", "b", "Chart")] == [1, 1, 1, 0]


def test_files_come_with_their_kind_and_may_be_kept(client: TestClient) -> None:
    for _ in range(2):
        answer = client.get("/static/js/Html.1.js")
        assert answer.text == "export const html = 1;"
        assert "javascript" in answer.headers["Content-Type"]
        assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "path", ["/static/js/none.js", "/static/../../secret.js", "/static/%2e%2e/%2e%2e/secret.js", "/index.html"]
)
def test_what_is_no_file_of_streamlit_is_not_read(client: TestClient, path: str) -> None:
    assert client.get(path).text.startswith("theirs")


def test_an_app_below_a_path_of_a_larger_site(directory: Path) -> None:
    async def theirs(request: Request) -> Response:
        return PlainTextResponse("theirs")

    app = Starlette(routes=[Route("/{rest:path}", theirs)])
    client = TestClient(Frontend(app, directory, "Kế hoạch", "/kehoach/"))
    assert client.get("/kehoach/static/js/Html.1.js").text == "export const html = 1;"
    assert client.get("/kehoach/_stcore/metrics").status_code == 404
    assert client.get("/khac/static/js/Html.1.js").text == "theirs"


def test_the_rest_is_streamlits(client: TestClient) -> None:
    assert client.get("/_stcore/health").text == "theirs: GET /_stcore/health"
    assert client.post("/static/js/Html.1.js").text == "theirs: POST /static/js/Html.1.js"
    assert client.get("/missing").text == "<p>missing</p>"


def test_figures_of_the_machine_are_not_for_readers(client: TestClient) -> None:
    assert client.get("/_stcore/metrics").status_code == 404
    assert client.get("/_stcore/metrics/").status_code == 404
    assert client.options("/_stcore/metrics").status_code == 404


def test_a_part_of_streamlits_page_is_never_given(client: TestClient) -> None:
    whole = client.get("/").text
    answer = client.get("/", headers={"Range": "bytes=0-9", "If-None-Match": '"x"'})
    assert (answer.status_code, answer.text) == (200, whole)


def test_scripts_follow_imports_once_and_leave_out_what_is_known() -> None:
    assert scripts(MANIFEST, ["Html"], ["static/js/b.1.js"]) == ["static/js/Html.1.js", "static/js/a.1.js"]
    assert scripts(MANIFEST, ["Unknown"], []) == []
    assert scripts({"x/Html.tsx": {}}, ["Html"], []) == []


def test_streamlits_own_page_has_what_is_replaced() -> None:
    from streamlit import file_util

    from ui.frontend import FIRST

    static = Path(file_util.get_static_dir())
    index = (static / "index.html").read_text("utf-8")
    assert '<html lang="en">' in index
    assert "<title>Streamlit</title>" in index
    manifest = json.loads((static / "manifest.json").read_text("utf-8"))
    for name in FIRST:
        assert scripts(manifest, [name], []), name
