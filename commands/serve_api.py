"""`kehoach serve --api`: the JSON API."""

from __future__ import annotations

import signal
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec

from commands.listen import check_free, port_number
from commands.output import complain, flush, say
from ingest.errors import InputError
from ingest.settings import Settings
from serving import log
from serving.hosts import is_loopback

WARNING = "Cảnh báo"
_PACKAGES = ("fastapi", "prometheus_client", "uvicorn", "httptools")
_MOST_WORKERS = 64


@dataclass(frozen=True, slots=True)
class Ports:
    """Of the API and of its counters, as typed; None for no counters."""

    api: str
    metrics: str | None = None


def serve(host: str, ports: Ports, workers: str, settings: Settings, log_json: bool) -> int:
    """Serve until a signal (Ctrl+C, systemd's) ends it. Returns the exit code, 0.

    Raises:
        InputError: a package is missing, a setting is wrong, host and port cannot be listened on, or everybody could
            ask who reaches it from elsewhere.
    """
    _check_installed()
    from api import server
    from api.settings import ApiSettings

    own = ApiSettings.from_environment()
    log.configure(as_json=log_json or log.in_json())
    number, count = port_number(ports.api), _workers(workers)
    metrics = port_number(ports.metrics) if ports.metrics is not None else None
    _check_keys(host, keys=bool(own.keys))
    check_free(host, number)
    _warn(host, settings, keys=bool(own.keys))
    shown = f"[{host}]" if ":" in host else host
    say(f"API: http://{shown}:{number}/v1 (Ctrl+C để dừng)")
    if metrics is not None:
        say(f"Số liệu: http://127.0.0.1:{metrics}/metrics")
    flush()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the server gives a signal on when it has ended
    with suppress(KeyboardInterrupt):
        server.run(host, number, settings, own, count, metrics)
    return 0


def _check_installed() -> None:
    missing = [name.replace("_", "-") for name in _PACKAGES if find_spec(name) is None]
    if missing:
        raise InputError(
            f"Chưa cài gói để chạy API: {', '.join(missing)}.", "Chạy `pip install 'kehoach[api]'` rồi thử lại."
        )


def _workers(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) <= _MOST_WORKERS):
        raise InputError(f"--workers = «{text}» không hợp lệ.", f"Nêu một số từ 1 đến {_MOST_WORKERS}.")
    return int(text)


def _check_keys(host: str, *, keys: bool) -> None:
    if not keys and not is_loopback(host):
        raise InputError(
            f"Chưa có khóa API nào mà {host} mở API ra ngoài máy này.",
            "Tạo khóa bằng `kehoach api-key TÊN`, đặt KEHOACH_API_KEYS; hoặc dùng --host 127.0.0.1.",
        )


def _warn(host: str, settings: Settings, *, keys: bool) -> None:
    from index.generation import current_name

    if not keys:
        complain(
            "Chưa đặt khóa API: ai vào được máy này đều hỏi được.",
            "Tạo khóa bằng `kehoach api-key TÊN` và đặt KEHOACH_API_KEYS: xem docs/api.md.",
            WARNING,
        )
    if not is_loopback(host):
        complain(
            f"{host} mở API ra ngoài máy này, không mã hóa đường truyền: khóa đi qua mạng ở dạng đọc được.",
            "Chỉ dùng sau một máy chủ ủy nhiệm (proxy) có TLS: xem docs/deploy.md.",
            WARNING,
        )
    if current_name(settings.home) is None:
        complain(
            f"Chưa có chỉ mục trong {settings.home}; API chạy nhưng chưa trả lời được.",
            "Nạp kế hoạch: `kehoach ingest <thư mục>`; API tự nhận chỉ mục mới.",
            WARNING,
        )
