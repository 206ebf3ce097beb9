"""Agencies of the plans: what they are called and how often they are charged, and which of them a typed name means."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from answer.places import nearest_names, offer
from index.search import Searcher
from ingest.agencies import agency_names, find_agencies
from ingest.errors import IndexStateError, QuestionError
from ingest.model import Clause, ClauseKind, Document, Role
from ingest.reorganisation import reorganisation

LIST = "Xem danh sách cơ quan bằng `kehoach tasks` hoặc ở trang Cơ quan."
_TYPO, _AHEAD = 88.0, 4.0  # of 100: how like a name what was typed must be, and by how much more than any other


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
        for name, own in _by_agency(searcher.clauses(document.id)).items():
            provinces[name].add(document.province or document.number)
            for clause in own:
                mentions = [mention for mention in clause.agencies if mention.name == name]
                variants[name].update(" ".join(mention.quote.split()) for mention in mentions)
                if not only_opens(clause, own):
                    roles[name].update({mention.role for mention in mentions})
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


def _by_agency(clauses: Iterable[Clause]) -> dict[str, list[Clause]]:
    """The clauses that name each agency with a role."""
    found: defaultdict[str, list[Clause]] = defaultdict(list)
    for clause in clauses:
        for name in dict.fromkeys(mention.name for mention in clause.agencies):
            found[name].append(clause)
    return found


def only_opens(clause: Clause, own: Iterable[Clause]) -> bool:
    """Whether a clause is but the heading («7. Sở Xây dựng») over others of an agency's clauses in one plan."""
    if clause.kind is not ClauseKind.HEADING or not clause.section:
        return False
    return any(o.id != clause.id and o.section[: len(clause.section)] == clause.section for o in own)


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
    raise QuestionError(f"Không nhận ra cơ quan «{typed}».", offer([name for name, _ in nearest], LIST))


def _of_today() -> set[str]:
    """Names that agencies have since the reorganisation."""
    return {c.today for changes in reorganisation().today.values() for c in changes if c.kind == "agency"}


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether nothing but punctuation stands around an agency."""
    return not any(c.isalnum() for c in text[:start] + text[end:])
