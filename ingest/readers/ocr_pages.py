"""Pages in their order, those that are pictures recognised two at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from ingest.readers.ocr_image import Picture
from ingest.readers.ocr_page import page_of
from ingest.readers.ocr_program import require
from ingest.readers.pdf_pages import PageContent

_TOGETHER = 2  # pages; each takes one core, and 100 MB

Report = Callable[[int, int, bool], None]  # page, pages in all, whether it was a picture


def recognised(
    pages: Iterable[PageContent | Picture], path: Path, report: Report | None = None
) -> Iterator[PageContent]:
    """Every page with its text. `report` is called after each; `path` names the file.

    Raises:
        SourceError: a page is a picture and tesseract is missing, takes too long or fails.
    """
    waiting: deque[PageContent | Future[PageContent]] = deque()
    turns: dict[bool, int] = {}  # of the last page that is high, and of the last that is wide: a file's lie alike
    with ThreadPoolExecutor(_TOGETHER) as pool:
        try:
            for page in pages:
                if isinstance(page, Picture):
                    require(path)
                    high = page.grey.shape[0] > page.grey.shape[1]
                    waiting.append(pool.submit(page_of, page, path, turns.get(high, 0)))
                else:
                    waiting.append(page)
                while len(waiting) > _TOGETHER or (waiting and isinstance(waiting[0], PageContent)):
                    done = _taken(waiting, report)
                    turns[_was_high(done)] = done.turns
                    yield done
            while waiting:
                yield _taken(waiting, report)
        finally:
            pool.shutdown(cancel_futures=True)


def _was_high(page: PageContent) -> bool:
    """As it came."""
    return page.height > page.width if page.turns % 2 == 0 else page.width > page.height


def _taken(waiting: deque[PageContent | Future[PageContent]], report: Report | None) -> PageContent:
    first = waiting.popleft()
    page = first if isinstance(first, PageContent) else first.result()
    if report:
        report(page.number, page.of, first is not page)
    return page
