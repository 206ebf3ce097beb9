"""The glyphs of a PDF page → printed lines.

Glyphs are placed by their baseline: a letter from another font (one with Vietnamese diacritics, where the document's
own lacks them) has another height, and stands elsewhere in the file, but on the same baseline.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from ingest.readers.source import Mark

_BASELINE = 0.25  # of the size: how far glyphs of one line may stand apart
_SMALL = 0.85  # of the size of a line: a superscript is below it
_WORD_GAP = 0.2  # of the size
_COLUMN_GAP = 2.0  # of the size: what is further apart are two columns, or a tab
_ASCENT, _DESCENT = 0.85, 0.25  # of the size: the box of a line
_SYMBOLS = {"\uf02d": "-", "\uf0be": "-", "\uf02b": "+", "\uf02a": "*"}  # of Word's fonts Symbol and Wingdings
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class Glyph:
    """One glyph: its text (a few letters in a ligature, a word where it was read from a picture), edges and baseline in
    points from the top left, whether it may be misread, and its block of text, where that is known."""

    text: str
    x0: float
    x1: float
    baseline: float
    size: float
    bold: bool = False
    doubtful: bool = False
    block: int = 0


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed line, or a part of one. `head` is the width of its first word; `spaced` tells that a space was printed
    at its end; `gaps` are the places between its words, each from the end of one to the start of the next; `doubts` are
    what of its text may be misread."""

    text: str
    page: int
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    head: float
    bold: bool = False
    spaced: bool = False
    gaps: tuple[tuple[float, float], ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def mark(self) -> Mark:
        """Its box."""
        return Mark(self.page, *(round(v, 1) for v in (self.x0, self.top, self.x1, self.bottom)))


def cleaned(glyphs: Iterable[Glyph]) -> list[Glyph]:
    """Marks joined to their letters, letters that are printed twice (to look bold) taken once, and the private letters
    of symbol fonts, which print bullets, as what they show."""
    kept: list[Glyph] = []
    seen: set[tuple[str, int, int]] = set()
    for glyph in glyphs:
        if glyph.text and all(unicodedata.combining(c) for c in glyph.text):
            if kept:
                kept[-1] = replace(kept[-1], text=kept[-1].text + glyph.text)
            continue
        if len(glyph.text) == 1 and "\ue000" <= glyph.text <= "\uf8ff":
            glyph = replace(glyph, text=_SYMBOLS.get(glyph.text, "•"))
        place = (glyph.text, round(glyph.x0), round(glyph.baseline))
        if glyph.text.isspace() or place not in seen:
            seen.add(place)
            kept.append(glyph)
    return kept


def printed_rows(glyphs: Iterable[Glyph], page: int, *, whole: bool = False) -> list[list[Printed]]:
    """Rows from top to bottom, each of its parts from left to right; one part where `whole`."""
    rows: list[list[Printed]] = []
    for line in _with_raised(_baselines(glyphs)):
        parts = [line] if whole else _parts(line)
        made = [_printed(part, page) for part in parts if any(not g.text.isspace() for g in part)]
        if made:
            rows.append(made)
    return rows


def _baselines(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    lines: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda g: (g.baseline, g.x0)):
        if lines and glyph.baseline - lines[-1][0].baseline <= _BASELINE * max(glyph.size, lines[-1][0].size):
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
    return [sorted(line, key=lambda g: g.x0) for line in lines]


def _with_raised(lines: Sequence[list[Glyph]]) -> list[list[Glyph]]:
    """Small glyphs beside a line, a little above or below its baseline, belong to it: «m²», the mark of a footnote."""
    kept = [line for line in lines if any(not g.text.isspace() for g in line)]
    for small in list(kept):
        size = median(g.size for g in small)
        host = next((line for line in kept if line is not small and _hosts(line, small, size)), None)
        if host is not None:
            kept.remove(small)
            raised = small[0].baseline < host[0].baseline
            host.extend(replace(g, text=g.text.translate(_RAISED)) if raised else g for g in small)
            host.sort(key=lambda g: g.x0)
    return kept


def _hosts(line: Sequence[Glyph], small: Sequence[Glyph], size: float) -> bool:
    own = median(g.size for g in line)
    middle = small[0].baseline - 0.3 * size
    inside = line[0].baseline - own <= middle <= line[0].baseline + _DESCENT * own
    beside = all(any(abs(g.x0 - other.x1) <= 0.5 * own for other in line) for g in _starts(small))
    return size < _SMALL * own and inside and beside


def _starts(line: Sequence[Glyph]) -> list[Glyph]:
    """The first glyph of every word of a sorted line."""
    inked = [g for g in line if not g.text.isspace()]
    return inked[:1] + [b for a, b in pairwise(inked) if b.x0 - a.x1 > _WORD_GAP * b.size]


def _parts(line: Sequence[Glyph]) -> list[list[Glyph]]:
    parts: list[list[Glyph]] = [[]]
    last: Glyph | None = None
    for glyph in line:
        if not glyph.text.isspace():
            if last and (glyph.x0 - last.x1 > _COLUMN_GAP * glyph.size or glyph.block != last.block):
                parts.append([])
            last = glyph
        parts[-1].append(glyph)
    return parts


def _printed(glyphs: Sequence[Glyph], page: int) -> Printed:
    inked = [g for g in glyphs if not g.text.isspace()]
    text, end = "", inked[0].x0
    gaps: list[tuple[float, float]] = []
    for glyph in glyphs:
        blank = glyph.text.isspace()
        if text and not text.endswith(" ") and (blank or glyph.x0 - end > _WORD_GAP * glyph.size):
            text += " "
        if not blank:
            if text.endswith(" "):
                gaps.append((end, glyph.x0))
            text += glyph.text
            end = max(end, glyph.x1)
    size = median(g.size for g in inked)
    baseline = median(g.baseline for g in inked)
    top, bottom = baseline - _ASCENT * size, baseline + _DESCENT * size
    bold = sum(g.bold for g in inked) > 0.5 * len(inked)
    head = (gaps[0][0] if gaps else end) - inked[0].x0
    spaced = text.endswith(" ")
    doubts = tuple(g.text for g in inked if g.doubtful)
    return Printed(text.strip(), page, inked[0].x0, top, end, bottom, size, head, bold, spaced, tuple(gaps), doubts)


def split_at(line: Printed, gap: int) -> tuple[Printed, Printed]:
    """A line as two parts, with the given one of its gaps between them."""
    words = line.text.split(" ")
    end, start = line.gaps[gap]
    left, rest = words[: gap + 1], words[gap + 1 :]
    gaps = line.gaps[gap + 1 :]
    head = (gaps[0][0] if gaps else line.x1) - start
    doubts = [tuple(doubt for doubt in line.doubts if doubt in part) for part in (left, rest)]
    return (
        replace(line, text=" ".join(left), x1=end, gaps=line.gaps[:gap], spaced=True, doubts=doubts[0]),
        replace(line, text=" ".join(rest), x0=start, head=head, gaps=gaps, doubts=doubts[1]),
    )


def joined(parts: Sequence[Printed]) -> Printed:
    """The parts of a row as one line."""
    if len(parts) == 1:
        return parts[0]
    first, last = parts[0], parts[-1]
    text = " ".join(part.text for part in parts)
    top, bottom = min(p.top for p in parts), max(p.bottom for p in parts)
    between = [(a.x1, b.x0) for a, b in pairwise(parts)]
    gaps = [gap for part, after in zip(parts, [*between, None], strict=True) for gap in (*part.gaps, after) if gap]
    doubts = tuple(doubt for part in parts for doubt in part.doubts)
    return replace(
        first, text=text, top=top, bottom=bottom, x1=last.x1, spaced=last.spaced, gaps=tuple(gaps), doubts=doubts
    )
