"""Numbering → tree of sections: the lines of a body become items, each with the path of headings above it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.agencies import find_agencies
from ingest.blocks import Block
from ingest.clean import fold, is_open, is_upper, words
from ingest.model import ClauseKind, Rank, Section
from ingest.numbering import ORDER, LineMarker

_INLINE_HEAD = re.compile(r"^(?P<title>[^.;:!?]{2,160}?)\s*:\s+(?P<rest>\S.*)$", re.DOTALL)
# What may stand before the first agency of a heading: «Đề nghị các Ban, …», «Giám đốc các …; Chủ tịch …».
_TITLES = re.compile(
    r"^(?:[\s,;:]|de nghi|giao|yeu cau|cac|giam doc|chu tich|thu truong|thu truong cac|nguoi dung dau|ban(?=\s*,)|va)*$"
)
_ATTACHED = re.compile(r"\([^()]*(?:kèm theo|đính kèm)\)\W*$", re.IGNORECASE)
_ALWAYS_HEADING = {Rank.PART, Rank.CHAPTER, Rank.DIVISION, Rank.ROMAN, Rank.MINOR}
_MAX_TITLE = 45  # words
_MAX_BARE_TITLE = 16  # words of a heading without a number
_LISTS = {Rank.LETTER, Rank.PAREN, Rank.SMALL_ROMAN, Rank.BULLET}
_DUTIES = {Rank.LETTER, Rank.BULLET}


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


class Outline:
    """Builds items from blocks, keeping the stack of open sections."""

    def __init__(self, base: tuple[Section, ...] = (), bare: bool = False) -> None:
        """`bare`: lines may be headings without a number."""
        self.base = base
        self._bare = bare
        self._frames: list[_Frame] = []
        self._root = _Frame(Section(Rank.PART, "", ""), Rank.PART, 0)
        self.items: list[Item] = []

    def add(self, blocks: Sequence[Block]) -> list[Item]:
        """Items in order, one a block."""
        for index, block in enumerate(blocks):
            following = blocks[index + 1] if index + 1 < len(blocks) else None
            if block.marker is None and self._bare and self._is_bare_heading(block, following):
                self._bare_heading(block)
            elif block.marker is None:
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
        marker = self._small_roman(marker)
        self._open(marker)
        title, kind = _title_and_kind(marker, following)
        self._frames.append(_Frame(Section(marker.rank, marker.number, title), marker.rank, marker.value))
        self._emit(kind, block)

    def _small_roman(self, marker: LineMarker) -> LineMarker:
        """«i)» behind «h)» is a letter; anywhere else, and «v)» behind «iv)», it counts in small Roman numerals."""
        letter = marker.number.strip("()")
        if marker.rank is not Rank.LETTER or letter not in ("i", "v", "x"):
            return marker
        if self.continues(marker):
            return marker
        roman = LineMarker(Rank.SMALL_ROMAN, marker.number, {"i": 1, "v": 5, "x": 10}[letter], marker.rest)
        return roman if letter == "i" or self.continues(roman) else marker

    def _open(self, marker: LineMarker) -> None:
        """Close what the new section ends: down to its elder sibling, else to the first frame that outranks it."""
        while self._frames and self._frames[-1].rank is Rank.BULLET:
            self._frames.pop()
        sibling = self._sibling(marker)
        if sibling is not None:
            del self._frames[sibling:]
            return
        if marker.rank is Rank.DIVISION and self._is_within_roman(marker):
            while self._frames[-1].rank is not Rank.ROMAN:
                self._frames.pop()
            return
        nested = marker.rank in {Rank.ARABIC, Rank.LETTER, Rank.PAREN, Rank.SMALL_ROMAN} and marker.value == 1
        if nested and any(f.rank is marker.rank for f in self._frames):
            return  # the numbering restarts inside an open section of the same style: a list within it
        while self._frames and ORDER[self._frames[-1].rank] >= ORDER[marker.rank]:
            self._frames.pop()

    def _is_within_roman(self, marker: LineMarker) -> bool:
        """«A)» below «I.», in a text whose Roman sections stand in no division."""
        ranks = [f.rank for f in self._frames]
        return marker.value == 1 and Rank.ROMAN in ranks and Rank.DIVISION not in ranks

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
        if head is not None and self._awaits_title(block):
            head.section = Section(head.rank, head.section.number, block.text)
            self.items[-1].section = self.path()
            self.items[-1].text = f"{self.items[-1].text} {block.text}"
            self.items[-1].lines += [line.number for line in block.lines]
            return
        while self._frames and self._frames[-1].rank is Rank.BULLET:
            self._frames.pop()
        self._emit(ClauseKind.PARAGRAPH, block)

    def _is_bare_heading(self, block: Block, following: Block | None) -> bool:
        """A short line above what it names: an agency above its duties; anything in a text without numbers."""
        text = block.text.rstrip(" :")
        if following is None or not is_open(text) or not text[:1].isupper() or words(text) > _MAX_BARE_TITLE:
            return False
        if self._awaits_title(block) or (following.marker is None and is_open(following.text)):
            return False
        numbered = any(ORDER[f.rank] < ORDER[Rank.LETTER] and f.rank is not Rank.UNNUMBERED for f in self._frames)
        if numbered:
            return following.marker is not None and following.marker.rank in _DUTIES and _is_agency(text)
        return not block.text.endswith(":") or words(text) <= _MAX_BARE_TITLE // 2

    def _bare_heading(self, block: Block) -> None:
        """Close what stands at its level: capitals outrank small letters, any heading outranks a list."""
        level = "capitals" if is_upper(block.text) else ""
        elder = (f.rank is Rank.UNNUMBERED and (f.symbol == level or level != "") for f in self._frames)
        start = next((index for index, same in enumerate(elder) if same), None)
        while self._frames and (len(self._frames) != start if start is not None else self._frames[-1].rank in _LISTS):
            self._frames.pop()
        title = block.text.rstrip(" :")
        self._frames.append(_Frame(Section(Rank.UNNUMBERED, "", title), Rank.UNNUMBERED, 0, symbol=level))
        self._emit(ClauseKind.HEADING, block)

    def _awaits_title(self, block: Block) -> bool:
        """«Chương I», its title below."""
        head = self._frames[-1] if self._frames else None
        return head is not None and not head.section.title and head.rank in _ALWAYS_HEADING and is_upper(block.text)

    def _emit(self, kind: ClauseKind, block: Block, bullet: int | None = None) -> None:
        numbers = [line.number for line in block.lines]
        self.items.append(Item(kind, self.path(), block.text, numbers, bullet))


def _title_and_kind(marker: LineMarker, following: Block | None) -> tuple[str, ClauseKind]:
    """Title and kind of a numbered block: a heading, an inline heading with its first sentence, or a bare number."""
    text = marker.rest
    if not text:
        return "", ClauseKind.HEADING
    inline = _INLINE_HEAD.match(text)
    listed = marker.rank is Rank.ARTICLE and inline is not None and "," in inline["title"]  # «Giám đốc các sở: …»
    bracket = inline is not None and inline["title"].count("(") > inline["title"].count(")")  # «Kinh phí (đơn vị: …)»
    capitals = marker.rank in _ALWAYS_HEADING and is_upper(text)
    if inline and words(inline["title"]) <= 25 and not (listed or bracket or capitals):
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


def _is_agency(text: str) -> bool:
    """Whether a line names agencies and says nothing of them."""
    spans = find_agencies(text)
    return bool(spans) and not text[: spans[0].start].strip() and sum(s.end - s.start for s in spans) > 0.7 * len(text)


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
