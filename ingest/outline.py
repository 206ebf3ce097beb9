"""Numbering → tree of sections: the lines of a body become items, each with the path of headings above it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.agencies import find_agencies
from ingest.clean import fold, is_open, is_upper, words
from ingest.model import ClauseKind, Line, Rank, Section
from ingest.numbering import ORDER, LineMarker, marker_of

_INLINE_HEAD = re.compile(r"^(?P<title>[^.;:!?]{2,160}?)\s*:\s+(?P<rest>\S.*)$", re.DOTALL)
# What may stand before the first agency of a heading: «Đề nghị các Ban, …», «Giám đốc các …; Chủ tịch …».
_TITLES = re.compile(
    r"^(?:[\s,;:]|de nghi|giao|yeu cau|cac|giam doc|chu tich|thu truong|thu truong cac|nguoi dung dau|ban(?=\s*,)|va)*$"
)
_ATTACHED = re.compile(r"\([^()]*(?:kèm theo|đính kèm)\)\W*$", re.IGNORECASE)
_ALWAYS_HEADING = {Rank.PART, Rank.CHAPTER, Rank.DIVISION, Rank.ROMAN}
_MAX_TITLE = 45  # words


@dataclass(slots=True)
class Block:
    """A paragraph: its lines joined, and its marker if it opens with one."""

    lines: list[Line]
    text: str
    marker: LineMarker | None


@dataclass(slots=True)
class Item:
    """A clause on its way: kind, section path, text, source lines, position among sibling bullets."""

    kind: ClauseKind
    section: tuple[Section, ...]
    text: str
    lines: list[int]
    bullet: int | None = None


@dataclass(slots=True)
class _Frame:
    """An open section or bullet. `nested` counts how often its numbering restarted inside itself."""

    section: Section
    rank: Rank
    value: int
    symbol: str = ""
    bullets: dict[str, int] = field(default_factory=dict)


def read_blocks(lines: Sequence[Line]) -> list[Block]:
    """Paragraphs. Joined are a hard-wrapped line with the line before, and a paragraph that a page break cut: the
    text before the break stops in mid-sentence and the text behind it starts with a small letter."""
    blocks: list[Block] = []
    gap = True
    wrapped = _is_hard_wrapped(lines)
    for line in lines:
        if not line.text:
            gap = True
            continue
        marker = marker_of(line.text)
        if blocks and marker is None and _continues(blocks[-1], line, gap, wrapped):
            blocks[-1].lines.append(line)
            blocks[-1].text = f"{blocks[-1].text} {line.text}"
        else:
            blocks.append(Block([line], line.text, marker))
        gap = False
    for block in blocks:
        if block.marker is not None and len(block.lines) > 1:
            block.marker = marker_of(block.text)
    return blocks


def _is_hard_wrapped(lines: Sequence[Line]) -> bool:
    """Whether the file breaks its lines at a fixed width: few lines are longer than 110 characters, many are near."""
    lengths = [len(line.text) for line in lines if len(line.text) > 20]
    if len(lengths) < 5:
        return False
    return max(lengths) <= 115 and sum(length >= 60 for length in lengths) > 0.3 * len(lengths)


def _continues(block: Block, line: Line, gap: bool, wrapped: bool) -> bool:
    small = line.text[:1].islower()
    if is_open(block.text) and small:
        return not is_upper(block.text)
    if gap or not wrapped:
        return False
    return len(block.lines[-1].text) >= 58 and (
        is_open(block.lines[-1].text) or small or len(block.lines[-1].text) >= 70
    )


class Outline:
    """Builds items from blocks, keeping the stack of open sections."""

    def __init__(self, base: tuple[Section, ...] = ()) -> None:
        self.base = base
        self._frames: list[_Frame] = []
        self._root = _Frame(Section(Rank.PART, "", ""), Rank.PART, 0)
        self.items: list[Item] = []

    def add(self, blocks: Sequence[Block]) -> list[Item]:
        """Items in order, one a block."""
        for index, block in enumerate(blocks):
            following = blocks[index + 1] if index + 1 < len(blocks) else None
            if block.marker is None:
                self._paragraph(block)
            elif block.marker.rank is Rank.BULLET:
                self._bullet(block, block.marker, following)
            else:
                self._numbered(block, block.marker, following)
        return self.items

    def continues(self, marker: LineMarker) -> bool:
        """Whether a numbered line follows an open section: then a table above it has ended."""
        return any(f.rank is marker.rank and f.value + 1 == marker.value for f in self._frames if f.value)

    def path(self) -> tuple[Section, ...]:
        """The open sections, outermost first."""
        return self.base + tuple(f.section for f in self._frames if f.rank is not Rank.BULLET or f.section.title)

    def _numbered(self, block: Block, marker: LineMarker, following: Block | None) -> None:
        self._open(marker)
        title, kind = _title_and_kind(marker, following)
        self._frames.append(_Frame(Section(marker.rank, marker.number, title), marker.rank, marker.value))
        self._emit(kind, block)

    def _open(self, marker: LineMarker) -> None:
        """Close what the new section ends: down to its elder sibling, else to the first frame that outranks it."""
        while self._frames and self._frames[-1].rank is Rank.BULLET:
            self._frames.pop()
        sibling = self._sibling(marker)
        if sibling is not None:
            del self._frames[sibling:]
            return
        nested = marker.rank in {Rank.ARABIC, Rank.LETTER, Rank.PAREN} and marker.value == 1
        if nested and any(f.rank is marker.rank for f in self._frames):
            return  # the numbering restarts inside an open section of the same style: a list within it
        while self._frames and ORDER[self._frames[-1].rank] >= ORDER[marker.rank]:
            self._frames.pop()

    def _sibling(self, marker: LineMarker) -> int | None:
        """Index of the innermost open section that the number follows (or repeats: «d)» printed twice)."""
        if marker.value == 1:
            return None
        for index in range(len(self._frames) - 1, -1, -1):
            frame = self._frames[index]
            if frame.rank is marker.rank and frame.value in (marker.value - 1, marker.value):
                return index
        return None

    def _bullet(self, block: Block, marker: LineMarker, following: Block | None) -> None:
        symbols = [f.symbol for f in self._frames if f.rank is Rank.BULLET]
        while marker.number in symbols and self._frames[-1].symbol != marker.number:
            self._frames.pop()
        if marker.number in symbols:
            self._frames.pop()
        parent = self._frames[-1] if self._frames else self._root
        parent.bullets[marker.number] = parent.bullets.get(marker.number, 0) + 1
        self._emit(ClauseKind.BULLET, block, parent.bullets[marker.number])
        title = _bullet_title(marker, following)
        frame = _Frame(Section(Rank.BULLET, marker.number, title), Rank.BULLET, 0, symbol=marker.number)
        self._frames.append(frame)

    def _paragraph(self, block: Block) -> None:
        head = self._frames[-1] if self._frames else None
        if head is not None and not head.section.title and head.rank in _ALWAYS_HEADING and is_upper(block.text):
            head.section = Section(head.rank, head.section.number, block.text)  # «Chương I», its title below
            self.items[-1].section = self.path()
            self.items[-1].text = f"{self.items[-1].text} {block.text}"
            self.items[-1].lines += [line.number for line in block.lines]
            return
        while self._frames and self._frames[-1].rank is Rank.BULLET:
            self._frames.pop()
        self._emit(ClauseKind.PARAGRAPH, block)

    def _emit(self, kind: ClauseKind, block: Block, bullet: int | None = None) -> None:
        numbers = [line.number for line in block.lines]
        self.items.append(Item(kind, self.path(), block.text, numbers, bullet))


def _title_and_kind(marker: LineMarker, following: Block | None) -> tuple[str, ClauseKind]:
    """Title and kind of a numbered block: a heading, an inline heading with its first sentence, or a bare number."""
    text = marker.rest
    if not text:
        return "", ClauseKind.HEADING
    inline = _INLINE_HEAD.match(text)
    if inline and words(inline["title"]) <= 25 and not (marker.rank in _ALWAYS_HEADING and is_upper(text)):
        return inline["title"].strip(), ClauseKind.PARAGRAPH
    if _is_heading(marker, text, following):
        return text.rstrip(" .:;"), ClauseKind.HEADING
    return "", ClauseKind.PARAGRAPH


def _is_heading(marker: LineMarker, text: str, following: Block | None) -> bool:
    if words(text) > _MAX_TITLE:
        return False
    deeper = following is not None and following.marker is not None and _deeper(following.marker, marker)
    if _ATTACHED.search(text) or is_upper(text) or (deeper and _names_agency(text)):
        return True
    if text.endswith(":"):
        return words(text) <= 20
    return text[-1] not in ";,./"


def _names_agency(text: str) -> bool:
    """«4. Đề nghị các Ban, Ủy ban Kiểm tra …»: a heading made of agencies may be long and may end in a full stop."""
    spans = find_agencies(text)
    return bool(spans) and text.count(".") <= 1 and _TITLES.match(fold(text[: spans[0].start])) is not None


def _deeper(inner: LineMarker, outer: LineMarker) -> bool:
    return ORDER[inner.rank] > ORDER[outer.rank]


def _bullet_title(marker: LineMarker, following: Block | None) -> str:
    """A bullet's heading for the deeper bullets below it; empty when none follow or it is no heading."""
    if following is None or following.marker is None or following.marker.rank is not Rank.BULLET:
        return ""
    if following.marker.number == marker.number:
        return ""
    text = marker.rest
    if inline := _INLINE_HEAD.match(text):
        return inline["title"].strip()
    if text.endswith(":") or is_open(text):
        return text.rstrip(" :") if words(text) <= _MAX_TITLE else ""
    return ""


_CLOSING_OPENERS = re.compile(
    r"^(?:tren day la|trong qua trinh|yeu cau|de nghi (?:cac|thu truong)|nhan duoc|uy ban nhan dan .* yeu cau)"
)


def split_closing(blocks: list[Block]) -> tuple[list[Block], list[Block]]:
    """The closing formula («Trên đây là Kế hoạch … ./.») belongs to no section: unnumbered paragraphs at the end."""
    start = len(blocks)
    while start > 0 and blocks[start - 1].marker is None and _CLOSING_OPENERS.match(fold(blocks[start - 1].text)):
        start -= 1
    if start == len(blocks) and blocks and blocks[-1].marker is None and blocks[-1].text.rstrip().endswith("./."):
        previous = blocks[-2].marker if len(blocks) > 1 else None
        if previous is None or is_open(blocks[-2].text) is False:
            start -= 1
    return blocks[:start], blocks[start:]
