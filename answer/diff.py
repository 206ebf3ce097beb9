"""What differs between two clauses, word by word: Vietnamese syllables, whatever their spelling of marks and case."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from rapidfuzz.distance import LCSseq

from index.text import normalise

Offsets = tuple[int, int]

_TOKEN = re.compile(r"\d+(?:[.,/-]\d+)*%?|\w+|[^\w\s]")
_MUCH = 3  # changed words on both sides of a single common one, which then reads as changed too


def differences(first: str, second: str) -> tuple[list[Offsets], list[Offsets]]:
    """Stretches of each text that the other does not have, as (start, end) offsets, in order.

    «tỷ» is «tỉ», «hoá» is «hóa», and capitals do not count; punctuation is never marked by itself.
    """
    left, right = list(_TOKEN.finditer(first)), list(_TOKEN.finditer(second))
    blocks = _common([normalise(m[0]) for m in left], [normalise(m[0]) for m in right])
    equal = {a + n for a, _, size in blocks for n in range(size)}, {b + n for _, b, size in blocks for n in range(size)}
    return _stretches(left, equal[0]), _stretches(right, equal[1])


def _common(left: Sequence[str], right: Sequence[str]) -> list[tuple[int, int, int]]:
    """Runs of the longest common subsequence: start in each sequence and length; without words that stand alone."""
    blocks = [(b.a, b.b, b.size) for b in LCSseq.editops(left, right).as_matching_blocks()]
    gaps = [max(a2 - a1 - n, b2 - b1 - n) for (a1, b1, n), (a2, b2, _) in pairwise([(0, 0, 0), *blocks])]
    behind = [*gaps[1:], 0]
    return [
        block
        for block, gap, after in zip(blocks, gaps, behind, strict=True)
        if block[2] != 1 or min(gap, after) < _MUCH
    ]


def _stretches(tokens: Sequence[re.Match[str]], equal: set[int]) -> list[Offsets]:
    """Runs of changed tokens from their first word to their last."""
    found: list[Offsets] = []
    last = -2  # token that ended the stretch before
    for at, token in enumerate(tokens):
        if at in equal or not token[0][0].isalnum():
            continue
        if found and all(n not in equal for n in range(last + 1, at)):
            found[-1] = (found[-1][0], token.end())
        else:
            found.append(token.span())
        last = at
    return found
