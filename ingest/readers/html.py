"""Web pages (.html, .htm) and web archives (.mhtml) → lines and data tables of the document on the page."""

from __future__ import annotations

from pathlib import Path

from lxml import etree

from ingest.errors import SourceError
from ingest.readers.encoding import decode
from ingest.readers.html_blocks import Block, DataTable, blocks_of
from ingest.readers.html_chrome import document_of, has_letterhead
from ingest.readers.html_metadata import boxes_of, facts_of, missing_facts
from ingest.readers.html_page import pages_of
from ingest.readers.source import Flow, Source

SUFFIXES = {".html": "html", ".htm": "html", ".xhtml": "html", ".mhtml": "html", ".mht": "html"}


def read_html(data: bytes, path: Path) -> Source:
    """The document on a saved page, without what the site put around it. `path` only names it, nothing is fetched.

    One paragraph is one line: a block element, or what stands between two `<br>` unless the sentence runs on. Numbers
    and bullets of lists are written out as a browser shows them («a)» for letters); digits set high are kept («m2»,
    a note as «xã hội¹»). Deleted and hidden text is left out; if only hidden text has a letterhead, it is read.

    The portal's box of facts («Số hiệu», «Người ký» …) is no text of the plan. Of its facts only those that the
    document's own letterhead and signature do not state come first in the flow, as lines «Số hiệu: 143/KH-UBND», which
    `ingest.header` takes for a metadata box.

    Raises:
        SourceError: empty, no page, damaged, in an old encoding, too deep or too large, or a page without text.
    """
    candidates = [_blocks(page) for page in pages_of(data, path)]
    blocks = next((blocks for blocks in candidates if has_letterhead(blocks)), candidates[0])
    lines = [block for block in blocks if not isinstance(block, DataTable)]
    boxes = boxes_of([line.text for line in lines])
    kept = document_of(blocks, {id(lines[index]) for box in boxes for index in box.lines})
    facts = missing_facts(facts_of(boxes), [block.text for block in kept if not isinstance(block, DataTable)])
    flow = Flow()
    for fact in facts:
        flow.paragraph(fact)
    for block in kept:
        if isinstance(block, DataTable):
            flow.table(block.cells)
        else:
            flow.paragraph(block.text)
    _check(flow, path)
    return flow.source(path, data, "html")


def _blocks(page: etree._Element) -> list[Block]:
    shown = blocks_of(page)
    if has_letterhead(shown):
        return shown
    everything = blocks_of(page, hidden=True)
    return everything if has_letterhead(everything) else shown


def _check(flow: Flow, path: Path) -> None:
    """Refuse a page without text, one whose text is damaged, and one in TCVN3 or VNI."""
    text = "\n".join(line.text for line in flow.lines)
    if not text:
        raise SourceError(
            f"Trang «{path}» không có văn bản nào.",
            "Có thể trang chỉ chứa ảnh hoặc khung nhúng. Mở văn bản gốc (.docx, .pdf) rồi nạp tệp đó.",
        )
    if "\ufffd" in text:
        damaged = next(line.text for line in flow.lines if "\ufffd" in line.text)
        raise SourceError(
            f"Trang «{path}» bị hỏng mã ký tự ở đoạn «{damaged[:60]}».", "Tải lại trang gốc rồi lưu lại dạng UTF-8."
        )
    decode(text.encode(), path)
