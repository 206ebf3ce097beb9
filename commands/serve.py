"""`kehoach serve`: the app, with the program's own configuration, from whatever directory it is started in."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, redirect_stdout, suppress
from math import ceil
from pathlib import Path

from commands.listen import check_free, port_number
from commands.output import complain, flush, say
from ingest.errors import InputError
from ingest.settings import Settings
from serving import log
from serving.cache import most_bytes
from serving.hosts import is_loopback

ROOT = Path(__file__).parent.parent
WARNING = "Cảnh báo"
NAME = "Tra cứu kế hoạch của các tỉnh"
_MEGABYTE = 1024 * 1024


def serve(host: str, port: str, settings: Settings, *, log_json: bool = False) -> int:
    """Serve until a signal (Ctrl+C, systemd's) ends it. Returns the exit code, 0.

    Args:
        log_json: note every question as a line of JSON, as KEHOACH_LOG=json does.

    Raises:
        InputError: the app is not beside the program, a setting is wrong, or host and port cannot be listened on.
    """
    log.with_questions()
    if log_json or log.in_json():
        log.configure(as_json=True)
    most_bytes()
    app = _app()
    number = port_number(port)
    check_free(host, number)
    _warn(host, settings)
    shown = f"[{host}]" if ":" in host else host
    say(f"Ứng dụng: http://{shown}:{number} (Ctrl+C để dừng)")
    flush()
    os.environ["KEHOACH_MODEL"] = settings.encoder  # the app reads its settings anew
    options: dict[str, str | int | bool] = {
        "server.address": host,
        "server.port": number,
        # The largest upload: KEHOACH_MAX_MB, which the file field of the page is given too.
        "server.maxUploadSize": ceil(settings.max_bytes / _MEGABYTE),
        "server.headless": True,
        "logger.hideWelcomeMessage": True,
    }
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the server gives a signal on when it has ended
    with suppress(KeyboardInterrupt):
        _run(app, options)
    return 0


def _run(script: Path, options: dict[str, str | int | bool]) -> None:
    """Streamlit in this process: it sets its own handlers of signals. What it prints at the end is English."""
    from starlette.middleware import Middleware
    from streamlit import App, file_util

    from ui.frontend import Frontend

    sys.argv = [str(script)]  # beside it Streamlit looks for its configuration
    told = _configuration(script, options)
    base = str(told.get("server.baseUrlPath", ""))
    ours = Middleware(Frontend, directory=Path(file_util.get_static_dir()), title=NAME, base=base)
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
        App(script, middleware=[ours], lifespan=_warmed).run(config=told)


def _configuration(script: Path, options: dict[str, str | int | bool]) -> dict[str, object]:
    """Our options over those of the environment (`STREAMLIT_…`), which `streamlit run` reads and `App.run` does not.

    Raises:
        InputError: a variable of that name cannot be used.
    """
    from click import UsageError
    from streamlit.web.cli import main_run

    arguments = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    try:
        told = main_run.make_context("run", [*arguments, str(script)]).params
    except UsageError as error:
        raise InputError(
            f"Một biến môi trường STREAMLIT_… không dùng được: {error.format_message()}", "Sửa hoặc bỏ biến này."
        ) from error
    return {
        name.replace("_", "."): value
        for name, value in told.items()
        if name not in ("target", "args") and value is not None and value != ()
    }


@asynccontextmanager
async def _warmed(app: object) -> AsyncIterator[None]:
    """Open the index beside the start: the first reader of the day need not wait for it."""
    from ui import services

    # It warns of what runs outside of a page, as this does.
    logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").setLevel(logging.ERROR)
    threading.Thread(target=services.warm, name="warm", daemon=True).start()
    yield


def _app() -> Path:
    """The entry of the app. It is no part of an installed package: an editable install leaves it in its place.

    Raises:
        InputError: it is not there, or without its configuration, which keeps the app to this machine.
    """
    for file in (ROOT / "app.py", ROOT / ".streamlit" / "config.toml"):
        if not file.is_file():
            raise InputError(
                f"Không có {file}: ứng dụng chạy từ thư mục mã nguồn của kehoach.",
                "Vào thư mục mã nguồn, chạy `make install` (hoặc `pip install -e .`), rồi dùng `kehoach` vừa cài.",
            )
    return ROOT / "app.py"


def _warn(host: str, settings: Settings) -> None:
    from index.generation import current_name

    if not is_loopback(host):
        complain(
            f"{host} mở ứng dụng ra ngoài máy này, không mã hóa đường truyền.",
            "Chỉ dùng sau một máy chủ ủy nhiệm (proxy) có TLS, và bật đăng nhập: xem docs/deploy.md.",
            WARNING,
        )
    if current_name(settings.home) is None:
        complain(
            f"Chưa có chỉ mục trong {settings.home}; ứng dụng chạy nhưng chưa trả lời được.",
            "Nạp kế hoạch: `kehoach ingest <thư mục>`; ứng dụng tự nhận chỉ mục mới.",
            WARNING,
        )
