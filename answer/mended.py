"""The words of a question, and the question with some of them replaced."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from answer.corrections import Correction, Spans, touches
from answer.words import like
from index.text import normalise
from ingest.clean import fold

_TOKEN = re.compile(r"[^\W_]+")
_BESIDE = re.compile(r"[ \t]+")
_SENTENCE_END = ".?!:;\n"


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the question. `spelled` is its normalised form, `loose` whether it may be changed."""

    start: int
    end: int
    typed: str
    spelled: str
    loose: bool
    behind: bool  # only a space stands between it and the word before


@dataclass(frozen=True, slots=True)
class Mended:
    """A text with its typos mended (`text`), the same without the diacritics that were put back (`typos_only`), and
    whether the user typed no diacritics, in keys neither (`bare`)."""

    text: str
    typos_only: str
    corrections: tuple[Correction, ...]
    bare: bool


def read_tokens(text: str, fixed: Spans) -> list[Token]:
    """The words of a text. Names, capitalised inside a sentence, and what is `fixed` are not loose."""
    shouted = not any(c.islower() for c in text)
    tokens: list[Token] = []
    end = 0
    for match in _TOKEN.finditer(text):
        gap, word = text[end : match.start()], match.group()
        opens = not tokens or any(c in _SENTENCE_END for c in gap)
        named = word != word.lower() and not shouted and not (opens and word[1:] == word[1:].lower())
        loose = not named and not touches(fixed, *match.span())
        beside = bool(tokens) and bool(_BESIDE.fullmatch(gap))
        tokens.append(Token(*match.span(), word, normalise(word), loose, beside))
        end = match.end()
    return tokens


def write(
    text: str, typed: Sequence[Token], words: Mapping[int, str], speakers: Mapping[int, int], bare: bool
) -> Mended:
    """Write the words that were found. A correction shows a typo with the neighbour that spoke for it."""
    typos = [at for at, word in words.items() if not _lacked_marks(typed[at].typed, word)]
    corrections = []
    for first, last in _stretches({at: speakers[at] for at in typos}):
        start, end = typed[first].start, typed[last].end
        part = {at: words[at] for at in typos if first <= at <= last}
        corrections.append(Correction(text[start:end], _replaced(text, typed, part, start, end), "typo"))
    whole = (0, len(text))
    only_typos = _replaced(text, typed, {at: words[at] for at in typos}, *whole)
    return Mended(_replaced(text, typed, words, *whole), only_typos, tuple(corrections), bare)


def _lacked_marks(typed: str, word: str) -> bool:
    return typed.isascii() and fold(typed) == fold(word)


def _stretches(speakers: Mapping[int, int]) -> list[tuple[int, int]]:
    """Stretches of tokens from a changed word to the neighbour that spoke for it. Changed words next to each other
    and stretches that meet are put together."""
    found: list[tuple[int, int]] = []
    for at, by in sorted(speakers.items()):
        first, last = min(at, by), max(at, by)
        if found and (first <= found[-1][1] or at - 1 in speakers):
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


def _replaced(text: str, tokens: Sequence[Token], words: Mapping[int, str], start: int, end: int) -> str:
    """A part of the text with some of its words replaced, in the case that was typed."""
    pieces = []
    for at in sorted(words):
        token = tokens[at]
        pieces += [text[start : token.start], like(token.typed, words[at])]
        start = token.end
    return "".join([*pieces, text[start:end]])
