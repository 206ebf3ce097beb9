"""Question understanding: text, kind, provinces, agencies, year, document, and the words that carry the topic."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from answer.abbreviations import DOCUMENT_NUMBER, expand
from answer.across import without_frame
from answer.asked import ANYTHING, Asked, asked_of
from answer.cited import NO_DOCUMENT, CitedAsked, cited_asked
from answer.corrections import Correction, fixed_spans, notes_of, restored_runs
from answer.intent import ASKING, Intent, intent_of, names_only
from answer.typos import mend
from answer.validity import StandingAsked, standing_asked
from answer.words import CorpusWords
from index.text import spelled_words
from ingest.agencies import find_agencies
from ingest.clean import fold, nfc
from ingest.provinces import find_provinces

MAX_QUESTION = 1_000  # characters that are read of a question
_NUMBER = re.compile(
    r"\b(\d{1,20})\s*/\s*kh\b|"
    r"(?<!theo )(?<!tai )(?<!hien )(?<!cu )(?<!vao )"  # «theo quyết định 897»: cited, not asked
    r"\b(?:ke hoach|van ban|quyet dinh)\s+(?:so\s+)?(\d{1,20})\b(?!\s*[-/%])"
)
# «ở tỉnh», «tại thành phố»: what only leads up to a province's name
_LEADS_UP = re.compile(
    r"(?:(?<!\w)(?:ở|o|tại|tai|của|cua|giữa|giua)\s+)?(?:(?<!\w)(?:tỉnh|tinh|thành phố|thanh pho|tp\.?)\s*)?$",
    re.IGNORECASE,
)
_AND = re.compile(r"[\s,;]*(?:và|va|với|voi|hay|hoặc|hoac|so với|so voi)?\s*(?:(?:tỉnh|tinh|tp\.?)\s*)?", re.IGNORECASE)
# «theo kế hoạch số 54/KH-UBND»: which plan is asked, nothing of what is asked of it
_MENTION = (
    r"(?:(?<!\w)(?:theo|trong|của|tại|ở)\s+)?(?:(?<!\w)(?:bản|cái)\s+)?(?<!\w)(?:kế hoạch|văn bản)\s+(?:số\s+)?"
    r"{number}(?:\s*/\s*kh(?:\s*-\s*ubnd|\s*-\s*ủy ban nhân dân)?)?(?!\w)"
)
_THE_PLAN = re.compile(
    r"(?<!\w)(?:(?:theo|trong|của)\s+)(?:bản |cái )?kế hoạch(?: này| đó| ấy| trên| ở trên| của tỉnh)?"
    r"(?=\s*(?:$|[,.?:;]|là\b|thì\b))|"
    r"(?<!\w)(?:theo |trong |của )?(?:bản |cái )?kế hoạch (?:này|đó|ấy)(?!\w)",
    re.IGNORECASE,
)
# «gửi báo cáo về Sở …», «nộp cho Sở …»
_SENT_TO = re.compile(r"\b(?:gui|nop|bao cao)\b(?:(?!\bphoi hop\b)[^,;.?]){0,60}?\b(?:cho|ve|len|toi|den|gui|qua)\s+$")


@dataclass(frozen=True, slots=True)
class Understood:
    """What was read from a question.

    `terms` are its folded topic words in order; `topic` is the question without provinces, `number` a document's
    number, `cited` tells the document beside it that is asked for, `asked` the form of the answer, `recipients` the
    agencies that something is sent to, `bare` whether it was typed without diacritics, `named` whether it only names a
    thing. `standing` is asked of a document itself. `reorganised` tells of former names that are looked for too,
    `narrowed` that of very many plans only some are asked.
    """

    text: str
    intent: Intent
    provinces: tuple[str, ...]
    agencies: tuple[str, ...]
    year: int | None
    number: str | None
    terms: tuple[str, ...]
    topic: str
    corrections: tuple[Correction, ...] = ()
    cited: CitedAsked = NO_DOCUMENT
    asked: Asked = ANYTHING
    recipients: tuple[str, ...] = ()
    bare: bool = False
    named: bool = False
    standing: StandingAsked | None = None
    reorganised: tuple[str, ...] = ()
    narrowed: str = ""

    @property
    def notes(self) -> tuple[str, ...]:
        """What was read otherwise than typed, and what is looked for besides, for the user (Vietnamese)."""
        return (*notes_of(self.corrections), *self.reorganised, *filter(None, [self.narrowed]))


def understand(question: str, words: CorpusWords, keep: frozenset[str] = frozenset()) -> Understood:
    """Read a question in any spelling. Never fails: what is not recognised is left as typed.

    Args:
        keep: what is to be left as typed: words, or `Correction.typed` of a correction that is not wanted.
    """
    typed = _one_line(question)
    provinces = find_provinces(typed)
    topic = without_frame(_without(typed, [(start, end) for _, start, end in provinces]))
    expanded, corrections = expand(topic, words.definitions, keep)
    expanded, guessed = words.initials.expand(expanded, _untouchable(expanded, keep))
    corrections += guessed
    mended = mend(expanded, words.spelling, _untouchable(expanded, keep), topic.isascii())
    restored = words.restore(mended.text, fixed_spans(mended.text, keep), mended.bare)
    folded = fold(restored)
    asked = asked_of(restored)
    intent = intent_of(restored, bool(asked.years))
    names = tuple(dict.fromkeys(name for name, _, _ in provinces))
    spans = find_agencies(restored)
    named = _NUMBER.search(folded)
    number = (named[1] or named[2]) if named else None
    cited = cited_asked(restored, number)
    if cited.kind:
        intent = Intent.BASIS
    elif asked.sent and intent is Intent.GENERAL:
        intent = Intent.LEAD  # «nộp báo cáo về đâu» asks for an agency too
    if number and cited.kind not in ("", "ke hoach") and re.match(rf"{number}(?!\d)", cited.number):
        number = None  # «quyết định 897 ký ngày nào»: no plan
    standing = standing_asked(restored) or standing_asked(typed)
    if standing is not None:
        intent, cited = Intent.METADATA, NO_DOCUMENT
    return Understood(
        text=_with_provinces(restored, names),
        intent=intent,
        provinces=names,
        agencies=tuple(dict.fromkeys(span.name for span in spans)),
        recipients=tuple(span.name for span in spans if _SENT_TO.search(folded[: span.start])),
        year=asked.year,
        number=number,
        terms=_terms(restored),
        topic=_tidy(restored) if intent is Intent.METADATA else _without_plan(restored, number),
        corrections=(*corrections, *mended.corrections, *restored_runs(mended.typos_only, restored)),
        cited=cited,
        asked=asked,
        bare=mended.bare,
        named=intent is Intent.GENERAL and names_only(restored),
        standing=standing,
    )


def renamed_agency(question: Understood, name: str, other: str) -> Understood:
    """The question about another agency in place of the one that it names."""
    topic = question.topic
    for span in reversed(find_agencies(topic)):
        if span.name == name:
            topic = f"{topic[: span.start]}{other}{topic[span.end :]}"
    return replace(
        question,
        topic=topic,
        terms=_terms(topic),
        agencies=tuple(dict.fromkeys(other if agency == name else agency for agency in question.agencies)),
        recipients=tuple(other if agency == name else agency for agency in question.recipients),
    )


def without_provinces(question: str) -> str:
    """The question as typed, less the provinces it names: the same asked of all plans."""
    typed = _one_line(question)
    text = _without(typed, [(start, end) for _, start, end in find_provinces(typed)])
    return re.sub(r"\s+(?=[?.!,;]|$)", "", text).lstrip(" ,;:")


def _one_line(question: str) -> str:
    return re.sub(r"\s+", " ", nfc(question)[:MAX_QUESTION]).strip()


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    """The text without the provinces it names and the words that only lead up to them («ở tỉnh …»)."""
    for start, end in reversed(_runs(text, spans)):
        before = _LEADS_UP.sub("", text[:start])
        text = f"{before.rstrip()} {text[end:].lstrip()}"
    return text.strip()


def _runs(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, those of one enumeration («Đồng Nai, An Giang và tỉnh Cà Mau») as one."""
    runs: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if runs and _AND.fullmatch(text[runs[-1][1] : start]):
            start = runs.pop()[0]
        runs.append((start, end))
    return runs


def _with_provinces(topic: str, provinces: tuple[str, ...]) -> str:
    topic = re.sub(r"\s+", " ", topic).strip()
    return f"{topic} ({', '.join(provinces)})" if provinces else topic


def _without_plan(text: str, number: str | None) -> str:
    """The text without the mention of the plan that is asked, by its number or as «kế hoạch này»."""
    if number:
        text = re.sub(_MENTION.format(number=number), " ", text, flags=re.IGNORECASE)
    return _tidy(_THE_PLAN.sub(" ", text))


def _tidy(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip(" ?.!,:;")


def _untouchable(text: str, keep: frozenset[str]) -> list[tuple[int, int]]:
    """What holds no typing errors to mend: names of agencies, numbers of documents, and what the user keeps."""
    agencies = [(span.start, span.end) for span in find_agencies(text)]
    return [*agencies, *(number.span() for number in DOCUMENT_NUMBER.finditer(text)), *fixed_spans(text, keep)]


@lru_cache(maxsize=16)  # asked for several times of one question
def topic_words(restored: str) -> tuple[tuple[str, ...], ...]:
    """Words of the topic, normalised, in runs between the phrases that only ask."""
    runs = [tuple(spelled_words(part)) for part in ASKING.split(restored)]
    return tuple(run for run in runs if run)


def _terms(restored: str) -> tuple[str, ...]:
    return tuple(fold(word) for run in topic_words(restored) for word in run)
