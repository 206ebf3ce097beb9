"""Automatic numbering: what Word prints before a paragraph, rebuilt from numbering.xml by counting."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from lxml.etree import _Element as Element

from ingest.readers.docx_styles import Style, Styles
from ingest.readers.docx_xml import descend, number, switched, value, w

LEVELS = 9
_MOST = 32_767  # the largest number that Word counts to
_MAX_TEXT = 60  # characters of a level's text: «Phần thứ %1.»; more is no number
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
    (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_BULLETS = {"+": "+ ", "*": "* "}


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list. `text` holds «%1» for the number of the first level; `restart` is the 1-based level that
    sets this one back (None: any higher one, 0: none does); `style` the paragraph style that stands for the level."""

    start: int = 1
    format: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    legal: bool = False
    restart: int | None = None
    style: str = ""
    picture: bool = False


@dataclass(frozen=True, slots=True)
class _List:
    """What a `numId` stands for: whose counters it uses, its levels, and the levels that it starts anew."""

    counters: str
    levels: dict[int, Level]
    starts: dict[int, int]


@dataclass(slots=True)
class Numbering:
    """The lists of a document and how far each has counted. Ask for labels in reading order, once a paragraph."""

    styles: Styles
    lists: dict[str, _List] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _started: set[tuple[str, int]] = field(default_factory=set)

    @classmethod
    def read(cls, root: Element | None, styles: Styles) -> Numbering:
        """From the root of numbering.xml."""
        return cls(styles, _lists(root, styles) if root is not None else {})

    def label(self, paragraph: Element, styles: tuple[Style, ...]) -> str:
        """Count a paragraph; what is printed before it, with the space behind: «I. », «1.2. », «- »; «» for none."""
        num, at = self._place(descend(paragraph, "pPr", "numPr"), styles)
        known = self.lists.get(num)
        level = known.levels.get(at) if known else None
        if known is None or level is None:
            return ""
        counts = self._count(num, known, at)
        if level.format == "bullet" or level.picture:
            return _bullet(level)
        text = _text(level, at, known, counts)
        return text + ("" if level.suffix == "nothing" else " ") if text.strip() else ""

    def _place(self, properties: Element | None, styles: tuple[Style, ...]) -> tuple[str, int]:
        """The list and level of a paragraph: its own, else those of its style."""
        own = value(descend(properties, "numId"))
        given = descend(properties, "ilvl")
        source = next((style for style in styles if style.num), None)
        num = own or (source.num if source else "")
        if given is not None:
            return num, number(given, 0, 0, LEVELS)
        if not own and source is not None and (known := self.lists.get(num)) is not None:
            for style in styles:
                for at, level in known.levels.items():
                    if level.style == style.id:
                        return num, at
            return num, int(source.level) if source.level.isdecimal() and len(source.level) == 1 else 0
        return num, 0

    def _count(self, num: str, known: _List, at: int) -> dict[int, int]:
        counts = self._counts.setdefault(known.counters, {})
        if at in known.starts and (num, at) not in self._started:
            counts.pop(at, None)
        self._started.add((num, at))
        counts[at] = min(counts.get(at, _start(known, at) - 1) + 1, _MOST)
        for lower in [lower for lower in counts if lower > at]:
            restart = known.levels.get(lower, Level()).restart
            if restart is None or at < restart:
                del counts[lower]
        return counts


def _start(known: _List, at: int) -> int:
    return known.starts.get(at, known.levels.get(at, Level()).start)


def _text(level: Level, at: int, known: _List, counts: dict[int, int]) -> str:
    """«%1.%2.» filled with the numbers of the levels; one that was not counted yet shows where it starts."""

    def shown(match: re.Match[str]) -> str:
        index = int(match[1]) - 1
        if index > at:
            return ""
        style = known.levels.get(index, Level()).format
        return formatted(
            counts.get(index, _start(known, index)), "decimal" if level.legal and style != "none" else style
        )

    return re.sub(r"%([1-9])", shown, level.text)


def formatted(count: int, style: str) -> str:
    """A number in a `w:numFmt`; decimal for those that no Vietnamese document uses."""
    match style:
        case "upperRoman" | "lowerRoman":
            text = _roman(count)
        case "upperLetter" | "lowerLetter" if 0 < count <= 26 * 5:
            text = chr(ord("A") + (count - 1) % 26) * ((count - 1) // 26 + 1)  # Word goes on with AA, BB
        case "decimalZero":
            return f"{count:02d}"
        case "none" | "bullet":
            return ""
        case _:
            return str(count)
    return text.lower() if style.startswith("lower") else text


def _roman(count: int) -> str:
    if not 0 < count < 4000:
        return str(count)
    text = ""
    for worth, digit in _ROMAN:
        text += digit * (count // worth)
        count %= worth
    return text


def _bullet(level: Level) -> str:
    """Plus and asterisk as they are; dashes, dots and the arrows of symbol fonts are all a dash."""
    if not level.text.strip() and not level.picture:
        return ""
    return _BULLETS.get(level.text.strip(), "- ")


def _lists(root: Element, styles: Styles) -> dict[str, _List]:
    abstract = {value(element, "abstractNumId"): element for element in root.iterfind(w("abstractNum"))}
    linked = {value(descend(e, "styleLink")): key for key, e in abstract.items() if descend(e, "styleLink") is not None}
    nums = {value(element, "numId"): element for element in root.iterfind(w("num"))}
    levels = {key: _levels(element) for key, element in abstract.items()}
    lists = {}
    for num, element in nums.items():
        key = value(descend(element, "abstractNumId"))
        link = value(descend(abstract.get(key), "numStyleLink"))
        if link:  # the levels stand in the list that the style names
            named = next((style.num for style in styles.chain(link) if style.num), "")
            key = linked.get(link) or value(descend(nums.get(named), "abstractNumId"))
        if num != "0" and key in levels:
            lists[num] = _overridden(element, key, levels[key])
    return lists


def _overridden(num: Element, key: str, levels: dict[int, Level]) -> _List:
    own, starts = dict(levels), {}
    for override in num.iterfind(w("lvlOverride")):
        at = number(override, -1, -1, LEVELS, "ilvl")
        level = descend(override, "lvl")
        if level is not None:
            own[at] = _level(level)
        start = descend(override, "startOverride")
        if start is not None:
            starts[at] = number(start, 1, 0, _MOST)
            own[at] = replace(own.get(at, Level()), start=starts[at])
    return _List(key, own, starts)


def _levels(abstract: Element) -> dict[int, Level]:
    return {number(level, -1, -1, LEVELS, "ilvl"): _level(level) for level in abstract.iterfind(w("lvl"))}


def _level(element: Element) -> Level:
    restart = descend(element, "lvlRestart")
    return Level(
        start=number(descend(element, "start"), 0, 0, _MOST),
        format=value(descend(element, "numFmt")) or "decimal",
        text=value(descend(element, "lvlText"))[:_MAX_TEXT],
        suffix=value(descend(element, "suff")) or "tab",
        legal=bool(switched(descend(element, "isLgl"))),
        restart=None if restart is None else number(restart, 0, 0, LEVELS),
        style=value(descend(element, "pStyle")),
        picture=descend(element, "lvlPicBulletId") is not None,
    )
