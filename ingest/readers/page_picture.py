"""A page of a stored PDF file, or of a file of pictures, as .png: to be shown beside what was read from it.

It is drawn in a process of its own with limits of time and memory, as the file was read in one.
"""

from __future__ import annotations

import base64
import io
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from ingest.errors import SourceError
from ingest.readers.child import run
from ingest.readers.pdf_limits import MEMORY, too_big

SECONDS = 30.0  # a page takes one
_MOST_WIDE = 4000  # pixels
_NAME = Path("trang")  # the file's own name is not known here


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page in colour as .png, its size in points as `Mark` has it, and how many pages the file has."""

    png: bytes
    width: float
    height: float
    pages: int


def page_picture(data: bytes, form: str, page: int, width: int, seconds: float = SECONDS) -> PagePicture:
    """A page, from 1, as a picture.

    Args:
        data: the file.
        form: «pdf» or «image», as `Source.format` has it.
        page: from 1.
        width: of the picture in pixels, from 1 to 4000.
        seconds: that it may take.

    Raises:
        SourceError: no such page, a damaged file, too slow, or too much memory.
    """
    wide = min(max(1, width), _MOST_WIDE)
    told = run("ingest.readers.page_picture", [form, str(page), str(wide)], data, _NAME, seconds)
    return PagePicture(base64.b64decode(told["png"]), told["width"], told["height"], told["pages"])


def drawn(data: bytes, form: str, page: int, width: int) -> PagePicture:
    """As `page_picture`, in this process: for bytes that are known to be harmless.

    Raises:
        SourceError: no such page, or a damaged file.
    """
    from PIL import Image

    if page < 1:
        raise SourceError(f"Không có trang {page}.", "Các trang được đánh số từ 1.")
    if form == "pdf":
        from ingest.readers.pdf_render import Renderer

        renderer = Renderer(data, _NAME)
        shown, (across, down), pages = renderer.colour(page, width), renderer.size(page), renderer.pages
    else:
        from ingest.readers.image_pages import open_page

        whole = open_page(data, _NAME, page)
        height = max(1, min(10 * width, round(whole.image.height * width / whole.image.width)))
        shown = whole.image.resize((width, height), Image.Resampling.LANCZOS)
        across, down, pages = whole.width, whole.height, whole.pages
    out = io.BytesIO()
    shown.save(out, "PNG")
    return PagePicture(out.getvalue(), across, down, pages)


def main(arguments: list[str]) -> None:
    """Draw a page of the file on standard input: its form, the page, the width in pixels."""
    from ingest.readers.child_main import limit, tell

    form, page, width = arguments
    data = sys.stdin.buffer.read()
    try:
        limit(MEMORY)
        tell(asdict(found := drawn(data, form, int(page), int(width))) | {"png": base64.b64encode(found.png).decode()})
    except SourceError as error:
        tell({"error": [error.message, error.remedy]})
    except MemoryError:
        refused = too_big(_NAME)
        tell({"error": [refused.message, refused.remedy]})


if __name__ == "__main__":
    main(sys.argv[1:])
