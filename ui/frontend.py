"""Streamlit's own page and scripts, as `kehoach serve` hands them out, before Streamlit itself is asked.

The browser reads about a hundred small files before it paints anything. Streamlit finds each of them through three
layers and a thread; here they come out of memory. Its page names only the first wave of them; ours names those of the
fields of Hỏi đáp as well, which the browser would otherwise learn of from the first messages of the app.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from html import escape
from mimetypes import guess_type
from pathlib import Path

from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

STATIC = "/static/"
METRICS = "/_stcore/metrics"  # for a machine beside this one, never for a reader: docs/deploy.md
FIRST = ("Html", "TextInput", "Selectbox", "Button")  # what the first page is made of, by Streamlit's names
_WAIT = "Đang mở trang…"  # stands alone in the page until its scripts have come
_NO_PAGES = ("/_stcore/", "/media/", "/component/", STATIC)
_PARTIAL = {b"if-none-match", b"if-modified-since", b"range", b"if-range"}
_FOREVER = "public, immutable, max-age=31536000"  # their names change with their content


class Frontend:
    """Answers for Streamlit's files and pages; hands everything else on.

    Args:
        app: Streamlit, as an ASGI application.
        directory: where its own files lie.
        title: what a browser's tab is called until the page names itself.
        base: the path under which the app is served (Streamlit's `server.baseUrlPath`).
    """

    def __init__(self, app: ASGIApp, directory: Path, title: str, base: str = "") -> None:
        self._app = app
        self._base = f"/{base.strip('/')}" if base.strip("/") else ""
        # The names are listed once: what is asked for is looked up and never made into a path.
        self._files = {f"/{path.relative_to(directory).as_posix()}": path for path in _files(directory / "static")}
        self._read: dict[str, Response] = {}
        self._page = Response(_page(directory, title), media_type="text/html", headers={"Cache-Control": "no-cache"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, as ASGI has it."""
        path = scope.get("path", "").removeprefix(self._base)
        if scope["type"] == "http" and path.rstrip("/") == METRICS:
            await Response(status_code=404)(scope, receive, send)
        elif scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
        elif path in self._files:
            await self._file(path)(scope, receive, send)
        elif path.startswith(_NO_PAGES):
            await self._app(scope, receive, send)
        else:  # whole: what a browser has kept, or the part it asks for, would be of Streamlit's own page
            headers = [(name, value) for name, value in scope["headers"] if name.lower() not in _PARTIAL]
            await self._app({**scope, "headers": headers}, receive, self._with_own_page(scope, receive, send))

    def _file(self, path: str) -> Response:
        if path not in self._read:
            kind = guess_type(path)[0] or "application/octet-stream"
            headers = {"Cache-Control": _FOREVER}
            self._read[path] = Response(self._files[path].read_bytes(), media_type=kind, headers=headers)
        return self._read[path]

    def _with_own_page(self, scope: Scope, receive: Receive, send: Send) -> Send:
        """Send our page where Streamlit would send its own: for every address of the app that it has."""
        replaced = False
        # No page of ours lies deeper, and from there the browser would find neither scripts nor server.
        deep = "/" in scope["path"].removeprefix(self._base).strip("/")
        elsewhere = RedirectResponse(f"{self._base}/") if deep else None

        async def relay(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start":
                headers = {name.lower(): value for name, value in message["headers"]}
                kind = headers.get(b"content-type", b"")
                replaced = message["status"] == 200 and kind.startswith(b"text/html")
                if replaced:
                    await (elsewhere or self._page)(scope, receive, send)
            if not replaced:
                await send(message)

        return relay


def _files(directory: Path) -> Iterator[Path]:
    return (path for path in sorted(directory.rglob("*")) if path.is_file())


def _page(directory: Path, title: str) -> str:
    """Streamlit's page, in Vietnamese, with the further scripts of the first page named in its head."""
    text = (directory / "index.html").read_text("utf-8")
    text = text.replace('<html lang="en">', '<html lang="vi">')
    text = text.replace("<title>Streamlit</title>", f"<title>{escape(title)}</title>")
    wait = f'<p style="margin: 3rem auto; max-width: 50rem; padding: 0 1rem; font-family: sans-serif">{_WAIT}</p>'
    text = text.replace('<div id="root"></div>', f'<div id="root">{wait}</div>')
    text = text.replace("</title>", "</title><style>:root { color-scheme: light dark; }</style>", 1)
    named = set(re.findall(r'"\./(static/[^"]+)"', text))
    further = scripts(json.loads((directory / "manifest.json").read_text("utf-8")), FIRST, named)
    links = "".join(f'<link rel="modulepreload" crossorigin href="./{file}">\n' for file in further)
    return text.replace("</head>", f"{links}</head>")


def scripts(manifest: Mapping[str, Mapping[str, object]], names: Collection[str], known: Collection[str]) -> list[str]:
    """The files that some components are made of, beside those known: what they import, and what that imports.

    Args:
        manifest: of Vite: source → `{"file": …, "imports": [source, …]}`. What it does not hold is left out.
        names: of components, which is what their source files are called.
        known: files that need not be named.
    """
    todo = [source for source in manifest if Path(source).suffix == ".tsx" and Path(source).stem in names]
    seen: dict[str, None] = {}
    while todo:
        source = todo.pop()
        if source not in seen and source in manifest:
            seen[source] = None
            imports = manifest[source].get("imports", [])
            todo += imports if isinstance(imports, list) else []
    files = {str(manifest[source].get("file", "")) for source in seen}
    return sorted(file for file in files if file.endswith(".js") and file not in known)
