"""The command lines of `kehoach index`: arguments alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from commands.options import Json, Model, settings_for
from ingest.where import parse_where

app = typer.Typer(help="Máy tìm kiếm dùng chung cho nhiều máy chủ.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Máy tìm kiếm dùng chung cho nhiều máy chủ."""


@app.command()
def push(
    engine: Annotated[str, typer.Option("--engine", help="Máy tìm kiếm; mặc định: KEHOACH_ENGINE.")] = "",
    tenant: Annotated[str, typer.Option("--tenant", help="Đơn vị; mặc định: KEHOACH_TENANT.")] = "",
    json: Json = False,
    model: Model = "",
) -> int:
    """Đẩy chỉ mục lên máy tìm kiếm Milvus; chạy lại lúc nào cũng được."""
    from commands import push as command

    settings = settings_for(model)
    if engine or tenant:
        given = parse_where(engine, tenant or settings.engine.tenant)
        where = given if engine else replace(settings.engine, tenant=given.tenant)
        settings = replace(settings, engine=where)
    return command.push(settings, json)
