"""Cut a plan's lines into letterhead, body, closing block, appendices, and what a web page put around it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.clean import fold, is_upper, words
from ingest.model import Line
from ingest.numbering import marker_of
from ingest.tables.columns import is_tt

LETTERHEAD = re.compile(
    r"^(?:(?:(?:uy|hoi dong) ?(?:ban )?nhan dan|ubnd|hdnd)\b.{0,40}$|cong hoa xa hoi chu nghia|doc lap\s*-\s*tu do|"
    r"so\s*:|so\s+\d+\s*/[a-z]|"
    r"(?:tinh|thanh pho|tp\.?)\s+[a-z -]{3,30}$|[a-z .-]{2,30},\s*ngay\s(?:.{0,12}\bthang\b|\d{1,2}/\d{1,2}/\d{4})|"
    r"du thao\b.{0,20}$)"
)
METADATA = re.compile(
    r"^(?:so hieu|so ky hieu|so/ky hieu|loai van ban|noi ban hanh|co quan ban hanh|nguoi ky|ngay ban hanh|ngay ky|"
    r"ngay hieu luc|ngay co hieu luc|tinh trang|trich yeu|chuc danh|linh vuc)\s*:"
)
# «Kế hoạch 87/KH-UBND năm 2023 về …»: how a legal database names the document
NAMED = re.compile(
    r"^(?:ke hoach|quyet dinh|nghi quyet|chi thi|chuong trinh)\s+(?:so\s+)?\d+/[\w-]+\s+(?:nam\s+\d{4}|ngay)\s"
)
_CHROME = re.compile(
    r"^(?:bo loc|tai van ban|tai ve|luu tru|gop y|thuoc tinh|noi dung$|tieng anh|luoc do|van ban (?:duoc|bi|lien quan|"
    r"huong dan|hop nhat|sua doi|dinh chinh|thay the|dang xem|goc|tieng)|noi dung van ban dang|loading|dang nhap|"
    r"hay dang nhap|dang ky|trang chu|in trang|chia se|quay lai|nguon tra cuu|nguon\s*:|xem them|tim kiem|menu|"
    r"ban quyen|copyright|https?:|www\.|facebook|zalo|gui email|ve dau trang|so luot xem|chi tiet van ban|"
    r"file dinh kem|tep dinh kem|muc luc|ban in|cap nhat luc)"
)
_CLOSING = re.compile(r"^(?:\*?noi nhan\s*:?|(?:tm|kt|tl|tuq|q)\.\s*[a-z])")
_POSITION = re.compile(
    r"^(?:q\.\s*)?(?:pho\s+)?(?:chu tich|giam doc|chanh van phong|bi thu|cuc truong|thu truong|bo truong)\b"
)
_APPENDIX = re.compile(
    r"^(?:PHỤ LỤC|Phụ lục|BIỂU|Biểu)(?:\s+(?:SỐ|số|MẪU|mẫu))?\s*(?P<n>[IVX]{1,5}|\d{1,2}|[A-H])?"
    r"(?:\s*[.:–-]\s*(?P<title>.*)|\s+(?P<tail>.+))?$"
)
_PAGE_NUMBER = re.compile(r"^(?:-\s*)?\d{1,3}(?:\s*-)?$|^(?:Trang|trang)\s+\d+(?:\s*/\s*\d+)?$")


@dataclass(slots=True)
class Appendix:
    """One appendix: the printed number («PHỤ LỤC I»), a title on the same line, the lines of its head and content."""

    number: str
    title: str
    head: Line | None
    lines: list[Line]


@dataclass(slots=True)
class Regions:
    """The parts of a file in order; `discarded` maps a line number to the reason."""

    head: list[Line] = field(default_factory=list)
    body: list[Line] = field(default_factory=list)
    closing: list[Line] = field(default_factory=list)
    appendices: list[Appendix] = field(default_factory=list)
    metadata: list[Line] = field(default_factory=list)
    discarded: dict[int, str] = field(default_factory=dict)


def split_regions(lines: Sequence[Line]) -> Regions:
    """Cut the file. Blank lines stay in their region: they separate paragraphs and table cells."""
    regions = Regions()
    lines = _without_chrome(list(lines), regions)
    lines = _without_page_furniture(lines, regions)
    starts = [i for i in range(len(lines)) if _appendix_start(lines, i)]
    main = lines[: starts[0]] if starts else lines
    body_start = _body_start(main)
    closing_start = _closing_start(main, body_start)
    closing_end = _closing_end(main, closing_start)
    regions.head = main[:body_start]
    regions.body = main[body_start:closing_start]
    regions.closing = main[closing_start:closing_end]
    rest = main[closing_end:]
    if any(line.text for line in rest):  # a table behind the signature without an appendix heading
        regions.appendices.append(Appendix("", "", None, list(rest)))
    for start, end in zip(starts, [*starts, len(lines)][1:], strict=True):
        regions.appendices.append(_appendix(lines[start:end]))
    return regions


def _without_chrome(lines: list[Line], regions: Regions) -> list[Line]:
    """A web page's furniture: before the letterhead, and at the tail from the first such line on."""
    start = _letterhead_start(lines)
    for line in lines[:start]:
        _set_aside(line, regions)
    end = _tail_start(lines, start)
    for line in lines[end:]:
        _set_aside(line, regions)
    return lines[start:end]


def _set_aside(line: Line, regions: Regions) -> None:
    if not line.text:
        return
    if METADATA.match(fold(line.text)) or NAMED.match(fold(line.text)):
        regions.metadata.append(line)
    else:
        regions.discarded[line.number] = "khung trang web"


def _letterhead_start(lines: list[Line]) -> int:
    """Index of the letterhead when only furniture stands before it, else 0."""
    filled = [i for i, line in enumerate(lines) if line.text][:80]
    first = next((i for i in filled if LETTERHEAD.match(fold(lines[i].text))), None)
    if first is None:
        return 0
    before = [lines[i].text for i in filled if i < first]
    if any(_CHROME.match(_bare(text)) or METADATA.match(fold(text)) for text in before):
        return first if all(words(text) <= 12 or METADATA.match(fold(text)) for text in before) else 0
    return 0


def _is_furniture(text: str) -> bool:
    return bool(_CHROME.match(_bare(text)) or METADATA.match(fold(text)) or NAMED.match(fold(text)))


def _bare(text: str) -> str:
    return fold(text).lstrip("•*-–· ").strip()


def _tail_start(lines: list[Line], start: int) -> int:
    """Index from which only furniture and metadata follow; the end where there is none."""
    filled = [i for i in range(start, len(lines)) if lines[i].text]
    flags = {i: _is_furniture(lines[i].text) for i in filled}
    best = len(lines)
    furniture = 0
    for seen, index in enumerate(reversed(filled), start=1):
        furniture += flags[index]
        if seen - furniture > 4 and furniture < 0.6 * seen:
            break
        if flags[index] and furniture >= 0.6 * seen:
            best = index
    return best


def _without_page_furniture(lines: list[Line], regions: Regions) -> list[Line]:
    """Drop rules and page numbers. A lone number is a page number only between paragraphs, never in a table."""
    kept = []
    in_table = False
    for index, line in enumerate(lines):
        in_table = in_table or is_tt(line.text) or line.text.startswith("|")
        blank = not line.text
        if _is_rule(line.text):
            regions.discarded[line.number] = "đường kẻ"
        elif not blank and not in_table and _PAGE_NUMBER.match(line.text) and index > 0:
            regions.discarded[line.number] = "số trang"
        else:
            kept.append(line)
            continue
        kept.append(Line(line.number, "", ""))
    return kept


def _is_rule(text: str) -> bool:
    return len(text) >= 3 and not text.strip("-_=*~ ")


def _appendix_start(lines: Sequence[Line], index: int) -> bool:
    """«PHỤ LỤC I» at the head of an appendix: a line of its own, or with a title, never a mention in a sentence."""
    text = lines[index].text
    match = _APPENDIX.match(text)
    if match is None:
        return False
    if match["tail"]:  # «PHỤ LỤC DANH MỤC …», but not «Phụ lục I kèm theo …»
        return is_upper(text)
    title = match["title"] or ""
    if title and not is_upper(text) and words(title) > 30:
        return False
    return bool(match["n"]) or is_upper(text)


def _appendix(lines: list[Line]) -> Appendix:
    text = lines[0].text
    match = _APPENDIX.match(text)
    title = (match["title"] or match["tail"] or "") if match else ""
    number = text[: len(text) - len(title)] if title else text
    return Appendix(number.strip(" .:–-"), title.strip(), lines[0], lines[1:])


def _body_start(lines: Sequence[Line]) -> int:
    """The first numbered section: a Roman or lettered heading, a chapter, an article, or an Arabic 1."""
    for index, line in enumerate(lines):
        marker = marker_of(line.text)
        if marker is None or LETTERHEAD.match(fold(line.text)):
            continue
        if marker.rank.value in {"part", "chapter", "article"}:
            return index
        if marker.rank.value in {"division", "roman", "arabic"} and marker.value == 1:
            return index
    return len(lines)


def _closing_start(lines: Sequence[Line], start: int) -> int:
    """Recipients or signature, whichever comes first."""
    for index in range(start, len(lines)):
        folded = fold(lines[index].text)
        position = _POSITION.match(folded) and is_upper(lines[index].text) and words(folded) <= 5 and "," not in folded
        if _CLOSING.match(folded) or (position and _is_signed(lines, index)):
            return index
    return len(lines)


def _is_signed(lines: Sequence[Line], index: int) -> bool:
    """Whether a position in capitals is a signature: a person's name follows before anything numbered."""
    for line in [line for line in lines[index + 1 :] if line.text][:6]:
        if marker_of(line.text) is not None:
            return False
        if re.fullmatch(r"[A-ZĐÀ-Ỹ][a-zà-ỹđ]*(?: [A-ZĐÀ-Ỹ][a-zà-ỹđ]*){1,4}", line.text):
            return True
    return index + 1 >= len(lines) or not any(line.text for line in lines[index + 1 :])


def _closing_end(lines: Sequence[Line], start: int) -> int:
    """Behind the closing block: recipients and signature, up to a table or a numbered section."""
    for index in range(start, len(lines)):
        marker = marker_of(lines[index].text)
        section = marker is not None and marker.rank.value in {"roman", "article", "chapter", "division"}
        first = marker is not None and marker.rank.value == "arabic" and marker.value == 1
        if is_tt(lines[index].text) or lines[index].text.startswith("|") or section or first:
            return index
    return len(lines)
