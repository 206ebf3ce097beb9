"""What a question asks for."""

from __future__ import annotations

import re
from enum import StrEnum

from answer.cited import ASKED_KIND, OTHER_PLAN


class Intent(StrEnum):
    """Kind of a question; it decides where an answer is looked for and what must be there."""

    LEAD = "lead"
    COORDINATING = "coordinating"
    TASKS = "tasks"
    TARGET = "target"
    DEADLINE = "deadline"
    FUNDING = "funding"
    BASIS = "basis"
    METADATA = "metadata"
    GENERAL = "general"


_DOCUMENT = r"(?:ke hoach|van ban|quyet dinh|nghi quyet|chi thi|cong van)"

# «… thì xử lý thế nào?»: how, whoever else the question names.
_MANNER = r"\b(?:(?:ra|lam|xu(?: ly)?|tinh|(?:hieu )?la) sao|(?:nhu )?the nao|bang cach nao|cach nao)(?: (?:vay|the|a|nhi|day))?$"
# «ưu tiên những ai», «đối tượng nào»: people that something is done for, not who does it.
_FOR_WHOM = (
    r"\bnhung ai\b|\b(?<!giao )cho (?:nhung )?ai\b|\b(?:ho tro|giup|uu tien|gom) (?:nhung )?ai\b|\bdoi tuong nao\b"
)
_PLAN = r"\b(?:ke hoach|van ban)\b(?: (?:nay|so|thang|nam|cua|tinh|ubnd|\d\S*)){0,5}"
_PERIOD = r"(?:tu nam nao|den nam nao|giai doan nao|(?:trong )?thoi gian nao|thoi ky nao|may nam|bao lau|bao nhieu nam)"

# The first pattern that matches decides. All are written for folded text, so that they hold without diacritics.
_PATTERNS: tuple[tuple[Intent, re.Pattern[str]], ...] = (
    (Intent.BASIS, re.compile(rf"\b{ASKED_KIND}|\blam can cu\b|{OTHER_PLAN}")),
    (
        Intent.METADATA,
        re.compile(
            r"\b(?:ai|nguoi nao|lanh dao nao|ong nao|ba nao)(?: la nguoi)? (?:da )?(?:ky|ki)\b|\b(?:dung ten|dat but) k[yi]\b|"
            r"\b(?:nguoi|chu) k[yi]\b|"
            r"\bdo ai k[yi]\b|\bk[yi] (?:ngay|khi) nao\b|\bra (?:doi )?(?:vao )?(?:ngay|khi|hoi) nao\b|\bso (?:hieu|"
            r"ky hieu|van ban|ke hoach(?! (?:va )?dau tu))\b|"
            rf"\b{_DOCUMENT}\b.{{0,40}}\b(?:so may|so bao nhieu|mang so|ten (?:la )?gi|ten day du)\b|"
            r"\bban hanh (?:vao )?(?:ngay|khi|luc|nam|thang|hoi) ?(?:nao|may)?|\bngay (?:thang )?ban hanh\b|"
            r"\bban hanh (?:bao gio|tu bao gio)\b|\bnoi nhan\b|\bgui (?:cho )?nhung noi nao\b|"
            rf"\b{_DOCUMENT}\b.{{0,40}}\bduoc gui\b|"
            r"\bchuc vu (?:cua )?nguoi k[yi]\b|"
            rf"{_PLAN}.{{0,60}}\b(?:ap dung|thuc hien|keo dai|co hieu luc|trien khai|danh)\b.{{0,30}}{_PERIOD}|"
            rf"\b(?:ap dung|thuc hien|keo dai|hieu luc|trien khai) (?:cua )?(?:ca )?{_PLAN}.{{0,20}}{_PERIOD}|"
            rf"\b(?:thoi gian|giai doan|pham vi) (?:thuc hien|ap dung|trien khai) (?:cua )?{_PLAN}|"
            rf"{_PLAN}.{{0,40}}\b(?:pham vi (?:nao|dau)|o dau|nhung dau|dia ban nao|pham vi (?:ap dung|thuc hien))\b"
        ),
    ),
    (Intent.GENERAL, re.compile(rf"{_MANNER}|{_FOR_WHOM}")),
    (Intent.COORDINATING, re.compile(r"\bphoi hop\b")),
    (
        Intent.BASIS,
        re.compile(
            r"\bcan cu (?:vao )?(?:nao|gi|dau|phap ly|van ban)|\bdua (?:tren|vao) (?:van ban|nghi quyet|quyet dinh|"
            r"co so|can cu|dau)|"
            r"\bcan cu ban hanh\b|\btheo (?:nghi quyet|quyet dinh|van ban|chi thi|chuong trinh|luat|"
            r"nghi dinh)[^?]{0,15}\bnao\b|"
            r"\bthuc hien (?:nghi quyet|chuong trinh|ket luan|chi thi|van ban|quyet dinh)[^?]{0,15}\bnao\b|"
            r"\b(?:quyet dinh|nghi quyet|nghi dinh|chi thi|van ban|ke hoach) (?:so )?(?:nao|may|bao nhieu)\b"
        ),
    ),
    (
        Intent.FUNDING,
        re.compile(
            r"\b(?:nguon )?kinh phi\b|\bnguon (?:von|tien|luc tai chinh)\b|\btien (?:o )?dau\b|\blay tien\b|"
            r"\bngan sach nao\b"
        ),
    ),
    (
        Intent.TASKS,
        re.compile(
            r"\b(?:(?:duoc|bi) giao|phai lam|can lam|se lam|lam|phu trach|chu tri)\s(?:lam )?(?:nhung |cac )?(?:gi|viec gi|"
            r"viec nao|(?:nhiem vu|noi dung|chi tieu|de an|du an|chuong trinh|cong viec) (?:gi|nao))\b(?!\s*(?:thi|de)\b)|\bduoc giao nhiem vu\b|"
            r"\bnhiem vu (?:gi|nao|cua)\b|\bco (?:nhung )?(?:trach )?nhiem (?:vu )?(?:gi|nao)\b|"
            r"^(?!.*\b(?:ai|so nao|co quan nao|don vi nao)\b).*\btrach nhiem (?:gi|cua)\b"
        ),
    ),
    (
        Intent.LEAD,
        re.compile(
            r"\bchu tri\b|\bdau moi\b|\b(?:ai|so nao|co quan nao|don vi nao|nganh nao|ban nao|noi nao|ben nao)\b|"
            r"\b(?:thuoc|la) trach nhiem cua\b|\bgiao cho\b|\bchiu trach nhiem\b|\bphu trach\b"
        ),
    ),
    (
        Intent.DEADLINE,
        re.compile(
            r"\bhan (?:chot|cuoi|nop|gui|bao cao|hoan thanh|den|la)|\bthoi han\b|^han\b|\bkhi nao\b|\bbao gio\b|"
            r"\bluc nao\b|"
            r"\bchung nao\b|\bbua nao\b|\b(?:ngay|thang|nam|quy) (?:nao|may)\b|\bthoi gian (?:nao|thuc hien|"
            r"hoan thanh|trien khai)|"
            r"\btruoc ngay\b|\bmay lan\b|\bdinh ky (?:nao|bao lau|may)\b|\bbao lau (?:\w+ )?(?:mot|1|phai|thi)\b|\bmoc thoi gian\b|\bgiai doan nao\b|\bthoi diem\b"
        ),
    ),
    (
        Intent.TARGET,
        re.compile(
            r"\bbao nhieu\b|\bmay (?:phan tram|%|nguoi|can|giuong|nam|tuoi|ho|bac)|\bphan tram\b|%"
        ),
    ),
    (Intent.GENERAL, re.compile(r"\bgi\b|(?<!muc )\bnao\b|\bnghia la\b")),
    (
        Intent.TARGET,
        re.compile(
            r"\bbao nhieu\b|\bmay (?:phan tram|%|nguoi|can|giuong|nam|tuoi|ho|bac)|\bphan tram\b|%|\bchi tieu\b|"
            r"\bmuc tieu\b|"
            r"\b(?:ty|ti) (?:le|suat|so)\b|^(?:so(?! (?:y te|xay dung|lao dong|giao duc|tai|nong nghiep|noi vu|"
            r"tu phap|cong thuong|ke hoach|thong tin|van hoa|khoa hoc|du lich|giao thong|ngoai vu)\b)|muc|dien tich|"
            r"tuoi tho|chi so|ty trong)\b|\bdat may\b|\bmay\b"
        ),
    ),
)  # fmt: skip

# Phrases that ask and carry no topic, as written with diacritics: without them «hỏi» and «hội», «bao nhiêu» and «bảo
# hiểm» could not be told apart. They are cut out before a question is held against a clause.
ASKING = re.compile(
    r"\b(?:bao nhiêu|bao giờ|khi nào|lúc nào|chừng nào|hồi nào|(?:cơ quan|đơn vị|sở|ngành|ban|bên|nơi|phòng|tỉnh|ai|"
    r"ngày|"
    r"tháng|năm|quý|giai đoạn|nguồn|văn bản|nghị quyết|quyết định|chương trình) nào|(?:cơ quan|đơn vị) (?=chủ trì|"
    r"phối hợp|"
    r"đầu mối)|chủ trì|phối hợp(?: với)?|làm đầu mối|đầu mối|chịu trách nhiệm|phụ trách|được giao|giao cho|nhiệm vụ gì|"
    r"làm (?:những )?gì|làm sao|lo(?= )|hạn chót|hạn cuối|thời hạn|hạn(?= )|thời gian nào|là gì|là ai|là mấy|ra sao|"
    r"như thế nào|thế nào|tỉ lệ|tỷ lệ|phần trăm|chỉ tiêu|mục tiêu|số lượng|ở đâu|từ đâu|ai|gì|nào|mấy|đâu|năm 20\d\d|"
    r"20\d\d|cho hỏi|xin hỏi|cho biết|vui lòng|giúp (?:tôi|mình|em|với)|nhé|nhỉ|vậy|à|ạ|hả|không\?)(?!\w)|[?!]",
    re.IGNORECASE,
)


def intent_of(folded: str, has_year: bool) -> Intent:
    """The kind of a question, from its folded text. A topic with a year and no question word asks for a target."""
    for intent, pattern in _PATTERNS:
        if pattern.search(folded):
            return intent
    return Intent.TARGET if has_year else Intent.GENERAL
