"""Plans made of those in `corpus/`, as many as asked for: a stock that no office has published yet.

A variant has the structure of one plan, points of the others in the place of a part of its own, and a province, a
number, a date, figures, agencies and turns of phrase of its own, so that most of its texts stand in no other. The same
seed gives the same files.
"""

from __future__ import annotations

import random
import re
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from formats import docx_of  # noqa: E402  (behind the path)
from html_formats import html_of  # noqa: E402

from ingest.agencies import agency_names  # noqa: E402
from ingest.files import plan_files  # noqa: E402
from ingest.model import ClauseKind, Parsed  # noqa: E402
from ingest.parse import parse_file  # noqa: E402
from ingest.provinces import province_names  # noqa: E402
from ingest.settings import Settings  # noqa: E402

_FOREIGN = 0.3  # share of the points of a plan that another's take the place of
_TENTH, _FIFTH = 10, 5  # every tenth variant is a Word file, every tenth another a web page
PHRASES = (
    ("tăng cường", "đẩy mạnh"), ("nâng cao", "cải thiện"), ("bảo đảm", "đảm bảo"), ("triển khai", "tổ chức thực hiện"),
    ("thường xuyên", "định kỳ"), ("tập trung", "ưu tiên"), ("xây dựng", "hình thành"), ("phát triển", "mở rộng"),
    ("hiệu quả", "thiết thực"), ("người dân", "nhân dân"), ("hỗ trợ", "trợ giúp"), ("chính sách", "chế độ"),
)  # fmt: skip
FIGURE = re.compile(r"(?<![\d/.,-])\d{1,3}(?:[.,]\d+)?(?=\s*(?:%|người|căn|hộ|giường|lao động|m2|xã|tỷ|triệu|trường))")
_PLACED = 0.6  # share of the longer lines that name how many communes they are for
_NEWLINE = "\n"


@dataclass(frozen=True, slots=True)
class Base:
    """A plan of the corpus, its text by line, and the lines that are a point each."""

    parsed: Parsed
    lines: tuple[str, ...]
    points: frozenset[int]


def write_variants(folder: Path, count: int, seed: int = 1) -> list[Path]:
    """Write so many plans into a folder, which is made: most as .txt or .md, some as .docx and .html."""
    folder.mkdir(parents=True)
    bases = [_base(parse_file(path, Settings())) for path in plan_files(ROOT / "corpus")]
    return [_write(folder, at, bases, random.Random(f"{seed}/{at}")) for at in range(count)]  # noqa: S311


def change(path: Path, seed: int = 1) -> None:
    """Make a later version of a variant that is text: figures and phrases moved, a point added."""
    dice = random.Random(f"{seed}/{path.name}")  # noqa: S311
    lines = [_moved(line, dice) if dice.random() < 0.2 else line for line in path.read_text("utf-8").split(_NEWLINE)]
    path.write_text(_NEWLINE.join([*lines, "", "PHỤ LỤC BỔ SUNG", f"1. Nhiệm vụ bổ sung số {dice.randrange(10**6)}."]))


def _base(parsed: Parsed) -> Base:
    bullets = (c for c in parsed.clauses if c.kind is ClauseKind.BULLET and c.row is None)
    points = frozenset(c.place.first - 1 for c in bullets if c.place.first == c.place.last and len(c.text) > 60)
    return Base(parsed, parsed.lines, points)


def _write(folder: Path, at: int, bases: Sequence[Base], dice: random.Random) -> Path:
    base = bases[at % len(bases)]
    text = _variant(at, base, [other for other in bases if other is not base], dice)
    suffix = ".md" if base.parsed.document.format == "markdown" else ".txt"
    path = folder / f"{at:04}{suffix}"
    path.write_text(text, "utf-8")
    if at % _TENTH not in (_FIFTH, _TENTH - 1):
        return path
    parsed = parse_file(path, Settings())
    path.unlink()
    target = path.with_suffix(".docx" if at % _TENTH == _FIFTH else ".html")
    if target.suffix == ".html":
        html_of(parsed, target)
    else:
        _without_time(docx_of(parsed, target))
    return target


def _without_time(path: Path) -> None:
    """Zip a Word file again, so that it does not tell when it was written."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts.items():
            new.writestr(zipfile.ZipInfo(name), data)


def _variant(at: int, base: Base, others: Sequence[Base], dice: random.Random) -> str:
    document = base.parsed.document
    foreign = [other.lines[n] for other in others for n in sorted(other.points)]
    names = province_names()
    province = names[(at // len(others)) % len(names)]
    agencies = _exchanged(dice)
    told = [
        dice.choice(foreign) if n in base.points and dice.random() < _FOREIGN else t for n, t in enumerate(base.lines)
    ]
    lines = []
    for line in told:
        for name in {document.province, *(other.parsed.document.province for other in others)}:
            line = line.replace(name, province).replace(name.upper(), province.upper())
        line = re.sub("|".join(map(re.escape, agencies)), lambda found: agencies[found[0]], line)
        lines.append(_placed(_moved(line, dice), dice))
    text = _NEWLINE.join(lines)
    number, _, rest = document.number.partition("/")
    text = re.sub(rf"\b{number}(\s?/{re.escape(rest)})", rf"{at + 100}\1", text)
    return re.sub(r"(ngày )\d+( tháng )\d+( năm 20)", rf"\g<1>{at % 27 + 1:02}\g<2>{at % 12 + 1}\g<3>", text, count=1)


def _exchanged(dice: random.Random) -> dict[str, str]:
    """Some departments for others."""
    names = [name for name in agency_names() if name.startswith("Sở ")]
    chosen = dice.sample(names, min(6, len(names)))
    return dict(zip(chosen, [*chosen[1:], chosen[0]], strict=True))


def _moved(line: str, dice: random.Random) -> str:
    """Figures by up to three, phrases for others."""
    line = FIGURE.sub(lambda found: _near(found[0], dice), line)
    for one, other in PHRASES:
        line = re.sub(f"{one}|{other}", lambda found, pair=(one, other): dice.choice(pair), line)
    return line


def _placed(line: str, dice: random.Random) -> str:
    """A sentence or a cell that says for how many communes."""
    found = re.fullmatch(r"(.{25,}[^\W\d_])([.;]?)", line)
    if not found or line.isupper() or ":" in line or dice.random() > _PLACED:
        return line
    return f"{found[1]} tại {dice.randint(2, 160)} xã{found[2]}"


def _near(figure: str, dice: random.Random) -> str:
    whole, separator, rest = re.match(r"(\d+)([.,]?)(\d*)", figure).groups()  # type: ignore[union-attr]
    return f"{max(1, int(whole) + dice.randint(-3, 3))}{separator}{rest}"
