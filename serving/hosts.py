"""Names and addresses of this machine, and under which of them a server may be spoken to."""

from __future__ import annotations

import socket
from collections.abc import Collection
from ipaddress import ip_address
from urllib.parse import urlsplit


def own_names() -> frozenset[str]:
    """What this machine is called without anybody having said so."""
    own = socket.gethostname()
    return frozenset({"localhost", own, f"{own}.local"})


def known_host(host: str | None, names: Collection[str]) -> bool:
    """Whether a server is spoken to under a name of its own, and not under one that somebody else points at it.

    A page of a foreign name that resolves to this machine could speak with the server as its own (DNS rebinding).
    Numbers are no names: nobody else can give them.

    Args:
        host: the header of that name, perhaps with a port; None where there is none.
        names: of this app.
    """
    if not host:
        return True
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name.casefold() in {each.casefold() for each in names} or bool(ip_address(name))
    except ValueError:  # neither one of ours nor a number
        return False


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches what listens there."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
