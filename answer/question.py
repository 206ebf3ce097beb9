"""Question understanding: text, kind, provinces, agencies, year, document, and the words that carry the topic."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise

from answer.asked import ANYTHING, Asked, asked_of
from answer.cited import asked_issuer, asked_kind
from answer.intent import ASKING, Intent, intent_of
from answer.words import CorpusWords
from index.text import normalise
from ingest.agencies import find_agencies
from ingest.clean import fold, nfc
from ingest.provinces import find_provinces

MAX_QUESTION = 2_000  # characters that are read of a question
_NUMBER = re.compile(
    r"\b(\d{1,20})\s*/\s*(?:kh|qd|nq|ct)\b|"
    r"(?<!theo )(?<!tai )(?<!hien )(?<!cu )(?<!vao )"  # «theo quyết định 897»: cited, not asked
    r"\b(?:ke hoach|van ban|quyet dinh)\s+(?:so\s+)?(\d{1,20})\b(?!\s*[/%])"
)
# «143/KH-UBND», «31-CTr/TU»: the letters belong to the number.
_DOCUMENT_NUMBER = re.compile(r"\d+(?:/\d{4})?\s?[-/]\s?[A-Za-zĐđ][\w&/-]*")
# «ở tỉnh», «tại thành phố»: what only leads up to a province's name
_LEADS_UP = re.compile(
    r"(?:(?<!\w)(?:ở|o|tại|tai|của|cua)\s+)?(?:(?<!\w)(?:tỉnh|tinh|thành phố|thanh pho|tp\.?)\s*)?$", re.IGNORECASE
)
_TOKEN = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Understood:
    """What was read from a question. `terms` are its folded topic words in order, `pairs` adjacent words of its topic;
    `topic` is the question without provinces, `number` a document's number, `cited_kind` and `cited_issuer` tell the
    document that is asked for (`answer.cited`), `asked` the form of the answer."""

    text: str
    intent: Intent
    provinces: tuple[str, ...]
    agencies: tuple[str, ...]
    year: int | None
    number: str | None
    terms: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    topic: str
    notes: tuple[str, ...]
    cited_kind: str | None = None
    cited_issuer: str = ""
    asked: Asked = ANYTHING


def understand(question: str, words: CorpusWords) -> Understood:
    """Read a question in any spelling. Never fails: what is not recognised is left as typed."""
    typed = re.sub(r"\s+", " ", nfc(question)[:MAX_QUESTION]).strip()
    provinces = find_provinces(typed)
    topic = _without(typed, [(start, end) for _, start, end in provinces])
    expanded, notes = expand(topic)
    restored = words.restore(expanded)
    if restored != expanded:
        notes.append(f"thêm dấu: «{restored.strip()}»")
    folded = fold(restored)
    asked = asked_of(restored)
    intent = intent_of(folded.strip(" ?.!"), bool(asked.years))
    names = tuple(dict.fromkeys(name for name, _, _ in provinces))
    number = _NUMBER.search(fold(expanded))
    return Understood(
        text=_with_provinces(restored, names),
        intent=intent,
        provinces=names,
        agencies=tuple(dict.fromkeys(span.name for span in find_agencies(restored))),
        year=asked.year,
        number=(number[1] or number[2]) if number else None,
        terms=_terms(restored),
        pairs=_pairs(restored),
        topic=re.sub(r"\s+", " ", restored).strip(" ?.!,"),
        notes=tuple(notes),
        cited_kind=asked_kind(restored),
        cited_issuer=asked_issuer(restored),
        asked=asked,
    )


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    """The text without the provinces it names and the words that only lead up to them («ở tỉnh …»)."""
    for start, end in sorted(spans, reverse=True):
        before = _LEADS_UP.sub("", text[:start])
        text = f"{before.rstrip()} {text[end:].lstrip()}"
    return text.strip()


def _with_provinces(topic: str, provinces: tuple[str, ...]) -> str:
    topic = re.sub(r"\s+", " ", topic).strip()
    return f"{topic} ({', '.join(provinces)})" if provinces else topic


@cache
def _abbreviations() -> tuple[tuple[re.Pattern[str], str], ...]:
    text = resources.files("answer").joinpath("data/abbreviations.toml").read_text("utf-8")
    table = tomllib.loads(text)["abbreviations"]
    ordered = sorted(table.items(), key=lambda item: (-len(item[0]), item[0]))
    return tuple((_spelled(short), long) for short, long in ordered)


def _spelled(short: str) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)" + r"[-&.]?".join(fold(short)) + r"(?!\w)")


def expand(text: str) -> tuple[str, list[str]]:
    """Write abbreviations out. Returns the text and a note (Vietnamese) for each that was expanded."""
    notes: list[str] = []
    for pattern, long in _abbreviations():
        fixed = [number.span() for number in _DOCUMENT_NUMBER.finditer(text)]
        for match in reversed(list(pattern.finditer(fold(text)))):
            if any(start <= match.start() < end for start, end in fixed):
                continue
            notes.append(f"{text[match.start() : match.end()]} → {long}")
            text = text[: match.start()] + long + text[match.end() :]
    return text, notes


def topic_words(restored: str) -> list[list[str]]:
    """Words of the topic, normalised, in runs between the phrases that only ask."""
    runs = [_TOKEN.findall(normalise(part)) for part in ASKING.split(restored)]
    return [run for run in runs if run]


def _terms(restored: str) -> tuple[str, ...]:
    return tuple(fold(word) for run in topic_words(restored) for word in run)


def _pairs(restored: str) -> tuple[tuple[str, str], ...]:
    """Adjacent words of the topic: «nhà ở», «ở xã», «xã hội»; a phrase that only asks breaks the chain."""
    return tuple((fold(a), fold(b)) for run in topic_words(restored) for a, b in pairwise(run))
