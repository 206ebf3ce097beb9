"""Printed lines → paragraphs.

A line goes on with the one before when its first word had no room there: that holds whatever the alignment is, and
needs no list of words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from ingest.clean import is_open, repair
from ingest.numbering import marker_of
from ingest.readers.pdf_breaks import UNKNOWN, Usage, linked
from ingest.readers.pdf_text import Printed
from ingest.readers.source import Marked

_SPACE = 0.25  # of the size
_SLACK = 1.5  # points by which margins are known
_INDENT = 5.0  # points
_PITCH = 2.4  # of the size: lines further apart are two paragraphs
_APART = 0.25  # of the size: what a paragraph's distance from the next adds to the pitch at least
_TELLING = 5  # lines
_BULLET = re.compile(r"^[-–—+*•·▪✓➢][\s\w]")
_BASIS = re.compile(r"^(?:Căn cứ|Thực hiện|Thi hành|Xét|Triển khai|Để) ")  # the preamble, below a title in bold
_CENTRED = 5.0  # points


def paragraphs(lines: Sequence[Printed], left: float, right: float, usage: Usage = UNKNOWN) -> list[Marked]:
    """Join the lines of a column.

    Args:
        lines: from top to bottom, over any number of pages.
        left: edges of the column, in points.
        right: as `left`.
        usage: what the whole document tells about the ends of its lines.
    """
    groups: list[list[Printed]] = []
    pitch = _usual_pitch(lines, left, right)
    for line in lines:
        if groups and goes_on(groups[-1], line, left, right, pitch):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_marked(linked(group, right, usage), group) for group in groups]


def single(line: Printed) -> Marked:
    """A line as a paragraph."""
    return _marked(line.text, [line])


def _marked(text: str, lines: Sequence[Printed]) -> Marked:
    """A paragraph. What is in doubt are whole words of its text: two lines may have given one."""
    found = {doubt for line in lines for doubt in line.doubts}
    shown = repair(text)
    doubts = [word for word in shown.split() if any(doubt in word for doubt in found)] if found else []
    return Marked(text, tuple(line.mark for line in lines), tuple(dict.fromkeys(doubts)))


def _usual_pitch(lines: Sequence[Printed], left: float, right: float) -> float:
    """From line to line of a paragraph, in sizes, where enough lines tell."""
    found = Counter(
        round(_pitch(a, b), 1)
        for a, b in pairwise(lines)
        if a.page == b.page and not has_room(a, b, left, right, centred=False)
    )
    usual, count = found.most_common(1)[0] if found else (0.0, 0)
    return usual if count >= _TELLING else _PITCH


def _pitch(last: Printed, line: Printed) -> float:
    return (line.bottom - last.bottom) / last.size


def goes_on(group: Sequence[Printed], line: Printed, left: float, right: float, pitch: float = _PITCH) -> bool:
    """Whether a line belongs to the paragraph of the lines before it."""
    last = group[-1]
    if abs(last.size - line.size) > 0.15 * last.size:
        return False
    if last.page == line.page and _pitch(last, line) > min(pitch + _APART, _PITCH):
        return False
    centred = line.x0 > left + _INDENT and _is_centred(last, left, right) and _is_centred(line, left, right)
    if has_room(last, line, left, right, centred=centred):
        return False
    if not centred and _is_indented(group, line, left):
        return False
    if starts_item(line.text) and (not is_open(last.text) or last.bold != line.bold):
        return False
    if last.bold and not line.bold and _BASIS.match(line.text):
        return False
    if group[0].text.startswith("Căn cứ ") and last.text.endswith(";") and line.text[:1].isupper():
        return False
    heading = last.bold and not line.bold and line.text[:1].isupper()
    return not (heading and (not is_open(last.text) or abs(line.x0 - group[0].x0) < _INDENT < line.x0 - left))


def has_room(last: Printed, line: Printed, left: float, right: float, *, centred: bool) -> bool:
    """Whether the first word of a line would have fitted at the end of the one before."""
    end = left + (last.x1 - last.x0) if centred else last.x1
    return end + _SPACE * last.size + line.head < right - _SLACK


def starts_item(text: str) -> bool:
    """Whether a text begins as an item of a list or a numbered heading does."""
    return bool(_BULLET.match(text)) or marker_of(text) is not None


def _is_centred(line: Printed, left: float, right: float) -> bool:
    return abs((line.x0 + line.x1) - (left + right)) < 2 * _CENTRED


def _is_indented(group: Sequence[Printed], line: Printed, left: float) -> bool:
    """Whether a line begins further right than the paragraph's other lines do: the first line of the next."""
    if len(group) > 1:
        return line.x0 - group[-1].x0 > _INDENT
    first = group[0]
    hangs = starts_item(first.text) and not starts_item(line.text)
    return line.x0 - first.x0 > _INDENT and not hangs
