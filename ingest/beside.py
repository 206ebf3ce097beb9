"""What a page prints side by side, on one line: letterhead and motto, number and date, recipients and signature."""

from __future__ import annotations

import re

from ingest.model import Line

# Where the right half begins. Only letterhead and closing block are asked, so sentences do not matter.
_RIGHT = re.compile(
    r"\s+(?=C[ỘÔ]NG H(?:ÒA|OÀ) XÃ HỘI CHỦ NGHĨA|Độc lập\s*[-–]\s*Tự do|ĐẢNG CỘNG SẢN VIỆT NAM|"
    r"(?:TM|KT|TL|TUQ)\.\s*[A-ZĐỦ])|(?<=[;:)])\s+(?=(?:PHÓ\s+)?(?:CHỦ TỊCH|GIÁM ĐỐC|CHÁNH VĂN PHÒNG|BÍ THƯ)$)"
)
_DATE = re.compile(r"\s+(?=[^\W\d][^,\d]{1,40},?\s*ngày\s)")
_NUMBERED = re.compile(r"^(?:Số|SỐ)\s*:?\s*[\d._…\s]*[/-]")


def beside(line: Line) -> list[Line]:
    """The parts of a line, left to right, each with the number of the line; the line itself where it has but one."""
    parts = _RIGHT.split(line.text)
    if _NUMBERED.match(line.text) and (date := _DATE.search(line.text)):
        parts = [line.text[: date.start()], line.text[date.end() :]]
    return [Line(line.number, part.strip(), line.raw) for part in parts if part.strip()]
