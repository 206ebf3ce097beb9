"""Words around a measure in a sentence: what leads in to it, what it counts, when it is to be reached.

Patterns are in the spelling of `index.text.normalise`, which keeps offsets: marks tell «đạt» from «đất».
"""

from __future__ import annotations

import re
from functools import lru_cache

from answer.indicators.rows import HEAD
from answer.indicators.values import Found, unit_key
from index.text import normalise

_YEAR = r"(?:19|20)[0-9]{2}"
_WHEN = (
    rf"(?:trong |vào |tính )?(?:đến |từ )?(?:hết |cuối )?(?:giai đoạn|năm|thời kì) {_YEAR}(?:\s*-\s*{_YEAR})?|"
    rf"(?:hàng|hằng|mỗi) năm"
)
_AIMS = (
    r"tiếp tục|phấn đấu|duy trì|giữ vững|giữ|bảo đảm|đảm bảo|dự kiến|hoàn thành|thực hiện|nâng|đạt được|đạt mức|đạt|"
    r"có|trong đó|đồng thời|và|với|là|ở mức|tại mức|mức|chiếm|còn|xuống còn|xuống|khoảng|xây dựng được|"
    r"khống chế|kiểm soát|toàn tỉnh|trên địa bàn(?: toàn)?(?: tỉnh)?|cả tỉnh|lên|trên|tỉ lệ"
)
_LEADING = re.compile(rf"^(?:[\s,;:.()+*•-]+|(?:{_WHEN}|{_AIMS})(?=[\s,;:]|$))")
_TRAILING = re.compile(rf"(?:[\s,;:()]+|(?<!\S)(?:{_WHEN}|{_AIMS}))$")
_LOWERED = re.compile(rf"^(?:giảm|hạ|kéo giảm)\s+(?={HEAD})")
_MARKER = re.compile(r"^(?:[-+•*]|\(?\w{1,3}[.)])\s+")
# Sentences end at full stops and semicolons; a colon parts what is spoken of from what is said.
SPLIT = re.compile(r"(?<=[;!?])\s*|(?<=[.])\s+|:\s+|\n")
# Only «, » or « và » and such words stand between a measure and one whose name follows.
LEAD_IN = re.compile(rf"(?:,|\bvà\b)\s*(?:(?:{_WHEN}|{_AIMS})[\s,]*)*$")
_HEADED = re.compile(rf"(?:^|,|\bvà\b|;)\s*(?:(?:{_WHEN}|{_AIMS}|các)\s+)*?(?={HEAD})")
_AIMED = re.compile(r",\s*(?=phấn đấu|dự kiến|bảo đảm|đảm bảo|mục tiêu|trong đó)")
# «… hiện hành bảo đảm 100% người có công …»: the words before tell how, not what.
_ENSURED = re.compile(
    r"(?:phấn đấu|bảo đảm|đảm bảo|duy trì|dự kiến)(?: (?:xây dựng|thực hiện|giải quyết|đạt|có))*(?: được)?$"
)
# What is said of the ones counted, and what they are counted per: shared by the measures before it.
_PREDICATE = re.compile(
    r"\b(?:được|tham gia|đạt|sử dụng|thuộc|bị|làm|hưởng|phải|tiếp cận|hoàn thành|đáp ứng|"
    r"có(?! công(?! trình| nghệ| cụ)| hoàn cảnh| thể| mức| nhu cầu))\b"
)
_RATE = re.compile(r"(?:\btrên|/)\s*[0-9][0-9.]*\s*(?:dân|người|trẻ|hộ)\b")
_ASIDE = re.compile(
    r"\s*,\s*(?:trong đó|nhất là|đặc biệt là|nhằm|góp phần|đồng thời|từ đó|ưu tiên)\b|\s(?:nhằm|để)\s|"
    rf"\s(?=trong (?:giai đoạn|năm) {_YEAR})"
)
_BY_YEAR = re.compile(rf"(?:^|\s)(?:(?:vào|đến|tới|trong|trước|cuối|hết)\s+)+(?:năm\s+)?{_YEAR}$")
_CORE = 4  # words that say enough: «được hưởng», «có bằng cấp» are none
_TIMES = frozenset({"tuoi", "thangtuoi", "nam", "thang", "tuan", "ngay", "gio", "phut", "buoi"})
_TIME_NAMED = re.compile(r"\b(?:tuổi thọ|số năm|thời gian|thời hạn|tuổi (?:trung bình|bình quân|kết hôn))\b")
_TITLED = re.compile(
    r"\b(?:đề án|chương trình|dự án|quyết định|nghị quyết|chiến lược|nghị định|thông tư|chỉ thị|kết luận)\b"
    r"(?P<rest>.*)$"
)
_GOAL = re.compile(
    r"\b(?:phấn đấu|dự kiến|đạt|ít nhất|tối thiểu|giải quyết|xây dựng|mỗi năm|hàng năm|hằng năm|bảo đảm|đảm bảo|"
    r"bố trí|hoàn thành|phát triển|thu hút|là)\b"
)
_REACHED = re.compile(r"\b(?:phấn đấu|dự kiến|đạt|bảo đảm|đảm bảo|là|có|chiếm|duy trì)\b")
_ATTRIBUTE = re.compile(r"\b(?:với|gồm|trong|cứ|theo|sau|đủ|học|ca|tổng đài|số máy|từ)\s*$")
_PER = re.compile(r"^\s*(?:dân|người|trẻ|hộ)\b")
_ADMINISTRATIVE = frozenset(
    {"huyện", "thị xã", "thành phố", "xã", "phường", "thị trấn", "quận", "tỉnh", "đặc khu", "thôn", "ấp", "tổ dân phố"}
)
_PERIOD = re.compile(rf"{_YEAR}\s*-\s*({_YEAR})")
_TARGET_YEAR = re.compile(rf"(?<!so với )\bnăm ({_YEAR})")


def same_length(text: str) -> str:
    """Normalised where that keeps offsets, else as it is."""
    normal = normalise(text)
    return normal if len(normal) == len(text) else text


def headed(text: str) -> bool:
    """Whether a name opens by saying that it is a measure: «tỷ lệ …», «số …»."""
    return re.match(HEAD, same_length(text)) is not None


def heads(text: str) -> list[int]:
    """Where the words «, tỷ lệ …», « và số …» begin in a text, each with its joint."""
    return [match.start() for match in _HEADED.finditer(same_length(text))]


def own_words(before: str) -> str:
    """Of the words before a measure those that name it."""
    before = _MARKER.sub("", before)
    normal = same_length(before)
    found = [match.end() for match in _HEADED.finditer(normal)]
    if found:
        return before[found[-1] :]
    if _ENSURED.search(normal.rstrip()):
        return ""
    aimed = [match.end() for match in _AIMED.finditer(normal)]
    return before[aimed[-1] :] if aimed else before


def strip_lead(text: str) -> str:
    """Without the verbs and dates that lead in: «Phấn đấu đến năm 2025 tỷ lệ …» is «tỷ lệ …»."""
    normal = same_length(text)
    start = 0
    while not re.match(HEAD, normal[start:]) and (match := _LEADING.match(normal[start:])):
        start += match.end()
    if match := _LOWERED.match(normal[start:]):
        start += match.end()
    return text[start:].strip()


def strip_tail(text: str) -> str:
    """Without the verbs and dates between a name and its measure: «… duy trì ở mức»."""
    end, normal = len(text), same_length(text)
    while (match := _TRAILING.search(normal[:end])) and match.start() < end:
        end = match.start()
    return text[:end].strip()


def without_year(name: str) -> str:
    """A name without the year by which it is to be reached: «tỷ lệ hộ nghèo vào năm 2026», «đến hết năm 2030»."""
    normal = same_length(name)
    match = _BY_YEAR.search(normal)
    return name[: match.start()].strip(" ,;.()") if match else name


def without_aside(text: str) -> str:
    """Up to «, nhất là …», « nhằm …», « trong giai đoạn …»."""
    match = _ASIDE.search(same_length(text))
    return (text[: match.start()] if match else text).strip(" ,;.()")


def is_target(found: Found, sentence: str, aims: bool) -> bool:
    """Whether a value says what is to be reached, and is no age, span of time, rate or part of a title.

    `aims`: the sentence stands under a heading of aims.
    """
    normal = same_length(sentence)
    before, behind = normal[: found.start], normal[found.end :]
    phrase = re.split(r"[,;:]", before)[-1]
    titled = _TITLED.search(phrase)
    if titled and not _REACHED.search(titled["rest"]):
        return False
    unit = unit_key(found.value.unit)
    if unit.startswith("%"):
        return True
    if unit in _TIMES:
        return _TIME_NAMED.search(phrase) is not None
    if _ATTRIBUTE.search(before) or (_RATE.match(normal[found.start :]) and _PER.match(behind)):
        return False  # «33 điều dưỡng viên trên 10.000 dân»
    if not unit and not re.match(r"\s+[^\W\d_]{2}", behind):
        return False
    return aims or _GOAL.search(before) is not None


def shared_tail(name: str, counted: bool) -> int | None:
    """Where the words begin that measures before may share: what is said of those counted, or «trên 10.000 dân»."""
    match = (_RATE if counted else _PREDICATE).search(same_length(name))
    return match.start() if match else None


def core(name: str) -> str:
    """A name without what stands behind a comma of what is said: «… được tham gia hoạt động văn hóa, xem …»."""
    normal = same_length(name)
    verb = _PREDICATE.search(normal)
    comma = normal.find(", ", verb.end()) if verb else -1
    return name[:comma] if verb and len(normal[verb.start() : comma].split()) > _CORE and comma > 0 else ""


def enumerated(name: str) -> list[str]:
    """«hộ gia đình, trường học, trạm y tế có nhà vệ sinh» are three indicators; «xã, phường, thị trấn» are one thing.

    Of fewer than three things the comma may mean anything.
    """
    verb = _PREDICATE.search(same_length(name))
    if verb is None:
        return [name]
    subject, said = name[: verb.start()].strip(), name[verb.start() :]
    items = [item.strip() for item in re.split(r",\s+(?:và\s+)?|\s+và\s+", subject) if item.strip()]
    plain = {normalise(item) for item in items}
    if len(items) < 3 or subject.count(",") < len(items) - 2 or plain & _ADMINISTRATIVE:
        return [name]
    return [f"{item} {said}" for item in items]


@lru_cache(maxsize=4096)
def last_year(text: str, period: bool = False) -> int | None:
    """The year that a text sets: the end of the first period, else the first «năm …»; `period`: of periods only."""
    normal = normalise(text)
    if match := _PERIOD.search(normal):
        return int(match[1])
    match = None if period else _TARGET_YEAR.search(normal)
    return int(match[1]) if match else None
