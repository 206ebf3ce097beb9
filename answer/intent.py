"""What a question asks for."""

from __future__ import annotations

import re
from enum import StrEnum

from answer.cited import ASKED_DATE, ASKED_KIND, OTHER_PLAN
from ingest.clean import fold


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
_PLAN = r"\b(?:ke hoach|van ban)\b(?: (?:nay|so|thang|nam|cua|tinh|ubnd|\d\S*)){0,5}"
_PERIOD = (
    r"(?:tu nam nao|den nam nao|giai doan nao|(?:trong )?thoi gian nao|thoi ky nao|(?:may|cac|nhung) nam|bao lau|"
    r"bao nhieu nam)"
)
_DAY = r"(?:ngay|hom|bua|khi|luc|thang|nam|hoi)"
_RUNS = r"(?:ap dung|thuc hien|keo dai|co hieu luc|hieu luc|trien khai|danh)"
_SIGNED = "kyten"  # «ký», which without its mark is a term, a period or an art
# Which body: «sở nào», «cơ quan, đơn vị nào», not «trong các ngành nào».
_WHO = (
    r"\b(?:ai|(?<!con )(?<!chi )(?<!ty )(?:nhung )?so nao|(?:nhung )?so,? nganh nao|"
    r"(?:co quan|don vi|(?<!co )ban|noi|ben|to chuc|hoi|ngan hang) nao|"
    r"(?<!cac )(?<!nhung )(?<!trong )(?<!may )nganh nao)\b"
)
_QUANTITY = (
    r"\bbao nhieu\b",
    r"\bmay (?:phan tram|%|nguoi|can|giuong|nam|tuoi|ho|bac|lit|ty|trieu|nghin|ngan|tram|cho|suat|lop|truong|xa|huyen)",
    r"\bphan tram\b|%",
    r"\b(?:muc|co|khoang|bac|nguong|con so|ty le|ti le) nao\b|\b(?:len|toi|den|dat) (?:den |toi )?dau\b",
)

# The first intent of which a pattern matches decides. All are written for folded text, so that they hold without
# diacritics.
_RULES: tuple[tuple[Intent, tuple[str, ...]], ...] = (
    (Intent.BASIS, (rf"\b{ASKED_KIND}", r"\blam can cu\b", OTHER_PLAN, ASKED_DATE)),
    (
        Intent.METADATA,
        (
            rf"\b(?:ai|nguoi nao|lanh dao nao|ong nao|ba nao|nguoi|do ai|dung ten)\b.{{0,12}}\b{_SIGNED}\b",
            rf"\b{_DOCUMENT}\b.*\b{_SIGNED}\b|\b{_SIGNED}\b.*\b{_DOCUMENT}\b",
            rf"^(?:ban )?{_DOCUMENT}\b.*\b(?:ban hanh|phat hanh|de|ra|ra doi)\b.{{0,12}}"
            rf"\b{_DAY}\b.{{0,16}}\b(?:nao|may|bao nhieu)\b",
            rf"\bra (?:doi )?(?:vao )?(?:ngay|khi|hoi) (?:nao|may)\b|{_PLAN} de ngay\b",
            rf"\bngay\b[, ]*\bthang\b[, ]*(?:va )?nam\b.{{0,30}}\b(?:ghi|de|in|cua)\b.{{0,12}}{_DOCUMENT}",
            rf"{_PLAN}.{{0,20}}\b(?:co|duoc|phai|se) gui\b|{_PLAN}.{{0,12}}\bgui (?:cho|den|toi)\b",
            rf"\bten (?:day du |goi )?cua (?:ban )?{_DOCUMENT}\b",
            r"\b(?:nam|thoi diem) ban hanh (?:cua )?(?:ban )?ke hoach\b",
            rf"\bnhan (?:duoc )?(?:ban |van ban )?{_PLAN}",
            r"\bso (?:hieu|ky hieu|van ban|ke hoach(?! (?:va )?dau tu))\b",
            rf"^(?:\w+ ){{0,3}}?{_DOCUMENT}\b.{{0,80}}\b(?:so may|so bao nhieu|mang so|ten (?:la )?gi|ten day du)\b",
            r"\bban hanh (?:vao )?(?:ngay|khi|luc|nam|thang|hoi) ?(?:nao|may)?|\bngay (?:thang )?ban hanh\b",
            r"\bban hanh (?:bao gio|tu bao gio)\b|\bnoi nhan\b|\bgui (?:cho )?nhung noi nao\b",
            rf"\b{_DOCUMENT}\b.{{0,40}}\bduoc gui\b|\bmuc\W+luu\b|{_PLAN}.{{0,30}}\b(?:duoc )?luu (?:o|tai|vao)\b",
            rf"\bluu (?:o|tai|vao)\b.{{0,30}}{_PLAN}",
            rf"\bban luu\b|{_PLAN}.{{0,40}}\b(?:cat|luu|giu|de)\b.{{0,12}}\b(?:o|tai|trong)\b.{{0,20}}"
            r"\b(?:dau|(?:phong|bo phan|noi|cho)\b.{0,10}\bnao)\b",
            rf"\b(?:soan|du thao|(?<!chuong )trinh)\b.{{0,60}}\b(?:ra|ban hanh|ky)\b.{{0,40}}{_PLAN}",
            rf"{_PLAN}.{{0,40}}\b(?:ai|nao)\b.{{0,20}}\b(?:soan|du thao|(?<!chuong )trinh)\b",
            rf"{_PLAN}.{{0,60}}\b(?:do|cua) (?:co quan|ai|noi|cap|don vi)\b.{{0,10}}\bban hanh\b",
            rf"\b(?:co quan|ai|noi|cap|don vi)\b(?: nao)?.{{0,12}}\bban hanh (?:ra )?{_PLAN}",
            rf"^(?:ban |cai )?{_DOCUMENT}\b.{{0,80}}\b(?:co|ra|de) tu (?:ngay|nam|thang|khi|bao)\b",
            rf"\bky hieu (?:cua )?{_DOCUMENT}|\b(?:trich yeu|tieu de) (?:cua )?(?:ban )?{_DOCUMENT}",
            rf"^(?!.*\btam nhin\b).*{_PLAN}.{{0,60}}\b{_RUNS}\b.{{0,30}}{_PERIOD}|"
            rf"\b{_RUNS} (?:cua )?(?:ca )?{_PLAN}.{{0,20}}{_PERIOD}",
            rf"\b(?:thoi gian|giai doan|pham vi) {_RUNS} (?:cua )?{_PLAN}",
            rf"{_PLAN}.{{0,40}}\b(?:pham vi (?:nao|dau)|o dau|nhung dau|dia ban nao|pham vi {_RUNS})\b",
        ),
    ),
    (
        Intent.TASKS,  # «Sở … phối hợp những việc gì?»
        (r"\bphoi hop\b.{0,20}\b(?:viec|nhiem vu|chi tieu|noi dung|de an) (?:gi|nao)\b",),
    ),
    (Intent.GENERAL, (r"\blam gi\b.*\bma\b.*\bphoi hop\b",)),
    (Intent.COORDINATING, (
        r"\b(?:cung|chung) voi (?:ai|(?:\w+ )?(?:co quan|don vi|so|nganh|ban|ben|to chuc)[^?,]{0,18}\bnao)\b",
        r"\bphu voi\b",
        r"\bphoi hop\b|\bbat tay\b(?! (?:vao |ngay )?(?:lam|thuc hien|trien khai|xay)\b)|"
        r"\bchung tay\b|\bsat canh\b|\bcung (?:lam|thuc hien) voi\b|\blam chung\b",
        r"\bai (?:cung|phu)\b|\bcung lam\b",
        rf"^cung (?:so|ban|co quan|cong an|uy ban|hoi|ngan hang|bao hiem)\b.{{0,120}}{_WHO}",
        r"\b(?:ru|keo|moi|huy dong)\b.{0,30}\b(?:ai|nao)\b cung\b",
    )),
    (
        Intent.GENERAL,
        (
            # «… thì xử lý thế nào?»: how, whoever else the question names
            r"(?<!tan suat )\b(?:(?:ra|lam|xu(?: ly)?|tinh|(?:hieu )?la) sao|(?:nhu )?the nao|(?:bang )?cach nao)"
            r"(?: (?:vay|the|a|nhi|day))?$",
            # «ưu tiên những ai», «đối tượng nào»: people that something is done for, not who does it
            r"\bnhung ai\b(?! (?:chu tri|phu trach|lam))|(?<!giao )\bcho (?:nhung )?ai\b|"
            r"\b(?:ho tro|giup|uu tien|gom) ai\b",
            r"(?<!giao )(?<!cho )\bai (?:cung |se |deu )*duoc (?!(?:giao|phan|uy|chi dinh|cu)\b)|"
            r"\bnham (?:nhat |nhieu nhat |truoc het |den |toi |vao |vo |la )*(?:nha )?ai\b|\bvai tro cua ai\b|"
            r"\bnhom (?:nguoi |doi tuong )?nao\b|\btruoc ai\b|\b(?:o|tai) (?:nhung |cac )?noi nao\b|"
            r"(?<!trach nhiem )(?<!nhiem vu )(?<!viec )(?<!vu )(?<!chu tri )\bcua ai\b|"
            r"\bdoi tuong nao\b|\bgiua nhung\b|\bai la (?:trung tam|chu the|doi tuong)\b|\bai cung\b",
        ),
    ),
    (
        Intent.BASIS,
        (
            r"\bcan cu (?:vao )?(?:nao|gi|dau|phap ly|van ban)|\bcan cu ban hanh\b",
            r"\bdua (?:tren|vao) (?:van ban|nghi quyet|quyet dinh|co so|can cu|dau)",
            r"\btheo (?:nghi quyet|quyet dinh|van ban|chi thi|chuong trinh|luat|nghi dinh)[^?]{0,15}\bnao\b",
            r"\bthuc hien (?:nghi quyet|chuong trinh|ket luan|chi thi|van ban|quyet dinh)[^?]{0,15}\bnao\b",
            r"\b(?:quyet dinh|nghi quyet|nghi dinh|chi thi|van ban|ke hoach) (?:so )?(?:nao|may|bao nhieu)\b",
        ),
    ),
    (Intent.LEAD, (r"^(?:ten )?(?:co quan|don vi|so|nganh) (?:chu tri|dau moi|phu trach|chiu trach nhiem)\b",
                   rf"{_WHO}.{{0,40}}\b(?:chu tri|dau moi|chiu trach nhiem|phu trach|tham muu|can doi|bo tri)\b",
                   rf"\bgiao cho {_WHO}")),
    (
        Intent.FUNDING,
        (
            r"\b(?:nguon )?kinh phi\b|\bnguon (?:von|tien|lucx tai chinh|nao)\b|\btien (?:o )?dau\b|\blay tien\b",
            r"\bngan sach nao\b",
        ),
    ),
    (
        Intent.TASKS,
        (
            r"\b(?:(?:duoc|bi) giao|phai lam|can lam|se lam|lam|phu trach|chu tri) (?:lam )?(?:nhung |cac )?"
            r"(?:gi|viec gi|viec nao|(?:nhiem vu|noi dung|chi tieu|de an|du an|chuong trinh|cong viec) (?:gi|nao))\b"
            r"(?! *(?:thi|de)\b)",
            r"\bduoc (?:phan|giao|phan cong)\b.{0,20}\b(?:viec|nhiem vu) (?:gi|nao)\b|\bduoc giao nhiem vu\b",
            r"\bnhiem vu (?:gi|nao|cua)\b|\bco (?:nhung )?(?:trach )?nhiem (?:vu )?(?:gi|nao)\b",
            r"^(?!.*\b(?:ai|so nao|co quan nao|don vi nao)\b).*\btrach nhiem (?:gi|cua)\b",
        ),
    ),
    (
        Intent.LEAD,
        (
            rf"\bchu tri\b|\bdau moi\b|{_WHO}",
            r"\b(?:cho|dau) nao\b.{0,15}\blo\b",
            r"\b(?:thuoc|la) trach nhiem cua\b|\bgiao cho\b|\bchiu trach nhiem\b|\bphu trach\b",
        ),
    ),
    (
        Intent.DEADLINE,
        (
            r"\bhan (?:chot|cuoi|nop|gui|bao cao|hoan thanh|den|la)|\bthoi han\b|^han\b|\btruoc ngay\b",
            r"\b(?:khi|luc|chung|bua|hoi) nao\b|\bbao gio\b|\b(?:ngay|thang|nam|quy) (?:nao|may)\b",
            r"\bthoi gian (?:nao|thuc hien|hoan thanh|trien khai)|\bmoc thoi gian\b|\bgiai doan nao\b|\bthoi diem\b",
            r"^thoi gian\b.{0,90}\b(?:the nao|ra sao)$|\bmoc nao\b|\bbao lau (?:\w+ ){0,3}(?:mot|1) lan\b",
            r"\bmay lan\b|\btan suat\b|\b(?:dinh|chu) ky (?:nao|bao lau|may)\b|\bmay lau (?:mot|1)\b",
            r"\bbao lau (?:\w+ )?(?:mot|1|phai|thi)\b",
        ),
    ),
    (Intent.TARGET, _QUANTITY),
    (Intent.GENERAL, (r"\bgi\b|\bnao\b|\bnghia la\b",)),
    (
        Intent.TARGET,
        (
            r"\bchi tieu\b|\bmuc tieu\b|\b(?:ty|ti) (?:le|suat|so)\b|\bdat may\b|\bmay\b",
            r"^(?:muc|dien tich|tuoi tho|chi so|ty trong)\b",
            r"^so(?! (?:y te|xay dung|lao dong|giao duc|tai|nong nghiep|noi vu|tu phap|cong thuong|ke hoach|thong tin|"
            r"van hoa|khoa hoc|du lich|giao thong|ngoai vu)\b)\b",
        ),
    ),
)  # fmt: skip
_SIGNING = re.compile(r"\b(?:ký|kí)\b(?! (?:kết|hợp|túc|sinh|gửi|hiệu))", re.IGNORECASE)
_NAME = 14  # words that a thing's name may have
_ALIKE = re.compile(r"\b(?:quỹ|lực)(?= )", re.IGNORECASE)  # «loại quỹ nào», «nguồn lực nào»: no «quý», no «lúc»
# «mấy huyện … được làm gì»: several, where something else is asked
_SEVERAL = re.compile(r"\bmay (?=[a-z])(?!phan\b)")
_ASKS_BESIDE = re.compile(r"\bmay (?=[a-z])(?!phan\b).{6,}\b(?:gi|nao|ra sao|the nao|kieu gi|toi dau|ai)\b")
_PATTERNS = tuple((intent, re.compile("|".join(rules))) for intent, rules in _RULES)

# Phrases that ask and carry no topic, as written with diacritics: without them «hỏi» and «hội», «bao nhiêu» and «bảo
# hiểm» could not be told apart. They are cut out before a question is held against a clause.
ASKING = re.compile(
    r"\b(?:bao nhiêu|bao giờ|khi nào|lúc nào|chừng nào|hồi nào|(?:cơ quan|đơn vị|sở|ngành|ban|bên|nơi|phòng|tỉnh|ai|"
    r"ngày|"
    r"tháng|năm|quý|giai đoạn|nguồn|văn bản|nghị quyết|quyết định|chương trình) nào|(?:cơ quan|đơn vị) (?=chủ trì|"
    r"phối hợp|"
    r"đầu mối)|chủ trì|phối hợp(?: với)?|làm đầu mối|đầu mối|chịu trách nhiệm|phụ trách|được giao|giao cho|nhiệm vụ gì|"
    r"làm (?:những )?gì|làm sao|lo(?= )|hạn chót|hạn cuối|thời hạn|hạn(?= )|thời gian nào|là gì|là ai|là mấy|ra sao|"
    r"như thế nào|thế nào|tỉ lệ|tỷ lệ|phần trăm|chỉ tiêu|mục tiêu|số lượng|ở đâu|từ đâu|ai|gì|nào|mấy|đâu|"
    r"(?:cả |trong )?(?:giai đoạn|thời kỳ) 20\d\d ?[-–] ?20\d\d|năm 20\d\d|20\d\d|"
    r"cho hỏi|xin hỏi|xin cho biết|cho biết|tham mưu|vui lòng|"
    r"giúp (?:tôi|mình|em|với)|nhé|nhỉ|vậy|à|ạ|hả|không\?)(?!\w)|[?!]",
    re.IGNORECASE,
)


def intent_of(question: str, has_year: bool) -> Intent:
    """The kind of a question with its diacritics. A topic with a year and no question word asks for a target."""
    found = _asked_intent(question)
    return found or (Intent.TARGET if has_year else Intent.GENERAL)


def names_only(question: str) -> bool:
    """Whether a question only names a thing («tuổi thọ người cao tuổi») and asks nothing of it."""
    return _asked_intent(question) is None and len(question.split()) <= _NAME


def _asked_intent(question: str) -> Intent | None:
    told = _SIGNING.sub(_SIGNED, _ALIKE.sub(lambda found: found[0] + "x", question))
    folded = fold(told).strip(" ?.!")
    if _ASKS_BESIDE.search(folded):
        folded = _SEVERAL.sub("cac ", folded)
    return next((intent for intent, pattern in _PATTERNS if pattern.search(folded)), None)
