"""Buttons that hand a table over as a file. The file is made when a button is pressed, not when the page is drawn."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial

import streamlit as st

from export.table import Table
from export.write import SUFFIXES, content
from ingest.clean import fold

_OFFICE = "application/vnd.openxmlformats-officedocument"
_TYPES = {
    ".xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    ".csv": "text/csv",
    ".docx": f"{_OFFICE}.wordprocessingml.document",
}


def buttons(table: Table, name: str) -> None:
    """«Tải .xlsx», «Tải .csv», «Tải .docx» in a row; `name` is the file's («so-sanh») and must be one on the page."""
    with st.container(horizontal=True, gap="small"):
        for suffix in SUFFIXES:
            st.download_button(
                f"Tải {suffix}",
                partial(content, table, suffix),
                file_name(table, name, suffix),
                _TYPES[suffix],
                key=f"download-{name}{suffix}",
                on_click="ignore",  # nothing on the page changes
            )


def lines(label: str, name: str, found: Iterable[str]) -> None:
    """A button for a file of text, a line each."""
    data = "".join(f"{line}\n" for line in found).encode()
    st.download_button(label, data, name, "application/jsonl", key=f"download-{name}", on_click="ignore")


def file_name(table: Table, name: str, suffix: str) -> str:
    """A name that every system takes: «So sánh» → «so-sanh-2026-11-22.xlsx»."""
    slug = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:80].strip("-") or "bang"
    return f"{slug}-{table.made:%Y-%m-%d}{suffix}"
