"""The head of a document: letterhead, kind, title, preamble, and a web page's box of facts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from ingest.beside import beside
from ingest.clean import fold, is_open, is_upper, words
from ingest.facts import LONG_DATE, parse_date
from ingest.kinds import BLANK_NUMBER, KINDS, NUMBER, kind_line
from ingest.letterhead import LETTERHEAD, is_cut
from ingest.model import HeaderFact, Line, Place
from ingest.provinces import canonical_province, find_provinces
from ingest.regions import METADATA, NAMED_AHEAD

_PREAMBLE = re.compile(
    r"^(?:can cu|thuc hien|xet|theo|de |nham|tren co so|sau khi|tiep tuc thuc hien|thi hanh|trien khai thuc hien)\b"
)
_SUBJECT = re.compile(r"^V/v\b\s*:?\s*", re.IGNORECASE)
_AUTHORITY = re.compile(r"^(?:CHỦ TỊCH (?:[ỦU]Y|UỶ|UBND)|GIÁM ĐỐC SỞ|HỘI ĐỒNG NHÂN DÂN|KHÓA |KHOÁ |KỲ HỌP )")
_ADDRESSED = re.compile(r"^kinh gui\b")
_TERM = re.compile(r"^(?:nam 20\d\d|(?:giai doan|nhiem ky|nam hoc) (?:20\d\d|[ivx]+\b)).{0,40}$")  # below a title
_ISSUER_WORDS = 16  # a line of the letterhead that is no longer than this


@dataclass(slots=True)
class Header:
    """What the header says. `preamble` are the lines between title and body, `leftover` those of the closing block that
    are neither recipients nor signature, `lines` all header lines."""

    number: str = ""
    kind: str = ""
    province: str = ""
    issued: date | None = None
    signer: str = ""
    position: str = ""
    title: str = ""
    period: str = ""
    basis: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    facts: list[HeaderFact] = field(default_factory=list)
    preamble: list[Line] = field(default_factory=list)
    leftover: list[Line] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def add_fact(header: Header, name: str, lines: Sequence[Line]) -> None:
    """What the header says on some of its lines; `name` is the field."""
    header.lines += [line.number for line in lines]
    text = " ".join(line.text for line in lines)
    header.facts.append(HeaderFact(name, text, Place(lines[0].number, lines[-1].number)))


def read_head(lines: Sequence[Line], header: Header) -> None:
    """Letterhead until the kind («KẾ HOẠCH»), then the title, then the preamble."""
    head = _Head(header, _kind_stands_ahead(lines))
    for line in (x for x in lines if x.text):
        for part in beside(line) if head.state == "letterhead" else [line]:
            head.read(part)
    head.end()
    _finish_title(head.titles, header)
    header.preamble = [line for line in header.preamble if line.number not in header.lines]


def _kind_stands_ahead(lines: Sequence[Line]) -> bool:
    """Whether the kind is printed above the first «Căn cứ …»: then what stands before it is letterhead."""
    for line in lines:
        if fold(line.text).startswith("can cu"):
            return False
        if (kind := kind_line(line.text)) and (not kind[1] or is_upper(line.text)):
            return True
    return False


class _Head:
    """Where the reading of a head stands: `letterhead`, `subject` (of a letter), `addressed`, `title`, `authority`,
    `preamble`."""

    def __init__(self, header: Header, kind_ahead: bool) -> None:
        self.header = header
        self.kind_ahead = kind_ahead
        self.titles: list[Line] = []
        self.state = "letterhead"
        self.cut: list[Line] = []  # of a letterhead, the first lines of what goes on

    def read(self, line: Line) -> None:
        """Take the next line."""
        self.cut.append(line)
        if self.state == "letterhead" and not self.titles and is_cut(_text(self.cut)):
            return
        lines, self.cut = self.cut, []
        if len(lines) > 1 and _is_letterhead(_text(lines)):
            _letterhead_line(lines, self.header)
        else:
            for each in lines:
                self._take(each)

    def end(self) -> None:
        """There are no more lines."""
        for line in self.cut:
            self._take(line)

    def _take(self, line: Line) -> None:
        kind = kind_line(line.text) if self.state == "letterhead" and not self.titles else None
        if _is_letterhead(line.text) and self.state != "preamble" and (kind is None or kind[1]):
            _letterhead_line([line], self.header)
            ended = self.titles and self.state == "title" and NUMBER.match(line.text) is None
            self.state = "authority" if ended else "letterhead" if self.state == "subject" else self.state
        elif METADATA.match(fold(line.text)):
            metadata_line(line, self.header)
        elif self.titles and self.state in ("title", "authority") and _is_authority(line.text):
            add_fact(self.header, "issuer", [line])
            self.state = "authority"
        elif not self._letterhead(line) and not self._letter(line):
            self._body(line)

    def _letterhead(self, line: Line) -> bool:
        """The kind, and what else stands above it."""
        if self.state != "letterhead":
            return False
        if kind := kind_line(line.text):
            self.header.kind = kind[0]
            add_fact(self.header, "kind", [line]) if not kind[1] else self.titles.append(line)
            self.state, self.kind_ahead = "title", False
        elif self.kind_ahead and words(line.text) <= _ISSUER_WORDS:
            add_fact(self.header, "issuer", [line])
        else:
            return False
        return True

    def _letter(self, line: Line) -> bool:
        """«V/v …» and «Kính gửi: …» of a letter, which prints no kind."""
        if self.state == "letterhead" and _SUBJECT.match(line.text):
            self.titles.append(Line(line.number, _SUBJECT.sub("", line.text), line.raw))
            self.header.kind, self.state = self.header.kind or "Công văn", "subject"
        elif _ADDRESSED.match(fold(line.text)) and self.state != "preamble":
            add_fact(self.header, "addressees", [line])
            self.state = "addressed"
        elif self.state == "addressed" and re.match(r"^[-–+•]", line.text):
            add_fact(self.header, "addressees", [line])
        else:
            return False
        return True

    def _body(self, line: Line) -> None:
        first = self.state == "letterhead" and not self.titles and not _is_preamble(line.text, first=False)
        if first or (self.state in ("letterhead", "title", "subject") and _is_title(line, self.titles)):
            self.titles.append(line)
            self.state = "title" if self.state == "letterhead" else self.state
        else:
            self.header.preamble.append(line)
            self.state = "preamble"


def _is_authority(text: str) -> bool:
    """Who decides, in capitals between title and «Căn cứ …»: «CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH»."""
    return bool(_AUTHORITY.match(text)) and is_upper(text)


def _text(lines: Sequence[Line]) -> str:
    return " ".join(line.text for line in lines)


def _is_letterhead(text: str) -> bool:
    folded = fold(text)
    if LETTERHEAD.match(folded) or BLANK_NUMBER.match(text):
        return words(text) <= 14
    return bool(re.match(r"^\((?:kem theo|ban hanh kem)", folded)) or folded in (
        "quyet dinh:",
        "quyet nghi:",
        "quyet dinh",
    )


def _letterhead_line(lines: Sequence[Line], header: Header) -> None:
    text = _text(lines)
    number = NUMBER.search(text)
    if number and not header.number:
        header.number = re.sub(r"\s", "", number["n"])
    if LONG_DATE.search(text) or re.search(r"\bngày\b.*\btháng\b|\bngày \d{1,2}/\d{1,2}/\d{4}", text):
        header.issued = header.issued or parse_date(text)
        header.province = header.province or _province(text.split(",")[0])
        add_fact(header, "date", lines)
        return
    header.province = header.province or _province(text)
    add_fact(header, "number" if number or BLANK_NUMBER.match(text) else "issuer", lines)


def _province(text: str) -> str:
    return canonical_province(text) or next((name for name, _, _ in find_provinces(text)), "")


def _is_preamble(text: str, first: bool) -> bool:
    """A preamble opens with «Căn cứ», «Thực hiện» … and ends as a sentence does; the first line behind the kind is
    the title even when it opens so."""
    folded = fold(text)
    if folded.startswith("can cu"):
        return True
    closed = not is_open(text) or text.rstrip().endswith(",")
    if is_upper(text):
        return False
    return bool(_PREAMBLE.match(folded) and closed and not first) or (words(text) > 25 and closed)


def _is_title(line: Line, titles: Sequence[Line]) -> bool:
    if fold(line.text).rstrip(":") in {fold(k) for k in KINDS}:
        return False
    if not titles:
        return not _is_preamble(line.text, first=True)
    if is_upper(line.text) and is_upper(titles[-1].text):
        return True
    return is_open(titles[-1].text) and (line.text[:1].islower() or bool(_TERM.match(fold(line.text))))


def _finish_title(titles: Sequence[Line], header: Header) -> None:
    if not titles:
        return
    text = " ".join(line.text for line in titles)
    kind = kind_line(text)
    if kind and header.kind and kind[0] != header.kind:
        kind = None  # a notice is called «Kết luận của …»
    header.title = kind[1] if kind and kind[1] else text
    header.kind = header.kind or (kind[0] if kind else "")
    add_fact(header, "title", titles)


def metadata_line(line: Line, header: Header) -> None:
    """«Số hiệu: 143/KH-UBND», «Kế hoạch 143/KH-UBND năm 2024 …»: fills what the letterhead did not say."""
    if named := NAMED_AHEAD.match(fold(line.text)):
        header.title = header.title or line.text[named.end() :].strip()
        add_fact(header, "metadata", [line])
        return
    key, value = (part.strip(" |") for part in re.split(r"[:|]", line.text.lstrip(" |"), maxsplit=1))
    key = fold(key)
    if key in ("so hieu", "so ky hieu", "so/ky hieu"):
        header.number = header.number or re.sub(r"\s", "", value)
    elif key == "nguoi ky":
        header.signer = header.signer or value
    elif key in ("ngay ban hanh", "ngay ky"):
        header.issued = header.issued or parse_date(value)
    elif key in ("noi ban hanh", "co quan ban hanh"):
        header.province = header.province or _province(value)
    elif key == "chuc danh":
        header.position = header.position or value
    elif key == "trich yeu":
        header.title = header.title or value
    elif key == "loai van ban":
        header.kind = header.kind or value
    add_fact(header, "metadata", [line])
