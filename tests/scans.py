"""Pages as a scanner makes them: grey pictures, askew, noisy, no text; of a PDF file, or drawn here."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pypdfium2
from PIL import Image, ImageDraw, ImageFont

DPI = 200
SKEW = 0.7  # degrees
NOISE = 8.0  # standard deviation, of 255
FONT = "DejaVuSerif.ttf"  # which Debian installs with anything that prints
A4 = (595, 842)  # points


@dataclass
class Page:
    """An empty page. Places are in points from its top left; `y` is a baseline."""

    dpi: int = DPI
    size: tuple[int, int] = A4
    picture: Image.Image = field(init=False)

    def __post_init__(self) -> None:
        self.picture = Image.new("L", (self._at(self.size[0]), self._at(self.size[1])), 255)

    def text(self, x: float, y: float, text: str, size: float = 12) -> None:
        font = ImageFont.truetype(FONT, self._at(size))
        ImageDraw.Draw(self.picture).text((self._at(x), self._at(y)), text, 0, font, anchor="ls")

    def lines(self, x: float, y: float, lines: Iterable[str], pitch: float = 16) -> None:
        for at, line in enumerate(lines):
            self.text(x, y + at * pitch, line)

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        ends = [self._at(v) for v in (x0, y0, x1, y1)]
        ImageDraw.Draw(self.picture).line(ends, 0, 2)

    def table(self, edges: Sequence[float], top: float, rows: Iterable[Sequence[Sequence[str]]]) -> float:
        """Cells of lines between ruling lines; the lower edge."""
        self.rule(edges[0], top, edges[-1], top)
        for row in rows:
            bottom = top + 16 * max(len(cell) for cell in row) + 8
            for x, cell in zip(edges, row, strict=False):
                self.lines(x + 5, top + 15, cell)
            for x in edges:
                self.rule(x, top, x, bottom)
            self.rule(edges[0], bottom, edges[-1], bottom)
            top = bottom
        return top

    def _at(self, points: float) -> int:
        return round(points * self.dpi / 72)


def worn(sheets: Iterable[Image.Image], skew: float = SKEW, noise: float = NOISE) -> list[Image.Image]:
    """Pages turned by `skew` degrees to one side and the other, on grey paper with a grain."""
    random = np.random.default_rng(0)
    made = []
    for number, sheet in enumerate(sheets):
        turned = sheet.convert("L").rotate((-1) ** number * skew, Image.Resampling.BICUBIC, fillcolor=255)
        dots = np.asarray(turned, dtype=np.float32) * 0.9 + 12
        dots += random.normal(0, noise, dots.shape).astype(np.float32)
        made.append(Image.fromarray(dots.clip(0, 255).astype(np.uint8)))
    return made


def pictures(pdf: bytes, dpi: int = DPI) -> list[Image.Image]:
    """The pages of a PDF file."""
    document = pypdfium2.PdfDocument(pdf)
    made = [page.render(scale=dpi / 72, grayscale=True).to_pil().convert("L") for page in document]
    document.close()
    return made


def saved(pages: Sequence[Image.Image], form: str, dpi: int = DPI) -> bytes:
    """Pages as one file: «PDF» of pictures alone, «TIFF», or, of the first page, «PNG», «JPEG»."""
    out = io.BytesIO()
    pages = [page.copy() for page in pages]  # what saves them leaves its settings in them
    if form == "PDF":
        pages[0].save(out, form, resolution=dpi, save_all=True, append_images=pages[1:])
    elif form == "TIFF":
        pages[0].save(out, form, dpi=(dpi, dpi), save_all=True, append_images=pages[1:], compression="tiff_deflate")
    else:
        pages[0].save(out, form, dpi=(dpi, dpi))
    return out.getvalue()
