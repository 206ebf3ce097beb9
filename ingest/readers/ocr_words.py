"""Words of a scan that were misread by a letter, set right by what the same document prints elsewhere between the same
two words, or at the end of a line beside them: «Sở Laa động» where it often says «Sở Lao động». Names of agencies are
known beforehand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from rapidfuzz.distance import Levenshtein

from ingest.agencies import agency_names
from ingest.model import Line
from ingest.readers.ocr_lexicon import Marks
from ingest.readers.source import Flow, Grid

_OFTEN = 3  # times that the right word must stand with the same two
_RARE = 2  # times that a word is printed which is suspected
_SHORT = 2  # letters; of shorter words too many are like each other
_ENDS = ".,;:()[]“”\"'"
_ALIKE = re.compile(r"[COSUVWXZÓÒỎÕỌÔỐỒỔỖỘƠỚỜỞỠỢÚÙỦŨỤƯỨỪỬỮỰ]+")  # capitals whose small letters have their shape
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
    seen = _Seen(agency_names())
    suspects: list[tuple[int, int, Triple, int]] = []
    for at, (words, doubtful) in enumerate(zip(lines, doubts, strict=True)):
        bare = [_bare(word) for word in words]
        odd = [word in doubtful or count[_bare(word)] <= _RARE for word in words]
        for first in range(len(words) - 2):
            triple = bare[first], bare[first + 1], bare[first + 2]
            seen.add(triple, odd[first : first + 3])
            judged = (slot for slot in _slots(first, len(words)) if odd[first + slot])
            suspects += [(at, first + slot, triple, slot) for slot in judged]
    changed = dict(_by_language(lines))
    for at, place, triple, slot in suspects:
        if right := seen.right(triple, slot):
            changed[at, place] = _printed(right, lines[at][place])
    return changed


def _by_language(lines: Sequence[Sequence[str]]) -> Iterator[tuple[tuple[int, int], str]]:
    """Words whose marks the language does not know, and small ones read as capitals."""
    parted = [_parted(words) for words in lines]
    marks = Marks([[word for word, _ in pieces] for pieces in parted])
    for at, pieces in enumerate(parted):
        shown = list(lines[at])
        for slot, (word, place) in enumerate(pieces):
            before, after = (pieces[n][0] if 0 <= n < len(pieces) else "" for n in (slot - 1, slot + 1))
            if right := marks.right(before, word, after):
                yield (at, place), _printed(right, lines[at][place])
            elif _is_small(before, shown, place):
                shown[place] = shown[place].lower()
                yield (at, place), shown[place]


def _parted(words: Sequence[str]) -> list[tuple[str, int]]:
    """The bare words of a line with their places, "" where punctuation parts two of them."""
    found: list[tuple[str, int]] = []
    for place, word in enumerate(words):
        if word[:1] in _ENDS:
            found.append(("", place))
        found.append((_bare(word), place))
        if word[-1:] in _ENDS:
            found.append(("", place))
    return found


def _is_small(before: str, words: Sequence[str], place: int) -> bool:
    """Whether a word reads as capitals («CƠ SỞ») whose letters look alike in small, within a sentence in small."""
    word = words[place].strip(_ENDS)
    return bool(before) and words[place - 1].islower() and bool(_ALIKE.fullmatch(word)) and not word.isascii()


def _slots(first: int, count: int) -> Iterator[int]:
    """Which words of three are judged by the other two: the middle one, and those at the ends of a line."""
    if first == 0:
        yield 0
    yield 1
    if first == count - 3:
        yield 2


class _Seen:
    """Which three words a document prints one behind the other, where none of it is in doubt."""

    def __init__(self, names: Iterable[str]) -> None:
        """Of names that documents are known to print, any three words are known as if printed often enough."""
        self._often: Counter[tuple[Triple, int]] = Counter()
        self._known: dict[tuple[str, str, int], set[str]] = {}
        self._pairs: set[tuple[str, str]] = set()
        for name in names:
            words = [_bare(word) for word in name.split()]
            for triple in zip(words, words[1:], words[2:], strict=False):
                self.add(triple, (False,) * 3, _OFTEN)

    def add(self, triple: Triple, odd: Sequence[bool], times: int = 1) -> None:
        """Count three words; each is known in its place where it is sure itself."""
        for slot in range(3):
            if not odd[slot]:
                self._often[triple, slot] += times
                self._known.setdefault((*_others(triple, slot), slot), set()).add(triple[slot])
        self._pairs |= {triple[at : at + 2] for at in (0, 1) if not (odd[at] or odd[at + 1])}  # type: ignore[misc]

    def right(self, triple: Triple, slot: int) -> str:
        """What a word must be; nothing where it may stand there, or more than one is as near."""
        word, others = triple[slot], _others(triple, slot)
        if len(word) <= _SHORT or not word.isalpha() or _ROMAN.fullmatch(word) or not all(others):
            return ""
        if any(slot - at in (0, 1) and triple[at : at + 2] in self._pairs for at in (0, 1)):
            return ""
        near = [w for w in self._known.get((*others, slot), ()) if self._is_near(w, word, triple, slot)]
        return near[0] if len(near) == 1 and near[0].isalpha() else ""

    def _is_near(self, known: str, word: str, triple: Triple, slot: int) -> bool:
        own = *triple[:slot], known, *triple[slot + 1 :]
        return self._often[own, slot] >= _OFTEN and Levenshtein.distance(known, word, score_cutoff=1) == 1  # type: ignore[index]


def _others(triple: Triple, slot: int) -> tuple[str, str]:
    one, other = (word for at, word in enumerate(triple) if at != slot)
    return one, other


def _bare(word: str) -> str:
    return word.strip(_ENDS).lower()


def _printed(right: str, read: str) -> str:
    """In capitals or with one, between the same marks of punctuation, as what was read."""
    bare = read.strip(_ENDS)
    shown = right.upper() if bare.isupper() else right.capitalize() if bare[0].isupper() else right
    return read.replace(bare, shown)
