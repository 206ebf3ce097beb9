"""Agencies of the plans: what they are called and how often they are charged, and which of them a typed name means."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from index.search import Searcher
from ingest.agencies import agency_names, find_agencies
from ingest.clean import fold
from ingest.errors import IndexStateError, QuestionError
from ingest.model import Document, Role
from ingest.provinces import canonical_province
from ingest.reorganisation import reorganisation

LIST = "Xem danh sách cơ quan bằng `kehoach tasks` hoặc ở trang Cơ quan."
_SUGGESTED = 3
_TYPO, _AHEAD = 88.0, 4.0  # of 100: how like a name what was typed must be, and by how much more than any other
_PART_WORTH = 0.95
_LIKE = 60.0  # less like it than this, a name is not worth offering


@dataclass(frozen=True, slots=True)
class ListedAgency:
    """An agency of the plans: clauses by role, how it is printed (most often first), and the provinces that name it."""

    name: str
    roles: Mapping[Role, int]
    variants: tuple[tuple[str, int], ...]
    provinces: tuple[str, ...]

    @property
    def total(self) -> int:
        """Roles in all clauses together, reports to it left out."""
        return sum(count for role, count in self.roles.items() if role is not Role.REPORTING_TO)


def documents_of(searcher: Searcher) -> list[Document]:
    """The plans.

    Raises:
        IndexStateError: there is none.
    """
    if documents := searcher.documents():
        return documents
    raise IndexStateError("Kho chưa có kế hoạch nào.", "Nạp kế hoạch bằng lệnh `kehoach ingest corpus/`.")


def listed_agencies(searcher: Searcher) -> list[ListedAgency]:
    """Every agency with a role in the plans, the most charged first, ties by name.

    Raises:
        IndexStateError: no plan in the index.
    """
    roles: defaultdict[str, Counter[Role]] = defaultdict(Counter)
    variants: defaultdict[str, Counter[str]] = defaultdict(Counter)
    provinces: defaultdict[str, set[str]] = defaultdict(set)
    for document in documents_of(searcher):
        for clause in searcher.clauses(document.id):
            for mention in clause.agencies:
                roles[mention.name][mention.role] += 1
                variants[mention.name][" ".join(mention.quote.split())] += 1
                provinces[mention.name].add(document.province or document.number)
    found = [
        ListedAgency(
            name,
            {role: counts[role] for role in Role if counts[role]},
            tuple(sorted(variants[name].items(), key=lambda item: (-item[1], item[0]))),
            tuple(sorted(provinces[name])),
        )
        for name, counts in roles.items()
    ]
    return sorted(found, key=lambda agency: (-agency.total, agency.name))


def recognised_agency(typed: str, printed: Collection[str]) -> str:
    """The canonical name that was typed in whatever spelling; a small typing error is read as what it clearly means.

    Args:
        printed: names of the agencies that the plans charge.

    Raises:
        QuestionError: nothing or several agencies were named, or one that is not known; the nearest names are offered.
    """
    known = {*printed, *agency_names(), *_of_today()}
    for text in (typed, f"Sở {typed}", f"{typed} tỉnh"):
        found = [span.name for span in find_agencies(text) if _is_whole(text, span.start, span.end)]
        if found and found[0] in known:
            return found[0]
    if len(several := {span.name for span in find_agencies(typed)} & known) > 1:
        raise QuestionError(f"«{typed}» nêu nhiều cơ quan: {', '.join(sorted(several))}.", "Nêu từng cơ quan một.")
    nearest = nearest_names(typed, known)
    if nearest and nearest[0][1] >= _TYPO and (len(nearest) == 1 or nearest[0][1] - nearest[1][1] >= _AHEAD):
        return nearest[0][0]
    raise QuestionError(f"Không nhận ra cơ quan «{typed}».", _offer([name for name, _ in nearest], LIST))


def _of_today() -> set[str]:
    """Names that agencies have since the reorganisation."""
    return {c.today for changes in reorganisation().today.values() for c in changes if c.kind == "agency"}


def recognised_province(typed: str, have: Collection[str]) -> str:
    """The province that was typed; of it, or of one that went into it, the plans must be (`have`: their provinces).

    Raises:
        QuestionError: it is no province, or none that the plans are of.
    """
    name = canonical_province(typed)
    stock = f"Kho có kế hoạch của: {', '.join(sorted(have))}."
    if name is None:
        near = [near for near, _ in nearest_names(typed, have)]
        raise QuestionError(f"Không nhận ra tỉnh «{typed}».", _offer(near, stock))
    if not set(provinces_of(name)) & set(have):
        raise QuestionError(f"Kho chưa có kế hoạch nào của {name}.", stock)
    return name


def provinces_of(name: str) -> tuple[str, ...]:
    """A province and those that went into it."""
    return reorganisation().provinces.get(name, (name,))


def nearest_names(typed: str, names: Iterable[str]) -> list[tuple[str, float]]:
    """The names that look most like what was typed, best first, with a likeness of 0 to 100; ties by name."""
    words = _bare(typed)
    scored = [(name, _likeness(words, _bare(name))) for name in sorted(names)]
    return sorted((item for item in scored if item[1] >= _LIKE), key=lambda x: (-x[1], x[0]))[:_SUGGESTED]


def _likeness(typed: str, name: str) -> float:
    """Of 0 to 100. What was typed may be a part of the name, never the other way about."""
    from rapidfuzz import fuzz  # 30 ms, and most names are known as typed

    part = _PART_WORTH * fuzz.partial_ratio(typed, name) if len(typed) < len(name) else 0.0
    return max(fuzz.ratio(typed, name), part)


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))


def _offer(names: Sequence[str], otherwise: str) -> str:
    return f"Có phải: {'; '.join(names)}? {otherwise}" if names else otherwise


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether nothing but punctuation stands around an agency."""
    return not any(c.isalnum() for c in text[:start] + text[end:])
