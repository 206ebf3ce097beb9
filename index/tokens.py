"""The tokens of many texts as numbers: small to keep, and quick to make features of (`index.postings`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.text import units

Numbers = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of n texts, one text behind the other, as numbers of `words`.

    `main` and `also` are those of `index.text.Unit`, `main_lengths` and `also_lengths` int32[n] how many a text has.
    """

    words: Sequence[str]
    main: Numbers
    main_lengths: Numbers
    also: Numbers
    also_lengths: Numbers

    @classmethod
    def of(cls, texts: Iterable[str]) -> Tokens:
        """The tokens of texts."""
        numbers: dict[str, int] = {}
        main: list[int] = []
        also: list[int] = []
        lengths = []
        for text in texts:
            before = len(main), len(also)
            for unit in units(text):
                main += [numbers.setdefault(token, len(numbers)) for token in unit.main]
                also += [numbers.setdefault(token, len(numbers)) for token in unit.also]
            lengths.append((len(main) - before[0], len(also) - before[1]))
        of_main, of_also = np.array(lengths, dtype=np.int32).reshape(-1, 2).T
        return cls(list(numbers), np.array(main, np.int32), of_main, np.array(also, np.int32), of_also)

    @property
    def count(self) -> int:
        """How many texts."""
        return len(self.main_lengths)
