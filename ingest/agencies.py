"""Names of agencies: many printed forms → one canonical name."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
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
    "trình|thường|trước|gửi|định kỳ|hằng|hàng|sơ kết|tổng kết|đào tạo|thu gom|nghiên cứu|phối|chủ động|và (?:các|Sở|"
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
_COLLECTIVE_LIST = re.compile(r"\b(?:cac\s+)?so,?\s*(?:ban,?\s*)?(?:nganh)?\s*:\s*")


@dataclass(frozen=True, slots=True)
class AgencySpan:
    """An agency found in a text: canonical name and character offsets."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Catalogue:
    pattern: re.Pattern[str]
    elliptic: re.Pattern[str]
    names: dict[str, str]


def _form_pattern(form: str) -> str:
    """A printed form → a pattern over folded text that ignores commas, dashes, «&» and «và»."""
    parts = [p for p in re.findall(r"[\w]+", fold(form)) if p != "va"]
    return _JOINT.join(re.escape(part) for part in parts)


def _abbreviation_pattern(abbreviation: str) -> str:
    """«Sở LĐTB&XH» → letters of capital words with any of «- & . space» between them."""
    pieces = []
    for word in abbreviation.split():
        letters = re.sub(r"[^\w]", "", fold(word))
        spelled = r"[-&.\s]?".join(letters) if word[:2].isupper() and len(letters) > 1 else re.escape(letters)
        pieces.append(spelled)
    return r"\s+".join(pieces)


@cache
def _catalogue() -> _Catalogue:
    text = resources.files("ingest").joinpath("data/agencies.toml").read_text("utf-8")
    forms: list[tuple[str, str]] = []
    elliptic: list[tuple[str, str]] = []
    for entry in tomllib.loads(text)["agency"]:
        name = entry["name"]
        forms += [(_form_pattern(form), name) for form in (name, *entry.get("forms", ()))]
        forms += [(_abbreviation_pattern(a), name) for a in entry.get("abbreviations", ())]
        elliptic += [(_form_pattern(form), name) for form in entry.get("elliptic", ())]
    # The longest pattern first: «Sở Văn hóa, Thể thao và Du lịch» before «Sở Văn hóa và Thể thao».
    pattern, names = _alternation(forms)
    elliptic_pattern, elliptic_names = _alternation(elliptic, prefix="e")
    return _Catalogue(pattern, elliptic_pattern, names | elliptic_names)


def _alternation(forms: list[tuple[str, str]], prefix: str = "a") -> tuple[re.Pattern[str], dict[str, str]]:
    ordered = sorted(forms, key=lambda pair: (-len(pair[0]), pair))
    names = {f"{prefix}{index}": name for index, (_, name) in enumerate(ordered)}
    branches = "|".join(f"(?P<{prefix}{index}>{pattern})" for index, (pattern, _) in enumerate(ordered))
    return re.compile(rf"(?<![\w])(?:{branches})(?![\w])"), names


def find_agencies(text: str) -> list[AgencySpan]:
    """Agencies of a text in order, without overlap; the canonical list first, then capitalised unlisted names."""
    folded = fold(text)
    spans = list(_matches(_catalogue().pattern, folded))
    spans += _elliptic(folded, spans)
    taken = [(s.start, s.end) for s in spans]
    for match in (*_COMMITTEE.finditer(text), *_UNLISTED.finditer(text)):
        if not any(start < match.end() and match.start() < end for start, end in taken):
            spans.append(AgencySpan(_tidy(match.group()), match.start(), match.end()))
    return sorted(spans, key=lambda span: span.start)


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


def canonical_agency(text: str) -> str | None:
    """The canonical name when the whole text is one agency's name, in any spelling; else None."""
    spans = find_agencies(text)
    bare = text.strip(" .;:-")
    if len(spans) != 1 or spans[0].end - spans[0].start < 0.8 * len(bare):
        return None
    return spans[0].name


def is_agency_list(text: str) -> bool:
    """Whether a cell reads as one or more agencies: it opens with one (a bullet dash may stand before it)."""
    spans = find_agencies(text)
    opening = len(text) - len(text.lstrip(' -–+"“'))
    return bool(spans) and spans[0].start <= opening + len("Đề nghị ")
