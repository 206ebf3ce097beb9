"""Which blocks of a page are the document's, and which the site put around and between them."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from ingest.clean import fold, is_upper, words
from ingest.kinds import KINDS
from ingest.model import Rank
from ingest.numbering import marker_of
from ingest.readers.html_blocks import Block, DataTable
from ingest.readers.html_furniture import document_root, is_inside, set_apart

_NATIONAL = re.compile(
    r"^cong hoa xa hoi chu nghia viet nam|^doc lap\s*[-.,]?\s*tu do|^dang cong san viet nam$|"
    r"^[^.;:,]{4,60} (?:cong hoa xa hoi chu nghia viet nam|doc lap\s*-\s*tu do\s*-\s*hanh phuc)$"  # beside the issuer
)
_LETTERHEAD = re.compile(
    r"^(?:(?:uy ban|hoi dong) nhan dan\b.{0,40}$|(?:ubnd|hdnd)\b.{0,40}$|so\s*:.{0,40}$|"
    r"so\s[\d._… ]*[-/]\s?[a-z].{0,40}$|v/v\s.{0,150}$|-{3,}|_{3,}|"
    r"(?:tinh|thanh pho|tp\.?)\s.{2,30}$|[a-z .-]{2,30},\s*ngay\s.{0,30}$|du thao\b.{0,20}$)"
)
_NUMBERED = re.compile(r"^so\s*:?\s*[\d._… ]*/[a-z]")
_CLOSING = re.compile(r"^\*?noi nhan\s*:?|^(?:tm|kt|tl|tuq)\.\s*[a-z]")
_APPENDIX = re.compile(r"^(?:PHỤ LỤC|Phụ lục|BIỂU|PHỤ BIỂU)(?:\s+(?:SỐ\s+|số\s+)?[IVXA-H\d]{1,5})?\s*(?:[.:–-].*)?$")
# Headings of what a site adds; whatever links stand below go with them.
_ADDED = re.compile(
    r"^(?:(?:cac )?(?:van ban|tin|bai viet|tin tuc|noi dung|thong tin|tai lieu|bai)\s+(?:lien quan|khac|cung (?:chuyen "
    r"muc|noi dung|loai|linh vuc)|moi(?: nhat)?|da dang|cu hon|moi hon|tiep theo|duoc quan tam|xem nhieu|noi bat|"
    r"doc nhieu|huong dan|hop nhat|sua doi|dinh chinh|thay the|dang xem|bi|duoc)\b.{0,60}$|co the ban quan tam|"
    r"(?:xem|doc) them\s*(?:[:»>.…]|tin\b|bai\b|van ban\b|$)|binh luan\b|y kien (?:ban doc|cua ban|phan hoi)|"
    r"phan hoi\s*(?:\(|$)|gui (?:binh luan|phan hoi|y kien)|tu khoa\s*:|tags?\s*:|the\s*:$|luoc do$|"
    r"(?:tep|file|tai lieu) dinh kem)"
)
_BUTTON = re.compile(
    r"^(?:tai (?:ve|van ban|file|xuong)\b.{0,60}$|in (?:trang|bai|an|van ban)\b.{0,20}$|ban in$|dang nhap$|dang ky$|"
    r"chia se(?:\s*:|\s+(?:qua|len|bai|tren|facebook|zalo|van ban|trang)\b.{0,20})?$|hay dang nhap|luu (?:tru|bai)$|"
    r"gop y$|thuoc tinh$|tieng anh$|(?:quay lai|tro ve)(?: (?:trang|dau|danh sach)\b.{0,20})?$|(?:ve|len) dau trang|"
    r"dau trang$|trang chu\b|gui email\b|gui cho ban be|facebook\b|zalo$|twitter$|copy link|so luot (?:xem|truy cap)|"
    r"luot xem\b|(?:tong )?(?:so )?luot truy cap|dang truy cap|truc tuyen\s*:|ngay dang\s*:|dang (?:luc|ngay)\b|"
    r"cap nhat(?: luc)?\s*:|nguon (?:tra cuu|tin|thu thap)\b|tac gia\s*:|danh gia (?:bai viet|van ban|noi dung)\b|"
    r"noi dung van ban dang|loading|ban quyen\b|copyright|©|\(c\)\s|giay phep\b|tong bien tap|"
    r"chiu trach nhiem (?:chinh|noi dung|quan ly)|co quan chu quan\s*:|don vi (?:chu quan|quan ly|thiet ke)\s*:|"
    r"dia chi\s*:|dien thoai\s*:|hotline|duong day nong\s*:|email\s*:|fax\s*:|website\s*:|https?://|www\.|"
    r"ghi ro nguon|thiet ke boi|\[?\s*(?:trang )?truoc\s*\]?$)"
)
_CITED = re.compile(
    r"^(?:ke hoach|quyet dinh|nghi quyet|chi thi|chuong trinh)\s+(?:so\s+)?\d+/[\w-]+\s+(?:nam\s+\d{4}|ngay)\s"
)
_SECTIONS = (Rank.ROMAN, Rank.ARTICLE, Rank.CHAPTER, Rank.PART)
_KINDS = frozenset(fold(kind) for kind in KINDS)
_SHORT = 14  # words of a line of the letterhead
_BACK = 6  # lines of it that may come before the national header: issuer, number, place
_LINKED = 0.85
_OPENING = 200  # characters; no pattern above looks further


def document_of(blocks: Sequence[Block], boxed: Collection[int] = ()) -> list[Block]:
    """The document's blocks, in order. What stands between its letterhead and its end is left out only where the page
    itself says that it is no text: a menu's element, links below a heading such as «Văn bản liên quan».

    Args:
        blocks: all that the page shows.
        boxed: `id` of the blocks that are lines of a box of facts.
    """

    def sign(block: Block) -> bool:
        return id(block) not in boxed and is_sign(block)

    kept = set_apart(blocks, sign, is_holder)
    root = document_root(kept, sign)
    kept = is_inside(kept, root) if root is not None else kept
    kept = _without_added(kept)
    first = next((i for i, block in enumerate(kept) if sign(block)), 0)
    kept = [block for i, block in enumerate(kept) if i >= first or id(block) not in boxed]
    kept = kept[_start(kept) :]
    return kept[: _end(kept, boxed)]


def is_sign(block: Block) -> bool:
    """Whether a block can only be the document's own: letterhead, section, signature, appendix, data table."""
    if is_link(block):
        return False
    if isinstance(block, DataTable):
        return True
    return is_holder(block) or _opening(block).startswith("can cu ") or _is_section(block)


def is_holder(block: Block) -> bool:
    """Whether what holds this block is no furniture, whatever its class is named."""
    if isinstance(block, DataTable) or is_link(block):
        return False
    folded = _opening(block)
    return bool(_NATIONAL.match(folded) or _CLOSING.match(folded) or _is_appendix(block) or _is_kind(block))


def has_letterhead(blocks: Sequence[Block]) -> bool:
    """Whether the national header is among the blocks."""
    return any(_is_national(block) for block in blocks)


def is_link(block: Block) -> bool:
    """Whether a block is nothing but links to other pages."""
    return block.linked > 0 and block.linked >= _LINKED * len(block.text.strip())


def _opening(block: Block) -> str:
    """How a block begins, folded: all that is asked of it, however long it is."""
    return fold(block.text[:_OPENING])


def _is_national(block: Block) -> bool:
    return not isinstance(block, DataTable) and bool(_NATIONAL.match(_opening(block)))


def _is_section(block: Block) -> bool:
    marker = None if isinstance(block, DataTable) else marker_of(block.text)
    return marker is not None and marker.rank in _SECTIONS and not is_link(block)


def _is_numbered(block: Block, dashes: bool) -> bool:
    """A numbered item, or one behind a dash; «• » is what pages put before links."""
    marker = None if isinstance(block, DataTable) or is_link(block) else marker_of(block.text)
    return marker is not None and (marker.rank is not Rank.BULLET or (dashes and marker.number in "-+"))


def _is_appendix(block: Block) -> bool:
    return _APPENDIX.match(block.text) is not None or (block.text.startswith("PHỤ LỤC") and is_upper(block.text))


def _is_kind(block: Block) -> bool:
    """«KẾ HOẠCH» alone on its line, in capitals: «Kế hoạch» is an entry of a menu as well."""
    return _opening(block).rstrip(":") in _KINDS and is_upper(block.text)


def _is_added(block: Block) -> bool:
    return not isinstance(block, DataTable) and bool(_ADDED.match(_opening(block).lstrip("•*·» ")))


def _is_button(block: Block) -> bool:
    return not isinstance(block, DataTable) and bool(_BUTTON.match(_opening(block).lstrip("•*·» []|")))


def _without_added(blocks: Sequence[Block]) -> list[Block]:
    """Drop tables of links, and headings such as «Văn bản liên quan» with the links or the list below them."""
    kept: list[Block] = []
    dropping = False
    for index, block in enumerate(blocks):
        if isinstance(block, DataTable):
            if dropping or is_link(block) or block.linked * 2 > len(block.text):
                continue
        elif is_link(block) and (dropping or _is_button(block) or _is_added(block)):
            dropping = dropping or _is_added(block)
            continue
        elif _is_added(block) and index + 1 < len(blocks) and _leads_away(blocks[index + 1]):
            dropping = True
            continue
        dropping = False
        kept.append(block)
    return kept


def _leads_away(block: Block) -> bool:
    return is_link(block) or (isinstance(block, DataTable) and block.linked > 0)


def _start(blocks: Sequence[Block]) -> int:
    """Index of the letterhead; where there is none, of the first block that is neither link, button nor date."""
    first = next((i for i, b in enumerate(blocks) if _is_section(b) or _is_kind(b)), len(blocks))
    national = [i for i, block in enumerate(blocks) if _is_national(block)]
    before = [i for i in national if i <= first and (i == 0 or i - 1 not in national)]
    if before:
        return _back(blocks, before[-1])
    if national and not any(map(_is_section, blocks[: national[0]])):
        return _back(blocks, national[0])
    numbered = [i for i in range(first) if _NUMBERED.match(_opening(blocks[i])) and not is_link(blocks[i])]
    if numbered:
        return _back(blocks, numbered[-1])
    start = 0
    while start < first and _is_idle(blocks[start]):
        start += 1
    return start


def _back(blocks: Sequence[Block], start: int) -> int:
    """The first line of a letterhead, from any of its lines: the issuer may stand above the national header."""
    first = start
    for index in range(start - 1, max(-1, start - 1 - _BACK), -1):
        block = blocks[index]
        if isinstance(block, DataTable) or is_link(block) or words(block.text) > _SHORT or _is_button(block):
            break
        if _LETTERHEAD.match(_opening(block)):
            first = index
        elif not is_upper(block.text):
            break
    return first


def _is_idle(block: Block) -> bool:
    """What stands above a text without letterhead and is none of it."""
    if isinstance(block, DataTable):
        return False
    return is_link(block) or _is_added(block) or _is_button(block) or not any(map(str.isalnum, block.text))


def _end(blocks: Sequence[Block], boxed: Collection[int]) -> int:
    """Index behind the document: the first thing of the site behind the signature and all appendices."""
    closing = [i for i, b in enumerate(blocks) if _is_closing(b)]
    last = [i for i, b in enumerate(blocks) if isinstance(b, DataTable) or _is_section(b) or _is_holder_of_more(b)]
    signed = closing[-1] if closing else len(blocks)
    added = next((i for i, b in enumerate(blocks) if i > signed and _is_added(b)), len(blocks))
    numbered = [i for i, b in enumerate(blocks) if _is_numbered(b, dashes=i < added)]
    goes_on = not closing or last[-1:] > closing[-1:]  # else a number behind the signature is a comment's
    behind = max([*closing[-1:], *last[-1:], *(numbered[-1:] if goes_on else [])], default=-1)
    for index in range(behind + 1, len(blocks)):
        block = blocks[index]
        added = is_link(block) or _is_added(block) or _is_button(block) or id(block) in boxed
        if added or _CITED.match(_opening(block)):
            return index
    return len(blocks)


def _is_closing(block: Block) -> bool:
    return not isinstance(block, DataTable) and not is_link(block) and bool(_CLOSING.match(_opening(block)))


def _is_holder_of_more(block: Block) -> bool:
    return not isinstance(block, DataTable) and not is_link(block) and (_is_appendix(block) or _is_national(block))
