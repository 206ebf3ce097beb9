"""Two blocks side by side without rules between them: the letterhead, and recipients beside the signature."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.clean import fold, is_open
from ingest.letterhead import LETTERHEAD
from ingest.readers.pdf_text import Printed, joined, split_at

Row = list[Printed]
_GUTTER = 8.0  # points between the blocks at least
_ALIGNED = 14.0  # points
_SAME = 2.0  # points, where a narrow gutter has to be told from the space between two words
_SIGNED = 150.0  # points that are left empty for a signature and a stamp
_CLOSING = re.compile(r"^\*?(?:noi nhan\b|(?:tm|kt|tl|tuq|q)\. ?[a-z]|(?:pho )?(?:chu tich|giam doc)\b)")
_RECIPIENT = re.compile(r"^[-–+] ?\w")
_STATE, _MOTTO = "cong hoa xa hoi chu nghia viet nam", 8
_NAMED = re.compile(r"^\W*[^\W\d_]+(?: [^\W\d_]+){1,4}\W*$")  # what a page break may part from a signature
_DATED, _YEAR = re.compile(r", ?ngay\b"), re.compile(r"\d{4}$")


def merge_rows(rows: Sequence[Row]) -> list[Row]:
    """Rows that overlap by half their height are one: two blocks may be set in two sizes."""
    merged: list[Row] = []
    for row in rows:
        above = merged[-1] if merged else None
        if above and _overlap(above, row) and _beside(above, row):
            merged[-1] = sorted([*above, *row], key=lambda p: p.x0)
        else:
            merged.append(list(row))
    return merged


def _overlap(above: Row, row: Row) -> bool:
    top, bottom = max(above[0].top, row[0].top), min(above[0].bottom, row[0].bottom)
    return bottom - top > 0.5 * min(above[0].bottom - above[0].top, row[0].bottom - row[0].top)


def _beside(above: Row, row: Row) -> bool:
    return all(a.x1 + _GUTTER < b.x0 or b.x1 + _GUTTER < a.x0 for a in above for b in row)


Blocks = tuple[Row, Row]  # left, right


def in_blocks(rows: Sequence[Row], opened: Blocks | None = None) -> tuple[list[tuple[Printed, bool]], Blocks | None]:
    """Lines in reading order, and whether each is to stay a paragraph of its own: in a block it is.

    Args:
        rows: of one page, or of a part of it.
        opened: the blocks that the page before ended with: they may go on here.

    Returns:
        The lines, and the blocks with which the rows end; their lines are not among them (`block_lines`).
    """
    rows = merge_rows(rows)
    lines: list[tuple[Printed, bool]] = []
    at = 0
    if opened:
        at = _extend(rows, 0, opened)
        if at == len(rows):
            return lines, opened
        lines += block_lines(opened)
    while at < len(rows):
        end, sides = _blocks(rows, at)
        if sides and end == len(rows):
            return lines, sides
        if sides:
            lines += block_lines(sides)
            at = end
        else:
            lines.append((joined(rows[at]), False))
            at += 1
    return lines, None


def block_lines(sides: Blocks) -> list[tuple[Printed, bool]]:
    """The lines of the left block, then those of the right one."""
    return [(line, True) for side in sides for line in _block(side)]


def _blocks(rows: Sequence[Row], at: int) -> tuple[int, Blocks | None]:
    """From a row of two parts on: behind the last row of the two blocks, and their lines; None where it opens none."""
    if len(rows[at]) != 2:
        return at, None
    sides: Blocks = ([rows[at][0]], [rows[at][1]])
    end = _extend(rows, at + 1, sides)
    known = any(LETTERHEAD.match(fold(p.text)) or _CLOSING.match(fold(p.text)) for side in sides for p in side[:2])
    return (end, sides) if known else (at, None)


def _extend(rows: Sequence[Row], at: int, sides: Blocks) -> int:
    """Add the rows that go on with two blocks to them; behind the last of these rows."""
    left, right = sides
    while at < len(rows):
        parted = _parted(rows[at], left, right)
        if parted is not None:
            left.append(parted[0])
            right.append(parted[1])
        elif _takes(left, right, rows[at]):
            _add(left, right, rows[at])
        else:
            break
        at += 1
    return at


def _add(left: Row, right: Row, row: Row) -> None:
    """The parts of a row to their blocks. A blank to be filled in («Số:      /KH-UBND») parts no line in two."""
    own: tuple[Row, Row] = [], []
    for part in row:
        own[0 if _is_left(part, [*left, *own[0]], right) else 1].append(part)
    for parts, block in zip(own, (left, right), strict=True):
        listed = any(_RECIPIENT.match(part.text) for part in parts)
        block += [joined(parts)] if len(parts) > 1 and not listed else parts


def _parted(row: Row, left: Row, right: Row) -> tuple[Printed, Printed] | None:
    """The two parts of a row that seems to run over a narrow gutter, where both are set as their blocks are."""
    if len(row) != 1 or not row[0].gaps or len(row[0].gaps) + 1 != len(row[0].text.split(" ")):
        return None
    widths = [start - end for end, start in row[0].gaps]
    cuts = (split_at(row[0], at) for at, width in enumerate(widths) if width > max(widths) - 0.1)
    return next((cut for cut in cuts if _is_set_as(cut[0], left) and _is_set_as(cut[1], right)), None)


def _is_set_as(part: Printed, block: Row) -> bool:
    """Whether a part begins where a line of a block does, or has the same centre."""
    middle = part.x0 + part.x1
    return any(abs(part.x0 - p.x0) < _SAME or abs(middle - p.x0 - p.x1) < 2 * _SAME for p in block)


def _gutter(left: Row, right: Row) -> float:
    """The room that a part must leave to the other block: that which the blocks leave themselves, where it is small."""
    return min(_GUTTER, min(p.x0 for p in right) - max(p.x1 for p in left))


def _is_left(part: Printed, left: Row, right: Row) -> bool:
    if part.x1 + _gutter(left, right) > min(p.x0 for p in right):
        return False
    # Recipients may be set in two columns of their own.
    return part.x0 < max(p.x1 for p in left) or bool(_RECIPIENT.match(part.text) and _RECIPIENT.match(left[-1].text))


def _takes(left: Row, right: Row, row: Row) -> bool:
    """Whether a row goes on with the blocks: nothing crosses the gutter, and a part that stands alone is set as its
    block is."""
    if len(row) > (3 if _RECIPIENT.match(row[0].text) else 2):
        return False
    edge_left, edge_right = max(p.x1 for p in left), min(p.x0 for p in right)
    gutter = _gutter(left, right)
    for at, part in enumerate(row):
        on_left = _is_left(part, [*left, *row[:at]], right)
        if not on_left and part.x0 < edge_left + gutter:
            return False
        if on_left and part.x1 > edge_right - gutter:
            return False
        if len(row) == 1 and not _belongs(part, *((left, right) if on_left else (right, left))):
            return False
    return True


def _belongs(part: Printed, block: Row, other: Row) -> bool:
    closing = any(_CLOSING.match(fold(p.text)) for p in block)
    if part.page != block[-1].page and not (closing and (_NAMED.match(part.text) or _RECIPIENT.match(part.text))):
        return False
    # Of a letterhead the two sides may go on in turns: «Số: …» on the left, below it place and date on the right.
    above = max(block[-1].bottom, other[-1].bottom)
    if part.top - (block[-1].bottom if closing else above) > (_SIGNED if closing else 1.2 * part.size):
        return False
    centre = (min(p.x0 for p in block) + max(p.x1 for p in block)) / 2
    return abs((part.x0 + part.x1) / 2 - centre) < _ALIGNED or abs(part.x0 - block[-1].x0) < _ALIGNED


def _in_columns(block: Row) -> Row:
    """The parts of a block, those of a second column of recipients last."""
    beside = [b for a, b in pairwise(block) if a.page == b.page and a.x1 < b.x0 and abs(a.bottom - b.bottom) < _SAME]
    edge = min((p.x0 for p in beside if _RECIPIENT.match(p.text)), default=float("inf")) - _SAME
    return [p for p in block if p.x0 < edge] + [p for p in block if p.x0 >= edge]


def _block(block: Row) -> list[Printed]:
    """The lines of a block; a recipient over two lines, and the state's name or place and date over two, as one."""
    lines: list[Printed] = []
    for line in _in_columns(block):
        above = lines[-1] if lines else None
        if above and (
            (_RECIPIENT.match(above.text) and is_open(above.text) and line.text[:1] not in "-–+")
            or (len(above.text) > _MOTTO and f"{fold(above.text)} {fold(line.text)}" == _STATE)
            or (_DATED.search(fold(above.text)) and not _YEAR.search(above.text))
        ):
            text = f"{above.text} {line.text}"
            doubts = above.doubts + line.doubts
            lines[-1] = replace(above, text=text, x1=max(above.x1, line.x1), bottom=line.bottom, doubts=doubts)
        else:
            lines.append(line)
    return lines
