"""Word documents (.docx) → lines and tables, in the order of the body, as printed once all changes are accepted.

The XML is read directly: python-docx would unpack every picture of an untrusted file, and knows neither numbering nor
notes, changes or text boxes. Headers, footers, comments, hidden text and generated tables of contents are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml.etree import _Element as Element

from ingest.clean import repair
from ingest.errors import SourceError
from ingest.numbering import marker_of
from ingest.readers.docx_numbering import Numbering, formatted
from ingest.readers.docx_package import Parts, open_package
from ingest.readers.docx_styles import Style, Styles, alignment, is_contents
from ingest.readers.docx_tables import Block, lines_of, read_table
from ingest.readers.docx_text import HARD_BREAK, SOFT_BREAK, Inline, RunReader
from ingest.readers.docx_xml import contents, descend, value, w
from ingest.readers.encoding import checked
from ingest.readers.source import Flow, Source

MAX_PARAGRAPHS = 300_000  # of 500 pages there are some 20,000, of a table of 10,000 rows 100,000


def read_docx(data: bytes, path: Path) -> Source:
    """Read a .docx file; `path` only names it.

    Raises:
        SourceError: no Word document, encrypted, damaged, too large once unpacked, without text, or in a legacy
            font encoding.
    """
    parts = open_package(data, path)
    flow = Flow()
    _add(flow, _Story(parts, path).blocks(_body(parts, path)))
    if not flow.lines:
        raise SourceError(
            f"Tệp «{path}» không có chữ nào (tệp trống hoặc chỉ chứa ảnh).",
            "Kiểm tra lại tệp nguồn; nếu văn bản là ảnh quét, hãy nhận dạng chữ (OCR) rồi lưu lại dạng .docx.",
        )
    checked("\n".join(line.text for line in flow.lines), path)
    return flow.source(path, data, "docx")


def _body(parts: Parts, path: Path) -> Element:
    body: Element | None = parts.document.find(w("body"))
    if body is None:
        raise SourceError(f"Tệp «{path}» không có nội dung.", "Kiểm tra lại tệp nguồn.")
    return body


def _add(flow: Flow, blocks: list[Block]) -> None:
    """Data tables as tables; those that only lay out the page as the paragraphs of their cells, in order."""
    for block in blocks:
        if isinstance(block, str):
            flow.paragraph(block)
        elif block.is_data:
            flow.table([(list(lines_of(c.blocks)), c.row, c.column, c.rows, c.columns) for c in block.cells])
        else:
            for cell in block.cells:
                _add(flow, cell.blocks)


@dataclass(slots=True)
class _Notes:
    """Footnotes or endnotes: each is printed once, behind the paragraph that first refers to it."""

    style: str
    texts: dict[str, Element] = field(default_factory=dict)
    count: int = 0

    @classmethod
    def of(cls, root: Element | None, kind: str, style: str) -> _Notes:
        """Those of a part; separators, which have a type, are none."""
        notes = root.iterfind(w(kind)) if root is not None else ()
        return cls(style, {value(note, "id"): note for note in notes if not value(note, "type")})


class _Story:
    """Reads containers of paragraphs and tables; counts the lists and the notes on the way."""

    def __init__(self, parts: Parts, path: Path) -> None:
        self.path, self.left = path, MAX_PARAGRAPHS
        self.styles = Styles(parts.styles)
        self.numbering = Numbering.read(parts.numbering, self.styles)
        self.notes = {
            "footnote": _Notes.of(parts.footnotes, "footnote", "decimal"),
            "endnote": _Notes.of(parts.endnotes, "endnote", "lowerRoman"),
        }

    def blocks(self, container: Element, narrow: bool = False, noted: bool = True) -> list[Block]:
        """Content of the body, a cell, a text box or a note (not `noted`: notes refer to none). `narrow`: a line break
        there parts lines, as in a letterhead."""
        blocks: list[Block] = []
        pending: list[Inline] = []  # paragraphs whose end was deleted go on in the next one
        last: Element | None = None
        for element in contents(container):
            if element.tag == w("p"):
                pending.append(self._inline(element))
                last = element
                if not _is_joined(element):
                    blocks += self._paragraph(element, pending, narrow, noted)
                    pending, last = [], None
            elif element.tag == w("tbl"):
                if last is not None:
                    blocks += self._paragraph(last, pending, narrow, noted)
                    pending, last = [], None
                blocks.append(read_table(element, lambda cell: self.blocks(cell, True, noted)))
        if last is not None:
            blocks += self._paragraph(last, pending, narrow, noted)
        return blocks

    def _inline(self, paragraph: Element) -> Inline:
        self.left -= 1
        if self.left < 0:
            raise SourceError(
                f"Tệp «{self.path}» có hơn {MAX_PARAGRAPHS} đoạn văn, quá nhiều cho một kế hoạch.",
                "Kiểm tra nguồn gốc của tệp; nếu đúng là một kế hoạch, tách thành nhiều tệp nhỏ hơn rồi nạp lại.",
            )
        styles = self.styles.of_paragraph(paragraph)
        return Inline() if is_contents(styles) else RunReader(self.styles, styles).read(paragraph)

    def _paragraph(self, paragraph: Element, parts: list[Inline], narrow: bool, noted: bool) -> Iterator[Block]:
        """Its lines with their number, then its notes, then its text boxes."""
        styles = self.styles.of_paragraph(paragraph)
        narrow = narrow or alignment(paragraph, styles) == "center"
        lines = _lines("".join(part.text for part in parts), narrow)
        label = "" if self._is_hidden(paragraph, styles, lines) else self.numbering.label(paragraph, styles)
        # In a table the number alone is a cell, «TT»; elsewhere it is an empty item.
        if label and (lines or (narrow and label.strip() not in "-+*")):
            lines[:1] = [label + "".join(lines[:1])]
        yield from lines
        if noted:
            yield from self._noted([note for part in parts for note in part.notes])
        for box in [box for part in parts for box in part.boxes]:
            yield from self.blocks(box, True, noted)

    def _is_hidden(self, paragraph: Element, styles: tuple[Style, ...], lines: list[str]) -> bool:
        """Whether nothing is left of a paragraph: no text, and a hidden or deleted end."""
        mark = descend(paragraph, "pPr", "rPr")
        return not lines and (self.styles.flag(mark, styles, "vanish") or _is_joined(paragraph))

    def _noted(self, references: list[tuple[str, str]]) -> Iterator[str]:
        """«[1] …»: in brackets, because «(1)» and «1.» open a section."""
        for kind, key in references:
            notes = self.notes[kind.removesuffix("*")]
            note = notes.texts.pop(key, None)
            if note is None:
                continue
            numbered = not kind.endswith("*")
            notes.count += numbered
            text = " ".join(lines_of(self.blocks(note, noted=False))).strip()
            if text:
                yield f"[{formatted(notes.count, notes.style)}] {text}" if numbered else text


def _is_joined(paragraph: Element) -> bool:
    """Whether the end of a paragraph was deleted or moved away: it goes on in the next one."""
    mark = descend(paragraph, "pPr", "rPr")
    return mark is not None and (descend(mark, "del") is not None or descend(mark, "moveFrom") is not None)


def _lines(text: str, narrow: bool) -> list[str]:
    """A paragraph cut at its breaks. A soft one (Shift+Enter) parts lines in a centred paragraph, a cell and a text
    box, and before a number or bullet; in running text it is a space."""
    lines: list[list[str]] = []
    for block in text.split(HARD_BREAK):
        for at, part in enumerate(block.split(SOFT_BREAK)):
            if at == 0 or narrow or marker_of(repair(part)) is not None:
                lines.append([part])
            else:
                lines[-1].append(part)
    return [line for parts in lines if (line := " ".join(parts)).strip()]
