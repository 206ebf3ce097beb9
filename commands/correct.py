"""`kehoach correct`: put right what was read of a plan's header."""

from __future__ import annotations

from collections.abc import Mapping

from commands.output import progress_bar, say, user
from index.build import Builder
from index.embed import load_encoder
from index.store import Store
from ingest.corrections import FIELDS, checked
from ingest.errors import InputError
from ingest.settings import Settings


def correct(number: str, typed: Mapping[str, str | None], settings: Settings) -> int:
    """Give fields of a plan the values that were typed; None leaves a field alone, «» says that the plan has none.

    Raises:
        InputError: nothing is to be corrected, a value cannot be, or there is no such plan.
    """
    values = {field: checked(field, text) for field, text in typed.items() if text is not None}
    if not values:
        raise InputError("Chưa nêu thông tin cần sửa.", "Thêm tùy chọn, ví dụ --date 05/03/2025.")
    with Store.open(settings.home, create=False) as store, progress_bar() as progress:
        report = Builder(store, load_encoder(settings.encoder), settings.home, user()).correct(number, values, progress)
    names = ", ".join(FIELDS[field][0].lower() for field in values)
    say(f"Đã sửa {names}; nạp lại tệp này vẫn giữ." if report.built else "Không có gì thay đổi.")
    return 0
