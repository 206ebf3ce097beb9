"""Names of agencies: many printed forms → one canonical name."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import resources

from ingest.clean import fold

# Words that stand between the parts of a name in one form and not in another.
_JOINT = r"(?:[\s,.;&/-]|\bva\b)*"
# An agency that the list does not hold: its head word, a capitalised word, then on to punctuation or a verb.
_HEADS = (
    "Sở|Ban|Cục|Chi cục|Hội|Liên hiệp|Liên đoàn|Liên minh|Viện|Trường|Trung tâm|Văn phòng|Quỹ|Công ty|Báo|Đài|"
    "Thanh tra|Ngân hàng|Bộ|Tổng cục|Chi nhánh|Hiệp hội|Bệnh viện|Bưu điện|Bảo tàng|Phòng"
)
_STOP = (
    "chủ trì|phối hợp|có|là|tổ chức|thực hiện|triển khai|tham mưu|tham gia|chịu|theo dõi|hướng dẫn|căn cứ|báo cáo|"
    "đôn đốc|tăng cường|tiếp|rà soát|đẩy mạnh|để|khi|trong|của|cùng|tại|giao|được|ban hành|quyết định|cân đối|bố trí|"
    "trình|thường|trước|gửi|định kỳ|hằng|hàng|sơ kết|tổng kết|đào tạo|thu gom|nghiên cứu|"
    "kiểm tra|giám sát|đề xuất|phối|chủ động|và (?:các|Sở|"
    "Ban|Ủy|UBND|đơn)"
)
_UNLISTED = re.compile(
    rf"\b(?:{_HEADS})\s+(?=[A-ZĐÀ-Ỹ])(?:(?!(?:{_STOP})\b)[\w/&-]+)(?: (?!(?:{_STOP})\b)[\w/&-]+){{0,9}}"
)
# «UBND huyện Văn Chấn», «Ủy ban nhân dân thành phố Đà Lạt»: one People's Committee by its proper name.
_COMMITTEE = re.compile(
    r"(?<!\w)(?:UBND|(?:Ủy|Uỷ) ban nhân dân)\s+(?:huyện|thị xã|thành phố|TP\.?|quận|xã|phường|thị trấn)"
    r"(?:\s+[A-ZĐÀ-Ỹ][\wÀ-ỹ]*){1,4}"
)
# «cơ sở giáo dục», «số lao động» hold no «Sở». Folded text would not tell «cơ sở» from «có Sở», «số» from «sở».
_OTHER_WORD = re.compile(r"(?<!\w)(?:cơ|trụ)\s+$", re.IGNORECASE)
_COLLECTIVE_LIST = re.compile(r"\b(?:cac\s+)?so,?\s*(?:ban,?\s*)?(?:nganh)?\s*:\s*")


@dataclass(frozen=True, slots=True)
class AgencySpan:
    """An agency found in a text: canonical name and character offsets."""

    name: str
    start: int
    end: int


_Form = tuple[list[str], str]  # patterns of the words of a printed form, canonical name


@dataclass(slots=True)
class _Node:
    """A beginning that forms share: what may follow, and the agency if a form ends here."""

    next: dict[str, _Node] = field(default_factory=dict)
    name: str = ""


@dataclass(frozen=True, slots=True)
class _Catalogue:
    pattern: re.Pattern[str]
    elliptic: re.Pattern[str]
    names: dict[str, str]


def _form_pieces(form: str) -> list[str]:
    """A printed form → patterns of its words over folded text, ignoring commas, dashes, «&» and «và» between them."""
    first, *others = (re.escape(part) for part in re.findall(r"[\w]+", fold(form)) if part != "va")
    return [first, *(_JOINT + part for part in others)]


def _abbreviation_pieces(abbreviation: str) -> list[str]:
    """«Sở LĐTB&XH» → letters of capital words with any of «- & . space» between them."""
    pieces: list[str] = []
    for word in abbreviation.split():
        letters = re.sub(r"[^\w]", "", fold(word))
        spelled = r"[-&.\s]?".join(letters) if word[:2].isupper() and len(letters) > 1 else re.escape(letters)
        pieces.append((r"\s+" if pieces else "") + spelled)
    return pieces


@cache
def _catalogue() -> _Catalogue:
    text = resources.files("ingest").joinpath("data/agencies.toml").read_text("utf-8")
    forms: list[_Form] = []
    elliptic: list[_Form] = []
    for entry in tomllib.loads(text)["agency"]:
        name = entry["name"]
        forms += [(_form_pieces(form), name) for form in (name, *entry.get("forms", ()))]
        forms += [(_abbreviation_pieces(a), name) for a in entry.get("abbreviations", ())]
        elliptic += [(_form_pieces(form), name) for form in entry.get("elliptic", ())]
    names: dict[str, str] = {}
    return _Catalogue(_one_pattern(forms, names), _one_pattern(elliptic, names), names)


def _one_pattern(forms: Sequence[_Form], names: dict[str, str]) -> re.Pattern[str]:
    """One pattern for all forms, in which forms that begin alike share their beginning; `names` gets its groups.

    The engine tries some 30 first words at a position instead of 200 forms. Of forms that continue one another the
    longest wins: «Sở Văn hóa, Thể thao và Du lịch» before «Sở Văn hóa và Thể thao».
    """
    tree = _Node()
    for pieces, name in forms:
        node = tree
        for piece in pieces:
            node = node.next.setdefault(piece, _Node())
        node.name = node.name or name
    return re.compile(rf"(?<!\w)(?:{_branches(tree, names)})")


def _branches(node: _Node, names: dict[str, str]) -> str:
    """Alternatives behind a node, the longest piece first; an end of a form is an empty group of its own."""
    ordered = sorted(node.next.items(), key=lambda item: (-len(item[0]), item[0]))
    branches = [f"{piece}(?:{_branches(child, names)})" for piece, child in ordered]
    if node.name:
        group = f"a{len(names)}"
        names[group] = node.name
        branches.append(rf"(?!\w)(?P<{group}>)")
    return "|".join(branches)


def agency_names() -> tuple[str, ...]:
    """The canonical names of the list, in alphabetical order."""
    return tuple(sorted(set(_catalogue().names.values())))


@lru_cache(maxsize=4096)  # a column of a table repeats its cells, and several steps of parsing ask about one line
def find_agencies(text: str) -> tuple[AgencySpan, ...]:
    """Agencies of a text in order, without overlap; the canonical list first, then capitalised unlisted names."""
    folded = fold(text)
    spans = [s for s in _matches(_catalogue().pattern, folded) if not _is_other_word(text, s.start)]
    spans += _elliptic(folded, spans)
    taken = [(s.start, s.end) for s in spans]
    for match in (*_COMMITTEE.finditer(text), *_UNLISTED.finditer(text)):
        if not any(start < match.end() and match.start() < end for start, end in taken):
            spans.append(AgencySpan(_tidy(match.group()), match.start(), match.end()))
    return tuple(sorted(spans, key=lambda span: span.start))


def _is_other_word(text: str, start: int) -> bool:
    """Whether what reads «so» without diacritics is no «Sở»."""
    word = text[start : start + 2].lower()
    if fold(word) != "so" or text[start + 2 : start + 3].isalpha():
        return False
    return word not in ("so", "sở") or bool(_OTHER_WORD.search(text[:start]))


def _matches(pattern: re.Pattern[str], folded: str, offset: int = 0) -> Iterator[AgencySpan]:
    names = _catalogue().names
    for match in pattern.finditer(folded):
        if match.lastgroup is not None:
            yield AgencySpan(names[match.lastgroup], match.start() + offset, match.end() + offset)


def _elliptic(folded: str, known: list[AgencySpan]) -> list[AgencySpan]:
    """«Các Sở, ngành: Y tế, Xây dựng, …»: after such a lead-in names stand without «Sở»."""
    lead_in = _COLLECTIVE_LIST.search(folded)
    if lead_in is None:
        return []
    stop = re.search(r"\b(?:can cu|chu tri|phoi hop|co trach nhiem|to chuc)\b|[.;]", folded[lead_in.end() :])
    end = lead_in.end() + stop.start() if stop else len(folded)
    found = _matches(_catalogue().elliptic, folded[lead_in.end() : end], lead_in.end())
    return [s for s in found if not any(k.start < s.end and s.start < k.end for k in known)]


def _tidy(name: str) -> str:
    return re.sub(r"\s+", " ", name).strip(" ,-")


def is_agency_list(text: str) -> bool:
    """Whether a cell reads as one or more agencies: it opens with one (a bullet dash may stand before it)."""
    spans = find_agencies(text)
    opening = len(text) - len(text.lstrip(' -–+"“'))
    return bool(spans) and spans[0].start <= opening + len("Đề nghị ")
