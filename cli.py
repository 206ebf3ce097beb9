"""The command `kehoach`: one function a command, no logic."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from commands import index_commands, stock
from commands.options import Json, Model, settings_for
from commands.output import complain, flush, prepare_streams, written
from commands.usage import speak_vietnamese, usage_message
from ingest.errors import CoverageError, InputError

app = typer.Typer(
    help="Tìm kiếm và hỏi đáp trên kế hoạch của UBND các tỉnh, trả lời bằng nguyên văn kèm trích dẫn.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
Xlsx = Annotated[Path | None, typer.Option("--xlsx", help="Ghi bảng ra tệp Excel này.")]
Csv = Annotated[Path | None, typer.Option("--csv", help="Ghi bảng ra tệp CSV này.")]
Docx = Annotated[Path | None, typer.Option("--docx", help="Ghi bảng ra tệp Word này.")]


for _command in stock.COMMANDS:
    app.command()(_command)
app.add_typer(index_commands.app, name="index")


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="Câu hỏi.")] = "",
    province: Annotated[str | None, typer.Option("--province", help="Chỉ tìm trong kế hoạch của tỉnh này.")] = None,
    file: Annotated[Path | None, typer.Option("--file", help="Tệp JSONL, mỗi dòng một câu hỏi.")] = None,
    keep: Annotated[
        list[str] | None, typer.Option("--keep", help="Giữ nguyên chữ này như đã gõ, không sửa; lặp lại được.")
    ] = None,
    json: Json = False,
    model: Model = "",
) -> int:
    """Hỏi và nhận câu trả lời nguyên văn kèm trích dẫn."""
    from commands import ask as command

    if file is not None:
        if question:
            raise InputError("Không dùng --file cùng với một câu hỏi.", "Bỏ --file, hoặc ghi câu hỏi vào tệp.")
        return command.ask_file(file, province, frozenset(keep or ()), settings_for(model))
    return command.ask(question, province, frozenset(keep or ()), settings_for(model), json)


@app.command()
def compare(
    question: Annotated[str, typer.Argument(help="Câu hỏi.")] = "",
    province: Annotated[
        list[str] | None, typer.Option("--province", help="Chỉ so sánh tỉnh này; lặp lại được.")
    ] = None,
    file: Annotated[Path | None, typer.Option("--file", help="Tệp JSONL, mỗi dòng một câu hỏi.")] = None,
    indicators: Annotated[bool, typer.Option("--indicators", help="Ma trận chỉ tiêu của các kế hoạch.")] = False,
    group: Annotated[str, typer.Option("--group", help="Ma trận: chỉ nhóm chỉ tiêu này.")] = "",
    year: Annotated[int | None, typer.Option("--year", help="Ma trận: chỉ năm này.")] = None,
    differing: Annotated[bool, typer.Option("--differing", help="Ma trận: chỉ chỉ tiêu khác nhau.")] = False,
    json: Json = False,
    xlsx: Xlsx = None,
    csv: Csv = None,
    docx: Docx = None,
    model: Model = "",
) -> int:
    """So sánh điều các tỉnh quy định về một nội dung, hoặc ma trận chỉ tiêu của các tỉnh."""
    from commands.files import targets

    files = targets(xlsx, csv, docx)
    if indicators:
        if question or file is not None:
            raise InputError("Không dùng --indicators cùng với một câu hỏi hoặc --file.", "Bỏ câu hỏi và --file.")
        from commands import indicators as matrix

        choice = matrix.Choice(group, year, tuple(province or ()), differing)
        return matrix.indicators(settings_for(model), choice, json, files)
    if group or year is not None or differing:
        raise InputError("--group, --year và --differing chỉ dùng với --indicators.", "Thêm --indicators.")
    from commands import compare as command

    if file is None:
        return command.compare_plans(question, province or (), settings_for(model), json, files)
    if question or files:
        raise InputError(
            "Không dùng --file cùng với một câu hỏi hoặc tệp xuất.", "Bỏ --file, hoặc ghi câu hỏi vào tệp."
        )
    return command.compare_file(file, province or (), settings_for(model))


@app.command()
def export(
    format: Annotated[str, typer.Option("--format", help="Dạng xuất: jsonl.")] = "jsonl",  # noqa: A002
    model: Model = "",
) -> int:
    """Xuất mọi điều khoản và dòng bảng, mỗi đoạn một dòng JSON."""
    from commands import export as command

    if format != "jsonl":
        raise InputError(f"Không có dạng xuất «{format}».", "Dùng --format jsonl.")
    return command.export(settings_for(model))


@app.command()
def documents(json: Json = False, model: Model = "") -> int:
    """Liệt kê các kế hoạch đã nạp."""
    from commands import export as command

    return command.documents(settings_for(model), json)


@app.command()
def tasks(
    agency: Annotated[str, typer.Option("--agency", help="Cơ quan, tên cũ hoặc tên hiện nay; bỏ trống: liệt kê.")] = "",
    role: Annotated[str, typer.Option("--role", help="Vai trò: lead, coordinating, advising, reporting_to.")] = "",
    province: Annotated[str | None, typer.Option("--province", help="Chỉ kế hoạch của tỉnh này.")] = None,
    due: Annotated[str, typer.Option("--due", help="Chỉ việc đến hạn trong số ngày này.")] = "",
    on: Annotated[str, typer.Option("--date", help="Tính hạn từ ngày này (mặc định: hôm nay).")] = "",
    xlsx: Xlsx = None,
    csv: Csv = None,
    docx: Docx = None,
    json: Json = False,
    model: Model = "",
) -> int:
    """Liệt kê việc của một cơ quan trong mọi kế hoạch, theo vai trò và thời hạn."""
    from commands import tasks as command
    from commands.files import targets

    chosen = command.choice(role, province, due, on)
    files = targets(xlsx, csv, docx)
    if agency.strip():
        return command.tasks(agency, chosen, files, json, settings_for(model))
    if role or province or due or on or files:
        raise InputError("Chưa nêu cơ quan.", 'Thêm --agency, ví dụ: --agency "Sở Xây dựng".')
    return command.agencies(settings_for(model), json)


@app.command()
def doctor(
    json: Json = False,
    repair: Annotated[bool, typer.Option("--repair", help="Dựng lại chỉ mục từ cơ sở dữ liệu.")] = False,
    model: Model = "",
) -> int:
    """Kiểm tra chỉ mục và chỉ ra cách sửa."""
    from commands import doctor as command

    return command.doctor(settings_for(model), json, repair)


@app.command()
def serve(
    host: Annotated[str, typer.Option("--host", help="Địa chỉ để nghe; mặc định chỉ máy này.")] = "127.0.0.1",
    port: Annotated[str | None, typer.Option("--port", help="Cổng; mặc định 8501, API 8600.")] = None,
    api: Annotated[bool, typer.Option("--api", help="Chạy API JSON thay cho ứng dụng.")] = False,
    workers: Annotated[str | None, typer.Option("--workers", help="API: số tiến trình trả lời.")] = None,
    metrics: Annotated[
        str | None, typer.Option("--metrics-port", help="API: cổng số liệu Prometheus, chỉ máy này.")
    ] = None,
    log_json: Annotated[bool, typer.Option("--log-json", help="Ghi nhật ký dạng JSON, mỗi dòng một việc.")] = False,
    model: Model = "",
) -> int:
    """Chạy ứng dụng, hoặc API, trên máy này."""
    if api:
        from commands import serve_api

        ports = serve_api.Ports("8600" if port is None else port, metrics)
        return serve_api.serve(host, ports, "1" if workers is None else workers, settings_for(model), log_json)
    if workers is not None or metrics is not None:
        raise InputError("--workers và --metrics-port chỉ dùng với --api.", "Thêm --api.")
    from commands import serve as command

    return command.serve(host, "8501" if port is None else port, settings_for(model), log_json=log_json)


@app.command(name="api-key")
def api_key(name: Annotated[str, typer.Argument(help="Tên của người hoặc chương trình dùng khóa.")]) -> int:
    """Tạo một khóa API, và dòng để ghi vào cấu hình."""
    from commands import api_key as command

    return command.api_key(name)


@app.command(name="eval")
def evaluate(
    gold: Annotated[Path | None, typer.Option("--gold", help="Tệp câu hỏi riêng (JSONL).")] = None,
    misses: Annotated[bool, typer.Option("--misses", help="Liệt kê câu trả lời sai.")] = False,
    compare: Annotated[
        tuple[Path, Path] | None, typer.Option("--compare", help="So sánh hai kết quả đã lưu: TRƯỚC SAU.")
    ] = None,
    ablate: Annotated[bool, typer.Option("--ablate", help="Bảng cho biết từng bước đem lại gì.")] = False,
    tune: Annotated[bool, typer.Option("--tune", help="Chọn lại trọng số trên nửa development.")] = False,
    half: Annotated[str, typer.Option("--half", help="Chỉ một nửa bộ câu hỏi: development hoặc held_out.")] = "",
    beir: Annotated[Path | None, typer.Option("--beir", help="Thư mục một bộ dữ liệu dạng BEIR.")] = None,
    record: Annotated[bool, typer.Option("--record", help="Ghi làm mốc cho các lần kiểm tra sau.")] = False,
    json: Json = False,
    model: Model = "",
) -> int:
    """Đánh giá trên bộ câu hỏi mẫu."""
    from commands import evaluate as command

    if compare is not None:
        return command.compare_runs(*compare)
    if beir is not None:
        return command.run_public_set(beir, settings_for(model), json)
    if tune:
        return command.run_tuning(settings_for(model))
    if ablate:
        return command.run_ablation(half, settings_for(model), json, record)
    return command.run_gold(gold, half, settings_for(model), json, misses, record)


def main() -> None:
    """Entry point: exit code 0 done, 2 bad input (message in Vietnamese on standard error), 1 our own failure."""
    prepare_streams()
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code."""
    try:
        code = _invoke(arguments)
        flush()
    except TyperException as error:
        context = getattr(error, "ctx", None)
        complain(usage_message(str(error)), f"Xem cách dùng: {context.command_path if context else 'kehoach'} --help")
        return 2
    except InputError as error:
        complain(error.message, error.remedy)
        return 2
    except CoverageError as error:
        complain(f"Lỗi của chương trình: {error}", "Gửi tệp này cho người phát triển.")
        return 1
    return code


def _invoke(arguments: list[str]) -> int:
    command: Callable[..., object] = typer.main.get_command(app)
    helping = not arguments or "--help" in arguments or arguments == ["index"]
    if helping:
        speak_vietnamese()
    try:
        with written() if helping else nullcontext():  # the library prints the help itself
            code = command(args=arguments, prog_name="kehoach", standalone_mode=False)
    except typer.Exit as leave:
        return leave.exit_code
    return code if isinstance(code, int) else 0


if __name__ == "__main__":
    main()
