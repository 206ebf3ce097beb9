"""Targets in sentences: «tỷ lệ thất nghiệp dưới 3%; 60% lao động tham gia …»: each measure with what it measures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from answer.indicators import phrases
from answer.indicators.model import Statement
from answer.indicators.values import Found, find
from ingest.model import Clause, ClauseKind, Document

_READ = (ClauseKind.PARAGRAPH, ClauseKind.BULLET, ClauseKind.HEADING)
_EDGES = " ,;.()-+•"


@dataclass(frozen=True, slots=True)
class _Piece:
    """A measure of a sentence: its stretch of the text, its value, its name; `follows`: the name stands behind it."""

    start: int
    end: int
    found: Found
    name: str
    follows: bool

    @property
    def percent(self) -> bool:
        return "%" in self.found.value.unit


def sentence_statements(clause: Clause, document: Document) -> list[Statement]:
    """The targets that the sentences of a clause state, in their order; none of a row, a note or the header."""
    if clause.row is not None or clause.kind not in _READ or not re.search(r"[0-9]", clause.text):
        return []
    aims = re.search(r"(?i)mục tiêu|chỉ tiêu", " ".join(s.text for s in clause.section)) is not None
    stated: list[Statement] = []
    for start, end in _sentences(clause.text):
        sentence = clause.text[start:end]
        values = [found for found in find(sentence) if phrases.is_target(found, sentence, aims)]
        for piece in _completed(sentence, _pieces(sentence, values)):
            stated += _statements(piece, sentence, start, stated, clause, document)
    return stated


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for match in phrases.SPLIT.finditer(text):
        yield at, match.start()
        at = match.end()
    yield at, len(text)


def _pieces(sentence: str, values: Sequence[Found]) -> list[_Piece]:
    """The sentence cut between its measures; each with the name before or behind it."""
    pieces: list[_Piece] = []
    begin = 0
    for at, found in enumerate(values):
        if found.start < begin:
            continue  # it stands in the name of the one before
        said = phrases.own_words(sentence[begin : found.start])
        before = phrases.strip_lead(phrases.strip_tail(said))
        follows = before.lower() in ("", "giảm", "tăng") and not phrases.same_length(said).rstrip().endswith(" là")
        behind = values[at + 1] if at + 1 < len(values) else None
        end = _cut(sentence, found, behind, follows) if behind else len(sentence)
        name = phrases.without_year(_name(sentence, (before, said), found, end, follows))
        pieces.append(_Piece(begin, end, found, name, follows))
        begin = end
    return pieces


def _cut(sentence: str, found: Found, behind: Found, follows: bool) -> int:
    """Where the words of one measure end and those of the next begin."""
    between = phrases.same_length(sentence[found.end : behind.start])
    for bracket, skipped in (("(", 0), (")", 1)):
        if bracket in between:
            return found.end + between.index(bracket) + skipped
    if match := phrases.LEAD_IN.search(between):
        return found.end + match.start()
    if starts := phrases.heads(between):
        return found.end + starts[-1]
    commas = [match.start() for match in re.finditer(r",\s", between)]
    marks = commas or [match.start() for match in re.finditer(r"\s(?=và\s)", between)]
    if marks:
        return found.end + (marks[-1] if follows else marks[0])
    return behind.end if follows else found.end


def _name(sentence: str, said: tuple[str, str], found: Found, end: int, follows: bool) -> str:
    """The words before or behind a measure that name it, with the thing counted («19 bác sĩ») but not its unit."""
    before, whole = said
    counted = bool(found.value.unit) and not found.value.unit.startswith(("%", "phần"))
    behind = sentence[found.unit if counted else found.end : end]
    if follows:
        return f"{before} {phrases.without_aside(behind)}".strip(_EDGES)
    trail = re.split(r"[,(]", behind)[0].strip(_EDGES)
    if counted and (phrases.headed(before) or whole.rstrip().endswith(" là")):
        trail = ""  # «diện tích bình quân đạt 30 m²», «nhà ở cho công nhân là 2.500 căn»: the unit alone
    return f"{before} {phrases.without_aside(trail)}".strip(_EDGES)


def _completed(sentence: str, pieces: Sequence[_Piece]) -> list[_Piece]:
    """Words that measures share put to each of them.

    «100% hộ ở thành thị và 80% hộ ở nông thôn được dùng nước sạch», «19 bác sĩ, 4 dược sĩ trên 10.000 dân»; and
    «tỷ lệ đi học cấp tiểu học đạt 99%, cấp trung học cơ sở đạt 95%».
    """
    completed = list(pieces)
    for at in range(len(completed) - 2, -1, -1):
        own, behind = completed[at], completed[at + 1]
        apart = re.search(r"[()]", sentence[own.end : behind.found.start])
        if own.follows and behind.follows and own.percent == behind.percent and not apart:
            tail = phrases.shared_tail(behind.name, counted=not own.percent)
            if not own.name:  # «năm 2025 có 90% và năm 2030 có 100% người cao tuổi …»
                completed[at] = replace(own, name=behind.name)
            elif tail is not None and phrases.shared_tail(own.name, counted=not own.percent) is None:
                completed[at] = replace(own, name=f"{own.name} {behind.name[tail:]}")
    for at in range(1, len(completed)):
        own, ahead = completed[at], completed[at - 1]
        if own.name and not own.follows and not phrases.headed(own.name):
            completed[at] = replace(own, name=_stem(ahead.name, own.name) + own.name)
    return completed


def _stem(ahead: str, name: str) -> str:
    """What an elliptical name leaves out of the name before it: the words up to the one that it begins with."""
    first = name.split(" ")[0].lower()
    at = ahead.lower().rfind(f" {first} ") if phrases.headed(ahead) else -1
    return ahead[: at + 1] if at > 0 else ""


def _statements(
    piece: _Piece, sentence: str, offset: int, before: Sequence[Statement], clause: Clause, document: Document
) -> Iterator[Statement]:
    name = piece.name or (before[-1].name if before else clause.section[-1].title if clause.section else "")
    if not re.search(r"[^\W\d_]{2}", name):
        return
    quoted = sentence[piece.start : piece.end]
    told = (quoted, sentence, *(s.text for s in reversed(clause.section)), document.period)
    year = next(filter(None, map(phrases.last_year, told)), None) or phrases.last_year(document.title, period=True)
    found, value = piece.found, piece.found.value
    start = offset + piece.start + len(quoted) - len(quoted.lstrip(_EDGES))
    quote = (start, offset + piece.start + len(quoted.rstrip(" ,;.(")))
    spans: dict[int | None, tuple[int, int]] = {year: (offset + found.start, offset + found.end)}
    context = " ".join(s.title for s in clause.section)
    for own in phrases.enumerated(name) if piece.follows else [name]:
        core = phrases.core(own)
        yield Statement(own, own, clause, document, {year: value}, spans, quote, value.unit, "", context, core)
