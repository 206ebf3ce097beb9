"""How things are named in the engine, and which generation an engine can be said to hold.

A collection holds the clauses of one encoder; a partition of it those of one tenant. What a tenant's partition holds is
told by an alias of the collection that names the tenant and the content of a generation: it is taken away before the
first row changes and made anew when every row is there, and a search goes through it. So what is only half there cannot
be searched, and no search has to ask first.
"""

from __future__ import annotations

import hashlib
import json
import re

from index.generation import Generation
from index.text import TEXT_VERSION

_FORMAT = 1  # of the rows; raise it with every change of what a row holds
_PREFIX = "kehoach"
_KEY_BITS = 40
_TENANT_BITS = 23  # a key is a signed number of 64 bits
KEYS = 1 << _KEY_BITS  # a tenant has this many
_STAMP = 24


def collection_name(encoder: str, dimension: int, *, words: bool) -> str:
    """The collection of an encoder; `words`: whether it holds words besides vectors."""
    return f"{_PREFIX}_{_digest([_FORMAT, encoder, dimension, words])[:16]}"


def partition_name(tenant: str) -> str:
    """The partition of a tenant."""
    return f"t_{tenant}"


def first_key(tenant: str, default: str) -> int:
    """What is added to a clause's row key: row keys of two tenants, each with its own database, must not meet. The
    default tenant's keys are its row keys."""
    if tenant == default:
        return 0
    slots = (1 << _TENANT_BITS) - 1
    return (1 + int(_digest([tenant]), 16) % slots) << _KEY_BITS


def stamp(generation: Generation) -> str:
    """What a generation holds, in short: two of the same plans, made by the same program, have the same one."""
    manifest = generation.manifest
    members = sorted((m.key, m.id, m.fingerprint) for m in manifest.documents)
    made = [_FORMAT, manifest.format, manifest.encoder, manifest.dimension, TEXT_VERSION]
    return _digest([made, generation.parts.lexical.length, members])[:_STAMP]


def alias_name(tenant: str, stamp: str) -> str:
    """The alias that says that a tenant's rows are those of a generation."""
    return f"{_PREFIX}_{tenant}_{stamp}"


def aliases_of(tenant: str, aliases: list[str]) -> list[str]:
    """Those of the aliases of a collection that are a tenant's."""
    form = re.compile(rf"{_PREFIX}_{re.escape(tenant)}_[0-9a-f]{{{_STAMP}}}")
    return [alias for alias in aliases if form.fullmatch(alias)]


def tenants_of(partitions: list[str]) -> list[str]:
    """The tenants whose partitions these are."""
    return [name.removeprefix("t_") for name in partitions if name.startswith("t_")]


def _digest(told: object) -> str:
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()
