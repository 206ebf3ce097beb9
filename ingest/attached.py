"""What a decision brings into force, printed behind its signature: a plan, a regulation, a list, under its own name."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import islice

from ingest.clean import fold, is_upper, words
from ingest.kinds import ATTACHED_KINDS, kind_line
from ingest.letterhead import is_letterhead
from ingest.model import Line
from ingest.numbering import marker_of
from ingest.signature import is_signing
from ingest.tables.columns import is_tt

_BRACKET = re.compile(r"^\(?\W*(?:ban hanh )?(?:kem|dinh kem) (?:theo )?\S")
_TITLE_LINES = 6  # between the name of an attached document and «(Ban hành kèm theo …)»
_TITLE_WORDS = 40


def attachment_starts(lines: Sequence[Line], body: int, closing: int, appendices: Sequence[int]) -> list[int]:
    """Where attached documents begin.

    Args:
        lines: of the file.
        body: where the main document's body begins; its own head names a kind too.
        closing: where its signature begins.
        appendices: where a line says «Phụ lục»; names in the titles below them begin nothing.
    """
    starts: list[int] = []
    ends = [*sorted(appendices), len(lines)]
    title = range(-1, -1)  # of the last name above
    for index in range(body, len(lines)):
        named = ends[bisect_left(ends, index) - 1] if ends[0] < index else -1
        above = max(named, starts[-1] if starts else -1)
        if above >= 0 and above != title.start:
            title = _title(lines, above)
        if above >= 0 and index in title:
            continue
        end = ends[bisect_left(ends, index)]
        if index < end and _begins(lines, index, end, behind=index > closing):
            starts.append(index)
    return starts


def attached_name(text: str) -> tuple[str, str]:
    """«QUY CHẾ» → («QUY CHẾ», «»); «DANH MỤC NHIỆM VỤ …» has only a title."""
    kind = kind_line(text, ATTACHED_KINDS)
    if kind is None or (kind[0] == "Danh mục" and kind[1]):
        return "", text
    return text[: len(text) - len(kind[1])].strip(" :"), kind[1]


def _begins(lines: Sequence[Line], index: int, end: int, behind: bool) -> bool:
    """A title in capitals above «(Ban hành kèm theo …)»; behind the signature also the bare name of a kind. The lines
    from `end` on are another part's."""
    text = lines[index].text
    if not is_upper(text) or words(text) > _TITLE_WORDS or marker_of(text) or is_tt(text):
        return False
    if is_signing(text) or is_letterhead(text):
        return False
    kind = kind_line(text, ATTACHED_KINDS)
    if kind and behind and not text.rstrip().endswith(":"):
        return True
    return (behind or kind is not None) and _bracket(lines, index, end) is not None


def _bracket(lines: Sequence[Line], index: int, end: int) -> int | None:
    """Index of the «(Kèm theo …)» that ends the title which begins here; None where other text comes first."""
    for i in islice((i for i in range(index + 1, end) if lines[i].text), _TITLE_LINES):
        if lines[i].text.startswith("(") and _BRACKET.match(fold(lines[i].text)):
            return i
        if marker_of(lines[i].text) is not None or is_tt(lines[i].text) or lines[i].text.startswith("|"):
            return None
        if lines[i].text.rstrip().endswith((".", ";", ":")) or is_signing(lines[i].text):
            return None
    return None


def _title(lines: Sequence[Line], start: int) -> range:
    """Indices of the lines below a name that still belong to its title."""
    bracket = _bracket(lines, start, len(lines))
    if bracket is not None:
        return range(start, bracket + 1)
    end = start + 1
    while end < len(lines) and (not lines[end].text or is_upper(lines[end].text)) and not is_tt(lines[end].text):
        if marker_of(lines[end].text) is not None:
            break
        end += 1
    return range(start, end)
