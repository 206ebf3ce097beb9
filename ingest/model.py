"""The values that every other package shares. Frozen: a plan that was read does not change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import PurePath


class ClauseKind(StrEnum):
    """What a clause is in the layout. `HEADER` is the letterhead and signature block: searchable, never exported."""

    HEADER = "header"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    BULLET = "bullet"
    ROW = "row"
    NOTE = "note"


class Role(StrEnum):
    """What an agency does in a clause."""

    LEAD = "lead"
    COORDINATING = "coordinating"
    ADVISING = "advising"
    REPORTING_TO = "reporting_to"


class Rank(StrEnum):
    """The numbering style of a section, outermost first; it names the section in a citation."""

    APPENDIX = "appendix"  # Phụ lục I
    PART = "part"  # Phần thứ nhất, Phần I
    CHAPTER = "chapter"  # Chương I
    DIVISION = "division"  # A.
    ROMAN = "roman"  # I., Mục 1
    MINOR = "minor"  # Tiểu mục 1
    UNNUMBERED = "unnumbered"  # a heading without a number
    ARTICLE = "article"  # Điều 1.
    ARABIC = "arabic"  # 1.
    DECIMAL = "decimal"  # 1.1
    SUBDECIMAL = "subdecimal"  # 1.1.1
    LETTER = "letter"  # a)
    PAREN = "paren"  # 1), (1) or a.1)
    SMALL_ROMAN = "small_roman"  # i) or (i)
    BULLET = "bullet"  # - + * •
    GROUP = "group"  # a group row of a table


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a source file: 1-based number, repaired text (NFC), text as read."""

    number: int
    text: str
    raw: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a clause stands: first and last source line (1-based, inclusive), and a page where the format has pages."""

    first: int
    last: int
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """Where printed text stands: the page, from 1, and its box in points from the page's top left corner."""

    page: int
    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Printed:
    """The pages that a document was read from: the file itself, its form (`pdf`, `image`), the boxes of each line, and
    the words of a line that were read from a picture and are not certain."""

    form: str
    original: bytes
    marks: Mapping[int, tuple[Mark, ...]]
    doubts: Mapping[int, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Section:
    """One heading on the way to a clause. `number` as printed («V.», «7.», «a)»), `title` without the number."""

    rank: Rank
    number: str
    title: str

    @property
    def text(self) -> str:
        """The heading as printed: «7. Sở Xây dựng»."""
        joint = ". " if self.title and self.number[-1:].isalnum() and self.rank is not Rank.DECIMAL else " "
        return f"{self.number}{joint}{self.title}".strip()


@dataclass(frozen=True, slots=True)
class AgencyMention:
    """An agency in a clause: canonical name, role, and the words it was read from."""

    name: str
    role: Role
    quote: str


# Cells that say what a row is about; the others tell something of it.
CONTENT = ("task", "indicator")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table.

    `group` is the path of group rows joined by « > »; `tt` the printed row number without its closing dot («» for a
    sub-row); `parent` the tt of the row that a sub-row belongs to. `cells` maps a role to the printed text, in column
    order: `indicator, unit, target_<year>, task, lead, coordinating, submit_to, time, note`, or the printed header
    where the role is unknown. `inherited` names the cells that were carried down from a merged cell. `columns` maps
    the same roles to the printed headers. `parent_text` is what the row says that a sub-row belongs to.
    """

    table: str
    group: str
    tt: str
    parent: str | None
    cells: Mapping[str, str]
    inherited: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    parent_text: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """The unit that is searched and cited.

    `id` is stable for the same content: document id + path. `bullet` is the 1-based position among sibling bullets.
    `text` is the source's own (after NFC and space repair); of a row, every cell with its column's name. `doubts` are
    words of it that were read from a picture and are not certain.
    """

    id: str
    document_id: str
    ordinal: int
    kind: ClauseKind
    section: tuple[Section, ...]
    text: str
    place: Place
    bullet: int | None = None
    row: Row | None = None
    agencies: tuple[AgencyMention, ...] = ()
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HeaderFact:
    """One fact of the header: `field` (number, date, title, signer, …), printed text, lines."""

    field: str
    text: str
    place: Place


class Bond(StrEnum):
    """What a document does to an earlier one."""

    REPLACES = "replaces"
    AMENDS = "amends"


@dataclass(frozen=True, slots=True)
class Relation:
    """An earlier document that this one replaces or amends: its number and date as told, and the words that say so."""

    bond: Bond
    number: str
    issued: date | None
    quote: str
    place: Place


@dataclass(frozen=True, slots=True)
class Correction:
    """A field of the header that an editor corrected: what was read and what is right, dates as «YYYY-MM-DD», «» for
    nothing."""

    field: str
    read: str
    value: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """Non-blank source lines by what became of them; `discarded` maps a named reason to a count."""

    in_clauses: int
    in_header: int
    discarded: Mapping[str, int]
    total: int


@dataclass(frozen=True, slots=True)
class Document:
    """A plan and what its header says. Empty strings and None where the source is silent."""

    id: str
    number: str
    kind: str
    province: str
    issued: date | None
    signer: str
    position: str
    title: str
    period: str
    basis: tuple[str, ...]
    recipients: tuple[str, ...]
    source: str
    digest: str
    format: str
    facts: tuple[HeaderFact, ...] = ()
    warnings: tuple[str, ...] = ()
    relations: tuple[Relation, ...] = ()
    corrections: tuple[Correction, ...] = ()
    later: tuple[Later, ...] = field(default=(), compare=False, repr=False)  # what an index knows; never stored

    @property
    def file(self) -> str:
        """Name of the source file, without the folders above it."""
        return PurePath(self.source).name


@dataclass(frozen=True, slots=True)
class Later:
    """A newer document of an index that replaces or amends one, and what it says of that."""

    document: Document
    relation: Relation


@dataclass(frozen=True, slots=True)
class Parsed:
    """Everything that ingest makes of one file. `lines` is the decoded source, line by line, for display; `printed`
    its pages, where the format has any."""

    document: Document
    clauses: tuple[Clause, ...]
    coverage: Coverage
    lines: tuple[str, ...]
    printed: Printed | None = None
