"""`kehoach api-key`: a key of the API, shown once."""

from __future__ import annotations

from api.keys import named, new_key
from commands.output import say


def api_key(name: str) -> int:
    """Make a key and print it with the line that the settings keep of it.

    Raises:
        InputError: a name that the settings could not hold.
    """
    key = new_key()
    line = named(name, key)
    say(f"Khóa (chỉ hiện một lần, đưa cho người dùng): {key}")
    say(f"Dòng cho KEHOACH_API_KEYS hoặc tệp KEHOACH_API_KEYS_FILE: {line}")
    return 0
