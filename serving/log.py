"""The log of a server: events on standard error, as lines to be read or as one JSON object a line.

No event holds a key, and a question only where KEHOACH_LOG_QUESTIONS=1 asks for it: what people ask is their own.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from datetime import datetime
from typing import Any

from ingest.errors import InputError

_LOGGER = logging.getLogger("kehoach")
_SERVER = "uvicorn.error"  # what the web server itself has to say


def in_json(environ: os._Environ[str] | dict[str, str] | None = None) -> bool:
    """Whether KEHOACH_LOG asks for JSON.

    Raises:
        InputError: it asks for something else.
    """
    text = ((os.environ if environ is None else environ).get("KEHOACH_LOG") or "").strip().casefold()
    if text not in ("", "json", "text"):
        raise InputError(f"KEHOACH_LOG = «{text}» không hợp lệ.", "Đặt KEHOACH_LOG=json, hoặc bỏ biến này.")
    return text == "json"


def with_questions(environ: os._Environ[str] | dict[str, str] | None = None) -> bool:
    """Whether the log may hold what was asked.

    Raises:
        InputError: KEHOACH_LOG_QUESTIONS is neither 0 nor 1.
    """
    text = ((os.environ if environ is None else environ).get("KEHOACH_LOG_QUESTIONS") or "0").strip()
    if text not in ("0", "1"):
        raise InputError(
            f"KEHOACH_LOG_QUESTIONS = «{text}» không hợp lệ.",
            "Đặt KEHOACH_LOG_QUESTIONS=1 để ghi cả câu hỏi, 0 hoặc bỏ biến này để không ghi.",
        )
    return text == "1"


class _Form(logging.Formatter):
    """One line an event."""

    def __init__(self, *, as_json: bool) -> None:
        super().__init__()
        self._as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, Any] = getattr(record, "fields", {})
        told = datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds")
        if record.exc_info:
            fields = fields | {"trace": self.formatException(record.exc_info)}
        if self._as_json:
            line = {"time": told, "level": record.levelname.lower(), "event": record.getMessage(), **fields}
            return _printable(json.dumps(line, ensure_ascii=False, default=str))
        rest = " ".join(f"{name}={_plain(value)}" for name, value in fields.items() if value is not None)
        return _printable(f"{told} {record.levelname} {record.getMessage()} {rest}".rstrip())


class _Stderr(logging.Handler):
    """Writes to what standard error is at the moment."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(self.format(record) + "\n")
            sys.stderr.flush()
        except (OSError, ValueError):  # nowhere to write to: no reason to refuse an answer
            return


def configure(*, as_json: bool) -> None:
    """Write the log to standard error in this form; without it nothing is written."""
    handler = _Stderr()
    handler.setFormatter(_Form(as_json=as_json))
    for name, level in (("kehoach", logging.INFO), (_SERVER, logging.WARNING)):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(level)


def event(name: str, **fields: object) -> None:
    """Note that something happened."""
    if _LOGGER.handlers:
        _LOGGER.info(name, extra={"fields": fields})


def failure(name: str, error: BaseException | None, **fields: object) -> None:
    """Note what failed, with its traceback where there is one."""
    if _LOGGER.handlers:
        _LOGGER.error(name, exc_info=error, extra={"fields": fields})


def _plain(value: object) -> str:
    text = str(value)
    return json.dumps(text, ensure_ascii=False) if not text or " " in text or not text.isprintable() else text


def _printable(text: str) -> str:
    """Lone surrogates have no bytes; a line must not be lost for one."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
