"""The collection of the engine: its fields, its partition of a tenant, and the aliases that say what is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from index.cluster.filters import between
from index.cluster.names import KEYS, alias_name, aliases_of, collection_name, first_key, partition_name, tenants_of
from index.cluster.server import ASKING, FILLING, Missing, Server
from index.generation import Manifest
from ingest.errors import InputError
from ingest.where import DEFAULT_TENANT

_TEXT = 65_535  # bytes; what Milvus allows
_AGENCIES = 4_096
_WINDOW = 8_192  # rows asked for at once
_STRONG = "Strong"  # what was written before is seen
SCALARS = ("document", "province", "kind", "agencies")


class Table:
    """A tenant's rows in the collection of an encoder."""

    def __init__(self, server: Server, manifest: Manifest) -> None:
        self.server = server
        self.words = server.holds_words()
        self.name = collection_name(manifest.encoder, manifest.dimension, words=self.words)
        self.tenant = server.where.tenant
        self.partition = partition_name(self.tenant)
        self.first_key = first_key(self.tenant, DEFAULT_TENANT)
        self._dimension = manifest.dimension

    def prepare(self) -> None:
        """Make collection and partition where they are missing.

        Raises:
            InputError: another tenant has the same keys.
        """
        call = self.server.call
        if not call(lambda client: client.has_collection(self.name, timeout=ASKING)):
            call(self._create)
        self.server.load(self.name, FILLING)
        there = call(lambda client: client.list_partitions(self.name, timeout=ASKING))
        for other in tenants_of(list(there)):
            if other != self.tenant and first_key(other, DEFAULT_TENANT) == self.first_key:
                raise InputError(
                    f"Tên «{self.tenant}» trùng mã với «{other}» trong máy tìm kiếm.", "Đặt KEHOACH_TENANT khác."
                )
        if self.partition not in there:
            call(lambda client: client.create_partition(self.name, self.partition, timeout=FILLING))

    def _create(self, client: Any) -> None:  # noqa: ANN401 (the library's client)
        from pymilvus import DataType

        schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("key", DataType.INT64, is_primary=True)
        for name in ("document", "province", "kind", "digest"):
            schema.add_field(name, DataType.VARCHAR, max_length=_TEXT)
        schema.add_field(
            "agencies", DataType.ARRAY, element_type=DataType.VARCHAR, max_capacity=_AGENCIES, max_length=_TEXT
        )
        schema.add_field("dense", DataType.FLOAT_VECTOR, dim=self._dimension)
        indexes = client.prepare_index_params()
        # Exact: what is found must be what one machine finds.
        indexes.add_index("dense", index_type="FLAT", metric_type="IP")
        if self.words:
            schema.add_field("sparse", DataType.SPARSE_FLOAT_VECTOR)
            indexes.add_index("sparse", index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
        client.create_collection(
            self.name, schema=schema, index_params=indexes, consistency_level="Bounded", timeout=FILLING
        )

    # What is there

    def aliases(self) -> list[str]:
        """The aliases of the tenant; empty where there is no collection."""
        try:
            found = self.server.call(lambda client: client.list_aliases(self.name, timeout=ASKING))
        except Missing:
            return []
        return aliases_of(self.tenant, list(found["aliases"]))

    def count(self) -> int:
        """How many rows the tenant has."""
        everything = between(self.first_key, self.first_key + KEYS)
        return int(self._rows(everything, ["count(*)"], strong=True)[0]["count(*)"])

    def digests(self, first: int, end: int, *, strong: bool = False) -> dict[int, str]:
        """Row key → digest of the rows from one row key up to, but not with, another."""
        found: dict[int, str] = {}
        for start in range(first, end, _WINDOW):
            window = between(start + self.first_key, min(start + _WINDOW, end) + self.first_key)
            rows = self._rows(window, ["key", "digest"], strong=strong)
            found |= {int(row["key"]) - self.first_key: row["digest"] for row in rows}
        return found

    def beyond(self, first: int) -> list[int]:
        """Some of the rows whose row keys are not below this one."""
        rows = self._rows(between(first + self.first_key, self.first_key + KEYS), ["key"], limit=_WINDOW, strong=True)
        return [int(row["key"]) - self.first_key for row in rows]

    def whole(self, keys: Sequence[int]) -> list[dict[str, Any]]:
        """Rows with all their fields."""
        fields = ["key", *SCALARS, "dense", *(["sparse"] if self.words else [])]
        listed = ", ".join(str(key + self.first_key) for key in keys)
        return self._rows(f"key in [{listed}]", fields, strong=True)

    def _rows(self, expression: str, fields: Sequence[str], *, strong: bool, limit: int = 0) -> list[dict[str, Any]]:
        options: dict[str, Any] = {"limit": limit} if limit else {}
        if strong:
            options["consistency_level"] = _STRONG
        found = self.server.call(
            lambda client: client.query(
                self.name,
                filter=expression,
                output_fields=list(fields),
                partition_names=[self.partition],
                timeout=FILLING,
                **options,
            )
        )
        return list(found)

    # What changes it

    def put(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Put rows in, in place of those of the same keys; their `key` is a row key."""
        data = [{**row, "key": row["key"] + self.first_key} for row in rows]
        self.server.call(lambda client: client.upsert(self.name, data, partition_name=self.partition, timeout=FILLING))

    def drop(self, keys: Sequence[int]) -> None:
        """Take rows out."""
        ids = [key + self.first_key for key in keys]
        self.server.call(
            lambda client: client.delete(self.name, ids=ids, partition_name=self.partition, timeout=FILLING)
        )

    def withdraw(self, aliases: Sequence[str]) -> None:
        """Take aliases away."""
        for alias in aliases:
            self.server.call(partial(_drop_alias, alias))

    def declare(self, stamp: str) -> None:
        """Say that the rows are those of a generation."""
        alias = alias_name(self.tenant, stamp)
        self.server.call(lambda client: client.create_alias(self.name, alias, timeout=ASKING))


def _drop_alias(alias: str, client: Any) -> None:  # noqa: ANN401 (the library's client)
    client.drop_alias(alias, timeout=ASKING)
