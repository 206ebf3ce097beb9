"""How far a build is, told to whoever waits for it."""

from __future__ import annotations

from typing import Protocol

STAGE_NAMES = {
    "store": "Ghi văn bản",
    "embed": "Mã hóa đoạn văn",
    "words": "Tách từ",
    "index": "Dựng chỉ mục",
    "push": "Đẩy lên máy tìm kiếm",
}


class Progress(Protocol):
    """Told how far a stage is, one of `STAGE_NAMES`."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """`done` of `total` steps of `stage` are over."""


def silent(stage: str, done: int, total: int) -> None:
    """A `Progress` that says nothing."""
