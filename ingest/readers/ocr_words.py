"""Words of a scan that were misread by a letter, set right by what the same document prints elsewhere between the same
two words: «Sở Laa động» where it often says «Sở Lao động»."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from rapidfuzz.distance import Levenshtein

from ingest.model import Line
from ingest.readers.source import Flow, Grid

_OFTEN = 3  # times that the right word must stand between the same two
_RARE = 2  # times that a word is printed which is suspected
_SHORT = 2  # letters; of shorter words too many are like each other
_ENDS = ".,;:()[]“”\"'"
_ROMAN = re.compile(r"[ivxlc]+")

Triple = tuple[str, str, str]


def mend_words(flow: Flow, scanned: set[int]) -> None:
    """Set misread words of scanned pages right; what was set right is in doubt."""
    lines = [n for n, marks in flow.marks.items() if marks[0].page in scanned]
    found = mended([flow.lines[n - 1].text.split() for n in lines], [flow.doubts.get(n, ()) for n in lines])
    for (at, place), word in found.items():
        number = lines[at]
        words = flow.lines[number - 1].text.split()
        kept = [doubt for doubt in flow.doubts.get(number, ()) if doubt != words[place]]
        words[place] = word
        text = " ".join(words)
        flow.lines[number - 1], flow.doubts[number] = Line(number, text, text), (*kept, word)
    if found:
        flow.grids = [_filled(grid, flow) for grid in flow.grids]


def _filled(grid: Grid, flow: Flow) -> Grid:
    """A table with the texts of its lines."""
    texts = (" ".join(flow.lines[n - 1].text for n in cell.lines) for cell in grid.cells)
    return Grid(tuple(replace(cell, text=text) for cell, text in zip(grid.cells, texts, strict=True)))


def mended(lines: Sequence[Sequence[str]], doubts: Sequence[Sequence[str]]) -> dict[tuple[int, int], str]:
    """New words by line and position. Those are suspected that are in doubt, or rare in the document.

    Args:
        lines: the words of each.
        doubts: those of each that may be misread.
    """
    count = Counter(_bare(word) for words in lines for word in words)
    sure: Counter[Triple] = Counter()
    pairs: set[tuple[str, str]] = set()
    between: dict[tuple[str, str], set[str]] = {}
    suspects: list[tuple[int, int, Triple]] = []
    for at, (words, doubtful) in enumerate(zip(lines, doubts, strict=True)):
        bare = [_bare(word) for word in words]
        odd = [word in doubtful or count[_bare(word)] <= _RARE for word in words]
        for place in range(1, len(words) - 1):
            triple = bare[place - 1], bare[place], bare[place + 1]
            if odd[place]:
                suspects.append((at, place, triple))
            else:
                sure[triple] += 1
                pairs |= {triple[:2]} if not odd[place - 1] else set()
                pairs |= {triple[1:]} if not odd[place + 1] else set()
                between.setdefault((triple[0], triple[2]), set()).add(triple[1])
    changed = {}
    for at, place, triple in suspects:
        right = _right(triple, between.get((triple[0], triple[2]), set()), sure, pairs)
        if right:
            changed[at, place] = _printed(right, lines[at][place])
    return changed


def _right(triple: Triple, known: set[str], sure: Mapping[Triple, int], pairs: set[tuple[str, str]]) -> str:
    """What a word must be; nothing where it may stand there, or more than one is as near."""
    before, word, after = triple
    if len(word) <= _SHORT or not word.isalpha() or _ROMAN.fullmatch(word) or not (before and after):
        return ""
    if {triple[:2], triple[1:]} & pairs:
        return ""
    near = [w for w in known if sure[before, w, after] >= _OFTEN and Levenshtein.distance(w, word, score_cutoff=1) == 1]
    return near[0] if len(near) == 1 and near[0].isalpha() else ""


def _bare(word: str) -> str:
    return word.strip(_ENDS).lower()


def _printed(right: str, read: str) -> str:
    """In capitals or with one, between the same marks of punctuation, as what was read."""
    bare = read.strip(_ENDS)
    shown = right.upper() if bare.isupper() else right.capitalize() if bare[0].isupper() else right
    return read.replace(bare, shown)
