"""What is stored of a plan in figures: its source lines by what became of them, its clauses, rows and tables."""

from __future__ import annotations

from dataclasses import dataclass

from index.codec import coverage_from
from index.store import Store
from ingest.errors import IndexStateError
from ingest.model import Coverage

_SQL = """
SELECT d.coverage, count(c.key) AS clauses, count(c.row) AS tabular,
  coalesce(sum(c.kind = 'heading' AND (c.id LIKE '%/columns' OR c.id LIKE '%/columns~%')), 0) AS tables
FROM documents d LEFT JOIN clauses c ON c.document_key = d.key WHERE d.key = ? GROUP BY d.key
"""


@dataclass(frozen=True, slots=True)
class Contents:
    """Figures of one plan. `tables` counts the headers of tables; clauses include rows."""

    coverage: Coverage
    clauses: int
    rows: int
    tables: int


def contents(store: Store, key: int) -> Contents:
    """The figures of the document with this row key.

    Raises:
        IndexStateError: it is gone, or the database is damaged.
    """
    found = store.rows(_SQL, key)
    if not found:
        raise IndexStateError("Văn bản không còn trong chỉ mục.", "Tải lại trang hoặc chạy lại lệnh.")
    row = found[0]
    with store.decoding():
        return Contents(coverage_from(row["coverage"]), row["clauses"], row["tabular"], row["tables"])
