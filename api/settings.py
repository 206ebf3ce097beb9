"""Settings of the API, read once from the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass

from api.keys import Keys, read_keys
from ingest.errors import InputError
from serving import cache, log

RATE, BURST, BODY = 600, 60, 256  # requests a minute, at once; kilobytes
_KILOBYTE = 1024
_NOBODY = Keys()


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """`keys` of those who may ask; `rate` requests a minute of each of them (0: no limit) and `burst` at once;
    `max_body` bytes of a request; `names` of the server beside the machine's own; `cache_bytes` of answers remembered;
    `log_questions`: whether the log holds what was asked."""

    keys: Keys = _NOBODY
    rate: int = RATE
    burst: int = BURST
    max_body: int = BODY * _KILOBYTE
    names: tuple[str, ...] = ()
    cache_bytes: int = cache.MEGABYTES * 1024 * 1024
    log_questions: bool = False

    @classmethod
    def from_environment(cls, environ: os._Environ[str] | dict[str, str] | None = None) -> ApiSettings:
        """Read KEHOACH_API_KEYS, KEHOACH_API_KEYS_FILE, KEHOACH_API_RATE, KEHOACH_API_BURST, KEHOACH_API_MAX_KB,
        KEHOACH_API_NAMES, KEHOACH_CACHE_MB and KEHOACH_LOG_QUESTIONS.

        Raises:
            InputError: one of them cannot be used.
        """
        env = os.environ if environ is None else environ
        names = (name.strip().casefold() for name in (env.get("KEHOACH_API_NAMES") or "").split(","))
        return cls(
            keys=read_keys(env.get("KEHOACH_API_KEYS") or "", env.get("KEHOACH_API_KEYS_FILE") or ""),
            rate=_number(env, "KEHOACH_API_RATE", RATE, 0),
            burst=_number(env, "KEHOACH_API_BURST", BURST, 1),
            max_body=_number(env, "KEHOACH_API_MAX_KB", BODY, 1) * _KILOBYTE,
            names=tuple(name for name in names if name),
            cache_bytes=cache.most_bytes(env),
            log_questions=log.with_questions(env),
        )


def _number(env: os._Environ[str] | dict[str, str], name: str, usual: int, least: int) -> int:
    text = (env.get(name) or str(usual)).strip()
    if not (text.isascii() and text.isdigit() and len(text) < 8 and int(text) >= least):
        raise InputError(
            f"{name} = «{text}» không hợp lệ.", f"Đặt một số nguyên từ {least}, ví dụ {name}={usual}, hoặc bỏ biến này."
        )
    return int(text)
