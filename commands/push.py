"""`kehoach index push`."""

from __future__ import annotations

import json
from dataclasses import asdict

from commands.output import progress_bar, say
from index.embed import canonical_name
from index.generation import Generation
from ingest.errors import InputError
from ingest.settings import Settings
from ingest.where import Kind


def push(settings: Settings, as_json: bool) -> int:
    """Bring the engine to the index of this machine.

    Raises:
        InputError: no engine is named, there is no index, or the engine cannot be reached.
    """
    where = settings.engine
    if where.kind is Kind.LOCAL:
        raise InputError(
            "Chưa nêu máy tìm kiếm để đẩy lên.", "Thêm --engine milvus://máy:cổng, hoặc đặt biến KEHOACH_ENGINE."
        )
    from index.cluster import connect

    generation = Generation.open(settings.home, canonical_name(settings.encoder))
    with progress_bar() as progress:
        report = connect.push(where, settings.home, generation, progress)
    if as_json:
        told = {"engine": str(where), "tenant": where.tenant, "generation": generation.name}
        say(json.dumps(told | asdict(report), ensure_ascii=False))
        return 0
    say(
        f"Máy tìm kiếm {where} giữ đủ bản chỉ mục {generation.name} của đơn vị «{where.tenant}»: {report.rows} đoạn "
        f"({report.sent} đẩy lên, {report.unchanged} đã có, {report.removed} gỡ bỏ)."
    )
    if not report.words:
        say("Máy chủ này không tìm được theo từ (Milvus cũ hơn 2.4): phần đó vẫn chạy bằng chỉ mục trên máy ứng dụng.")
    return 0
