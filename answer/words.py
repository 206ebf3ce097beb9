"""A model of the corpus' own words: which diacritics a word takes, and how telling a word is."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import pairwise

from answer.corrections import Spans, touches
from answer.definitions import agreed, definitions
from answer.initials import Initials
from answer.lexicon import is_ordinary
from answer.spelling import Spelling
from index.counts import WordCounts, words_of
from ingest.clean import fold, nfc

_WORD = re.compile(r"[^\W\d_]+")

# How people ask; the plans themselves hold no questions.
_ASKING = (
    "ai chủ trì đơn vị nào cơ quan nào sở nào chủ trì ai phụ trách bao nhiêu phần trăm tỷ lệ bao nhiêu khi nào bao "
    "giờ hạn chót thời hạn gửi báo cáo trước ngày nào ai ký kế hoạch ai là người ký số kế hoạch ban hành ngày nào "
    "được giao nhiệm vụ gì làm gì ở đâu theo văn bản nào căn cứ vào đâu nguồn kinh phí lấy từ đâu phối hợp với ai "
    "năm nào mấy giường bệnh đến năm của tỉnh tại tỉnh ở tỉnh có bao nhiêu đạt bao nhiêu phải làm gì hạn nộp báo "
    "cáo hằng năm là gì nhà ở xã hội cho người nghèo chịu trách nhiệm hôm nay hiện nay năm nay ngày nay tháng này "
    "chậm nhất là ngày nào muộn nhất là khi nào gửi về đâu nộp về đâu"
)
_ASKING_WEIGHT = 5
UNKNOWN_WEIGHT = 4.0
# Folded words that join others and name nothing.
_JOINING = (
    "va voi cung cua la cac nhung mot thi ma o tai trong ngoai tren duoi cho de den tu ve theo do bi duoc co khong "
    "nay kia ay roi se da dang vi neu khi nen hay hoac"
)
# Folded words that name no topic either, though plans seldom print them: how people tell what they want to know.
_TELLING = (
    "ca deu cung van con nua chi dat phai can muon tinh du kien phan dau huong toi nham qua bang nhu vay the ra vao "
    "len xuong lai moi het tung viec chuyen vu cai minh tui chung bon ho no dua dung lay coi xem biet hoi neu ghi "
    "noi yeu cau quy dinh xac thuoc chiu nhan giup lo may nao sao gi ai bao nhieu thay xai chac khoang tam co it "
    "nhat hon nhe nhi a ha da thua xin nay nam ngay thang nhung"
)
FUNCTION_WORDS = frozenset(_JOINING.split())
LIGHT_WORDS = FUNCTION_WORDS | frozenset(_TELLING.split())


class CorpusWords:
    """What the words of texts tell. Built once for an index; read-only afterwards.

    `counts` are those of the texts, where they are known already.
    """

    def __init__(self, texts: Iterable[str], counts: WordCounts | None = None) -> None:
        if counts is None:
            texts = list(texts)
            counts = WordCounts.of(texts)
        asking = words_of(_ASKING) * _ASKING_WEIGHT
        self._unigrams = counts.words + Counter(asking)
        self._bigrams = counts.pairs + Counter(pairwise(asking))
        self._documents, self._size = counts.texts, counts.size
        self.definitions = agreed(pair for text in texts for pair in definitions(text))
        self._forms: defaultdict[str, list[str]] = defaultdict(list)
        for word in sorted(self._unigrams):
            self._forms[fold(word)].append(word)
        self._total = sum(self._unigrams.values())

    def weight(self, folded: str) -> float:
        """Inverse document frequency of a folded word, ln((N + 1) / (df + 0.5)), at least 0.1.

        A word that the corpus does not hold is mostly everyday talk; it weighs as much as a word of middling rarity.
        """
        if not self._documents[folded]:
            return UNKNOWN_WEIGHT
        return max(0.1, math.log((self._size + 1) / (self._documents[folded] + 0.5)))

    def prints(self, word: str) -> bool:
        """Whether the corpus prints a word with these diacritics."""
        return self._unigrams[word] > 0

    def knows(self, folded: str) -> bool:
        """Whether a folded word stands anywhere in the corpus."""
        return self._documents[folded] > 0

    @cached_property
    def spelling(self) -> Spelling:
        """The same words under one spelling, to mend typing errors by. Built when first asked for."""
        return Spelling(self._unigrams, self._bigrams)

    @cached_property
    def initials(self) -> Initials:
        """The same words by what they begin with, to read abbreviations by. Built when first asked for."""
        return Initials(self._unigrams, self._bigrams)

    def restore(self, text: str, fixed: Spans = (), bare: bool | None = None) -> str:
        """Put back missing diacritics but in the `fixed` stretches: every word where the text has none at all, else
        words that the corpus does not know as typed and their neighbours without marks. Viterbi over the forms that
        the corpus has, scored by word and adjacent-word counts."""
        text = nfc(text)
        bare = text == _plain(text) if bare is None else bare
        tokens = list(_WORD.finditer(text))
        free = [True] * len(tokens) if bare else self._free(text, tokens)
        choices = [
            self._choices(match.group().lower(), is_free and not touches(fixed, *match.span()))
            for match, is_free in zip(tokens, free, strict=True)
        ]
        best = self._best_path(choices)
        pieces, position = [], 0
        for at, (match, form) in enumerate(zip(tokens, best, strict=True)):
            if not bare and not self._joins(best, at):
                form = match.group().lower()  # «sân bay»: a word that the corpus lacks, not one without its marks
            pieces += [text[position : match.start()], like(match.group(), form)]
            position = match.end()
        return "".join([*pieces, text[position:]])

    def _free(self, text: str, tokens: Sequence[re.Match[str]]) -> list[bool]:
        """Which words of a text that has some marks may lack theirs. One that must («nhat») tells that the words next
        to it were typed without marks too, though by themselves they could be meant as they stand («ngay»)."""
        words = [match.group().lower() for match in tokens]
        free = [word.isascii() and not self._unigrams[word] and not is_ordinary(word) for word in words]
        first = 0
        for at in range(len(words) + 1):
            goes_on = 0 < at < len(words) and _follows(text, tokens[at - 1], tokens[at])
            if not goes_on or not words[at].isascii() or not words[at - 1].isascii():
                if any(self._must_lack(word) for word in words[first:at]):
                    free[first:at] = [True] * (at - first)
                first = at
        return free

    def _must_lack(self, word: str) -> bool:
        """Whether a word is none without marks, and the corpus has it with them."""
        return word.isascii() and not self._unigrams[word] and bool(self._forms.get(word)) and not is_ordinary(word)

    def _joins(self, words: list[str], at: int) -> bool:
        """Whether the corpus has a word beside its neighbour in the text."""
        return any(self._bigrams[pair] for pair in pairwise(words[max(0, at - 1) : at + 2]))

    def _choices(self, word: str, is_free: bool) -> list[str]:
        if not is_free or word != _plain(word):
            return [word]
        return self._forms.get(word, [word])

    def _best_path(self, choices: list[list[str]]) -> list[str]:
        paths: list[tuple[float, list[str]]] = [(0.0, [])]
        for options in choices:
            extended = []
            for option in options:
                scored = [(score + self._score(path, option), path) for score, path in paths]
                score, path = max(scored, key=lambda item: item[0])
                extended.append((score, [*path, option]))
            paths = extended
        return max(paths, key=lambda item: item[0])[1]

    def _score(self, path: list[str], word: str) -> float:
        """Interpolated log probability of a word behind another."""
        single = (self._unigrams[word] + 0.1) / (self._total + 1)
        if not path:
            return math.log(single)
        before = self._unigrams[path[-1]]
        pair = self._bigrams[path[-1], word] / before if before else 0.0
        return math.log(0.9 * pair + 0.1 * single)


def _follows(text: str, before: re.Match[str], word: re.Match[str]) -> bool:
    """Whether only spaces part two words, and the second is no name."""
    return not text[before.end() : word.start()].strip() and word.group()[:1].islower()


def _plain(text: str) -> str:
    """Without diacritics, case kept."""
    return "".join(c if c.isascii() else fold(c) for c in text)


def like(typed: str, form: str) -> str:
    """A form in the case that was typed."""
    if form == typed.lower():
        return typed  # «TTg»
    if typed.isupper() and len(typed) > 1:
        return form.upper()
    return form.capitalize() if typed[:1].isupper() else form
