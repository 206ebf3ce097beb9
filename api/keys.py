"""Keys of the API. The server holds their SHA-256 digests alone: who reads its settings cannot speak with it.

A key is 32 random bytes, so that a plain digest cannot be searched for the key.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import InputError

_NAMED = re.compile(r"([A-Za-z0-9._-]{1,64}):([0-9a-fA-F]{64})")
_HOW = "Tạo khóa bằng `kehoach api-key TÊN`, ghi dòng «TÊN:…» mà lệnh in ra."


@dataclass(frozen=True, slots=True)
class Keys:
    """Who may speak with the API: names and the digests of their keys. None: everybody who reaches it."""

    known: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.known)

    def owner(self, presented: str) -> str | None:
        """The name that a key belongs to, None for a wrong one; in the same time whichever it is."""
        found, digest = None, digest_of(presented)
        for name, known in self.known:
            if hmac.compare_digest(known, digest):
                found = name
        return found


def digest_of(key: str) -> str:
    """What the server keeps of a key."""
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()


def new_key() -> str:
    """A key that nobody has."""
    return secrets.token_urlsafe(32)


def named(name: str, key: str) -> str:
    """The line for the settings.

    Raises:
        InputError: a name that the settings could not hold.
    """
    line = f"{name}:{digest_of(key)}"
    if not _NAMED.fullmatch(line):
        raise InputError(f"«{name}» không dùng làm tên khóa được.", "Dùng chữ cái không dấu, số, dấu chấm, gạch.")
    return line


def read_keys(told: str, file: str) -> Keys:
    """Keys of KEHOACH_API_KEYS (comma separated) and of the file that KEHOACH_API_KEYS_FILE names (one a line).

    Raises:
        InputError: the file cannot be read; what is no name with a digest; a name that is there twice.
    """
    items = [("KEHOACH_API_KEYS", part) for part in told.split(",")]
    if file:
        items += [(file, line.partition("#")[0]) for line in _lines(file)]
    found: dict[str, str] = {}
    for where, text in _filled(items):
        match = _NAMED.fullmatch(text)
        if match is None:  # the text itself is not told: it may be a key
            raise InputError(f"{where}: có mục không phải dạng TÊN:SHA-256.", _HOW)
        if match[1] in found:
            raise InputError(f"{where}: tên khóa «{match[1]}» có hai lần.", "Mỗi khóa một tên riêng.")
        found[match[1]] = match[2].lower()
    if file and not found:
        raise InputError(f"{file}: không có khóa nào.", _HOW)
    return Keys(tuple(found.items()))


def _filled(items: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(where, text.strip()) for where, text in items if text.strip()]


def _lines(file: str) -> list[str]:
    try:
        return Path(file).read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"Không đọc được tệp khóa «{file}».", "Kiểm tra KEHOACH_API_KEYS_FILE.") from error
