"""Host and port of a server, looked at before everything else is loaded."""

from __future__ import annotations

import errno
import socket

from ingest.errors import InputError

_REFUSED = {
    errno.EADDRINUSE: ("cổng đang được dùng", "Dừng chương trình đang dùng cổng này, hoặc chọn cổng khác với --port."),
    errno.EADDRNOTAVAIL: ("máy này không có địa chỉ đó", "Nêu địa chỉ của máy này, ví dụ --host 127.0.0.1."),
    errno.EACCES: ("không có quyền", "Chọn cổng từ 1024 trở lên, ví dụ --port 8501."),
}


def port_number(text: str) -> int:
    """The number of a port.

    Raises:
        InputError: it is none.
    """
    if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) < 65_536):
        raise InputError(f"«{text}» không phải là số cổng.", "Nêu một số từ 1 đến 65535, ví dụ --port 8501.")
    return int(text)


def check_free(host: str, port: int) -> None:
    """Whether host and port can be listened on.

    Raises:
        InputError: they cannot.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[
            0
        ]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except (socket.gaierror, UnicodeError) as error:
        raise InputError(f"Không có địa chỉ «{host}».", "Nêu địa chỉ của máy này, ví dụ --host 127.0.0.1.") from error
    except OSError as error:
        reason, remedy = _REFUSED.get(error.errno or 0, (error.strerror or str(error), "Chọn địa chỉ và cổng khác."))
        raise InputError(f"Không mở được cổng {port} tại {host}: {reason}.", remedy) from error
