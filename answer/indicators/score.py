"""How alike wordings of indicators are: words by their rarity, meaning, unit, group; contradictions set apart.

Everything is a matrix: between 63 plans there are forty million pairs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from answer.indicators.names import Name, contrasts, name_of
from answer.indicators.values import unit_key

Matrix = NDArray[np.float32]
Flags = NDArray[np.bool_]
Encode = Callable[[Sequence[str]], Matrix]

_LIGHT = 0.1  # of its weight that a word keeps which is in most names
_SWAPPED, _LEFT_OUT = 0.8, 0.3  # both say something else; one says more
_MEANING = 0.3  # share of the vectors where words alone do not decide
_NEAR, _FAR = 0.98, 0.82  # cosines of a small encoder lie close together
_SURE = 0.8  # words alone decide
_HOPELESS = 0.53  # as alike as that at best: no meaning makes them one
_ONE_SIDED, _NUMBER_APART = 0.1, 0.04
_UNIT_APART, _RATE_APART = 0.3, 0.2
_GROUP = 0.05
_SHARES = ("%",)
_AT_ONCE = 4000  # forms whose comparison is kept as a whole: 150 MB


@dataclass(frozen=True, slots=True)
class Wording:
    """What is compared of a statement: how it is read, its unit, the words of its group."""

    reading: str
    unit: str
    context: str


@dataclass(frozen=True, slots=True)
class _Compared:
    """Likeness by words, what is taken off it, and where two contradict: of forms, or of a block of them."""

    words: Matrix
    penalty: Matrix
    apart: Flags


class Wordings:
    """Distinct wordings with what is needed to compare any two of them. Indices are into `items`.

    What is spelled alike and counted alike is one form: plans repeat each other, and forms are compared once for all.
    """

    def __init__(self, items: Sequence[Wording], encode: Encode | None = None) -> None:
        self.items = tuple(items)
        forms: dict[tuple[Name, str], int] = {}
        keys = [(name_of(item.reading), unit_key(item.unit)) for item in self.items]
        self._form = np.array([forms.setdefault(key, len(forms)) for key in keys], dtype=np.int64)
        names, units = [name for name, _ in forms], [unit for _, unit in forms]
        self._words, self._weights = _bags(names)
        self._total = self._words @ self._weights
        self._marks = _mark_matrices(names)
        self._neutral = _neutral_columns(names)
        known = sorted(set(units))
        self._units = np.array([known.index(unit) if unit else -1 for unit in units], dtype=np.int64)
        self._share = np.array([unit.startswith(_SHARES) for unit in units], dtype=np.bool_)
        contexts = sorted({item.context for item in self.items})
        column = {context: at for at, context in enumerate(contexts)}
        self._context = np.array([column[item.context] for item in self.items], dtype=np.int64)
        self._context_alike = _dice([name_of(context) for context in contexts])
        self._encode = encode
        self._vectors: dict[str, NDArray[np.float32]] = {}
        every = np.arange(len(forms), dtype=np.int64)
        self._forms = self._block(every, every) if len(forms) <= _AT_ONCE else None

    def compare(self, rows: Sequence[int], columns: Sequence[int], meaning: bool = True) -> tuple[Matrix, Flags]:
        """Likeness 0…1 of wordings, float32[len(rows), len(columns)], and where two contradict each other; without
        `meaning` by words alone."""
        a, b = np.asarray(rows, dtype=np.int64), np.asarray(columns, dtype=np.int64)
        if self._forms is None:
            found = self._block(self._form[a], self._form[b])
        else:
            at = np.ix_(self._form[a], self._form[b])
            found = _Compared(self._forms.words[at], self._forms.penalty[at], self._forms.apart[at])
        score = self._with_meaning(found, a, b) if meaning else found.words
        score = score - found.penalty
        score += _GROUP * (self._context_alike[np.ix_(self._context[a], self._context[b])] - 0.5)
        score[found.apart] = 0
        return np.clip(score, 0, 1), found.apart

    def _block(self, a: NDArray[np.int64], b: NDArray[np.int64]) -> _Compared:
        apart, one_sided = self._against(a, b)
        return _Compared(self._alike(a, b), one_sided + self._units_apart(a, b), apart)

    def _alike(self, a: NDArray[np.int64], b: NDArray[np.int64]) -> Matrix:
        """Weight of the common words, against what both say beside them and what one says more."""
        common = (self._words[a] * self._weights) @ self._words[b].T
        only_a, only_b = self._total[a][:, None] - common, self._total[b][None, :] - common
        swapped = np.minimum(only_a, only_b)
        more = np.maximum(only_a, only_b) - swapped
        return (common / np.maximum(common + _SWAPPED * swapped + _LEFT_OUT * more, 1e-6)).astype(np.float32)

    def _against(self, a: NDArray[np.int64], b: NDArray[np.int64]) -> tuple[Flags, Matrix]:
        apart: Flags = np.zeros((len(a), len(b)), dtype=np.bool_)
        penalty = np.zeros((len(a), len(b)), dtype=np.float32)
        last = len(self._marks) - 1
        for at, (marks, neutral) in enumerate(zip(self._marks, self._neutral, strict=True)):
            if not marks.size:
                continue
            own, other = np.asarray(marks[a]), np.asarray(marks[b])
            has_a, has_b = _any(own), _any(other)
            shared = own.astype(np.float32) @ other.astype(np.float32).T > 0
            apart |= has_a[:, None] & has_b[None, :] & ~shared
            told_a, told_b = _any(own[:, ~neutral]), _any(other[:, ~neutral])
            penalty += (_NUMBER_APART if at == last else _ONE_SIDED) * (told_a[:, None] != told_b[None, :])
        return apart, penalty

    def _units_apart(self, a: NDArray[np.int64], b: NDArray[np.int64]) -> Matrix:
        known = (self._units[a] >= 0)[:, None] & (self._units[b] >= 0)[None, :]
        differ = known & (self._units[a][:, None] != self._units[b][None, :])
        both = self._share[a][:, None] & self._share[b][None, :]
        return np.where(differ, np.where(both, _RATE_APART, _UNIT_APART), 0).astype(np.float32)

    def _with_meaning(self, found: _Compared, a: NDArray[np.int64], b: NDArray[np.int64]) -> Matrix:
        """Where words alone do not decide, the vectors have a say; only wordings that they could join are encoded."""
        words = found.words
        if self._encode is None:
            return words
        reachable = (1 - _MEANING) * words + _MEANING - found.penalty > _HOPELESS
        open_: Flags = (words < _SURE) & reachable & ~found.apart
        settled_a, settled_b = _any(words >= _SURE), _any((words >= _SURE).T)
        open_ &= ~(settled_a[:, None] | settled_b[None, :])
        rows, columns = np.nonzero(_any(open_))[0], np.nonzero(_any(open_.T))[0]
        if not len(rows):
            return words
        left, right = self._vectors_of(a[rows]), self._vectors_of(b[columns])
        near = np.clip((left @ right.T - _FAR) / (_NEAR - _FAR), 0, 1)
        score = words.copy()
        part = np.ix_(rows, columns)
        score[part] = np.where(open_[part], (1 - _MEANING) * words[part] + _MEANING * near, words[part])
        return score

    def _vectors_of(self, indices: NDArray[np.int64]) -> Matrix:
        readings = [self.items[int(index)].reading for index in indices]
        missing = list(dict.fromkeys(r for r in readings if r not in self._vectors))
        if missing and self._encode is not None:
            self._vectors.update(zip(missing, self._encode(missing), strict=True))
        return np.stack([self._vectors[reading] for reading in readings])


def _any(flags: Flags) -> Flags:
    """Whether any flag of a row is set."""
    found: Flags = np.any(flags, axis=1)
    return found


def _bags(names: Sequence[Name]) -> tuple[Matrix, NDArray[np.float32]]:
    """Binary words by name, and the weight of each word: its rarity among the names."""
    counts = Counter(word for name in names for word in name.words)
    light = {word for name in names for word in name.light}
    words = sorted(counts)
    column = {word: at for at, word in enumerate(words)}
    bags = np.zeros((len(names), len(words)), dtype=np.float32)
    for at, name in enumerate(names):
        bags[at, [column[word] for word in name.words]] = 1
    rarity = np.log(1 + len(names) / np.array([counts[word] for word in words], dtype=np.float32))
    return bags, (rarity * np.array([_LIGHT if w in light else 1.0 for w in words])).astype(np.float32)


def _mark_matrices(names: Sequence[Name]) -> list[Flags]:
    found = []
    for at in range(len(contrasts()) + 2):
        terms = sorted({term for name in names for term in name.marks[at]})
        found.append(np.array([[term in name.marks[at] for term in terms] for name in names], dtype=np.bool_))
    return found


def _neutral_columns(names: Sequence[Name]) -> list[Flags]:
    neutral = [*(contrast.neutral for contrast in contrasts()), frozenset(), frozenset()]
    found = []
    for at, excused in enumerate(neutral):
        terms = sorted({term for name in names for term in name.marks[at]})
        found.append(np.array([term in excused for term in terms], dtype=np.bool_))
    return found


def _dice(names: Sequence[Name]) -> Matrix:
    """Common words of two texts against all of them; 0.5 where one has none: nothing is known."""
    bags, weights = _bags(names)
    common, total = (bags * weights) @ bags.T, bags @ weights
    known = (total > 0)[:, None] & (total > 0)[None, :]
    alike = 2 * common / np.maximum(total[:, None] + total[None, :], 1e-6)
    return np.where(known, alike, 0.5).astype(np.float32)
