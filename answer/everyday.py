"""Everyday expressions and what plans print for the same thing («trẻ con»: «trẻ em»)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources

Words = tuple[str, ...]


def expressions(run: Sequence[str]) -> Iterator[tuple[Words, tuple[Words, ...]]]:
    """Cut a run of normalised words, from the left, into the longest everyday expressions and single words.

    Yields the words and what plans print for them, most usual first; nothing for a word that is no such expression.
    """
    table, longest = _table()
    at = 0
    while at < len(run):
        for size in range(min(longest, len(run) - at), 0, -1):
            said = tuple(run[at : at + size])
            if size == 1 or said in table:
                yield said, table.get(said, ())
                at += size
                break


def printed_words(run: Sequence[str]) -> list[str]:
    """The most usual printed words for a run's everyday expressions: what a search by words should look for too."""
    return [word for _, printed in expressions(run) for word in (printed[0] if printed else ())]


@cache
def _table() -> tuple[dict[Words, tuple[Words, ...]], int]:
    # A list of lines, in the form in which texts are compared: TOML, read and normalised, took a command 0.3 s.
    text = resources.files("answer").joinpath("data/everyday.txt").read_text("utf-8")
    entries = (line.split(" = ") for line in text.splitlines() if line and line[0] != "#")
    table = {tuple(said.split()): tuple(tuple(p.split()) for p in printed.split("; ")) for said, printed in entries}
    return table, max(map(len, table), default=1)
