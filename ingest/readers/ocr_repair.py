"""What is certainly misread, set right: words run together, and numbers of headings and items by their order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.clean import is_upper
from ingest.tables.cells import roman_value

_LETTERED = re.compile(r"[^\W\d_]+")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=[^\W\d_]{2})")
_LOOSE_Y = re.compile(r"([^\W\d_]{2}[cghmnpt])([yY])$")
_HEADS = {"¡)": "i)", "!)": "i)", "])": "l)", "|)": "l)", "—": "-", "~": "-", "_": "-", "¬": "-", "=": "-"}

# Capitals that look like their small letters, in a syllable
_SAME_SHAPE = re.compile(r"[SCVX][OÔƠUƯ]")
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")

_ROMAN = re.compile(r"^(?P<n>[IVXLHlTÍÌ|!]{1,6}|[IVXLHlTÍÌ|!1]*[IVXLH][IVXLHlTÍÌ|!1]*)\s?(?=[.](?:\s|[A-ZĐ]))")
_ROMAN_CELL = re.compile(r"[IVXLHTÍÌ|li!]{1,6}")
_COUNTED = re.compile(r"\d{1,3}(?:\.\d{1,2})?\.?")
_TITLED = re.compile(r"(?P<n>[^\W_]{1,3}\.\d{1,2}|[^\s.,]{1,6})(?=\.\s*[^\W\d_])")
_MORE = 2  # letters that may be read too many
_LONGEST = 5  # letters of a group's number that cannot be read
_ONES = "lI|iÍÌ!]1"
_AS_ROMAN = str.maketrans({"H": "II", "l": "I", "T": "I", "i": "I", "Í": "I", "Ì": "I", "|": "I", "!": "I", "1": "I"})
_STRICT = re.compile(r"[IVXL]+")
_ITEM = re.compile(r"^(?P<n>[a-zđ]|[1Il|0])(?=\s?\))")
_LETTERS = "abcdđeghiklmnopqrstuvxy"
_STROKES = "1Il|"


Numbers = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """The number at the head of a line: where the line stands, what was read, and its ordinal value, 0 for none."""

    at: int
    read: str
    value: int


def parted(text: str) -> str:
    """A word, or two that were read as one with a space between them: «SởY», «hiểmy», «2022của»."""
    return _LETTERED.sub(_at_seam, _YEAR.sub(r"\1 ", text))


def _at_seam(match: re.Match[str]) -> str:
    """A syllable with a Vietnamese mark has no capital inside, and no «y» behind a consonant at its end."""
    word = match[0]
    if word.isascii():
        return word
    at = next((i for i, letter in enumerate(word) if i > 1 and letter.isupper()), 0)
    head, tail = word[:at], word[at:]
    if at and not head.isascii() and head[1:].islower() and (len(tail) == 1 or tail[1:].islower()):
        return f"{head} {tail}"
    return _LOOSE_Y.sub(r"\1 \2", word)


def head_of(text: str) -> str:
    """The first word of a line: a dash or the letter of an item where signs were read that nothing begins with."""
    return _HEADS.get(text, text)


def in_small(texts: Sequence[str]) -> list[str]:
    """The words of a line, those in small letters that were read as capitals of the same shape: «các SỞ, ban»."""
    made = list(texts)
    for at in range(1, len(texts)):
        near = texts[at - 1] + (texts[at + 1] if at + 1 < len(texts) else "")
        if near.islower() and _SAME_SHAPE.fullmatch(_bare(texts[at])):
            made[at] = texts[at].lower()
    return made


def _bare(text: str) -> str:
    """Without marks of tone and punctuation."""
    return unicodedata.normalize("NFC", _TONES.sub("", unicodedata.normalize("NFD", text))).strip(",.;:")


def renumbered(lines: Sequence[str]) -> dict[int, str]:
    """New texts of lines whose number was misread, as the numbers around it show: «II.» between «II.» and «IV.».

    Args:
        lines: outside tables, in order.

    Returns:
        By position in `lines`.
    """
    changed = {}
    for head, number in [*_romans(lines), *_items(lines)]:
        changed[head.at] = number + lines[head.at][len(head.read) :]
    return changed


def renumbered_column(cells: Sequence[str]) -> dict[int, str]:
    """New texts of numbers in the first column of a table, as `renumbered`: «H» between «I» and «III», «9.12» between
    «5.11» and «5.13», what is no number between «36» and «38». A group's title may stand behind its number."""
    parts = [_number_and_title(cell) for cell in cells]
    numbers = [number for number, _ in parts]
    grouped = any(_STRICT.fullmatch(number) for number in numbers)
    heads = []
    last: Numbers = ()
    for at, number in enumerate(numbers):
        one = set(number) <= set(_ONES) and not _STRICT.fullmatch(number) and _after(numbers, at) == (2,)
        if _ROMAN_CELL.fullmatch(number) and not one:
            heads.append(Head(at, number, _roman(number)))
        elif grouped and not parts[at][1] and _is_lost_group(number, last, _after(numbers, at)):
            heads.append(Head(at, number, 0))
        last = _numbers(number) or last
    changed = {head.at: number for head, number in _in_order(heads)}
    last = ()
    for at, number in enumerate(numbers):
        if at in changed or not number or number in ("-", "–") or _STRICT.fullmatch(number):
            continue
        now = _numbers(number)
        after = _after(numbers, at)
        right = _right(number, now, last, after)
        if not (now or after or right) and at + 2 < len(numbers):
            right = _first_of_two(number, last, _numbers(numbers[at + 2]))
        if right != now:
            changed[at] = _shown(right)
        last = right or last
    return {at: number + parts[at][1] for at, number in changed.items()}


def _number_and_title(cell: str) -> tuple[str, str]:
    """«6. Giáo dục» → «6», «. Giáo dục»; a cell without a title is a number."""
    match = _TITLED.match(cell)
    return (match["n"], cell[match.end("n") :]) if match else (cell.rstrip(".") or cell, "")


def _is_lost_group(cell: str, last: Numbers, after: Numbers) -> bool:
    """Whether something of some letters stands where the count goes on or begins anew: the number of a group."""
    if not 2 <= len(cell) <= _LONGEST or any(c.isdigit() for c in cell) or cell[-1] in ").":
        return False
    return len(last) == len(after) == 1 and after[0] in (1, last[0] + 1)


def _numbers(cell: str) -> Numbers:
    """«5.11» → (5, 11); nothing where no number stands."""
    return tuple(map(int, cell.rstrip(".").split("."))) if _COUNTED.fullmatch(cell) else ()


def _after(cells: Sequence[str], at: int) -> Numbers:
    """The number behind a cell; that of a group in between is passed over."""
    behind = (cell for cell in cells[at + 1 : at + 3] if not _STRICT.fullmatch(cell))
    return _numbers(next(behind, ""))


def _shown(numbers: Numbers) -> str:
    return ".".join(map(str, numbers))


def _right(cell: str, now: Numbers, last: Numbers, after: Numbers) -> Numbers:
    """What a number must be; as it was read where nothing tells."""
    if now == (1,) or now in _following(last):
        return now
    if after == (2,) and set(cell) <= set(_ONES):
        return (1,)
    if len(now) == len(last) == 2 and now[1] == last[1] + 1:  # the first part cannot change in mid-count
        return last[0], now[1]
    for n in _following(last):
        if cell == _shown(n).replace(".", ""):  # «75» for «7.5»
            return n
    fitting = [n for n in _following(last) if after in _following(n) and len(n) == (len(now) or len(n))]
    fitting = [n for n in fitting if len(n) <= max(len(last), len(after))]
    if len(after) == 2:  # «7.1» before «7.2», not «8»
        fitting = [n for n in fitting if n[0] == after[0]]
    return fitting[0] if len(fitting) == 1 and _may_be(cell, fitting[0]) else now


def _may_be(cell: str, numbers: Numbers) -> bool:
    """Whether a cell is short enough to be a number that was misread; a word is not: «Tổng»."""
    more = 1 if cell.isalpha() else _MORE
    return len(cell) <= len(_shown(numbers)) + more


def _first_of_two(cell: str, last: Numbers, after: Numbers) -> Numbers:
    """What a number must be when neither it nor the next can be read."""
    fitting = [n for n in _following(last) if any(after in _following(m) for m in _following(n))]
    return fitting[0] if len(fitting) == 1 and _may_be(cell, fitting[0]) else ()


def _following(numbers: Numbers) -> tuple[Numbers, ...]:
    """What may stand in the next row."""
    match numbers:
        case (n,):
            return (n + 1,), (n, 1)
        case (n, m):
            return (n, m + 1), (n + 1,)
    return ()


def _romans(lines: Sequence[str]) -> list[tuple[Head, str]]:
    heads = []
    for at, line in enumerate(lines):
        match = _ROMAN.match(line)
        if match and is_upper(line[match.end() :]):
            heads.append(Head(at, match["n"], _roman(match["n"])))
    return _in_order(heads)


def _in_order(heads: Sequence[Head]) -> list[tuple[Head, str]]:
    """Those to be changed, and what they are."""
    found = []
    last = 0
    for at, head in enumerate(heads):
        after = heads[at + 1].value if at + 1 < len(heads) else 0
        sure = bool(_STRICT.fullmatch(head.read))
        value = _value(head, sure, last, after)
        if value and _numeral(value) != head.read and (value != head.value or not sure):
            found.append((head, _numeral(value)))
            last = value
        elif sure:
            last = value or last
    return found


def _value(head: Head, sure: bool, last: int, after: int) -> int:
    """What the number of a group must be, 0 where nothing tells."""
    wanted = _numeral(last + 1)
    lost = head.value == last and wanted == f"{_numeral(head.value)}I" and after in (0, last + 2)  # a stroke of «III»
    if lost or (head.value == 0 and last and after in (0, last + 2)):
        return last + 1
    if sure or head.value == last + 1 or (head.value == 1 and after in (1, 2)):
        return head.value
    return 1 if head.value == 0 and after == 2 else 0


def _roman(read: str) -> int:
    plain = read.translate(_AS_ROMAN)
    value = roman_value(plain) if _STRICT.fullmatch(plain) else 0
    return value if value and _numeral(value) == plain else 0


def _numeral(value: int) -> str:
    signs = (("L", 50), ("XL", 40), ("X", 10), ("IX", 9), ("V", 5), ("IV", 4), ("I", 1))
    made = ""
    for sign, worth in signs:
        while value >= worth:
            made, value = made + sign, value - worth
    return made


def _items(lines: Sequence[str]) -> list[tuple[Head, str]]:
    """«1)» behind «h)» is «i)», behind «k)» «l)»."""
    heads = [
        Head(at, match["n"], _LETTERS.find(match["n"]) + 1) for at, x in enumerate(lines) if (match := _ITEM.match(x))
    ]
    found = []
    last = 0
    for at, head in enumerate(heads):
        after = lines[heads[at + 1].at] if at + 1 < len(heads) else ""
        wanted = _LETTERS[last] if 0 < last < len(_LETTERS) else ""
        value = head.value
        stroke = wanted in ("i", "l") and head.read in _STROKES and head.read != wanted
        if stroke and not after.startswith("2)"):
            found.append((head, wanted))
            value = last + 1
        last = value
    return found
