"""What was read otherwise than typed: kept so that a user sees it and can undo it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from ingest.clean import fold, nfc

Kind = Literal["typo", "diacritics", "abbreviation"]
Spans = Sequence[tuple[int, int]]

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Correction:
    """A stretch of the question and how it was read. `typed` given to `understand` as `keep` undoes it."""

    typed: str
    read: str
    kind: Kind


def fixed_spans(text: str, keep: Collection[str]) -> list[tuple[int, int]]:
    """Where the phrases to be left alone stand in a text, as whole words in any case."""
    phrases = (" ".join(nfc(phrase).split()) for phrase in keep)  # as the question itself is read
    patterns = (rf"(?<!\w){re.escape(phrase)}(?!\w)" for phrase in phrases if phrase)
    return [match.span() for pattern in patterns for match in re.finditer(pattern, text, re.IGNORECASE)]


def touches(spans: Iterable[tuple[int, int]], start: int, end: int) -> bool:
    """Whether a stretch overlaps one of the spans."""
    return any(first < end and start < last for first, last in spans)


def restored_runs(typed: str, read: str) -> list[Correction]:
    """Runs of words that got their diacritics back; words that need none do not part a run.

    A text without any diacritics is one run. The two texts have the same words at the same places, diacritics aside,
    so offsets are shared.
    """
    if typed.isascii():
        return [Correction(typed.strip(), read.strip(), "diacritics")] if typed != read else []
    runs: list[tuple[int, int]] = []
    open_run = False
    for match in _WORD.finditer(typed):
        start, end = match.span()
        if typed[start:end] != read[start:end]:
            runs = [*runs[:-1], (runs[-1][0], end)] if open_run else [*runs, (start, end)]
            open_run = True
        elif fold(match.group()) != match.group().lower():
            open_run = False
    return [Correction(typed[start:end], read[start:end], "diacritics") for start, end in runs]


def notes_of(corrections: Sequence[Correction]) -> tuple[str, ...]:
    """Corrections in the user's words: one note for each abbreviation and typo, one for all diacritics."""
    notes = [f"{c.typed} → {c.read}" for c in corrections if c.kind == "abbreviation"]
    notes += [f"sửa lỗi gõ: «{c.typed}» → «{c.read}»" for c in corrections if c.kind == "typo"]
    restored = [f"«{c.read}»" for c in corrections if c.kind == "diacritics"]
    return (*notes, f"thêm dấu: {', '.join(restored)}") if restored else tuple(notes)
