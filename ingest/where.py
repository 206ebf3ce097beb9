"""Where clauses are searched, as `KEHOACH_ENGINE` and `KEHOACH_TENANT` say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ingest.errors import InputError

DEFAULT_TENANT = "chung"
_PORT = 19530  # Milvus' own
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]")
_TENANT = re.compile(r"[a-z][a-z0-9_]{0,31}")
_DATABASE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")


class Kind(StrEnum):
    """What searches."""

    LOCAL = "local"  # this process
    SERVER = "milvus"  # a Milvus server or cluster
    EMBEDDED = "milvus+lite"  # Milvus Lite in this process, on a folder


@dataclass(frozen=True, slots=True)
class Where:
    """`address` is the server's URL or the folder of Milvus Lite; `secret` (user:password) is never shown."""

    kind: Kind = Kind.LOCAL
    address: str = ""
    database: str = ""
    secret: str = ""
    tenant: str = DEFAULT_TENANT

    def __str__(self) -> str:
        """As it is shown in messages."""
        return f"{self.kind.value}:{self.address}" if self.kind is Kind.EMBEDDED else self.address or self.kind.value

    def __repr__(self) -> str:
        return f"Where({self}, tenant={self.tenant!r})"


HERE = Where()


def parse_where(engine: str, tenant: str = "") -> Where:
    """What the two settings name; empty ones are the defaults.

    Raises:
        InputError: one of them is of no known form.
    """
    name = tenant.strip() or DEFAULT_TENANT
    if not _TENANT.fullmatch(name):
        raise InputError(
            f"KEHOACH_TENANT = «{tenant}» không hợp lệ.",
            "Đặt tên ngắn gồm chữ thường không dấu, chữ số và dấu gạch dưới, bắt đầu bằng chữ, tối đa 32 ký tự, "
            "ví dụ so_xay_dung.",
        )
    text = engine.strip()
    if text in ("", Kind.LOCAL.value):
        return Where(tenant=name)
    if text.startswith("milvus+lite:"):
        return _embedded(text, name)
    if text.startswith(("milvus://", "milvus+tls://")):
        return _server(text, name)
    raise _refused(_without_secret(text))


def _embedded(text: str, tenant: str) -> Where:
    folder = text.removeprefix("milvus+lite:")
    if not folder or "\0" in folder:
        raise _refused(text)
    return Where(Kind.EMBEDDED, str(Path(folder).absolute()), tenant=tenant)


def _server(text: str, tenant: str) -> Where:
    shown = _without_secret(text)
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", _PORT if parts.port is None else parts.port
    except ValueError as error:
        raise _refused(shown) from error
    host = f"[{host}]" if ":" in host else host
    if not _HOST.fullmatch(host) or not 0 < port < 65536:
        raise _refused(shown)
    database = parts.path.strip("/")
    if parts.query or parts.fragment or (database and not _DATABASE.fullmatch(database)):
        raise _refused(shown)
    secret = ":".join(unquote(part) for part in (parts.username, parts.password) if part is not None)
    scheme = "https" if parts.scheme == "milvus+tls" else "http"
    return Where(Kind.SERVER, f"{scheme}://{host}:{port}", database, secret, tenant)


def _without_secret(text: str) -> str:
    return re.sub(r"//[^/@]*@", "//…@", text)


def _refused(shown: str) -> InputError:
    return InputError(
        f"KEHOACH_ENGINE = «{shown}» không phải là một máy tìm kiếm.",
        "Đặt KEHOACH_ENGINE=local (máy này, mặc định), milvus://máy:cổng (máy chủ Milvus, milvus+tls:// nếu dùng TLS) "
        "hoặc milvus+lite:THƯ-MỤC (Milvus Lite).",
    )
