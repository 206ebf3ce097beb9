"""Search inside one plan: where words stand in its clauses, with or without diacritics. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.text import normalise
from ingest.clean import fold
from ingest.model import Clause, ClauseKind

MAX_FIND = 200  # characters that are looked for

WHOLE = ""  # the part of a clause that is not a row


@dataclass(frozen=True, slots=True)
class Hit:
    """A place: the clause, and the words there as (part, start, end); parts as in `parts`. The first is shown."""

    clause: Clause
    words: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """All places of what was asked, in the order of the plan. `phrase` is off where only its words were found, each
    by itself: then a hit is a clause that has all of them."""

    asked: str
    hits: tuple[Hit, ...]
    phrase: bool = True


def parts(clause: Clause) -> Mapping[str, str]:
    """What a reader sees of a clause, by part: a row's number and cells by role, a table's header by column name, else
    the text."""
    if clause.row:
        return {"tt": clause.row.tt} | dict(clause.row.cells)
    if is_columns(clause):
        return {name: name for name in clause.text.split(" | ")}
    return {WHOLE: clause.text}


def is_columns(clause: Clause) -> bool:
    """Whether a clause is the printed header of a table."""
    return clause.kind is ClauseKind.HEADING and clause.id.rpartition("/")[2].partition("~")[0] == "columns"


def find_in(clauses: Sequence[Clause], asked: str) -> Found:
    """Look for a phrase, as typed before without its diacritics, whole words before beginnings of words; where it is
    nowhere, for the clauses that have all of its words."""
    asked = " ".join(asked.split())[:MAX_FIND].strip()
    if not re.search(r"\w", asked):
        return Found(asked, ())
    spelt, folded = normalise(asked), _folded(asked)
    wanted = [(_exact, _phrase(spelt))] if spelt != folded else []
    wanted += [(_folded, _phrase(folded)), (_folded, _phrase(folded, whole=False))]
    for spelling, pattern in wanted:
        hits = [
            Hit(clause, ((part, *match.span()),))
            for clause in clauses
            for part, text in parts(clause).items()
            for match in pattern.finditer(spelling(text))
        ]
        if hits:
            return Found(asked, tuple(hits))
    words = [_phrase(word) for word in dict.fromkeys(folded.split()) if re.search(r"\w", word)]
    return Found(asked, tuple(_all_words(clauses, words)) if len(words) > 1 else (), phrase=False)


def _all_words(clauses: Iterable[Clause], words: Sequence[re.Pattern[str]]) -> Iterator[Hit]:
    for clause in clauses:
        texts = {part: _folded(text) for part, text in parts(clause).items()}
        if all(any(word.search(text) for text in texts.values()) for word in words):
            spans = [
                (part, *match.span()) for part, text in texts.items() for word in words for match in word.finditer(text)
            ]
            order = list(texts)
            yield Hit(clause, tuple(sorted(set(spans), key=lambda span: (order.index(span[0]), *span[1:]))))


def _phrase(text: str, *, whole: bool = True) -> re.Pattern[str]:
    """Words in their order with any space between; at its ends no word may go on."""
    body = r"\s+".join(re.escape(word) for word in text.split())
    before = r"(?<!\w)" if text[:1].isalnum() else ""
    after = r"(?!\w)" if whole and text[-1:].isalnum() else ""
    return re.compile(before + body + after)


@lru_cache(maxsize=16_384)
def _exact(text: str) -> str:
    """One spelling, of the text's own length: offsets in it are offsets in the text."""
    spelt = normalise(text)
    return spelt if len(spelt) == len(text) else text.lower() if len(text.lower()) == len(text) else text


@lru_cache(maxsize=16_384)
def _folded(text: str) -> str:
    return fold(_exact(text))
