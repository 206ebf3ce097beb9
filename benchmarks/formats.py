"""How much of each plan in `corpus/` is read from other formats. Run: `python benchmarks/formats.py [FORMAT…]`.

Every plan is written as .docx, .html, as PDF (by LibreOffice) and as a scan of that PDF (pictures, a little askew, read
by tesseract), read back and compared with what its text gives. Prints, for each plan and format, the share of table
cells (row number, column, text, carried down or not) and of section paths (path and kind of every clause) that both
readings have, of all that either has; the header fields that agree, of six; and seconds to read. Writes the figures
as JSON beside this file. A format whose programs are not installed is left out.

Of a scan also: the share of the plan's words that were read right, in order; and how many numbers of its tables were
misread, and how many of these without a word that is marked as doubtful in their place (blanks beside signs do not
count, and marks of punctuation at the ends of words).
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence

from _formats import SCAN, plans, read_back, writers
from _report import report
from agreement import HEADER, cells, header, paths, share
from rapidfuzz.distance import Levenshtein

from ingest.model import Parsed

LEAST = 99.0  # per cent, of cells and of paths; of a scan they are only measured
LEAST_WORDS = 95.0  # per cent, of a scan
_DASH = re.compile(r"(?<=\d)\s*[-–]\s*(?=\d)")
_SIGN = re.compile(r"(?<=[<>≥≤])\s+(?=\d)")
_ENDS = ".,;:()[]“”\"'"

Read = tuple[str, bool]  # a word, and whether it is marked as doubtful


def main(wanted: Sequence[str]) -> int:
    """Measure, print, write; 1 where a format with text has less than 99 %, or a scan less than is wanted."""
    load = os.getloadavg()[0]
    figures: dict[str, float] = {}
    missed = False
    for plan in plans():
        for form in wanted or writers():
            found, seconds = read_back(plan, form)
            told = _compared(plan, found) | {"seconds": round(seconds, 2)}
            if form == SCAN:
                told |= (read := _read_right(plan, found))
                missed |= read["words_%"] < LEAST_WORDS or read["numbers_unmarked"] > 0
            else:
                missed |= min(told["cells_%"], told["paths_%"]) < LEAST or told["header"] < len(HEADER)
            figures |= {f"{plan.document.number} {form} {name}": value for name, value in told.items()}
    return max(int(missed), report(figures, {}, __file__, load))


def _compared(plan: Parsed, found: Parsed) -> dict[str, float]:
    return {
        "cells_%": round(100 * share(cells(plan), cells(found)), 2),
        "paths_%": round(100 * share(paths(plan), paths(found)), 2),
        "header": sum(a == b for a, b in zip(header(plan), header(found), strict=True)),
    }


def _read_right(plan: Parsed, found: Parsed) -> dict[str, float]:
    words = [word for line in plan.lines for word in line.split()]
    read = [word for line in found.lines for word in line.split()]
    right = sum(part.src_end - part.src_start for part in Levenshtein.opcodes(words, read) if part.tag == "equal")
    wrong = list(_misread([word for word, _ in _in_tables(plan)], list(_in_tables(found))))
    return {
        "words_%": round(100 * right / len(words), 2),
        "numbers": sum(map(_has_digit, (word for word, _ in _in_tables(plan)))),
        "numbers_wrong": len(wrong),
        "numbers_unmarked": len(wrong) - sum(wrong),
    }


def _in_tables(plan: Parsed) -> Iterator[Read]:
    for clause in plan.clauses:
        for text in clause.row.cells.values() if clause.row else ():
            for word in _SIGN.sub("", _DASH.sub("-", text)).split():
                if bare := word.strip(_ENDS):
                    yield bare, any(doubt.strip(_ENDS) in bare for doubt in clause.doubts)


def _misread(words: Sequence[str], read: Sequence[Read]) -> Iterator[bool]:
    """For each number that was not read as it is printed, whether what was read in its place is marked."""
    lost: list[str] = []
    instead: list[bool] = []
    for part in Levenshtein.opcodes(words, [word for word, _ in read]):
        if part.tag == "equal":
            yield from _marked(lost, instead)
            lost, instead = [], []
        else:
            lost += words[part.src_start : part.src_end]
            instead += [marked for _, marked in read[part.dest_start : part.dest_end]]
    yield from _marked(lost, instead)


def _marked(lost: Iterable[str], instead: Sequence[bool]) -> Iterator[bool]:
    yield from (any(instead) for word in lost if _has_digit(word))


def _has_digit(word: str) -> bool:
    return any(c.isdigit() for c in word)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
