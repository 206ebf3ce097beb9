"""Which earlier documents a plan says that it replaces or amends, in the words of its title or of a clause.

Only what a document does itself counts: in its title, or with «Kế hoạch này», «Quyết định này» as the subject. That a
decree amends another, or that a department is to propose an amendment, is content.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from ingest.cited import ANY_KIND, KIND, Numbered, first_numbered, listed, normalised, opening_number, same_issuer
from ingest.clean import fold
from ingest.model import Bond, Clause, ClauseKind, HeaderFact, Place, Rank, Relation

_REPLACE = r"(?:thay the|bai bo|huy bo)"
_VERB = rf"(?:{_REPLACE}|sua doi|bo sung|dieu chinh|chinh sua|dinh chinh)"
_VERBS = re.compile(rf"\b{_VERB}(?:(?:\s?[,;/]\s?|\s(?:va|hoac)\s){_VERB})*\b")
_ALL_REPLACE = re.compile(rf"{_REPLACE}(?:\W+(?:va\s)?{_REPLACE})*")
_THIS = rf"\b{KIND} nay\b"
# Of a document that is named behind these only a part is meant.
_PART = re.compile(
    r"\b(?:mot so|mot phan|noi dung|dieu|khoan|diem|muc|phu luc|bieu|chi tieu|nhiem vu|cum tu|phan|thoi gian|tien do|"
    r"kinh phi|lo trinh)\b"
)
# What may stand between a verb and the number of its object.
_ISSUED_WITH = re.compile(
    r"\b(?:ban hanh|phe duyet|thong qua|quy dinh|giao)\b[^,;]{0,60}?\b(?:theo|tai|boi)\s(?:cac\s)?$"
)
_OF_COMMITTEE = re.compile(rf"^\s(?:cho\s)?(?:cac\s)?{KIND} cua (?:ubnd|uy ban nhan dan)[^,;]{{0,40}}$")
_LISTED_BELOW = re.compile(rf"^\s(?:toan bo\s)?cac\s{KIND}\ssau(?: day)?\s?:\W*(?:\d{{1,2}}[.)]\s?|[a-z]\)\s?)?$")
_BY_ANOTHER = re.compile(r"\b(?:theo|can cu|trien khai|phu hop voi|voi|nhu|bang|boi)\s(?:cac\s)?$")
_CARRIES_OUT = re.compile(r"(?<!thoi gian )(?<!tien do )(?<!lo trinh )(?<!kinh phi )\bthuc hien\s(?:cac\s)?$")
_FAR = 250  # characters between verb and number
# What may stand between «Quyết định này» and its verb: «có hiệu lực kể từ ngày 01 tháng 5 năm 2025 và».
_GAP = re.compile(
    r"(?:[\s,/(]|\d|\b(?:co|hieu|luc|thi|hanh|ke|tu|ngay|ky|ban|va|duoc|de|nham|se|thang|nam|dong|thoi|thuc|hien|ap|"
    r"dung|gia|tri|bat|dau|chinh|thuc)\b)*"
)
_MARKER = r"(?:dieu \d+\s?[.:]|\d+(?:\.\d+)*[.)]?|[ivx]+\.|[a-z]\)|[-+•*])"
_OPENS = re.compile(
    rf"(?:^|;)\W*(?:{_MARKER}\s*)?(?:[^.;:]{{0,60}}:\s*)?(?:ke tu ngay[^,;]{{0,60}},\s*)?(?:nay\s)?(?:noi dung\s)?$"
)
_WITH_THIS = re.compile(rf"\bban hanh kem theo {KIND} nay\b")
_BY_THIS = re.compile(rf"\b(?:theo|thuc hien) {KIND} nay\s?(?:,|va|,\s?va)\s?(?={_REPLACE})")
_JOINED = re.compile(r"(?:[,;(]|\bva|\bde|\bnham|\bdong thoi)\s*$")
_PASSIVE = re.compile(r"\b(?:duoc|bi)\s$")
_CONDITION = re.compile(r"\b(?:neu|truong hop|khi co|khi can)\b")
_EXPIRED = re.compile(r"\b(?:het|cham dut|khong con)\s(?:toan bo\s)?hieu luc\b|\b(?:duoc|bi) bai bo\b")
_IN_FORCE = re.compile(rf"\bke tu ngay {KIND} nay\b(?:[^,;]{{0,40}}co hieu luc(?: thi hanh)?)?|{_THIS} co hieu luc")
_DONE_BY_THIS = re.compile(rf"\b(?:duoc|bi)\s(?P<verb>{_VERBS.pattern})\s(?:bang|boi)\s{KIND} nay\b")
_REST = re.compile(r"\bnoi dung (?:khac|con lai)\b")
_UNCHANGED = re.compile(r"\bgiu nguyen\b|\bkhong (?:thay doi|dieu chinh|sua doi|doi)\b")
_INSEPARABLE = re.compile(rf"{_THIS} la (?:mot )?(?:bo )?phan khong (?:the )?tach roi (?:cua|voi)(?=\s)")
_COMMITTEE = re.compile(
    rf"(?<!cua )\b(?:ubnd|uy ban nhan dan|hoi dong nhan dan|hdnd)\b[^,;:]{{0,40}}?\s(?:(?:thong nhat|quyet dinh)\s)?"
    rf"(?:ban hanh\s{KIND}\s)?(?={_VERB})"
)
_ISSUES = re.compile(rf"(?<!cua )\b(?:ubnd|uy ban nhan dan)\b[^,;:]{{0,40}}?\sban hanh\s{KIND}\b")
_SPEAKS = re.compile(rf"{_VERBS.pattern}|{_EXPIRED.pattern}|{_REST.pattern}|{_INSEPARABLE.pattern}")
_LONGEST = 4_000  # characters of a sentence or title; what is longer is no sentence
_MOST = 200  # relations of a document; whatever is longer is a list of something else
_AS_FOLLOWS = re.compile(r"\bnhu sau\b|\bsau day\b|:\s*$")
_SENTENCE_END = re.compile(
    r"(?<!\bTP)(?<!\bTX)(?<!\bĐiều \d)(?<!\bĐiều \d\d)(?<!^\d)(?<!^\d\d)(?<!^[IVX])\.\s+(?=[A-ZĐÀ-Ỹ])"
)
_TITLE = re.compile(
    rf"^\W*(?:trich yeu\s?:\s?)?(?:{KIND}\s(?:(?:so\s)?\d+/\S+\s(?:ngay \S+\s|nam \d{{4}}\s)?)?)?"
    rf"(?:(?:ve viec|v/v|ve)\s?:?\s)?(?:(?:ban hanh|phe duyet)\s)?(?:{KIND}\s)?$"
)
_ABOUT = re.compile(r"\bv/v\s|\bve viec\s")

_Said = tuple[Bond, Numbered, str, Place]  # what, of which, in which words, where


def relations_of(
    number: str, issued: date | None, kind: str, facts: Sequence[HeaderFact], clauses: Sequence[Clause]
) -> tuple[Relation, ...]:
    """The earlier documents that a document replaces or amends, in the order in which it tells of them, each once.

    Args:
        number: its own.
        issued: its own date.
        kind: «Kế hoạch», «Quyết định» …
        facts: of its header.
        clauses: all of them, in order.
    """
    found: list[Relation] = []
    for bond, earlier, quote, place in (*_of_title(facts), *_of_clauses(kind, clauses)):
        told = Relation(bond, earlier.number, earlier.issued, quote, place)
        if len(found) >= _MOST:
            break
        if _is_same(told, number, issued) or not same_issuer(number, earlier.number):
            continue
        at = next((n for n, known in enumerate(found) if _is_same(told, known.number, known.issued)), None)
        if at is None:
            found.append(told)
        else:
            found[at] = _stronger(found[at], told)
    return tuple(found)


def _is_same(told: Relation, number: str, issued: date | None) -> bool:
    """Whether it is of the document of this number; each year numbers begin anew."""
    is_dated = told.issued is not None and issued is not None
    return normalised(told.number) == normalised(number) and (not is_dated or told.issued == issued)


def _stronger(known: Relation, told: Relation) -> Relation:
    """Of two that are of one document: what replaces before what amends, what tells the date before what does not."""
    kept = told if (known.bond, told.bond) == (Bond.AMENDS, Bond.REPLACES) else known
    if kept is known and known.bond is told.bond and known.issued is None and told.issued:
        kept = told
    return replace(kept, issued=kept.issued or known.issued or told.issued)


def _of_title(facts: Sequence[HeaderFact]) -> Iterator[_Said]:
    """«Điều chỉnh, bổ sung Kế hoạch số …», «V/v thay thế …», «… năm 2025 (thay thế Kế hoạch số …)»."""
    for fact in facts:
        folded = fold(fact.text[:_LONGEST])
        if fact.field not in ("title", "metadata") and not re.search(r"\bv/v\b", folded):
            continue
        for verb in _VERBS.finditer(folded):
            before = folded[: verb.start()]
            behind = _ABOUT.split(before)[-1] if fact.field != "title" else before
            opens = _TITLE.match(before) or _TITLE.match(behind)
            beside = re.search(r"[,(-]\s?$", before) and _replaces(verb) and first_numbered(before) is None
            if opens or beside:
                yield from _done(fact.text, verb, fact.text, fact.place)


def _of_clauses(kind: str, clauses: Sequence[Clause]) -> Iterator[_Said]:
    for at, clause in enumerate(clauses):
        if clause.kind in (ClauseKind.HEADER, ClauseKind.ROW, ClauseKind.NOTE):
            continue
        for sentence in _SENTENCE_END.split(clause.text):
            folded = fold(sentence)
            if len(sentence) > _LONGEST or not _SPEAKS.search(folded):
                continue
            said = list(_of_sentence(sentence, folded, clause, kind))
            below = clauses[at + 1 :] if not said and folded.rstrip().endswith(":") else ()
            yield from said or _of_list_below(sentence, folded, clause, kind, below)


def _of_sentence(sentence: str, folded: str, clause: Clause, kind: str) -> Iterator[_Said]:
    for verb in _own_acts(folded, clause, kind):
        yield from _done(sentence, verb, sentence.strip(), clause.place)
    yield from _of_ended(sentence, folded, clause)
    if (part := _INSEPARABLE.search(folded)) and (earlier := _object(sentence, part.end())):
        yield Bond.AMENDS, earlier[0], sentence.strip(), clause.place
    if _REST.search(folded) and _UNCHANGED.search(folded) and (told := first_numbered(sentence)):
        yield Bond.AMENDS, told, sentence.strip(), clause.place


def _own_acts(folded: str, clause: Clause, kind: str) -> Iterator[re.Match[str]]:
    """The verbs of a sentence that tell what this document does."""
    if _CONDITION.search(folded):
        return
    acted = False
    for verb in _VERBS.finditer(folded):
        before = folded[: verb.start()]
        if _PASSIVE.search(before):
            acted = False
            continue
        acted = (acted and bool(_JOINED.search(before))) or _is_own(before, folded, verb, clause, kind)
        if acted:
            yield verb


def _is_own(before: str, folded: str, verb: re.Match[str], clause: Clause, kind: str) -> bool:
    """Whether this document is the subject of a verb, by what stands before it."""
    for this in re.finditer(_THIS, before):
        if _OPENS.search(before[: this.start()]) and _GAP.fullmatch(before[this.end() :]):
            return True
    if any(found.end() == verb.start() for found in _BY_THIS.finditer(folded)):
        return True
    if _WITH_THIS.search(before) and _JOINED.search(before) and _replaces(verb):
        return True
    is_article = bool(clause.section) and clause.section[-1].rank is Rank.ARTICLE
    if (
        is_article
        and kind in ("Quyết định", "Nghị quyết")
        and re.fullmatch(r"\W*(?:dieu \d+\s?[.:]\s?)?(?:nay\s)?", before)
    ):
        return True
    if clause.section or not _AS_FOLLOWS.search(folded):
        return False
    issues = _ISSUES.search(before)
    if issues and _JOINED.search(before) and _replaces(verb):
        return first_numbered(before[issues.end() :]) is None
    return any(found.end() == verb.start() for found in _COMMITTEE.finditer(folded))


def _done(text: str, verb: re.Match[str], quote: str, place: Place) -> Iterator[_Said]:
    """The objects of a verb: a document, or a list of them."""
    found = _object(text, verb.end())
    if found is not None:
        first, is_part = found
        bond = Bond.REPLACES if _replaces(verb) and not is_part else Bond.AMENDS
        for earlier in listed(text, first):
            yield bond, earlier, quote, place


def _object(text: str, start: int) -> tuple[Numbered, bool] | None:
    """The first document behind a verb where it is the verb's object, and whether only a part of it is."""
    first = first_numbered(text, start)
    if first is None or first.start - start > _FAR:
        return None
    between = fold(text[start : first.start])
    is_part = _PART.search(between) is not None
    if _ISSUED_WITH.search(between) or _OF_COMMITTEE.match(between) or _LISTED_BELOW.match(between):
        return first, is_part
    if re.search(ANY_KIND, between) or _BY_ANOTHER.search(between) or _CARRIES_OUT.search(between):
        return None
    return None if re.search(r"[.;]", between) else (first, is_part)


def _of_ended(sentence: str, folded: str, clause: Clause) -> Iterator[_Said]:
    """«Quyết định số … hết hiệu lực kể từ ngày Quyết định này có hiệu lực», «… được thay thế bởi Kế hoạch này»."""
    ended, force = _EXPIRED.search(folded), _IN_FORCE.search(folded)
    done = _DONE_BY_THIS.search(folded)
    if done:
        stop, bond = done.start(), Bond.REPLACES if _ALL_REPLACE.fullmatch(done["verb"]) else Bond.AMENDS
    elif ended and force:
        stop, bond = ended.start(), Bond.REPLACES
    else:
        return
    start = force.end() if force and force.end() <= stop else 0
    first = first_numbered(sentence[:stop], start)
    if first is None or re.search(rf"{ANY_KIND}|\bcan cu\b", folded[start : first.start].replace("cac van ban", "")):
        return
    if _PART.search(re.sub(rf"^\W*{_MARKER}", "", folded[start : first.start])):
        bond = Bond.AMENDS
    for earlier in listed(sentence[:stop], first):
        yield bond, earlier, sentence.strip(), clause.place


def _of_list_below(sentence: str, folded: str, clause: Clause, kind: str, below: Iterable[Clause]) -> Iterator[_Said]:
    """«Điều 2. Bãi bỏ các văn bản sau:», a document an item."""
    verbs = [v for v in _own_acts(folded, clause, kind) if _LISTED_BELOW.match(folded[v.end() :])]
    if not verbs:
        return
    bond = Bond.REPLACES if _replaces(verbs[0]) else Bond.AMENDS
    for item in below:
        earlier = opening_number(item.text)
        if earlier is None:
            return
        yield bond, earlier, item.text, item.place


def _replaces(verb: re.Match[str]) -> bool:
    return _ALL_REPLACE.fullmatch(verb.group()) is not None
