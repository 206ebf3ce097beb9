"""Cut a plan's lines into letterhead, body, closing block, appendices, and what a web page put around it."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, field

from ingest.attached import attached_name, attachment_starts
from ingest.clean import fold, is_upper, words
from ingest.letterhead import LETTERHEAD, is_cut, is_letterhead, spread_layout
from ingest.model import Line
from ingest.numbering import marker_of
from ingest.signature import CLOSING, is_name, is_position
from ingest.tables.columns import is_tt
from ingest.tables.find import BAR

METADATA = re.compile(
    r"^(?:\| ?)?(?:so hieu|so ky hieu|so/ky hieu|loai van ban|noi ban hanh|co quan ban hanh|nguoi ky|ngay ban hanh|"
    r"ngay ky|ngay hieu luc|ngay co hieu luc|tinh trang|trich yeu|chuc danh|linh vuc)\s*[:|]"
)
# «Kế hoạch 87/KH-UBND năm 2023 về …»: how a legal database names the document, above it in other words too
_NAMED = r"^(?:ke hoach|quyet dinh|nghi quyet|chi thi|chuong trinh)\s+(?:so\s+)?\d+/[\w/-]+\s+"
NAMED = re.compile(_NAMED + r"(?:nam\s+\d{4}|ngay)\s")
NAMED_AHEAD = re.compile(_NAMED + r"(?:nam\s+\d{4}|ngay|ve|phe duyet|ban hanh|thuc hien|trien khai)\s")
_CHROME = re.compile(
    r"^(?:bo loc|tai van ban|tai ve|luu tru|gop y|thuoc tinh|noi dung$|tieng anh|luoc do|van ban (?:duoc|bi|lien quan|"
    r"huong dan|hop nhat|sua doi|dinh chinh|thay the|dang xem|goc|tieng)|noi dung van ban dang|loading|dang nhap|"
    r"hay dang nhap|dang ky|trang chu|in trang|chia se|quay lai|nguon tra cuu|nguon\s*:|xem them|tim kiem|menu|"
    r"ban quyen|copyright|https?:|www\.|facebook|zalo|gui email|ve dau trang|so luot xem|chi tiet van ban|"
    r"file dinh kem|tep dinh kem|muc luc|ban in|cap nhat luc)"
)
_APPENDIX = re.compile(
    r"^(?:PHỤ LỤC|Phụ lục|BIỂU|Biểu)(?:\s+(?:SỐ|số|MẪU|mẫu))?\s*(?P<n>[IVX]{1,5}|\d{1,2}|[A-H])?"
    r"(?:\s*[.:–-]\s*(?P<title>.*)|\s+(?P<tail>.+))?$"
)
_FOLLOWS = re.compile(r"\b(?:nhu sau|sau day|sau)\s*:\s*$")
_PAGE_NUMBER = re.compile(r"^(?:-\s*)?\d{1,3}(?:\s*-)?$|^(?:Trang|trang)\s+\d+(?:\s*/\s*\d+)?$")


@dataclass(slots=True)
class Appendix:
    """One appendix: the printed number («PHỤ LỤC I», «QUY CHẾ»), a title on the same line, the lines of its head and
    content, and of the signature below an attached document."""

    number: str
    title: str
    head: Line | None
    lines: list[Line]
    closing: list[Line] = field(default_factory=list)
    attached: bool = False  # a document of its own behind a decision


@dataclass(slots=True)
class Regions:
    """The parts of a file in order; `discarded` maps a line number to the reason."""

    head: list[Line] = field(default_factory=list)
    body: list[Line] = field(default_factory=list)
    closing: list[Line] = field(default_factory=list)
    appendices: list[Appendix] = field(default_factory=list)
    metadata: list[Line] = field(default_factory=list)
    discarded: dict[int, str] = field(default_factory=dict)


def split_regions(lines: Sequence[Line], cells: Set[int] = frozenset()) -> Regions:
    """Cut the file. Blank lines stay in their region: they separate paragraphs and table cells.

    Args:
        lines: of the file.
        cells: numbers of the lines that stand in real tables: a lone number there is no page number.
    """
    regions = Regions()
    lines, empty = spread_layout(lines)
    regions.discarded.update(dict.fromkeys(empty, "đường kẻ"))
    lines = _without_chrome(lines, regions)
    lines = _without_page_furniture(lines, regions, cells)
    appendices = [i for i in range(len(lines)) if _appendix_start(lines, i)]
    body_start = _body_start(lines[: appendices[0]] if appendices else lines)
    attached = attachment_starts(lines, body_start, _closing_start(lines, body_start), appendices)
    starts = sorted({*appendices, *attached})
    main = lines[: starts[0]] if starts else lines
    closing_start = _closing_start(main, body_start)
    closing_end = _closing_end(main, closing_start)
    regions.head = main[:body_start]
    regions.body = main[body_start:closing_start]
    regions.closing = _without_next_letterhead(main[closing_start:closing_end], regions)
    rest = main[closing_end:]
    if any(line.text for line in rest):  # a table behind the signature without an appendix heading
        regions.appendices.append(Appendix("", "", None, list(rest)))
    for start, end in zip(starts, [*starts, len(lines)][1:], strict=True):
        cut = _attached if start in attached else _appendix
        regions.appendices.append(cut(_without_next_letterhead(lines[start:end], regions)))
    return regions


def _without_next_letterhead(lines: list[Line], regions: Regions) -> list[Line]:
    """An attached document repeats the letterhead: behind a signature or an appendix, above its name."""
    end = len(lines)
    while end and (not lines[end - 1].text or is_letterhead(lines[end - 1].text)):
        end -= 1
    again = [line for line in lines[end:] if line.text]
    if not any(fold(line.text).startswith(("cong hoa xa hoi", "doc lap")) for line in again):
        return lines
    regions.discarded.update({line.number: "quốc hiệu lặp lại" for line in again})
    return lines[:end]


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
    if METADATA.match(fold(line.text)) or NAMED_AHEAD.match(fold(line.text)):
        regions.metadata.append(line)
    else:
        regions.discarded[line.number] = "khung trang web"


def _letterhead_start(lines: list[Line]) -> int:
    """Index of the letterhead when only furniture stands before it, else 0."""
    filled = [i for i, line in enumerate(lines) if line.text][:80]
    first = next((i for i in filled if LETTERHEAD.match(fold(lines[i].text)) or is_cut(lines[i].text)), None)
    if first is None:
        return 0
    before = [lines[i].text for i in filled if i < first]
    if any(_CHROME.match(_bare(text)) or METADATA.match(fold(text)) for text in before):
        known = (words(text) <= 12 or METADATA.match(fold(text)) or NAMED_AHEAD.match(fold(text)) for text in before)
        return first if all(known) else 0
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


def _without_page_furniture(lines: list[Line], regions: Regions, cells: Set[int]) -> list[Line]:
    """Drop rules and page numbers. A lone number is a page number only between paragraphs, never in a table."""
    kept = []
    in_table = False
    for index, line in enumerate(lines):
        in_table = in_table or is_tt(line.text) or line.text.startswith("|")
        blank = not line.text
        if line.number in cells:
            kept.append(line)
            continue
        if _is_rule(line.text):
            regions.discarded[line.number] = "đường kẻ"
        elif not blank and not in_table and _PAGE_NUMBER.match(line.text) and index > 0:
            regions.discarded[line.number] = "số trang"
        else:
            kept.append(line)
            continue
        kept.append(Line(line.number, "", BAR if line.text == BAR else ""))
    return kept


def _is_rule(text: str) -> bool:
    return text == BAR or (len(text) >= 3 and not text.strip("-_=*~ "))


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


def _attached(lines: list[Line]) -> Appendix:
    """An attached document, its own signature apart."""
    number, title = attached_name(lines[0].text)
    end = _closing_start(lines, 1)
    return Appendix(number, title, lines[0], lines[1:end], lines[end:], attached=True)


def _body_start(lines: Sequence[Line]) -> int:
    """Behind «… như sau:», else the first numbered section: a Roman or lettered heading, a chapter, an article, or an
    Arabic 1; in a document without numbers where the signature begins."""
    for index, line in enumerate(lines):
        if _FOLLOWS.search(fold(line.text)):
            return index + 1
        marker = marker_of(line.text)
        if marker is None or LETTERHEAD.match(fold(line.text)):
            continue
        if marker.rank.value in {"part", "chapter", "article"}:
            return index
        if marker.rank.value in {"division", "roman", "arabic"} and marker.value == 1:
            return index
    return _closing_start(lines, 0)


def _closing_start(lines: Sequence[Line], start: int) -> int:
    """Recipients or signature, whichever comes first."""
    for index in range(start, len(lines)):
        folded = fold(lines[index].text)
        if CLOSING.match(folded) or (is_position(lines[index].text) and _is_signed(lines, index)):
            return index
    return len(lines)


def _is_signed(lines: Sequence[Line], index: int) -> bool:
    """Whether a position in capitals is a signature: a person's name follows before anything numbered."""
    for line in [line for line in lines[index + 1 :] if line.text][:6]:
        if marker_of(line.text) is not None:
            return False
        if is_name(line.text):
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
