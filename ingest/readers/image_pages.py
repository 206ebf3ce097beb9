"""Files of pictures (.png, .jpg, .tif with any number of pages) → pages to be recognised. All of Pillow's reading is
here; what it raises on damaged files is of many kinds."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from PIL import Image, ImageOps

from ingest.errors import SourceError
from ingest.readers.ocr_image import DPI, Grey, Picture
from ingest.readers.pdf_limits import MAX_PAGES, MAX_PIXELS, too_big

FORMATS = ("PNG", "JPEG", "TIFF")
_FAULTS = (
    ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, NotImplementedError, OSError,
    RecursionError, RuntimeError, SyntaxError, TypeError, ValueError, struct.error, zlib.error,
    Image.DecompressionBombError,
)  # fmt: skip
_LONG_SIDE = 11.69  # inches: an A4 page, where a file does not tell its resolution
_SIDES = (3.0, 48.0)  # inches: what the long side of a page may be; telephones write 72 dpi into any photograph
_FINE, _COARSE = 450.0, 300.0  # dpi; between these a picture is read as it is
_SMALL = 8  # pixels

T = TypeVar("T")


def read_image_pages(data: bytes, path: Path, max_pages: int) -> Iterator[Picture]:
    """The pages in order.

    Raises:
        SourceError: damaged, too many pages, too many pixels.
    """
    with _guarded(lambda: _opened(data), path) as image:
        count = _guarded(lambda: _count(image, max_pages), path)
        if count > max_pages:
            raise SourceError(f"Tệp «{path}» có hơn {max_pages} trang.", "Tách tệp thành từng kế hoạch.")
        for at in range(count):
            _guarded(lambda at=at: image.seek(at), path)  # type: ignore[misc]
            check_size(image, path)
            grey, dpi = _guarded(lambda: _page(image), path)
            yield Picture(at + 1, grey, dpi, count)


@dataclass(frozen=True, slots=True)
class Shown:
    """A page upright and in colour, its size in points, and how many pages there are."""

    image: Image.Image
    width: float
    height: float
    pages: int


def open_page(data: bytes, path: Path, page: int) -> Shown:
    """A page, from 1.

    Raises:
        SourceError: damaged, no such page, too many pixels.
    """
    image = _guarded(lambda: _opened(data), path)
    pages = _guarded(lambda: _count(image, MAX_PAGES), path)
    _guarded(lambda: image.seek(page - 1), path)
    check_size(image, path)
    across, down = _guarded(lambda: _resolution(image), path)
    upright = _guarded(lambda: _upright(image), path)
    if upright.size != image.size:  # turned by a quarter
        across, down = down, across
    return Shown(upright, upright.width / across * 72, upright.height / down * 72, pages)


def check_size(image: Image.Image, path: Path) -> None:
    """Refuse a page before it is decoded.

    Raises:
        SourceError: too many pixels.
    """
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise SourceError(
            f"Ảnh «{path}» có {width} × {height} điểm ảnh, vượt giới hạn {MAX_PIXELS // 1_000_000} triệu.",
            "Quét lại ở 300 dpi, hoặc thu nhỏ ảnh rồi nạp lại.",
        )


def _opened(data: bytes) -> Image.Image:
    Image.MAX_IMAGE_PIXELS = None  # our own limit, told in our own words: check_size
    return Image.open(io.BytesIO(data), formats=FORMATS)


def _count(image: Image.Image, most: int) -> int:
    """How many pages; one more than `most` where there are more: to count on takes long."""
    if image.format != "TIFF":
        return 1
    try:
        for at in range(1, most + 1):
            image.seek(at)
    except EOFError:
        return at
    return most + 1


def _guarded(read: Callable[[], T], path: Path) -> T:
    try:
        return read()
    except MemoryError as error:
        raise too_big(path) from error
    except _FAULTS as error:
        raise SourceError(f"Ảnh «{path}» bị hỏng hoặc tải chưa xong.", "Quét hoặc sao chép lại tệp gốc.") from error


def _upright(image: Image.Image) -> Image.Image:
    """As a camera says that it was held, on white paper."""
    shown = ImageOps.exif_transpose(image)
    if shown.mode in ("I", "F") or shown.mode.startswith("I;16"):  # 16 bits
        deep = np.asarray(shown, dtype=np.float32)
        most = 65535.0 if shown.mode != "F" or deep.max(initial=0) > 255 else 255.0
        return Image.fromarray((deep.clip(0, most) / most * 255).astype(np.uint8))
    if shown.has_transparency_data:
        clear = shown.convert("RGBA")
        paper = Image.new("RGBA", clear.size, "white")
        return Image.alpha_composite(paper, clear).convert("RGB")
    return shown.convert("L" if shown.mode in ("1", "L") else "RGB")


def _page(image: Image.Image) -> tuple[Grey, float]:
    across, down = _resolution(image)
    picture = _upright(image).convert("L")
    if picture.size != image.size:  # turned by a quarter
        across, down = down, across
    wanted = DPI if not _COARSE <= across <= _FINE or across != down else across
    size = max(_SMALL, round(picture.width * wanted / across)), max(_SMALL, round(picture.height * wanted / down))
    if size != picture.size:
        picture = picture.resize(size, Image.Resampling.BICUBIC)
    return np.asarray(picture), wanted


def _resolution(image: Image.Image) -> tuple[float, float]:
    """Pixels an inch across and down; guessed where the file does not tell, or nothing to be believed."""
    told = image.info.get("dpi")
    if isinstance(told, tuple) and len(told) == 2 and all(float(side) > 0 for side in told):
        across, down = (float(side) for side in told)
        longest = max(image.width / across, image.height / down)
        if _SIDES[0] <= longest <= _SIDES[1] and 0.4 <= across / down <= 2.5:
            return across, down
    guess = max(image.size) / _LONG_SIDE
    return guess, guess
