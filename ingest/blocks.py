"""Lines → paragraphs: what a fixed width or a page break cut is joined; the closing formula is told apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.clean import fold, is_open, is_upper
from ingest.model import Line
from ingest.numbering import LineMarker, marker_of

_CLOSING_OPENERS = re.compile(
    r"^(?:tren day la|trong qua trinh|yeu cau|de nghi (?:cac|thu truong)|nhan duoc|uy ban nhan dan .* yeu cau)"
)

# No paragraph ends so: «… phối hợp với», «Căn cứ Nghị quyết số» before «20/2022/NQ-HĐND»
_DANGLING = re.compile(r"\b(?:và|của|các|những|với|theo|tại|từ|về|cho|do|trong|trên|bằng|cùng)$")
_NUMBER_NEXT = re.compile(r"\bsố \d{1,4}[/-]")


@dataclass(slots=True)
class Block:
    """A paragraph: its lines joined, and its marker if it opens with one."""

    lines: list[Line]
    text: str
    marker: LineMarker | None


def read_blocks(lines: Sequence[Line]) -> list[Block]:
    """Paragraphs. Joined are a hard-wrapped line with the line before, and a paragraph that a page break cut: the
    text before the break stops in mid-sentence and the text behind it starts with a small letter."""
    blocks: list[Block] = []
    gap = True
    width = _width(lines)
    for line in lines:
        if not line.text:
            gap = True
            continue
        marker = marker_of(line.text)
        if blocks and marker is None and _continues(blocks[-1], line, gap, width):
            blocks[-1].lines.append(line)
            blocks[-1].text = f"{blocks[-1].text} {line.text}"
        else:
            blocks.append(Block([line], line.text, marker))
        gap = False
    for block in blocks:
        if block.marker is not None and len(block.lines) > 1:
            block.marker = marker_of(block.text)
    return blocks


def _width(lines: Sequence[Line]) -> int:
    """The width at which the file breaks its lines, 0 where it does not: none is longer than 115 characters, many are
    near, and sentences go on behind the break."""
    lengths = [len(line.text) for line in lines if len(line.text) > 20]
    if len(lengths) < 5 or max(lengths) > 115:
        return 0
    broken = sum(is_open(a.text) and b.text[:1].islower() and not marker_of(b.text) for a, b in pairwise(lines))
    near = sum(length >= 60 for length in lengths) > 0.3 * len(lengths)
    return max(lengths) if broken and near else 0


def _continues(block: Block, line: Line, gap: bool, width: int) -> bool:
    last, small = block.lines[-1].text, line.text[:1].islower()
    if block.marker is not None and is_upper(block.text) and is_upper(line.text):  # a heading in capitals
        return not gap and is_open(block.text)
    if is_open(block.text) and small:
        return not is_upper(block.text)
    if not gap and (_DANGLING.search(block.text) or _NUMBER_NEXT.match(f"{block.text.split()[-1]} {line.text}")):
        return True
    if gap or not width or len(last) < 58:
        return False
    # A sentence that ends before the width is reached, though a word more had room, ends the paragraph.
    full = len(last) >= 70 and len(last) + 1 + len(line.text.split()[0]) > width
    return is_open(last) or small or full


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
