"""Pages of a PDF file as pictures."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image

from ingest.readers.ocr_image import Grey
from ingest.readers.pdf_limits import MAX_RENDERED, damaged


class Renderer:
    """An open file. Not for several threads."""

    def __init__(self, data: bytes, path: Path) -> None:
        """
        Raises:
            SourceError: damaged; `path` names the file.
        """
        self._path = path
        try:
            self._file = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise damaged(path) from error

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return len(self._file)

    def size(self, page: int) -> tuple[float, float]:
        """Width and height of a page, from 1, in points.

        Raises:
            SourceError: no such page, or a damaged one.
        """
        try:
            width, height = self._file.get_page_size(page - 1)
        except (pypdfium2.PdfiumError, IndexError) as error:
            raise damaged(self._path) from error
        return max(1.0, width), max(1.0, height)

    def grey(self, page: int, dpi: float) -> tuple[Grey, float]:
        """A page, from 1, in grey, and its resolution: `dpi`, less where the page is very large.

        Raises:
            SourceError: no such page, or a damaged one.
        """
        picture, scale = self._drawn(page, lambda width, height: dpi / 72, grayscale=True)
        flat = np.asarray(picture.convert("L"), dtype=np.uint8)
        return flat, 72 * scale

    def colour(self, page: int, width: int) -> Image.Image:
        """A page, from 1, so many pixels wide, less where it is very high.

        Raises:
            SourceError: no such page, or a damaged one.
        """
        return self._drawn(page, lambda own, height: width / own)[0].convert("RGB")

    def _drawn(self, page: int, scale: Callable[[float, float], float], **options: bool) -> tuple[Image.Image, float]:
        try:
            sheet = self._file[page - 1]
            width, height = (max(1.0, side) for side in sheet.get_size())
            taken = min(scale(width, height), math.sqrt(MAX_RENDERED / (width * height)))
            picture = sheet.render(scale=taken, **options).to_pil()
            sheet.close()
        except (pypdfium2.PdfiumError, IndexError) as error:
            raise damaged(self._path) from error
        return picture, taken
