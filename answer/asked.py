"""What form an answer must have: the thing that is counted, the kind of date, the column of a table, one or a list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from ingest.clean import fold


class Sent(StrEnum):
    """How something goes to the agency that a question asks for."""

    TO = "to"
    VIA = "via"


class When(StrEnum):
    """Kind of date that a question wants."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    PERIOD = "period"
    CYCLE = "cycle"


@dataclass(frozen=True, slots=True)
class Asked:
    """Form of the answer that a question wants.

    `measured`: folded words behind «bao nhiêu», of which the first names the unit («can nha», «phan tram»), empty where
    nothing is counted. `years` that the question names, in order, and `year` the one that is asked for, of a period its
    last. `when`: kind of date. `column`: role of the table's cell that is asked for. `quantity`: a number is wanted;
    `quantities`: more than one («bao nhiêu giường và mấy bác sĩ»); `worded`: perhaps a level in words («mức nào»).
    `several`: an enumeration; `which`: one or more out of several. `person`: the name of a person. `together`: who
    works with others, or at what. `ratio`: a share or a rate («tỷ lệ …»). `rhythm`: pattern of the rhythm that is
    named («báo cáo quý I»), empty where none is. `body`: folded kind of body that is asked for by its name
    («ngân hàng nào»), empty where none is. `sent`: asked is to whom, or by way of whom, something is sent («gửi về
    đâu», «qua sở nào»). `beside`: the words before the date that is asked for («tầm nhìn tới năm nào»).
    """

    measured: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    when: When | None = None
    column: str | None = None
    several: bool = False
    year: int | None = None
    quantity: bool = False
    beside: tuple[str, ...] = ()
    worded: bool = False
    quantities: bool = False
    rhythm: str = ""
    body: str = ""
    sent: Sent | None = None
    which: bool = False
    person: bool = False
    together: bool = False
    ratio: bool = False

    @property
    def of_unit(self) -> bool:
        """Whether what is counted is a unit of measure, which an answer must have; of things plans use other words."""
        return bool(self.measured) and self.measured[0] in _UNITS


_UNITS = frozenset(
    ("%", "phan", "ty", "trieu", "dong", "nam", "tuoi", "ha", "met", "lit", "gio", "phut", "km", "tan", "kg")
)

ANYTHING = Asked()

_PERIOD = re.compile(r"\b20\d\d\s*(?:-|den(?: het)?(?: nam)?)\s*(20\d\d)\b")
_YEAR = re.compile(r"\b(20\d\d)\b(?!\s*/)")
_COUNTED = re.compile(
    r"\b(?:bao nhieu|may)\s+(?:(?:ong|ba|anh|chi|co|chu|vi|chiec) (?=[a-z]))?(?P<what>%|[a-z]+(?:\s[a-z]+){0,2})"
)
_QUANTITY = re.compile(r"\b(?:bao nhieu|may|phan tram)\b|%|\b(?:con so|ty le|ti le) nao\b")
_BESIDE = re.compile(
    r"\b([a-z]+ [a-z]+)(?: (?:den|toi|vao|tu|trong|truoc|keo|dai|huong|la|cham|nhat|het))* "
    r"(?:nam|thang|ngay|quy|bua) (?:nao|may)\b"
)
_QUANTITIES = re.compile(
    r"\blan luot\b|\b(?:bao nhieu|may)\b.{4,60}\b(?:va|voi|cung|con|,)\W.{0,30}\b(?:bao nhieu|may)\b"
)
# Rhythms of reports, and how plans print them, folded.
_RHYTHMS = (
    (re.compile(r"\b(?:0?6|sau) thang\b"), r"\b(?:0?6|sau) thang\b"),
    (re.compile(r"\bquy (?:[ivx]{1,3}|[1-4])\b|\b(?:hang|moi|tung|bao cao) quy\b"), r"\bquy\b"),
    (re.compile(r"\b(?:hang|moi) thang\b"), r"\b(?:hang|moi) thang\b"),
    (re.compile(r"\bso ket\b|\bgiua (?:ky|chung)\b"), r"\bso ket\b"),
)
_SENT = (
    (Sent.VIA, re.compile(r"\bqua (?:(?:co quan|so|don vi|noi|ben|cho|nganh) nao|dau|ai)\b")),
    (
        Sent.TO,
        re.compile(
            r"\b(?:gui|nop|bao cao|trinh|phan anh|bao(?= (?:len|ve)\b))\b[^,?]{0,40}?\b(?:cho|ve|len|toi|den|gui|bao) "
            r"(?:ai|dau|(?:co quan|so|noi|don vi|cap|ben|cho) nao)\b"
        ),
    ),
)
_BODY = re.compile(
    r"\b(ngan hang|(?<!moi )(?<!thi )truong|(?<!quoc )phong|benh vien|trung tam|doanh nghiep|cong ty)"
    r"(?: (?:dai hoc|cao dang|chuyen mon|nghiep vu|chinh sach))? nao\b"
)
# «bao nhiêu tiền», «tổng kinh phí … là bao nhiêu»
_MONEY = re.compile(
    r"\b(?:bao nhieu|may) tien\b|\b(?:kinh phi|so tien|tien|luong(?! lao)|muc dong|hoc phi)\b.{0,60}"
    r"\b(?:bao nhieu|may)(?= *$| *(?:dong|tien|vay|mot|1|moi)\b)"
)
_WHICH = re.compile(r"\b(?:nao|loai gi|kieu gi|nhung gi)\b")
_PERSON = re.compile(
    r"\b(?:chu tich|giam doc|bi thu|thu tuong|bo truong|truong (?:ban|phong)|lanh dao|thu truong)\b.*"
    r"\b(?:ten (?:la )?gi|la ai|ho ten|ten tuoi)\b"
)
_WORDED = re.compile(r"\b(?:muc|nhom|bac|loai|hang|co) nao\b")
_PERCENT = re.compile(r"\bphan tram\b|%|\b(?:ty|ti) le\b|\b(?:ty|ti) suat\b")
# «cứ trăm nhà thì mấy nhà»
_OF_HUNDRED = re.compile(r"\btram (?:nguoi|nha|ho|dua|em|dan|tre|chau)\b.*\b(?:may|bao nhieu)\b")
_NOT_COUNTED = frozenset({"thi", "la", "vay", "o", "trong", "vao", "den", "nam", "nhe", "a", "cho", "cua", "so", "gio"})
_WHEN: tuple[tuple[When, re.Pattern[str]], ...] = (
    (When.PERIOD, re.compile(r"\bgiai doan (?:nao|may)\b|\btu nam nao den nam nao\b|\bthoi ky nao\b")),
    (When.DAY, re.compile(r"\b(?:ngay|bua|hom) (?:nao|may|bao nhieu)\b|"
                          r"\bhan (?:chot|nop|gui|cuoi|bao cao)|\btruoc ngay\b")),
    (When.MONTH, re.compile(r"\bthang (?:nao|may)\b")),
    (When.YEAR, re.compile(r"\bnam (?:nao|may|bao nhieu)\b")),
    (When.CYCLE, re.compile(r"\b(?:dinh|chu) ky\b|\bmay lau\b|\btan suat\b|\bmay lan\b|"
                            r"\bbao lau\b|\bmay thang (?:mot|1) lan\b|\bthuong xuyen the\b")),
)  # fmt: skip
_COLUMNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("submit_to", re.compile(r"\btrinh (?:cap|co quan|don vi|ai|cho ai|len|noi)\b.{0,12}\b(?:nao|ai|dau)\b|"
                             r"\btrinh ai\b|\b(?:cap|co quan) nao (?:phe duyet|ban hanh|xem xet|quyet dinh)\b")),
    ("unit", re.compile(r"\bdon vi tinh\b|\btinh bang (?:gi|don vi)\b")),
)  # fmt: skip
_RATIO = re.compile(r"^.{0,30}?\b(?:ty|ti) (?:le|trong|suat)\b")
_SEVERAL = re.compile(
    r"\b(?:hai|ba|may|nhung) (?:moc|dot|ky han)\b|\b(?:nhung|cac)\b[^,?]{1,40}\b(?:nao|gi|ai)\b|"
    r"\bnhung (?:ai|gi|dau|viec gi)\b|\bgom (?:co )?(?:nhung|gi|ai)\b"
)


def asked_of(question: str) -> Asked:
    """Read the form of the answer from a question with its diacritics."""
    folded = fold(question)
    years = tuple(dict.fromkeys(int(year) for year in _YEAR.findall(folded)))
    return Asked(
        measured=_measured(folded),
        years=years,
        year=_year(folded, years),
        when=next((when for when, pattern in _WHEN if pattern.search(folded)), None),
        column=next((role for role, pattern in _COLUMNS if pattern.search(folded)), None),
        several=_SEVERAL.search(folded) is not None,
        beside=tuple(found[1].split()) if (found := _BESIDE.search(folded)) else (),
        quantity=_QUANTITY.search(folded) is not None,
        quantities=_QUANTITIES.search(folded) is not None,
        sent=next((sent for sent, pattern in _SENT if pattern.search(folded)), None),
        rhythm=next((printed for said, printed in _RHYTHMS if said.search(folded)), ""),
        body=found[1] if (found := _BODY.search(folded)) else "",
        which=_WHICH.search(folded) is not None,
        together="phoi hop" in folded,
        person=_PERSON.search(folded) is not None,
        worded=_WORDED.search(folded) is not None,
        ratio=_RATIO.search(folded) is not None,
    )


def _measured(folded: str) -> tuple[str, ...]:
    if _OF_HUNDRED.search(folded):
        return ("%",)
    if _MONEY.search(folded) and "%" not in folded and "phan tram" not in folded:
        return ("dong",)
    if (found := _COUNTED.search(folded)) and (words := found["what"].split())[0] not in _NOT_COUNTED:
        return tuple(words)
    return ("%",) if _PERCENT.search(folded) else ()


def _year(folded: str, years: tuple[int, ...]) -> int | None:
    """«2021-2025» is asked for as far as it reaches; «2025 và 2030» for both, so for no one of them."""
    if found := _PERIOD.search(folded):
        return int(found[1])
    return years[0] if len(years) == 1 else None
