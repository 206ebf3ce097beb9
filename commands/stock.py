"""The command lines of what changes the stock of plans: arguments alone, each handed to its module."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from commands.options import Json, Model, settings_for


class Existing(StrEnum):
    """What is done with a plan that is there already; as `index.plan.Decision`, which is not loaded for a help text."""

    REPLACE = "replace"
    KEEP = "keep"
    SKIP = "skip"


def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Tệp kế hoạch hoặc thư mục.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ đọc và in những gì đã hiểu, không nạp.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Nạp ngay, không hỏi lại.")] = False,
    existing: Annotated[
        Existing | None,
        typer.Option("--existing", help="Khi văn bản đã có trong kho: replace (thay), keep (giữ cả hai), skip (bỏ)."),
    ] = None,
    json: Json = False,
    model: Model = "",
) -> int:
    """Nạp kế hoạch vào chỉ mục."""
    from commands import ingest as command
    from index.plan import Decision

    decision = Decision(existing.value) if existing else None
    return command.ingest(paths, settings_for(model), command.How(json, dry_run, yes, decision))


def remove(number: Annotated[str, typer.Argument(help="Số, ký hiệu văn bản.")], model: Model = "") -> int:
    """Gỡ một kế hoạch khỏi chỉ mục."""
    from commands import ingest as command

    return command.remove(number, settings_for(model))


def correct(
    number: Annotated[str, typer.Argument(help="Số, ký hiệu văn bản, hoặc mã của nó.")],
    new_number: Annotated[str | None, typer.Option("--number", help="Số, ký hiệu đúng.")] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="Loại văn bản.")] = None,
    province: Annotated[str | None, typer.Option("--province", help="Tỉnh, thành phố.")] = None,
    date: Annotated[str | None, typer.Option("--date", help="Ngày ban hành, ví dụ 05/03/2025.")] = None,
    position: Annotated[str | None, typer.Option("--position", help="Chức vụ người ký.")] = None,
    signer: Annotated[str | None, typer.Option("--signer", help="Người ký.")] = None,
    title: Annotated[str | None, typer.Option("--title", help="Tên văn bản.")] = None,
    period: Annotated[str | None, typer.Option("--period", help="Giai đoạn.")] = None,
    model: Model = "",
) -> int:
    """Sửa thông tin đọc sai ở phần đầu văn bản; nạp lại tệp vẫn giữ."""
    from commands import correct as command

    typed = {"number": new_number, "kind": kind, "province": province, "issued": date, "position": position}
    return command.correct(number, typed | {"signer": signer, "title": title, "period": period}, settings_for(model))


def undo(model: Model = "") -> int:
    """Hoàn tác lần nạp, gỡ hoặc khôi phục gần nhất."""
    from commands import history as command

    return command.undo(settings_for(model))


def history(json: Json = False) -> int:
    """Lịch sử của kho: ai nạp, gỡ văn bản nào, lúc nào."""
    from commands import history as command

    return command.history(settings_for(""), json)


def backup(target: Annotated[Path, typer.Argument(help="Tệp sao lưu sẽ tạo.")]) -> int:
    """Sao lưu cơ sở dữ liệu vào một tệp, không phải dừng ứng dụng."""
    from commands import backup as command

    return command.backup(target, settings_for(""))


def restore(source: Annotated[Path, typer.Argument(help="Tệp sao lưu.")], model: Model = "") -> int:
    """Khôi phục từ tệp sao lưu, không phải dừng ứng dụng."""
    from commands import backup as command

    return command.restore(source, settings_for(model))


COMMANDS = (ingest, remove, correct, undo, history, backup, restore)
