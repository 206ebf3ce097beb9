"""Typing errors mended against the corpus: a word is changed only where the corpus has the other beside its neighbour.

What is left alone: words that the corpus has beside a neighbour, ordinary Vietnamese («sân bay», «bóng đá»), names
(capitalised inside a sentence, agencies), numbers, and what the user wants kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from answer.corrections import Spans
from answer.keys import from_keys, spell_out
from answer.lexicon import is_ordinary, ordinary_words
from answer.mended import Mended, Token, read_tokens, write
from answer.spelling import Spelling
from answer.words import FUNCTION_WORDS
from ingest.clean import fold

_SHORT = 3  # letters below which a word is too short to be told by a neighbour that the corpus has beside it once
_TWICE, _FIRM = 2, 3  # times that a pair must stand in the corpus: beside a joining word, for a word of its own
_UNMISTAKABLE = 2  # marks that a word of Telex keys spells, and no foreign word would
_CLEARLY = 3  # times as often as the word as typed another must stand at its place
_UNLIKELY = 4  # times that a word must be more frequent to be meant, for a slip more
_BOUND = 0.15  # share of either word's places that a pair must hold to be a fixed expression

_Pair = tuple[str, str]
_Speaks = Callable[[_Pair, _Pair, str, Spelling], bool]


@dataclass(frozen=True, slots=True)
class _Mend:
    at: int
    word: str
    weight: int
    neighbour: int  # the token that speaks for it


def mend(text: str, spelling: Spelling, fixed: Spans, bare: bool) -> Mended:
    """Mend what is mistyped.

    Args:
        fixed: stretches that are not touched.
        bare: whether the user typed no diacritics at all.
    """
    typed = read_tokens(text, fixed)
    tokens = _from_keys(typed, spelling)
    speakers = {at: at for at, token in enumerate(tokens) if token != typed[at]}
    bare = bare and not speakers
    while found := [m for m in (_best(tokens, at, spelling, bare) for at in range(len(tokens))) if m]:
        best = max(found, key=lambda m: (m.weight, -m.at))
        tokens[best.at] = replace(tokens[best.at], spelled=best.word, loose=False)
        speakers[best.at] = best.neighbour
    words = {at: spelling.printed(tokens[at].spelled) for at in speakers}
    if bare:  # the letters are mended here, the marks of the whole text are put back later
        words = {at: fold(word) for at, word in words.items()}
    return write(text, typed, words, speakers, bare)


def _from_keys(tokens: Sequence[Token], spelling: Spelling) -> list[Token]:
    """Words typed as Telex or VNI keys. One alone counts where it holds two marks or more, so that chance does not
    make it («max»), or stands beside a word that the corpus has with it."""
    read = list(tokens)
    for at, token in enumerate(tokens):
        keys = None if not token.loose or _is_word(token.spelled, spelling) else from_keys(token.typed)
        word = (spelling.by_keystrokes(keys) or spelling.common(keys)) if keys else None
        if word:
            read[at] = replace(token, spelled=word, loose=False)
    changed = [at for at, token in enumerate(read) if token != tokens[at]]
    if len(changed) != 1:
        return read
    at = changed[0]
    marks = sum(not key.isascii() for key in spell_out(read[at].spelled))
    alone = marks < _UNMISTAKABLE and not _own_pairs(read, at, read[at].spelled, spelling)
    return list(tokens) if alone else read


def _is_word(spelled: str, spelling: Spelling) -> bool:
    """Whether the letters are a word's, whatever its marks, or the word is ordinary Vietnamese."""
    return spelling.has_letters(spelled) or is_ordinary(spelled)


def _sides(tokens: Sequence[Token], at: int) -> list[tuple[int, bool]]:
    """Neighbours of a word: (place, whether it stands before)."""
    sides = [(at - 1, True)] if at and tokens[at].behind else []
    return [*sides, (at + 1, False)] if at + 1 < len(tokens) and tokens[at + 1].behind else sides


def _own_pairs(tokens: Sequence[Token], at: int, word: str, spelling: Spelling) -> int:
    """How often the corpus has a word beside its neighbours as they stand."""
    return sum(
        spelling.pair(tokens[side].spelled, word) if before else spelling.pair(word, tokens[side].spelled)
        for side, before in _sides(tokens, at)
    )


def _best(tokens: Sequence[Token], at: int, spelling: Spelling, bare: bool) -> _Mend | None:
    """The word that was meant at a place, if it is clear that another was."""
    token = tokens[at]
    if not token.loose or not token.spelled.isalpha():
        return None
    if spelling.count(token.spelled) or is_ordinary(token.spelled):
        return None if bare else _other_word(tokens, at, spelling)
    return _no_word(tokens, at, spelling, bare)


def _no_word(tokens: Sequence[Token], at: int, spelling: Spelling, bare: bool) -> _Mend | None:
    """What was meant by letters that are no word: what the corpus has beside a neighbour, or has often."""
    word = tokens[at].spelled
    if word.isascii() and (len(word) < _SHORT or spelling.has_letters(word)):
        return None  # only its marks are missing: they are put back later
    speaks = _is_seen if len(word) >= _SHORT else _is_bound
    found = [_supported(tokens, at, form, spelling, bare, speaks) for form in spelling.near(word)]
    best = max((m for m in found if m), key=lambda m: _likely(word, m, bare), default=None)
    if best is None and not word.isascii() and tokens[at].typed.islower() and len(word) >= _SHORT:
        common = spelling.common(spell_out(word))
        return _Mend(at, common, 1, at) if common else None
    return best


def _likely(word: str, found: _Mend, bare: bool) -> tuple[float, str]:
    """How likely a word was meant: how often the corpus has it here, less for each thing that went wrong."""
    slips = 0 if fold(word) == fold(found.word) or word == found.word + found.word[-1:] else 1
    slips += not bare and word.isascii() and not found.word.isascii()
    return found.weight / _UNLIKELY**slips, found.word


def _other_word(tokens: Sequence[Token], at: int, spelling: Spelling) -> _Mend | None:
    """What was meant by a word that is out of place: one with the same letters, bound to a neighbour beside which
    the corpus never has the word as typed."""
    word = tokens[at].spelled
    if word in ordinary_words():
        return None
    own = _own_pairs(tokens, at, word, spelling)
    found = [
        _supported(tokens, at, form, spelling, False, _is_bound)
        for form in spelling.with_letters(fold(word))
        if form != word and _own_pairs(tokens, at, form, spelling) >= max(_FIRM, _CLEARLY * own)
    ]
    best = max((m for m in found if m), key=lambda m: (m.weight, spelling.count(m.word)), default=None)
    return None if best is None or _is_ordinary_here(tokens, at) else best


def _is_ordinary_here(tokens: Sequence[Token], at: int) -> bool:
    """Whether the word and a neighbour are an ordinary Vietnamese word together."""
    word = tokens[at].spelled
    return any(
        is_ordinary(f"{tokens[side].spelled} {word}" if before else f"{word} {tokens[side].spelled}")
        for side, before in _sides(tokens, at)
    )


def _supported(
    tokens: Sequence[Token], at: int, form: str, spelling: Spelling, bare: bool, speaks: _Speaks
) -> _Mend | None:
    """A form with the neighbour that speaks for it loudest."""
    best: _Mend | None = None
    for side, before in _sides(tokens, at):
        for neighbour in _readings(tokens[side], spelling, bare):
            pair, own = ((neighbour, form), (neighbour, tokens[at].spelled))
            if not before:
                pair, own = ((form, neighbour), (tokens[at].spelled, neighbour))
            count = spelling.pair(*pair)
            if (best is None or count > best.weight) and speaks(pair, own, neighbour, spelling):
                best = _Mend(at, form, count, side)
    return best and replace(best, weight=max(best.weight, _own_pairs(tokens, at, form, spelling)))


def _readings(token: Token, spelling: Spelling, bare: bool) -> list[str]:
    """What a neighbour may stand for: itself, and where it lacks its marks, its forms in the corpus."""
    lacks = token.spelled.isascii() and (bare or not _is_settled(token.spelled, spelling))
    return [token.spelled, *spelling.with_letters(token.spelled)] if lacks else [token.spelled]


def _is_settled(word: str, spelling: Spelling) -> bool:
    return spelling.count(word) > 0 or is_ordinary(word)


def _is_seen(pair: _Pair, own: _Pair, neighbour: str, spelling: Spelling) -> bool:
    """Whether the corpus has a pair: once beside a word that means something, twice beside one that only joins."""
    return spelling.pair(*pair) >= (_TWICE if fold(neighbour) in FUNCTION_WORDS else 1)


def _is_bound(pair: _Pair, own: _Pair, neighbour: str, spelling: Spelling) -> bool:
    """Whether a pair is a fixed expression that the corpus has often, and never has as typed."""
    count = spelling.pair(*pair)
    if count < _FIRM or spelling.pair(*own) or fold(neighbour) in FUNCTION_WORDS:
        return False
    return is_ordinary(" ".join(pair)) or (
        count >= _BOUND * max(spelling.count(word) for word in pair) and not "".join(pair).isascii()
    )
